"""A campaign's numbers, places and quotes as plain facts, to be passed down to briefs. Reads only.

Counted as everywhere: confirmed people, no tests. Quoted are only people whose last word on that is yes.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.models import (
    Campaign,
    ChannelName,
    Letter,
    LetterChange,
    LetterState,
    Pledge,
    PledgeChange,
    PledgeState,
    RuleKind,
    TargetRule,
)
from campaigns.targets import holders, posts_of_group
from contacts.models import Chamber, Consent, Division, Membership, Post, Purpose, Residence
from policy.briefs.facts import CampaignFacts, Decider, PlaceCount
from policy.briefs.sections import Quote
from policy.models import Stance, StanceLevel

# Fewer people than this in one place are counted with the rest, so that nobody can be picked out.
LEAST_PEOPLE = 3
PLACES_SHOWN = 8
# The share of people whose places must be named; a list that says “other places” says nothing.
WORTH_NAMING = 0.25
QUOTES = 5
QUOTE_LENGTHS = range(30, 341)


def campaign_facts(campaign: Campaign, *, posts: Collection[Post] = (), on: date) -> CampaignFacts:
    """What a brief may say of a campaign; with `posts`, of the people whom these posts represent."""
    everybody = Pledge.objects.counted().filter(campaign=campaign)
    # A brief says "accepted by mail servers": what people posted or sent themselves is not that.
    letters = (
        Letter.objects.counted()
        .filter(drive__campaign=campaign, state__in=Letter.ACCEPTED)
        .exclude(channel__in=[ChannelName.PRINT, ChannelName.LINK])
    )
    here = everybody
    letters_here = letters
    if posts:
        divisions = with_descendants({post.division_id for post in posts})
        here = everybody.filter(living_in(divisions))
        letters_here = letters.filter(post__in=posts)
    sent = letters.aggregate(letters=Count("pk"), offices=Count("post", distinct=True))
    page = [campaign.organization.slug, campaign.slug]
    return CampaignFacts(
        series=f"campaign:{campaign.pk}",
        title=campaign.title,
        ask=campaign.ask,
        why=campaign.why,
        page_url=settings.SITE_URL + reverse("campaigns:campaign", args=page),
        definition_url=settings.SITE_URL + reverse("campaigns:how-we-count"),
        is_test=campaign.is_test,
        people=everybody.count(),
        people_here=here.count() if posts else 0,
        letters_accepted=sent["letters"],
        letters_here=letters_here.count() if posts else 0,
        offices=sent["offices"],
        places=_places(campaign, here, posts),
        quotes=quotes(here),
        deciders=() if posts else deciders(campaign, on),
        facts_at=_facts_at(campaign, posts),
    )


def with_descendants(division_ids: Iterable[UUID]) -> set[UUID]:
    """Divisions and everything that lies in them."""
    found: set[UUID] = set()
    layer = set(division_ids)
    while layer:
        found |= layer
        layer = set(Division.objects.filter(parent__in=layer).values_list("pk", flat=True)) - found
    return found


def living_in(divisions: Collection[UUID]) -> Exists:
    """The condition that a pledge's supporter lives in one of the divisions."""
    return Exists(Residence.objects.filter(supporter=OuterRef("supporter"), division__in=divisions))


def _facts_at(campaign: Campaign, posts: Collection[Post]) -> datetime:
    """When the newest counted fact came to be: a pledge given or taken back, a letter accepted or not."""
    pledges = PledgeChange.objects.filter(
        Q(to_state=PledgeState.CONFIRMED) | Q(from_state=PledgeState.CONFIRMED),
        pledge__campaign=campaign,
        pledge__is_test=False,
    )
    letters = LetterChange.objects.filter(
        Q(to_state=LetterState.SENT) | Q(from_state__in=Letter.ACCEPTED, to_state=LetterState.BOUNCED),
        letter__drive__campaign=campaign,
        letter__is_test=False,
    )
    if posts:
        letters = letters.filter(letter__post__in=posts)
    moments: list[datetime] = [campaign.created_at]
    moments += [at for rows in (pledges, letters) if (at := rows.aggregate(at=Max("at"))["at"])]
    return max(moments).replace(microsecond=0)


# Places -----------------------------------------------------------------------------------------


def _places(campaign: Campaign, pledges: QuerySet[Pledge], posts: Collection[Post]) -> tuple[PlaceCount, ...]:
    """By town, by region or by district: the first that names the places of at least half the people."""
    districts = _by_district(campaign, pledges)
    ways = [_by_town(pledges)] if posts else [_by_region(districts), _by_town(pledges)]
    if len(districts) > 1:
        ways.append(districts)
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


Counts = dict[object, tuple[str, int]]


def _by_town(pledges: QuerySet[Pledge]) -> Counts:
    """People per town, whatever its capitals were when they wrote it, or per postal code without a town."""
    counts: dict[object, tuple[str, int]] = {}
    rows = pledges.values("city", "postal_code").annotate(people=Count("pk")).order_by("-people", "city")
    for row in rows.values_list("city", "postal_code", "people"):
        town = row[0].strip() or row[1]
        name, people = counts.get(town.casefold(), (town, 0))
        counts[town.casefold()] = (name, people + row[2])
    return counts


