"""Services as Open Referral publishes them (HSDS 3, JSON) → rows. Pure.

Taken are a list of services, a page of an API (`contents`), an organization with its services, or one service alone;
also one a line. The schemas: https://docs.openreferral.org/en/latest/hsds/schema_reference.html
"""

import io
import re
from collections.abc import Iterator
from datetime import date, time
from typing import Any

from django.utils.text import Truncator

from contacts.importers.rows import BadRow
from contacts.importers.values import BadValue, day, items, mapping, shown, text
from policy import languages
from policy.importers.json_items import items_of_file
from policy.importers.resource_rows import (
    ADDRESS,
    DESCRIPTION,
    ELIGIBILITY,
    KEY,
    NAME,
    NOTE,
    NUMBER,
    FoundResources,
    ResourceRow,
    web,
    words,
)
from policy.models import Cost, ResourceKind
from policy.numbers import can_be_dialled
from policy.opening import MIDNIGHT, BadHours, Span, hours_in_words, read_hours, zone_named

# How long texts are that we cut to what a column holds.
_ANY = 100_000
_DAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_TIME = re.compile(r"(\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?")
_TEXTS, _VOICES = {"text", "sms"}, {"", "voice", "cell", "phone", "hotline", "tollfree"}
_FREE = {"free", "free of charge", "no charge", "no cost", "none", "0"}
# Ours, in a service's attributes: what HSDS has no field for.
LABELS = {
    "kind": ("kind", list(ResourceKind.values)),
    "cost": ("cost", list(Cost.values)),
    "emergency": ("is_emergency", ["yes", "no"]),
    "example": ("is_example", ["yes", "no"]),
}


def read_hsds(data: bytes, name: str, most_rows: int, most_bytes: int, on: date) -> FoundResources:
    """The services of a file, as they are on a day. Raises FilesMissing when it is no JSON."""
    found = FoundResources()
    for number, (where, item, provider) in enumerate(_services(data, name, most_bytes), start=1):
        place = f"{where}, service {number}"
        if number > most_rows:
            found.bad.append(BadRow(place, f"more than {most_rows:,} services; the rest was not read"))
            break
        try:
            found.rows.append(_row(place, mapping(item, "a service"), provider, on))
        except BadValue as fault:
            found.bad.append(BadRow(place, str(fault)))
    return found


def _services(data: bytes, name: str, most_bytes: int) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    for where, item in items_of_file(io.BytesIO(data), name, most_bytes):
        inside = item.get("services") if isinstance(item, dict) else None
        for service in inside if isinstance(inside, list) else [item]:
            own = service.get("organization") if isinstance(service, dict) else None
            provider = item if isinstance(inside, list) else own
            yield where, service, provider if isinstance(provider, dict) else {}


def _row(where: str, service: dict[str, Any], provider: dict[str, Any], on: date) -> ResourceRow:
    row = ResourceRow(
        where,
        name=words(service, "name", NAME, needed=True),
        external_id=text(service, "id", KEY, needed=True),
        place=_area(service),
    )
    at = [mapping(place, "service_at_locations") for place in items(service, "service_at_locations")]
    places = [place["location"] for place in at if isinstance(place.get("location"), dict)]
    row.values = {
        "name": row.name,
        "description": _cut(service, "description", DESCRIPTION),
        **_numbers([service, *at, *places, provider]),
        "website": web(service, "url") or web(provider, "website"),
        "address": _address(places),
        "languages": _languages(service),
        "eligibility": _cut(service, "eligibility_description", ELIGIBILITY),
        **_cost(service),
        **_ours(service),
    }
    # A service that is active is new, or as somebody here decided: a file never shows what was taken off the pages.
    if text(service, "status", 40).lower() != "active":
        row.values["is_listed"] = False
    if verified := day(service, "assured_date"):
        row.values["verified_on"] = verified
    if schedules := items(service, "schedules") or [s for place in at for s in items(place, "schedules")]:
        row.spans, said, always = _hours(schedules, on)
        row.values |= {"hours": said, "is_always_open": always}
    return row


def _cut(parent: dict[str, Any], field: str, most: int) -> str:
    """A text, cut to what the column holds where it is longer."""
    return Truncator(words(parent, field, _ANY)).chars(most)


def _area(service: dict[str, Any]) -> str:
    """The first area a service names: its id where that is one of ours, else its name. Empty: it names none."""
    for area in items(service, "service_areas"):
        for field in ("uri", "extent", "name"):
            value = text(mapping(area, "a service area"), field, _ANY)
            if value.startswith("ocd-division/"):
                return value[:200]
        if name := text(area, "name", _ANY):
            return name[:200]
    return ""


def _numbers(owners: list[dict[str, Any]]) -> dict[str, str]:
    """The first number to call and the first to text, the service's own before its places' and its organization's."""
    found = {"phone": "", "text_number": ""}
    for owner in owners:
        for item in items(owner, "phones"):
            entry = mapping(item, "a phone")
            number = text(entry, "number", _ANY).strip('"')
            extension = entry.get("extension")
            if extension not in (None, ""):
                number = f"{number} ext {extension}"
            kind = text(entry, "type", 40).lower()
            field = "text_number" if kind in _TEXTS else "phone" if kind in _VOICES else ""
            if field and not found[field] and number:
                if len(number) > NUMBER or not can_be_dialled(number):
                    raise BadValue(f"phones: {shown(number)} is not one number in digits")
                found[field] = number
    return found


