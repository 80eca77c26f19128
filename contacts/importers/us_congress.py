"""The US Congress from unitedstates/congress-legislators (YAML, CC0): members, offices, committees."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from contacts.importers.rows import (
    BadRow,
    ChamberRow,
    CommitteeMemberRow,
    DivisionRow,
    FilesMissing,
    JurisdictionRow,
    OfficeRow,
    PersonRow,
    SeatRow,
    Source,
)
from contacts.importers.us_places import PLACES, district_id, division_id, ordinal
from contacts.importers.values import (
    KEY,
    LINE,
    NAME,
    PART,
    PARTY,
    ROLE,
    URL,
    BadValue,
    day,
    items,
    link,
    mapping,
    number,
    shown,
    text,
)
from contacts.importers.yaml_items import items_of_list, items_of_mapping

SCOPE = "us-congress"
COUNTRY, COUNTRY_CODE = "ocd-division/country:us", "us"
# Congress works in Washington; letters arrive in its capitol offices' hours.
JURISDICTION = JurisdictionRow(
    "ocd-jurisdiction/country:us/government",
    "United States Congress",
    COUNTRY,
    "national",
    "America/New_York",
)
HOUSE = ChamberRow("lower", "House of Representatives", "lower")
SENATE = ChamberRow("upper", "Senate", "upper")
OTHER_SCHEMES = ("govtrack", "wikidata", "lis", "thomas")
MEMBERS, OFFICES = "legislators-current.yaml", "legislators-district-offices.yaml"
COMMITTEES, COMMITTEE_MEMBERS = "committees-current.yaml", "committee-membership-current.yaml"

# No state has ever had more than 53 districts.
MOST_DISTRICTS = 60

Tick = Callable[[int], object]


def read(folder: Path, on: date, tick: Tick = lambda n: None) -> Source:
    """Everything the folder says, as rows; what can't be used stands in `bad`. Raises FilesMissing."""
    missing = [
        name for name in (MEMBERS, OFFICES, COMMITTEES, COMMITTEE_MEMBERS) if not (folder / name).is_file()
    ]
    if missing:
        raise FilesMissing(f"{folder} has no {', '.join(missing)}.")
    source = Source(SCOPE, JURISDICTION, divisions=places(), chambers=[HOUSE, SENATE])
    offices = _offices(folder / OFFICES, source)
    seen: dict[object, str] = {}
    for where, item in items_of_list(folder / MEMBERS, source.bad):
        tick(1)
        try:
            person = _person(where, item, on, offices)
            if person is None:
                continue
            seat = person.seats[0]
            _once(seen, person.identifiers[0], where, f"bioguide {person.identifiers[0][1]}")
            _once(seen, (seat.chamber, seat.division, seat.seat), where, f"the seat “{seat.label}”")
        except BadValue as fault:
            source.bad.append(BadRow(where, str(fault)))
            continue
        source.people.append(person)
        source.divisions += _district_of(seat)
    if not source.people and not source.bad:
        raise FilesMissing(f"{MEMBERS} names nobody in office on {on}.")
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
        district_id(code, number),
        f"{name}’s {ordinal(number)} district",
        "national",
        "us",
        division_id(code),
        zone,
    )


def house_seat(code: str, number: int) -> SeatRow:
    """The House seat of a district, without a holder."""
    name, _, kind, _ = PLACES[code]
    role = "Representative" if kind == "state" else "Resident Commissioner" if code == "PR" else "Delegate"
    place = f"{name}, {ordinal(number)} district" if number else f"{name}, at large"
    return SeatRow("lower", district_id(code, number), role, f"{role} for {place}")


def _once(seen: dict[object, str], key: object, where: str, what: str) -> None:
    if key in seen:
        raise BadValue(f"{what} stands at {seen[key]} already")
    seen[key] = where


def _district_of(seat: SeatRow) -> list[DivisionRow]:
    """The division of a seat, unless it is a state's own."""
    state, _, district = seat.division.partition("/cd:")
    return [district_row(state[-2:].upper(), int(district))] if district else []


def _person(where: str, item: Any, on: date, offices: dict[str, list[OfficeRow]]) -> PersonRow | None:
    """A member in office on a day; None for somebody who is not. Raises BadValue."""
    member = mapping(item, "a member")
    ids = mapping(member.get("id"), "id")
    key = text(ids, "bioguide", KEY, needed=True)
    names = mapping(member.get("name"), "name")
    given, family = text(names, "first", PART, needed=True), text(names, "last", PART, needed=True)
    full = " ".join(filter(None, (given, family, text(names, "suffix", PART))))
    term = _term(member, on)
    if term is None:
        return None
    capitol = []
    if text(term, "address", URL):
        points = _points(
            ("postal", text(term, "address", URL)),
            ("phone", text(term, "phone", URL)),
            ("fax", text(term, "fax", URL)),
            ("web_form", link(term, "contact_form")),
        )
        capitol = [
            OfficeRow("capitol", "capitol", text(term, "office", NAME), points, JURISDICTION.time_zone)
        ]
    others = [(scheme, text(ids, scheme, KEY)) for scheme in OTHER_SCHEMES]
    return PersonRow(
        where,
        (("bioguide", key), *((scheme, value) for scheme, value in others if value)),
        text(names, "official_full", NAME) or full,
        given,
        family,
        website=link(term, "url"),
        seats=(_seat(term),),
        offices=(*capitol, *offices.get(key, [])),
    )


