"""What a mail that came in is, and what it says: the samples in tests/data/inbound, and hostile bytes."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.inbound.classify import classify

SAMPLES = Path(__file__).parents[1] / "data" / "inbound"
LETTER = "<abcdefghijklmnopqrstuvwxyz234567.l1@harbour.example>"
ALL = [content for path in sorted(SAMPLES.glob("*.eml")) if len(content := path.read_bytes()) > 100]
KIM = "kim@assembly.example"


def read(name):
    return classify((SAMPLES / f"{name}.eml").read_bytes())


@pytest.mark.parametrize(
    ("name", "fault", "status"),
    [
        ("bounce-postfix-unknown-user", "address", "5.1.1"),
        ("bounce-postfix-headers-only", "address", "5.4.4"),
        ("bounce-postfix-delayed", "delay", "4.4.1"),
        ("bounce-full-mailbox", "full", "5.2.2"),
        ("bounce-exchange", "address", "5.1.10"),
        ("bounce-exchange-blocked", "policy", "5.7.133"),
        ("bounce-exim", "address", ""),
        ("bounce-exim-delayed", "delay", ""),
        ("bounce-qmail", "address", "5.1.1"),
        ("bounce-status-only-in-words", "address", "5.2.1"),
    ],
)
def test_a_bounce_tells_who_was_not_reached_and_why(name, fault, status):
    mail = read(name)
    assert mail.kind == "bounce"
    assert mail.bounce.fault == fault
    assert mail.bounce.status == status
    assert mail.bounce.recipients == (KIM,)


@pytest.mark.parametrize(
    "name", ["bounce-postfix-unknown-user", "bounce-postfix-headers-only", "bounce-exim", "bounce-qmail"]
)
def test_a_bounce_names_the_letter_it_returns(name):
    mail = read(name)
    assert LETTER in (*mail.answers, *mail.quotes)
    assert mail.to == ("bounce+token@in.harbour.example",)


def test_what_the_server_said_is_kept():
    assert "Recipient address rejected" in read("bounce-postfix-unknown-user").bounce.diagnostic
    assert "Unrouteable address" in read("bounce-exim").bounce.diagnostic
    assert "no mailbox here by that name" in read("bounce-qmail").bounce.diagnostic


def test_a_report_that_all_is_well_is_no_bounce():
    assert read("report-delivered").kind == "auto_reply"


def test_a_complaint_is_one_and_names_its_letter():
    mail = read("complaint-arf")
    assert mail.kind == "complaint" and mail.answers == (LETTER,)


@pytest.mark.parametrize("name", [*sorted(p.stem for p in SAMPLES.glob("auto-*.eml")), "read-receipt"])
def test_what_nobody_typed_is_an_automatic_reply(name):
    assert read(name).kind == "auto_reply"


REPLIES = {
    "reply-top-posted": "Dear Ada,\n\nI will vote for HB 7 in committee.\n\nKim Example",
    "reply-bottom-posted": "I can not support this bill as it stands.\n\nKim Example",
    "reply-inline": "I intend to.\nWhich county do you mean?",
    "reply-outlook": "Thank you for writing. The Representative has asked for the costs.",
    "reply-german-quote": "Sehr geehrte Frau Example,\n\nich stimme dafür.",
    "reply-original-message": "Noted, thank you.",
    "reply-html-only": "Dear Ada,\n\nI am for it & will say so.",
    "reply-latin1": "Chère Ada, je voterai « pour ».",
    "reply-japanese": "賛成します。",
    "reply-unknown-charset": "I support it – fully.",
    "reply-broken-mime": "I support the bill.",
    "reply-only-quoted-id": "I will vote for it.",
    "reply-control-characters": "I am for it.",
    "reply-with-attachment": "Please see the letter attached.",
}


@pytest.mark.parametrize("name", REPLIES)
def test_a_reply_is_read_without_what_it_quotes(name):
    mail = read(name)
    assert mail.kind == "reply"
    assert mail.text == REPLIES[name]
    assert mail.sender == KIM and mail.sender_name == "Office of Kim Example"


def test_a_reply_names_the_letter_it_answers():
    assert read("reply-top-posted").answers == (LETTER,)
    only_quoted = read("reply-only-quoted-id")
    assert only_quoted.answers == () and only_quoted.quotes == (LETTER,)


def test_a_person_who_writes_about_bounces_is_still_a_person():
    assert read("reply-about-bounces").kind == "reply"


def test_words_of_other_alphabets_in_a_subject_are_read():
    assert read("reply-japanese").subject == "回答"


@pytest.mark.parametrize("name", ["empty", "not-a-mail"])
def test_what_is_no_mail_at_all_is_unknown_or_words(name):
    assert read(name).kind in {"unknown", "reply"}
    assert read(name).answers == ()


def test_a_huge_reply_is_read_in_no_time_and_cut_for_the_page():
    head = (SAMPLES / "reply-bottom-posted.eml").read_bytes()
    began = time.monotonic()
    mail = classify(head + b"On we go " * 2_000_000)
    assert time.monotonic() - began < 20
    assert mail.kind == "reply" and len(mail.text) <= 100_000


def test_deeply_nested_parts_and_elements_are_survived():
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(200)
    )
    assert classify(nested).kind == "unknown"
    html = b"Content-Type: text/html\nFrom: kim@assembly.example\n\n" + b"<div>" * 50_000 + b"Yes."
    assert classify(html).text == "Yes."


@given(st.binary(max_size=2000))
@settings(max_examples=200, deadline=None)
def test_reading_never_fails(raw):
    assert classify(raw).kind in {"bounce", "auto_reply", "reply", "complaint", "unknown"}


def test_an_encoding_cut_short_is_shown_as_it_came():
    broken = b"From: kim@assembly.example\nSubject: =?utf-8?b?UmVz/HVlc3Rh=?= and more\n\nYes.\n"
    assert classify(broken).subject.endswith("and more")


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_reading_never_fails_on_damaged_samples(data):
    raw = bytearray(data.draw(st.sampled_from(ALL)))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 12))] = data.draw(st.binary(max_size=12))
    mail = classify(bytes(raw))
    assert "\x00" not in mail.text + mail.subject + mail.sender + mail.sender_name
