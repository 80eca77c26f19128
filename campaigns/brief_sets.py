"""A leave-behind for everybody a campaign writes to: gathered together, set by two presses, resumed after a kill.

What is done stands in the items of the set, one transaction each, so a killed worker loses at most what its two
presses held. Whoever works holds a lease on the set and renews it; when it runs out, somebody else goes on.
"""

import logging
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta
from queue import SimpleQueue
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.brief_requests import campaign_of
from campaigns.documents import leave_behinds
from campaigns.models import Campaign
from campaigns.quotes import may_still_be_printed
from contacts.clock import now
from policy.actions.recalls import note_mentions
from policy.briefs import pdf
from policy.briefs.build import logo_of, version_of_hash
from policy.briefs.plain import content_hash, to_plain
from policy.briefs.renderer import Renderer
from policy.briefs.sections import Document
from policy.errors import BriefRefused
from policy.models import Brief, BriefKind, BriefSet, BriefSetItem, BriefState, ItemState, SetState

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=4)  # longer than a press may take to start and then to set the slowest brief
RENEW_SECONDS = 5.0
PRESSES = 2
ERROR_LENGTH = 300


def work(set_id: UUID, *, seconds: float, presses: int = PRESSES) -> bool:
    """Make what waits in a set for about so long; whether there is more to do. Safe to call twice at once."""
    at = now()
    running = BriefSet.objects.filter(pk=set_id, state=SetState.RUNNING)
    free = running.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=at))
    # Whoever holds a lease knows it by its end: one that was cancelled and taken up anew is somebody else's.
    if not free.update(lease_until=at + LEASE):
        return False
    brief_set = running.select_related("organization").first()
    if brief_set is None:
        return False
    brief_set.lease_until = at + LEASE
    try:
        with translation.override(brief_set.language):
            _make_all(brief_set, time.monotonic() + seconds, presses)
    finally:
        is_ours = bool(_leased(brief_set).update(lease_until=None))
    if not is_ours:
        return False
    if brief_set.items.filter(state=ItemState.WAITING).exists():
        return running.exists()
    running.update(state=SetState.DONE, finished_at=now())
    return False


