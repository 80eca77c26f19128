"""What the page of an import says once a file was read: console/_import_difference.html."""

from collections.abc import Sequence

from contacts.importers.difference import Difference
from contacts.importers.rows import BadRow


def import_difference(
    difference: Difference, bad: Sequence[BadRow], same: int, *, is_refused: bool, is_trial: bool, most: int
) -> dict[str, object]:
    """The changes and the bad rows, at most so many lines of each."""
    return {
        "is_trial": is_trial,
        "is_refused": is_refused,
        "bad": bad[:most],
        "bad_more": max(len(bad) - most, 0),
        "bad_count": len(bad),
        "difference": difference,
        "lines": difference.lines[:most],
        "lines_more": max(len(difference.lines) - most, 0),
        "same": same,
    }
