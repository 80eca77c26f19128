import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign, CampaignState
from contacts.models import Job, Legislator, Organization, User
from policy.models import Evidence, MeasureEvent
from policy.words import Passage


class OutcomeResult(models.TextChoices):
    WON = "won", _("Won")
    PARTLY_WON = "partly_won", _("Partly won")
    LOST = "lost", _("Lost")
    NO_RESULT = "no_result", _("Closed without a result")


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    def public(self) -> Self:
        """What strangers may read, newest first: published, no test, archived or not, as mails lead there."""
        hidden = [CampaignState.DRAFT, CampaignState.IN_REVIEW]
        found = (
            self.filter(published_at__isnull=False, campaign__is_test=False)
            .exclude(campaign__state__in=hidden)
            .select_related("campaign__organization", "campaign__issue", "campaign__measure__jurisdiction")
        )
        found = found.prefetch_related("campaign__translations")
        return found.order_by("-on", "-published_at", "pk")

    def of(self, organization: Organization) -> Self:
        return self.filter(campaign__organization=organization)


class _Words(models.Model):
    """What is said of an outcome, now or before a correction."""

    result = models.CharField(_("What came of it"), max_length=10, choices=OutcomeResult)
    headline = models.CharField(
        _("what changed, in one sentence"),
        max_length=140,
        blank=True,
        help_text=_("Headline of its page."),
    )
    changed = models.TextField(_("what changed"), blank=True, max_length=20_000, help_text=_("Markdown."))
    learned = models.TextField(
        _("what we learned"),
        blank=True,
        max_length=20_000,
        help_text=_("Markdown. Also what went wrong, and what you would do otherwise."),
    )
    on = models.DateField(_("day of the outcome"))

    class Meta:
        abstract = True


class Outcome(_Words):
    """What came of a campaign: a draft until it is published, then corrected in the open.

    `people_count` is how many had confirmed when it was published. The people who acted, each thanked once, are these
    and whoever signed before it and confirms in the days after.
    """

    WORDS = ("result", "headline", "changed", "learned", "on")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="outcome")
    events = models.ManyToManyField(MeasureEvent, blank=True, related_name="+", verbose_name=_("milestones"))
    # Who moved: their stances before and after are read from what was recorded.
    legislators = models.ManyToManyField(
        Legislator, blank=True, related_name="+", verbose_name=_("legislators who moved")
    )
    evidence = models.ManyToManyField(Evidence, blank=True, related_name="+", verbose_name=_("evidence"))
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    people_count = models.PositiveIntegerField(default=0)
    thanked_at = models.DateTimeField(null=True, blank=True)
    thanks_job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(result__in=OutcomeResult.values), name="outcome_result_known"),
            models.CheckConstraint(
                condition=Q(thanked_at__isnull=True) | Q(published_at__isnull=False),
                name="outcome_thanked_is_published",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-on"], condition=Q(published_at__isnull=False), name="outcome_published_newest"
            )
        ]
        ordering = ["-on", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> Passage:
        """Its headline, in the campaign's own language; the campaign's, in the reader's, where it has none."""
        own = Passage(self.headline, self.campaign.language)
        return own if own else self.campaign.words.title

    def title_in(self, language: str) -> Passage:
        """The same for what is handed to readers of all languages alike, as feeds and pictures are."""
        own = Passage(self.headline, self.campaign.language)
        return own if own else self.campaign.words_in([language]).title

    @property
    def lesson(self) -> Passage:
        return Passage(self.learned, self.campaign.language)

    @property
    def is_good(self) -> bool:
        return self.result in {OutcomeResult.WON, OutcomeResult.PARTLY_WON}


class OutcomeCorrection(_Words):
    """What a published outcome said before it was corrected, and why it was. Append-only."""

    id = models.BigAutoField(primary_key=True)
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="corrections")
    reason = models.CharField(_("what is corrected, and why"), max_length=240)
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="outcome_correction_says_why"),
        ]
        ordering = ["-replaced_at", "-id"]

    def __str__(self) -> str:
        return self.reason


def outcome_of(campaign: Campaign) -> Outcome | None:
    """What came of a campaign, a draft or published; None where nobody wrote anything."""
    return getattr(campaign, "outcome", None)


def published_outcome(campaign: Campaign) -> Outcome | None:
    """What visitors read of what came of a campaign."""
    outcome = outcome_of(campaign)
    return outcome if outcome is not None and outcome.published_at is not None else None
