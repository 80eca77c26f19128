from collections.abc import Sequence

from django.db import transaction

from contacts.actions.organizations import record
from contacts.models import User
from policy.help import day_of
from policy.models import OpeningHours, Resource
from policy.opening import Span


@transaction.atomic
def save_resource(*, resource: Resource, actor: User | None, spans: Sequence[Span] | None = None) -> Resource:
    """Store a helpline, group or service with its opening hours; those it has stay where `spans` is None."""
    resource.recorded_on = day_of(resource.organization)
    resource.save()
    if spans is not None:
        set_hours(resource, [] if resource.is_always_open else spans)
    record(organization=resource.organization, actor=actor, verb="save resource", obj=resource)
    return resource


def set_hours(resource: Resource, spans: Sequence[Span]) -> None:
    """Put opening hours in place of those a resource has. The caller holds the transaction."""
    resource.opening.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(resource=resource, weekday=span.weekday, opens=span.opens, closes=span.closes)
        for span in spans
    )


@transaction.atomic
def verify_resource(*, resource: Resource, actor: User) -> Resource:
    """Write down that somebody tried it today and it is as it says; the log keeps the day before."""
    resource = Resource.objects.select_for_update(no_key=True).get(pk=resource.pk)
    before, on = resource.verified_on, day_of(resource.organization)
    resource.verified_on = resource.recorded_on = on
    resource.save(update_fields=["verified_on", "recorded_on"])
    record(
        organization=resource.organization,
        actor=actor,
        verb="verify resource",
        obj=resource,
        before=str(before or ""),
        on=str(on),
    )
    return resource
