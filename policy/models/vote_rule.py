from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Chamber
from policy.models.measure import Measure


class Majority(models.TextChoices):
    """The share of whom. Who will be present is not known: “in office” is counted as if all of them came."""

    SIMPLE = "simple", _("More than half of the members in office")
    THREE_FIFTHS_HELD = "fifths_held", _("Three fifths of the members in office")
    TWO_THIRDS_HELD = "thirds_held", _("Two thirds of the members in office")
    ABSOLUTE = "absolute", _("More than half of all seats")
    THREE_FIFTHS = "three_fifths", _("Three fifths of all seats")
    TWO_THIRDS = "two_thirds", _("Two thirds of all seats")

    @property
    def is_of_all_seats(self) -> bool:
        """Whether empty seats count, so that each of them works like a vote against."""
        return self in {Majority.ABSOLUTE, Majority.THREE_FIFTHS, Majority.TWO_THIRDS}

    def votes_of(self, whole: int) -> int:
        """The least votes that are this share of `whole`."""
        if self in {Majority.SIMPLE, Majority.ABSOLUTE}:
            return whole // 2 + 1
        share, of = (3, 5) if self in {Majority.THREE_FIFTHS, Majority.THREE_FIFTHS_HELD} else (2, 3)
        return -(-whole * share // of)


class VoteRule(models.Model):
    """How many votes a measure needs in a chamber. Without a row it is more than half of all seats."""

    id = models.BigAutoField(primary_key=True)
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="vote_rules")
    chamber = models.ForeignKey(Chamber, on_delete=models.PROTECT, related_name="+")
    majority = models.CharField(_("votes needed"), max_length=12, choices=Majority)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "chamber"], name="vote_rule_once_per_chamber"),
            models.CheckConstraint(condition=Q(majority__in=Majority.values), name="vote_rule_known"),
        ]

    def __str__(self) -> str:
        return f"{self.majority} in {self.chamber_id}"
