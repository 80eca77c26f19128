"""One state's legislature from openstates/people (a YAML file a person and a committee, CC0)."""

import re
from collections.abc import Callable
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
from contacts.importers.us_places import PLACES, division_id
from contacts.importers.values import (
    KEY,
    LINE,
    NAME,
    PART,
    PARTY,
    ROLE,
    SHORT,
    URL,
    BadValue,
    day,
    items,
    link,
    mail,
    mapping,
    text,
)
from contacts.importers.yaml_items import BadYaml, load, read_text

COUNTRY = "ocd-division/country:us"
CHAMBERS = {"lower": "House", "upper": "Senate", "legislature": "Legislature"}
# The type of a district in its OCD id, and what its member is called.
DISTRICTS = {
    "lower": ("sldl", "Representative"),
    "upper": ("sldu", "Senator"),
    "legislature": ("sldu", "Senator"),
}
OFFICES = {"capitol": "capitol", "district": "district", "district-mail": "mail", "home": "mail"}
OTHER_SCHEMES = ("wikidata", "votesmart")

Tick = Callable[[int], object]


def states_in(folder: Path) -> list[Path]:
    """The state folders below (or at) a path. Raises FilesMissing."""
    here = (folder, *sorted(folder.iterdir())) if folder.is_dir() else ()
    found = [f.resolve() for f in here if (f / "legislature").is_dir()]
    if not found:
        raise FilesMissing(f"{folder} is no state’s folder with a folder “legislature” in it.")
    return found


def read(folder: Path, on: date, tick: Tick = lambda n: None) -> Source:
    """Everything one state's folder says, as rows; what can't be used stands in `bad`. Raises FilesMissing."""
    code = folder.name.upper()
    if code not in PLACES:
        raise FilesMissing(f"{folder.name!r} is not the two letters of a state.")
    name, _, _, zone = PLACES[code]
    state = division_id(code)
    government = f"ocd-jurisdiction/{state.removeprefix('ocd-division/')}/government"
    source = Source(
        f"openstates:{code.lower()}",
        JurisdictionRow(government, name, state, "regional", zone),
        divisions=[
            DivisionRow(COUNTRY, "United States", "national", "us", "", "America/New_York"),
            DivisionRow(state, name, "regional", "us", COUNTRY, zone),
        ],
    )
    _people(folder, code, on, source, tick)
    kinds = {seat.chamber for person in source.people for seat in person.seats}
    source.chambers = [
        ChamberRow(kind, f"{name} {CHAMBERS[kind]}", "unicameral" if kind == "legislature" else kind)
        for kind in CHAMBERS
        if kind in kinds
    ]
    if not source.people and not source.bad:
        raise FilesMissing(f"{folder} names nobody in office on {on}.")
    _committees(folder, source)
    return source


def _files(folder: Path, name: str, source: Source) -> list[tuple[str, dict[str, Any]]]:
    """Each file of a folder as (`state/folder/file:line`, its mapping); what is no YAML goes to `bad`."""
    found = []
    for path in sorted((folder / name).glob("*.yml")):
        where = f"{folder.name}/{name}/{path.name}"
        try:
            found.append((f"{where}:1", mapping(load(read_text(path)), "the file")))
        except BadYaml as fault:
            source.bad.append(BadRow(f"{where}:{fault.line}", f"not valid YAML: {fault}"))
        except BadValue as fault:
            source.bad.append(BadRow(f"{where}:1", str(fault)))
    return found


def _people(folder: Path, code: str, on: date, source: Source, tick: Tick) -> None:
    seen: dict[str, str] = {}
    for where, item in _files(folder, "legislature", source):
        tick(1)
        try:
            key = text(item, "id", KEY, needed=True)
            if key in seen:
                raise BadValue(f"id {key} stands in {seen[key]} already")
            seen[key] = where
            person = _person(where, item, on, code)
        except BadValue as fault:
            source.bad.append(BadRow(where, str(fault)))
            continue
        if person is None:
            continue
        source.people.append(person)
        source.divisions += [_district(seat, code) for seat in person.seats]


