from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from contacts.actions.organizations import record
from contacts.clock import now, today
from contacts.models import User
from policy.errors import MeasureRefused
from policy.models import (
    EventKind,
    Measure,
    MeasureEvent,
    MeasurePosition,
    RelatedMeasure,
    Sponsorship,
)


@transaction.atomic
def save_measure(*, measure: Measure, actor: User | None, since: date | None = None) -> Measure:
    """Store a measure that the organisation follows.

    A changed position, or changed reasons, leave a row in its history, dated `since` (today when it is not said).
    """
    if measure._state.adding:
        measure.created_at = now()
    measure.save_original()
    said = measure.positions.order_by("-id").values_list("position", "reasons").first()
    if said != (measure.position, measure.reasons):
        MeasurePosition.objects.create(
            measure=measure,
            position=measure.position,
            reasons=measure.reasons,
            on=since or today(measure.organization.time_zone or "UTC"),
            recorded_by=actor,
            recorded_at=now(),
        )
    record(organization=measure.organization, actor=actor, verb="save measure", obj=measure)
    return measure


@transaction.atomic
def add_event(*, event: MeasureEvent, actor: User | None) -> MeasureEvent:
    """Add a milestone; milestones are never changed, and a measure's status follows from those that stand.

    Raises MeasureRefused when this milestone is there already.
    """
    event.recorded_at = now()
    event.recorded_by = actor
    try:
        with transaction.atomic():
            event.save(force_insert=True)
    except IntegrityError:
        raise MeasureRefused(_("This milestone is there already.")) from None
    record(
        organization=event.measure.organization,
        actor=actor,
        verb="strike milestone" if event.strikes_id else "add milestone",
        obj=event.measure,
        kind=event.kind,
    )
    return event


def strike_event(
    *,
    wrong: MeasureEvent,
    reason: str,
    source_url: str,
    actor: User | None,
    instead: MeasureEvent | None = None,
) -> MeasureEvent:
    """Strike a milestone that was wrong, with why and the source that says so; both stay to be read.

    `instead` (unsaved) takes its place; without it the milestone is struck and nothing stands for it.
    Raises MeasureRefused for a milestone that is struck already, that strikes another and nothing else, or without a
    reason.
    """
    if not reason.strip():
        raise MeasureRefused(_("Say why it was wrong."), "reason")
    if wrong.kind == EventKind.STRUCK or MeasureEvent.objects.filter(strikes=wrong).exists():
        raise MeasureRefused(_("This milestone is struck already."))
    event = instead or MeasureEvent(kind=EventKind.STRUCK, on=today())
    event.measure = wrong.measure
    event.strikes = wrong
    event.reason = reason.strip()
    event.source_url = source_url
    return add_event(event=event, actor=actor)


@transaction.atomic
def add_sponsor(*, sponsorship: Sponsorship, actor: User | None) -> Sponsorship:
    """Name who brought a measure in or joined. Raises MeasureRefused for somebody named already."""
    sponsorship.recorded_at = now()
    if sponsorship.legislator and not sponsorship.name:
        sponsorship.name = sponsorship.legislator.name
    try:
        with transaction.atomic():
            sponsorship.save(force_insert=True)
    except IntegrityError:
        raise MeasureRefused(_("This sponsor is named already.")) from None
    organization = sponsorship.measure.organization
    record(organization=organization, actor=actor, verb="add sponsor", obj=sponsorship.measure)
    return sponsorship


@transaction.atomic
def remove_sponsor(*, sponsorship: Sponsorship, actor: User | None) -> None:
    """Take a sponsor off a measure: withdrawn, or named by mistake."""
    measure = sponsorship.measure
    sponsorship.delete()
    record(organization=measure.organization, actor=actor, verb="remove sponsor", obj=measure)


@transaction.atomic
def relate_measures(*, related: RelatedMeasure, actor: User | None) -> RelatedMeasure:
    """Say how two measures of one organisation belong together. Raises MeasureRefused."""
    measure, other = related.measure, related.other
    if measure == other or measure.organization_id != other.organization_id:
        raise MeasureRefused(_("Choose another measure of yours."), "other")
    known = RelatedMeasure.objects.filter(measure=measure, other=other, kind=related.kind)
    turned = RelatedMeasure.objects.filter(measure=other, other=measure, kind=related.kind)
    if known.exists() or turned.exists():
        raise MeasureRefused(_("These two are related already."), "other")
    related.save(force_insert=True)
    record(organization=measure.organization, actor=actor, verb="relate measures", obj=measure)
    return related


@transaction.atomic
def part_measures(*, related: RelatedMeasure, actor: User | None) -> None:
    """Take back that two measures belong together."""
    measure = related.measure
    related.delete()
    record(organization=measure.organization, actor=actor, verb="part measures", obj=measure)
