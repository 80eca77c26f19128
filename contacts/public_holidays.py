"""Public holidays of a place, as the `holidays` package knows them (https://holidays.readthedocs.io)."""

from datetime import date
from functools import lru_cache
from types import MappingProxyType

_NONE: MappingProxyType[date, str] = MappingProxyType({})


def holidays_of(ocd_id: str, first: date, last: date) -> dict[date, str]:
    """Days off from `first` to `last` in the place of a division, with their names; none where they are not known.

    The place's own days count where the package knows the place (`country:us/state:tx`), else the country's.
    """
    found: dict[date, str] = {}
    for year in range(first.year, last.year + 1):
        found |= _of_year(*_place(ocd_id), year)
    return {day: name for day, name in sorted(found.items()) if first <= day <= last}


def _place(ocd_id: str) -> tuple[str, str]:
    """Country and first subdivision of `ocd-division/country:us/state:tx/…`, as the package writes them."""
    parts = [part.partition(":")[2].upper() for part in ocd_id.split("/")[1:3]]
    return (parts[0] if parts else ""), (parts[1] if len(parts) > 1 else "")


@lru_cache(maxsize=1024)
def _of_year(country: str, subdivision: str, year: int) -> MappingProxyType[date, str]:
    # Loaded when the first drive asks: most processes never need it.
    import holidays

    subdivisions = holidays.list_supported_countries().get(country)
    if subdivisions is None:
        return _NONE
    known = subdivision if subdivision in subdivisions else None
    return MappingProxyType(dict(holidays.country_holidays(country, subdiv=known, years=year, expand=False)))
