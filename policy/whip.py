"""Where a chamber stands on a measure: who holds each seat, what each has said, and the votes still needed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from contacts.models import Chamber, ChamberKind, Legislator, Membership, Post
from policy.models import Majority, Measure, Position, Stance, StanceLevel, VoteRule

# A level's sign in charts and addresses; a member of whom nothing is known, and an empty seat, have one too.
SIGNS: dict[int, str] = {
    StanceLevel.CHAMPION: "champion",
    StanceLevel.SUPPORTS: "supports",
    StanceLevel.UNDECIDED: "undecided",
    StanceLevel.LEANS_AGAINST: "leans_against",
    StanceLevel.OPPOSED: "opposed",
}
UNKNOWN, VACANT = "unknown", "vacant"
FOR = ("champion", "supports")
AGAINST = ("opposed", "leans_against")
ORDER = (*FOR, "undecided", UNKNOWN, *reversed(AGAINST), VACANT)

# Delegates of the capital and of territories sit in the US House and have no vote on its floor: the House is of
# members "chosen … by the people of the several States" (Constitution, article I, section 2).
_US = "ocd-jurisdiction/country:us/government"
_WITHOUT_VOTE = ("ocd-division/country:us/district:", "ocd-division/country:us/territory:")


@dataclass(frozen=True)
class Member:
    """A seat with a vote, who holds it now, and the last word on them."""

    post: Post
    legislator: Legislator | None
    party: str
    stance: Stance | None

    @property
    def sign(self) -> str:
        if self.legislator is None:
            return VACANT
        return SIGNS[self.stance.level] if self.stance and self.stance.level else UNKNOWN


@dataclass(frozen=True)
class Tally:
    """Members of a party or committee by sign, in the order of ORDER without vacant seats."""

    label: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class WhipCount:
    """A chamber, seat by seat. "Ours" are the members who stand where the organisation stands."""

    measure: Measure
    chamber: Chamber
    majority: Majority
    members: tuple[Member, ...]
    committees: tuple[Tally, ...]

    @cached_property
    def counts(self) -> dict[str, int]:
        """Seats by sign, in the order of ORDER."""
        found = Counter(member.sign for member in self.members)
        return {sign: found[sign] for sign in ORDER}

    @property
    def seats(self) -> int:
        return len(self.members)

    @property
    def held(self) -> int:
        return self.seats - self.counts[VACANT]

    @property
    def is_opposed(self) -> bool:
        """Whether the organisation wants the measure to fall, so that its votes are those against."""
        return self.measure.position == Position.OPPOSE

    @property
    def whole(self) -> int:
        """What the rule takes a share of: all seats, or those that somebody holds."""
        return self.seats if self.majority.is_of_all_seats else self.held

    @property
    def to_pass(self) -> int:
        """Votes with which the measure passes."""
        return self.majority.votes_of(self.whole)

    @property
    def is_out_of_reach(self) -> bool:
        """Whether too few seats are held for it to pass, whoever is for it."""
        return self.to_pass > self.held

    @property
    def needed(self) -> int:
        """Votes with which the organisation gets what it wants: to pass it, or so many that it can't pass.

        Only who holds a seat can vote: with vacant seats fewer are needed to stop it where the rule counts all seats.
        """
        return max(self.held - self.to_pass + 1, 0) if self.is_opposed else self.to_pass

    @property
    def ours(self) -> int:
        return sum(self.counts[sign] for sign in (AGAINST if self.is_opposed else FOR))

    @property
    def missing(self) -> int:
        """Votes still needed; 0 when there are enough."""
        return max(self.needed - self.ours, 0)

    @cached_property
    def parties(self) -> tuple[Tally, ...]:
        """Members by party, the largest first."""
        return tally((member.party, member) for member in self.members if member.legislator)


def tally(pairs: Iterable[tuple[str, Member]]) -> tuple[Tally, ...]:
    """Members counted by a label, the label with most members first."""
    found: dict[str, Counter[str]] = {}
    for label, member in pairs:
        found.setdefault(label, Counter())[member.sign] += 1
    rows = [Tally(label, tuple(signs[sign] for sign in ORDER[:-1])) for label, signs in found.items()]
    return tuple(sorted(rows, key=lambda row: (-row.total, row.label)))


def chambers_of(measure: Measure) -> list[Chamber]:
    """The chambers that may vote on a measure: those of its jurisdiction that have seats."""
    kinds = [ChamberKind.UPPER, ChamberKind.LOWER, ChamberKind.UNICAMERAL, ChamberKind.COUNCIL]
    chambers = Chamber.objects.filter(
        jurisdiction=measure.jurisdiction_id, kind__in=kinds, ended_on__isnull=True, posts__isnull=False
    )
    return sorted(
        chambers.distinct(), key=lambda chamber: (kinds.index(ChamberKind(chamber.kind)), chamber.name)
    )


def whip_count(measure: Measure, chamber: Chamber, on: date) -> WhipCount:
    """The count of a chamber on a day, in a fixed number of queries."""
    posts = chamber.posts.select_related("division").order_by("label", "seat")
    if measure.jurisdiction.ocd_id == _US:
        posts = posts.exclude(division__ocd_id__startswith=_WITHOUT_VOTE[0])
        posts = posts.exclude(division__ocd_id__startswith=_WITHOUT_VOTE[1])
    seated = Membership.objects.current(on).filter(chamber=chamber, post__isnull=False)
    holders = {seat.post_id: seat for seat in seated.select_related("legislator")}
    latest = Stance.objects.filter(organization=measure.organization_id, measure=measure)
    stances = {stance.legislator_id: stance for stance in latest.latest_per_legislator()}
    members = []
    for post in posts:
        seat = holders.get(post.pk)
        stance = stances.get(seat.legislator_id) if seat else None
        members.append(Member(post, seat.legislator if seat else None, seat.party if seat else "", stance))
    rule = VoteRule.objects.filter(measure=measure, chamber=chamber).first()
    return WhipCount(
        measure=measure,
        chamber=chamber,
        majority=Majority(rule.majority) if rule else Majority.ABSOLUTE,
        members=tuple(members),
        committees=_committees(measure, members, on),
    )


def _committees(measure: Measure, members: list[Member], on: date) -> tuple[Tally, ...]:
    """Members of the chamber by committee; subcommittees are left to their committee."""
    by_legislator = {member.legislator.pk: member for member in members if member.legislator}
    sits = (
        Membership.objects.current(on)
        .filter(
            post__isnull=True,
            chamber__kind=ChamberKind.COMMITTEE,
            chamber__jurisdiction=measure.jurisdiction_id,
            chamber__ended_on__isnull=True,
        )
        .exclude(chamber__parent__kind=ChamberKind.COMMITTEE)
        .values_list("legislator_id", "chamber__name")
    )
    found = tally((name, by_legislator[pk]) for pk, name in sits if pk in by_legislator)
    return tuple(sorted(found, key=lambda row: row.label))
