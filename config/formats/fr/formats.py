"""How French pages write a day and a moment: Django's own formats write “1 novembre 2026 02:00”."""

from django.utils.dateformat import DateFormat
from django.utils.translation import get_language

DATE_FORMAT = "jS F Y"
MONTH_DAY_FORMAT = "jS F"
DATETIME_FORMAT = "jS F Y à H:i"

_english_suffix = DateFormat.S


def _suffix(self: DateFormat) -> str:
    """French numbers the first day of a month alone: 1er, 2, 3. Django knows the English suffixes only."""
    if (get_language() or "").startswith("fr"):
        return "er" if self.j() == 1 else ""
    return _english_suffix(self)


DateFormat.S = _suffix  # type: ignore[method-assign]
