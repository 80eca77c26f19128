"""Places and seats: divisions, the governments in them, chambers and posts (Popolo and Open Civic Data)."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from contacts.models.legislator import Legislator


class Level(models.TextChoices):
    LOCAL = "local", _("Local")
    REGIONAL = "regional", _("Regional")
    NATIONAL = "national", _("National")
    INTERNATIONAL = "international", _("International")


class Division(models.Model):
    """A place with an Open Civic Data id, such as `ocd-division/country:us/state:tx/cd:7`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ocd_id = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=160)
    level = models.CharField(max_length=14, choices=Level)
    country = models.CharField(max_length=2)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    time_zone = models.CharField(max_length=60, blank=True, help_text=_("IANA zone of most of the place."))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__in=Level.values), name="division_level_known")
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Jurisdiction(models.Model):
    """A government in a division, such as `ocd-jurisdiction/country:us/state:vt/government`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ocd_id = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=160)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="jurisdictions")
    level = models.CharField(max_length=14, choices=Level)
    time_zone = models.CharField(max_length=60, default="UTC", help_text=_("IANA zone of its seat."))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__in=Level.values), name="jurisdiction_level_known")
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ChamberKind(models.TextChoices):
    UPPER = "upper", _("Upper chamber")
    LOWER = "lower", _("Lower chamber")
    UNICAMERAL = "unicameral", _("Single chamber")
    COMMITTEE = "committee", _("Committee")
    EXECUTIVE = "executive", _("Executive")
    COUNCIL = "council", _("Council")


class Chamber(models.Model):
    """A body that people sit in; a committee names its chamber, a subcommittee its committee, as parent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="chambers")
    kind = models.CharField(max_length=12, choices=ChamberKind)
    code = models.CharField(
        max_length=120, help_text=_("Stable code within the jurisdiction, e.g. upper or HSAG.")
    )
    name = models.CharField(max_length=200)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="committees"
    )
    source = models.CharField(max_length=120, blank=True, help_text=_("The import scope that keeps it."))
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "code"], name="chamber_code_once_per_jurisdiction"
            ),
            models.CheckConstraint(condition=Q(kind__in=ChamberKind.values), name="chamber_kind_known"),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """One seat: a chamber, a division and, where several people sit for one place, a seat name.

    A letter is addressed to a post, so that it reaches whoever holds the seat when it is queued.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    chamber = models.ForeignKey(Chamber, on_delete=models.PROTECT, related_name="posts")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="posts")
    seat = models.CharField(
        max_length=40, blank=True, help_text=_("e.g. class 1, or 2 for the second of two seats.")
    )
    role = models.CharField(max_length=60, help_text=_("Title of the holder, e.g. Senator."))
    label = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chamber", "division", "seat"], name="post_once_per_seat")
        ]
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label

    def called(self, holder: "Legislator | None") -> str:
        """What people call it: role and name of who holds it, a vacant seat by its label."""
        return f"{self.role} {holder.name}" if holder else self.label


class PostalArea(models.Model):
    """A postal code lies (partly) in a division; several rows when it touches several."""

    id = models.BigAutoField(primary_key=True)
    country = models.CharField(max_length=2)
    code = models.CharField(max_length=12)
    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="postal_areas")
    # Share of the area's people who live in the division, where the source knows it.
    weight = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["country", "code", "division"], name="postal_area_once_per_division"
            ),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__gt=0, weight__lte=1),
                name="postal_area_weight_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.code}"
