"""The bytes of a letter, read back with the standard library's own parser."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.delivery.message import BadBody, BadHeader, UnfitForMail, letter_bytes, message_id

LETTER = {
    "sender_name": "Ada Marsh via Open Doors",
    "sender_email": "letters@opendoors.example.org",
    "reply_to": ("Ada Marsh", "ada@example.org"),
    "to": ("Senator Noor Field", "field@senate.example"),
    "subject": "Please support S. 12",
    "text": "Dear Senator Field,\n\nplease support S. 12.\n\nAda Marsh\n1 Mill Lane\nAlderton AL 10001\n",
    "date": datetime(2026, 3, 2, 14, 30, tzinfo=UTC),
    "message_id": "<abc.l1@opendoors.example.org>",
}
HEADERS = ["From", "Reply-To", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]


def letter(**changes):
    return letter_bytes(**{**LETTER, **changes})


def read(raw):
    return message_from_bytes(raw, policy=policy.default)


def text_of(raw):
    return read(raw).get_content().replace("\r\n", "\n")


def test_an_office_sees_the_organisation_as_sender_and_answers_the_supporter():
    mail = read(letter())
    sender, answer, office = (mail[h].addresses[0] for h in ("From", "Reply-To", "To"))
    assert (sender.display_name, sender.addr_spec) == (
        "Ada Marsh via Open Doors",
        "letters@opendoors.example.org",
    )
    assert (answer.display_name, answer.addr_spec) == ("Ada Marsh", "ada@example.org")
    assert (office.display_name, office.addr_spec) == ("Senator Noor Field", "field@senate.example")
    assert mail["Subject"] == "Please support S. 12"
    assert mail["Date"].datetime == LETTER["date"]
    assert mail["Message-ID"] == LETTER["message_id"]
    assert mail.get_content_type() == "text/plain" and mail.get_content_charset() == "utf-8"
    assert text_of(letter()) == LETTER["text"]
    assert text_of(letter()).rstrip().endswith("Alderton AL 10001")


def test_a_letter_is_from_a_person_and_does_not_say_it_was_made_by_a_machine():
    assert [*read(letter())] == [*HEADERS, "Content-Transfer-Encoding"]


def test_a_test_letter_says_so_in_subject_first_line_and_header():
    mail = read(letter(is_test=True))
    assert mail["Subject"] == "[TEST] Please support S. 12"
    assert mail["X-Outspoken-Test"] == "yes"
    first, empty, second = text_of(letter(is_test=True)).split("\n")[:3]
    assert "test letter" in first and empty == "" and second == "Dear Senator Field,"
    assert "X-Outspoken-Test" not in read(letter())
    assert text_of(letter(is_test=True, language="fr")).startswith("Ceci est une lettre d")


def test_the_same_letter_is_the_same_to_the_byte():
    text = "Überall — " * 60
    elsewhere = LETTER["date"].astimezone(timezone(timedelta(hours=-5)))
    assert letter(text=text, subject=text) == letter(text=text, subject=text, date=elsewhere)


def test_the_bytes_do_not_change_between_versions():
    assert letter(subject="Café", text="Zoë\n") == (
        b"From: Ada Marsh via Open Doors <letters@opendoors.example.org>\r\n"
        b"Reply-To: Ada Marsh <ada@example.org>\r\n"
        b"To: Senator Noor Field <field@senate.example>\r\n"
        b"Subject: =?utf-8?b?Q2Fmw6k=?=\r\n"
        b"Date: Mon, 02 Mar 2026 14:30:00 +0000\r\n"
        b"Message-ID: <abc.l1@opendoors.example.org>\r\n"
        b"MIME-Version: 1.0\r\n"
        b'Content-Type: text/plain; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: quoted-printable\r\n"
        b"\r\n"
        b"Zo=C3=AB\r\n"
    )


BODIES = [
    "One line",
    "ends with spaces   \nand tabs\t\n",
    "From me\n",
    "From here on\n>From there\nFrom " + "x" * 100,
    "x" * 70 + " From the start of a soft line " + "y" * 70,
    ".\n..\n. a dot\n" + "é" * 30 + "\n.\n",
    "Ж" * 5000,
    "a" * 5000 + " é",
    "word " * 1000,
    "=?utf-8?b?Zm9v?= =20 =\nsoft=",
    "mixed\r\nline\rends\nall\r\n",
    "",
    "😀🧑🏽‍🤝‍🧑🏾 שלום مرحبا\u2028next",
]


@pytest.mark.parametrize("body", BODIES)
def test_every_text_comes_through_unchanged_in_short_plain_lines(body):
    raw = letter(text=body)
    assert raw.isascii()
    lines = raw.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line or len(line) > 78 for line in lines)
    assert not any(line.startswith(b"From ") for line in lines)
    wanted = body.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    assert read(raw).get_payload(decode=True).decode().replace("\r\n", "\n") == wanted


def test_text_is_encoded_no_more_than_it_needs():
    def encoding(text):
        return read(letter(text=text))["Content-Transfer-Encoding"]

    assert encoding("Short and plain.\n") == "7bit"
    assert encoding("A long line " * 20) == "quoted-printable"
    assert encoding("Zoë Marsh writes again, " * 20) == "quoted-printable"
    assert encoding("Здравствуйте " * 20) == "base64"


UNFIT = [
    "\r\nBcc: x@example.org",
    "\n",
    "\r",
    "\0",
    "\x1b",
    "\x7f",
    "\x85",
    "\u2028",
    "\u2029",
    "\u202e",
    "\u2066",
    "\u200f",
    "\ud800",
]


@pytest.mark.parametrize("unfit", UNFIT)
def test_no_header_takes_a_character_that_could_forge_one(unfit):
    forged = f"Ada{unfit}Marsh"
    changes = [
        ("From", {"sender_name": forged}),
        ("From", {"sender_email": f"letters{unfit}@opendoors.example.org"}),
        ("Reply-To", {"reply_to": (forged, "ada@example.org")}),
        ("Reply-To", {"reply_to": ("Ada", f"ada@example.org{unfit}")}),
        ("To", {"to": (forged, "field@senate.example")}),
        ("To", {"to": ("", f"field{unfit}@senate.example")}),
        ("Subject", {"subject": forged}),
        ("Message-ID", {"message_id": f"<abc{unfit}@opendoors.example.org>"}),
    ]
    for header, change in changes:
        with pytest.raises(BadHeader, match=header):
            letter(**change)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "a b@example.org",
        "ada@example.org>",
        '"a"@b.example',
        "jo@ex ample.org",
        "zoë@example.org",
        f"{'a' * 65}@example.org",
    ],
)
def test_an_address_that_mail_can_not_carry_is_refused_by_header(address):
    with pytest.raises(BadHeader, match="To"):
        letter(to=("", address))


def test_a_letter_with_a_control_character_is_refused():
    for unfit in ("\0", "\x1b", "\ud800"):
        with pytest.raises(BadBody):
            letter(text=f"Dear{unfit}Senator")
    assert issubclass(BadBody, UnfitForMail) and issubclass(BadHeader, UnfitForMail)


def test_a_domain_in_any_script_is_written_as_every_server_understands_it():
    assert read(letter(to=("", "büro@senate.example".replace("ü", "ue"))))["To"] == "buero@senate.example"
    assert read(letter(to=("", "amt@straße.example")))["To"] == "amt@xn--strae-oqa.example"


# What a person may type as a name: anything but what no header may hold.
names = st.text(
    st.characters(
        blacklist_categories=["Cc", "Cs", "Zl", "Zp"],
        blacklist_characters="\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    ),
    max_size=120,
)


def decoded(value):
    """A header's text as a mail program shows it (RFC 2047), without the parser's own repairs."""
    import email.header

    return str(email.header.make_header(email.header.decode_header(value)))


@settings(max_examples=300, deadline=None)
@given(name=names, subject=names)
def test_any_name_and_subject_come_through_and_add_no_header(name, subject):
    raw = letter(to=(name, "field@senate.example"), subject=subject)
    head = raw.partition(b"\r\n\r\n")[0]
    assert all(len(line) <= 78 for line in head.split(b"\r\n"))
    assert all(line.strip() for line in head.split(b"\r\n"))
    mail = message_from_bytes(raw, policy=policy.compat32)
    assert mail.keys() == [*HEADERS, "Content-Transfer-Encoding"]
    unfolded = re.sub(r"\r\n(?=[ \t])", "", mail["Subject"])
    assert " ".join(decoded(unfolded).split()) == " ".join(subject.split())
    office = read(raw)["To"].addresses
    assert len(office) == 1 and office[0].addr_spec == "field@senate.example"
    phrase = (
        re.sub(r"\r\n(?=[ \t])", "", mail["To"])
        .removesuffix("field@senate.example")
        .removesuffix("<field@senate.example>")
        .strip()
    )
    if phrase.startswith('"'):
        phrase = re.sub(r"\\(.)", r"\1", phrase[1:-1])
    assert decoded(phrase).split() == name.split()


def test_a_name_or_subject_that_looks_encoded_is_shown_as_it_was_typed():
    typed = "=?utf-8?q?Governor_Hart?="
    raw = letter(to=(typed, "field@senate.example"), subject=typed)
    assert read(raw)["Subject"] == typed
    assert read(raw)["To"].addresses[0].display_name == typed
    assert b"=?utf-8?q?" not in raw


def test_a_message_id_is_the_same_every_time_and_tells_nothing():
    one, two = UUID(int=1), UUID(int=2)
    identity = message_id("key", one, "opendoors.example.org")
    assert identity == message_id("key", one, "opendoors.example.org")
    assert identity != message_id("key", two, "opendoors.example.org")
    assert identity != message_id("other", one, "opendoors.example.org")
    assert re.fullmatch(r"<[a-z2-7]{32}\.l1@opendoors\.example\.org>", identity)
    assert str(one) not in identity and one.hex not in identity
