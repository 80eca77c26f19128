"""Runs the import commands on copies of the samples in tests/data, which may be changed before."""

import json
import shutil
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from django.core.management import CommandError, call_command

from contacts import clock

SAMPLES = Path(__file__).parent.parent / "data"
# A day on which the samples, and the published files of that summer, are current.
A_DAY = datetime(2026, 8, 15, 12, tzinfo=UTC)


def set_day(moment=A_DAY):
    """Move the installation's clock to a moment."""
    clock.move(moment - clock.now())


def run(command, *args):
    """Run an import; gives its JSON summary."""
    out = StringIO()
    call_command(command, *map(str, args), "--json", stdout=out, stderr=StringIO())
    return json.loads(out.getvalue().splitlines()[-1])


def refused(command, *args):
    """Run an import that must fail; gives the error and the lines it listed."""
    err = StringIO()
    try:
        call_command(command, *map(str, args), stdout=StringIO(), stderr=err)
    except CommandError as fault:
        return str(fault), err.getvalue().splitlines()
    raise AssertionError("the import was not refused")


def changes(summary):
    return summary["created"], summary["updated"], summary["ended"]


class Files:
    """A copy of a sample folder that a test changes."""

    def __init__(self, sample, folder):
        self.path = Path(shutil.copytree(SAMPLES / sample, folder / sample))

    def edit(self, name, old, new):
        text = (self.path / name).read_text()
        assert old in text, f"{old!r} is not in {name}"
        (self.path / name).write_text(text.replace(old, new))

    def cut(self, name, start, end=None):
        """Take out everything from one text up to another (or to the end)."""
        text = (self.path / name).read_text()
        at = text.index(start)
        till = text.index(end, at) if end else len(text)
        (self.path / name).write_text(text[:at] + text[till:])
