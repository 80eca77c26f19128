"""What came of a campaign: written, published, corrected in the open, and told once to the people who acted."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.acted import acted, not_thanked, who_is_thanked
from campaigns.actions.jobs import start_job
from campaigns.errors import ActionRefused
from campaigns.models import Campaign, CampaignState, Outcome, OutcomeCorrection
from contacts.actions.organizations import record
from contacts.clock import now, today
from contacts.models import Job, JobKind, JobState, Legislator, User
from policy.models import Evidence, MeasureEvent


@transaction.atomic
def write_outcome(
    *,
    campaign: Campaign,
    actor: User | None,
    events: Iterable[MeasureEvent] = (),
    legislators: Iterable[Legislator] = (),
    evidence: Iterable[Evidence] = (),
    **words: Any,
) -> Outcome:
    """Keep what came of a campaign as a draft. Raises ActionRefused when somebody wrote one already."""
    outcome = Outcome(campaign=campaign, created_by=actor, created_at=now(), **words)
    _day_has_come(outcome)
    try:
        with transaction.atomic():
            outcome.save(force_insert=True)
    except IntegrityError:
        raise ActionRefused(_("Somebody wrote it already. Look at what stands there.")) from None
    _link(outcome, events, legislators, evidence)
    _record(outcome, actor, "write outcome")
    return outcome


@transaction.atomic
def edit_outcome(
    *,
    outcome: Outcome,
    actor: User | None,
    reason: str = "",
    events: Iterable[MeasureEvent] = (),
    legislators: Iterable[Legislator] = (),
    evidence: Iterable[Evidence] = (),
    **words: Any,
) -> None:
    """Change a draft, or correct what is published: what it said before is kept, and readers are told when and why."""
    stored = (
        Outcome.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign")
        .get(pk=outcome.pk)
    )
    before = {name: getattr(stored, name) for name in Outcome.WORDS}
    links = _links(stored)
    after = ({one.pk for one in events}, {one.pk for one in legislators}, {one.pk for one in evidence})
    if before == words and links == after:
        return
    stored.on = words["on"]
    _day_has_come(stored)
    if stored.published_at is not None:
        if not reason:
            raise ActionRefused(_("Say what you correct, and why: readers are told."), field="reason")
        OutcomeCorrection.objects.create(
            outcome=stored, reason=reason, replaced_at=now(), replaced_by=actor, **before
        )
        words["edited_at"] = now()
    Outcome.objects.filter(pk=stored.pk).update(**words)
    _link(stored, events, legislators, evidence)
    _record(stored, actor, "correct outcome" if stored.published_at else "edit outcome", reason=reason)


@transaction.atomic
def publish_outcome(*, outcome: Outcome, actor: User | None) -> None:
    """Put it online. Whoever has signed by this moment, and no later, is of those who acted."""
    # The campaign first, here and where it is opened again: what is published never stands in an open campaign.
    campaign = Campaign.objects.select_for_update(of=("self",), no_key=True).get(outcome=outcome.pk)
    stored = Outcome.objects.select_for_update(of=("self",), no_key=True).get(pk=outcome.pk)
    stored.campaign = campaign
    if reason := why_not_publish(stored):
        raise ActionRefused(reason)
    stored.published_at = now()
    stored.people_count = acted(stored).count()
    stored.save(update_fields=["published_at", "people_count"])
    outcome.published_at, outcome.people_count = stored.published_at, stored.people_count
    _record(stored, actor, "publish outcome", result=stored.result)


def why_not_publish(outcome: Outcome) -> str:
    """Why it can't be put online; empty where it can."""
    if outcome.published_at is not None:
        return _("It is published already.")
    if outcome.campaign.state != CampaignState.CLOSED:
        return _("Close the campaign first: whoever has confirmed by then is of those who acted.")
    return ""


@transaction.atomic
def say_outcome(
    *, campaign: Campaign, actor: User | None, result: str, changed: str = "", on: date | None = None
) -> Outcome:
    """What is said with the closing of a campaign: written, or changed in the draft there is, and published in one."""
    on = on or today(campaign.organization.time_zone or "UTC")
    outcome = Outcome.objects.filter(campaign=campaign, published_at__isnull=True).first()
    if outcome is None:
        outcome = write_outcome(campaign=campaign, actor=actor, result=result, changed=changed, on=on)
    else:
        words = {name: getattr(outcome, name) for name in Outcome.WORDS}
        words |= {"result": result, "on": on, "changed": changed or outcome.changed}
        edit_outcome(
            outcome=outcome,
            actor=actor,
            events=outcome.events.all(),
            legislators=outcome.legislators.all(),
            evidence=outcome.evidence.all(),
            **words,
        )
    publish_outcome(outcome=outcome, actor=actor)
    outcome.refresh_from_db()
    outcome.campaign = campaign
    return outcome


