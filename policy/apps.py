from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class PolicyConfig(AppConfig):
    name = "policy"
    verbose_name = _("Issues, measures and evidence")

    def ready(self) -> None:
        # Models can be imported from here on.
        from policy import search_sqlite

        pre_migrate.connect(search_sqlite.take_away, sender=self, dispatch_uid="policy search")
        post_migrate.connect(search_sqlite.keep, sender=self, dispatch_uid="policy search")
