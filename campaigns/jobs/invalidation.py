"""Signatures taken out of the count in portions, with their letters held back; and all of it the other way round."""

from collections import defaultdict
from uuid import UUID

from celery import signature
from django.db import transaction

from campaigns.delivery.thaw import THAWED
from campaigns.letters.reasons import COUNTED_AGAIN, NOT_COUNTED
from campaigns.models import InvalidatedPledge, Invalidation, Letter, LetterState, Pledge, PledgeState
from campaigns.models.moves import move_many
from campaigns.quotes import lock_supporters, mention
from campaigns.signatures import WITHHELD, Condition, fitting, still_out
from contacts.clock import now
from contacts.models import Job, JobState, Organization, Supporter
from policy.actions.recalls import recall_briefs
from policy.models import MentionKind, RecallReason

_PORTION = 500
_RENEW = "campaigns.tasks.renew_brief"


def invalidate_portion(job: Job) -> str | None:
    """Take the next signatures out of the count."""
    made = _invalidation(job)
    found = fitting(made.campaign, Condition.from_plain(made.condition), made.created_at).order_by("pk")
    if "after" in job.cursor:
        found = found.filter(pk__gt=job.cursor["after"])
    # Locked: somebody may be confirming one of them at this moment.
    rows = list(found.select_for_update(of=("self",), no_key=True).values_list("pk", "state")[:_PORTION])
    ids, at = [pk for pk, _state in rows], now()
    moved = move_many(
        Pledge.objects.filter(pk__in=ids),
        PledgeState.INVALIDATED,
        at=at,
        reason=made.reason,
        actor=job.requested_by,
    )
    InvalidatedPledge.objects.bulk_create(
        InvalidatedPledge(invalidation=made, pledge_id=pk, from_state=state) for pk, state in rows
    )
    held = hold_letters(ids, actor=job.requested_by)
    recall_uncounted(ids, job.organization)
    _count(job, moved, held)
    if ids:
        job.cursor = {"after": str(ids[-1])}
    return None if len(ids) == _PORTION else JobState.DONE


def hold_letters(pledges: list[UUID], *, actor: object | None) -> int:
    """Hold back what has not left of pledges that don't count; gives how many letters."""
    letters = Letter.objects.filter(pledge__in=pledges, state__in=WITHHELD)
    return move_many(letters, LetterState.HELD, at=now(), reason=NOT_COUNTED, actor=actor, note=NOT_COUNTED)


def recall_uncounted(pledges: list[UUID], organization: Organization) -> None:
    """Take back the briefs that quote or name somebody for signatures that don't count any more."""
    told = Pledge.objects.filter(pk__in=pledges)
    lock_supporters(Supporter.objects.filter(pk__in=told.values("supporter")))
    briefs = recall_briefs(
        organization=organization,
        of=[mention(pk).of for pk in pledges],
        kinds=MentionKind.values,
        reason=RecallReason.COUNT,
    )
    for brief in briefs:
        # By its name: the module of tasks imports the jobs.
        transaction.on_commit(signature(_RENEW, args=[str(brief)]).delay)


def restore_portion(job: Job) -> str | None:
    """Count the next signatures again, and let their letters go on."""
    made = _invalidation(job)
    rows = list(
        still_out(made)
        .filter(pk__gt=job.cursor.get("after", 0))
        .order_by("pk")
        .values_list("pk", "pledge", "from_state")[:_PORTION]
    )
    at, moved = now(), 0
    by_state: dict[str, list[UUID]] = defaultdict(list)
    for _pk, pledge, state in rows:
        by_state[state].append(pledge)
    for state, ids in sorted(by_state.items()):
        # Asked again once they are locked: somebody may be erasing one of them at this moment.
        here = Pledge.objects.filter(pk__in=ids, erased_at__isnull=True)
        moved += move_many(here, state, at=at, reason=COUNTED_AGAIN, actor=job.requested_by)
    letters = Letter.objects.filter(
        pledge__in=by_state[PledgeState.CONFIRMED],
        pledge__state=PledgeState.CONFIRMED,
        state=LetterState.HELD,
        note=NOT_COUNTED,
    )
    going = move_many(
        letters, LetterState.READY, at=at, reason=COUNTED_AGAIN, actor=job.requested_by, **THAWED
    )
    _count(job, moved, going)
    if rows:
        job.cursor = {"after": rows[-1][0]}
    return None if len(rows) == _PORTION else JobState.DONE


def _invalidation(job: Job) -> Invalidation:
    return Invalidation.objects.select_related("campaign").get(
        pk=job.params["invalidation"], campaign__organization=job.organization
    )


def _count(job: Job, pledges: int, letters: int) -> None:
    job.done += pledges
    job.result = {
        "pledges": job.result.get("pledges", 0) + pledges,
        "letters": job.result.get("letters", 0) + letters,
    }
