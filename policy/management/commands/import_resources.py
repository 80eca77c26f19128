from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from contacts.importers.command import ImportCommand
from contacts.importers.difference import Difference
from contacts.importers.rows import FilesMissing
from contacts.models import Organization
from contacts.named_places import places_named
from policy.actions.resource_imports import READERS, CheckedResources, import_resources, read_resources
from policy.help import day_of


class Command(ImportCommand):
    ends_rows = False
    help = "Import helplines and services from a CSV or Open Referral JSON (HSDS 3). Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", choices=sorted(READERS))
        parser.add_argument("path", type=Path, help="The file.")
        parser.add_argument("--organization", required=True, help="Its short name, as in addresses.")
        parser.add_argument(
            "--place", default="", help="Place of those whose area is not known: a name or id."
        )
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organisation {options['organization']}.")
        name = options["place"]
        places = places_named({name}, organization.country).get(name, []) if name else []
        if name and len(places) != 1:
            raise CommandError(f"There is no place, or more than one, called {name}.")
        try:
            content, on = options["path"].read_bytes(), day_of(organization)
            found = read_resources(options["source"], content, options["path"].name, on)
        except (FilesMissing, OSError) as fault:
            raise CommandError(str(fault)) from fault
        checked = CheckedResources()

        def load() -> tuple[dict[str, int], Difference]:
            nonlocal checked
            checked, difference = import_resources(
                organization=organization,
                found=found,
                otherwise=places[0] if places else None,
                actor=None,
                skip_bad=options["skip_bad"],
            )
            self.check_rows(checked.bad, options["skip_bad"])
            return {"resources": len(checked.changes) + checked.same}, difference

        counts, difference = self.store(load, options["dry_run"])
        self.report(counts, difference, len(checked.bad), options)
