"""One office in one drive: everything sent and received on one page, before somebody goes to see them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts import clock
from tests import factories as make
from tests.campaigns.console import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def drive(desk):
    return make.DriveFactory(campaign=make.CampaignFactory(organization=desk.organization))


@pytest.fixture
def post():
    return make.reachable(email="kim@assembly.example")


def sent_to(post, drive, name="Ada Author", **fields):
    return make.LetterFactory(
        drive=drive,
        post=post,
        version=make.LetterVersionFactory(group__campaign=drive.campaign),
        legislator=post.memberships.get().legislator,
        pledge__name=name,
        **{"state": "settled", "sent_at": clock.now(), **fields},
    )


def came(letter, subject, minutes=0, **fields):
    return make.InboundMailFactory(
        letter=letter, subject=subject, received_at=clock.now() + timedelta(minutes=minutes), **fields
    )


def test_sent_and_received_stand_on_one_page_the_newest_first(desk, drive, post):
    letter = sent_to(post, drive)
    came(letter, "We will vote for it", coding="supports", coded_at=clock.now())
    came(letter, "Undelivered mail", 1, kind="bounce", status="5.2.2")
    answer = came(letter, "Thank you for writing", 2)
    page = desk.read("drive-office", drive.pk, post.pk)
    assert post.memberships.get().legislator.name in page and "kim@assembly.example" in page
    assert "Ada Author Accepted, no bounce for two days" in page
    assert "Answer: 2 · Came back: 1 · 1 answer is still to judge" in page
    places = [
        page.index(words) for words in ("Thank you for writing", "Undelivered mail", "We will vote for it")
    ]
    assert places == sorted(places)
    assert "To judge" in page and "Supports it" in page and "Came back 5.2.2" in page
    html = desk.get("drive-office", drive.pk, post.pk).content.decode()
    assert desk.url("reply", answer.pk) in html and desk.url("letter", letter.pk) in html


def test_other_offices_other_drives_and_tests_are_not_on_it(desk, drive, post):
    came(sent_to(make.reachable(), drive), "From another office")
    came(sent_to(post, drive, is_test=True), "About a test")
    other = make.DriveFactory(
        campaign=make.CampaignFactory(organization=desk.organization, slug="rivers"), state="finished"
    )
    came(sent_to(post, other), "About another drive")
    page = desk.read("drive-office", drive.pk, post.pk)
    assert "Nothing has come back from this office." in page
    assert "No letter of this drive goes to this office." in page
    assert not any(words in page for words in ("another office", "About a test", "About another drive"))


def test_staff_read_what_came_back_and_no_name_of_a_supporter(client, drive, post):
    came(sent_to(post, drive), "We will vote for it")
    staff = Desk(client, drive.campaign.organization, "staff")
    page = staff.read("drive-office", drive.pk, post.pk)
    assert "We will vote for it" in page and "Accepted, no bounce for two days: 1" in page
    assert "Ada Author" not in page
    assert staff.url("letter-list") not in staff.get("drive-office", drive.pk, post.pk).content.decode()


def test_who_may_not_read_replies_sees_none(client, drive, post):
    came(sent_to(post, drive), "We will vote for it")
    reviewer = Desk(client, drive.campaign.organization, "reviewer")
    page = reviewer.read("drive-office", drive.pk, post.pk)
    assert "We will vote for it" not in page and "What came back" not in page


def test_the_drive_its_offices_and_the_legislator_lead_there(desk, drive, post):
    sent_to(post, drive)
    link = f'href="{desk.url("drive-office", drive.pk, post.pk)}"'
    legislator = post.memberships.get().legislator
    for name, pk in (("drive", drive.pk), ("drive-offices", drive.pk), ("legislator", legislator.pk)):
        assert link in desk.get(name, pk).content.decode(), name
    assert f"1 letter, and what came back: {drive.campaign.title}, {drive.name}" in desk.read(
        "legislator", legislator.pk
    )
    listed = desk.client.get(desk.url("letter-list"), {"drive": drive.pk, "post": post.pk})
    assert link in listed.content.decode()


def test_a_legislators_page_names_no_drive_of_others(desk, post):
    sent_to(post, make.DriveFactory())
    assert "what came back" not in desk.read("legislator", post.memberships.get().legislator.pk)


def test_the_page_asks_as_much_for_twenty_as_for_one(desk, drive, post):
    came(sent_to(post, drive), "One")
    with CaptureQueriesContext(connection) as for_one:
        desk.get("drive-office", drive.pk, post.pk)
    for n in range(19):
        came(sent_to(post, drive), f"Another {n}")
    with CaptureQueriesContext(connection) as for_twenty:
        assert len(desk.get("drive-office", drive.pk, post.pk).context["mails"]) == 20
    assert len(for_twenty) == len(for_one)
