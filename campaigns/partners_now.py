"""Who takes part in a campaign beside its own organisation, as its public pages say it."""

from campaigns.models import Campaign, Partnership
from contacts.clock import roughly_now
from contacts.lookups import looked_up


def partners_of(campaign: Campaign) -> list[Partnership]:
    """Partnerships in force with their organisations, by name; some seconds old where many ask."""
    return looked_up(("partners", campaign.pk), lambda: _in_force(campaign))


def _in_force(campaign: Campaign) -> list[Partnership]:
    in_force = Partnership.objects.in_force(roughly_now()).filter(campaign=campaign.pk)
    return list(in_force.select_related("organization").defer("terms").order_by("organization__name", "pk"))


def partner_called(campaign: Campaign, code: str) -> Partnership | None:
    """The partner in force whose source code this is."""
    return next((one for one in partners_of(campaign) if one.source_code == code), None)
