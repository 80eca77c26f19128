import uuid
from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from contacts.models import Division, Organization
from policy.models.issue import Issue


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def old(self, on: date, days: int) -> Self:
        """Figures published more than `days` before a day."""
        return self.filter(published_on__lt=on - timedelta(days=days))


class _Claim(models.Model):
    """What a claim says and where it comes from, now or before."""

    claim = models.CharField(_("claim"), max_length=300)
    figure = models.CharField(_("figure"), max_length=40, help_text=_("As printed, e.g. 41."))
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    source_title = models.CharField(_("source"), max_length=240)
    source_url = models.URLField(_("link to the source"))
    published_on = models.DateField(_("published on"))
    retrieved_on = models.DateField(_("read on"))
    is_example = models.BooleanField(_("invented example"), default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.claim

    @property
    def said(self) -> str:
        """The figure with its unit, as printed."""
        return f"{self.figure}{'' if self.unit == '%' else ' '}{self.unit}".strip()


class Evidence(_Claim):
    """A claim with its figure and source. No figure is printed without one."""

    # What a version of a claim is made of.
    CONTENT = (
        "claim",
        "figure",
        "unit",
        "source_title",
        "source_url",
        "published_on",
        "retrieved_on",
        "is_example",
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="evidence")
    issue = models.ForeignKey(
        Issue, on_delete=models.CASCADE, related_name="evidence", verbose_name=_("issue")
    )
    division = models.ForeignKey(
        Division, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("place")
    )
    key = models.SlugField(
        _("short name"), max_length=60, help_text=_("Letters cite it by this name, which stays.")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(source_title="") & ~Q(source_url=""), name="evidence_has_source"
            ),
            models.UniqueConstraint(fields=["organization", "key"], name="evidence_key_once"),
        ]
        ordering = ["position", "id"]

    @property
    def cited(self) -> str:
        """The figure and its source, as a letter says them: 41 days (Health survey, 2026)."""
        source = f"{self.source_title}, {self.published_on.year}"
        return (
            f"{self.said} ({source}; {_t('invented example')})"
            if self.is_example
            else f"{self.said} ({source})"
        )

    def is_old(self, on: date, days: int) -> bool:
        """Whether it was published more than `days` before a day."""
        return self.published_on < on - timedelta(days=days)


class EvidenceVersion(_Claim):
    """What a claim said before somebody changed it."""

    id = models.BigAutoField(primary_key=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="versions")
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey("contacts.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-replaced_at", "-id"]
