"""The US Congress from unitedstates/congress-legislators (YAML, CC0): members, offices, committees."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from contacts.importers.rows import (
    BadRow,
    ChamberRow,
    CommitteeMemberRow,
    DivisionRow,
    JurisdictionRow,
    OfficeRow,
    PersonRow,
    SeatRow,
    Source,
)
from contacts.importers.us_places import PLACES, district_id, division_id, ordinal
from contacts.importers.yaml_items import items_of_list, items_of_mapping

SCOPE = "us-congress"
COUNTRY = "ocd-division/country:us"
# Congress works in Washington; letters arrive in its capitol offices' hours.
JURISDICTION = JurisdictionRow(
    "ocd-jurisdiction/country:us/government", "United States Congress", COUNTRY, "national", "America/New_York"
)
HOUSE = ChamberRow("lower", "House of Representatives", "lower")
SENATE = ChamberRow("upper", "Senate", "upper")
SCHEMES = ("bioguide", "govtrack", "wikidata", "lis", "thomas")
MEMBERS, OFFICES = "legislators-current.yaml", "legislators-district-offices.yaml"
COMMITTEES, COMMITTEE_MEMBERS = "committees-current.yaml", "committee-membership-current.yaml"

Tick = Callable[[int], object]


class FilesMissing(ValueError):
    """The folder does not hold the published files."""


def read(folder: Path, on: date, tick: Tick = lambda n: None) -> Source:
    """Everything the folder says, as rows; what can't be used stands in `bad`. Raises FilesMissing."""
    missing = [name for name in (MEMBERS, OFFICES, COMMITTEES, COMMITTEE_MEMBERS) if not (folder / name).is_file()]
    if missing:
        raise FilesMissing(f"{folder} has no {', '.join(missing)}.")
    source = Source(SCOPE, JURISDICTION, divisions=places(), chambers=[HOUSE, SENATE])
    offices = _offices(folder / OFFICES, source)
    seen: dict[str, str] = {}
    for where, item in items_of_list(folder / MEMBERS, source.bad):
        tick(1)
        person = _person(where, item, on, source, offices)
        if person is None:
            continue
        key = person.identifiers[0][1]
        if key in seen:
            source.bad.append(BadRow(where, f"bioguide {key} stands at {seen[key]} already"))
            continue
        seen[key] = where
        source.people.append(person)
    _committees(folder, source)
    return source


def places() -> list[DivisionRow]:
    """The country with its states, district and territories."""
    rows = [DivisionRow(COUNTRY, "United States", "national", "us", "", "America/New_York")]
    rows += [DivisionRow(division_id(c), p[0], "regional", "us", COUNTRY, p[3]) for c, p in PLACES.items()]
    return rows


def district_row(code: str, number: int) -> DivisionRow:
    """The division of a numbered congressional district."""
    name, _, _, zone = PLACES[code]
    return DivisionRow(
        district_id(code, number), f"{name}’s {ordinal(number)} district", "national", "us", division_id(code), zone
    )


def house_seat(code: str, number: int) -> SeatRow:
    """The House seat of a district, without a holder."""
    name, _, kind, _ = PLACES[code]
    role = "Representative" if kind == "state" else "Resident Commissioner" if code == "PR" else "Delegate"
    place = f"{name}, {ordinal(number)} district" if number else f"{name}, at large"
    return SeatRow("lower", district_id(code, number), role, f"{role} for {place}")