def why_not_again(campaign: Campaign) -> str:
    """Why a closed campaign can't be opened again; empty where it can."""
    if Outcome.objects.filter(campaign=campaign, thanked_at__isnull=False).exists():
        return _(
            "The people who acted were told what came of it and thanked, so it can’t be opened again. Begin a new "
            "campaign: a copy has its texts and targets."
        )
    return ""


def take_back_outcome(*, campaign: Campaign, actor: User | None) -> None:
    """Before a closed campaign is opened again, in one transaction with it: what came of it is a draft again."""
    Campaign.objects.select_for_update(of=("self",), no_key=True).get(pk=campaign.pk)
    stored = Outcome.objects.select_for_update(of=("self",), no_key=True).filter(campaign=campaign).first()
    if reason := why_not_again(campaign):
        raise ActionRefused(reason)
    if stored is None or stored.published_at is None:
        return
    stored.campaign = campaign
    was, stored.published_at, stored.edited_at, stored.people_count = stored.published_at, None, None, 0
    stored.save(update_fields=["published_at", "edited_at", "people_count"])
    _record(stored, actor, "take back outcome", published_at=was.isoformat())


@transaction.atomic
def delete_outcome(*, outcome: Outcome, actor: User | None) -> None:
    """Delete a draft."""
    Outcome.objects.select_for_update(of=("self",), no_key=True).filter(pk=outcome.pk).first()
    _record(outcome, actor, "delete outcome")
    if not Outcome.objects.filter(pk=outcome.pk, published_at__isnull=True).delete()[0]:
        raise ActionRefused(_("It is published. Correct it instead: readers are told what was changed."))


@transaction.atomic
def thank_people(*, outcome: Outcome, actor: User) -> Job:
    """Start to owe each person who acted one mail with what their part was. Raises ActionRefused the second time.

    Work that is over can be gone on with while some are left: who is owed a mail already is not owed another.
    """
    # Its job is read once the lock is held: joined, it would be as it was before who held it began one.
    stored = (
        Outcome.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign")
        .get(pk=outcome.pk)
    )
    if reason := why_not_thank(stored):
        raise ActionRefused(reason)
    job = start_job(
        organization=stored.campaign.organization,
        kind=JobKind.THANKS,
        title=stored.title,
        # How many acted, as the mails say it: those of one evening all say the same.
        params={"outcome": str(stored.pk), "people": acted(stored).count()},
        total=not_thanked(stored).count(),
        actor=actor,
        campaign=str(stored.campaign_id),
    )
    stored.thanked_at, stored.thanks_job = stored.thanked_at or now(), job
    stored.save(update_fields=["thanked_at", "thanks_job"])
    _record(stored, actor, "thank people")
    return job


def why_not_thank(outcome: Outcome) -> str:
    """Why nobody can be thanked now; empty where they can."""
    if outcome.published_at is None:
        return _("Publish it first: the mail leads to it.")
    if not can_thank(outcome):
        return _("They were thanked already. Nobody is thanked twice.")
    return ""


def can_thank(outcome: Outcome) -> bool:
    """Whether nobody began to thank, or what was begun is over and left some out who may be thanked now."""
    job = outcome.thanks_job
    if outcome.thanked_at is None:
        return True
    is_over = job is None or job.state in {JobState.DONE, JobState.CANCELLED, JobState.FAILED}
    return is_over and who_is_thanked(outcome).mails > 0


def _day_has_come(outcome: Outcome) -> None:
    if outcome.on > today(outcome.campaign.organization.time_zone or "UTC"):
        raise ActionRefused(_("This day has not come yet."), field="on")


def _links(outcome: Outcome) -> tuple[set[Any], ...]:
    linked = (outcome.events, outcome.legislators, outcome.evidence)
    return tuple(set(related.values_list("pk", flat=True)) for related in linked)


def _link(
    outcome: Outcome,
    events: Iterable[MeasureEvent],
    legislators: Iterable[Legislator],
    evidence: Iterable[Evidence],
) -> None:
    events, evidence = list(events), list(evidence)
    campaign = outcome.campaign
    if any(event.measure_id != campaign.measure_id for event in events):
        raise ActionRefused(_("A milestone belongs to another measure."), field="events")
    if any(item.organization_id != campaign.organization_id for item in evidence):
        raise ActionRefused(_("Evidence belongs to another organisation."), field="evidence")
    outcome.events.set(events)
    outcome.legislators.set(legislators)
    outcome.evidence.set(evidence)


def _record(outcome: Outcome, actor: User | None, verb: str, **more: object) -> None:
    record(organization=outcome.campaign.organization, actor=actor, verb=verb, obj=outcome, **more)
