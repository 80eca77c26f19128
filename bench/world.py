"""A drive with letters, in an Outspoken of its own: made by the ORM, on the database that DATABASE_URL names."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from bench.letter import OFFICES, SUBJECT, TEXT, letter_bytes, new_identity, recipient

CHUNK = 500


def set_up(folder: Path, sink_port: int) -> None:
    """Django with the settings of a fresh installation in `folder`, mailing to the sink. Once in a process."""
    os.environ.update(
        OUTSPOKEN_ENV="embedded",
        OUTSPOKEN_DATA_DIR=str(folder),
        EMAIL_URL=f"smtp://127.0.0.1:{sink_port}",
        DJANGO_SETTINGS_MODULE="config.settings",
        LOG_LEVEL="ERROR",
    )
    import django

    django.setup()


def empty() -> None:
    """The newest tables with nothing in them."""
    from django.core.management import call_command

    from contacts.models import Clock

    call_command("migrate", verbosity=0)
    call_command("flush", verbosity=0, interactive=False)
    Clock.objects.get_or_create(pk=1)


class World:
    """One running drive with forty reachable offices."""

    def __init__(self) -> None:
        from tests.factories import DriveFactory, LetterVersionFactory, reachable

        # Faster than any drive: no rate may hold letters up (throttle.NO_LIMIT).
        self.drive = DriveFactory(per_office_hour=10**6, per_domain_hour=10**6, per_site_hour=10**6)
        self.version = LetterVersionFactory(
            group__campaign=self.drive.campaign, subject=SUBJECT, opening=TEXT, closing="Zoë Müller"
        )
        self.posts = [reachable(email=recipient(n)) for n in range(OFFICES)]
        self.people = [post.memberships.get().legislator_id for post in self.posts]

    def queue(self, count: int, *, plain: bool = False) -> None:
        """So many queued letters whose bytes are fixed, as freezing leaves them."""

        def frozen(n: int) -> dict[str, object]:
            to, identity = recipient(n), new_identity()
            raw = letter_bytes(to, identity, plain=plain)
            return {
                "state": "queued",
                # As many share a moment as freezing queues at once: the claim sorts by it.
                "queued_at": self.drive.created_at + timedelta(milliseconds=n // CHUNK),
                "window_closes": self.drive.ends_at,
                "legislator_id": self.people[n % OFFICES],
                "recipient": to,
                "domain": "assembly.example",
                "message_id": identity,
                "raw": raw,
            }

        self._letters(count, frozen)

    def plan(self, count: int) -> None:
        """So many letters whose moment has come, to be composed and frozen before they leave."""
        self._letters(count, lambda _n: {"state": "ready", "body": TEXT, "send_after": self.drive.created_at})

    def _letters(self, count: int, fields) -> None:
        from django.db import connection

        from campaigns.models import Letter

        at, pledges = self.drive.created_at, self._pledges(-(-count // OFFICES))
        for first in range(0, count, CHUNK):
            Letter.objects.bulk_create(
                Letter(
                    drive=self.drive,
                    pledge_id=pledges[n // OFFICES],
                    post=self.posts[n % OFFICES],
                    version=self.version,
                    created_at=at,
                    not_before=at,
                    deadline=self.drive.ends_at,
                    **fields(n),
                )
                for n in range(first, min(first + CHUNK, count))
            )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _pledges(self, count: int) -> list[object]:
        """Ids of so many confirmed pledges, one for each supporter's letters to all offices."""
        from campaigns.models import Pledge
        from tests.factories import PledgeFactory

        model = PledgeFactory(campaign=self.drive.campaign)
        copies = [Pledge.objects.get(pk=model.pk) for _ in range(count)]
        for copy in copies:
            copy.pk, copy.email = uuid4(), f"{uuid4().hex}@people.example"
            copy.canonical_email = copy.email
        Pledge.objects.bulk_create(copies, batch_size=CHUNK)
        return [copy.pk for copy in copies]

    def check(self, count: int, *, is_signed: bool = False) -> None:
        """Every letter sent, with its finished attempt and its history; anything else ends the bench."""
        from campaigns.models import Attempt, Letter, LetterChange

        seen = {
            "letters": Letter.objects.filter(drive=self.drive, state="sent", sent_at__isnull=False).count(),
            "attempts": Attempt.objects.filter(letter__drive=self.drive, outcome="accepted").count(),
            **{
                state: LetterChange.objects.filter(letter__drive=self.drive, to_state=state).count()
                for state in ("claimed", "committing", "sent")
            },
        }
        if is_signed:
            raws = Letter.objects.filter(drive=self.drive).values_list("raw", flat=True)
            seen["signatures"] = sum(bytes(raw).startswith(b"DKIM-Signature: ") for raw in raws)
        wrong = {name: found for name, found in seen.items() if found != count}
        if wrong:
            raise SystemExit(f"error: of {count} letters only these are recorded: {wrong}")
