"""ZIP code areas → congressional districts (OpenSourceActivismTech/us-zipcodes-congress, US Government work)."""

import csv
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from contacts.importers.load import Difference, save_chambers, save_divisions, save_jurisdiction
from contacts.importers.rows import BadRow
from contacts.importers.us_congress import HOUSE, JURISDICTION, district_row, house_seat, places
from contacts.importers.us_places import PLACES, district_id
from contacts.models import PostalArea, Post

HEADER = ["state_fips", "state_abbr", "zcta", "cd"]
_BATCH = 5000

Tick = Callable[[int], object]


class FilesMissing(ValueError):
    """There is no such file, or its first line is not the expected one."""


@dataclass
class ZipDistricts:
    """Areas by ZIP code: (state's two letters, district number; 0 is at large)."""

    areas: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    rows: int = 0
    bad: list[BadRow] = field(default_factory=list)

    @property
    def districts(self) -> set[tuple[str, int]]:
        return {place for places_ in self.areas.values() for place in places_}


def read(path: Path, tick: Tick = lambda n: None) -> ZipDistricts:
    """The file as areas; what can't be used stands in `bad`. Raises FilesMissing."""
    file = path / "zccd.csv" if path.is_dir() else path
    if not file.is_file():
        raise FilesMissing(f"There is no file {file}.")
    found = ZipDistricts()
    with file.open(encoding="utf-8", newline="") as text:
        reader = csv.reader(text)
        if next(reader, None) != HEADER:
            raise FilesMissing(f"{file.name}:1: the first line must be {','.join(HEADER)}.")
        for number, row in enumerate(reader, start=2):
            found.rows += 1
            if number % 1000 == 0:
                tick(1000)
            problem = _add(row, found)
            if problem:
                found.bad.append(BadRow(f"{file.name}:{number}", problem))
    return found


def _add(row: list[str], found: ZipDistricts) -> str:
    """Take a row over; gives what is wrong with it, if anything."""
    if len(row) != len(HEADER):
        return f"{len(row)} fields instead of {len(HEADER)}"
    fips, state, zcta, district = (cell.strip() for cell in row)
    if state not in PLACES:
        return f"state_abbr: there is no state or territory {state!r}"
    if PLACES[state][1] != fips.zfill(2):
        return f"state_fips: {fips} is not the number of {state}"
    if len(zcta) != 5 or not zcta.isdecimal():
        return f"zcta: {zcta!r} is not five digits"
    if not district.isdecimal() or int(district) > 60:
        return f"cd: {district!r} is not the number of a district"
    place = (state, int(district))
    if place in found.areas[zcta]:
        return f"the row for {zcta} and {state}-{district} stands twice"
    found.areas[zcta].append(place)
    return ""


def load(found: ZipDistricts) -> tuple[dict[str, int], Difference]:
    """Store areas, districts and House seats; areas the file no longer names are taken out."""
    difference = Difference()
    with transaction.atomic():
        rows = places() + [district_row(state, cd) for state, cd in sorted(found.districts) if cd]
        divisions = save_divisions(rows, difference)
        jurisdiction = save_jurisdiction(JURISDICTION, divisions, difference)
        house = save_chambers([HOUSE], jurisdiction, "", difference)["lower"]
        seated = set(Post.objects.filter(chamber=house).values_list("division__ocd_id", flat=True))
        for state, cd in sorted(found.districts):
            seat = house_seat(state, cd)
            if seat.division not in seated:  # vacant, until an import says who holds it
                Post.objects.create(
                    chamber=house, division=divisions[seat.division], role=seat.role, label=seat.label
                )
                difference.create(f"post {seat.label}")
        wanted = {
            (zcta, divisions[district_id(state, cd)].pk) for zcta, where in found.areas.items() for state, cd in where
        }
        known = {
            (code, division): pk
            for pk, code, division in PostalArea.objects.filter(country="us").values_list("pk", "code", "division")
        }
        new = wanted - known.keys()
        PostalArea.objects.bulk_create(
            (PostalArea(country="us", code=code, division_id=division) for code, division in sorted(new)),
            batch_size=_BATCH,
        )
        gone = [pk for key, pk in known.items() if key not in wanted]
        for start in range(0, len(gone), 500):
            PostalArea.objects.filter(pk__in=gone[start : start + 500]).delete()
        difference.created += len(new)
        difference.ended += len(gone)
        difference.lines += [f"+ {len(new)} postal areas"] * bool(new) + [f"- {len(gone)} postal areas"] * bool(gone)
    return _counts(found), difference


def _counts(found: ZipDistricts) -> dict[str, int]:
    return {
        "rows": found.rows,
        "zip_areas": len(found.areas),
        "split_zip_areas": sum(len(where) > 1 for where in found.areas.values()),
        "zip_areas_in_several_states": sum(len({s for s, _ in where}) > 1 for where in found.areas.values()),
        "districts": len(found.districts),
    }
