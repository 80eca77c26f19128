from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class PolicyConfig(AppConfig):
    name = "policy"
    verbose_name = _("Issues, measures and evidence")

    def ready(self) -> None:
        # Models can be imported from here on.
        from policy import append_only, search_sqlite

        pre_migrate.connect(append_only.take_away, sender=self, dispatch_uid="policy append-only")
        post_migrate.connect(append_only.keep, sender=self, dispatch_uid="policy append-only")
        connection_created.connect(search_sqlite.add_function, dispatch_uid="policy search")
        pre_migrate.connect(search_sqlite.take_away, sender=self, dispatch_uid="policy search")
        post_migrate.connect(search_sqlite.keep, sender=self, dispatch_uid="policy search")
