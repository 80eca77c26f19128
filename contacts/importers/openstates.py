"""One state's legislature from openstates/people (a YAML file a person and a committee, CC0)."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import yaml

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
from contacts.importers.us_places import PLACES, division_id
from contacts.importers.yaml_items import explain, load

COUNTRY = "ocd-division/country:us"
CHAMBERS = {"lower": "House", "upper": "Senate", "legislature": "Legislature"}
# The type of a district in its OCD id, and what its member is called.
DISTRICTS = {"lower": ("sldl", "Representative"), "upper": ("sldu", "Senator"), "legislature": ("sldu", "Senator")}
OFFICES = {"capitol": "capitol", "district": "district", "district-mail": "mail", "home": "mail"}

Tick = Callable[[int], object]


class FilesMissing(ValueError):
    """The folder does not hold a state's legislators."""


def states_in(folder: Path) -> list[Path]:
    """The state folders below (or at) a path. Raises FilesMissing."""
    found = [f for f in (folder, *sorted(folder.iterdir())) if (f / "legislature").is_dir()] if folder.is_dir() else []
    if not found:
        raise FilesMissing(f"{folder} is no state's folder with a folder “legislature” in it.")
    return found


def read(folder: Path, on: date, tick: Tick = lambda n: None) -> Source:
    """Everything one state's folder says, as rows; what can't be used stands in `bad`. Raises FilesMissing."""
    code = folder.name.upper()
    if code not in PLACES:
        raise FilesMissing(f"{folder.name!r} is not the two letters of a state.")
    name, _, _, zone = PLACES[code]
    state = division_id(code)
    source = Source(
        f"openstates:{code.lower()}",
        JurisdictionRow(f"ocd-jurisdiction/{state.removeprefix('ocd-division/')}/government", name, state, "regional", zone),
        divisions=[
            DivisionRow(COUNTRY, "United States", "national", "us", "", "America/New_York"),
            DivisionRow(state, name, "regional", "us", COUNTRY, zone),
        ],
    )
    seen: dict[str, str] = {}
    for path in sorted((folder / "legislature").glob("*.yml")):
        tick(1)
        item = _file(path, source)
        person = _person(path.name, item, on, code, source) if item is not None else None
        if person is None:
            continue
        key = person.identifiers[0][1]
        if key in seen:
            source.bad.append(BadRow(f"{path.name}:1", f"id {key} stands in {seen[key]} already"))
            continue
        seen[key] = path.name
        source.people.append(person)
    kinds = {seat.chamber for person in source.people for seat in person.seats}
    source.chambers = [
        ChamberRow(kind, f"{name} {CHAMBERS[kind]}", "unicameral" if kind == "legislature" else kind)
        for kind in ("lower", "upper", "legislature")
        if kind in kinds
    ]
    for path in sorted((folder / "committees").glob("*.yml")):
        _committee(path, source)
    return source


def _file(path: Path, source: Source) -> Any:
    try:
        return load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as fault:
        line, problem = explain(fault, 1)
        source.bad.append(BadRow(f"{path.name}:{line}", f"not valid YAML: {problem}"))
    except UnicodeDecodeError:
        source.bad.append(BadRow(f"{path.name}:1", "not text in UTF-8"))
    return None


def _person(file: str, item: Any, on: date, code: str, source: Source) -> PersonRow | None:
    try:
        identifiers = [("openstates", str(item["id"]))]
        name = str(item["name"])
        party = str(item["party"][-1]["name"]) if item.get("party") else ""
        seats = tuple(
            _seat(role, code, party, source)
            for role in item["roles"]
            if role["type"] in DISTRICTS and _in_force(role, on)
        )
        offices = tuple(_offices(item))
    except (KeyError, TypeError, IndexError) as fault:
        source.bad.append(BadRow(f"{file}:1", f"a person needs id, name and roles ({fault!r})"))
        return None
    except ValueError as fault:
        source.bad.append(BadRow(f"{file}:1", str(fault)))
        return None
    if not seats:
        return None
    identifiers += [
        (str(i["scheme"]), str(i["identifier"]))
        for i in item.get("other_identifiers") or []
        if i.get("scheme") in {"wikidata", "votesmart"}
    ]
    links = item.get("links") or []
    return PersonRow(
        f"{file}:1",
        tuple(identifiers),
        name,
        str(item.get("given_name") or ""),
        str(item.get("family_name") or ""),
        photo_url=str(item.get("image") or ""),
        website=str(links[0]["url"]) if links else "",
        seats=seats,
        offices=offices,
    )


def _in_force(role: dict[str, Any], on: date) -> bool:
    start, end = _date(role.get("start_date")), _date(role.get("end_date"))
    return (start is None or start <= on) and (end is None or end > on)


def _date(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    text = str(value)
    try:
        # Some roles give a year or a month only; their first day is meant.
        return date.fromisoformat(text + "-01-01"[: 10 - len(text)] if len(text) in (4, 7) else text)
    except ValueError:
        raise ValueError(f"{value!r} is not a date like 2025-01-03") from None


def _seat(role: dict[str, Any], code: str, party: str, source: Source) -> SeatRow:
    kind = str(role["type"])
    district = str(role["district"])
    level, title = DISTRICTS[kind]
    # OCD ids spell district names in lower case with underscores: Chittenden-17 → chittenden-17.
    slug = re.sub(r"[^\w~.-]+", "_", district.lower())
    ocd_id = f"{division_id(code)}/{level}:{slug}"
    name, _, _, zone = PLACES[code]
    place = f"{name} {CHAMBERS[kind]} district {district}"
    source.divisions.append(DivisionRow(ocd_id, place, "regional", "us", division_id(code), zone))
    return SeatRow(
        kind, ocd_id, title, f"{title}, {place}", "", party, _date(role.get("start_date")), _date(role.get("end_date"))
    )


def _offices(item: dict[str, Any]) -> list[OfficeRow]:
    offices: dict[str, list[tuple[str, str]]] = {}
    if item.get("email"):
        offices["capitol"] = [("email", str(item["email"]).strip())]
    kinds: dict[str, int] = {}
    for office in item.get("offices") or []:
        kind = OFFICES.get(str(office["classification"]), "mail")
        kinds[kind] = kinds.get(kind, 0) + 1
        key = kind if kinds[kind] == 1 else f"{kind}-{kinds[kind]}"
        points = offices.setdefault(key, [])
        for field, contact in (("address", "postal"), ("voice", "phone"), ("fax", "fax"), ("email", "email")):
            value = " ".join(str(office[field]).split()) if office.get(field) else ""
            if value and (contact, value) not in points:
                points.append((contact, value))
    return [OfficeRow(key, key.split("-")[0], "", tuple(points)) for key, points in offices.items()]


def _committee(path: Path, source: Source) -> None:
    item = _file(path, source)
    if item is None:
        return
    try:
        code, parent = str(item["id"]), str(item.get("parent") or item["chamber"])
        known = {chamber.code for chamber in source.chambers} | {committee.code for committee in source.committees}
        source.committees.append(ChamberRow(code, str(item["name"]), "committee", parent if parent in known else ""))
        people = {person.identifiers[0] for person in source.people}
        taken = set()
        for member in item.get("members") or []:
            person = ("openstates", str(member.get("person_id") or ""))
            if person not in people or person in taken:
                source.unresolved_members += 1
                continue
            taken.add(person)
            source.committee_members.append(CommitteeMemberRow(code, person, str(member.get("role") or "")))
    except (KeyError, TypeError) as fault:
        source.bad.append(BadRow(f"{path.name}:1", f"a committee needs id, name and chamber ({fault!r})"))
