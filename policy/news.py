"""What changed of the measures somebody follows, in words. Reads only; a fixed number of queries."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.core import signing
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from contacts.models import Organization, User
from policy.models import EventKind, Follow, Measure, MeasureDate, MeasureEvent, MeasurePosition
from policy.words import labelled

_SALT = "outspoken.digest"


@dataclass
class News:
    """A measure with what changed of it, the oldest first."""

    measure: Measure
    lines: list[str] = field(default_factory=list)


def news_for(user: User, organization: Organization, since: datetime, until: datetime) -> list[News]:
    """Changes written down after `since` and up to `until`, of each measure only since it was followed."""
    follows = Follow.objects.filter(user=user, measure__organization=organization)
    begun = {
        row.measure_id: row
        for row in follows.select_related("measure").order_by("measure__identifier", "measure_id")
    }
    found: list[tuple[datetime, UUID, str]] = []
    for at, measure, line in _changes(list(begun), since, until):
        if at > begun[measure].created_at:
            found.append((at, measure, line))
    news = {pk: News(row.measure) for pk, row in begun.items()}
    for _at, measure, line in sorted(found):
        news[measure].lines.append(line)
    return [item for item in news.values() if item.lines]


def _changes(measures: list[UUID], since: datetime, until: datetime) -> Iterator[tuple[datetime, UUID, str]]:
    span = (since, until)
    events = MeasureEvent.objects.filter(measure__in=measures, recorded_at__gt=since, recorded_at__lte=until)
    for event in events.select_related("strikes"):
        yield event.recorded_at, event.measure_id, _event(event)
    positions = MeasurePosition.objects.filter(
        measure__in=measures, recorded_at__gt=since, recorded_at__lte=until
    )
    for position in positions:
        line = _("Our position: %(position)s") % {"position": position.get_position_display()}
        yield position.recorded_at, position.measure_id, line
    dates = MeasureDate.objects.filter(measure__in=measures, changed_at__gt=since, changed_at__lte=until)
    for date in dates:
        yield date.changed_at, date.measure_id, _date(date, span)


def _event(event: MeasureEvent) -> str:
    what = {"kind": event.get_kind_display(), "day": date_format(event.on), "reason": event.reason}
    if event.kind == EventKind.STRUCK and event.strikes:
        what |= {"kind": event.strikes.get_kind_display(), "day": date_format(event.strikes.on)}
        return _("Struck: %(kind)s, %(day)s (%(reason)s)") % what
    if event.strikes:
        return _("Corrected: %(kind)s, %(day)s (%(reason)s)") % what
    line = _("%(kind)s, %(day)s") % what
    return labelled(line, event.note) if event.note else line


def _date(date: MeasureDate, span: tuple[datetime, datetime]) -> str:
    hour = f", {time_format(date.starts_at)} ({date.time_zone})" if date.starts_at else ""
    what = {"kind": date.get_kind_display(), "when": f"{date_format(date.on)}{hour}"}
    if date.cancelled_at:
        return _("Cancelled: %(kind)s, %(when)s") % what
    if span[0] < date.created_at <= span[1]:
        return _("In the calendar: %(kind)s, %(when)s") % what
    return _("Changed in the calendar: %(kind)s, %(when)s") % what


def wish_token(user: User, organization: Organization) -> str:
    """What lets a mail's reader change or stop the digest without signing in."""
    return signing.Signer(salt=_SALT).sign_object([str(user.pk), str(organization.pk)])


def read_wish_token(token: str) -> tuple[User, Organization] | None:
    """Whose digest of which organisation a link is about; None for one that is wrong."""
    try:
        user_id, organization_id = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    organization = Organization.objects.filter(pk=organization_id).first()
    return (user, organization) if user and organization else None
