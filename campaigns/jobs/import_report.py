"""What became of the rows of a list: as numbers, as a file, and the first that were refused."""

from collections import Counter

from django.utils.translation import gettext as _

from campaigns.jobs.import_rows import Portion
from campaigns.spreadsheet import csv_bytes
from contacts.models import Job

_SHOWN = 100
# What may become of a row, in the order in which reports name them.
OUTCOMES = ("created", "updated", "unchanged", "duplicate", "refused")


def report(job: Job, portion: Portion) -> bytes:
    """A portion's piece of the table that says what became of each row."""
    is_first = job.cursor.get("portion", 0) == 0
    head = [[_("Row"), _("What became of it"), _("Why")]] if is_first else []
    words = _said()
    rows = [[row, words[outcome], why] for row, (outcome, why) in sorted(portion.outcomes.items())]
    return csv_bytes([*head, *rows], is_first=is_first)


def _said() -> dict[str, str]:
    """Outcomes in words."""
    return {
        "created": _("new"),
        "updated": _("changed"),
        "unchanged": _("as it was"),
        "duplicate": _("twice in the list"),
        "refused": _("refused"),
    }


def note(job: Job, portion: Portion) -> None:
    """Count what became of the rows, and keep the first that were refused for the page."""
    counts = Counter(outcome for outcome, _why in portion.outcomes.values())
    result = dict(job.result)
    for outcome in OUTCOMES:
        result[outcome] = result.get(outcome, 0) + counts[outcome]
    bad = [[row, why] for row, (outcome, why) in sorted(portion.outcomes.items()) if outcome == "refused"]
    result["bad"] = [*result.get("bad", []), *bad][:_SHOWN]
    job.result = result
    job.done += portion.read
    if portion.is_last:
        job.total = job.done  # lines were counted before, and a row may have several
