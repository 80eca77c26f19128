"""Handing letters to a mail server over a real socket, with servers that misbehave."""

import hashlib
import socket
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from campaigns.channels.base import (
    Accepted,
    AuthFailed,
    BadEnvelope,
    ConnectFailed,
    Deferred,
    Refused,
    Uncertain,
)
from campaigns.channels.email import Envelope, SmtpSession
from campaigns.channels.relay import Relay
from campaigns.channels.replies import classify
from tests.sink import Sink

SENDER = "letters@opendoors.example.org"
OFFICE = "field@senate.example"
LETTER = b"Subject: hello\r\nMessage-ID: <%s@x.example>\r\n\r\nDear Senator,\r\n.\r\n..dots\r\n.end\r\n"


def letter(name="a"):
    return LETTER % name.encode()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    with Sink(tmp_path_factory.mktemp("sink")) as server:
        yield server


@pytest.fixture
def sink(shared):
    """A mail server that does what the address says; what it took before does not count."""
    shared.for_all()
    shared.log.write_bytes(b"")
    return shared


def relay(server, **more):
    return Relay(
        "127.0.0.1", server.port, **{"reply_seconds": 5, "command_seconds": 5, "connect_seconds": 5, **more}
    )


def begin(session, data):
    return session.begin(Envelope.of(SENDER, OFFICE, data), data)


def hand_over(session, recipient, data=None, sender=SENDER):
    data = data or letter()
    early = session.begin(Envelope.of(sender, recipient, data), data)
    return session.finish() if early is None else early


# --- what is accepted --------------------------------------------------------------------------------------


def test_an_accepted_letter_arrived_byte_for_byte_and_the_reply_is_on_record(sink):
    with SmtpSession(relay(sink)) as session:
        outcome = hand_over(session, OFFICE)
    assert outcome == Accepted(250, "2.0.0 accepted", f"sink.example (127.0.0.1:{sink.port})")
    (received,) = sink.received()
    assert received.sha256 == hashlib.sha256(letter()).hexdigest()
    assert (received.sender, received.recipient) == (SENDER, OFFICE)
    assert received.message_id == "<a@x.example>"


def test_nothing_arrives_before_the_final_dot(sink):
    with SmtpSession(relay(sink)) as session:
        assert begin(session, letter()) is None
        time.sleep(0.2)
        assert sink.received() == []
        assert isinstance(session.finish(), Accepted)
    assert len(sink.received()) == 1


def test_an_abandoned_letter_never_arrives_and_the_next_one_does(sink):
    with SmtpSession(relay(sink)) as session:
        assert begin(session, letter("abandoned")) is None
        session.abandon()
        assert isinstance(hand_over(session, OFFICE, letter("next")), Accepted)
    time.sleep(0.2)
    assert [r.message_id for r in sink.received()] == ["<next@x.example>"]


def test_a_domain_in_another_script_is_handed_over_in_ascii(sink):
    with SmtpSession(relay(sink)) as session:
        assert isinstance(hand_over(session, "amt@straße.example"), Accepted)
    assert sink.received()[0].recipient == "amt@xn--strae-oqa.example"


