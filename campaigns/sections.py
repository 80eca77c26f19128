"""A campaign's numbers, places and quotes as plain facts, to be passed down to briefs. Reads only.

Counted as everywhere: confirmed people, no tests. `constituents` does the same for the people of many places.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaigns.constituents import (
    UNCOUNTED,
    Here,
    accepted_letters,
    best_named,
    constituents,
    in_districts,
    in_towns,
    last_letter_change,
)
from campaigns.models import Campaign, Pledge, PledgeChange, PledgeState
from campaigns.quotes import QUOTES, quotes
from campaigns.stories.quotes import story_quotes
from campaigns.targets import holders, posts_of_group
from contacts.ancestry import parents_of, upwards
from contacts.models import Division, Membership, Post
from policy.briefs.facts import CampaignFacts, Decider, PlaceCount
from policy.models import Stance, StanceLevel

Key = TypeVar("Key")


def campaign_facts(campaign: Campaign, *, posts: Collection[Post] = (), on: date) -> CampaignFacts:
    """What a brief may say of a campaign; with `posts`, of the people whom these posts represent."""
    everywhere = _everywhere(campaign)
    if posts:
        return _narrowed(everywhere, constituents(campaign, {"": posts})[""])
    return replace(
        everywhere,
        places=_places(campaign),
        # Passages that somebody chose stand before those that were only signed with.
        quotes=(*story_quotes(campaign), *quotes(Pledge.objects.counted().filter(campaign=campaign)))[
            :QUOTES
        ],
        deciders=deciders(campaign, on),
        organizations=tuple(campaign.endorsements.standing().values_list("name", flat=True)),
        facts_at=max(
            [everywhere.facts_at, *_moment(last_letter_change(campaign)), *_moment(_decided(campaign))]
        ),
    )


def campaign_facts_for_each(
    campaign: Campaign, seats: Mapping[Key, Collection[Post]]
) -> dict[Key, CampaignFacts]:
    """The same facts as `campaign_facts` gives for each of many legislators, in a few queries for all."""
    everywhere = _everywhere(campaign)
    return {key: _narrowed(everywhere, here) for key, here in constituents(campaign, seats).items()}


def _everywhere(campaign: Campaign) -> CampaignFacts:
    """What holds whoever the brief is for. `facts_at` is the newest pledge given or taken back."""
    sent = accepted_letters(campaign).aggregate(
        letters=Count("pk"),
        offices=Count("post", distinct=True),
        uncounted=Count("pk", filter=UNCOUNTED),
    )
    changed = PledgeChange.objects.filter(
        Q(to_state=PledgeState.CONFIRMED) | Q(from_state=PledgeState.CONFIRMED),
        pledge__campaign=campaign,
        pledge__is_test=False,
    ).aggregate(at=Max("at"))["at"]
    page = [campaign.organization.slug, campaign.slug]
    words = campaign.words_in([get_language() or ""])
    return CampaignFacts(
        series=f"campaign:{campaign.pk}",
        title=str(words.title),
        ask=str(words.ask),
        why=str(words.why),
        page_url=settings.SITE_URL + reverse("campaigns:campaign", args=page),
        definition_url=settings.SITE_URL + reverse("campaigns:how-we-count"),
        is_test=campaign.is_test,
        people=Pledge.objects.counted().filter(campaign=campaign).count(),
        people_here=0,
        letters_accepted=sent["letters"],
        letters_uncounted=sent["uncounted"],
        letters_here=0,
        offices=sent["offices"],
        places=(),
        quotes=(),
        deciders=(),
        facts_at=max([*_moment(campaign.created_at), *_moment(changed)]),
    )


def _narrowed(everywhere: CampaignFacts, here: Here) -> CampaignFacts:
    return replace(
        everywhere,
        people_here=here.people,
        letters_here=here.letters,
        letters_here_uncounted=here.letters_uncounted,
        places=here.places,
        quotes=here.quotes,
        facts_at=max([everywhere.facts_at, *_moment(here.letters_at)]),
    )


def _moment(at: datetime | None) -> list[datetime]:
    return [at.replace(microsecond=0)] if at else []


def _decided(campaign: Campaign) -> datetime | None:
    """When an organisation that supports it was last shown or taken down."""
    decided: datetime | None = campaign.endorsements.aggregate(at=Max("decided_at"))["at"]
    return decided


# Places -----------------------------------------------------------------------------------------


def _places(campaign: Campaign) -> tuple[PlaceCount, ...]:
    """By region, by town or by district: the first that names the places of at least half the people."""
    districts = in_districts(campaign)
    own = districts if len(districts) > 1 else {}
    return best_named([_by_region(districts), in_towns(campaign), own])


def _by_region(districts: dict[UUID, tuple[str, int]]) -> dict[UUID, tuple[str, int]]:
    """The same people per region: the highest place below the country that their district lies in."""
    parents = parents_of(districts)
    people_of: dict[UUID, int] = {}
    for district, (_name, people) in districts.items():
        region = upwards(district, parents)[-2:][0]  # the last is the country, unless the district itself is
        people_of[region] = people_of.get(region, 0) + people
    names = dict(Division.objects.filter(pk__in=people_of).values_list("pk", "name"))
    return {pk: (names[pk], people) for pk, people in people_of.items()} if len(people_of) > 1 else {}


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
