"""Which way a letter goes: mail, Congress, paper or the supporter's own hands, by what reaches the office."""

from datetime import timedelta

import pytest

from campaigns.delivery import dispatcher, ledger, outbox, upkeep
from campaigns.delivery.rehearsal import rehearse
from campaigns.links import manage_token
from campaigns.models import Letter, LetterState
from campaigns.reports import campaign_numbers
from contacts import clock
from contacts.models import ContactPoint
from tests.campaigns.console import Desk
from tests.factories import (
    CampaignFactory,
    ContactPointFactory,
    DriveFactory,
    LetterFactory,
    MembershipFactory,
    OfficeFactory,
    PostFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

FORM = "https://assembly.example/contact?office=7"
STREET = "12 Assembly Square, Room 4; Harbour Town 10101"


def office(*points, health="ok"):
    """A post whose holder is reached by the given (kind, value) pairs."""
    post = PostFactory()
    place = OfficeFactory(legislator=MembershipFactory(post=post).legislator)
    for kind, value in points:
        ContactPointFactory(office=place, kind=kind, value=value, health=health)
    return post


def letter_to(post, drive=None, **fields):
    return LetterFactory(drive=drive or DriveFactory(), post=post, **fields)


def the(letter):
    return Letter.objects.get(pk=letter.pk)


def told(mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    outbox.send_due()
    return [mail for mail in mailoutbox if "yourself" in mail.subject]


@pytest.mark.parametrize(
    "points, channel",
    [
        ([("email", "a@assembly.example"), ("postal", STREET), ("web_form", FORM)], "email"),
        ([("web_form", FORM), ("postal", STREET)], "print"),
        ([("web_form", FORM)], "link"),
    ],
)
def test_a_letter_goes_the_first_way_that_reaches_the_office(points, channel):
    letter = letter_to(office(*points))
    dispatcher.prepare()
    assert the(letter).channel == channel


def test_a_campaign_may_choose_its_own_order():
    letter = letter_to(office(("email", "a@assembly.example"), ("web_form", FORM)))
    letter.drive.campaign.channels = ["link", "email"]
    letter.drive.campaign.save()
    dispatcher.prepare()
    assert (the(letter).channel, the(letter).state) == ("link", "queued")


def test_a_way_that_works_goes_before_one_in_doubt():
    post = office(("email", "a@assembly.example"), health="suspect")
    ContactPointFactory(office=ContactPoint.objects.get().office, kind="web_form", value=FORM)
    letter = letter_to(post)
    dispatcher.prepare()
    assert the(letter).channel == "link"


def test_an_office_that_no_channel_reaches_says_so_and_its_letter_waits():
    letter = letter_to(office(("phone", "555 0100")))
    dispatcher.prepare()
    assert (the(letter).state, the(letter).note) == ("ready", "no working contact point")


def test_the_sender_of_mail_never_takes_what_goes_another_way(sink):
    letter = letter_to(office(("web_form", FORM)))
    for _ in range(3):
        dispatcher.prepare()
        assert ledger.claim("worker", 100) == []
        clock.move(timedelta(minutes=5))
    assert (the(letter).state, the(letter).window_closes) == ("queued", None)
    assert sink.mails() == []


def test_a_dead_mail_address_sends_the_letter_on_by_the_next_channel(sink):
    sink.refuse("a@assembly.example", "550 5.1.1 no such user")
    letter = letter_to(office(("email", "a@assembly.example"), ("web_form", FORM)))
    for _ in range(4):
        dispatcher.prepare()
        dispatcher.send_window()
        clock.move(timedelta(minutes=1))
    assert (the(letter).channel, the(letter).state, the(letter).recipient) == ("link", "queued", FORM)
    assert ContactPoint.objects.get(kind="email").health == "failing"


def test_the_supporter_is_mailed_the_text_and_the_form_once(mailoutbox, settings):
    letter = letter_to(office(("web_form", FORM)))
    dispatcher.prepare()
    dispatcher.prepare()
    mails = told(mailoutbox, settings)
    assert len(mails) == 1
    assert FORM in mails[0].body and "Please vote for it." in mails[0].body
    assert f"/letters/{letter.pk}/by-hand/" in mails[0].body


def by_hand_page(letter):
    return f"/p/{manage_token(letter.pledge)}/letters/{letter.pk}/by-hand/"


def test_the_supporter_copies_the_letter_and_says_that_it_was_sent(client):
    letter = letter_to(office(("web_form", FORM)))
    dispatcher.prepare()
    page = client.get(by_hand_page(letter))
    assert FORM in page.content.decode() and "Please vote for it." in page.content.decode()
    assert the(letter).state == "queued"  # looking changes nothing
    client.post(by_hand_page(letter), {"answer": "sent"})
    assert (the(letter).state, the(letter).get_state_display()) == (
        "sent",
        "Sent by the supporter, as they say",
    )
    assert "the supporter says" in the(letter).history.last().reason
    assert "Sent by you" in client.get(f"/p/{manage_token(letter.pledge)}/").content.decode()


def test_saying_it_twice_is_saying_it_once(client):
    letter = letter_to(office(("web_form", FORM)))
    dispatcher.prepare()
    for _tap in range(2):
        page = client.post(by_hand_page(letter), {"answer": "sent"}, follow=True).content.decode()
        assert "We note that you sent it." in page and "no longer possible" not in page
    assert the(letter).history.filter(to_state="sent").count() == 1


def test_a_form_that_does_not_work_is_for_a_person(client):
    letter = letter_to(office(("web_form", FORM)))
    dispatcher.prepare()
    client.post(by_hand_page(letter), {"answer": "failed"})
    assert the(letter).state == "held" and "could not send it" in the(letter).note
    client.post(by_hand_page(letter), {"answer": "sent"})
    assert the(letter).state == "held"


def test_nobody_says_of_a_mailed_letter_that_it_was_sent(client):
    letter = letter_to(office(("email", "a@assembly.example")))
    dispatcher.prepare()
    assert client.post(by_hand_page(letter), {"answer": "sent"}).status_code == 404
    assert the(letter).state != "sent"


def test_what_supporters_report_is_counted_apart_from_what_was_accepted(client):
    letter = letter_to(office(("web_form", FORM)))
    dispatcher.prepare()
    client.post(by_hand_page(letter), {"answer": "sent"})
    numbers = campaign_numbers(letter.drive.campaign)
    assert (numbers.letters_accepted, numbers.letters_reported, numbers.offices_reached) == (0, 1, 0)
    clock.move(timedelta(days=3))
    upkeep.settle_letters()
    numbers = campaign_numbers(letter.drive.campaign)
    assert (the(letter).state, numbers.letters_accepted, numbers.letters_reported) == ("settled", 0, 1)


def test_the_rehearsal_says_what_people_carry():
    drive = DriveFactory()
    letter_to(office(("web_form", FORM)), drive)
    letter_to(office(("postal", STREET)), drive)
    letter_to(office(("email", "a@assembly.example")), drive)
    plan = rehearse(drive)
    assert plan.planned == 1
    assert [n for _channel, n in plan.by_hand] == [1, 1]


def test_an_address_that_is_no_web_address_is_never_made_a_link():
    letter = letter_to(office(("web_form", "javascript:alert(1)")))
    dispatcher.prepare()
    assert (the(letter).state, the(letter).note) == (
        LetterState.HELD,
        "The address of the office's form is not a web address.",
    )


def test_a_test_goes_to_the_organizer_by_mail_whatever_reaches_the_office(sink):
    organizer = UserFactory(email="organizer@harbour.example")
    letter = letter_to(office(("web_form", FORM)), is_test=True)
    letter.drive.campaign.test_recipient = organizer
    letter.drive.campaign.save()
    dispatcher.prepare()
    dispatcher.send_window()
    assert [mail.to for mail in sink.mails()] == ["organizer@harbour.example"]
    assert (the(letter).channel, the(letter).state, the(letter).contact_point) == ("email", "sent", None)


def test_the_console_says_how_a_letter_goes_and_what_became_of_it(client):
    letter = letter_to(office(("web_form", FORM)))
    dispatcher.prepare()
    client.post(by_hand_page(letter), {"answer": "sent"})
    desk = Desk(client, letter.drive.campaign.organization)
    page = desk.read("letter", letter.pk)
    assert "The supporter, through the office's web form" in page
    assert "Sent by the supporter, as they say" in page and "Accepted by a mail server" not in page
    assert "Dear Representative" in page
    board = desk.read("drive", letter.drive_id)
    assert "Sent by their supporters, as they say: 1" in board
    assert "Accepted by a mail server: 0" in board
    assert "Sent by the supporter, as they say: 1" in board
    listed = desk.get("letter-list", drive=letter.drive_id, state="sent", channel="link")
    assert letter.pledge.name in listed.content.decode()
    other = desk.get("letter-list", drive=letter.drive_id, state="sent", channel="email")
    assert letter.pledge.name not in other.content.decode()


def test_an_organizer_chooses_the_ways_and_their_order(client):
    desk = Desk(client)
    campaign = CampaignFactory(organization=desk.organization)
    data = {
        "issue": campaign.issue_id,
        "measure": campaign.measure_id,
        "title": campaign.title,
        "ask": campaign.ask,
        "why": campaign.why,
        "language": "en",
        "goal": 5,
        "slug": campaign.slug,
        "editing_minutes": 60,
        "topic": "Health",
    }
    desk.post(
        "campaign-edit", campaign.pk, **data, channel_choice=["email", "print", "link"], first_channel="link"
    )
    campaign.refresh_from_db()
    assert (campaign.channels, campaign.topic) == (["link", "email", "print"], "Health")
    wrong = desk.post("campaign-edit", campaign.pk, **data, channel_choice=["email"], first_channel="print")
    assert wrong.status_code == 422
