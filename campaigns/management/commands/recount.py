from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns import tallies

SHOWN = 50


class Command(BaseCommand):
    help = "Count pledges and letters row by row and say where the numbers on pages differ; exits with 1 when one does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mend", action="store_true", help="correct the numbers that differ")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = tallies.differences()
        for one in wrong[:SHOWN]:
            self.stdout.write(f"{one.owner} {one.kind} {one.key!r}: {one.missing:+,} missing")
        if len(wrong) > SHOWN:
            self.stdout.write(f"… and {len(wrong) - SHOWN:,} more")
        if not wrong:
            self.stdout.write("Every number is what a count says.")
        elif options["mend"]:
            self.stdout.write(f"{tallies.mend():,} numbers corrected.")
        else:
            raise CommandError(f"{len(wrong):,} numbers differ. `recount --mend` corrects them.")