def _person(
    where: str, item: Any, on: date, source: Source, offices: dict[str, list[OfficeRow]]
) -> PersonRow | None:
    try:
        ids = item["id"]
        key = str(ids["bioguide"])
        names = item["name"]
        given, family = str(names["first"]), str(names["last"])
        name = str(names.get("official_full") or " ".join(filter(None, (given, family, names.get("suffix")))))
        term = item["terms"][-1]
        seat = _seat(term, source)
        start, end = _date(term["start"]), _date(term["end"])
    except (KeyError, TypeError, IndexError) as fault:
        source.bad.append(BadRow(where, f"a member needs id.bioguide, name.first, name.last and terms ({fault!r})"))
        return None
    except ValueError as fault:
        source.bad.append(BadRow(where, str(fault)))
        return None
    # An appointed senator sits until the winner of the special election is sworn in, whatever day the term
    # names; being listed as current is what counts then.
    ends = None if term.get("end-type") == "special-election" else end
    if start > on or (ends is not None and ends < on):
        return None
    seat = SeatRow(
        seat.chamber, seat.division, seat.role, seat.label, seat.seat, str(term.get("party", "")), start, ends
    )
    points = _points(
        ("postal", term.get("address")),
        ("phone", term.get("phone")),
        ("fax", term.get("fax")),
        ("web_form", term.get("contact_form")),
    )
    capitol = [OfficeRow("capitol", "capitol", str(term.get("office", "")), points)] if term.get("address") else []
    identifiers = [("bioguide", key)] + [(s, str(ids[s])) for s in SCHEMES[1:] if ids.get(s)]
    return PersonRow(
        where,
        tuple(identifiers),
        name,
        given,
        family,
        website=str(term.get("url", "")),
        seats=(seat,),
        offices=(*capitol, *offices.get(key, [])),
    )


def _seat(term: dict[str, Any], source: Source) -> SeatRow:
    code = str(term["state"])
    if code not in PLACES:
        raise ValueError(f"there is no state or territory {code!r}")
    if term["type"] == "sen":
        name = PLACES[code][0]
        return SeatRow("upper", division_id(code), "Senator", f"Senator for {name}, class {term['class']}", f"class {term['class']}")
    if term["type"] != "rep":
        raise ValueError(f"a term is of type rep or sen, not {term['type']!r}")
    number = int(term["district"])
    if number < 0:
        raise ValueError(f"there is no district {number} in {code}")
    if number:
        source.divisions.append(district_row(code, number))
    return house_seat(code, number)


def _date(value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{value!r} is not a date like 2025-01-03") from None


def _points(*pairs: tuple[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((kind, " ".join(str(value).split())) for kind, value in pairs if value)


def _offices(path: Path, source: Source) -> dict[str, list[OfficeRow]]:
    """District offices per bioguide id."""
    found: dict[str, list[OfficeRow]] = {}
    for where, item in items_of_list(path, source.bad):
        try:
            key = str(item["id"]["bioguide"])
            for office in item["offices"]:
                street = ", ".join(str(office[p]) for p in ("address", "suite", "building") if office.get(p))
                town = f"{office['city']}, {office['state']} {office.get('zip', '')}".strip()
                postal = f"{street}, {town}" if street else ""
                points = _points(("postal", postal), ("phone", office.get("phone")), ("fax", office.get("fax")))
                found.setdefault(key, []).append(OfficeRow(str(office["id"]), "district", str(office["city"]), points))
        except (KeyError, TypeError) as fault:
            source.bad.append(BadRow(where, f"an office needs id, city and state ({fault!r})"))
    return found


def _committees(folder: Path, source: Source) -> None:
    parents = {"house": "lower", "senate": "upper", "joint": ""}
    for where, item in items_of_list(folder / COMMITTEES, source.bad):
        try:
            code, kind = str(item["thomas_id"]), str(item["type"])
            source.committees.append(ChamberRow(code, str(item["name"]), "committee", parents[kind]))
            for sub in item.get("subcommittees") or []:
                source.committees.append(
                    ChamberRow(f"{code}{sub['thomas_id']}", f"{item['name']}: {sub['name']}", "committee", code)
                )
        except (KeyError, TypeError) as fault:
            source.bad.append(BadRow(where, f"a committee needs thomas_id, name and type ({fault!r})"))
    codes = {committee.code for committee in source.committees}
    people = {person.identifiers[0] for person in source.people}
    for where, code, members in items_of_mapping(folder / COMMITTEE_MEMBERS, source.bad):
        if code not in codes:
            source.bad.append(BadRow(where, f"there is no committee {code!r} in {COMMITTEES}"))
            continue
        for member in members or []:
            person = ("bioguide", str(member.get("bioguide", "")))
            if person not in people:
                source.unresolved_members += 1
                continue
            source.committee_members.append(CommitteeMemberRow(code, person, str(member.get("title", ""))))
