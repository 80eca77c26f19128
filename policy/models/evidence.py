import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Division, Organization
from policy.models.issue import Issue


class Evidence(models.Model):
    """A claim with its figure and source. No figure is printed without one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="evidence")
    issue = models.ForeignKey(
        Issue, on_delete=models.CASCADE, related_name="evidence", verbose_name=_("issue")
    )
    division = models.ForeignKey(
        Division, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("place")
    )
    claim = models.CharField(_("claim"), max_length=300)
    figure = models.CharField(_("figure"), max_length=40, help_text=_("As printed, e.g. 41."))
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    source_title = models.CharField(_("source"), max_length=240)
    source_url = models.URLField(_("link to the source"))
    published_on = models.DateField(_("published on"))
    retrieved_on = models.DateField(_("read on"))
    is_example = models.BooleanField(_("invented example"), default=False)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(source_title="") & ~Q(source_url=""), name="evidence_has_source"
            ),
        ]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.claim