def _term(member: dict[str, Any], on: date) -> dict[str, Any] | None:
    """The last term that spans a day. Raises BadValue."""
    terms = items(member, "terms")
    if not terms:
        raise BadValue("terms are missing")
    for at in range(len(terms) - 1, -1, -1):
        try:
            term = mapping(terms[at], "a term")
            begins, ends = day(term, "start", needed=True), day(term, "end", needed=True)
        except BadValue as fault:
            raise BadValue(f"terms[{at}].{fault}") from None
        if begins is None or ends is None or begins > on:
            continue
        if ends >= on or (at == len(terms) - 1 and _sits_on(term)):
            return term
    return None


def _sits_on(term: dict[str, Any]) -> bool:
    """An appointed senator sits until the winner of the special election is sworn in, whatever day the term
    names; being listed as current is what counts then."""
    return text(term, "end-type", PART) == "special-election"


def _seat(term: dict[str, Any]) -> SeatRow:
    code = text(term, "state", PART, needed=True)
    if code not in PLACES:
        raise BadValue(f"state: there is no state or territory {shown(code)}")
    kind = text(term, "type", PART, needed=True)
    if kind == "rep":
        seat = house_seat(code, number(term, "district", MOST_DISTRICTS))
    elif kind == "sen":
        name = f"class {number(term, 'class', 3)}"
        label = f"Senator for {PLACES[code][0]}, {name}"
        seat = SeatRow("upper", division_id(code), "Senator", label, name)
    else:
        raise BadValue(f"type is rep or sen, not {shown(kind)}")
    return replace(
        seat,
        party=text(term, "party", PARTY),
        start_on=day(term, "start"),
        term_ends_on=None if _sits_on(term) else day(term, "end"),
    )


def _points(*pairs: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((kind, value) for kind, value in pairs if value)


def _offices(path: Path, source: Source) -> dict[str, list[OfficeRow]]:
    """District offices per bioguide id."""
    found: dict[str, list[OfficeRow]] = {}
    seen: dict[object, str] = {}
    for where, item in items_of_list(path, source.bad):
        try:
            member = mapping(item, "a member")
            person = text(mapping(member.get("id"), "id"), "bioguide", KEY, needed=True)
            for office in items(member, "offices"):
                row = _office(mapping(office, "an office"))
                _once(seen, (person, row.key), where, f"office {row.key}")
                found.setdefault(person, []).append(row)
        except BadValue as fault:
            source.bad.append(BadRow(where, f"offices: {fault}"))
    return found


def _office(office: dict[str, Any]) -> OfficeRow:
    city, state = text(office, "city", NAME, needed=True), text(office, "state", PART, needed=True)
    if state not in PLACES:
        raise BadValue(f"state: there is no state or territory {shown(state)}")
    street = ", ".join(filter(None, (text(office, part, LINE) for part in ("address", "suite", "building"))))
    postal = f"{street}, {city}, {state} {text(office, 'zip', PART)}".strip() if street else ""
    if len(postal) > URL:
        raise BadValue(f"address has more than {URL} characters")
    points = _points(
        ("postal", postal), ("phone", text(office, "phone", URL)), ("fax", text(office, "fax", URL))
    )
    return OfficeRow(text(office, "id", KEY, needed=True), "district", city, points, PLACES[state][3])


def _committees(folder: Path, source: Source) -> None:
    parents = {"house": "lower", "senate": "upper", "joint": ""}
    seen: dict[object, str] = {}
    for where, item in items_of_list(folder / COMMITTEES, source.bad):
        try:
            committee = mapping(item, "a committee")
            code, name = (
                text(committee, "thomas_id", KEY, needed=True),
                text(committee, "name", LINE, needed=True),
            )
            kind = text(committee, "type", PART, needed=True)
            if kind not in parents:
                raise BadValue(f"type is house, senate or joint, not {shown(kind)}")
            rows = [ChamberRow(code, name, "committee", parents[kind])]
            for entry in items(committee, "subcommittees"):
                sub = mapping(entry, "a subcommittee")
                sub_code = text(sub, "thomas_id", KEY // 2, needed=True)
                title = f"{name}: {text(sub, 'name', LINE, needed=True)}"
                if len(title) > LINE:
                    raise BadValue(f"subcommittees.name has more than {LINE} characters with the committee’s")
                rows.append(ChamberRow(f"{code}{sub_code}", title, "committee", code))
            for row in rows:
                _once(seen, row.code, where, f"thomas_id {row.code}")
        except BadValue as fault:
            source.bad.append(BadRow(where, str(fault)))
            continue
        source.committees += rows
    people = {person.identifiers[0] for person in source.people}
    for where, code, members in items_of_mapping(folder / COMMITTEE_MEMBERS, source.bad):
        try:
            if code not in seen:
                raise BadValue(f"there is no committee {shown(code)} in {COMMITTEES}")
            source.committee_members += _members(code, items({code: members}, code), people, source)
        except BadValue as fault:
            source.bad.append(BadRow(where, str(fault)))


def _members(
    code: str, listed: list[Any], people: set[tuple[str, str]], source: Source
) -> list[CommitteeMemberRow]:
    rows: dict[tuple[str, str], CommitteeMemberRow] = {}
    for entry in listed:
        member = mapping(entry, f"a member of {code}")
        person = ("bioguide", text(member, "bioguide", KEY))
        if person in rows:
            raise BadValue(f"bioguide {person[1]} stands twice in {code}")
        if person in people:
            rows[person] = CommitteeMemberRow(code, person, text(member, "title", ROLE))
        else:  # left office, or an entry without an id: counted, so that nothing is lost silently
            source.unresolved_members += 1
    return list(rows.values())
