import uuid
from datetime import date, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Division, Organization
from policy.opening import MIDNIGHT, Span, zone_named

# A resource has at least one of these: the ways to reach it.
WAYS = ("phone", "text_number", "chat", "website", "address")
# People are told so many days ahead, or a quarter of the age at which a resource is hidden if that is less.
TOLD_AHEAD = 30


class ResourceKind(models.TextChoices):
    HELPLINE = "helpline", _("Helpline")
    GROUP = "group", _("Support group")
    SERVICE = "service", _("Service")


class Cost(models.TextChoices):
    FREE = "free", _("Free")
    SCALE = "scale", _("Pay what you can")
    PAID = "paid", _("Costs money")


class Age(models.TextChoices):
    """How long ago somebody tried whether a resource is as it says."""

    FRESH = "fresh", _("Verified")
    DUE = "due", _("Due soon")
    OLD = "old", _("Too old")
    NEVER = "never", _("Never verified")


def due_days(days: int) -> int:
    """After how many days a resource is due, where it is hidden after `days`."""
    return days - min(TOLD_AHEAD, days // 4)


class ResourceQuerySet(models.QuerySet["Resource"]):
    def shown(self, on: date, days: int) -> Self:
        """What pages and briefs may show: listed, and verified at most `days` ago.

        An emergency number stays however old it is, with its date beside it: none is worse than an old one.
        """
        is_young = Q(verified_on__gte=on - timedelta(days=days))
        return self.filter(is_young | Q(is_emergency=True, verified_on__isnull=False), is_listed=True)

    def of_age(self, age: str, on: date, days: int) -> Self:
        """Listed resources of one Age."""
        oldest, due = on - timedelta(days=days), on - timedelta(days=due_days(days))
        ages = {
            Age.FRESH: Q(verified_on__gte=due),
            Age.DUE: Q(verified_on__lt=due, verified_on__gte=oldest),
            Age.OLD: Q(verified_on__lt=oldest),
            Age.NEVER: Q(verified_on__isnull=True),
        }
        return self.filter(ages[Age(age)], is_listed=True)


class Resource(models.Model):
    """A helpline, support group or service that pages and briefs point to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="resources")
    kind = models.CharField(_("kind"), max_length=10, choices=ResourceKind)
    is_emergency = models.BooleanField(_("for people in danger now"), default=False)
    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("description"), max_length=600, blank=True)
    division = models.ForeignKey(
        Division,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("place"),
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    text_number = models.CharField(_("number for text messages"), max_length=40, blank=True)
    text_words = models.CharField(_("what to text"), max_length=60, blank=True)
    chat = models.URLField(_("chat"), blank=True)
    website = models.URLField(_("website"), blank=True)
    address = models.CharField(_("address to come to"), max_length=240, blank=True)
    is_always_open = models.BooleanField(_("always open"), default=False)
    hours = models.CharField(_("more on the hours"), max_length=240, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    languages = models.CharField(_("languages"), max_length=240, blank=True)
    audience = models.CharField(_("for whom"), max_length=240, blank=True)
    eligibility = models.CharField(_("who may use it"), max_length=300, blank=True)
    cost = models.CharField(_("cost"), max_length=6, choices=Cost, blank=True)
    cost_note = models.CharField(_("more on the cost"), max_length=240, blank=True)
    verified_on = models.DateField(_("last verified on"), null=True, blank=True)
    # The day, on the organisation's clock, on which the row was last written: nothing is verified later than that.
    recorded_on = models.DateField(editable=False)
    is_listed = models.BooleanField(_("shown on pages and in briefs"), default=True)
    is_example = models.BooleanField(_("invented example"), default=False)
    # What the file calls it that it came from; a later import finds it by this.
    external_id = models.CharField(max_length=120, blank=True, editable=False)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ResourceKind.values), name="resource_kind_known"),
            models.CheckConstraint(condition=Q(cost__in=["", *Cost.values]), name="resource_cost_known"),
            models.CheckConstraint(condition=~Q(**dict.fromkeys(WAYS, "")), name="resource_can_be_reached"),
            models.CheckConstraint(
                condition=Q(text_words="") | ~Q(text_number=""), name="resource_words_have_a_number"
            ),
            models.CheckConstraint(
                condition=Q(is_emergency=False) | ~Q(phone="", text_number=""),
                name="resource_emergency_has_a_number",
            ),
            models.CheckConstraint(condition=~Q(time_zone=""), name="resource_has_a_clock"),
            models.CheckConstraint(
                condition=Q(verified_on__isnull=True) | Q(verified_on__lte=F("recorded_on")),
                name="resource_not_verified_in_future",
            ),
            models.UniqueConstraint(
                fields=["organization", "external_id"],
                condition=~Q(external_id=""),
                name="resource_once_per_source",
            ),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def spans(self) -> list[Span]:
        """Its opening hours; prefetch `opening` for lists."""
        return [Span(row.weekday, row.opens, row.closes) for row in self.opening.all()]

    @property
    def zone(self) -> ZoneInfo:
        return zone_named(self.time_zone) or ZoneInfo("UTC")

    def age(self, on: date, days: int) -> Age:
        """How old what it says is, where it is hidden after `days`."""
        if self.verified_on is None:
            return Age.NEVER
        passed = (on - self.verified_on).days
        if passed > days:
            return Age.OLD
        return Age.DUE if passed > due_days(days) else Age.FRESH


class OpeningHours(models.Model):
    """From when to when a resource is open on a weekday, on its own clock; past midnight when it closes earlier."""

    id = models.BigAutoField(primary_key=True)
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="opening")
    weekday = models.PositiveSmallIntegerField(help_text=_("Monday is 0."))
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_weekday_known"),
            # From midnight to midnight is a whole day; any other two equal times are a mistake.
            models.CheckConstraint(
                condition=~Q(opens=F("closes")) | Q(opens=MIDNIGHT), name="opening_has_a_length"
            ),
            models.UniqueConstraint(
                fields=["resource", "weekday", "opens"], name="opening_once_per_beginning"
            ),
        ]
        ordering = ["weekday", "opens"]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}–{self.closes}"