# --- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        ("rcpt=450", Deferred(450, "as told")),
        ("rcpt=451_4.7.1", Deferred(451, "4.7.1 as told", "4.7.1")),
        ("rcpt=452_4.2.2", Deferred(452, "4.2.2 as told", "4.2.2")),
        ("rcpt=421_4.3.2", Deferred(421, "4.3.2 as told", "4.3.2")),
        ("rcpt=550", Refused(550, "as told", "address")),
        ("rcpt=550_5.1.1", Refused(550, "5.1.1 as told", "address", "5.1.1")),
        ("rcpt=550_5.2.1", Refused(550, "5.2.1 as told", "address", "5.2.1")),
        ("rcpt=552_5.2.2", Refused(552, "5.2.2 as told", "mailbox_full", "5.2.2")),
        ("rcpt=552", Refused(552, "as told", "mailbox_full")),
        ("rcpt=554", Refused(554, "as told", "policy")),
        ("rcpt=553_5.1.8", Refused(553, "5.1.8 as told", "policy", "5.1.8")),
        ("rcpt=550_5.7.1", Refused(550, "5.7.1 as told", "blocked", "5.7.1")),
        ("data=451", Deferred(451, "as told")),
        ("data=554", Refused(554, "as told", "policy")),
        ("data=250", Deferred(0, "as told")),
        (
            "data=drop",
            Deferred(0, "the connection ended before the letter was complete (SMTPServerDisconnected)"),
        ),
        (
            "rcpt=drop",
            Deferred(0, "the connection ended before the letter was complete (SMTPServerDisconnected)"),
        ),
        ("rcpt=garbage", Deferred(0, "")),
        ("dot=451_4.3.0", Deferred(451, "4.3.0 as told", "4.3.0")),
        ("dot=421", Deferred(421, "as told")),
        ("dot=550_5.1.1", Refused(550, "5.1.1 as told", "address", "5.1.1")),
        ("dot=554_5.7.1", Refused(554, "5.7.1 as told", "blocked", "5.7.1")),
        ("dot=554_5.6.0", Refused(554, "5.6.0 as told", "message", "5.6.0")),
        ("dot=552_5.3.4", Refused(552, "5.3.4 as told", "message", "5.3.4")),
        ("dot=552", Refused(552, "as told", "mailbox_full")),
        ("dot=530", Refused(530, "as told", "message")),
    ],
)
def test_a_refusal_says_what_it_is_about_and_the_next_letter_still_goes(sink, script, outcome):
    with SmtpSession(relay(sink)) as session:
        assert hand_over(session, f"anna.{script}@senate.example") == outcome
        assert isinstance(hand_over(session, OFFICE, letter("next")), Accepted)
    assert [r.message_id for r in sink.received()] == ["<next@x.example>"]


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        ("mail=451", Deferred(451, "as told")),
        ("mail=550", Refused(550, "as told", "policy")),
        ("mail=552", Refused(552, "as told", "message")),
        ("mail=553_5.1.8", Refused(553, "5.1.8 as told", "policy", "5.1.8")),
        ("mail=550_5.7.1", Refused(550, "5.7.1 as told", "blocked", "5.7.1")),
    ],
)
def test_a_refused_sender_is_not_the_offices_fault(sink, script, outcome):
    with SmtpSession(relay(sink)) as session:
        assert hand_over(session, OFFICE, sender=f"letters.{script}@opendoors.example.org") == outcome


def test_every_code_in_every_phase_has_an_outcome():
    for phase in ("mail", "rcpt", "data", "dot"):
        for code in (-1, 0, *range(200, 600)):
            outcome = classify(phase, code, "text")
            assert isinstance(outcome, Refused if code >= 500 else Deferred)
            assert outcome.code >= 0
    assert classify("rcpt", 550, "4.1.1 strange").enhanced == ""
    assert classify("rcpt", 550, "said 5.7.1 in passing").scope == "address"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (554, "Service unavailable; Client host [192.0.2.1] blocked using dnsbl.example"),
        (550, "SC-001 Mail rejected: part of your network is on our block list"),
        (554, "Message not accepted for policy reasons"),
        (554, "poor reputation of the sending server"),
        (550, "Denied for SPAM"),
        (550, "192.0.2.1 is listed at rbl.example"),
    ],
)
def test_servers_that_give_no_enhanced_code_say_in_words_that_they_block_us(code, text):
    assert classify("rcpt", code, text).scope == classify("dot", code, text).scope == "blocked"


@pytest.mark.parametrize(
    ("code", "text", "scope"),
    [
        (550, "5.1.1 no such user (see our spam policy)", "address"),
        (550, "no such user here", "address"),
        (550, "unlisted recipient", "address"),
        (552, "spam folder over quota", "mailbox_full"),
        (451, "4.7.1 greylisted by policy", None),
    ],
)
def test_what_is_about_the_address_or_passes_is_not_taken_for_a_block(code, text, scope):
    assert getattr(classify("rcpt", code, text), "scope", None) == scope


# --- what is uncertain -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "arrived"),
    [
        ("dot=drop", 0),
        ("dot=keep+drop", 1),
        ("dot=keep+half", 1),
        ("dot=half", 0),
        ("dot=keep+garbage", 1),
        ("dot=keep+stall", 1),
        ("dot=354", 0),
    ],
)
def test_a_lost_or_senseless_answer_to_the_dot_is_uncertain(sink, script, arrived):
    with SmtpSession(relay(sink, reply_seconds=0.5)) as session:
        assert isinstance(hand_over(session, f"anna.{script}@senate.example"), Uncertain)
        assert len(sink.received()) == arrived
        assert isinstance(hand_over(session, OFFICE, letter("next")), Accepted)


def test_a_slow_answer_is_waited_for(sink):
    with SmtpSession(relay(sink)) as session:
        assert isinstance(hand_over(session, "anna.dot=sleep0.7+keep@senate.example"), Accepted)


