"""A drive to the real offices of Wyoming, Oregon and Vermont: rehearsed, run, paused, resumed, answered."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from campaigns import tasks
from campaigns.models import Attempt, InboundMail, Letter, OutboxMail
from contacts import clock
from contacts.models import ContactPoint
from tests.campaigns.console import Desk, told
from tests.campaigns.incoming import sample
from tests.sink import Sink
from tests.whole_drive import ENDS, STARTS, SWITCHED_OFF, ZONES, WholeDrive

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).parents[2]
SOON = timedelta(seconds=20)


@pytest.fixture
def mail_server(tmp_path, settings):
    with Sink(tmp_path) as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink


@pytest.fixture
def maildir(tmp_path, settings):
    settings.INBOUND_DOMAIN = "in.harbour.example"
    settings.INBOUND_MAILDIR = str(tmp_path / "maildir")
    for name in ("new", "cur", "tmp"):
        (tmp_path / "maildir" / name).mkdir(parents=True)
    return tmp_path / "maildir"


@pytest.mark.timeout(1500)
def test_every_letter_leaves_as_rehearsed_in_its_offices_own_hours_and_answers_come_back(
    client, mail_server, maildir, public_data
):
    desk = Desk(client, role="owner")
    story = WholeDrive(desk, mail_server, supporters=60)
    drive = story.prepare(public_data)
    assert "letters have a moment" in desk.read("rehearsal", drive.pk)
    plan = story.rehearse()
    story.move("start")
    story.run(until=STARTS + timedelta(minutes=1))
    assert story.first_tries() == {}  # no office is open at night
    story.run(until=SWITCHED_OFF)
    tries = story.first_tries()
    assert 50 < len(tries) < len(plan) - 15
    assert_as_planned(tries, plan)

    in_doubt, put_off = story.trouble(dot="keep+drop"), story.trouble(rcpt="451_4.7.1")
    assert (state_of(put_off), state_of(in_doubt)) == ("deferred", "uncertain")
    story.move("pause")
    arrived = len(mail_server.received())
    story.rest(until=SWITCHED_OFF + timedelta(hours=2))
    assert len(mail_server.received()) == arrived  # nothing leaves while it rests
    answer_back(story, maildir)
    assert in_doubt.post.label in desk.read("letter-list", state="uncertain")
    desk.post("letter-decide", in_doubt.pk, "sent")
    assert state_of(in_doubt) == "sent"

    tried = story.first_tries()
    story.move("resume")
    plan = story.rehearse()
    story.run(until=ENDS - timedelta(hours=1))
    later = {pk: at for pk, at in story.first_tries().items() if pk not in tried}
    assert later.keys() == plan.keys()
    assert_as_planned(later, plan)
    assert_in_office_hours()
    assert_each_arrived_once(mail_server)

    batches = story.print_and_post()
    posted = Letter.objects.filter(batch=batches[0])
    assert len(batches) >= 3 and set(posted.values_list("state", flat=True)) == {"sent"}
    clock.move(timedelta(days=3))
    tasks.housekeeping()
    tasks.tick()
    assert by_state() == {
        ("email", "settled"),
        ("email", "closed"),
        ("email", "expired"),  # nothing reaches that office
        ("link", "expired"),
        ("print", "settled"),
        ("print", "queued"),
    }


def by_state():
    return set(Letter.objects.values_list("channel", "state"))


def assert_as_planned(tries, plan):
    late = {pk: at - plan[pk] for pk, at in tries.items() if abs(at - plan[pk]) > SOON}
    assert late == {}


def assert_in_office_hours():
    """By the clocks of the three capitals, without asking the code that plans."""
    seen = Counter()
    tries = Attempt.objects.select_related("letter__post__division")
    for attempt in tries:
        state = attempt.letter.post.division.ocd_id.partition("state:")[2][:2]
        local = attempt.started_at.astimezone(ZoneInfo(ZONES[state]))
        assert local.weekday() < 5 and 9 <= local.hour < 17, (state, local)
        seen[state, local.utcoffset()] += 1
    assert len(seen) == 6, seen  # three states, before and after the clocks went back


def assert_each_arrived_once(mail_server):
    """What the mail server has on its disk against what the database says."""
    arrived = Counter(line.message_id for line in mail_server.received())
    # A full mailbox gave one back, which was tried again: the same letter to the byte.
    again = set(
        Letter.objects.filter(attempts__outcome="accepted", history__to_state="bounced", channel="email")
    )
    assert {identity for identity, n in arrived.items() if n > 1} <= {letter.message_id for letter in again}
    assert max(arrived.values()) == 2 and sum(n == 2 for n in arrived.values()) == 1
    tried = Letter.objects.filter(attempts__outcome__in=["accepted", "uncertain"]).distinct()
    # A letter that came back was accepted, too, and then went on to the printer; the one in doubt had arrived.
    assert set(arrived) == set(tried.values_list("message_id", flat=True))
    said = {line.message_id: (line.recipient, line.sha256) for line in mail_server.received()}
    for letter in tried.filter(channel="email"):
        frozen = hashlib.sha256(bytes(letter.raw)).hexdigest()
        assert said[letter.message_id] == (letter.recipient, frozen)


def state_of(letter):
    return Letter.objects.values_list("state", flat=True).get(pk=letter.pk)


def answer_back(story, maildir):
    """Bounces, machines and people: by the pipe, by the maildir, and once by the command in a process of its own."""
    vermont, oregon, wyoming = (story.sent_to(state) for state in ("vt", "or", "wy"))
    for letter, name, door in [
        (vermont[0], "bounce-postfix-unknown-user", None),
        (oregon[0], "bounce-qmail", maildir),
    ]:
        story.comes_back(name, letter, door)
        letter.refresh_from_db()
        assert (letter.state, letter.channel) == ("queued", "print")  # on by the next channel
    story.comes_back("bounce-full-mailbox", oregon[1])
    story.comes_back("bounce-exim-delayed", oregon[2], maildir)
    for letter, name in [
        (wyoming[0], "auto-rfc3834"),
        (vermont[1], "auto-out-of-office"),
        (oregon[3], "auto-french"),
    ]:
        assert story.comes_back(name, letter).kind == "auto_reply"
        assert state_of(letter) == "sent"
    healths = ContactPoint.objects.filter(kind="email").exclude(health__in=["ok", "retired"])
    assert Counter(healths.values_list("health", flat=True)) == {"failing": 2, "suspect": 1}
    in_its_own_process("reply-only-quoted-id", wyoming[1])
    replies = [
        story.comes_back("reply-top-posted", vermont[2], maildir),
        story.comes_back("reply-html-only", oregon[4]),
        story.comes_back("reply-japanese", wyoming[2], maildir),
    ]
    replies.append(InboundMail.objects.get(letter=wyoming[1]))
    for reply, coding in zip(replies, ["supports", "opposes", "evasive", "acknowledged"], strict=True):
        assert (reply.kind, state_of(reply.letter)) == ("reply", "closed")
        assert told(story.desk.post("reply-code", reply.pk, coding=coding)).endswith("judgement is recorded.")
    passed_on = OutboxMail.objects.filter(kind="reply")
    assert passed_on.count() == 4


def in_its_own_process(name, letter):
    database = connection.settings_dict
    address = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    subprocess.run(
        [sys.executable, "manage.py", "ingest_mail", "--to=reply+@in.harbour.example"],
        input=sample(name, letter).replace(b"kim@assembly.example", letter.recipient.encode()),
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address},
        check=True,
    )
    tasks.read_inbound()
