"""Where a campaign's people live, as tiles: districts, or what they lie in where there are too many to read."""

import re
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _

from campaigns.constituents import largest_chamber
from campaigns.findings.table import Table
from campaigns.models import Campaign, TallyKind
from campaigns.tallies import sums
from contacts.models import Division, Post
from policy.charts.tiles import Tile, tile_map
from policy.indicator_map import drawn_places, short_codes
from policy.words import labelled

# More tiles than this can't be read on a phone.
MOST_TILES = 120
Counted = list[tuple[Division, int]]


def districts(campaign: Campaign) -> Counted:
    """All districts of the chamber that divides the place most finely, with the confirmed people who live there."""
    chamber = largest_chamber(campaign)
    if chamber is None:
        return []
    people = {UUID(key): n for key, n in sums(TallyKind.DIVISIONS, [campaign.pk])}
    lived_in = Post.objects.filter(chamber=chamber).order_by().values("division")
    divisions = Division.objects.filter(pk__in=lived_in).select_related("parent").order_by("ocd_id")
    return [(division, people.get(division.pk, 0)) for division in divisions]


def _rolled_up(counted: Counted) -> Counted:
    """The same people by what districts lie in, short of the country: a state for its districts."""
    people: dict[Division, int] = defaultdict(int)
    for division, n in counted:
        around = division.parent
        people[around if around is not None and around.parent_id else division] += n
    return sorted(people.items(), key=lambda row: row[0].ocd_id)


def people_map(counted: Counted, width: float = 400) -> str:
    """A map of tiles, or nothing where it would say nothing: one place, or more than can be read."""
    shown = counted if len(counted) <= MOST_TILES else _rolled_up(counted)
    if not 1 < len(shown) <= MOST_TILES or not any(n for _place, n in shown):
        return ""
    shown = sorted(shown, key=lambda row: _in_order(row[0]))
    codes = short_codes([place for place, _n in shown])
    return tile_map(
        title=_title(shown),
        description="; ".join(labelled(place.name, intcomma(n)) for place, n in shown),
        tiles=[Tile(code=codes[place.pk], value=n, shown=intcomma(n)) for place, n in shown],
        places=drawn_places([place for place, _n in shown]),
        width=width,
    )


def _in_order(place: Division) -> list[tuple[int, str]]:
    """Numbers in names as numbers: district 9 before district 10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", place.ocd_id)]


def _title(shown: Sequence[tuple[Division, int]]) -> str:
    some = sum(1 for _place, n in shown if n)
    return _("People in %(some)s of %(all)s places") % {"some": intcomma(some), "all": intcomma(len(shown))}


def where_most(table: Table) -> str:
    """Where most supporters live, by a table with the most first; of places with as many none is named alone."""
    place, most = table.rows[0][:2]
    also = sum(n == most for _place, n, *_rest in table.rows)
    if also == 1:
        return _("%(place)s has the most supporters") % {"place": place}
    return _("%(places)s places have the most supporters, %(n)s each") % {
        "places": also,
        "n": intcomma(str(most)),
    }