# --- what is nobody's letter's fault -----------------------------------------------------------------------


def test_a_relay_that_is_not_there_is_no_letters_fault():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(ConnectFailed), SmtpSession(Relay("127.0.0.1", closed.getsockname()[1])):
            pass


@pytest.mark.parametrize(
    "rules",
    [
        {"connect": "421"},
        {"connect": "554"},
        {"connect": "drop"},
        {"ehlo": "drop"},
        {"connect": "garbage"},
        {"connect": "stall"},
        {"ehlo": "stall"},
    ],
)
def test_a_relay_that_does_not_want_to_talk_is_no_letters_fault(sink, rules):
    sink.for_all(**rules)
    with pytest.raises(ConnectFailed), SmtpSession(relay(sink, connect_seconds=0.5)):
        pass


def test_a_relay_that_hangs_up_on_the_sender_is_no_letters_fault(sink):
    sink.for_all(mail="drop")
    with SmtpSession(relay(sink)) as session, pytest.raises(ConnectFailed):
        begin(session, letter())


def test_a_relay_that_wants_a_login_is_no_letters_fault(sink):
    sink.for_all(mail="530_5.7.0")
    with SmtpSession(relay(sink)) as session, pytest.raises(AuthFailed):
        begin(session, letter())


# --- what never reaches the wire ---------------------------------------------------------------------------


class Listener:
    """A mail server by script: for each line it hears, the next answer. It remembers all it heard."""

    def __init__(self, *visits):
        self.visits = visits
        self.heard = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self):
        for greeting, *answers in self.visits:
            connection, _peer = self.socket.accept()
            lines = []
            self.heard.append(lines)
            with connection, connection.makefile("rb") as stream:
                connection.sendall(greeting)
                for answer in answers:
                    line = stream.readline()
                    while line and not line.startswith(
                        (b"ehlo", b"EHLO", b"mail", b"rcpt", b"DATA", b"rset", b"QUIT", b".\r")
                    ):
                        lines.append(line)
                        line = stream.readline()
                    if not line:
                        break
                    lines.append(line)
                    if callable(answer):
                        answer(connection)
                    else:
                        connection.sendall(answer)
        self.socket.close()


HELLO, FINE, GO = (b"220 here\r\n", b"250 relay.example at your service\r\n"), b"250 fine\r\n", b"354 go\r\n"


@pytest.mark.parametrize(
    "bad",
    [
        "a@b.example\r\nRCPT TO:<x@y.example>",
        "a@b.example>\nDATA",
        "a b@c.example",
        "<a@b.example>",
        "",
        "a@b.example SIZE=1",
        "zoë@b.example",
    ],
)
def test_an_address_that_could_smuggle_a_command_is_refused_before_the_wire(bad):
    for sender, recipient in ((bad, OFFICE), (SENDER, bad)):
        with pytest.raises(BadEnvelope):
            Envelope.of(sender, recipient, letter())


@pytest.mark.parametrize(
    "data",
    [
        b"x\n.\r\nMAIL FROM:<a@b.example>\r\n",
        b"x\r\n.\rRSET\r\n",
        b"x\r.\r\n",
        b"x\n.\n",
        b"no line end",
        b"nul\0\r\n",
        "é\r\n".encode(),
        b"x" * 999 + b"\r\n",
        b"",
    ],
)
def test_a_letter_that_could_smuggle_another_is_refused_before_the_wire(sink, data):
    with SmtpSession(relay(sink)) as session:
        outcome = begin(session, data)
        assert isinstance(outcome, Refused) and outcome.code == 0 and outcome.scope == "message"
        assert isinstance(hand_over(session, OFFICE), Accepted)
    assert len(sink.received()) == 1


# --- the connection ----------------------------------------------------------------------------------------


def test_letters_share_a_connection_and_a_refusal_is_followed_by_a_reset():
    server = Listener(
        (*HELLO, FINE, b"550 5.1.1 no\r\n", FINE, FINE, FINE, GO, FINE, FINE, FINE, GO, FINE, b"221 bye\r\n")
    )
    with SmtpSession(relay(server)) as session:
        assert isinstance(hand_over(session, "gone@senate.example"), Refused)
        assert isinstance(hand_over(session, OFFICE), Accepted)
        assert isinstance(hand_over(session, OFFICE), Accepted)
    server.thread.join(5)
    commands = [
        line[:4].upper()
        for line in server.heard[0]
        if line[:4].isalpha() and line[:4] not in (b"Subj", b"Mess", b"Dear")
    ]
    assert commands == [b"EHLO", b"MAIL", b"RCPT", b"RSET", *[b"MAIL", b"RCPT", b"DATA"] * 2, b"QUIT"]
    assert len(server.heard) == 1


