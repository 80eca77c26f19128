"""Resources → a page of services as Open Referral's APIs give it (HSDS 3): what other directories take in.

The schemas: https://docs.openreferral.org/en/latest/hsds/schema_reference.html. What HSDS has no field for stands in
`attributes`, each with our own word for it as its label.
"""

from collections.abc import Sequence
from typing import Any
from uuid import uuid5

from contacts.models import Organization
from policy.languages import code_of, items
from policy.models import Resource
from policy.opening import MIDNIGHT

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
Json = dict[str, Any]


def page_of_services(organization: Organization, resources: Sequence[Resource]) -> Json:
    """All resources as one page; their hours are prefetched."""
    return {
        "total_items": len(resources),
        "total_pages": 1,
        "page_number": 1,
        "size": len(resources),
        "first_page": True,
        "last_page": True,
        "empty": not resources,
        "contents": [service(organization, resource) for resource in resources],
    }


def service(organization: Organization, resource: Resource) -> Json:
    """One resource as a service. Parts have ids made from its own, so that two exports are equal."""
    found: Json = {
        "id": resource.external_id or str(resource.pk),
        "name": resource.name,
        "description": resource.description,
        "url": resource.website,
        "status": "active" if resource.is_listed else "inactive",
        "fees_description": resource.cost_note,
        "eligibility_description": resource.eligibility,
        "assured_date": resource.verified_on.isoformat() if resource.verified_on else "",
        "organization": {
            "id": str(organization.pk),
            "name": organization.name,
            "description": organization.about or organization.name,
            "website": organization.website,
            "email": organization.email,
        },
        "phones": _phones(resource),
        "schedules": _schedules(resource),
        "languages": _languages(resource),
        "service_areas": _areas(resource),
        "service_at_locations": _locations(resource),
        "attributes": _attributes(resource),
    }
    return {name: value for name, value in found.items() if value not in ("", [])}


def _id(resource: Resource, *part: object) -> str:
    return str(uuid5(resource.pk, " ".join(map(str, part))))


def _phones(resource: Resource) -> list[Json]:
    numbers = [("voice", resource.phone), ("text", resource.text_number)]
    return [{"id": _id(resource, kind), "number": number, "type": kind} for kind, number in numbers if number]


def _schedules(resource: Resource) -> list[Json]:
    """One entry for all days with the same hours; times are on the resource's own clock."""
    days: dict[tuple[Any, Any], list[str]] = {}
    for span in resource.spans:
        days.setdefault((span.opens, span.closes), []).append(_DAYS[span.weekday])
    if resource.is_always_open:
        days[MIDNIGHT, MIDNIGHT] = list(_DAYS)
    found: list[Json] = [
        {
            "id": _id(resource, "schedule", opens, closes),
            "freq": "WEEKLY",
            "byday": ",".join(names),
            "opens_at": f"{opens:%H:%M}",
            "closes_at": f"{closes:%H:%M}",
        }
        for (opens, closes), names in days.items()
    ]
    if resource.hours and not found:
        found = [{"id": _id(resource, "schedule")}]
    if resource.hours:
        found[0]["description"] = resource.hours
    return found


def _languages(resource: Resource) -> list[Json]:
    found = []
    for name in items(resource.languages):
        code = code_of(name)
        entry = {"id": _id(resource, "language", name), "name": name}
        found.append({**entry, "code": code} if code else entry)
    return found


def _areas(resource: Resource) -> list[Json]:
    place = resource.division
    if place is None:
        return []
    return [{"id": _id(resource, "area"), "name": place.name, "extent": place.ocd_id, "extent_type": "text"}]


def _locations(resource: Resource) -> list[Json]:
    if not resource.address:
        return []
    country = resource.division.country if resource.division else resource.organization.country
    address = {
        "id": _id(resource, "address"),
        "address_1": resource.address,
        "city": "",
        "state_province": "",
        "postal_code": "",
        "country": country.upper(),
        "address_type": "physical",
    }
    location = {"id": _id(resource, "location"), "location_type": "physical", "addresses": [address]}
    return [{"id": _id(resource, "at location"), "location": location}]


def _attributes(resource: Resource) -> list[Json]:
    pairs = [
        ("kind", resource.kind),
        ("emergency", "yes" if resource.is_emergency else "no"),
        ("example", "yes" if resource.is_example else "no"),
        ("cost", resource.cost),
        ("time_zone", resource.time_zone),
        ("text_words", resource.text_words),
        ("chat", resource.chat),
        *(("audience", item) for item in items(resource.audience)),
    ]
    return [
        {"id": _id(resource, "attribute", label, value), "label": label, "value": value}
        for label, value in pairs
        if value
    ]
