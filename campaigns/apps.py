from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("Campaigns, pledges and letters")

    def ready(self) -> None:
        # Models can be imported from here on.
        from campaigns import tally_rows
        from campaigns.checks import keys_can_be_read

        checks.register(keys_can_be_read)
        pre_migrate.connect(tally_rows.take_away, sender=self, dispatch_uid="campaigns tallies")
        post_migrate.connect(tally_rows.keep, sender=self, dispatch_uid="campaigns tallies")
