"""After a restore: letters that left once the backup had been made wait in it as if they still had to.

A letter's Message-ID follows from its id and the key, so the relay's log can be asked about letters that the
backup knew only as ready. Those it took over are written down as sent; the rest may go on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from campaigns.channels.base import Unfit
from campaigns.delivery.addressees import resolve
from campaigns.delivery.frozen import PARTS, frozen_columns
from campaigns.delivery.ledger import note_moves
from campaigns.delivery.message import message_id
from campaigns.delivery.reconcile import RelayLog
from campaigns.letters.reasons import LEFT_BEFORE
from campaigns.models import ChannelName, Letter, LetterState
from campaigns.models.moves import move_many
from contacts.clock import now


@dataclass
class Restored:
    """What was found out: letters looked at, those the log has, and ids of those a person must look at."""

    looked_at: int = 0
    left: int = 0
    unclear: list[str] = field(default_factory=list)
    begins: datetime | None = None
    ends: datetime | None = None


def settle_restored(logs: list[Path], *, dry_run: bool) -> Restored:
    """Compare all letters that wait with the relay's logs (oldest first). Call it while no drive runs."""
    identities = dict(_identities())
    log = RelayLog.read_all(logs, identities)
    done = Restored(looked_at=len(identities), begins=log.begins, ends=log.ends)
    for identity, queue_id in log.taken.items():
        done.left += 1
        if not dry_run and not _settle(identities[identity], identity, queue_id, log.taken_at.get(identity)):
            done.unclear.append(str(identities[identity]))
    return done


def _identities() -> Iterator[tuple[str, UUID]]:
    """The Message-ID of every letter that has not left by what we know, whether it was given one yet or not.

    Also of those that were taken back since, out of the queue: they may come back.
    """
    taken_back = Q(state=LetterState.WITHDRAWN, message_id__isnull=False)
    kept = Letter.objects.filter(Q(state__in=Letter.WAITING) | taken_back, channel=ChannelName.EMAIL)
    rows = kept.values_list("pk", "message_id", "pledge__campaign__organization__mail_domain")
    for pk, identity, domain in rows.iterator(chunk_size=5000):
        yield identity or message_id(settings.SECRET_KEY, pk, domain), pk


@transaction.atomic
def _settle(pk: UUID, identity: str, queue_id: str, taken_at: datetime | None) -> bool:
    """Write down that a letter left; False when it is held for a person, since we can't tell to whom."""
    reason = f"{LEFT_BEFORE}: the relay's log has it as {queue_id}"
    letter = Letter.objects.select_related(*PARTS).select_for_update(of=("self",), no_key=True).get(pk=pk)
    at = now()
    columns: dict[str, object] = {}
    if letter.message_id is None:
        letter.queued_at = taken_at or at
        who = resolve([letter.post], letter.drive.campaign, letter.queued_at.date())[letter.post_id]
        way = who.way_for(letter.pledge)
        try:
            if who.legislator is None or way is None or way.channel != ChannelName.EMAIL:
                raise Unfit
            columns = {**frozen_columns(letter, who.legislator, way), "legislator": who.legislator}
        except Unfit:
            move_many(
                Letter.objects.filter(pk=pk).exclude(state=LetterState.HELD),
                LetterState.HELD,
                at=at,
                reason=reason,
            )
            Letter.objects.filter(pk=pk).update(note=reason[:200])
            return False
    mine = Letter.objects.filter(pk=pk)
    note_moves(mine, LetterState.SENT, at, reason=reason)
    mine.update(
        **{"queued_at": letter.queued_at, **columns, "message_id": identity},
        state=LetterState.SENT,
        sent_at=taken_at or at,
        accepted_by=settings.EMAIL_HOST[:254],
        accepted_reply=f"the relay's log has it as {queue_id}"[:500],
        note="",
        send_after=None,
    )
    return True
