import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contacts.models.division import Chamber, Post
from contacts.roles import role_in_words


class Legislator(models.Model):
    """A person who holds or held a post. Where they sit is a membership, never a field here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=160)
    given_name = models.CharField(max_length=80, blank=True)
    family_name = models.CharField(max_length=80, blank=True)
    prefix = models.CharField(max_length=40, blank=True, help_text=_("How the person is addressed, e.g. Dr."))
    photo_url = models.URLField(max_length=500, blank=True)
    website = models.URLField(max_length=500, blank=True)

    class Meta:
        ordering = ["family_name", "name"]

    def __str__(self) -> str:
        return self.name


class Identifier(models.Model):
    """The name a published source gives a person: bioguide, openstates, wikidata…"""

    id = models.BigAutoField(primary_key=True)
    legislator = models.ForeignKey(Legislator, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=30)
    value = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "value"], name="identifier_names_one_person")
        ]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, on: date) -> Self:
        """Memberships in force on a day: begun, not ended, and their published term not over."""
        return self.filter(
            Q(start_on__isnull=True) | Q(start_on__lte=on),
            Q(end_on__isnull=True) | Q(end_on__gt=on),
            Q(term_ends_on__isnull=True) | Q(term_ends_on__gte=on),
        )


class Membership(models.Model):
    """A person in a post, or on a committee (then `post` is empty). Ended, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    legislator = models.ForeignKey(Legislator, on_delete=models.PROTECT, related_name="memberships")
    chamber = models.ForeignKey(Chamber, on_delete=models.PROTECT, related_name="memberships")
    post = models.ForeignKey(
        Post, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=120, blank=True)
    party = models.CharField(max_length=120, blank=True)
    start_on = models.DateField(null=True, blank=True)
    end_on = models.DateField(
        null=True, blank=True, help_text=_("First day no longer in office; empty while in office.")
    )
    term_ends_on = models.DateField(null=True, blank=True, help_text=_("Last day of the published term."))
    source = models.CharField(max_length=120, blank=True, help_text=_("The import scope that keeps it."))

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"],
                condition=Q(end_on__isnull=True, post__isnull=False),
                name="post_has_one_holder",
            ),
            models.UniqueConstraint(
                fields=["legislator", "chamber"],
                condition=Q(end_on__isnull=True, post__isnull=True),
                name="committee_seat_once_per_person",
            ),
            models.CheckConstraint(
                condition=Q(end_on__isnull=True) | Q(start_on__isnull=True) | Q(end_on__gte=F("start_on")),
                name="membership_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.legislator_id} in {self.post_id or self.chamber_id}"

    @property
    def said_role(self) -> str:
        return role_in_words(self.role)
