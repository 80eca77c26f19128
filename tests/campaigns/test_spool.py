"""What a dead worker leaves behind, and what the relay's log says of it."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from campaigns.channels.base import Accepted, Deferred
from campaigns.delivery import dispatcher, ledger, reaper, reconcile, spool
from campaigns.delivery.spool import Mark, WindowFile
from campaigns.models import Letter
from contacts import clock
from tests.campaigns.test_drives import letters, queue_all, send_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def dies(marks, answers=None, intends=True, count=3):
    """A worker that claimed `count` letters, came as far as its marks say, and is gone. Gives the claims."""
    letters(count)
    queue_all()
    window = WindowFile(ledger.new_ticket())
    claims = ledger.claim(window.ticket, 10)
    window.prepare([(claim.pk, claim.token) for claim in claims])
    if intends:
        assert len(ledger.intend(claims)) == count
    for place, mark in enumerate(marks):
        window.mark(place, mark)
    for place, outcome in (answers or {}).items():
        window.answer(place, outcome, "relay.example")
    os.close(window._file)
    return claims


def states(claims):
    found = dict(Letter.objects.values_list("pk", "state"))
    return [found[claim.pk] for claim in claims]


def test_each_letter_of_a_dead_worker_goes_where_its_mark_says():
    claims = dies(
        [Mark.TALKING, Mark.TALKING, Mark.DOT, Mark.TALKING],
        {0: Accepted(250, "2.0.0 queued", "relay.example"), 1: Deferred(451, "later")},
        count=5,
    )
    reaped = reaper.reap()
    assert states(claims) == ["sent", "deferred", "uncertain", "queued", "queued"]
    assert (reaped.recorded, reaped.uncertain, reaped.requeued) == (2, 1, 2)
    sent = Letter.objects.get(pk=claims[0].pk)
    assert sent.accepted_by == "relay.example" and sent.accepted_reply == "250 2.0.0 queued"
    # Only what the worker was busy with may have killed it.
    crashes = dict(Letter.objects.values_list("pk", "crash_count"))
    assert [crashes[claim.pk] for claim in claims[3:]] == [1, 0]
    assert not list(spool._folder().iterdir())
    assert reaper.reap() == reaper.Reaped()


def test_a_worker_that_lives_is_left_alone():
    letters(2)
    queue_all()
    with WindowFile(ledger.new_ticket()) as window:
        claims = ledger.claim(window.ticket, 10)
        window.prepare([(claim.pk, claim.token) for claim in claims])
        ledger.intend(claims)
        assert reaper.reap() == reaper.Reaped()
        assert states(claims) == ["committing"] * 2


def test_a_worker_that_dies_before_its_intent_leaves_queued_letters():
    claims = dies([], intends=False)
    reaper.reap()
    assert states(claims) == ["queued"] * 3


def test_after_a_power_cut_a_missing_mark_proves_nothing(monkeypatch):
    claims = dies([Mark.TALKING], {1: Accepted(250, "ok", "relay.example")})
    monkeypatch.setattr(spool, "_boot", lambda: "another start of the machine")
    reaper.reap()
    assert states(claims) == ["uncertain", "sent", "uncertain"]


def test_a_file_that_is_cut_off_stops_nobody(sink):
    claims = dies([], intends=False)
    (path,) = spool._folder().iterdir()
    path.write_bytes(path.read_bytes()[:20])
    reaper.reap()
    assert states(claims) == ["queued"] * 3
    send_all()
    assert len(sink.mails()) == 3


@pytest.mark.parametrize("spoilt", [b"\0" * 4096, b"{not json\n", b""])
def test_a_file_that_is_spoilt_proves_nothing(spoilt):
    claims = dies([Mark.TALKING] * 3)
    (path,) = spool._folder().iterdir()
    path.write_bytes(spoilt)
    reaper.reap()
    assert states(claims) == ["uncertain"] * 3


def test_a_mark_that_is_spoilt_proves_nothing():
    claims = dies([Mark.TALKING] * 3)
    (path,) = spool._folder().iterdir()
    content = path.read_bytes().replace(b"T", b"\xff", 1)
    path.write_bytes(content)
    reaper.reap()
    assert states(claims) == ["uncertain", "queued", "queued"]


def test_an_answer_of_any_length_and_script_is_kept():
    claims = dies([Mark.DOT] * 3, {0: Accepted(250, "ё" * 500, "почта.example" * 30)})
    reaper.reap()
    assert states(claims)[0] == "sent"


def test_a_letter_whose_workers_die_goes_alone_and_then_to_a_person():
    letters(4)
    queue_all()
    deadly = Letter.objects.order_by("queued_at", "pk")[1]
    for _ in range(ledger.MOST_CRASHES):
        window = WindowFile(ledger.new_ticket())
        claims = ledger.claim(window.ticket, 10)
        while deadly.pk not in {claim.pk for claim in claims}:
            with WindowFile(ledger.new_ticket()) as healthy:
                ledger.release(claims, "elsewhere")
                Letter.objects.exclude(pk=deadly.pk).update(state="cancelled")
                claims = ledger.claim(healthy.ticket, 10)
                ledger.release(claims, "elsewhere")
            claims = ledger.claim(window.ticket, 10)
        window.prepare([(claim.pk, claim.token) for claim in claims])
        ledger.intend(claims)
        window.mark([claim.pk for claim in claims].index(deadly.pk), Mark.TALKING)
        os.close(window._file)
        reaper.reap()
    deadly.refresh_from_db()
    assert deadly.state == "held" and "5 times" in deadly.note
    assert set(Letter.objects.exclude(pk=deadly.pk).values_list("crash_count", flat=True)) == {0}


def test_a_full_disk_stops_a_window_before_anything_leaves(sink, monkeypatch):
    letters(3)
    queue_all()

    def full(self, letters):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(WindowFile, "prepare", full)
    with pytest.raises(OSError, match="space"):
        dispatcher.send_window()
    assert sink.mails() == []
    assert set(Letter.objects.values_list("state", "crash_count")) == {("queued", 0)}


# --- the relay's log ---------------------------------------------------------------------------------------


def uncertain_letter(count=1):
    claims = dies([Mark.DOT] * count, count=count)
    reaper.reap()
    return [Letter.objects.get(pk=claim.pk) for claim in claims]


@pytest.fixture
def mail_log(settings, tmp_path):
    settings.RELAY_LOG = str(tmp_path / "mail.log")
    settings.RECONCILE_QUIET_SECONDS = 900

    def write(*lines, traditional=False):
        with open(settings.RELAY_LOG, "a") as log:
            for at, text in lines:
                stamp = f"{at:%b} {at.day:2} {at:%H:%M:%S}" if traditional else at.isoformat()
                log.write(f"{stamp} mx postfix/{text}\n")

    return write


def taken(letter, at, queue_id="4F2A10C3"):
    return [
        (at, f"cleanup[71]: {queue_id}: message-id={letter.message_id}"),
        (at, f"qmgr[12]: {queue_id}: from=<letters@harbour.example>, size=2101, nrcpt=1 (queue active)"),
    ]


NOISE = "smtpd[70]: connect from localhost[127.0.0.1]"


def test_an_earlier_try_that_the_log_has_says_nothing_of_this_one(mail_log):
    (letter,) = uncertain_letter()
    at = letter.attempts.get().started_at
    mail_log(*taken(letter, at - timedelta(hours=1)), (at + timedelta(minutes=20), NOISE))
    clock.move(timedelta(minutes=16))
    done = reconcile.reconcile()
    assert (done.sent, done.requeued) == (0, 1)


@pytest.mark.parametrize("traditional", [False, True])
def test_a_letter_the_log_has_was_sent(mail_log, traditional):
    (letter,) = uncertain_letter()
    mail_log(*taken(letter, letter.attempts.get().started_at), traditional=traditional)
    clock.move(timedelta(minutes=16))
    assert reconcile.reconcile().sent == 1
    letter.refresh_from_db()
    assert letter.state == "sent" and "4F2A10C3" in letter.accepted_reply


def test_a_letter_the_log_never_saw_is_queued_again(mail_log):
    (letter,) = uncertain_letter()
    now = datetime.now(UTC)
    mail_log((now - timedelta(hours=1), NOISE), (now + timedelta(minutes=20), NOISE))
    clock.move(timedelta(minutes=16))
    assert reconcile.reconcile().requeued == 1
    letter.refresh_from_db()
    assert letter.state == "queued"
    assert letter.history.last().reason == "the relay's log shows that it never took it"


def test_a_letter_the_relay_heard_of_but_did_not_take_over_is_not_sent(mail_log):
    (letter,) = uncertain_letter()
    now = datetime.now(UTC)
    mail_log((now - timedelta(hours=1), NOISE), taken(letter, now)[0], (now + timedelta(minutes=20), NOISE))
    clock.move(timedelta(minutes=16))
    assert reconcile.reconcile().requeued == 1


@pytest.mark.parametrize("minutes", [(-1, 5), (1, 20)])
def test_a_log_that_does_not_cover_the_time_is_no_proof(mail_log, minutes):
    (letter,) = uncertain_letter()
    now = letter.attempts.get().started_at
    mail_log(*[(now + timedelta(minutes=m), NOISE) for m in minutes])
    clock.move(timedelta(minutes=16))
    assert reconcile.reconcile() == reconcile.Reconciled()
    letter.refresh_from_db()
    assert letter.state == "uncertain"


def test_the_relay_has_time_to_take_a_letter_before_its_log_is_believed(mail_log):
    (letter,) = uncertain_letter()
    mail_log(*taken(letter, datetime.now(UTC)))
    assert reconcile.reconcile() == reconcile.Reconciled()