def _person(where: str, item: dict[str, Any], on: date, code: str) -> PersonRow | None:
    """A person with the seats held on a day; None for somebody without one. Raises BadValue."""
    parties = [text(mapping(p, "party"), "name", PARTY) for p in items(item, "party")]
    seats: dict[tuple[str, str], SeatRow] = {}
    roles = items(item, "roles")
    for at, entry in enumerate(roles):
        try:
            role = mapping(entry, "a role")
            if text(role, "type", PART, needed=True) in DISTRICTS and _in_force(role, on):
                seat = _seat(role, code, parties[-1] if parties else "")
                seats[seat.chamber, seat.division] = seat
        except BadValue as fault:
            raise BadValue(f"roles[{at}].{fault}") from None
    name = text(item, "name", NAME, needed=True)
    if not roles:
        raise BadValue("roles are missing")
    if not seats:
        return None
    others = [
        (text(entry, "scheme", SHORT // 2, needed=True), text(entry, "identifier", KEY, needed=True))
        for entry in (mapping(i, "other_identifiers") for i in items(item, "other_identifiers"))
        if entry.get("scheme") in OTHER_SCHEMES
    ]
    links = [mapping(entry, "links") for entry in items(item, "links")]
    return PersonRow(
        where,
        (("openstates", text(item, "id", KEY, needed=True)), *others),
        name,
        text(item, "given_name", PART),
        text(item, "family_name", PART),
        photo_url=link(item, "image"),
        website=link(links[0], "url") if links else "",
        seats=tuple(seats.values()),
        offices=tuple(_offices(item)),
    )


def _in_force(role: dict[str, Any], on: date) -> bool:
    start, end = day(role, "start_date"), day(role, "end_date")
    return (start is None or start <= on) and (end is None or end > on)


def _seat(role: dict[str, Any], code: str, party: str) -> SeatRow:
    kind, district = text(role, "type", PART), text(role, "district", PART, needed=True)
    level, title = DISTRICTS[kind]
    # OCD ids spell district names in lower case with underscores: Chittenden-17 → chittenden-17.
    slug = re.sub(r"[^\w~.-]+", "_", district.lower())
    place = f"{PLACES[code][0]} {CHAMBERS[kind]} district {district}"
    return SeatRow(
        kind,
        f"{division_id(code)}/{level}:{slug}",
        title,
        f"{title}, {place}",
        party=party,
        start_on=day(role, "start_date"),
        term_ends_on=day(role, "end_date"),
    )


def _district(seat: SeatRow, code: str) -> DivisionRow:
    place = seat.label.removeprefix(f"{seat.role}, ")
    return DivisionRow(seat.division, place, "regional", "us", division_id(code), PLACES[code][3])


def _offices(item: dict[str, Any]) -> list[OfficeRow]:
    offices: dict[str, list[tuple[str, str]]] = {}
    address = mail(item, "email")
    if address:
        offices["capitol"] = [("email", address)]
    counted: dict[str, int] = {}
    for entry in items(item, "offices"):
        office = mapping(entry, "an office")
        kind = OFFICES.get(text(office, "classification", PART, needed=True), "mail")
        counted[kind] = counted.get(kind, 0) + 1
        # The source has no ids of offices; they are told apart by kind and order.
        key = kind if counted[kind] == 1 else f"{kind}-{counted[kind]}"
        points = offices.setdefault(key, [])
        for point in (
            ("postal", text(office, "address", URL)),
            ("phone", text(office, "voice", URL)),
            ("fax", text(office, "fax", URL)),
            ("email", mail(office, "email")),
        ):
            if point[1] and point not in points:
                points.append(point)
    return [OfficeRow(key, key.split("-")[0], "", tuple(points)) for key, points in offices.items()]


def _committees(folder: Path, source: Source) -> None:
    people = {person.identifiers[0] for person in source.people}
    rows: dict[str, ChamberRow] = {}
    for where, item in _files(folder, "committees", source):
        try:
            code = text(item, "id", KEY, needed=True)
            if code in rows:
                raise BadValue(f"id {code} stands twice")
            parent = text(item, "parent", KEY) or text(item, "chamber", KEY, needed=True)
            row = ChamberRow(code, text(item, "name", LINE, needed=True), "committee", parent)
            members = _members(code, item, people, source)
        except BadValue as fault:
            source.bad.append(BadRow(where, str(fault)))
            continue
        rows[code] = row
        source.committee_members += members
    chambers = {chamber.code for chamber in source.chambers}
    # A joint committee names the legislature, which is no chamber of a state with two: it stands alone.
    of_committees = [r for r in rows.values() if r.parent in rows]
    of_chambers = [r for r in rows.values() if r.parent not in rows]
    source.committees = [
        ChamberRow(r.code, r.name, r.kind, r.parent if r.parent in chambers else "") for r in of_chambers
    ] + of_committees


def _members(
    code: str, item: dict[str, Any], people: set[tuple[str, str]], source: Source
) -> list[CommitteeMemberRow]:
    rows: dict[tuple[str, str], CommitteeMemberRow] = {}
    for entry in items(item, "members"):
        member = mapping(entry, "a member")
        person = ("openstates", text(member, "person_id", KEY))
        if person in people and person not in rows:
            rows[person] = CommitteeMemberRow(code, person, text(member, "role", ROLE))
        else:  # named without an id, not in office, or twice: counted, so that nothing is lost silently
            source.unresolved_members += 1
    return list(rows.values())
