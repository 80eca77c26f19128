"""Where a story comes from, no closer than helps: a state or region, never a district or a town."""

from contacts.ancestry import parents_of, upwards
from contacts.matching import match_postal_code
from contacts.models import Division, Level

_WIDE = {Level.NATIONAL, Level.INTERNATIONAL}


def place_of(country: str, postal_code: str) -> Division | None:
    """The widest place below the nation that a postal code lies in; None where it may be one of several, or none."""
    match = match_postal_code(country, postal_code, chambers=[])
    starts = {division.pk for division, _share in match.divisions}
    if not starts:
        return None
    parents = parents_of(starts)
    known = Division.objects.in_bulk(list(parents))
    widest = set()
    for start in starts:
        below = [known[pk] for pk in upwards(start, parents) if known[pk].level not in _WIDE]
        if below:
            widest.add(below[-1].pk)
    return known[widest.pop()] if len(widest) == 1 else None
