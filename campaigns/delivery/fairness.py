"""Whose letters a worker takes next: every organisation gets its share, so that a big drive holds up no small one."""

import random
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from campaigns.models import Drive, DriveState, Letter, LetterState


def share_out(candidates: QuerySet[Letter, Any], limit: int) -> list[tuple[Any, ...]]:
    """Up to `limit` of the candidates, as many of each organisation as of every other while they last.

    `candidates` gives rows that begin with the id of a queued letter, in the order of their turn within an
    organisation. What one leaves of its share goes to the others. With more organisations than places, chance decides.
    """
    everyone = _drives_with_letters()
    if len(everyone) < 2:
        return list(candidates[:limit])
    random.shuffle(everyone)
    share = max(limit // len(everyone), 1)
    taken: list[tuple[Any, ...]] = []
    hungry = []
    for drives in everyone:
        mine = list(candidates.filter(drive__in=drives)[: min(share, limit - len(taken))])
        taken += mine
        if len(mine) == share:
            hungry.append(drives)
        if len(taken) == limit:
            return taken
    for drives in hungry:
        more = candidates.filter(drive__in=drives).exclude(pk__among=[row[0] for row in taken])
        taken += more[: limit - len(taken)]
        if len(taken) == limit:
            break
    return taken


def _drives_with_letters() -> list[Sequence[UUID]]:
    """For each organisation the running drives that have anything queued.

    Whether it may leave by mail just now is left to the candidates: asking here would read the whole queue.
    """
    queued = Letter.objects.filter(drive=OuterRef("pk"), state=LetterState.QUEUED)
    running = Drive.objects.filter(Exists(queued), state=DriveState.RUNNING).order_by("pk")
    by_organization: dict[UUID, list[UUID]] = {}
    for organization, drive in running.values_list("campaign__organization", "pk"):
        by_organization.setdefault(organization, []).append(drive)
    return list(by_organization.values())
