"""Rules → posts: who gets a letter, and which version of it."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from campaigns.models import Campaign, RuleKind, TargetGroup, TargetRule
from contacts.ancestry import parents_of
from contacts.lookups import looked_up
from contacts.models import Division, Membership, Post
from policy.models import Stance, StanceLevel


def with_ancestors(division_ids: Iterable[UUID]) -> set[UUID]:
    """Divisions and everything they lie in: a House district's state elects its senators."""
    return set(parents_of(division_ids))


def divisions_within(division_ids: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """The other way round: each of the divisions with all that lie in it, itself among them."""
    within = {division: {division} for division in division_ids}
    # Each division found, with those of `division_ids` that it lies in.
    layer = {division: {division} for division in within}
    while layer:
        following: dict[UUID, set[UUID]] = {}
        children = Division.objects.filter(parent__in=layer).values_list("pk", "parent_id")
        for child, parent in children:
            around = {division for division in layer[parent] if child not in within[division]}
            for division in around:
                within[division].add(child)
            if around:
                following.setdefault(child, set()).update(around)
        layer = following
    return within


def holders(posts: Collection[Post | UUID], on: date) -> dict[UUID, Membership]:
    """The membership in force per post id; vacant seats are missing."""
    current = Membership.objects.current(on).filter(post__in=posts).select_related("legislator")
    return {m.post_id: m for m in current if m.post_id is not None}


def called(posts: Collection[Post], on: date) -> dict[UUID, str]:
    """What people call each of these per post id: role and name of who holds it, a vacant seat by its label."""
    seated = holders(posts, on)
    return {post.pk: post.called(seated[post.pk].legislator if post.pk in seated else None) for post in posts}


def _posts_of_rule(rule: TargetRule, divisions: set[UUID] | None, on: date) -> Q:
    """Posts a rule names; with `divisions` None, for any supporter at all."""
    if rule.kind == RuleKind.FIXED:
        return Q(pk=rule.post_id)
    if rule.kind == RuleKind.MY_REPRESENTATIVES:
        here = Q(chamber=rule.chamber_id)
        return here if divisions is None else here & Q(division__in=divisions)
    if rule.kind == RuleKind.COMMITTEE:
        members = Membership.objects.current(on).filter(chamber=rule.chamber_id, post__isnull=True)
        seats = Membership.objects.current(on).filter(
            legislator__in=members.values("legislator"), post__isnull=False
        )
        return Q(pk__in=seats.values("post"))
    campaign = rule.group.campaign
    decided = (
        Stance.objects.filter(organization=campaign.organization_id, measure=campaign.measure_id)
        .latest_per_legislator()
        .exclude(level=StanceLevel.UNDECIDED)
    )
    seats = Membership.objects.current(on).filter(
        chamber=rule.chamber_id, post__isnull=False, legislator__in=decided.values("legislator")
    )
    return Q(chamber=rule.chamber_id) & ~Q(pk__in=seats.values("post"))


def posts_of_rule(rule: TargetRule, on: date) -> list[Post]:
    """The posts that a rule names by itself, for all supporters together."""
    posts = Post.objects.filter(_posts_of_rule(rule, None, on))
    return list(posts.select_related("division", "chamber__jurisdiction").distinct().order_by("label"))


def posts_of_group(group: TargetGroup, divisions: set[UUID] | None, on: date) -> list[Post]:
    """The posts a group's rules give, for a supporter in `divisions` or (None) for all supporters together."""
    rules = list(group.rules.all())
    include = [_posts_of_rule(rule, divisions, on) for rule in rules if not rule.exclude]
    if not include:
        return []
    wanted = include[0]
    for condition in include[1:]:
        wanted |= condition
    posts = Post.objects.filter(wanted)
    for rule in rules:
        if rule.exclude:
            posts = posts.exclude(pk__in=Post.objects.filter(_posts_of_rule(rule, None, on)).values("pk"))
    return list(posts.select_related("division", "chamber__jurisdiction").distinct().order_by("label", "pk"))


def posts_for(campaign: Campaign, divisions: Iterable[UUID], on: date) -> list[tuple[Post, TargetGroup]]:
    """A supporter's targets, each with the one group that takes it.

    Groups are asked in their order; fallback groups only when no other gave a target.
    """
    here = with_ancestors(divisions)
    taken: dict[UUID, tuple[Post, TargetGroup]] = {}
    for group in _groups(campaign):
        if group.is_fallback and taken:
            break
        for post in posts_of_group(group, here, on):
            taken.setdefault(post.pk, (post, group))
    return list(taken.values())


class Target(NamedTuple):
    """A post that somebody's letter goes to, the group that takes it, and who holds it; nobody when it is vacant."""

    post_id: UUID
    group_id: UUID
    legislator_id: UUID | None


def targets_now(campaign: Campaign, divisions: Iterable[UUID], on: date) -> list[Target]:
    """What `posts_for` and `holders` say, some seconds old where many ask: neighbours write to the same people."""
    homes = frozenset(divisions)
    return looked_up(("targets", campaign.pk, on, homes), lambda: _targets(campaign, homes, on))


def _targets(campaign: Campaign, divisions: Iterable[UUID], on: date) -> list[Target]:
    posts = posts_for(campaign, divisions, on)
    seated = holders([post for post, _group in posts], on)
    return [
        Target(post.pk, group.pk, seated[post.pk].legislator_id if post.pk in seated else None)
        for post, group in posts
    ]


# Groups in the order in which they are asked, each with its posts: those given to everybody (None), and those given
# to who lives in a division.
ByGroup = list[tuple[TargetGroup, dict[Post, UUID | None]]]


def targets_by_group(campaign: Campaign, on: date) -> ByGroup:
    """What `posts_for` says of every possible supporter.

    A post that a group gives to somebody who lives nowhere does not depend on where one lives; all others are
    given to those who live in the post's division.
    """
    found: ByGroup = []
    for group in _groups(campaign):
        everybodys = set(posts_of_group(group, set(), on))
        of_anybody = posts_of_group(group, None, on)
        homes = {post: None if post in everybodys else post.division_id for post in of_anybody}
        found.append((group, homes))
    return found


def _groups(campaign: Campaign) -> list[TargetGroup]:
    groups = list(campaign.target_groups.prefetch_related("rules").order_by("is_fallback", "order", "name"))
    for group in groups:
        group.campaign = campaign
    return groups
