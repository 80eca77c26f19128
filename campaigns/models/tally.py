from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TallyKind(models.TextChoices):
    """What is counted, and what `key` then is. Owner is a campaign, and a drive for letters and offices."""

    PLEDGES = "pledges", _("pledges by state")
    SIGNED = "signed", _("confirmed people by quarter of an hour, UTC")
    TOWNS = "towns", _("confirmed people by town, or postal code where none is known")
    DIVISIONS = "divisions", _("confirmed people by division they live in")
    LETTERS = "letters", _("letters by channel and state")
    OFFICES = "offices", _("letters accepted or posted, by seat")
    SEATS = "seats", _("letters by seat")
    HOURS = "hours", _("mailed letters that left or have a moment, by hour, UTC")
    VIEWS = "views", _("openings of the campaign's page, by day and source")


class Tally(models.Model):
    """A stroke on a tally sheet, or many strokes added up: a number is the sum of its rows, at every moment.

    Triggers of the database write the strokes, in the transaction that changes what is counted; folding adds them up
    (`campaigns.tallies`). Views alone have no rows they could be counted from (`campaigns.page_views`). Tests are never
    counted.
    """

    id = models.BigAutoField(primary_key=True)
    # No foreign key: its check would lock the one row that everybody who signs has in common.
    owner = models.UUIDField()
    kind = models.CharField(max_length=10, choices=TallyKind)
    key = models.CharField(max_length=100)
    n = models.BigIntegerField()
    is_folded = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind", "key"], condition=Q(is_folded=True), name="tally_folded_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=TallyKind.values), name="tally_kind_known"),
        ]
        indexes = [
            models.Index(fields=["owner", "kind"], name="tally_of"),
            models.Index(fields=["id"], condition=Q(is_folded=False), name="tally_unfolded"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.n}"
