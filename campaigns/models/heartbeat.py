from django.db import models


class Heartbeat(models.Model):
    """When a recurring task last ran; `/readyz` and the console judge by it."""

    name = models.CharField(max_length=40, primary_key=True)
    beaten_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.beaten_at:%H:%M:%S}"
