"""The people whom legislators represent, for many seats at once: as many queries for one as for 537. Reads only.

Counted as everywhere: confirmed people, no tests. Quoted are only people whose last word on that is yes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    Max,
    Q,
    QuerySet,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf, Trim
from django.utils.translation import gettext as _

from campaigns.models import (
    Campaign,
    ChannelName,
    Letter,
    LetterChange,
    LetterState,
    Pledge,
    PledgeState,
    RuleKind,
    TallyKind,
    TargetRule,
)
from campaigns.quotes import QUOTES_READ, choose, quotable, quotes_by_pledge
from campaigns.tallies import sums
from contacts.ancestry import parents_of, upwards
from contacts.models import Chamber, Division, Post, Residence
from policy.briefs.facts import PlaceCount
from policy.briefs.sections import Quote

# Fewer people than this in one place are counted with the rest, so that nobody can be picked out.
LEAST_PEOPLE = 3
PLACES_SHOWN = 8
# The share of people whose places must be named; a list that says “other places” says nothing.
WORTH_NAMING = 0.25
# Letters whose writer does not stand behind them any more.
UNCOUNTED = ~Q(pledge__state=PledgeState.CONFIRMED)

Key = TypeVar("Key")
# People per place: a key that tells places apart → the name as printed, and how many.
Counts = dict[object, tuple[str, int]]


@dataclass
class Here:
    """What is known of the people of one place."""

    people: int = 0
    letters: int = 0
    # Of these, from people who took their pledge back since, or are not counted any more.
    letters_uncounted: int = 0
    letters_at: datetime | None = None
    towns: Counts = field(default_factory=dict)
    districts: Counts = field(default_factory=dict)
    quotes: tuple[Quote, ...] = ()

    @property
    def places(self) -> tuple[PlaceCount, ...]:
        return best_named([self.towns, self.districts if len(self.districts) > 1 else {}])


def accepted_letters(campaign: Campaign) -> QuerySet[Letter]:
    """A brief says “accepted by mail servers”: what people posted or sent themselves is not that."""
    return (
        Letter.objects.counted()
        .filter(drive__campaign=campaign, state__in=Letter.ACCEPTED)
        .exclude(channel__in=[ChannelName.PRINT, ChannelName.LINK])
    )


def constituents(campaign: Campaign, seats: Mapping[Key, Collection[Post]]) -> dict[Key, Here]:
    """For each key the people who live where its posts are for, and the letters to these posts."""
    roots = {key: frozenset(post.division_id for post in posts) for key, posts in seats.items()}
    by_roots = _people(campaign, set(roots.values()))
    posts = {post.pk for some in seats.values() for post in some}
    accepted = accepted_letters(campaign).filter(post__in=posts).values_list("post")
    letters = {
        post: (n, uncounted)
        for post, n, uncounted in accepted.annotate(n=Count("pk"), uncounted=Count("pk", filter=UNCOUNTED))
    }
    moments = dict(
        _letter_changes(campaign)
        .filter(letter__post__in=posts)
        .values_list("letter__post")
        .annotate(at=Max("at"))
    )
    found: dict[Key, Here] = {}
    for key, some in seats.items():
        shared = by_roots[roots[key]]
        at = [moments[post.pk] for post in some if post.pk in moments]
        found[key] = Here(
            people=shared.people,
            letters=sum(letters[post.pk][0] for post in some if post.pk in letters),
            letters_uncounted=sum(letters[post.pk][1] for post in some if post.pk in letters),
            letters_at=max(at, default=None),
            towns=shared.towns,
            districts=shared.districts,
            quotes=shared.quotes,
        )
    return found


def _letter_changes(campaign: Campaign) -> QuerySet[LetterChange]:
    """Changes that move the count of accepted letters."""
    return LetterChange.objects.filter(
        Q(to_state=LetterState.SENT) | Q(from_state__in=Letter.ACCEPTED, to_state=LetterState.BOUNCED),
        letter__drive__campaign=campaign,
        letter__is_test=False,
    )


def last_letter_change(campaign: Campaign) -> datetime | None:
    at: datetime | None = _letter_changes(campaign).aggregate(at=Max("at"))["at"]
    return at


# People of many places at once --------------------------------------------------------------------


def _people(campaign: Campaign, wanted: set[frozenset[UUID]]) -> dict[frozenset[UUID], Here]:
    found = {roots: Here() for roots in wanted}
    if not wanted:
        return found
    depth = _depth_below({root for roots in wanted for root in roots})
    for group in _rounds(wanted):
        if len(group) == 1:
            (roots,) = group
            seat = _seat(roots, depth, Value(min(roots), output_field=UUIDField()))
            owners = {min(roots): found[roots]}
        else:
            owners = {next(iter(roots)): found[roots] for roots in group}
            seat = _seat(owners, depth)
        _fill(campaign, seat, owners)
    return found


def _rounds(wanted: set[frozenset[UUID]]) -> list[set[frozenset[UUID]]]:
    """Places parted so that in one round none lies in another; somebody with several seats gets an own round."""
    single = {next(iter(roots)) for roots in wanted if len(roots) == 1}
    parents = parents_of(single)
    by_height: dict[int, set[frozenset[UUID]]] = defaultdict(set)
    for division in single:
        height = sum(place in single for place in upwards(division, parents)[1:])
        by_height[height].add(frozenset([division]))
    return [by_height[height] for height in sorted(by_height)] + [
        {roots} for roots in wanted if len(roots) > 1
    ]


def _depth_below(roots: set[UUID]) -> int:
    """How many steps lead down from these places to the smallest in them."""
    depth, layer = 0, roots
    while (
        layer := set(Division.objects.filter(parent__in=layer).values_list("pk", flat=True))
    ) and depth < 9:
        depth += 1
    return depth


def _seat(roots: Iterable[UUID], depth: int, name: Value | None = None) -> Case:
    """The place of `roots` that a residence lies in, or null."""
    roots = list(roots)
    ways = ["division" + "__parent" * step for step in range(depth + 1)]
    return Case(
        *(When(**{f"{way}__in": roots}, then=name or F(f"{way}_id")) for way in ways),
        output_field=UUIDField(null=True),
    )


def _fill(campaign: Campaign, seat: Case, owners: Mapping[UUID, Here]) -> None:
    everybody = Pledge.objects.counted().filter(campaign=campaign)
    # Spelled out and not as `in=everybody`: a join is three times as fast as a sub-select here.
    residences = (
        Residence.objects.filter(
            supporter__pledges__campaign=campaign,
            supporter__pledges__state=PledgeState.CONFIRMED,
            supporter__pledges__is_test=False,
        )
        .annotate(seat=seat)
        .filter(seat__isnull=False)
    )
    town = Coalesce(
        NullIf(Trim("supporter__pledges__city"), Value("")),
        "supporter__pledges__postal_code",
        output_field=CharField(),
    )
    towns = residences.annotate(town=town).values_list("seat", "town")
    people = Count("supporter__pledges", distinct=True)
    for owner, name, n in towns.annotate(people=people).order_by("-people", "town"):
        owners[owner].people += n
        add_town(owners[owner].towns, name, "", n)
    chamber = largest_chamber(campaign)
    districts = (
        set(Post.objects.filter(chamber=chamber).values_list("division", flat=True)) if chamber else set()
    )
    # Whoever sits for a district needs no list of districts.
    if not set(owners) <= districts:
        # Sorted out here: a list of hundreds of districts leads SQLite to a plan fifty times as slow.
        rows = residences.values_list("seat", "division", "division__name")
        for owner, district, name, n in rows.annotate(people=Count("supporter", distinct=True)):
            if district in districts:
                owners[owner].districts[district] = (name, n)
    told = quotable(everybody)
    pairs = (
        residences.filter(supporter__pledges__in=told.values("pk"))
        .order_by("supporter__pledges__confirmed_at", "supporter__pledges")
        .values_list("seat", "supporter__pledges")
    )
    pledges: dict[UUID, dict[UUID, None]] = defaultdict(dict)
    for owner, pledge in pairs:
        if len(pledges[owner]) < QUOTES_READ:
            pledges[owner][pledge] = None
    told_by = quotes_by_pledge(told, {pk for some in pledges.values() for pk in some})
    for owner, some in pledges.items():
        owners[owner].quotes = choose([told_by[pk] for pk in some if pk in told_by])


# Places -------------------------------------------------------------------------------------------


def add_town(counts: Counts, city: str, postal_code: str, people: int) -> None:
    """A town is one whatever its capitals were when people wrote it; without a town its postal code names it."""
    town = city.strip() or postal_code
    name, before = counts.get(town.casefold(), (town, 0))
    counts[town.casefold()] = (name, before + people)


def largest_chamber(campaign: Campaign) -> Chamber | None:
    """The chamber with most seats that the campaign writes to: everybody lives in one of its districts."""
    chambers = TargetRule.objects.filter(
        group__campaign=campaign, kind=RuleKind.MY_REPRESENTATIVES, exclude=False, chamber__isnull=False
    ).values("chamber")
    seats = Chamber.objects.filter(pk__in=chambers).annotate(seats=Count("posts"))
    return seats.order_by("-seats", "pk").first()


def in_towns(campaign: Campaign) -> Counts:
    """Confirmed people of each town, by its name without capitals."""
    towns: Counts = {}
    # The commonest way to write a town names it.
    for town, n in sorted(sums(TallyKind.TOWNS, [campaign.pk]), key=lambda row: (-row[1], row[0])):
        add_town(towns, town, "", n)
    return towns


def in_districts(campaign: Campaign) -> dict[UUID, tuple[str, int]]:
    """Confirmed people of each district of `largest_chamber`, by its id; places without any are left out."""
    chamber = largest_chamber(campaign)
    if chamber is None:
        return {}
    people = {UUID(key): n for key, n in sums(TallyKind.DIVISIONS, [campaign.pk])}
    names = Post.objects.filter(chamber=chamber).values_list("division", "division__name")
    return {division: (name, people[division]) for division, name in names if division in people}


def best_named(ways: Iterable[Mapping[Any, tuple[str, int]]]) -> tuple[PlaceCount, ...]:
    """The first way to count by place that names the places of at least half the people, else the best."""
    best: tuple[PlaceCount, ...] = ()
    best_share = WORTH_NAMING
    for counts in ways:
        places = pooled(counts.values())
        people = sum(place.people for place in places)
        named = sum(place.people for place in places if not place.is_rest)
        if people and named / people >= 0.5:
            return places
        if people and named / people > best_share:
            best, best_share = places, named / people
    return best


def pooled(counts: Iterable[tuple[str, int]], *, shown: int = PLACES_SHOWN) -> tuple[PlaceCount, ...]:
    """The places with the most people, and all others in one row; none when no place may be named."""
    ordered = sorted(counts, key=lambda item: (-item[1], item[0]))
    named = [(name, number) for name, number in ordered if number >= LEAST_PEOPLE][:shown]
    rest = sum(number for _name, number in ordered) - sum(number for _name, number in named)
    if named and 0 < rest < LEAST_PEOPLE:
        # One or two left over could be told by subtracting; the smallest named place joins them.
        rest += named.pop()[1]
    if not named:
        return ()
    places = [PlaceCount(name, number) for name, number in named]
    return (*places, PlaceCount(_("Other places"), rest, is_rest=True)) if rest else tuple(places)
