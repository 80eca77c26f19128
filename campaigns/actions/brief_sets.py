import re

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns import tasks
from campaigns.errors import ActionRefused, BadMove
from campaigns.models import Campaign
from campaigns.sections import targets
from contacts.actions.organizations import record
from contacts.clock import now, today
from contacts.models import User
from policy.models import BriefSet, BriefSetItem, ItemState, SetState


@transaction.atomic
def request_set(
    *, campaign: Campaign, language: str = "", paper: str = "letter", actor: User | None
) -> BriefSet:
    """A leave-behind for everybody the campaign writes to, as one job; one that is being made is given again.

    Raises ActionRefused when it writes to nobody who holds a seat.
    """
    language = language or campaign.language
    seats = targets(campaign, today(campaign.organization.time_zone))
    held = {seat.legislator_id: post.label for post, seat in reversed(seats) if seat is not None}
    if not held:
        raise ActionRefused(_("This campaign writes to nobody who holds a seat now."))
    same = {
        "organization": campaign.organization,
        "subject": f"campaign:{campaign.pk}",
        "language": language,
        "paper": paper,
        "state": SetState.RUNNING,
    }
    try:
        with transaction.atomic():
            brief_set = BriefSet.objects.create(
                **same,
                title=campaign.title,
                vacant_count=sum(seat is None for _post, seat in seats),
                requested_by=actor,
                created_at=now(),
            )
    except IntegrityError:
        return BriefSet.objects.get(**same)
    BriefSetItem.objects.bulk_create(
        BriefSetItem(brief_set=brief_set, position=place, legislator_id=legislator, label=label)
        for place, (legislator, label) in enumerate(
            sorted(held.items(), key=lambda row: _in_order(row[1])), start=1
        )
    )
    record(
        organization=campaign.organization,
        actor=actor,
        verb="request briefs for all",
        obj=brief_set,
        briefs=len(held),
    )
    tasks.make_brief_set.delay_on_commit(str(brief_set.pk))
    return brief_set


def _in_order(label: str) -> list[str | int]:
    """What a list of seats is sorted by: the 2nd district before the 10th."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", label)]


@transaction.atomic
def cancel_set(*, brief_set: BriefSet, actor: User | None) -> None:
    """Stop a set; what is ready stays. Raises BadMove when it is over already."""
    running = BriefSet.objects.filter(pk=brief_set.pk, state=SetState.RUNNING)
    if not running.update(state=SetState.CANCELLED, finished_at=now()):
        raise BadMove
    record(organization=brief_set.organization, actor=actor, verb="cancel briefs", obj=brief_set)


@transaction.atomic
def resume_set(*, brief_set: BriefSet, actor: User | None) -> None:
    """Go on with a cancelled set, and try again what could not be made. Raises BadMove when there is nothing to do."""
    over = BriefSet.objects.filter(pk=brief_set.pk).exclude(state=SetState.RUNNING)
    waits = BriefSetItem.objects.filter(brief_set=brief_set).exclude(state=ItemState.READY)
    if not waits.exists():
        raise BadMove
    try:
        with transaction.atomic():
            if not over.update(state=SetState.RUNNING, finished_at=None, lease_until=None):
                raise BadMove
    except IntegrityError as fact:
        raise ActionRefused(_("The same briefs are being made already.")) from fact
    waits.update(state=ItemState.WAITING, error="")
    record(organization=brief_set.organization, actor=actor, verb="resume briefs", obj=brief_set)
    tasks.make_brief_set.delay_on_commit(str(brief_set.pk))
