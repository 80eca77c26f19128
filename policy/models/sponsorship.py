from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Legislator
from policy.models.measure import Measure


class SponsorKind(models.TextChoices):
    PRIMARY = "primary", _("Sponsor")
    COSPONSOR = "cosponsor", _("Co-sponsor")


class Sponsorship(models.Model):
    """Who brought a measure in or joined those who did. `name` is as published, also for somebody we don't know."""

    id = models.BigAutoField(primary_key=True)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="sponsorships")
    legislator = models.ForeignKey(
        Legislator, null=True, blank=True, on_delete=models.PROTECT, related_name="sponsorships"
    )
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=9, choices=SponsorKind, default=SponsorKind.PRIMARY)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "legislator"],
                condition=Q(legislator__isnull=False),
                name="sponsor_once_per_measure",
            ),
            models.UniqueConstraint(
                fields=["measure", "name"],
                condition=Q(legislator__isnull=True),
                name="sponsor_by_name_once_per_measure",
            ),
            models.CheckConstraint(condition=Q(kind__in=SponsorKind.values), name="sponsor_kind_known"),
        ]
        # Sponsors come before those who joined them.
        ordering = ["-kind", "name", "id"]

    def __str__(self) -> str:
        return self.name
