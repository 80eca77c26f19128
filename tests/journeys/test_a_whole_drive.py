"""A drive to real offices in three time zones, seen on every page of the console while it happens."""

from datetime import timedelta

import pytest

from campaigns.models import Letter
from tests.campaigns.console import Desk
from tests.sink import Sink
from tests.whole_drive import STARTS, SWITCHED_OFF, WholeDrive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def story(client, tmp_path, settings, public_data, site):
    settings.INBOUND_DOMAIN = "in.harbour.example"
    with Sink(tmp_path) as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        story = WholeDrive(Desk(client, role="owner"), sink, supporters=20)
        story.prepare(public_data)
        yield story


@pytest.mark.timeout(900)
def test_a_drive_is_planned_sent_paused_answered_and_printed_before_the_organizers_eyes(
    visitors, story, settings
):
    desk, drive = story.desk, story.drive
    for visitor in visitors:
        session = desk.client.cookies[settings.SESSION_COOKIE_NAME].value
        visitor.page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": visitor.server.url}]
        )

    def look(page, *args, name="", **query):
        asked = "&".join(f"{key}={value}" for key, value in query.items())
        for visitor in visitors:
            visitor.open(f"{desk.url(page, *args)}?{asked}")
            visitor.look(name or page)
        return " ".join(visitors[0].text().split())

    look("drive", drive.pk, name="draft")
    assert "letters have a moment" in look("rehearsal", drive.pk)
    story.move("start")
    story.run(until=STARTS + timedelta(minutes=1))
    story.run(until=STARTS + timedelta(hours=12))
    assert "Waiting to leave" in look("drive", drive.pk, name="running")
    story.run(until=SWITCHED_OFF)
    in_doubt, put_off = story.trouble(dot="keep+drop"), story.trouble(rcpt="451_4.7.1")
    story.move("pause")
    assert "may or may not have arrived" in look("drive", drive.pk, name="paused")
    assert in_doubt.post.label in look("letter-list", state="uncertain", name="uncertain")
    look("letter", in_doubt.pk, name="letter-in-doubt")
    assert "451" in look("letter", put_off.pk, name="letter-put-off")

    sent = story.sent_to("vt") + story.sent_to("or") + story.sent_to("wy")
    story.comes_back("bounce-postfix-unknown-user", sent[0])
    story.comes_back("auto-out-of-office", sent[1])
    reply = story.comes_back("reply-top-posted", sent[2])
    look("letter", sent[0].pk, name="letter-came-back")
    look("letter", sent[2].pk, name="letter-answered")
    assert "1" in look("reply-list")
    look("reply", reply.pk)
    desk.post("reply-code", reply.pk, coding="supports")
    look("reply", reply.pk, name="reply-coded")
    look("address-list")
    look("console-home")
    look("sending")

    desk.post("letter-decide", in_doubt.pk, "sent")
    story.move("resume")
    story.run(until=SWITCHED_OFF + timedelta(days=3))
    batches = story.print_and_post()
    look("print-batches", drive.pk)
    look("print-batch", batches[-1].pk)
    look("drive", drive.pk, name="nearly-over")
    look("drive-offices", drive.pk)
    look("letter-list", drive=drive.pk, name="letters")
    by_hand = Letter.objects.filter(drive=drive, channel="link").first()
    look("letter", by_hand.pk, name="letter-by-hand")
    look("campaign-detail", story.campaign.pk, name="campaign")
    look("responsiveness")
    assert "Oregon House district" in look("campaign-results", story.campaign.pk)
