"""A supporter's own experience. What is personal in it is sealed; its key lies in a table of its own (ADR 11)."""

import uuid
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models.campaign import Campaign
from campaigns.models.moves import StateChange
from contacts.models import Division, Organization
from policy.models import Issue


class StoryState(models.TextChoices):
    PENDING = "pending", _("Waiting for confirmation")
    WAITING = "waiting", _("Waits to be read")
    CHANGES = "changes", _("Back with its writer")
    APPROVED = "approved", pgettext_lazy("a story", "Approved")
    DECLINED = "declined", pgettext_lazy("a story", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("a story", "Taken back")
    EXPIRED = "expired", pgettext_lazy("a story", "Never confirmed")
    ENDED = "ended", pgettext_lazy("a story", "Its time is over")


_S = StoryState
# A story in one of these has no words any more, and no key.
GONE = (_S.WITHDRAWN.value, _S.EXPIRED.value, _S.ENDED.value)


class StoryScope(models.TextChoices):
    """What somebody may agree to; one row of StoryConsent each."""

    PUBLIC = "public", _("On public pages, with the name I chose")
    UNNAMED = "unnamed", _("On public pages, without any name")
    BRIEFS = "briefs", _("In letters and briefs to legislators")
    PRIVATE = "private", _("Read by the organisation’s reviewers")


class StoryQuerySet(models.QuerySet["Story"]):
    def in_force(self, on: date) -> Self:
        """Approved, and agreed to on that day: whatever is not among these is shown and quoted nowhere."""
        return self.filter(state=_S.APPROVED, until__gte=on)

    def public(self, on: date) -> Self:
        """What public pages, feeds and the API may show on a day."""
        return self.in_force(on).filter(is_public=True)

    def light(self) -> Self:
        """For lists that show no words."""
        return self.defer("sealed", "picture")


class Story(models.Model):
    """What says who told it, and what they told, is in `sealed` and `picture` alone."""

    MOVES: ClassVar[dict[str, set[str]]] = {
        _S.PENDING: {_S.WAITING, _S.EXPIRED, _S.WITHDRAWN},
        _S.WAITING: {_S.APPROVED, _S.CHANGES, _S.DECLINED, _S.WITHDRAWN, _S.ENDED},
        _S.CHANGES: {_S.WAITING, _S.WITHDRAWN, _S.ENDED},
        # Changed by its writer, it waits to be read again; a reviewer may take it off the pages, too.
        _S.APPROVED: {_S.WAITING, _S.CHANGES, _S.DECLINED, _S.WITHDRAWN, _S.ENDED},
        _S.DECLINED: {_S.WITHDRAWN, _S.ENDED},
        _S.WITHDRAWN: set(),
        _S.EXPIRED: set(),
        _S.ENDED: set(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="stories")
    campaign = models.ForeignKey(
        Campaign, null=True, blank=True, on_delete=models.SET_NULL, related_name="stories"
    )
    issue = models.ForeignKey(Issue, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    division = models.ForeignKey(Division, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=StoryState, default=StoryState.PENDING)
    language = models.CharField(max_length=10, default="en")
    # A keyed hash: their other pages find it by that, and mails to one address are capped.
    address_hash = models.CharField(max_length=64)
    sealed = models.BinaryField(null=True, editable=False)
    picture = models.BinaryField(null=True, editable=False)
    # Sealed into what was written then: an older text can't be put in the place of a newer one.
    revision = models.PositiveIntegerField(default=1)
    # What holds of the consents now; written with their rows, by the same actions.
    is_public = models.BooleanField(default=False)
    with_name = models.BooleanField(default=False)
    in_briefs = models.BooleanField(default=False)
    until = models.DateField(help_text=_("The last day of what was agreed to."))
    is_example = models.BooleanField(default=False)

    confirm_counter = models.PositiveIntegerField(default=0)
    manage_counter = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    objects = StoryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=StoryState.values), name="story_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=GONE, sealed__isnull=True, picture__isnull=True)
                | ~Q(state__in=GONE) & Q(sealed__isnull=False),
                name="story_gone_has_no_words",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(confirmed_at__isnull=False, approved_at__isnull=False),
                name="story_approved_was_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(with_name=False) | Q(is_public=True) | Q(in_briefs=True),
                name="story_name_is_for_readers",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "-approved_at"], name="story_wall"),
            models.Index(fields=["address_hash"], name="story_by_address"),
        ]

    def __str__(self) -> str:
        return f"story {self.pk}"  # never a name: this text reaches logs

    @property
    def terms(self) -> str:
        """What readers may see of it, in short: tells a reviewer's decision from one about other terms."""
        return "".join(str(int(one)) for one in (self.is_public, self.with_name, self.in_briefs))

    def is_gone(self) -> bool:
        return self.state in GONE

    def is_seen(self, on: date) -> bool:
        """Whether public pages show it on a day."""
        return self.state == StoryState.APPROVED and self.is_public and self.until >= on


class StoryChange(StateChange):
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="history")


class StoryKey(models.Model):
    """The key of one story, wrapped by the installation's. Without its row the words are noise, in every backup too."""

    story = models.OneToOneField(Story, primary_key=True, on_delete=models.CASCADE, related_name="key")
    wrapped = models.BinaryField()
    wrapped_by = models.CharField(max_length=16, help_text=_("Which of STORY_KEYS wrapped it."))

    def __str__(self) -> str:
        return f"key of {self.story_id}"


class StoryConsent(models.Model):
    """What somebody agreed to for one story, in the words they saw. Append-only: withdrawing is another row."""

    id = models.BigAutoField(primary_key=True)
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="consents")
    scope = models.CharField(max_length=8, choices=StoryScope)
    given = models.BooleanField()
    until = models.DateField()
    text = models.TextField(help_text=_("The words that were shown."))
    text_version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    source = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(scope__in=StoryScope.values), name="story_scope_known")
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.scope} {'given' if self.given else 'withdrawn'}"
