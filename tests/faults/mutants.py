"""Ten ways to break the delivery. Each is put into the workers; the checker must notice every one."""

from django.conf import settings

from tests.faults import scenarios
from tests.faults.rig import QUIET, ListeningRig, Rig


def no_compare_and_set():
    """Two workers may take the same letter: neither claim nor intent asks who has it."""
    from django.db.models import F

    from campaigns.delivery import ledger, results
    from campaigns.models import Letter

    def claim(ticket, limit):
        import random

        chosen = list(
            Letter.objects.filter(state="queued")
            .order_by("queued_at", "pk")
            .values_list("pk", flat=True)[:20]
        )
        random.shuffle(chosen)
        Letter.objects.filter(pk__in=chosen).update(lease_token=F("lease_token") + 1)
        rows = Letter.objects.filter(pk__in=chosen).values_list(
            "pk", "lease_token", "drive", "recipient", "raw"
        )
        return [
            ledger.Claimed(pk, token, ticket, drive, 0, "harbour.example", to, bytes(raw))
            for pk, token, drive, to, raw in rows
        ]

    ledger.claim, ledger.intend = claim, lambda claims: list(claims)
    results.record_all = lambda seen: Letter.objects.filter(pk__in=[r.letter for r in seen]).update(
        state="sent", sent_at="2026-11-24T10:00Z"
    )
    ledger.release = lambda claims, reason: 0


def intent_after_the_dot():
    """The letters are sent first; that they were about to leave is written down afterwards."""
    from campaigns.delivery import ledger, results

    intend, record_all, claimed = ledger.intend, results.record_all, []

    def remember(claims):
        claimed[:] = claims
        return list(claims)

    ledger.intend = remember

    def late(seen):
        accepted = {r.letter for r in seen if type(r.outcome).__name__ == "Accepted"}
        intend([claim for claim in claimed if claim.pk in accepted])
        return record_all(seen)

    results.record_all = late


def marked_before_sent():
    """The letters are written down as sent, and then sent."""
    from campaigns.channels.base import Accepted
    from campaigns.delivery import ledger, results

    intend = ledger.intend

    def intend_and_mark(claims):
        allowed = intend(claims)
        sent = Accepted(250, "ok", "x")
        results.record_all([results.Result(claim.pk, claim.token, sent, "x") for claim in allowed])
        return allowed

    ledger.intend = intend_and_mark


def new_message_id_each_try():
    """Every try has another Message-ID, so nobody can tell a copy from a letter."""
    from dataclasses import replace
    from uuid import uuid4

    from campaigns.delivery import ledger

    claim = ledger.claim

    def other(ticket, limit):
        return [
            replace(c, raw=c.raw.replace(b"Message-ID: <", b"Message-ID: <" + uuid4().hex[:4].encode(), 1))
            for c in claim(ticket, limit)
        ]

    ledger.claim = other


def no_look_at_the_lease():
    """A worker that was frozen goes on as if the letters were still its own."""
    from campaigns.delivery.lease_clock import LeaseClock

    LeaseClock.good = lambda self: True
    LeaseClock.out_of_time = lambda self: False


def leaving_put_back():
    """The reaper queues everything a dead worker had, whatever its spool says."""
    from campaigns.delivery import ledger

    ledger.doubt = lambda tokens, reason, **how: ledger.put_back(tokens, reason, charged=True, **how)


def no_mark_of_the_dot():
    """The spool does not say that a final dot was about to leave."""
    from campaigns.delivery.spool import Mark, WindowFile

    mark = WindowFile.mark
    WindowFile.mark = lambda self, index, what: None if what is Mark.DOT else mark(self, index, what)


def window_sent_when_one_fails():
    """A refusal or a lost connection counts for sent, like its neighbours."""
    from campaigns.channels.base import Accepted
    from campaigns.delivery import results

    record_all = results.record_all
    results.record_all = lambda seen: record_all(
        [results.Result(r.letter, r.token, Accepted(250, "ok", r.host), r.host) for r in seen]
    )


def doubt_taken_for_sent():
    """What is uncertain is said to be sent."""
    from campaigns.channels.base import Accepted
    from campaigns.delivery import ledger, results

    def sure(tokens, reason, **_how):
        sent = Accepted(250, "ok", "x")
        return results.record_all([results.Result(pk, token, sent, "x") for pk, token in tokens.items()])

    ledger.doubt = sure


def answers_forgotten():
    """The answers kept in the spool are thrown away, and their letters sent again."""
    from campaigns.delivery import spool
    from campaigns.delivery.spool import Mark

    read = spool._read

    def forgetful(content):
        from dataclasses import replace

        return [
            replace(f, mark=Mark.WAITING, outcome=None) if f.mark is Mark.ANSWERED else f
            for f in read(content)
        ]

    spool._read = forgetful


MUTANTS = [
    no_compare_and_set,
    intent_after_the_dot,
    marked_before_sent,
    new_message_id_each_try,
    no_look_at_the_lease,
    leaving_put_back,
    no_mark_of_the_dot,
    window_sent_when_one_fails,
    doubt_taken_for_sent,
    answers_forgotten,
]


def rig_of(mutant):
    """What each breakage is tried on."""
    return ListeningRig if mutant is no_look_at_the_lease else Rig


def try_one(rig, mutant, count):
    """The scenario that shows this breakage, with the breakage in every worker."""
    if mutant is no_look_at_the_lease:
        # The log is believed too soon: what is left to stop a worker that goes on is its lease.
        settings.RECONCILE_QUIET_SECONDS = QUIET
        return scenarios.freezes(rig, max(4, count // 10), prepare=[mutant])
    done = scenarios.kills(rig, count, prepare=[mutant])
    with rig.workers(2, scenarios.a_life, mutant):
        rig.until_sent(15)
    return done


def send_then_mark():
    """What most senders do, in the same rig: pick, send, then write it down."""
    import smtplib

    from campaigns.models import Letter

    waiting = list(
        Letter.objects.filter(state="queued").order_by("pk").values_list("pk", "recipient", "raw")[:20]
    )
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, local_hostname="worker.example") as session:
        for pk, recipient, raw in waiting:
            try:
                session.sendmail("letters@harbour.example", recipient, bytes(raw))
            except (smtplib.SMTPException, OSError):
                return
            Letter.objects.filter(pk=pk).update(state="sent", sent_at="2026-11-24T10:00Z")
