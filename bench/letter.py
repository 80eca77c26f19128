"""The letter that every contestant sends: about 7 KB of text and HTML, or its text alone."""

from email.message import EmailMessage
from email.policy import SMTP
from uuid import uuid4

SUBJECT = "Care within four weeks"
SENDER, RECIPIENT = "letters@harbour.example", "office{n}@assembly.example"
OFFICES = 40
PARAGRAPH = (
    "I am Zoë Müller from Saint-Étienne, and I write to you about the waiting times for mental health care. "
    "My brother waited eleven months for his first appointment, lost his work in the fourth, and was told in "
    "the ninth that the list had been closed. A place within four weeks would have cost less than a single "
    "night in hospital, and he had five of them. Please vote for the measure, and tell me how you voted. "
)
TEXT = "\n\n".join([f"Dear Representative,\n\n{PARAGRAPH}", PARAGRAPH, PARAGRAPH, PARAGRAPH, "Zoë Müller\n"])
_STYLE = "margin:0 0 16px;font-family:Georgia,serif;font-size:16px;line-height:1.5;color:#222222"
_ROW = '<tr><td style="padding:0 24px"><p style="{style}">{words}</p></td></tr>\n'
HTML = (
    '<html lang="en"><body style="margin:0;background:#f4f4f0"><table role="presentation" width="100%">\n'
    + "".join(_ROW.format(style=_STYLE, words=words) for words in TEXT.split("\n\n"))
    + "".join(
        _ROW.format(style=_STYLE, words=f"Footnote {n}, with its source and date.") for n in range(1, 11)
    )
    + "</table></body></html>\n"
)


def recipient(n: int) -> str:
    """The address of the letter with this number, one of forty."""
    return RECIPIENT.format(n=n % OFFICES)


def new_identity() -> str:
    """A Message-ID of its own for each letter."""
    return f"<{uuid4().hex}@harbour.example>"


def _mould(*, plain: bool) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = f"Zoë Müller <{SENDER}>", "TO@assembly.example", SUBJECT
    mail["Date"], mail["Message-ID"] = "Tue, 24 Nov 2026 10:00:00 +0000", "<IDENTITY@harbour.example>"
    mail.set_content(TEXT, cte="quoted-printable")
    if not plain:
        mail.add_alternative(HTML, subtype="html", cte="quoted-printable")
        mail.set_boundary("=-letter-of-the-bench-=")
    return mail.as_bytes()


_MOULDS = {plain: _mould(plain=plain) for plain in (False, True)}


def letter_bytes(to: str, identity: str, *, plain: bool = False) -> bytes:
    """The whole letter as it goes over the wire: ASCII, line ends CRLF, no final dot, nothing doubled."""
    mould = _MOULDS[plain]
    return mould.replace(b"TO@assembly.example", to.encode(), 1).replace(
        b"<IDENTITY@harbour.example>", identity.encode(), 1
    )


def prebuilt(count: int, *, plain: bool = False) -> list[tuple[str, bytes]]:
    """So many letters that need no more than sending: (recipient, bytes)."""
    return [(recipient(n), letter_bytes(recipient(n), new_identity(), plain=plain)) for n in range(count)]
