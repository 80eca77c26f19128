import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.drive import Drive
from campaigns.models.moves import StateChange
from contacts.models import Organization, Post, User


class BatchState(models.TextChoices):
    MADE = "made", _("To be printed and posted")
    POSTED = "posted", _("Posted")
    DISCARDED = "discarded", _("Discarded")


class BatchKind(models.TextChoices):
    LETTERS = "letters", _("Letters in envelopes")
    BUNDLE = "bundle", _("Bundle")


class PrintBatch(models.Model):
    """Letters to one office in one file: each in an envelope of its own, or near-identical ones listed in a bundle."""

    MOVES: ClassVar[dict[str, set[str]]] = {
        BatchState.MADE: {BatchState.POSTED, BatchState.DISCARDED},
        # A correction: it was marked as posted and had not been.
        BatchState.POSTED: {BatchState.MADE},
        BatchState.DISCARDED: set(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="print_batches")
    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="print_batches")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=7, choices=BatchKind, default=BatchKind.LETTERS)
    state = models.CharField(max_length=9, choices=BatchState, default=BatchState.MADE)
    letter_count = models.PositiveIntegerField()
    page_count = models.PositiveIntegerField()
    paper = models.CharField(max_length=6, help_text=_("A4 or Letter, by the office's country."))
    # Both hold names and addresses: they go with the letters' words.
    pdf = models.BinaryField(null=True)
    manifest = models.TextField(blank=True, help_text=_("CSV: one line a letter."))
    made_at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True, blank=True)
    posted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="print_batch_state_known"),
            models.CheckConstraint(condition=Q(kind__in=BatchKind.values), name="print_batch_kind_known"),
            models.CheckConstraint(
                condition=~Q(state="posted") | Q(posted_at__isnull=False), name="print_batch_posted_has_time"
            ),
            models.CheckConstraint(condition=Q(letter_count__gt=0), name="print_batch_has_letters"),
        ]
        ordering = ["-made_at", "pk"]

    def __str__(self) -> str:
        return f"print batch {self.id}"

    @property
    def is_bundle(self) -> bool:
        return self.kind == BatchKind.BUNDLE

    def said_of(self, state: str) -> str:
        """A state in words; a bundle is handed over, by post or by hand."""
        words = {BatchState.MADE: _("To be handed over"), BatchState.POSTED: _("Handed over")}
        return str((self.is_bundle and words.get(BatchState(state))) or BatchState(state).label)

    def get_state_display(self) -> str:  # type: ignore[no-redef]  # Django leaves a method of ours alone
        return self.said_of(self.state)


class PrintBatchChange(StateChange):
    batch = models.ForeignKey(PrintBatch, on_delete=models.CASCADE, related_name="history")
