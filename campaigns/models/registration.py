import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models.event import Event
from campaigns.models.moves import StateChange
from campaigns.models.pledge import HeldFor
from contacts.models import Legislator
from policy.models import Stance


class RegistrationState(models.TextChoices):
    """`doubted` waits for a person, `held` and `asked` for a click in a mail, `offered` for an answer in time."""

    DOUBTED = "doubted", _("To be looked at")
    HELD = "held", _("Place held, mail not confirmed")
    ASKED = "asked", _("For the waiting list, mail not confirmed")
    WAITING = "waiting", _("On the waiting list")
    OFFERED = "offered", _("Offered a place")
    CONFIRMED = "confirmed", _("Has a place")
    CANCELLED = "cancelled", pgettext_lazy("a registration", "Cancelled")
    EXPIRED = "expired", _("Not taken in time")


_S = RegistrationState
# States in which one of the event's places is theirs.
WITH_PLACE = [_S.HELD, _S.OFFERED, _S.CONFIRMED]
# Those who confirmed their address and still count on the event: they hear of every change.
EXPECTED = [_S.WAITING, _S.OFFERED, _S.CONFIRMED]


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def with_place(self) -> Self:
        return self.filter(state__in=WITH_PLACE)

    def expected(self) -> Self:
        return self.filter(state__in=EXPECTED)

    def in_line(self) -> Self:
        """The waiting list, who came first stands first."""
        return self.filter(state=_S.WAITING).order_by("queued_at", "pk")


class Registration(models.Model):
    """Somebody who wants to come to an event, by a mail address that they confirm."""

    MOVES: ClassVar[dict[str, set[str]]] = {
        _S.DOUBTED: {_S.HELD, _S.ASKED, _S.CANCELLED, _S.EXPIRED},
        _S.HELD: {_S.CONFIRMED, _S.CANCELLED, _S.EXPIRED},
        _S.ASKED: {_S.CONFIRMED, _S.WAITING, _S.CANCELLED, _S.EXPIRED},
        _S.WAITING: {_S.OFFERED, _S.CANCELLED, _S.EXPIRED},
        _S.OFFERED: {_S.CONFIRMED, _S.CANCELLED, _S.EXPIRED},
        _S.CONFIRMED: {_S.CANCELLED},
        # Somebody who changes their mind starts over with the same row.
        _S.CANCELLED: {_S.HELD, _S.ASKED, _S.DOUBTED},
        _S.EXPIRED: {_S.HELD, _S.ASKED, _S.DOUBTED},
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="registrations")
    state = models.CharField(max_length=9, choices=RegistrationState)
    held_for = models.CharField(max_length=10, choices=HeldFor, blank=True)
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("mail address"), max_length=254)
    canonical_email = models.CharField(max_length=254)
    language = models.CharField(_("language"), max_length=10, default="en")
    needs = models.CharField(_("what you need to take part"), max_length=300, blank=True)
    # Every reissue moves it on, and older links stop working.
    link_counter = models.PositiveIntegerField(default=0)
    registered_at = models.DateTimeField()
    # Until when a click or an answer is waited for.
    due_at = models.DateTimeField(null=True, blank=True)
    # When they joined the waiting list: their place in it.
    queued_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "canonical_email"], name="registration_once_per_event"),
            models.CheckConstraint(
                condition=Q(state__in=RegistrationState.values), name="registration_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["doubted", "held", "asked", "offered"]) | Q(due_at__isnull=False),
                name="registration_held_until",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "offered", "confirmed"]) | Q(confirmed_at__isnull=False),
                name="registration_confirmed_by_mail",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "offered"]) | Q(queued_at__isnull=False),
                name="registration_in_line_since",
            ),
            models.CheckConstraint(
                condition=Q(checked_in_at__isnull=True) | Q(state="confirmed"),
                name="registration_came_with_place",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(name="", email="", needs=""),
                name="registration_erased_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(held_for__in=["", *HeldFor.values]), name="registration_held_for_known"
            ),
        ]
        indexes = [
            models.Index(fields=["event", "state", "queued_at"], name="registration_in_line"),
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["doubted", "held", "asked", "offered"]),
                name="registration_due",
            ),
            models.Index(fields=["canonical_email"], name="registration_of_person"),
        ]

    def __str__(self) -> str:
        return f"registration {self.id}"  # never the name: this text reaches logs


class RegistrationChange(StateChange):
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="history")


class Said(models.TextChoices):
    SUPPORTS = "supports", _("That they support it")
    OPPOSES = "opposes", _("That they oppose it")
    UNDECIDED = "undecided", _("That they have not decided")
    NOTHING = "nothing", _("Nothing that tells")


class MeetingReportQuerySet(models.QuerySet["MeetingReport"]):
    def open(self) -> Self:
        """Reports that seem to show a stance, and that nobody has judged."""
        judged = Q(stance__isnull=False) | Q(stance_declined_at__isnull=False)
        return self.exclude(judged).exclude(said=Said.NOTHING)


class MeetingReport(models.Model):
    """What a participant says their legislator said; a person makes a stance of it, or leaves it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="reports")
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="reports")
    legislator = models.ForeignKey(Legislator, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("day of the meeting"))
    said = models.CharField(_("what they said of it"), max_length=9, choices=Said)
    words = models.CharField(_("in your words"), max_length=300, blank=True)
    at = models.DateTimeField()
    stance = models.ForeignKey(Stance, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    stance_declined_at = models.DateTimeField(null=True, blank=True)

    objects = MeetingReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "legislator"], name="meeting_reported_once_per_legislator"
            ),
            models.CheckConstraint(condition=Q(said__in=Said.values), name="meeting_said_known"),
            models.CheckConstraint(
                condition=Q(stance__isnull=True) | Q(stance_declined_at__isnull=True),
                name="meeting_stance_accepted_or_declined",
            ),
        ]
        ordering = ["-at", "id"]

    def __str__(self) -> str:
        return f"report {self.id}"
