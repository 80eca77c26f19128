import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from campaigns.models.channel import every_channel
from campaigns.models.moves import StateChange
from campaigns.models.words import CampaignWords
from contacts.models import Organization, User
from policy.models import Issue, Measure
from policy.words import Passage, digest, passages, reading


class CampaignState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    SCHEDULED = "scheduled", _("Opens soon")
    OPEN = "open", _("Open")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed")
    ARCHIVED = "archived", _("Archived")


# What a campaign no longer has that does not open by itself any more.
NOT_SCHEDULED: dict[str, Any] = {"opens_at": None, "opens_seen": "", "opening_failed_at": None}


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def of(self, organization: Organization) -> Self:
        return self.filter(organization=organization)

    def public(self) -> Self:
        """Campaigns a stranger may see."""
        return self.filter(
            state__in=[
                CampaignState.SCHEDULED,
                CampaignState.OPEN,
                CampaignState.PAUSED,
                CampaignState.CLOSED,
            ]
        )


class Campaign(models.Model):
    """One ask about one measure, with a public page."""

    # What people read of it, and may be written in other languages than its own.
    to_translate: ClassVar[tuple[str, ...]] = ("title", "ask", "why", "call_script", "outcome_text")
    MOVES: ClassVar[dict[str, set[str]]] = {
        CampaignState.DRAFT: {
            CampaignState.IN_REVIEW,
            CampaignState.SCHEDULED,
            CampaignState.OPEN,
            CampaignState.ARCHIVED,
        },
        CampaignState.IN_REVIEW: {CampaignState.DRAFT, CampaignState.SCHEDULED, CampaignState.OPEN},
        CampaignState.SCHEDULED: {CampaignState.DRAFT, CampaignState.OPEN},
        CampaignState.OPEN: {CampaignState.PAUSED, CampaignState.CLOSED},
        CampaignState.PAUSED: {CampaignState.OPEN, CampaignState.CLOSED},
        CampaignState.CLOSED: {CampaignState.OPEN, CampaignState.ARCHIVED},
        CampaignState.ARCHIVED: set(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="campaigns")
    issue = models.ForeignKey(
        Issue, on_delete=models.PROTECT, related_name="campaigns", verbose_name=_("issue")
    )
    measure = models.ForeignKey(
        Measure,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="campaigns",
        verbose_name=_("measure"),
    )
    slug = models.SlugField(_("address of the page"), max_length=60)
    title = models.CharField(_("headline"), max_length=140, help_text=_("The ask in one sentence."))
    ask = models.CharField(_("what we ask of representatives"), max_length=300)
    why = models.TextField(_("why it matters"), help_text=_("Markdown; shown beside the form."))
    language = models.CharField(_("language"), max_length=10, default="en")
    goal = models.PositiveIntegerField(
        _("goal"), default=1000, help_text=_("People who confirm their pledge.")
    )
    allow_households = models.BooleanField(
        _("two people may share one mail address"),
        default=False,
        help_text=_("With different names and one postal code."),
    )
    minimum_age = models.PositiveSmallIntegerField(
        _("least age of signers"),
        null=True,
        blank=True,
        validators=[MinValueValidator(10), MaxValueValidator(99)],
        help_text=_("They say that they are so old; no date of birth is asked. Empty: anybody may sign."),
    )
    ask_street = models.BooleanField(_("ask for the street address"), default=False)
    channels = models.JSONField(_("ways letters may go, first choice first"), default=every_channel)
    bundle_similar = models.BooleanField(
        _("hand near-identical letters over in one bundle"),
        default=False,
        help_text=_(
            "One bundle an office a week: the common text once, every signer, and each one’s own added sentences. "
            "Letters in a supporter’s own words always go alone."
        ),
    )
    # What congressional offices sort mail by (CWC): without a topic nothing goes that way.
    topic = models.CharField(_("topic"), max_length=60, blank=True)
    editing_minutes = models.PositiveIntegerField(
        _("minutes to edit before a letter may leave"),
        default=60,
        help_text=_("Counted from the confirmation."),
    )
    call_script = models.TextField(
        _("what to say on the phone"),
        blank=True,
        max_length=2000,
        help_text=_(
            "With it, people who signed are offered to call offices whose number is known. Fields such as {{name}}, "
            "{{city}}, {{measure}}, {{title}} and {{representative}} are filled in."
        ),
    )
    state = models.CharField(max_length=10, choices=CampaignState, default=CampaignState.DRAFT)
    is_test = models.BooleanField(
        default=True, help_text=_("In test mode every letter goes to the organizer, marked as a test.")
    )
    test_recipient = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    # Of a campaign that opens by itself: when, what a second person looked at, and that it could not.
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)
    opens_seen = models.CharField(max_length=64, blank=True, editable=False)
    opening_failed_at = models.DateTimeField(null=True, blank=True, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = CampaignQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "slug"], name="campaign_slug_once_per_organization"
            ),
            models.CheckConstraint(condition=Q(state__in=CampaignState.values), name="campaign_state_known"),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(opened_at__isnull=False), name="campaign_open_has_time"
            ),
            models.CheckConstraint(
                condition=Q(state="scheduled", opens_at__isnull=False)
                | ~Q(state="scheduled") & Q(opens_at__isnull=True, opening_failed_at__isnull=True),
                name="campaign_opens_at_while_scheduled",
            ),
            models.CheckConstraint(condition=Q(goal__gt=0), name="campaign_goal_positive"),
        ]
        indexes = [
            models.Index(
                fields=["opens_at"],
                condition=Q(state="scheduled", opening_failed_at__isnull=True),
                name="campaign_opens",
            )
        ]
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == CampaignState.OPEN

    @property
    def is_over(self) -> bool:
        """Nobody signs or joins it any more, unless it is opened again."""
        return self.state in {CampaignState.CLOSED, CampaignState.ARCHIVED}

    @property
    def began_at(self) -> datetime:
        """The moment from which it could move anybody."""
        return self.opened_at or self.created_at

    @property
    def began_on(self) -> date:
        return self.began_at.date()

    @cached_property
    def translated(self) -> dict[str, dict[str, str]]:
        """Texts by language, apart from its own; what came of it only as it was corrected last."""
        found = {}
        for one in self.translations.all():
            found[one.language] = {name: getattr(one, name) for name in self.to_translate}
            if one.outcome_text and one.made_from.get("outcome_text") != digest(self.outcome_text):
                found[one.language]["outcome_text"] = ""
        return found

    @property
    def languages(self) -> list[str]:
        """Every language that its page can be read in, its own first."""
        return [self.language, *(one for one in self.translated if one != self.language)]

    @property
    def outcome_text(self) -> str:
        """What changed, as its published outcome says; empty before. May be written in other languages, too."""
        outcome = getattr(self, "outcome", None)
        return outcome.changed if outcome is not None and outcome.published_at is not None else ""

    @property
    def words(self) -> CampaignWords:
        """What is shown of it to whoever reads now."""
        return self.words_in(reading())

    def words_in(self, languages: Iterable[str]) -> CampaignWords:
        """What somebody reads of it who reads these languages, best first."""
        original = {name: getattr(self, name) for name in self.to_translate}
        return CampaignWords(**passages(original, self.language, self.translated, languages))

    def measure_in(self, languages: Iterable[str]) -> dict[str, Passage]:
        """What somebody reads of its measure; empty without one. It costs no query where both are known."""
        return self.measure.words_in(languages, self.organization.language) if self.measure else {}

    @property
    def measure_words(self) -> dict[str, Passage]:
        """What is shown of its measure to whoever reads now."""
        return self.measure_in(reading())


class CampaignChange(StateChange):
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="history")
