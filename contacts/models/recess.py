import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contacts.models.division import Chamber
from contacts.models.organization import Organization


class RecessQuerySet(models.QuerySet["Recess"]):
    def touching(self, first: object, last: object) -> Self:
        """Recesses with at least one day from `first` to `last`."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)


class Recess(models.Model):
    """Days, first and last included, on which a chamber does not work, as one organisation keeps its calendar."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="recesses")
    chamber = models.ForeignKey(Chamber, on_delete=models.CASCADE, related_name="recesses")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    name = models.CharField(_("name"), max_length=120)
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("Where it is published; a page or a file.")
    )
    uid = models.CharField(
        max_length=255, blank=True, help_text=_("The calendar's own name of the entry; empty when by hand.")
    )

    objects = RecessQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="recess_ends_not_before_start"
            ),
            models.UniqueConstraint(
                fields=["organization", "chamber", "starts_on", "ends_on", "name"], name="recess_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "chamber", "uid"],
                condition=~Q(uid=""),
                name="recess_once_per_calendar_entry",
            ),
        ]
        ordering = ["starts_on", "ends_on", "name"]

    def __str__(self) -> str:
        return self.name
