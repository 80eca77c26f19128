from django.apps import AppConfig
from django.db.models.signals import pre_save


class ConfigConfig(AppConfig):
    """Holds the commands and pages that belong to the installation, not to an organisation."""

    name = "config"

    def ready(self) -> None:
        from config.accounts import keep_no_address

        pre_save.connect(keep_no_address, sender="usersessions.UserSession")
