from datetime import timedelta

from django.db import models


class Clock(models.Model):
    """One row: how far the installation's clock stands from the database's. Zero in production."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    offset = models.DurationField(default=timedelta(0))

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="clock_is_one_row")]

    def __str__(self) -> str:
        return f"offset {self.offset}"
