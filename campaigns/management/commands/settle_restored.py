"""`manage.py settle_restored --log FILE …`: after a restore, before workers start. See docs/operators.md."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from campaigns.actions.drives import pause_drive
from campaigns.delivery.restored import settle_restored
from campaigns.models import Drive, DriveState


class Command(BaseCommand):
    help = "After a restore: pause all drives and mark letters as sent that left after the backup was made."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--log",
            action="append",
            required=True,
            help="the relay's (Postfix) log from before the backup was made until now; several, oldest first",
        )
        parser.add_argument("--dry-run", action="store_true", help="count; change nothing")
        parser.add_argument("--json", action="store_true", help="the result as one line of JSON at the end")

    @transaction.atomic  # logs that are none leave the drives as they were
    def handle(self, *args: Any, **options: Any) -> None:
        logs = [Path(name) for name in options["log"]]
        for path in logs:
            if not path.is_file():
                raise CommandError(f"{path} is not a file.")
        dry_run = options["dry_run"]
        if not dry_run:
            for drive in Drive.objects.filter(state=DriveState.RUNNING).select_related("campaign"):
                pause_drive(drive=drive, actor=None)
                self.stdout.write(f"Paused: {drive.campaign}")
        done = settle_restored(logs, dry_run=dry_run)
        if done.begins is None or done.ends is None:
            raise CommandError("The logs hold no line with a time; are they a mail server's logs?")
        self.stdout.write(f"The logs cover {done.begins:%Y-%m-%d %H:%M} to {done.ends:%Y-%m-%d %H:%M} (UTC).")
        verb = "would be marked" if dry_run else "are marked"
        self.stdout.write(
            f"Of {done.looked_at:,} letters that wait, {done.left:,} left already and {verb} as sent."
        )
        for pk in done.unclear:
            self.stdout.write(f"Held, since nobody can be told to have got it: {pk}")
        if not dry_run:
            self.stdout.write("Look at the drives in the console, then resume them.")
        if options["json"]:
            self.stdout.write(
                json.dumps({"looked_at": done.looked_at, "left": done.left, "unclear": len(done.unclear)})
            )
