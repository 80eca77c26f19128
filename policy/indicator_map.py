"""A series of figures in one period as pages and briefs show it: the finding in words, and the map of tiles."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.models import Division
from policy.charts.tiles import Places, Tile, tile_map, us_states
from policy.indicators import Standing, figure, with_unit
from policy.words import labelled


def finding(found: Standing) -> str:
    """What the period shows, in one or two sentences."""
    indicator, known = found.indicator, len(found.known)
    if indicator.target is not None:
        about = {
            "short": intcomma(found.short),
            "known": intcomma(known),
            "target": with_unit(indicator.target, indicator.unit),
            "period": found.period,
        }
        said = ngettext(
            "In %(period)s, %(short)s of %(known)s places misses the target of %(target)s.",
            "In %(period)s, %(short)s of %(known)s places miss the target of %(target)s.",
            found.short,
        )
        said %= about
    elif known:
        first, last = found.known[0], found.known[-1]
        said = _("In %(period)s, from %(best)s in %(first)s to %(worst)s in %(last)s.") % {
            "period": found.period,
            "best": with_unit(first.number, indicator.unit),
            "worst": with_unit(last.number, indicator.unit),
            "first": first.division.name,
            "last": last.division.name,
        }
    else:
        said = _("In %(period)s, no place here has a figure.") % {"period": found.period}
    if found.missing:
        told = ngettext("%(n)s place has no figure.", "%(n)s places have no figure.", found.missing)
        said += " " + told % {"n": intcomma(found.missing)}
    return said


def indicator_map(found: Standing, width: float = 400) -> str:
    """The places as tiles: the United States as they lie, any others in rows."""
    places = sorted(found.places, key=lambda place: place.division.ocd_id)
    codes = short_codes([place.division for place in places])
    tiles = [
        Tile(
            code=codes[place.division.pk],
            value=None if place.number is None else float(place.number),
            shown="" if place.number is None else figure(place.number, found.decimals),
            falls_short=place.falls_short,
        )
        for place in places
    ]
    return tile_map(
        title=labelled(found.indicator.name, finding(found)),
        description="; ".join(
            labelled(place.division.name, with_unit(place.number, found.indicator.unit))
            for place in found.places
        ),
        tiles=tiles,
        places=drawn_places([place.division for place in places]),
        short_words=_("misses the target"),
        width=width,
    )


def drawn_places(divisions: Iterable[Division]) -> Places | None:
    """Where tiles of these places stand: the United States as they lie; None for places that stand in rows."""
    is_states = any(
        place.ocd_id.count("/") == 2 and "/country:us/state:" in place.ocd_id for place in divisions
    )
    return us_states() if is_states else None


def short_codes(divisions: Sequence[Division]) -> dict[UUID, str]:
    """A short code for each place, no two the same: TX, TX-7, or the district's number where all lie in one place."""
    parts = {place.pk: place.ocd_id.split("/") for place in divisions}
    alone = len({tuple(ids[:-1]) for ids in parts.values()}) == 1
    codes = {}
    for pk, ids in parts.items():
        own = ids[-1].partition(":")[2].upper()
        above = ids[-2].partition(":")[2].upper() if len(ids) > 1 else ""
        codes[pk] = (
            own if alone or ids[-1].startswith(("state:", "district:", "territory:")) else f"{above}-{own}"
        )
    taken: set[str] = set()
    for pk, code in codes.items():
        short, n = code[:7], 1
        while short in taken:
            n += 1
            short = f"{code[:4]}{n}"
        taken.add(short)
        codes[pk] = short
    return codes
