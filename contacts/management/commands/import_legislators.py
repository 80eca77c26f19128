from argparse import ArgumentParser
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from contacts.clock import today
from contacts.importers import openstates, us_congress
from contacts.importers.command import Counts, ImportCommand, progress
from contacts.importers.difference import Difference
from contacts.importers.load import load
from contacts.importers.rows import FilesMissing, Source


class Command(ImportCommand):
    help = "Import legislators, offices and committees from published files. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", choices=["us-congress", "openstates"])
        parser.add_argument(
            "path",
            type=Path,
            help="us-congress: folder with the YAML files; openstates: a state's folder or their parent.",
        )
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        on = today()
        sources = self._read(options["source"], options["path"], on)
        bad = [row for source in sources for row in source.bad]
        self.check_rows(bad, options["skip_bad"])
        endings = self.endings(bad, options)

        def store_all() -> tuple[Counts, Difference]:
            counts: Counter[str] = Counter()
            total = Difference()
            for source in sources:
                found, difference = load(source, on, endings)
                counts.update(found)
                total.add(difference)
            return dict(counts), total

        counts, difference = self.store(store_all, options["dry_run"])
        self.report(counts, difference, len(bad), options)

    def _read(self, kind: str, path: Path, on: date) -> list[Source]:
        try:
            with progress("Reading", "people") as tick:
                if kind == "us-congress":
                    return [us_congress.read(path, on, tick)]
                return [openstates.read(folder, on, tick) for folder in openstates.states_in(path)]
        except (FilesMissing, OSError) as fault:
            raise CommandError(str(fault)) from fault
