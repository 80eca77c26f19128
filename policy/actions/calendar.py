from datetime import UTC, datetime
from zoneinfo import available_timezones

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from contacts.actions.organizations import record
from contacts.clock import now, today
from contacts.models import Organization, User
from policy.errors import MeasureRefused
from policy.models import CalendarFeed, DateKind, Measure, MeasureDate, next_vote


@transaction.atomic
def save_date(*, date: MeasureDate, actor: User | None) -> MeasureDate:
    """Put a hearing, a vote or a deadline into the calendar, or move one.

    The measure's day of the vote follows its nearest vote. Raises MeasureRefused for a zone that is none, an hour
    that the clocks skip on that day, or a date that is cancelled.
    """
    is_new = date._state.adding
    if date.time_zone not in available_timezones():
        raise MeasureRefused(_("There is no time zone of this name."), "time_zone")
    for field, moment in (("starts_at", date.moment()), ("ends_at", date.ends_at and date.end())):
        if moment and not _exists(moment):
            raise MeasureRefused(_("On that day the clocks skip this hour."), field)
    before = None if is_new else MeasureDate.objects.select_for_update(no_key=True).get(pk=date.pk)
    if before is not None and before.cancelled_at:
        raise MeasureRefused(_("This date is cancelled. Add a new one."))
    date.changed_at = now()
    if before is None:
        date.created_at = date.changed_at
    else:
        date.sequence = before.sequence + 1
    date.save()
    _follow_the_vote(date.measure, left=before.on if before and before.kind == DateKind.VOTE else None)
    verb = "add date" if is_new else "change date"
    record(organization=date.measure.organization, actor=actor, verb=verb, obj=date.measure, kind=date.kind)
    return date


@transaction.atomic
def cancel_date(*, date: MeasureDate, because: str, actor: User | None) -> None:
    """Say that something does not take place. It stays in the calendar as cancelled; a second word changes nothing."""
    at = now()
    standing = MeasureDate.objects.filter(pk=date.pk).taking_place()
    if not standing.update(
        cancelled_at=at, cancelled_because=because, changed_at=at, sequence=F("sequence") + 1
    ):
        return
    _follow_the_vote(date.measure, left=date.on if date.kind == DateKind.VOTE else None)
    record(
        organization=date.measure.organization,
        actor=actor,
        verb="cancel date",
        obj=date.measure,
        kind=date.kind,
    )


def _exists(moment: datetime) -> bool:
    """Whether a place's clocks show this time at all (in spring an hour is missing)."""
    return moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None) == moment.replace(
        tzinfo=None
    )


def _follow_the_vote(measure: Measure, left: object) -> None:
    """The day of the vote, which drives are planned from, is that of the nearest vote in the calendar.

    Where no vote is ahead, a day that the calendar had given (`left`, of a vote) goes; one that was typed in stays.
    """
    vote = next_vote(measure, today())
    if vote is not None:
        day = vote.on
    elif measure.vote_on == left:
        day = None
    else:
        return
    if measure.vote_on != day:
        measure.vote_on = day
        measure.save(update_fields=["vote_on"])


@transaction.atomic
def renew_feed(*, organization: Organization, actor: User | None) -> CalendarFeed:
    """Make the secret link to an organisation's calendar, or a new one: older links stop working at once."""
    feed, is_new = CalendarFeed.objects.get_or_create(
        organization=organization, defaults={"renewed_at": now()}
    )
    if not is_new:
        CalendarFeed.objects.filter(pk=feed.pk).update(version=F("version") + 1, renewed_at=now())
        feed.refresh_from_db()
    record(organization=organization, actor=actor, verb="renew calendar link", obj=feed)
    return feed
