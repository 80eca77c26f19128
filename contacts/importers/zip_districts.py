"""ZIP code areas → congressional districts (OpenSourceActivismTech/us-zipcodes-congress, US Government work)."""

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from contacts.importers.rows import BadRow, FilesMissing
from contacts.importers.us_congress import MOST_DISTRICTS
from contacts.importers.us_places import PLACES
from contacts.importers.values import shown

HEADER = ["state_fips", "state_abbr", "zcta", "cd"]

Tick = Callable[[int], object]


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
    try:
        # A byte order mark, which spreadsheets write, is no part of the first name.
        with file.open(encoding="utf-8-sig", newline="") as text:
            _read_rows(csv.reader(text, strict=True), file.name, found, tick)
    except UnicodeDecodeError as fault:
        raise FilesMissing(f"{file.name}:{found.rows + 2}: not text in UTF-8.") from fault
    except csv.Error as fault:
        raise FilesMissing(f"{file.name}:{found.rows + 2}: not valid CSV: {fault}.") from fault
    if not found.rows:
        raise FilesMissing(f"{file.name} has no rows.")
    return found


def _read_rows(reader: Iterator[list[str]], name: str, found: ZipDistricts, tick: Tick) -> None:
    if next(reader, None) != HEADER:
        raise FilesMissing(f"{name}:1: the first line must be {','.join(HEADER)}.")
    for number, row in enumerate(reader, start=2):
        found.rows += 1
        if number % 1000 == 0:
            tick(1000)
        problem = _add(row, found)
        if problem:
            found.bad.append(BadRow(f"{name}:{number}", problem))


def _add(row: list[str], found: ZipDistricts) -> str:
    """Take a row over; gives what is wrong with it, if anything."""
    if len(row) != len(HEADER):
        return f"{len(row)} fields instead of {len(HEADER)}"
    fips, state, zcta, district = (cell.strip() for cell in row)
    if state not in PLACES:
        return f"state_abbr: there is no state or territory {shown(state)}"
    if PLACES[state][1] != fips.zfill(2):
        return f"state_fips: {shown(fips)} is not the number of {state}"
    if not re.fullmatch(r"[0-9]{5}", zcta):
        return f"zcta: {shown(zcta)} is not five digits"
    if not re.fullmatch(r"[0-9]{1,2}", district) or int(district) > MOST_DISTRICTS:
        return f"cd: {shown(district)} is not the number of a district"
    place = (state, int(district))
    if place in found.areas[zcta]:
        return f"the row for {zcta} and {state}-{district} stands twice"
    found.areas[zcta].append(place)
    return ""


def counts(found: ZipDistricts) -> dict[str, int]:
    """What the file holds."""
    return {
        "rows": found.rows,
        "zip_areas": len(found.areas),
        "split_zip_areas": sum(len(where) > 1 for where in found.areas.values()),
        "zip_areas_in_several_states": sum(len({s for s, _ in where}) > 1 for where in found.areas.values()),
        "districts": len(found.districts),
    }
