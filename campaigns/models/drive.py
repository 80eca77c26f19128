import uuid
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.models.moves import StateChange


class DriveState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    FINISHED = "finished", _("Finished")
    CANCELLED = "cancelled", _("Cancelled")


class Drive(models.Model):
    """A scheduled wave of letters of a campaign. Hours and days are those of each letter's office."""

    MOVES: ClassVar[dict[str, set[str]]] = {
        DriveState.DRAFT: {DriveState.SCHEDULED, DriveState.CANCELLED},
        DriveState.SCHEDULED: {DriveState.RUNNING, DriveState.PAUSED, DriveState.DRAFT, DriveState.CANCELLED},
        DriveState.RUNNING: {DriveState.PAUSED, DriveState.FINISHED, DriveState.CANCELLED},
        DriveState.PAUSED: {DriveState.RUNNING, DriveState.CANCELLED, DriveState.FINISHED},
        DriveState.FINISHED: set(),
        DriveState.CANCELLED: set(),
    }
    # States in which the drive still takes letters of newly confirmed pledges.
    TAKES_LETTERS: ClassVar[list[str]] = [
        DriveState.DRAFT,
        DriveState.SCHEDULED,
        DriveState.RUNNING,
        DriveState.PAUSED,
    ]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="drives")
    name = models.CharField(_("name"), max_length=80)
    state = models.CharField(max_length=10, choices=DriveState, default=DriveState.DRAFT)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("last moment for a letter"))
    # Instead of naming its last moment, a drive may keep clear of a vote: it then ends this long before the day begins.
    hours_before_vote = models.PositiveSmallIntegerField(
        _("hours before the day of the vote"), null=True, blank=True, validators=[MaxValueValidator(24 * 90)]
    )
    vote_on = models.DateField(
        _("day of the vote"), null=True, blank=True, help_text=_("The measure's when empty.")
    )
    # Days on the office's own calendar.
    starts_on = models.DateField(_("first day at the office"), null=True, blank=True)
    ends_on = models.DateField(_("last day at the office"), null=True, blank=True)
    skips_holidays = models.BooleanField(_("not on public holidays"), default=False)
    skips_recess = models.BooleanField(_("not while the chamber is in recess"), default=False)
    weekdays = models.JSONField(
        _("weekdays"), default=list, help_text=_("0 is Monday; in the office's own time zone.")
    )
    opens = models.TimeField(_("from"))
    closes = models.TimeField(_("until"))
    all_day = models.BooleanField(_("around the clock"), default=False)
    hour_weights = models.JSONField(
        _("weights of the hours"),
        default=list,
        blank=True,
        help_text=_(
            "24 numbers, midnight first: percent of the office's rate in that hour; empty: all alike."
        ),
    )
    per_office_hour = models.PositiveIntegerField(
        _("letters an hour to one office"), default=30, validators=[MinValueValidator(1)]
    )
    per_domain_hour = models.PositiveIntegerField(
        _("letters an hour to one mail domain"), default=600, validators=[MinValueValidator(1)]
    )
    per_site_hour = models.PositiveIntegerField(
        _("letters an hour in all"), default=3000, validators=[MinValueValidator(1)]
    )
    # Moves on with each pause, resume and cancel: an intent written under an older epoch is refused.
    epoch = models.PositiveIntegerField(default=0)
    # The mail domain whose refusal paused it; empty when a person did, and once it goes on.
    paused_by = models.ForeignKey(
        "campaigns.Breaker",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="drives",
        db_index=False,
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DriveState.values), name="drive_state_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="drive_ends_after_start"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="drive_last_day_after_first",
            ),
            models.CheckConstraint(
                condition=Q(all_day=True) | Q(closes__gt=F("opens")), name="drive_closes_after_opening"
            ),
            models.CheckConstraint(
                condition=Q(per_office_hour__gt=0, per_domain_hour__gt=0, per_site_hour__gt=0),
                name="drive_rates_positive",
            ),
            models.UniqueConstraint(
                fields=["campaign"],
                condition=Q(state__in=["draft", "scheduled", "running", "paused"]),
                name="drive_one_open_per_campaign",
            ),
        ]
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class DriveChange(StateChange):
    drive = models.ForeignKey(Drive, on_delete=models.CASCADE, related_name="history")
