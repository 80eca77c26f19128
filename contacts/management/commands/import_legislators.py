from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from contacts.clock import today
from contacts.importers import openstates, us_congress
from contacts.importers.command import ImportCommand, progress
from contacts.importers.load import Difference, load
from contacts.importers.rows import Source


class Command(ImportCommand):
    help = "Import legislators, offices and committees from published files. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", choices=["us-congress", "openstates"])
        parser.add_argument("path", type=Path, help="us-congress: folder with the YAML files; openstates: a state's folder or their parent.")
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        sources = self._read(options["source"], options["path"])
        bad = [row for source in sources for row in source.bad]
        self.check_rows(bad, options["skip_bad"])
        counts: Counter[str] = Counter()
        differences: list[Difference] = []
        on = today()

        def store_all() -> tuple[dict[str, int], Difference]:
            for source in sources:
                found, difference = load(source, on)
                counts.update(found)
                differences.append(difference)
            return dict(counts), Difference(lines=[line for d in differences for line in d.lines])

        self.store(store_all, options["dry_run"])
        self.report(dict(counts), differences, len(bad), options)

    def _read(self, kind: str, path: Path) -> list[Source]:
        on = today()
        try:
            with progress("Reading", "people") as tick:
                if kind == "us-congress":
                    return [us_congress.read(path, on, tick)]
                return [openstates.read(folder, on, tick) for folder in openstates.states_in(path)]
        except ValueError as fault:
            raise CommandError(str(fault)) from fault
