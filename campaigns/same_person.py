"""Who is one person, and who another of their household: what is whose."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from campaigns.models import Campaign, Endorsement, Pledge, Registration
from contacts.addresses import name_key
from contacts.models import Organization, Supporter

_Row = TypeVar("_Row", bound=Model)


def household_key(campaign: Campaign, canonical: str, name: str, postal_code: str) -> str:
    """Empty for the first person at an address; the name for another of the same household and postal code."""
    if not campaign.allow_households:
        return ""
    first = Pledge.objects.filter(
        campaign=campaign, canonical_email=canonical, name_key="", is_test=campaign.is_test
    ).first()
    if first is None or name_key(first.name) == name_key(name) or first.postal_code != postal_code:
        return ""
    return name_key(name)


def registrations_of(
    organization: Organization, addresses: set[str], names: set[str]
) -> QuerySet[Registration]:
    """All registrations with an organisation by any of some canonical addresses of a person called one of `names`.

    Not those of another of the household: of whoever is known at the address by that name, and the person is not.
    """
    found = Registration.objects.filter(event__organization=organization, canonical_email__in=addresses)
    return _of_person(found, "name", organization, addresses, names)


def endorsements_of(
    organization: Organization, addresses: set[str], names: set[str]
) -> QuerySet[Endorsement]:
    """What somebody asked for in the name of organisations, found as registrations are."""
    found = Endorsement.objects.filter(campaign__organization=organization, canonical_email__in=addresses)
    return _of_person(found, "contact_name", organization, addresses, names)


def _of_person(
    found: QuerySet[_Row], called: str, organization: Organization, addresses: set[str], names: set[str]
) -> QuerySet[_Row]:
    """Of some rows with their canonical address and, in the field `called`, a name: without those of others."""
    pledges = Pledge.objects.filter(campaign__organization=organization, canonical_email__in=addresses)
    records = Supporter.objects.filter(organization=organization, canonical_email__in=addresses)
    known = [
        row
        for rows in (pledges, records)
        for row in rows.values_list("canonical_email", "name_key", "name").distinct()
    ]
    shared = {address for address, key, _name in known if key}
    mine = {name_key(name) for name in names}
    others = {(address, name_key(name)) for address, _key, name in known if address in shared}
    others = {(address, key) for address, key in others if key not in mine}
    if not others:
        return found
    rows = found.values_list("pk", "canonical_email", called)
    return found.exclude(pk__in=[pk for pk, address, name in rows if (address, name_key(name)) in others])
