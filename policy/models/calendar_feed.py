from django.db import models

from contacts.models import Organization


class CalendarFeed(models.Model):
    """An organisation's calendar for other programs, behind a secret link.

    A new `version` makes older links worthless.
    """

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="calendar_feed")
    version = models.PositiveIntegerField(default=1)
    renewed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Calendar of {self.organization_id}"
