import uuid
from typing import Self

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Legislator, Organization
from policy.models.brief import Brief


class SetState(models.TextChoices):
    RUNNING = "running", _("Being made")
    DONE = "done", pgettext_lazy("briefs", "Ready")
    CANCELLED = "cancelled", _("Cancelled")


class ItemState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    READY = "ready", pgettext_lazy("briefs", "Ready")
    FAILED = "failed", _("Could not be made")


class BriefSetQuerySet(models.QuerySet["BriefSet"]):
    def with_progress(self) -> Self:
        """Sets with how many of their briefs are ready, were already there, and could not be made."""
        return self.annotate(
            ready=Count("items", filter=Q(items__state=ItemState.READY)),
            unchanged=Count("items", filter=Q(items__state=ItemState.READY, items__is_unchanged=True)),
            failed=Count("items", filter=Q(items__state=ItemState.FAILED)),
        )


class BriefSet(models.Model):
    """A leave-behind for everybody a campaign writes to, made in one go.

    `subject` and `language` are those of its briefs. Whoever makes it holds a lease; a set whose lease ran out is
    taken up where it stopped.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="brief_sets")
    subject = models.CharField(max_length=80)
    title = models.CharField(max_length=240)
    language = models.CharField(_("language"), max_length=10, default="en")
    paper = models.CharField(
        _("paper"), max_length=6, choices=[("letter", "Letter"), ("a4", "A4")], default="letter"
    )
    state = models.CharField(max_length=9, choices=SetState, default=SetState.RUNNING)
    vacant_count = models.PositiveSmallIntegerField(default=0, help_text=_("Seats nobody holds now."))
    requested_by = models.ForeignKey("contacts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = BriefSetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SetState.values), name="brief_set_state_known"),
            models.CheckConstraint(
                condition=Q(state=SetState.RUNNING) | Q(finished_at__isnull=False),
                name="brief_set_over_has_moment",
            ),
            models.UniqueConstraint(
                fields=["organization", "subject", "language", "paper"],
                condition=Q(state=SetState.RUNNING),
                name="brief_set_runs_once",
            ),
        ]
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title


class BriefSetItem(models.Model):
    """One legislator's place in a set, and the brief that was made for them."""

    id = models.BigAutoField(primary_key=True)
    brief_set = models.ForeignKey(BriefSet, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    legislator = models.ForeignKey(Legislator, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=200, help_text=_("The seat, as in the campaign's list."))
    brief = models.ForeignKey(Brief, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=ItemState, default=ItemState.WAITING)
    is_unchanged = models.BooleanField(default=False)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brief_set", "legislator"], name="brief_set_one_item_a_legislator"
            ),
            models.UniqueConstraint(fields=["brief_set", "position"], name="brief_set_one_item_a_place"),
            models.CheckConstraint(
                condition=Q(state__in=ItemState.values), name="brief_set_item_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=ItemState.READY) | Q(brief__isnull=False),
                name="brief_set_item_ready_has_brief",
            ),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.label
