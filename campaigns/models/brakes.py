"""What stops letters, whoever they belong to: the operator's switch, and breakers that open by themselves."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.moves import StateChange


class SendingState(models.TextChoices):
    ON = "on", _("On")
    STOPPED = "stopped", _("Stopped")


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


class Breaker(models.Model):
    """Holds letters back while the other side refuses us as such; no row, or no `opened_at`, is closed.

    `probe_at` is when one worker may try again. Whoever tries moves it on, so that no second one does.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=7, choices=BreakerKind)
    name = models.CharField(max_length=254)
    opened_at = models.DateTimeField(null=True, blank=True)
    probe_at = models.DateTimeField(null=True, blank=True)
    # What was said, without addresses.
    said = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "name"], name="breaker_once_per_name"),
            models.CheckConstraint(condition=Q(kind__in=BreakerKind.values), name="breaker_kind_known"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, probe_at__isnull=True)
                | Q(opened_at__isnull=False, probe_at__isnull=False),
                name="breaker_open_has_probe",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {'open' if self.opened_at else 'closed'}"