def _by_district(campaign: Campaign, pledges: QuerySet[Pledge]) -> Counts:
    """People per district of the largest chamber the campaign writes to: everybody lives in one of them."""
    chambers = TargetRule.objects.filter(
        group__campaign=campaign, kind=RuleKind.MY_REPRESENTATIVES, exclude=False, chamber__isnull=False
    ).values("chamber")
    largest = (
        Chamber.objects.filter(pk__in=chambers)
        .annotate(seats=Count("posts"))
        .order_by("-seats", "pk")
        .first()
    )
    if largest is None:
        return {}
    divisions = Post.objects.filter(chamber=largest).values("division")
    rows = (
        Residence.objects.filter(supporter__pledges__in=pledges, division__in=divisions)
        .values("division", "division__name")
        .annotate(people=Count("supporter", distinct=True))
    )
    counts: Counts = {row["division"]: (row["division__name"], row["people"]) for row in rows}
    return counts


def _by_region(districts: Counts) -> Counts:
    """The same people per region: the highest place below the country that their district lies in."""
    parents: dict[UUID, tuple[UUID | None, str]] = {}
    layer = {key for key in districts if isinstance(key, UUID)}
    while layer:
        rows = Division.objects.filter(pk__in=layer).values_list("pk", "parent_id", "name")
        parents |= {pk: (parent, name) for pk, parent, name in rows}
        layer = {parent for parent, _name in parents.values() if parent is not None} - set(parents)
    counts: Counts = {}
    for key, (_district, people) in districts.items():
        region = key
        # A region's parent is the country, which has none.
        while isinstance(region, UUID) and (parent := parents[region][0]) and parents[parent][0] is not None:
            region = parent
        if isinstance(region, UUID):
            name, before = parents[region][1], counts.get(region, ("", 0))[1]
            counts[region] = (name, before + people)
    return counts if len(counts) > 1 else {}


def pooled(counts: Iterable[tuple[str, int]]) -> tuple[PlaceCount, ...]:
    """The places with the most people, and all others in one row; none when no place may be named."""
    ordered = sorted(counts, key=lambda item: (-item[1], item[0]))
    named = [(name, number) for name, number in ordered if number >= LEAST_PEOPLE][:PLACES_SHOWN]
    rest = sum(number for _name, number in ordered) - sum(number for _name, number in named)
    if named and 0 < rest < LEAST_PEOPLE:
        # One or two left over could be told by subtracting; the smallest named place joins them.
        rest += named.pop()[1]
    if not named:
        return ()
    places = [PlaceCount(name, number) for name, number in named]
    return (*places, PlaceCount(_("Other places"), rest, is_rest=True)) if rest else tuple(places)


# Quotes -----------------------------------------------------------------------------------------


def quotes(pledges: QuerySet[Pledge]) -> tuple[Quote, ...]:
    """Supporters' own words, of as many places as there are; each with the consent that allows it.

    What they agreed to: their words, with first name and town, in briefs to representatives.
    """
    last = Consent.objects.filter(supporter=OuterRef("supporter"), purpose=Purpose.STORY).order_by("-id")
    rows = (
        pledges.exclude(comment="")
        .exclude(name="")
        .filter(supporter__erased_at__isnull=True)
        .annotate(
            quotable=Subquery(last.values("given")[:1]),
            consent=Subquery(last.values("pk")[:1]),
            words_version=Subquery(last.values("text_version")[:1]),
        )
        .filter(quotable=True)
        .order_by("confirmed_at", "pk")
        .values_list("comment", "name", "city", "language", "consent", "words_version")[:500]
    )
    by_place: dict[str, list[Quote]] = {}
    seen: set[str] = set()
    for comment, name, city, language, consent, version in rows:
        words = " ".join(comment.split())
        if len(words) in QUOTE_LENGTHS and words.casefold() not in seen:
            seen.add(words.casefold())
            proof = f"consent {consent}, words {version}"
            quote = Quote(words, name.split()[0], city.strip(), proof, language)
            by_place.setdefault(city.strip().casefold(), []).append(quote)
    chosen: list[Quote] = []
    # One of each place before the second of any.
    for turn in range(QUOTES):
        chosen += [of_place[turn] for of_place in by_place.values() if turn < len(of_place)]
    return tuple(chosen[:QUOTES])


# Who decides ------------------------------------------------------------------------------------


def targets(campaign: Campaign, on: date) -> list[tuple[Post, Membership | None]]:
    """Every seat the campaign may write to, with who holds it now."""
    posts: dict[UUID, Post] = {}
    for group in campaign.target_groups.prefetch_related("rules").order_by("is_fallback", "order", "name"):
        group.campaign = campaign
        for post in posts_of_group(group, None, on):
            posts.setdefault(post.pk, post)
    held = holders(list(posts.values()), on)
    return [(post, held.get(post.pk)) for post in posts.values()]


def deciders(campaign: Campaign, on: date) -> tuple[Decider, ...]:
    """Everybody the campaign may write to, with the latest known position; known ones first."""
    stances = Stance.objects.filter(organization=campaign.organization_id, measure=campaign.measure_id)
    levels = dict(stances.latest_per_legislator().values_list("legislator_id", "level"))
    found = []
    for post, seat in targets(campaign, on):
        level = levels.get(seat.legislator_id) if seat else None
        found.append(
            Decider(
                name=seat.legislator.name if seat else _("Vacant"),
                seat=post.label,
                party=seat.party if seat else "",
                level=level,
                stand=str(StanceLevel(level).label) if level else (_("Not known yet") if seat else ""),
            )
        )
    return tuple(sorted(found, key=lambda row: (row.level is None, -(row.level or 0), row.name)))
