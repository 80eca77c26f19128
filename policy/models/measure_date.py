import uuid
from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Chamber, Organization
from policy.models.measure import Measure


class DateKind(models.TextChoices):
    HEARING = "hearing", _("Hearing")
    COMMITTEE_VOTE = "committee_vote", _("Committee vote")
    VOTE = "vote", _("Vote")
    DEADLINE = "deadline", _("Deadline for comments")


class MeasureDateQuerySet(models.QuerySet["MeasureDate"]):
    def of(self, organization: Organization) -> Self:
        return self.filter(measure__organization=organization)

    def taking_place(self) -> Self:
        return self.filter(cancelled_at__isnull=True)


class MeasureDate(models.Model):
    """A hearing, a vote or a deadline of a measure, on the clock of the place where it happens.

    The day and the hour are kept as published, so that they stay right when a zone's rules change. A date is
    never removed: a cancelled one says so, in the calendars that people subscribed to as well.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="dates")
    kind = models.CharField(_("kind"), max_length=14, choices=DateKind)
    on = models.DateField(_("day"))
    starts_at = models.TimeField(_("from"), null=True, blank=True)
    ends_at = models.TimeField(_("until"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60)
    chamber = models.ForeignKey(
        Chamber,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("chamber or committee"),
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    note = models.CharField(_("note"), max_length=240, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_because = models.CharField(_("why it is cancelled"), max_length=240, blank=True)
    # How often it was moved or changed: calendars take the highest (RFC 5545, 3.8.7.4).
    sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = MeasureDateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DateKind.values), name="measure_date_kind_known"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
                name="measure_date_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["on"], name="measure_date_day")]
        ordering = ["on", "starts_at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} on {self.on}"

    def moment(self) -> datetime | None:
        """When it begins (aware); None when only the day is known."""
        if self.starts_at is None:
            return None
        return datetime.combine(self.on, self.starts_at, ZoneInfo(self.time_zone))

    def end(self) -> datetime | None:
        """When it ends, an hour after it begins when nobody said; None when only the day is known."""
        start = self.moment()
        if start is None:
            return None
        if self.ends_at is None:
            return start + timedelta(hours=1)
        return datetime.combine(self.on, self.ends_at, ZoneInfo(self.time_zone))


def next_vote(measure: Measure, on: date) -> MeasureDate | None:
    """The measure's nearest vote that takes place, from a day on."""
    votes = measure.dates.taking_place().filter(kind=DateKind.VOTE, on__gte=on)
    return votes.order_by("on", "starts_at", "pk").first()