@pytest.mark.parametrize("goodbye", [b"421 4.7.0 enough letters for one connection\r\n", b""])
def test_a_connection_the_relay_had_enough_of_is_replaced_without_charging_a_letter(goodbye):
    def end(connection):
        connection.sendall(goodbye)
        connection.shutdown(socket.SHUT_RDWR)

    server = Listener((*HELLO, FINE, FINE, GO, FINE, end), (*HELLO, FINE, FINE, GO, FINE, b"221 bye\r\n"))
    with SmtpSession(relay(server)) as session:
        assert isinstance(hand_over(session, OFFICE), Accepted)
        assert isinstance(hand_over(session, OFFICE), Accepted)
    server.thread.join(5)
    assert len(server.heard) == 2


AHEAD = (HELLO[0], b"250-relay.example at your service\r\n250 PIPELINING\r\n")


def test_a_connection_reset_while_commands_go_ahead_is_replaced_without_charging_a_letter():
    """Listener answers line by line, as a relay does whose answers come back one after the other."""

    def reset(connection):
        connection.sendall(FINE)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")

    server = Listener((*AHEAD, FINE, FINE, GO, reset), (*AHEAD, FINE, FINE, GO, FINE, b"221 bye\r\n"))
    with SmtpSession(relay(server)) as session:
        assert isinstance(hand_over(session, OFFICE), Accepted)
        time.sleep(0.3)  # the reset has arrived: sending fails, and not only the answer
        assert isinstance(hand_over(session, OFFICE), Accepted)
    server.thread.join(5)
    assert len(server.heard) == 2


def test_a_relay_that_loses_step_ahead_of_its_answers_is_left_before_the_next_letter():
    server = Listener(
        (*AHEAD, FINE, b"550 5.1.1 no\r\n", b"what?\r\n250 late\r\n", FINE),
        (*AHEAD, FINE, FINE, GO, FINE, b"221 bye\r\n"),
    )
    with SmtpSession(relay(server)) as session:
        assert isinstance(hand_over(session, "gone@senate.example"), Refused)
        assert isinstance(hand_over(session, OFFICE), Accepted)
    server.thread.join(5)
    assert len(server.heard) == 2


def test_the_letter_that_follows_is_announced_with_the_dot(sink):
    with SmtpSession(relay(sink)) as session:
        first, second = letter("a"), letter("b")
        following = Envelope.of(SENDER, OFFICE, second)
        assert begin(session, first) is None
        assert isinstance(session.finish(following), Accepted)
        assert session.begin(following, second) is None
        assert isinstance(session.finish(), Accepted)
        # Another letter than the one announced: the relay is not left with the wrong one.
        assert begin(session, letter("c")) is None
        assert isinstance(session.finish(Envelope.of(SENDER, "gone@senate.example", second)), Accepted)
        assert isinstance(hand_over(session, OFFICE, letter("d")), Accepted)
    assert [r.message_id[1] for r in sink.received()] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("said", "code"), [(b"421 4.3.2 shutting down\r\n", 421), (b"", 0), (b"250 too early\r\n", 0)]
)
def test_what_a_relay_says_before_the_dot_leaves_nothing_uncertain(said, code):
    """While the intent is being stored the relay may go away: no dot was sent, so the letter can't have been taken."""

    stores, left, told = threading.Event(), threading.Event(), threading.Event()

    def leave(connection):
        connection.sendall(GO)
        stores.wait(20)
        connection.sendall(said)
        connection.shutdown(socket.SHUT_WR)
        left.set()
        told.wait(20)

    server = Listener((*HELLO, FINE, FINE, leave))
    with SmtpSession(relay(server)) as session:
        assert begin(session, letter()) is None
        stores.set()
        left.wait(20)
        outcome = session.finish()
        told.set()
    assert isinstance(outcome, Deferred) and outcome.code == code
    server.thread.join(5)
    assert b".\r\n" not in server.heard[0]


def test_a_relay_that_talks_nonsense_is_left_before_answers_are_taken_for_those_of_others():
    server = Listener(
        (*HELLO, FINE, b"what?\r\n250 late\r\n", FINE, FINE), (*HELLO, FINE, FINE, GO, FINE, b"221 bye\r\n")
    )
    with SmtpSession(relay(server)) as session:
        assert isinstance(hand_over(session, "odd@senate.example"), Deferred)
        assert isinstance(hand_over(session, OFFICE), Accepted)
    server.thread.join(5)
    assert len(server.heard) == 2