def _address(places: list[dict[str, Any]]) -> str:
    """The first place's physical address on one line."""
    for place in places:
        for item in items(place, "addresses"):
            address = mapping(item, "an address")
            if text(address, "address_type", 40).lower() in {"", "physical"}:
                parts = ("address_1", "address_2", "city", "state_province", "postal_code")
                said = ", ".join(filter(None, (words(address, part, _ANY) for part in parts)))
                return Truncator(said).chars(ADDRESS)
    return ""


def _languages(service: dict[str, Any]) -> str:
    names = []
    for item in items(service, "languages"):
        language = mapping(item, "a language")
        names.append(words(language, "name", 60) or words(language, "code", 60))
    said = ", ".join(dict.fromkeys(name for whole in names for name in languages.items(whole)))
    if len(said) > NOTE:
        raise BadValue(f"languages have more than {NOTE} characters")
    return said


def _cost(service: dict[str, Any]) -> dict[str, str]:
    """What it costs: free only where that is said in so many words."""
    note = _cut(service, "fees_description", NOTE)
    options = [mapping(option, "a cost option").get("amount") for option in items(service, "cost_options")]
    is_said = note.lower().rstrip(".") in _FREE
    is_free = is_said or (bool(options) and all(amount == 0 for amount in options))
    found = {"cost_note": "" if is_said else note}
    return {**found, "cost": Cost.FREE} if is_free else found


def _ours(service: dict[str, Any]) -> dict[str, Any]:
    """What our own export put into a service's attributes."""
    found: dict[str, Any] = {}
    audience = []
    for item in items(service, "attributes"):
        attribute = mapping(item, "an attribute")
        label, value = text(attribute, "label", _ANY), words(attribute, "value", _ANY)
        if label == "audience":
            audience += languages.items(value)
        elif label in {"time_zone", "text_words", "chat"} and value:
            found[label] = _own_text(label, value)
        elif label in LABELS and value in LABELS[label][1]:
            field = LABELS[label][0]
            found[field] = value == "yes" if field.startswith("is_") else value
    if audience:
        found["audience"] = text({"audience": ", ".join(audience)}, "audience", NOTE)
    return found


def _own_text(label: str, value: str) -> str:
    if label == "time_zone" and zone_named(value) is None:
        raise BadValue(f"time_zone: there is no time zone {shown(value)}")
    return web({label: value}, label) if label == "chat" else text({label: value}, label, 60)


def _hours(schedules: list[Any], on: date) -> tuple[list[Span], str, bool]:
    """Hours of every week as spans, what else is said in words, and whether they never end.

    Where one schedule is not the same every week, or begins after `on`, all stay words: nothing is said to be open that
    may be closed.
    """
    spans: set[Span] = set()
    notes, raw = [], []
    is_weekly = True
    for item in schedules:
        schedule = mapping(item, "a schedule")
        read = _weekly(schedule) if _has_begun(schedule, on) else None
        is_weekly = is_weekly and read is not None
        spans |= set(read or [])
        notes.append(words(schedule, "description", _ANY).rstrip("."))
        times = "–".join(filter(None, (text(schedule, end, 40) for end in ("opens_at", "closes_at"))))
        begins = "" if _has_begun(schedule, on) else max(_beginnings(schedule))
        raw.append(" ".join(filter(None, (begins, text(schedule, "byday", 100), times))))
    said = ". ".join(dict.fromkeys(filter(None, notes if is_weekly or any(notes) else raw)))
    written = Truncator(said).chars(NOTE)
    if not is_weekly:
        return [], written, False
    try:
        # Read back from its words, so that hours which overlap are refused here as anywhere.
        weekly, always = read_hours(hours_in_words(spans))
    except BadHours as fault:
        raise BadValue(f"schedules: {fault}") from fault
    return weekly, written, always


def _beginnings(schedule: dict[str, Any]) -> list[str]:
    return [text(schedule, name, 40) for name in ("valid_from", "dtstart")]


def _has_begun(schedule: dict[str, Any], on: date) -> bool:
    """Whether a schedule holds on a day already; one whose beginning can't be read does not."""
    try:
        return all(date.fromisoformat(begins[:10]) <= on for begins in _beginnings(schedule) if begins)
    except ValueError:
        return False


def _weekly(schedule: dict[str, Any]) -> list[Span] | None:
    """The spans of a schedule that is the same every week, on the place's own clock; None for any other."""
    special = ("until", "valid_to", "count", "byweekno", "bymonthday", "byyearday")
    if any(schedule.get(name) not in (None, "") for name in special):
        return None
    if schedule.get("interval") not in (None, "", 1) or text(schedule, "freq", 40).upper() not in {
        "",
        "WEEKLY",
    }:
        return None
    days = [_DAYS.get(part.strip()) for part in text(schedule, "byday", 100).upper().split(",")]
    opens, closes = _time(schedule, "opens_at"), _time(schedule, "closes_at")
    if None in days or opens is None or closes is None:
        return None
    if closes == time(23, 59):
        closes = MIDNIGHT
    if opens == closes != MIDNIGHT:
        raise BadValue(f"schedules: opens_at and closes_at are both {opens:%H:%M}")
    return [Span(day, opens, closes) for day in days if day is not None]


def _time(schedule: dict[str, Any], field: str) -> time | None:
    """A time on the place's own clock. One in UTC is none: which time it is there changes with the clocks."""
    value = text(schedule, field, 40)
    match = _TIME.fullmatch(value)
    if not match or (match[3] or "").upper() in {"Z", "+00:00", "+0000", "-00:00"}:
        return None
    hour, minute = int(match[1]), int(match[2])
    if (hour, minute) == (24, 0):
        return MIDNIGHT
    if hour > 23 or minute > 59:
        raise BadValue(f"{field}: {shown(value)} is no time of a day")
    return time(hour, minute)
