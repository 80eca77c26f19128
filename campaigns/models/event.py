"""Something that takes place and that people come to: a workshop, a hearing, a lobby day, a vigil."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models.campaign import Campaign
from campaigns.models.moves import StateChange
from contacts.models import Organization
from policy.models import Issue, Measure


class EventKind(models.TextChoices):
    WORKSHOP = "workshop", _("Workshop")
    HEARING = "hearing", _("Public hearing")
    LOBBY_DAY = "lobby_day", _("Lobby day")
    VIGIL = "vigil", _("Vigil")
    MEETING = "meeting", _("Meeting")


class EventState(models.TextChoices):
    """That an event is over is no state: its end says so, at the moment somebody looks."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", pgettext_lazy("an event", "Open")
    CANCELLED = "cancelled", _("Cancelled")


class EventQuerySet(models.QuerySet["Event"]):
    def of(self, organization: Organization) -> Self:
        return self.filter(organization=organization)

    def public(self) -> Self:
        """Events a stranger may see: open, or cancelled after they were."""
        called_off = EventChange.objects.filter(
            event=OuterRef("pk"), from_state=EventState.OPEN, to_state=EventState.CANCELLED
        )
        return self.filter(Q(state=EventState.OPEN) | Q(Exists(called_off), state=EventState.CANCELLED))

    def ahead(self, at: datetime) -> Self:
        """Those that are not over at a moment, the next one first."""
        return self.filter(ends_at__gt=at).order_by("starts_at", "pk")

    def over(self, at: datetime) -> Self:
        """Those that are over at a moment, the last one first."""
        return self.filter(ends_at__lte=at).order_by("-starts_at", "pk")


class Event(models.Model):
    """An event with its places; `taken` counts those that are held or confirmed, and is never more than there are."""

    MOVES: ClassVar[dict[str, set[str]]] = {
        EventState.DRAFT: {EventState.OPEN, EventState.CANCELLED},
        EventState.OPEN: {EventState.CANCELLED},
        EventState.CANCELLED: set(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("kind"), max_length=10, choices=EventKind)
    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(_("address of the page"), max_length=60)
    summary = models.CharField(_("in one sentence"), max_length=240)
    text = models.TextField(_("what to know"), blank=True, help_text=_("Markdown."))
    language = models.CharField(_("language"), max_length=10, default="en")
    issue = models.ForeignKey(
        Issue,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="events",
        verbose_name=_("issue"),
    )
    campaign = models.ForeignKey(
        Campaign,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="events",
        verbose_name=_("campaign"),
    )
    measure = models.ForeignKey(
        Measure,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="public_events",
        verbose_name=_("measure"),
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(_("time zone"), max_length=60)
    place = models.CharField(_("place"), max_length=240, blank=True)
    access = models.TextField(_("how to get in"), max_length=1000, blank=True)
    link = models.URLField(_("link to join online"), max_length=500, blank=True)
    capacity = models.PositiveIntegerField(
        _("places"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100_000)]
    )
    taken = models.PositiveIntegerField(default=0)
    hold_hours = models.PositiveSmallIntegerField(
        _("hours a place is held"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(168)],
        help_text=_("Until it is confirmed by mail, or taken by somebody from the waiting list."),
    )
    remind_hour = models.BooleanField(
        _("remind people once more an hour before"),
        default=False,
        help_text=_("A reminder the day before is always sent."),
    )
    asks_reports = models.BooleanField(
        _("ask people afterwards whom they met"),
        default=False,
        help_text=_("For a lobby day: they say in a short form what their legislator said. Needs a measure."),
    )
    is_example = models.BooleanField(_("invented example"), default=False)
    state = models.CharField(max_length=9, choices=EventState, default=EventState.DRAFT)
    cancelled_because = models.CharField(_("why it is cancelled"), max_length=240, blank=True)
    outcome = models.TextField(
        _("what came of it"), blank=True, help_text=_("Markdown; shown on its page afterwards.")
    )
    # How often its time, place or state changed: calendars take the highest (RFC 5545, 3.8.7.4).
    sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="event_slug_once_per_organization"),
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="event_kind_known"),
            models.CheckConstraint(condition=Q(state__in=EventState.values), name="event_state_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_start"),
            models.CheckConstraint(condition=~Q(place="", link=""), name="event_is_somewhere"),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gte=F("taken")), name="event_never_overfull"
            ),
            models.CheckConstraint(
                condition=Q(asks_reports=False) | Q(measure__isnull=False), name="event_reports_need_measure"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-starts_at"], name="event_newest"),
            models.Index(fields=["ends_at"], condition=Q(state="open"), name="event_open_until"),
        ]
        ordering = ["starts_at", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_open(self) -> bool:
        return self.state == EventState.OPEN

    @property
    def is_full(self) -> bool:
        return self.capacity is not None and self.taken >= self.capacity

    @property
    def left(self) -> int | None:
        """Places nobody has; None where there is no end of them."""
        return None if self.capacity is None else max(self.capacity - self.taken, 0)

    def is_over(self, at: datetime) -> bool:
        return self.ends_at <= at

    def held_until(self, at: datetime) -> datetime:
        """Until when a place given at a moment is held; never past the beginning."""
        return min(at + timedelta(hours=self.hold_hours), max(self.starts_at, at))


class EventChange(StateChange):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="history")