def waiting_sets() -> list[UUID]:
    """Sets nobody works at: their message was lost, or their worker died."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now())
    return list(BriefSet.objects.filter(free, state=SetState.RUNNING).values_list("pk", flat=True))


@dataclass(frozen=True)
class _Job:
    item: BriefSetItem
    document: Document
    digest: str


def _make_all(brief_set: BriefSet, until: float, presses: int) -> None:
    campaign = campaign_of(brief_set.organization_id, brief_set.subject)
    items = list(brief_set.items.filter(state=ItemState.WAITING))
    if campaign is None or not items:
        return
    documents = leave_behinds(
        campaign,
        [item.legislator_id for item in items],
        language=brief_set.language,
        paper=brief_set.paper,
    )
    jobs, refused = [], []
    for item in items:
        made = documents.get(item.legislator_id)
        if isinstance(made, Document):
            jobs.append(_Job(item, made, content_hash(made)))
        else:
            error = _("Holds no seat now.") if made is None else str(made.message)
            item.state, item.error = ItemState.FAILED, error[:ERROR_LENGTH]
            refused.append(item)
    BriefSetItem.objects.bulk_update(refused, ["state", "error"], batch_size=200)
    left = _take_unchanged(brief_set, jobs)
    if left:
        _press_all(brief_set, campaign, left, until, presses)


def _take_unchanged(brief_set: BriefSet, jobs: list[_Job]) -> list[_Job]:
    """Briefs whose facts are what they were are not set again; gives the others."""
    same = Brief.objects.filter(
        organization=brief_set.organization_id,
        content_hash__in=[job.digest for job in jobs],
        state=BriefState.READY,
    )
    with transaction.atomic():
        # Locked: who takes words back at this moment waits, and finds the items to take back with their briefs.
        locked = same.order_by("pk").select_for_update(no_key=True)
        known: dict[str, UUID] = dict(locked.values_list("content_hash", "pk"))
        # Asking moves `created_at`, as it does for a single brief: these facts were true last.
        Brief.objects.filter(pk__in=known.values()).update(created_at=now())
        done = [job.item for job in jobs if job.digest in known]
        for job in jobs:
            if job.digest in known:
                job.item.brief_id = known[job.digest]
                job.item.state, job.item.is_unchanged = ItemState.READY, True
        BriefSetItem.objects.bulk_update(done, ["brief", "state", "is_unchanged"], batch_size=200)
    return [job for job in jobs if job.digest not in known]


def _press_all(brief_set: BriefSet, campaign: Campaign, jobs: list[_Job], until: float, presses: int) -> None:
    """Set briefs on several presses at once; what they give is stored here, one transaction each."""
    renderers = [pdf.warm_press(), *(Renderer() for _n in range(presses - 1))]
    free: SimpleQueue[Renderer] = SimpleQueue()
    for renderer in renderers:
        free.put(renderer)
    # Never more in memory than each press holds and the next one for it.
    at_work: dict[Future[pdf.Pdf], _Job] = {}
    waiting = iter(jobs)
    renewed = time.monotonic()
    try:
        with ThreadPoolExecutor(presses) as pool:
            logo = logo_of(brief_set.organization_id, jobs[0].document)
            for job in waiting:
                at_work[pool.submit(_press, job, brief_set.language, free, logo)] = job
                if len(at_work) < 2 * presses:
                    continue
                _store_next(brief_set, campaign, at_work)
                if time.monotonic() - renewed > RENEW_SECONDS:
                    renewed = time.monotonic()
                    if renewed > until or not _renew(brief_set):
                        break
            while at_work:
                _store_next(brief_set, campaign, at_work)
    finally:
        for renderer in renderers[1:]:
            renderer.stop()


def _press(job: _Job, language: str, free: "SimpleQueue[Renderer]", logo: bytes) -> pdf.Pdf:
    renderer = free.get()
    try:
        with translation.override(language):  # each thread has its own
            return pdf.render(job.document, version_of_hash(job.digest), renderer, logo)
    finally:
        free.put(renderer)


def _leased(brief_set: BriefSet) -> QuerySet[BriefSet]:
    """The set while the lease is ours."""
    return BriefSet.objects.filter(pk=brief_set.pk, lease_until=brief_set.lease_until)


def _renew(brief_set: BriefSet) -> bool:
    """Keep the lease; False when the set was cancelled, or somebody else works at it."""
    until = now() + LEASE
    if not _leased(brief_set).filter(state=SetState.RUNNING).update(lease_until=until):
        return False
    brief_set.lease_until = until
    return True


def _store_next(brief_set: BriefSet, campaign: Campaign, at_work: dict["Future[pdf.Pdf]", _Job]) -> None:
    done, _others = wait(at_work, return_when=FIRST_COMPLETED)
    for future in done:
        job = at_work.pop(future)
        item = BriefSetItem.objects.filter(pk=job.item.pk, state=ItemState.WAITING)
        try:
            made = future.result()
        except BriefRefused as refusal:
            item.update(state=ItemState.FAILED, error=str(refusal.message))
        except Exception:
            # One brief that breaks the engine must not cost the other 536; the log has the reason.
            log.exception("Brief of set %s, place %s could not be set", brief_set.pk, job.item.position)
            item.update(state=ItemState.FAILED, error=_("It could not be set. The log names the reason."))
        else:
            with transaction.atomic():
                if may_still_be_printed(job.document):
                    brief = _store(brief_set, campaign, job, made)
                    note_mentions(brief, job.document)
                    item.update(state=ItemState.READY, brief=brief)
                else:
                    item.update(
                        state=ItemState.FAILED,
                        error=_("Words it prints were taken back while it was made. Try again."),
                    )


def _store(brief_set: BriefSet, campaign: Campaign, job: _Job, made: pdf.Pdf) -> Brief:
    at = now()
    result = {
        "state": BriefState.READY,
        "pdf": made.content,
        "page_count": made.page_count,
        "built_at": at,
        "created_at": at,
        "error": "",
        "content": to_plain(job.document),
        "recalled_at": None,
        "recall_reason": "",
    }
    same = Brief.objects.filter(organization=brief_set.organization_id, content_hash=job.digest)
    if same.update(**result):
        return same.defer("pdf", "content").get()
    try:
        with transaction.atomic():
            return Brief.objects.create(
                organization_id=brief_set.organization_id,
                content_hash=job.digest,
                kind=BriefKind.LEAVE_BEHIND,
                issue=campaign.issue,
                measure=campaign.measure,
                legislator_id=job.item.legislator_id,
                subject=job.document.series,
                language=job.document.language,
                paper=job.document.paper,
                title=job.document.title,
                requested_by_id=brief_set.requested_by_id,
                **result,
            )
    except IntegrityError:  # somebody asked for the same one at this moment, and was first
        same.update(**result)
        return same.defer("pdf", "content").get()
