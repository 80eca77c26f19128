from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from contacts.importers.command import ImportCommand
from contacts.importers.rows import FilesMissing
from contacts.models import Organization
from policy.actions.measure_imports import READERS, import_measures
from policy.importers.load_measures import MeasureLoader
from policy.models import Issue

MOST_BYTES, MOST_ROWS = 500_000_000, 50_000


class Command(ImportCommand):
    ends_rows = False
    help = "Import measures of an organisation from Open States' bills (JSON or zip) or a CSV. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", choices=sorted(READERS))
        parser.add_argument("path", type=Path, help="The file.")
        parser.add_argument("--organization", required=True, help="Its short name, as in addresses.")
        parser.add_argument("--issue", default="", help="Where new measures belong: the issue's short name.")
        parser.add_argument("--only", default="", help="Take only these numbers, with commas between them.")
        parser.add_argument("--known-only", action="store_true", help="Only measures followed already.")
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organisation {options['organization']}.")
        issue = Issue.objects.filter(organization=organization, slug=options["issue"]).first()
        if options["issue"] and issue is None:
            raise CommandError(f"{organization.name} has no issue {options['issue']}.")
        try:
            with options["path"].open("rb") as file:
                found = READERS[options["source"]](file, options["path"].name, MOST_BYTES, MOST_ROWS)
        except (FilesMissing, OSError) as fault:
            raise CommandError(str(fault)) from fault
        loader = MeasureLoader(
            organization,
            None,
            issue,
            [number for number in options["only"].split(",") if number.strip()],
            options["known_only"],
        )
        ready = loader.prepare(found)
        self.check_rows(found.bad, options["skip_bad"])
        counts, difference = self.store(lambda: import_measures(loader, ready), options["dry_run"])
        self.report(counts, difference, len(found.bad), options)
