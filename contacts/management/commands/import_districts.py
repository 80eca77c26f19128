from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from contacts.importers import zip_districts
from contacts.importers.command import ImportCommand, progress
from contacts.importers.load_areas import load_zip_districts
from contacts.importers.rows import FilesMissing


class Command(ImportCommand):
    help = "Import which postal codes lie in which districts. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", choices=["us-zip"])
        parser.add_argument("path", type=Path, help="The file zccd.csv, or its folder.")
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with progress("Reading", "rows") as tick:
                found = zip_districts.read(options["path"], tick)
        except (FilesMissing, OSError) as fault:
            raise CommandError(str(fault)) from fault
        self.check_rows(found.bad, options["skip_bad"])
        endings = self.endings(found.bad, options)
        counts, difference = self.store(lambda: load_zip_districts(found, endings), options["dry_run"])
        self.report(counts, difference, len(found.bad), options)
