"""What holds letters back, whoever they belong to: the operator's switch, breakers, and the throttle."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models.channel import ChannelName
from campaigns.models.drive import Drive, DriveState
from campaigns.models.letter import Letter
from campaigns.models.moves import StateChange
from contacts.models import Organization


class SendingState(models.TextChoices):
    ON = "on", pgettext_lazy("sending is", "On")
    STOPPED = "stopped", pgettext_lazy("sending is", "Stopped")


class Sending(models.Model):
    """Whether anything may leave this installation at all: one row, which every window of letters looks at."""

    MOVES: ClassVar[dict[str, set[str]]] = {
        SendingState.ON: {SendingState.STOPPED},
        SendingState.STOPPED: {SendingState.ON},
    }
    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    state = models.CharField(max_length=7, choices=SendingState, default=SendingState.ON)
    # Why it is stopped, shown on every page of the console.
    note = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "sending"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="sending_one_row"),
            models.CheckConstraint(condition=Q(state__in=SendingState.values), name="sending_state_known"),
            models.CheckConstraint(
                condition=~Q(state="stopped") | (Q(changed_at__isnull=False) & ~Q(note="")),
                name="sending_stopped_says_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"sending is {self.state}"


class SendingChange(StateChange):
    sending = models.ForeignKey(Sending, on_delete=models.CASCADE, related_name="history")


class BreakerKind(models.TextChoices):
    CHANNEL = "channel", _("A channel")
    DOMAIN = "domain", _("A mail domain")


class BreakerQuerySet(models.QuerySet["Breaker"]):
    def channels(self) -> Self:
        """Channels that are paused because the login was refused."""
        return self.filter(kind=BreakerKind.CHANNEL, opened_at__isnull=False)

    def domains(self) -> Self:
        """Mail domains that refused us as such: of what goes there only a probe leaves."""
        return self.filter(kind=BreakerKind.DOMAIN, opened_at__isnull=False)

    def domains_of(self, drives: models.QuerySet[Drive]) -> Self:
        """Those that keep letters of these drives waiting, or paused one of them."""
        letters = Letter.objects.filter(
            drive__in=drives,
            domain=OuterRef("name"),
            channel=ChannelName.EMAIL,
            state__in=[*Letter.OUTGOING, *Letter.LEAVING],
        )
        paused = drives.filter(state=DriveState.PAUSED, paused_by=OuterRef("pk"))
        return self.domains().filter(Exists(letters) | Exists(paused)).order_by("opened_at", "name")

    def domains_for(self, organization: Organization) -> Self:
        """Those that an organisation should know of."""
        drives = Drive.objects.filter(campaign__organization=organization, state__in=Drive.TAKES_LETTERS)
        return self.domains_of(drives)


class Breaker(models.Model):
    """Holds letters back while the other side refuses us as such; no row, or no `opened_at`, is closed.

    A channel tries by itself: `probe_at` is when one worker may, and whoever tries moves it on, so that no second
    one does. A domain waits for a person, who sets `probe_at`; then one letter, the probe, goes first.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=7, choices=BreakerKind)
    name = models.CharField(max_length=254)
    opened_at = models.DateTimeField(null=True, blank=True)
    probe_at = models.DateTimeField(null=True, blank=True)
    probe = models.ForeignKey(
        "campaigns.Letter", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    # What was said, without addresses.
    said = models.CharField(max_length=200, blank=True)
    # Once a domain took a probe, a refusal is about one letter rather than about us, unless many come at a time.
    trusted_until = models.DateTimeField(null=True, blank=True)
    refusals = models.PositiveSmallIntegerField(default=0)
    refusals_since = models.DateTimeField(null=True, blank=True)

    objects = BreakerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "name"], name="breaker_once_per_name"),
            models.CheckConstraint(condition=Q(kind__in=BreakerKind.values), name="breaker_kind_known"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, probe_at__isnull=True)
                | Q(opened_at__isnull=False, probe_at__isnull=False)
                | Q(kind="domain", opened_at__isnull=False),
                name="breaker_open_has_probe",
            ),
            models.CheckConstraint(
                condition=Q(probe__isnull=True) | Q(kind="domain", probe_at__isnull=False),
                name="breaker_probe_was_allowed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {'open' if self.opened_at else 'closed'}"


class ThrottleKind(models.TextChoices):
    OFFICE = "office", _("A contact point")
    DOMAIN = "domain", _("A mail domain")
    SITE = "site", _("All of it")


class Throttle(models.Model):
    """Until when nothing more may be claimed for a contact point (by its address), a mail domain, or at all.

    Each letter claimed moves the moment on by its share of an hour.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=6, choices=ThrottleKind)
    name = models.CharField(max_length=254, blank=True)
    busy_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "name"], name="throttle_once_per_name"),
            models.CheckConstraint(condition=Q(kind__in=ThrottleKind.values), name="throttle_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
