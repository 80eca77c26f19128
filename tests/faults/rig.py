"""Everything a fault run stands on: a database, a mail sink of its own, letters to send, workers to kill."""

import ctypes
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from tests.sink import Sink

# The sink hangs up on who is silent, and only after longer than that its log proves that a letter was never taken: a
# worker frozen just before its dot could otherwise wake up and send it.
PATIENCE, QUIET = 0.6, 0.8
# Longer than anybody is frozen.
LONG_PATIENCE = 60
# The same on every database, which keep it with or without dashes.
BY_ID = "replace(CAST(id AS text), '-', '')"
LETTER = (
    b"From: Ada <letters@harbour.example>\r\nTo: %s\r\nSubject: Care within four weeks\r\n"
    b"Date: Tue, 24 Nov 2026 10:00:00 +0000\r\nMessage-ID: %s\r\n\r\n%s\r\n"
)


class Rig:
    """One database with one drive, and one sink. Workers are forked from this process, which is warm."""

    offices = 40
    # What names a letter to the other side: a column, in SQL.
    identity = "message_id"
    patience, quiet = PATIENCE, QUIET

    def __init__(self, folder: Path, seed: int, server=None) -> None:
        self.folder, self.seed, self.server = folder, seed, server
        self.random = random.Random(seed)
        self.sink = Sink(folder, chaos=seed, patience=self.patience)
        self.made = self._counted_to = self._lines = 0

    def __enter__(self):
        self.sink.__enter__()
        self._start_relay()
        settings.SMTP_REPLY_SECONDS = 5
        call_command("migrate", verbosity=0)
        self._world()
        self._a_line_in_the_log()
        return self

    def __exit__(self, *fault):
        self.sink.__exit__(*fault)

    def _start_relay(self):
        """Whom letters are handed to, and its log: here the sink itself."""
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", self.sink.port
        settings.RELAY_LOG = str(self.sink.postfix_log)
        settings.RECONCILE_QUIET_SECONDS = self.quiet

    def _world(self):
        from tests.factories import DriveFactory, LetterVersionFactory, reachable

        # Thousands of letters in minutes: no rate may hold them up (throttle.NO_LIMIT).
        self.drive = DriveFactory(per_office_hour=10**6, per_domain_hour=10**6, per_site_hour=10**6)
        self.version = LetterVersionFactory(group__campaign=self.drive.campaign)
        self.posts = [reachable(email=f"office{n}@assembly.example") for n in range(self.offices)]
        self.people = [post.memberships.get().legislator_id for post in self.posts]

    def letters(self, count, address="office{post}@assembly.example"):
        """More frozen letters in the queue, each with an identity and a text of its own."""
        from campaigns.models import Letter, Pledge
        from contacts.clock import now
        from tests.factories import PledgeFactory

        at = now()
        first = PledgeFactory(campaign=self.drive.campaign)
        pledges = [first]
        for _ in range(-(-count // self.offices) - 1):
            copy = Pledge.objects.get(pk=first.pk)
            copy.pk, copy.email = uuid4(), f"{uuid4().hex}@people.example"
            copy.canonical_email = copy.email
            pledges.append(copy)
        Pledge.objects.bulk_create(pledges[1:])
        rows = []
        for n in range(count):
            post, identity = n % self.offices, f"<{uuid4().hex}@harbour.example>"
            recipient = address.format(post=post, n=n)
            raw = LETTER % (recipient.encode(), identity.encode(), b"Please vote for it. " * 20)
            rows.append(
                Letter(
                    drive=self.drive,
                    pledge=pledges[n // self.offices],
                    post=self.posts[post],
                    legislator_id=self.people[post],
                    version=self.version,
                    state="queued",
                    created_at=at,
                    not_before=at,
                    queued_at=at,
                    deadline=self.drive.ends_at,
                    window_closes=self.drive.ends_at,
                    recipient=recipient,
                    domain="assembly.example",
                    message_id=identity,
                    raw=raw,
                )
            )
        Letter.objects.bulk_create(rows, batch_size=500)
        self.made += count

    def arrived(self):
        """How often each letter arrived, by the sink's log."""
        return Counter(line.message_id for line in self.sink.received())

    def lines_of_the_sink(self):
        """How many lines the sink's log has: counted from where the last count ended, since it is asked often."""
        with self.sink.log.open("rb") as log:
            log.seek(self._counted_to)
            more = log.read()
        whole = more.rfind(b"\n") + 1
        self._counted_to += whole
        self._lines += more.count(b"\n", 0, whole)
        return self._lines

    def keep_going(self, fewest, more):
        """More letters when fewer than so many wait: what is left at the end only has to be sent, which proves nothing."""
        if self.waiting() < fewest:
            self.letters(more)

    def waiting(self):
        from campaigns.models import Letter

        return Letter.objects.filter(state="queued").count()

    @staticmethod
    def forgive():
        """Letters that were in the hands of workers that died are no longer suspected of it."""
        from campaigns.models import Letter

        Letter.objects.filter(state="queued", crash_count__gt=0).update(crash_count=0)

    def until_leaving(self, seconds, worker=""):
        """Until a window's intent is written down; one of this worker's own, if a process id is given."""
        from campaigns.models import Letter

        until = time.monotonic() + seconds
        leaving = Letter.objects.filter(state="committing", lease_owner__contains=f"-{worker}")
        while time.monotonic() < until and not leaving.exists():
            time.sleep(0.002)

    def until_sent(self, seconds):
        """Until nothing waits any more, but no longer than this."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.waiting():
            time.sleep(0.1)

    # --- workers ------------------------------------------------------------------------------------

    def fork(self, work, *prepare):
        """A worker process that prepares itself and then does `work` over and over; gives its process id."""
        connections.close_all()
        child = os.fork()
        if child:
            return child
        _die_with_parent()
        try:
            for step in prepare:
                step()
            while True:
                work()
                time.sleep(0.002)
        except BaseException:
            if not os.environ.get("FAULTS_QUIET"):
                traceback.print_exc()
        finally:
            os._exit(1)

    @staticmethod
    def end(child, how=signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(child, how)
        os.waitpid(child, 0)

    @staticmethod
    def dies_within(child, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if os.waitpid(child, os.WNOHANG)[0]:
                return True
            time.sleep(0.001)
        return False

    @contextmanager
    def workers(self, count, work, *prepare):
        children = [self.fork(work, *prepare) for _ in range(count)]
        try:
            yield children
        finally:
            for child in children:
                self.end(child)

    # --- the end ------------------------------------------------------------------------------------

    def drain(self, seconds=300):
        """No more faults: everything that is due, put off or held goes, as it would with time and a person."""
        from campaigns.delivery import dispatcher, reaper
        from campaigns.models import Letter
        from contacts.clock import now

        until = time.monotonic() + seconds
        while time.monotonic() < until:
            reaper.reap()
            # What a person decides about letters held after crashes, and what hours of waiting bring.
            Letter.objects.filter(state__in=["held", "deferred"]).update(state="queued")
            self.forgive()
            # No worker is alive any more: what has no spool is known to be theirs when its lease is over.
            Letter.objects.filter(state__in=["claimed", "committing"]).update(lease_until=now())
            if not Letter.objects.filter(state__in=["queued", "claimed", "committing"]).exists():
                return
            dispatcher.send_windows(seconds=5)

    def reconcile(self, seconds=120):
        """Uncertain letters by the relay's log; those it never took are sent, with their own uncertainty."""
        from campaigns.delivery import reconcile
        from campaigns.models import Letter
        from contacts import clock

        until = time.monotonic() + seconds
        while Letter.objects.filter(state="uncertain").exists() and time.monotonic() < until:
            time.sleep(0.9)
            self._a_line_in_the_log()
            clock.move(timedelta(0))
            reconcile.reconcile()
            self.drain()

    def _a_line_in_the_log(self):
        from datetime import UTC, datetime

        with self.sink.postfix_log.open("a") as log:
            log.write(f"{datetime.now(UTC).isoformat()} relay postfix/smtpd[9]: connect from localhost\n")


class ListeningRig(Rig):
    """A mail server that waits for whoever is silent: their lease alone keeps frozen workers from going on.

    Its log proves nothing before the last worker is dead, and is not read before.
    """

    patience, quiet = LONG_PATIENCE, 2 * LONG_PATIENCE

    def reconcile(self, seconds=120):
        settings.RECONCILE_QUIET_SECONDS = QUIET
        super().reconcile(seconds)


def _die_with_parent():
    """A run that is ended must leave no worker behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