def test_an_answer_that_trickles_in_is_given_up_in_time():
    def trickle(connection):
        for byte in b"250 " + b"z" * 100:
            try:
                connection.sendall(bytes([byte]))
            except OSError:
                return
            time.sleep(0.1)

    server = Listener((*HELLO, FINE, FINE, GO, trickle))
    begun = time.monotonic()
    with SmtpSession(relay(server, reply_seconds=1)) as session:
        assert isinstance(hand_over(session, OFFICE), Uncertain)
    assert time.monotonic() - begun < 8  # the whole of it takes over ten


@pytest.mark.parametrize(
    "answer",
    [b"250\r\n", b"250-first\r\n250 second\r\n", b"250 \xff\r\n", b"299 odd\r\n", b"250 bare line feed\n"],
)
def test_every_whole_answer_of_two_hundred_something_is_an_acceptance(answer):
    server = Listener((*HELLO, FINE, FINE, GO, answer, b"221 bye\r\n"))
    with SmtpSession(relay(server)) as session:
        assert isinstance(hand_over(session, OFFICE), Accepted)


@pytest.mark.parametrize(
    "answer",
    [
        b"25\r\n",
        b"2500 x\r\n",
        b" 250 x\r\n",
        b"250-a\r\n450 b\r\n",
        b"ok\r\n",
        b"\r\n",
        b"250x\r\n",
        b"150 x\r\n",
        b"650 x\r\n",
    ],
)
def test_an_answer_that_is_none_is_uncertain(answer):
    server = Listener((*HELLO, FINE, FINE, GO, answer, b"221 bye\r\n"))
    with SmtpSession(relay(server)) as session:
        assert isinstance(hand_over(session, OFFICE), Uncertain)


# --- encryption and login ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 with its key, in one file, that nobody but the test trusts."""
    import ipaddress

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sink.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "sink.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return file


@pytest.fixture(scope="module")
def locked(tmp_path_factory, certificate):
    with Sink(tmp_path_factory.mktemp("locked"), tls_cert=certificate, login="letters:open sesame") as server:
        yield server


def test_a_letter_goes_encrypted_and_logged_in(locked, certificate):
    locked.for_all()
    given = relay(
        locked, security="starttls", ca_file=str(certificate), user="letters", password="open sesame"
    )
    with SmtpSession(given) as session:
        assert isinstance(hand_over(session, OFFICE), Accepted)
        assert isinstance(hand_over(session, OFFICE), Accepted)


def test_a_letter_goes_encrypted_from_the_first_byte(tmp_path, certificate):
    with Sink(tmp_path, tls_cert=certificate, implicit=True) as server:
        with SmtpSession(relay(server, security="tls", ca_file=str(certificate))) as session:
            assert isinstance(hand_over(session, OFFICE), Accepted)
        with pytest.raises(ConnectFailed), SmtpSession(relay(server, security="tls")):
            pass


def test_a_wrong_password_is_told_apart_from_a_relay_that_is_away(locked, certificate):
    locked.for_all()
    given = relay(locked, security="starttls", ca_file=str(certificate), user="letters", password="wrong")
    with pytest.raises(AuthFailed), SmtpSession(given):
        pass
    assert "wrong" not in repr(given)


def test_a_certificate_nobody_vouches_for_is_not_trusted(locked):
    locked.for_all()
    with pytest.raises(ConnectFailed), SmtpSession(relay(locked, security="starttls")):
        pass


def test_encryption_that_was_asked_for_is_never_done_without(sink):
    with pytest.raises(ConnectFailed), SmtpSession(relay(sink, security="starttls")):
        pass


def test_what_was_said_before_encryption_does_not_pass_for_what_is_said_after(locked, certificate):
    locked.for_all(starttls="inject")
    with (
        pytest.raises(ConnectFailed),
        SmtpSession(relay(locked, security="starttls", ca_file=str(certificate))),
    ):
        pass


def test_the_relay_is_the_one_in_the_settings(settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "relay.example", 587
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "letters", "open sesame"
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = True, False
    settings.SMTP_REPLY_SECONDS = 120
    assert Relay.from_settings() == Relay(
        "relay.example", 587, "letters", "open sesame", "starttls", reply_seconds=120
    )
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = False, True
    assert Relay.from_settings().security == "tls"
    settings.EMAIL_USE_SSL = False
    assert Relay.from_settings().security == "none"
