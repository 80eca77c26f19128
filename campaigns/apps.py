from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("Campaigns, pledges and letters")

    def ready(self) -> None:
        from campaigns.checks import keys_can_be_read

        checks.register(keys_can_be_read)
