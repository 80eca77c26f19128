"""Mail domains' breakers: open when a server says that it blocks us, closed by a person and one letter it keeps.

The first such refusal opens one, since hundreds of letters more would only make a block worse: nothing further
leaves for that domain, and the running drives with letters for it pause. Once a person let it go on and one letter
did not come back for ten minutes, a single refusal is rather about that letter: for a day it is held for a person,
and MANY_REFUSALS of them are what opens the breaker again.
"""

import logging
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from campaigns.delivery import owed
from campaigns.models import (
    AttemptOutcome,
    Breaker,
    BreakerKind,
    ChannelName,
    Drive,
    DriveState,
    Letter,
    LetterState,
)
from campaigns.models.moves import move_many
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import Organization

log = logging.getLogger(__name__)

TRUSTED_FOR = timedelta(days=1)
# A relay of our own takes a probe before the other side has seen it: a refusal comes back within this time.
PROBE_RESTS = timedelta(minutes=10)
MANY_REFUSALS, WITHIN = 5, timedelta(minutes=10)

_ADDRESS = re.compile(r"[^\s<>\"']+@[^\s<>\"']+")


def open_to(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """Those of the letters whose domain takes ours, as far as is known; of one being tried, the probe alone."""
    shut = Breaker.objects.domains().filter(name=OuterRef("domain"))
    return letters.filter(~Exists(shut.exclude(probe=OuterRef("pk"))))


def is_stopped(domain: str) -> bool:
    return Breaker.objects.domains().filter(name=domain).exists()


def waiting_for_a_person() -> QuerySet[Breaker, str]:
    """The names of the stopped domains that nobody has let go on yet."""
    return Breaker.objects.domains().filter(probe_at__isnull=True).values_list("name", flat=True)


def note_refusals(said: Mapping[UUID, str]) -> None:
    """Letters (by id, with the server's words) were refused because of us: open what has to be opened.

    Runs before the letters' own results are written, where they were refused at once in a transaction of its own:
    whatever happens to those, no further letter leaves. Told twice, nothing is paused or mailed twice.
    """
    if not said:
        return
    letters = Letter.objects.filter(pk__in=list(said)).order_by("pk")
    refused: dict[str, list[tuple[UUID, UUID]]] = {}
    for pk, drive, domain in letters.exclude(domain="").values_list("pk", "drive", "domain"):
        refused.setdefault(domain, []).append((pk, drive))
    with transaction.atomic():
        at = now()
        concerned: set[UUID] = set()
        opened = []
        for domain, found in sorted(refused.items()):
            drives = {drive for _pk, drive in found}
            words = _without_addresses(said[found[0][0]])
            before = _open(domain, len(found), words, at)
            if before is None:
                continue
            concerned |= drives
            # A probe that is refused pauses nothing again: a person has seen it, and other domains' letters go on.
            if not before.opened_at:
                opened.append((before, words, _running(before, drives)))
            log.error("mail domain %s refuses us: nothing further leaves for it", domain)
        # Breakers first, then drives, each in one order: two workers with overlapping drives don't wait in a circle.
        drives = {drive.pk for _breaker, _words, found in opened for drive in found}
        list(Drive.objects.filter(pk__in=drives).order_by("pk").select_for_update(no_key=True))
        for breaker, words, running in opened:
            _pause(breaker, running, words, at)
        concerned |= drives
        for organization in Organization.objects.filter(campaigns__drives__in=concerned).distinct():
            owed.owe_alarm(organization, at)


def _open(domain: str, count: int, said: str, at: datetime) -> Breaker | None:
    """Open the domain's breaker; gives it as it was before, None when it stays as it is."""
    Breaker.objects.get_or_create(kind=BreakerKind.DOMAIN, name=domain)
    breaker = Breaker.objects.select_for_update(no_key=True).get(kind=BreakerKind.DOMAIN, name=domain)
    mine = Breaker.objects.filter(pk=breaker.pk)
    if breaker.opened_at and not breaker.probe_at:
        return None
    if not breaker.opened_at and breaker.trusted_until and breaker.trusted_until > at:
        is_long_ago = breaker.refusals_since is None or breaker.refusals_since <= at - WITHIN
        refusals = count + (0 if is_long_ago else breaker.refusals)
        if refusals < MANY_REFUSALS:
            mine.update(
                refusals=refusals, refusals_since=at if is_long_ago else breaker.refusals_since, said=said
            )
            return None
    mine.update(
        opened_at=at,
        probe_at=None,
        probe=None,
        said=said,
        trusted_until=None,
        refusals=0,
        refusals_since=None,
    )
    return breaker


def _running(breaker: Breaker, drives: set[UUID]) -> list[Drive]:
    """The running drives among these, and all others with letters for the domain."""
    letters = Letter.objects.filter(
        drive=OuterRef("pk"),
        domain=breaker.name,
        channel=ChannelName.EMAIL,
        state__in=[*Letter.OUTGOING, *Letter.LEAVING],
    )
    running = Drive.objects.filter(Q(pk__in=drives) | Exists(letters), state=DriveState.RUNNING)
    return list(running.select_related("campaign__organization"))


def _pause(breaker: Breaker, drives: list[Drive], said: str, at: datetime) -> None:
    reason = f"{breaker.name} refuses our mail: {said}"
    for drive in drives:
        # Compare-and-set: one that was paused or cancelled meanwhile is left alone.
        still = Drive.objects.filter(pk=drive.pk, state=DriveState.RUNNING)
        if move_many(still, DriveState.PAUSED, at=at, reason=reason, epoch=F("epoch") + 1, paused_by=breaker):
            organization = drive.campaign.organization
            record(organization=organization, actor=None, verb="pause drive", obj=drive, domain=breaker.name)


def _without_addresses(said: str) -> str:
    return _ADDRESS.sub("<address>", said)[:200]


def hold(letter: Letter, said: str, at: datetime) -> None:
    """Hold a letter that a domain refused as ours while it takes others, for a person to look at."""
    mine = Letter.objects.filter(pk=letter.pk)
    move_many(
        mine, LetterState.HELD, at=at, reason=f"refused, though {letter.domain} takes others", note=said[:200]
    )


def let_try(domain: str, at: datetime) -> bool:
    """Let one letter go to a stopped domain, and the rest when it was taken; False when it is not stopped."""
    stopped = Breaker.objects.domains().filter(name=domain, probe_at__isnull=True)
    return bool(stopped.update(probe_at=at))


def follow_probes() -> None:
    """At each tick: domains that kept their probe go on; those without one that can leave get the next letter."""
    tried = Breaker.objects.domains().filter(probe_at__isnull=False).select_related("probe")
    for breaker in tried:
        probe = breaker.probe
        if probe is not None and probe.state in Letter.ACCEPTED:
            if probe.sent_at is not None and probe.sent_at <= now() - PROBE_RESTS:
                _go_on(breaker)
        elif probe is None or probe.state not in Letter.LEAVING:
            _choose_probe(breaker)


@transaction.atomic
def _go_on(breaker: Breaker) -> None:
    at = now()
    same = Breaker.objects.filter(pk=breaker.pk, opened_at=breaker.opened_at, probe=breaker.probe)
    if same.update(opened_at=None, probe_at=None, probe=None, said="", trusted_until=at + TRUSTED_FOR):
        # What was missed meanwhile is planned anew from now, never sent in a burst.
        missed = Letter.objects.filter(
            state=LetterState.READY, channel=ChannelName.EMAIL, domain=breaker.name
        )
        missed.filter(drive__state=DriveState.RUNNING).update(send_after=None)
        _bring_out(_refused_by(breaker.name))
        log.info("mail domain %s takes letters again", breaker.name)


def _choose_probe(breaker: Breaker) -> None:
    """The letter that was tried least and waits longest, unless the one chosen before can still leave."""
    can_leave = Letter.objects.sendable(now()).filter(domain=breaker.name)
    if breaker.probe_id and can_leave.filter(pk=breaker.probe_id).exists():
        return
    letter = can_leave.order_by("attempt_count", "queued_at", "pk").first()
    if letter is None:
        _bring_out_the_refused(breaker.name)
    same = Breaker.objects.filter(
        pk=breaker.pk, opened_at=breaker.opened_at, probe=breaker.probe_id, probe_at__isnull=False
    )
    same.update(probe=letter)


def _bring_out_the_refused(domain: str) -> None:
    """A letter that the domain refused is tried again before its time, where no other one is to come."""
    others = Letter.objects.filter(
        channel=ChannelName.EMAIL,
        drive__state=DriveState.RUNNING,
        state__in=[LetterState.READY, LetterState.QUEUED],
    )
    # One that is not planned yet may be for any domain.
    if not others.filter(Q(domain=domain) | Q(send_after__isnull=True)).exists():
        _bring_out(_refused_by(domain)[:1])


def _refused_by(domain: str) -> QuerySet[Letter]:
    """Letters put off because the domain refused them."""
    letters = Letter.objects.filter(channel=ChannelName.EMAIL, domain=domain, state=LetterState.DEFERRED)
    return letters.filter(attempts__outcome=AttemptOutcome.REFUSED).order_by("send_after", "pk")


def _bring_out(letters: QuerySet[Letter]) -> None:
    Letter.objects.filter(pk__in=list(letters.values_list("pk", flat=True))).update(send_after=now())
