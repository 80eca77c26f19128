from django.db import transaction

from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import User
from policy.models import Measure, MeasureEvent


@transaction.atomic
def save_measure(*, measure: Measure, actor: User | None) -> Measure:
    """Store a measure that the organisation follows."""
    if measure._state.adding:
        measure.created_at = now()
    measure.save()
    record(organization=measure.organization, actor=actor, verb="save measure", obj=measure)
    return measure


@transaction.atomic
def add_event(*, event: MeasureEvent, actor: User | None) -> MeasureEvent:
    """Add a milestone; milestones are never changed, and the last one is the measure's status."""
    event.recorded_at = now()
    event.save(force_insert=True)
    record(
        organization=event.measure.organization,
        actor=actor,
        verb="add milestone",
        obj=event.measure,
        kind=event.kind,
    )
    return event
