"""Files chosen for an import and not imported are kept for a day."""

from datetime import timedelta

from contacts.clock import now
from policy.models import MeasureImport

KEPT = timedelta(days=1)


def forget_uploads() -> None:
    """Let go of files that nobody imported within a day."""
    MeasureImport.objects.filter(created_at__lt=now() - KEPT, data__isnull=False).update(data=None)
