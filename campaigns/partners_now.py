"""Who takes part in a campaign beside its own organisation, as its public pages say it."""

from django.conf import settings
from django.core.cache import caches

from campaigns.models import Campaign, Partnership
from contacts.clock import roughly_now


def partners_of(campaign: Campaign) -> list[Partnership]:
    """Partnerships in force with their organisations, by name; some seconds old where many ask."""
    key = f"partners:{campaign.pk}"
    found: list[Partnership] | None = caches["lookups"].get(key)
    if found is None:
        in_force = Partnership.objects.in_force(roughly_now()).filter(campaign=campaign.pk)
        found = list(
            in_force.select_related("organization").defer("terms").order_by("organization__name", "pk")
        )
        caches["lookups"].set(key, found, settings.KEPT_SECONDS)
    return found


def partner_called(campaign: Campaign, code: str) -> Partnership | None:
    """The partner in force whose source code this is."""
    return next((one for one in partners_of(campaign) if one.source_code == code), None)
