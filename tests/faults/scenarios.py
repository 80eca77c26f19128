"""What is done to the workers. Each leaves the rig drained of faults; the checker tells what became of the letters."""

import os
import signal
import time

from django.conf import settings
from django.db import OperationalError, connection

from tests.faults.points import POINTS, die_at


def a_life():
    """What a worker does: look after the dead, then send."""
    from campaigns.delivery import dispatcher, reaper

    reaper.reap()
    dispatcher.send_windows(seconds=5)


def kills(rig, count, work=a_life, prepare=(), points=POINTS, stock=(1000, 2000), progress=lambda n: None):
    """`kill -9`, half of them at a named point and half at a random moment, two at a time beside one that goes on."""
    other = rig.fork(work, *prepare)
    for n in range(0, count, 2):
        if n % 20 == 0:
            # A thousand deaths in minutes would make every letter a suspect that goes alone: `poison` is for that.
            rig.forgive()
            rig.keep_going(*stock)
        step, when = rig.random.choice(points)
        times = rig.random.choice((1, 1, 2, 5, 20))
        named = rig.fork(
            work,
            *prepare,
            _connections(rig),
            lambda step=step, when=when, times=times: die_at(step, when, times),
        )
        victim = rig.fork(work, *prepare, _connections(rig))
        time.sleep(rig.random.uniform(0.01, 0.12))
        # The one that was alive already dies; the new one lives on.
        rig.end(other)
        other = victim
        if not rig.dies_within(named, 0.1):
            rig.end(named)
        progress(n + 2)
    rig.end(other)
    return count


def _connections(rig):
    """One worker in three spreads its windows over four connections, so that four letters are on their way at once."""
    count = rig.random.choice((1, 1, 4))

    def spread():
        settings.SMTP_CONNECTIONS_PER_WORKER = count

    return spread


AT_ONCE = 5


def freezes(rig, count, prepare=(), progress=lambda n: None):
    """SIGSTOP for longer than the lease, reconciled and sent by others meanwhile, then SIGCONT; several at once."""
    from campaigns.delivery import reaper, reconcile

    settings.DELIVERY_LEASE_SECONDS = 0.4
    for n in range(0, count, AT_ONCE):
        rig.letters(150 * AT_ONCE)
        frozen = [rig.fork(a_life, *prepare) for _ in range(min(AT_ONCE, count - n))]
        for child in frozen:
            rig.until_leaving(1, child)
            # In the middle of its window, or wherever it is a moment later.
            time.sleep(rig.random.uniform(0, 0.01 if prepare else rig.random.choice((0.02, 0.4))))
            os.kill(child, signal.SIGSTOP)
        with rig.workers(1, a_life, *prepare):
            time.sleep(0.6)
        # That worker may have been busy all the while; what it would find next is that leases are over. In a process
        # that can be ended: a worker that was frozen inside a transaction holds its rows.
        with rig.workers(1, reaper.reap):
            time.sleep(0.3)
        time.sleep(1)
        rig._a_line_in_the_log()
        reconcile.reconcile()
        rig.letters(100)
        with rig.workers(1, a_life, *prepare):
            rig.until_leaving(2)
            for child in frozen:
                os.kill(child, signal.SIGCONT)
            rig.until_sent(2)
            time.sleep(0.2)
        for child in frozen:
            rig.end(child)
        progress(n + len(frozen))
    settings.DELIVERY_LEASE_SECONDS = 900
    return count


def terminations(rig, count, progress=lambda n: None):
    """PostgreSQL ends every session but ours, again and again."""
    with rig.workers(3, _whatever_comes):
        for n in range(count):
            if n % 20 == 0:
                rig.keep_going(1000, 2000)
            time.sleep(rig.random.uniform(0.02, 0.1))
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )
            progress(n + 1)
    return count


def database_stops(rig, count, progress=lambda n: None):
    """PostgreSQL is stopped without time to tidy up, and comes back a moment later."""
    rig.letters(count * 100)
    with rig.workers(2, _whatever_comes):
        for n in range(count):
            time.sleep(rig.random.uniform(0.1, 0.3))
            connection.close()
            rig.server.stop(signal.SIGQUIT)
            time.sleep(0.3)
            rig.server.start()
            progress(n + 1)
    return count


def crowd(rig, count, progress=lambda n: None):
    """Eight workers and two beats at once on one queue."""
    from campaigns.delivery import dispatcher

    rig.letters(count)
    until = time.monotonic() + 60
    with rig.workers(8, a_life), rig.workers(2, dispatcher.prepare):
        while rig.waiting() and time.monotonic() < until:
            time.sleep(0.2)
            progress(count - rig.waiting())
    return 0


def _whatever_comes():
    """A worker that, like Celery's, goes on with the next task after a fault."""
    from django.db import InterfaceError

    try:
        a_life()
    except (OperationalError, InterfaceError):
        connection.close()


def pauses(rig, count, progress=lambda n: None):
    """Pause and resume at random moments; what is accepted after a pause was leaving when it was committed."""
    from campaigns.actions.drives import pause_drive, resume_drive
    from campaigns.models import Drive, Letter

    late = 0
    with rig.workers(2, a_life):
        for n in range(count):
            if n % 20 == 0:
                rig.keep_going(1000, 2000)
            time.sleep(rig.random.uniform(0.01, 0.06))
            pause_drive(drive=Drive.objects.get(), actor=None)
            leaving = Letter.objects.filter(state="committing").count()
            before = rig.lines_of_the_sink()
            time.sleep(0.1)
            late += max(0, rig.lines_of_the_sink() - before - leaving)
            resume_drive(drive=Drive.objects.get(), actor=None)
            progress(n + 1)
    assert not late, f"{late} letters began after a pause"
    return count


def poison(rig, progress=lambda n: None):
    """200 letters that no mail can carry among 5,000, and 3 that kill whoever touches them."""
    from campaigns.channels.email import SmtpSession

    rig.letters(4800)
    rig.letters(200, address="no address {n}")
    rig.letters(3, address="deadly@assembly.example")

    def deadly():
        original = SmtpSession.begin

        def begin(self, envelope, data):
            if envelope.recipient.startswith("deadly"):
                os.kill(os.getpid(), signal.SIGKILL)
            return original(self, envelope, data)

        SmtpSession.begin = begin

    until = time.monotonic() + 90
    deaths = 0
    while rig.waiting() and time.monotonic() < until:
        worker = rig.fork(a_life, deadly)
        while not rig.dies_within(worker, 0.5):
            if not rig.waiting() or time.monotonic() > until:
                rig.end(worker)
                break
        else:
            deaths += 1
        progress(deaths)
    assert rig.waiting() == 0, f"{rig.waiting()} letters were stopped by the bad ones"
    return deaths


def disk_full(rig, progress=lambda n: None):
    """No room for the spool: nothing leaves, nothing is lost."""
    import resource

    rig.letters(200)
    before = rig.lines_of_the_sink()

    def no_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

    if connection.vendor == "postgresql":  # on SQLite the limit would stop the claim already
        with rig.workers(1, _any_fault, no_room):
            time.sleep(1)
        assert rig.lines_of_the_sink() == before, "letters left although their intent could not be kept"
    progress(1)
    return 1


def _any_fault():
    try:
        a_life()
    except OSError:
        time.sleep(0.05)
