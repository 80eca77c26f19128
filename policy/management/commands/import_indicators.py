from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from contacts.importers.command import ImportCommand
from contacts.importers.rows import FilesMissing
from policy.actions.indicators import check_values, import_values
from policy.importers import indicators_csv
from policy.models import Indicator


class Command(ImportCommand):
    help = "Import figures per place and period from a CSV into an indicator. Safe to run again."
    ends_rows = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organization", help="The organisation's short name, as in its pages' addresses.")
        parser.add_argument("indicator", help="The indicator's short name.")
        parser.add_argument(
            "path", type=Path, help="CSV with division, period, value, unit, source, source_url."
        )
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        indicators = Indicator.objects.select_related("organization")
        indicator = indicators.filter(
            organization__slug=options["organization"], key=options["indicator"]
        ).first()
        if indicator is None:
            raise CommandError(
                f"{options['organization']} has no indicator {options['indicator']}. Add it in the console first: "
                "Policy, Local figures."
            )
        try:
            found = indicators_csv.read(options["path"].read_bytes(), options["path"].name)
        except (FilesMissing, OSError) as fault:
            raise CommandError(str(fault)) from fault
        checked = check_values(indicator, found)
        self.check_rows(checked.bad, options["skip_bad"])
        counts, difference = self.store(
            lambda: import_values(
                indicator=indicator, checked=checked, actor=None, skip_bad=options["skip_bad"]
            ),
            options["dry_run"],
        )
        self.report(counts, difference, len(checked.bad), options)
