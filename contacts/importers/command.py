"""What the import commands share: options, the progress bar, the list of bad rows, the summary."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from tqdm import tqdm

from contacts.importers.difference import Difference, Endings, TooManyEndings
from contacts.importers.rows import BadRow

Counts = dict[str, int]


class ImportCommand(BaseCommand):
    """A command that reads files into rows and stores them, all or nothing."""

    # Whether what a file no longer names is ended.
    ends_rows = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Print what would change; change nothing.")
        parser.add_argument(
            "--json", action="store_true", help="Print a summary as one line of JSON at the end."
        )
        parser.add_argument("--skip-bad", action="store_true", help="Leave bad rows out, ending nothing.")
        if self.ends_rows:
            parser.add_argument(
                "--allow-many-endings",
                action="store_true",
                help="Go on when more than a quarter is no longer listed.",
            )

    def check_rows(self, bad: Sequence[BadRow], skip: bool) -> None:
        """List bad rows; without --skip-bad they stop the import before anything is written."""
        for row in bad:
            self.stderr.write(str(row))
        if bad and not skip:
            total = "1 bad row" if len(bad) == 1 else f"{len(bad):,} bad rows"
            raise CommandError(f"{total}; nothing was imported. Mend the files, or use --skip-bad.")

    def endings(self, bad: Sequence[BadRow], options: dict[str, Any]) -> Endings:
        """How much this run may end."""
        return Endings(allowed=not bad, many=options["allow_many_endings"])

    def store(
        self, load: Callable[[], tuple[Counts, Difference]], dry_run: bool
    ) -> tuple[Counts, Difference]:
        """Run the loader in one transaction; for a dry run print the differences and undo everything."""
        try:
            with transaction.atomic():
                result = load()
                transaction.set_rollback(dry_run)
        except TooManyEndings as fault:
            raise CommandError(str(fault)) from fault
        if dry_run:
            for line in result[1].lines:
                self.stdout.write(line)
        return result

    def report(self, counts: Counts, difference: Difference, bad: int, options: dict[str, Any]) -> None:
        """The summary for people, and as JSON when asked for."""
        summary = {
            **counts,
            "created": difference.created,
            "updated": difference.updated,
            "ended": difference.ended,
            "bad_rows": bad,
        }
        would = "Would change" if options["dry_run"] else "Done"
        self.stdout.write(
            f"{would}: " + ", ".join(f"{k.replace('_', ' ')} {v:,}" for k, v in summary.items())
        )
        if options["json"]:
            self.stdout.write(json.dumps(summary))


@contextmanager
def progress(label: str, unit: str) -> Iterator[Callable[[int], object]]:
    """A progress bar on a terminal; nothing where the output is a file."""
    with tqdm(desc=label, unit=f" {unit}", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
        yield bar.update
