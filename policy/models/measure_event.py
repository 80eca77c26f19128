from collections.abc import Iterable
from datetime import date
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Chamber
from policy.models.measure import Measure


class EventKind(models.TextChoices):
    DRAFTED = "drafted", _("Drafted")
    INTRODUCED = "introduced", _("Introduced")
    REFERRED = "referred", _("Referred to committee")
    HEARD = "heard", _("Heard")
    AMENDED = "amended", _("Amended")
    PASSED_CHAMBER = "passed_chamber", _("Passed a chamber")
    PASSED = "passed", _("Passed")
    ADOPTED = "adopted", _("Signed or adopted")
    IN_FORCE = "in_force", _("In force")
    FAILED = "failed", pgettext_lazy("a measure", "Failed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    VETOED = "vetoed", _("Vetoed")
    STRUCK = "struck", _("Struck out")


# How far a measure has come. What ends it has no place on the way: only something newer brings it back.
STAGES: dict[str, int] = {
    EventKind.DRAFTED: 1,
    EventKind.INTRODUCED: 2,
    EventKind.REFERRED: 3,
    EventKind.HEARD: 4,
    EventKind.AMENDED: 4,
    EventKind.PASSED_CHAMBER: 5,
    EventKind.PASSED: 6,
    EventKind.ADOPTED: 7,
    EventKind.IN_FORCE: 8,
}
ENDS = frozenset({EventKind.FAILED, EventKind.WITHDRAWN, EventKind.VETOED})
MILESTONES = [choice for choice in EventKind.choices if choice[0] != EventKind.STRUCK]


class MeasureEventQuerySet(models.QuerySet["MeasureEvent"]):
    def standing(self) -> Self:
        """Milestones that nobody struck."""
        return self.filter(struck_by__isnull=True).exclude(kind=EventKind.STRUCK)


class MeasureEvent(models.Model):
    """A milestone of a measure, with its date and source.

    Append-only, and the database keeps it so while the measure stands. A correction is another event: it `strikes`
    the wrong one and says why; of the kind *struck* when nothing takes the wrong one's place.
    """

    id = models.BigAutoField(primary_key=True)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("milestone"), max_length=14, choices=EventKind)
    on = models.DateField(_("date"))
    chamber = models.ForeignKey(
        Chamber,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("chamber or committee"),
    )
    note = models.CharField(_("note"), max_length=240, blank=True)
    source_url = models.URLField(_("source"), max_length=500)
    strikes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="struck_by"
    )
    reason = models.CharField(_("why it was wrong"), max_length=240, blank=True)
    recorded_by = models.ForeignKey("contacts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField()

    objects = MeasureEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "kind", "on", "note"],
                condition=Q(strikes__isnull=True),
                name="measure_event_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="measure_event_kind_known"),
            models.CheckConstraint(condition=~Q(source_url=""), name="measure_event_has_source"),
            models.CheckConstraint(
                condition=Q(strikes__isnull=True) | ~Q(reason=""), name="measure_event_strikes_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(kind="struck") | Q(strikes__isnull=False),
                name="measure_event_struck_names_which",
            ),
        ]
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.kind} on {self.on}"


def status_of(events: Iterable[MeasureEvent], on: date) -> MeasureEvent | None:
    """The milestone that is a measure's status on a day; None without one.

    `events` stand and are in order of their dates. A hearing after a chamber has passed it does not set a measure
    back; a failure, a withdrawal or a veto ends it until something newer happens.
    """
    status = None
    for event in events:
        if event.on > on:
            break
        if status is None or _leads(event, from_=status):
            status = event
    return status


def _leads(event: MeasureEvent, from_: MeasureEvent) -> bool:
    """Whether an event takes the place of an earlier one as the status."""
    if event.kind in ENDS or from_.kind in ENDS:
        return True
    return STAGES.get(event.kind, 0) >= STAGES.get(from_.kind, 0)


def with_status(measures: Iterable[Measure], on: date) -> list[tuple[Measure, MeasureEvent | None]]:
    """Measures, each with the milestone that is its status on a day; one query for all."""
    rows = list(measures)
    events: dict[UUID, list[MeasureEvent]] = {measure.pk: [] for measure in rows}
    for event in MeasureEvent.objects.standing().filter(measure__in=rows).order_by("on", "id"):
        events[event.measure_id].append(event)
    return [(measure, status_of(events[measure.pk], on)) for measure in rows]
