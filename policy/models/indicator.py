import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Division, Organization
from policy.models.issue import Issue


class Better(models.TextChoices):
    LOWER = "lower", _("Lower figures")
    HIGHER = "higher", _("Higher figures")


class Indicator(models.Model):
    """A series of figures per division and period: the local number, against a target where there is one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="indicators")
    issue = models.ForeignKey(
        Issue,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="indicators",
        verbose_name=_("issue"),
    )
    key = models.SlugField(_("short name"), max_length=60, help_text=_("Names it in commands and files."))
    name = models.CharField(_("what it counts"), max_length=160)
    unit = models.CharField(
        _("unit"), max_length=40, help_text=_("As printed after the figure, e.g. days or %.")
    )
    better = models.CharField(_("better are"), max_length=6, choices=Better, default=Better.LOWER)
    target = models.DecimalField(_("target"), max_digits=16, decimal_places=4, null=True, blank=True)
    target_source = models.CharField(_("source of the target"), max_length=240, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="indicator_key_once"),
            models.CheckConstraint(condition=Q(better__in=Better.values), name="indicator_better_known"),
            models.CheckConstraint(
                condition=Q(target__isnull=True) | ~Q(target_source=""), name="indicator_target_has_source"
            ),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class IndicatorValue(models.Model):
    """One figure of a series. Without a value its source says that there is none, which is not zero."""

    id = models.BigAutoField(primary_key=True)
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="values_by_place")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=10, help_text=_("2024, 2024-Q3 or 2024-07."))
    starts_on = models.DateField(help_text=_("The period's first day, to sort by."))
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    source = models.CharField(max_length=240)
    source_url = models.URLField(max_length=500, blank=True)
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "division", "period"], name="indicator_value_once_per_place_and_period"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="indicator_value_has_source"),
        ]
        indexes = [models.Index(fields=["indicator", "-starts_on"], name="indicator_newest")]

    def __str__(self) -> str:
        return f"{self.value} in {self.period}"
