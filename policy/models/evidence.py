import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from contacts.models import Division, Organization
from policy.models.issue import Issue
from policy.models.translated import Translated
from policy.words import Passage


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def old(self, on: date, days: int) -> Self:
        """Figures published more than `days` before a day."""
        return self.filter(published_on__lt=on - timedelta(days=days))


def _with_unit(figure: str, unit: str) -> str:
    return f"{figure}{'' if unit == '%' else ' '}{unit}".strip()


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
        return _with_unit(self.figure, self.unit)


class Evidence(Translated, _Claim):
    """A claim with its figure and source. No figure is printed without one."""

    # The source keeps the name it was published under.
    TEXTS = ("claim", "figure", "unit")
    ONLY_OF_TODAY = True
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

    def words_in(self, languages: Iterable[str], own: str) -> dict[str, Passage]:
        """Claim, figure and unit, and under "said" the figure with its unit."""
        words = super().words_in(languages, own)
        figure, unit = words["figure"], words["unit"]
        spoken = figure if "figure" in self.to_translate else unit
        return {**words, "said": Passage(_with_unit(figure, unit), spoken.language)}

    def cited_in(self, language: str, own: str) -> str:
        """The figure and its source, as a letter in a language says them: 41 days (Health survey, 2026).

        `own` is the language of its organisation.
        """
        said = self.words_in([language], own)["said"]
        source = f"{self.source_title}, {self.published_on.year}"
        if not self.is_example:
            return f"{said} ({source})"
        with override(language):
            invented = _t("invented example")
        return f"{said} ({source}; {invented})"

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
