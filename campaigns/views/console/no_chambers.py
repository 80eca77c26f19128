"""What stands in the way of an organisation in whose country nobody is known that letters could go to."""

from dataclasses import dataclass

from campaigns.models import Campaign
from contacts.countries import countries_with_chambers
from contacts.models import Chamber, Organization


@dataclass(frozen=True)
class NoChambers:
    """The organisation's country, of which no chamber is known, and those of which there are; codes of two letters."""

    country: str
    known: list[str]

    @property
    def others(self) -> str:
        return ", ".join(self.known)


def no_chambers_of(organization: Organization, campaign: Campaign | None = None) -> NoChambers | None:
    """None while a rule has something to offer: a measure's own jurisdiction goes before the country."""
    measure = campaign.measure if campaign else None
    if measure and Chamber.objects.filter(jurisdiction=measure.jurisdiction_id, ended_on=None).exists():
        return None
    known = countries_with_chambers()
    return None if organization.country in known else NoChambers(organization.country, known)
