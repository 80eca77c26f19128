"""A worker that spreads a window over several connections to a relay that is far away."""

import socket
import time
from threading import Thread

import pytest

from campaigns.delivery import dispatcher, ledger, spool
from campaigns.delivery.lease_clock import LeaseClock
from campaigns.models import Attempt, Letter, LetterChange
from tests.campaigns.test_drives import letters, queue_all
from tests.sink import Sink as ScriptedSink

pytestmark = pytest.mark.django_db


@pytest.fixture
def far(settings, tmp_path):
    """A relay that needs a fifth of a second for each final dot, reached over five connections."""
    with ScriptedSink(tmp_path) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.SMTP_CONNECTIONS_PER_WORKER = 5
        yield server


def queued(count, dot="sleep0.2+keep+250"):
    made = letters(count)
    queue_all()
    for n, letter in enumerate(made):
        Letter.objects.filter(pk=letter.pk).update(recipient=f"office{n}.dot={dot}@assembly.example")
    return made


def test_a_window_over_five_connections_is_sent_once_in_a_fifth_of_the_time(far):
    made = queued(10, "sleep1+keep+250")
    begun = time.monotonic()
    assert dispatcher.send_window() == 10
    assert time.monotonic() - begun < 10 * 1  # two on an idle machine
    assert len(far.received()) == len({mail.message_id for mail in far.received()}) == 10
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent"}
    assert Attempt.objects.filter(outcome="accepted").count() == 10
    assert LetterChange.objects.filter(letter__in=made, to_state="sent").count() == 10
    assert not list(spool._folder().iterdir())


def test_a_connection_that_is_cut_costs_no_other_letter(far):
    queued(9)
    cut = Letter.objects.order_by("queued_at", "pk")[2]
    Letter.objects.filter(pk=cut.pk).update(recipient="cut.dot=keep+drop@assembly.example")
    assert dispatcher.send_window() == 8
    cut.refresh_from_db()
    assert cut.state == "uncertain"
    assert Letter.objects.filter(state="sent").count() == 8


def test_a_window_of_two_letters_opens_one_connection(settings):
    settings.SMTP_CONNECTIONS_PER_WORKER = 5
    queued(2)
    with CountingDoor() as door:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", door.port
        dispatcher.send_window()
    assert door.knocks == 1


def test_when_the_relay_shuts_every_letter_that_was_not_begun_goes_back_uncharged(far):
    queued(10)
    far.for_all(mail="421")
    assert dispatcher.send_window() == 0
    states = dict(Letter.objects.values_list("pk", "state"))
    assert set(states.values()) <= {"queued", "deferred"}
    assert set(Letter.objects.filter(state="queued").values_list("crash_count", flat=True)) <= {0}
    far.for_all()
    assert far.received() == []


def test_letters_whose_lease_is_over_are_not_sent_by_any_connection(far, monkeypatch):
    queued(10)
    monkeypatch.setattr(LeaseClock, "good", lambda self: False)
    assert dispatcher.send_window() == 0
    assert far.received() == []
    assert set(Letter.objects.values_list("state", flat=True)) == {"queued"}


def test_a_worker_that_was_frozen_while_it_wrote_its_intent_sends_nothing(far, monkeypatch, settings):
    queued(10)
    settings.DELIVERY_LEASE_SECONDS = 0.4
    intend = ledger.intend

    def frozen(claims):
        allowed = intend(claims)
        time.sleep(0.5)
        return allowed

    monkeypatch.setattr(ledger, "intend", frozen)
    assert dispatcher.send_window() == 0
    assert far.received() == []


class CountingDoor:
    """Counts who comes, and says that it has no time."""

    def __enter__(self):
        self.knocks, self._door = 0, socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self._keeper = Thread(target=self._open, daemon=True)
        self._keeper.start()
        return self

    def __exit__(self, *fault):
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._keeper.join(5)

    def _open(self):
        while True:
            try:
                link, _address = self._door.accept()
            except OSError:
                return
            self.knocks += 1
            with link, link.makefile("rwb") as lines:
                link.sendall(b"220 door.example\r\n")
                for line in lines:
                    fine = line[:4].upper() in {b"EHLO", b"RSET"}
                    link.sendall(b"250 door.example\r\n" if fine else b"451 no time\r\n")
