"""What people say their legislators said to them; a person makes a stance of it, or leaves it."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaigns.errors import ActionRefused, BadMove
from campaigns.models import (
    Event,
    EventState,
    MeetingReport,
    Registration,
    RegistrationState,
    Said,
)
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import Legislator, Membership, User
from policy.actions.stances import record_stance
from policy.models import Stance, StanceLevel

# What was said → where its speaker seems to stand, as with coded answers.
PROPOSED: dict[str, StanceLevel] = {
    Said.SUPPORTS: StanceLevel.SUPPORTS,
    Said.OPPOSES: StanceLevel.OPPOSED,
    Said.UNDECIDED: StanceLevel.UNDECIDED,
}


def may_report(registration: Registration) -> bool:
    """Whether somebody who had a place can say whom they met: from the beginning of such an event on."""
    event = registration.event
    return (
        event.asks_reports
        and event.state == EventState.OPEN
        and event.starts_at <= now()
        and registration.state == RegistrationState.CONFIRMED
    )


def legislators_of(event: Event) -> QuerySet[Legislator]:
    """Who sits in a chamber that decides on the event's measure, on the day of the event; by name."""
    if event.measure is None:
        return Legislator.objects.none()
    on = event.starts_at.astimezone(event.zone).date()
    seats = Membership.objects.current(on).filter(
        post__chamber__jurisdiction=event.measure.jurisdiction_id, post__isnull=False
    )
    return Legislator.objects.filter(pk__in=seats.values("legislator")).order_by("family_name", "name", "pk")


@transaction.atomic
def report_meeting(
    *, registration: Registration, legislator: Legislator, on: date, said: str, words: str
) -> MeetingReport:
    """Write down what a participant says of a meeting; said again of the same legislator, the last word holds.

    What a person has judged already stays as it was judged. Raises ActionRefused.
    """
    if not may_report(registration):
        raise BadMove
    event = registration.event
    if not legislators_of(event).filter(pk=legislator.pk).exists():
        raise ActionRefused(_("We know no representative of this name there."), "legislator")
    found = {"event": event, "on": on, "said": said, "words": words, "at": now()}
    report, is_new = MeetingReport.objects.get_or_create(
        registration=registration, legislator=legislator, defaults=found
    )
    if not is_new:
        unjudged = MeetingReport.objects.filter(
            pk=report.pk, stance__isnull=True, stance_declined_at__isnull=True
        )
        if not unjudged.update(**found):
            raise ActionRefused(_("What you told us of this meeting is written down already."))
        report.refresh_from_db()
    return report


@transaction.atomic
def accept_report(*, report: MeetingReport, stance: Stance, actor: User) -> Stance:
    """Record where a legislator stands by what they said to a participant, once a report."""
    held = MeetingReport.objects.select_for_update(of=("self",), no_key=True).filter(
        pk=report.pk, stance__isnull=True
    )
    if not held.exists():
        raise BadMove
    recorded = record_stance(stance=stance, actor=actor)
    MeetingReport.objects.filter(pk=report.pk).update(stance=recorded, stance_declined_at=None)
    return recorded


@transaction.atomic
def decline_report(*, report: MeetingReport, actor: User) -> None:
    """Leave the stance a report seemed to show."""
    if not MeetingReport.objects.open().filter(pk=report.pk).update(stance_declined_at=now()):
        raise BadMove
    organization = report.event.organization
    record(organization=organization, actor=actor, verb="decline stance of report", obj=report)
