"""Addresses of offices that letters came back from: where people see them, and how they are written to again."""

from datetime import timedelta

import pytest

from campaigns import tasks
from campaigns.actions.stops import stop_writing
from campaigns.models import Letter, OutboxMail
from contacts import clock
from contacts.models import AuditEntry, ContactPoint, Suppression
from tests import factories as make
from tests.campaigns.console import Desk, told
from tests.campaigns.incoming import DOMAIN, KIM, comes_in, sample, sent_letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mail_comes_in(settings):
    settings.INBOUND_DOMAIN = DOMAIN


@pytest.fixture
def desk(client):
    return Desk(client)


def minutes(n):
    for _minute in range(n):
        tasks.tick()
        clock.move(timedelta(minutes=1))


def came_back(desk):
    """A letter whose only address turned out not to exist, and a second one that waited for it in the queue."""
    campaign = make.CampaignFactory(organization=desk.organization)
    drive = make.DriveFactory(campaign=campaign)
    post = make.reachable(email=KIM)
    version = make.LetterVersionFactory(group__campaign=campaign)
    first = sent_letter(post=post, drive=drive, version=version)
    second = make.LetterFactory(post=post, drive=drive, version=version)
    Letter.objects.filter(pk=second.pk).update(
        state="queued",
        legislator=first.legislator,
        contact_point=first.contact_point,
        recipient=KIM,
        message_id="<second@harbour.example>",
        queued_at=first.queued_at,
    )
    comes_in(sample("bounce-exchange", first))
    tasks.tick()
    second.refresh_from_db()
    assert (second.state, second.note) == ("held", "no working contact point")
    return second


def test_an_address_that_failed_is_listed_with_what_was_said_and_what_waits(sink, desk):
    came_back(desk)
    assert "1 address of an office failed" in desk.read("console-home")
    page = desk.read("address-list")
    assert KIM in page and "Failing" in page and "none known" in page and "5.1." in page


def test_an_address_that_works_again_lets_its_letters_go_on(sink, desk):
    second = came_back(desk)
    point = ContactPoint.objects.get(value=KIM)
    assert "1 letter of yours that was held for this goes on" in desk.read("address-works", point.pk)
    assert "Written to again: 1 letter goes on." in told(desk.post("address-works", point.pk))
    minutes(10)
    second.refresh_from_db()
    point.refresh_from_db()
    assert (second.state, point.health, point.health_reason) == ("sent", "ok", "")
    assert AuditEntry.objects.get(verb="address works again").actor == desk.user
    assert KIM not in desk.read("address-list")


def test_another_organisations_letters_and_lists_are_left_alone(sink, desk, client):
    second = came_back(desk)
    stranger = Desk(client)
    assert KIM not in stranger.read("address-list")
    assert "failed" not in stranger.read("console-home")
    assert stranger.post("address-works", ContactPoint.objects.get(value=KIM).pk).status_code == 404
    second.refresh_from_db()
    assert second.state == "held"


def test_who_may_only_look_sees_the_list_and_no_button(sink, desk, client):
    came_back(desk)
    staff = Desk(client, desk.organization, role="staff")
    assert "It works again" not in staff.read("address-list")
    assert staff.post("address-works", ContactPoint.objects.get(value=KIM).pk).status_code == 403


def test_lifting_one_of_two_requests_to_stop_sends_nothing_and_tells_nobody_twice(sink, desk):
    letter = came_back(desk)
    holder, point = letter.legislator, ContactPoint.objects.get(value=KIM)
    desk.post("address-works", point.pk)
    stop_writing(organization=desk.organization, legislator=holder, point=point, reason="by mail", actor=None)
    stop_writing(organization=desk.organization, legislator=holder, point=None, reason="by phone", actor=None)
    told_before = OutboxMail.objects.filter(kind="office_stopped").count()
    desk.post("office-allow", Suppression.objects.get(contact_point=point).pk)
    minutes(10)
    letter.refresh_from_db()
    assert letter.state == "held"
    assert OutboxMail.objects.filter(kind="office_stopped").count() == told_before == 1
