"""Who acted in a campaign that has come to its end, what each one's part was, and who is thanked. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet

from campaigns.models import (
    Call,
    CallOutcome,
    ChannelName,
    Heard,
    Letter,
    MailKind,
    OutboxMail,
    Outcome,
    Pledge,
)
from campaigns.willing import reached, stopped_among, willing
from contacts.addresses import address_hash
from contacts.models import Organization

# Addresses looked at together.
_CHUNK = 2000


def acted(outcome: Outcome) -> QuerySet[Pledge]:
    """Pledges that count and were signed by the moment it was published: each is one person's part.

    Links to confirm live on for days after a campaign is closed: who follows theirs then acted in it all the same.
    """
    return Pledge.objects.counted().filter(
        campaign=outcome.campaign_id,
        signed_at__lte=outcome.published_at,
        supporter__erased_at__isnull=True,
    )


def not_thanked(outcome: Outcome) -> QuerySet[Pledge]:
    """Of those who acted, the ones who were never owed thanks."""
    owed = OutboxMail.objects.filter(kind=MailKind.THANKS, pledge=OuterRef("pk"))
    return acted(outcome).filter(~Exists(owed))


@dataclass(frozen=True)
class Thanked:
    """Of everybody who acted, how many are thanked, and how many are not for each reason; they add up."""

    acted: int
    already: int
    unwilling: int
    failed: int
    stopped: int

    @property
    def mails(self) -> int:
        return self.acted - self.already - self.unwilling - self.failed - self.stopped


def who_is_thanked(outcome: Outcome) -> Thanked:
    """Counted as they will be mailed. Stops are kept by keyed hash, so every willing address is looked at once."""
    everybody = not_thanked(outcome)
    agreed = willing(everybody)
    rows = reached(agreed).values_list("canonical_email", "since")  # type: ignore[misc]  # annotated
    found = stopped = 0
    chunk: list[tuple[str, datetime]] = []
    organization = outcome.campaign.organization
    for row in rows.iterator(chunk_size=_CHUNK):
        found += 1
        chunk.append(row)
        if len(chunk) == _CHUNK:
            stopped += _stopped_in(organization, chunk)
            chunk.clear()
    stopped += _stopped_in(organization, chunk)
    people, left, wanting = acted(outcome).count(), everybody.count(), agreed.count()
    return Thanked(
        acted=people,
        already=people - left,
        unwilling=left - wanting,
        failed=wanting - found,
        stopped=stopped,
    )


def _stopped_in(organization: Organization, rows: Iterable[tuple[str, datetime]]) -> int:
    hashed = [(address_hash(canonical), since) for canonical, since in rows]
    out = stopped_among(organization, dict(hashed))
    return sum(one in out for one, _since in hashed)


@dataclass(frozen=True)
class Part:
    """What one person did: offices by how their letters went, who answered, and whom they called."""

    accepted: list[str] = field(default_factory=list)
    posted: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    uncertain: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    called: list[str] = field(default_factory=list)


def part_of(pledge: Pledge) -> Part:
    """What somebody's part in a campaign was, as it is known now; two queries. Tests are no part of it."""
    part = Part()
    letters = (
        Letter.objects.counted()
        .filter(pledge=pledge)
        .select_related("legislator", "post", "question")
        .order_by("post__label", "sent_at", "pk")
    )
    for letter in letters:
        to = _to(letter)
        ways = {ChannelName.PRINT.value: part.posted, ChannelName.LINK.value: part.by_hand}
        if letter.state in Letter.ACCEPTED:
            _add(ways.get(letter.channel, part.accepted), to)
        elif letter.state == "uncertain":
            _add(part.uncertain, to)
        heard = getattr(letter, "question", None)
        if letter.replied_at or (heard is not None and heard.answer in {Heard.ANSWERED, Heard.EVADED}):
            _add(part.answered, to)
    calls = Call.objects.filter(pledge=pledge).exclude(outcome=CallOutcome.NO_ANSWER).select_related("post")
    for call in calls.order_by("post__label", "pk"):
        _add(part.called, call.post.label)
    return part


def _to(letter: Letter) -> str:
    person = letter.legislator
    return f"{person.name} ({letter.post.label})" if person is not None else letter.post.label


def _add(offices: list[str], office: str) -> None:
    """A second letter of a later drive goes to the same office."""
    if office not in offices:
        offices.append(office)


def mails_by_state(outcome: Outcome) -> dict[str, int]:
    """How many mails of thanks are in each state: owed, handed over, failed, uncertain, no longer needed."""
    mails = OutboxMail.objects.filter(kind=MailKind.THANKS, about=str(outcome.pk)).order_by()
    return dict(mails.values_list("state").annotate(n=Count("pk")).values_list("state", "n"))
