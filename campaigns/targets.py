"""Rules → posts: who gets a letter, and which version of it."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q

from campaigns.models import Campaign, RuleKind, TargetGroup, TargetRule
from contacts.models import Division, Membership, Post
from policy.models import Stance, StanceLevel


def with_ancestors(division_ids: Iterable[UUID]) -> set[UUID]:
    """Divisions and everything they lie in: a House district's state elects its senators."""
    found: set[UUID] = set()
    layer = set(division_ids)
    while layer:
        found |= layer
        parents = Division.objects.filter(pk__in=layer, parent__isnull=False).values_list(
            "parent_id", flat=True
        )
        layer = {pk for pk in parents if pk is not None} - found
    return found


def holders(posts: Collection[Post], on: date) -> dict[UUID, Membership]:
    """The membership in force per post id; vacant seats are missing."""
    current = Membership.objects.current(on).filter(post__in=posts).select_related("legislator")
    return {m.post_id: m for m in current if m.post_id is not None}


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
    groups = list(campaign.target_groups.prefetch_related("rules").order_by("is_fallback", "order", "name"))
    taken: dict[UUID, tuple[Post, TargetGroup]] = {}
    for group in groups:
        if group.is_fallback and taken:
            break
        group.campaign = campaign
        for post in posts_of_group(group, here, on):
            taken.setdefault(post.pk, (post, group))
    return list(taken.values())
