"""Addresses of offices that letters came back from: where people see them, and how they are written to again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns import tasks
from campaigns.actions.stops import stop_writing
from campaigns.delivery import dispatcher, next_address
from campaigns.links import manage_token
from campaigns.models import Letter, OutboxMail
from contacts import clock
from contacts.models import AuditEntry, ContactPoint, Suppression
from tests import factories as make
from tests.campaigns.console import Desk, told, words
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
    assert "1 letter of yours that waits for this goes on" in desk.read("address-works", point.pk)
    assert "Written to again: 1 letter goes on." in told(desk.post("address-works", point.pk))
    minutes(10)
    second.refresh_from_db()
    point.refresh_from_db()
    assert (second.state, point.health, point.health_reason) == ("sent", "ok", "")
    assert AuditEntry.objects.get(verb="address works again").actor == desk.user
    assert KIM not in desk.read("address-list")


def test_letters_that_were_never_fixed_for_an_address_are_counted_as_those_that_are_held(sink, desk):
    second = came_back(desk)
    office = second.contact_point.office
    make.ContactPointFactory(office=office, kind="postal", value="1 Quay Street")
    make.LetterFactory(
        post=second.post, drive=second.drive, version=second.version, note="no working contact point"
    )
    page = desk.read("address-list")
    # Nothing of this organisation goes by post.
    assert "none known 2 held: 1 (" in page and "can’t leave yet: 1 (" in page
    point = ContactPoint.objects.get(value=KIM)
    assert "2 letters of yours that wait for this go on" in desk.read("address-works", point.pk)
    assert "Written to again: 2 letters go on." in told(desk.post("address-works", point.pk))
    minutes(10)
    assert set(Letter.objects.exclude(state="failed").values_list("state", flat=True)) == {"sent"}


def test_letters_of_a_campaign_that_never_mails_do_not_wait_for_an_address(sink, desk):
    second = came_back(desk)
    campaign = make.CampaignFactory(organization=desk.organization, channels=["print"])
    drive = make.DriveFactory(campaign=campaign)
    version = make.LetterVersionFactory(group__campaign=campaign)
    make.LetterFactory(post=second.post, drive=drive, version=version, note="no working contact point")
    assert "none known 1 held: 1 (" in desk.read("address-list")
    desk.post("address-works", ContactPoint.objects.get(value=KIM).pk)
    assert Letter.objects.get(drive=drive).is_stuck


def test_the_list_of_failed_addresses_asks_as_much_for_many_as_for_one(sink, desk):
    came_back(desk)
    office = ContactPoint.objects.get(value=KIM).office
    desk.get("address-list")
    with CaptureQueriesContext(connection) as one:
        desk.get("address-list")
    for n in range(3):
        make.ContactPointFactory(office=office, value=f"gone{n}@assembly.example", health="failing")
    with CaptureQueriesContext(connection) as many:
        page = desk.read("address-list")
    assert "gone2@assembly.example" in page and len(many) == len(one)


def test_another_organisations_letters_and_lists_are_left_alone(sink, desk, client):
    second = came_back(desk)
    stranger = Desk(client)
    assert KIM not in stranger.read("address-list")
    assert "failed" not in stranger.read("console-home")
    assert stranger.post("address-works", ContactPoint.objects.get(value=KIM).pk).status_code == 404
    second.refresh_from_db()
    assert second.state == "held"


def test_what_one_organisation_says_lets_the_letters_of_others_go_on(sink, desk, client):
    second = came_back(desk)
    stranger = Desk(client)
    drive = make.DriveFactory(campaign=make.CampaignFactory(organization=stranger.organization))
    make.LetterFactory(post=second.post, drive=drive, legislator=second.legislator)
    assert "Written to again" in told(stranger.post("address-works", ContactPoint.objects.get(value=KIM).pk))
    minutes(10)
    second.refresh_from_db()
    assert second.state == "sent"
    history = list(second.history.values_list("from_state", "to_state", "reason"))
    assert ("held", "ready", "the office can be reached again") in history
    page = words(client.get(f"/p/{manage_token(second.pledge)}/"))
    assert "Goes on: the office can be reached again" in page


def test_a_new_address_of_the_office_lets_its_letters_go_on(sink, desk):
    second = came_back(desk)
    make.ContactPointFactory(office=second.contact_point.office, value="new@assembly.example")
    minutes(10)
    second.refresh_from_db()
    assert (second.state, second.recipient) == ("sent", "new@assembly.example")


@pytest.mark.parametrize("asked", ["this address", "at all"])
def test_an_office_that_asked_to_stop_is_not_written_to_because_it_has_an_address(sink, desk, asked):
    second = came_back(desk)
    point = make.ContactPointFactory(office=second.contact_point.office, value="new@assembly.example")
    named = {"contact_point": point} if asked == "this address" else {"legislator": second.legislator}
    Suppression.objects.create(
        organization=desk.organization, reason="by phone", created_at=clock.now(), **named
    )
    minutes(10)
    second.refresh_from_db()
    assert second.state == "held"


def test_with_nothing_new_held_letters_stay_and_cost_a_tick_one_query(sink, desk, django_assert_num_queries):
    second = came_back(desk)
    with django_assert_num_queries(1):
        assert next_address.release_reachable() == 0
    second.refresh_from_db()
    assert second.state == "held"


def failed_in_the_queue(desk, *others):
    """A letter in the queue whose address turns out not to exist; `others` are the office's further addresses."""
    drive = make.DriveFactory(campaign=make.CampaignFactory(organization=desk.organization))
    post = make.reachable(email=KIM)
    letter = make.LetterFactory(
        post=post, drive=drive, version=make.LetterVersionFactory(group__campaign=drive.campaign)
    )
    while letter.state != "queued":
        dispatcher.prepare()
        clock.move(timedelta(minutes=1))
        letter.refresh_from_db()
    for value in others:
        make.ContactPointFactory(office=letter.contact_point.office, value=value)
    ContactPoint.objects.filter(value=KIM).update(health="failing")
    return letter


def test_a_letter_that_waits_takes_the_next_address_and_its_history_says_so(desk, client):
    letter = failed_in_the_queue(desk, "new@assembly.example")
    dispatcher.prepare()
    letter.refresh_from_db()
    assert (letter.state, letter.recipient) == ("queued", "new@assembly.example")
    assert letter.history.filter(reason="on to the next address").count() == 1
    page = words(client.get(f"/p/{manage_token(letter.pledge)}/"))
    assert "Goes to the office's next address" in page and "Changed by you" not in page


def test_a_letter_that_waits_for_who_asked_to_stop_is_held_for_that_and_its_writer_told(desk):
    letter = failed_in_the_queue(desk, "new@assembly.example")
    Suppression.objects.create(
        organization=desk.organization,
        legislator=letter.legislator,
        reason="by phone",
        created_at=clock.now(),
    )
    dispatcher.prepare()
    letter.refresh_from_db()
    assert (letter.state, letter.note) == ("held", "the office asked us to stop")
    assert OutboxMail.objects.filter(kind="office_stopped", pledge=letter.pledge).count() == 1


@pytest.mark.parametrize("successor", [True, False])
def test_a_letter_that_waits_for_who_left_office_is_held_for_that(desk, successor):
    letter = failed_in_the_queue(desk)
    # Left out of what looks for departures: no day on which somebody left is known.
    letter.post.memberships.all().delete()
    if successor:
        make.MembershipFactory(post=letter.post)
    dispatcher.prepare()
    letter.refresh_from_db()
    assert letter.state == "held" and "has left office" in letter.note


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
