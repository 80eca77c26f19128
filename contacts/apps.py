from django.apps import AppConfig
from django.db.models import CharField, UUIDField
from django.utils.translation import gettext_lazy as _

from contacts.among import Among


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = _("People, offices and places")

    def ready(self) -> None:
        CharField.register_lookup(Among)
        UUIDField.register_lookup(Among)
