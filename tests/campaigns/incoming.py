"""Letters that have left, and mail that comes back for them, as offices and mail servers send it."""

import io
import sys
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from django.core.management import call_command

from campaigns import tasks
from campaigns.inbound.address import reply_address, return_path
from campaigns.models import InboundMail
from contacts import clock
from tests import factories as make

SAMPLES = Path(__file__).parents[1] / "data" / "inbound"
# What the samples say where a real mail names a letter of ours; whom they are from.
IDENTITY = b"<abcdefghijklmnopqrstuvwxyz234567.l1@harbour.example>"
KIM = "kim@assembly.example"
DOMAIN = "in.harbour.example"


def sent_letter(**fields):
    """A letter to the office the samples are from, sent by the workers to the mail server of the test."""
    post = fields.pop("post", None) or make.reachable(email=KIM)
    letter = make.LetterFactory(post=post, **fields)
    for _minute in range(30):
        tasks.tick()
        letter.refresh_from_db()
        if letter.state == "sent":
            return letter
        clock.move(timedelta(minutes=1))
    raise AssertionError(f"still {letter.state}")


def sample(name, letter=None, token=True, named=True):
    """A sample's bytes, about a letter: by token, by Message-ID, by both or by neither."""
    raw = (SAMPLES / f"{name}.eml").read_bytes()
    if letter is not None and named:
        raw = raw.replace(IDENTITY, letter.message_id.encode())
        raw = raw.replace(IDENTITY.strip(b"<>"), letter.message_id.strip("<>").encode())
    if letter is not None and token:
        raw = raw.replace(b"reply+token@in.harbour.example", reply_address(letter.pk).encode())
        sender = return_path(letter.pk, letter.pledge.campaign.organization.mail_domain)
        raw = raw.replace(b"bounce+token@in.harbour.example", sender.encode())
    return raw


def pipe(raw, *arguments):
    """What a mail server's pipe does: the command, with a mail on its standard input."""
    with patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw))):
        call_command("ingest_mail", *arguments)


def comes_in(raw, *arguments):
    """A mail comes in by the pipe and is read at the next tick; gives its row."""
    pipe(raw, *arguments)
    tasks.read_inbound()
    return InboundMail.objects.order_by("-received_at").first()
