"""A representative leaves office while letters to them wait."""

from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns import tasks
from campaigns.delivery import batches, dispatcher, outbox
from campaigns.letters.write import letters_of, save_letters
from campaigns.links import manage_token
from campaigns.models import Letter, LetterState
from contacts import clock
from contacts.models import AuditEntry, Membership
from tests import factories as make
from tests.campaigns.console import Desk, told, words
from tests.campaigns.test_channels import STREET, office

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    return Desk(client)


@pytest.fixture
def drive(desk):
    return make.DriveFactory(campaign=make.CampaignFactory(organization=desk.organization))


def written_to(post, drive, **fields):
    """A letter to who holds the post now, as confirming a pledge writes it."""
    seat = Membership.objects.filter(post=post, end_on=None).first()
    version = make.LetterVersionFactory(group__campaign=drive.campaign)
    return make.LetterFactory(
        drive=drive, post=post, version=version, legislator=seat.legislator if seat else None, **fields
    )


def the(letter):
    return Letter.objects.get(pk=letter.pk)


def leaves(post, successor="New Member"):
    """The holder leaves today; gives the successor, if one is named."""
    clock.move(timedelta(days=1))
    Membership.objects.filter(post=post, end_on=None).update(end_on=clock.today())
    if successor:
        person = make.LegislatorFactory(name=successor)
        make.ContactPointFactory(office=make.OfficeFactory(legislator=person), value="new@assembly.example")
        make.MembershipFactory(post=post, legislator=person, start_on=clock.today())
        return person
    return None


def until(letter, state):
    for _minute in range(90):
        dispatcher.prepare()
        if state == "sent":
            dispatcher.send_window()
        if the(letter).state == state:
            return the(letter)
        clock.move(timedelta(minutes=1))
    raise AssertionError(the(letter).state)


def move(desk, letter, verb, **data):
    where = (letter.drive_id, letter.post_id, letter.legislator_id, verb)
    if not data and verb == "readdress":
        page = desk.get("departure-move", *where)
        data = page.context["step"].hidden if page.status_code == 200 else {}
    return desk.post("departure-move", *where, **data)


def my_page(client, letter):
    return words(client.get(f"/p/{manage_token(letter.pledge)}/"))


def test_a_letter_is_written_for_who_holds_the_seat():
    campaign = make.campaign_with_targets(posts=1)
    drive = make.DriveFactory(campaign=campaign)
    pledge = make.PledgeFactory(campaign=campaign)
    seat = Membership.objects.get()
    make.ResidenceFactory(supporter=pledge.supporter, division=seat.post.division)
    save_letters(letters_of(pledge, drive, clock.now()))
    assert Letter.objects.get().legislator == seat.legislator


@pytest.mark.parametrize("by", [tasks.hold_departed, dispatcher.prepare])
def test_a_waiting_letter_is_held_and_not_sent_to_the_successor(desk, drive, sink, by):
    letter = written_to(make.reachable(), drive)
    left = letter.legislator.name
    leaves(letter.post)
    for _ in range(20):
        by()
        clock.move(timedelta(minutes=1))
    held = the(letter)
    assert (held.state, held.legislator_id) == ("held", letter.legislator_id)
    assert held.note == f"{left} has left office since this letter was written"
    assert not sink.mails()
    page = desk.read("departures")
    assert f"{left}" in page and "New Member" in page and "Readdress" in page and "Cancel them" in page
    assert "1 letter waits: its representative has left office" in desk.read("console-home")
    assert "The organisation decides whether it goes to the successor" in my_page(desk.client, letter)


def test_a_letter_in_the_queue_is_held_with_its_frozen_bytes(desk, drive, sink):
    letter = until(written_to(make.reachable(), drive), "queued")
    leaves(letter.post)
    tasks.hold_departed()
    assert the(letter).state == "held"
    assert dispatcher.send_window() == 0 and not sink.mails()
    assert "has left office" in desk.read("letter", letter.pk)


def test_readdressed_it_goes_once_with_the_successors_name_and_address(desk, drive, sink):
    letter = until(written_to(make.reachable(email="old@assembly.example"), drive), "queued")
    old = letter.legislator.name
    new = leaves(letter.post)
    tasks.hold_departed()
    page = words(
        desk.get("departure-move", letter.drive_id, letter.post_id, letter.legislator_id, "readdress")
    )
    assert f"1 letter written to {old} goes to New Member, who holds the seat now" in page
    assert the(letter).state == "held"  # looking changes nothing
    assert "1 letter goes to New Member" in told(move(desk, letter, "readdress"))
    assert the(letter).state == "ready" and the(letter).raw is None
    assert "0 letters go to" in told(move(desk, letter, "readdress"))
    sent = until(letter, "sent")
    [mail] = sink.mails()
    assert mail.to == "new@assembly.example"
    text = mail.message.get_content()
    assert "New Member" in text and old not in text and old not in str(mail.message["To"])
    assert (sent.legislator, sent.contact_point.value) == (new, "new@assembly.example")
    assert "Goes to New Member now, who holds the seat" in my_page(desk.client, letter)
    entry = AuditEntry.objects.get(verb__startswith="readdress letters")
    assert entry.detail["letters"] == 1 and entry.actor == desk.user


def test_cancelled_its_supporter_is_told_once_with_the_text(desk, drive, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    letter = written_to(make.reachable(), drive, body="Please help us.")
    left = letter.legislator.name
    leaves(letter.post)
    tasks.hold_departed()
    assert "1 letter is cancelled" in told(move(desk, letter, "cancel"))
    move(desk, letter, "cancel")
    assert the(letter).state == "cancelled"
    outbox.send_due()
    [mail] = django_mail.outbox
    assert mail.to == [letter.pledge.email] and f"{left} left office before" in mail.body
    assert "Please help us." in mail.body
    assert "left office before it could leave. It was not sent." in my_page(desk.client, letter)


def test_a_vacant_seat_offers_no_successor_until_one_is_known(desk, drive):
    letter = written_to(make.reachable(), drive)
    leaves(letter.post, successor="")
    tasks.hold_departed()
    assert the(letter).state == "held"
    assert "nobody is known yet" in desk.read("departures")
    assert "Nobody is known to hold this seat now" in words(
        desk.get("departure-move", letter.drive_id, letter.post_id, letter.legislator_id, "readdress")
    )
    make.MembershipFactory(post=letter.post, legislator=make.LegislatorFactory(name="Late Comer"))
    assert "Late Comer" in desk.read("departures")


def test_who_decided_for_one_successor_does_not_write_to_another(desk, drive):
    letter = written_to(make.reachable(), drive)
    first = leaves(letter.post, "First Successor")
    tasks.hold_departed()
    leaves(letter.post, "Second Successor")
    answer = move(desk, letter, "readdress", to=first.pk)
    assert "changed hands again" in told(answer) and the(letter).state == "held"


def test_a_held_letter_can_not_be_released_to_somebody_who_left(desk, drive):
    letter = written_to(make.reachable(), drive)
    leaves(letter.post)
    tasks.hold_departed()
    assert "has left office" in told(desk.post("letter-decide", letter.pk, "release"))
    assert the(letter).state == "held"


def test_a_draft_goes_to_whoever_holds_the_seat_when_its_writer_sends_it(desk, drive):
    letter = written_to(make.reachable(), drive, state=LetterState.DRAFT)
    new = leaves(letter.post)
    tasks.hold_departed()
    assert (the(letter).state, the(letter).legislator) == ("draft", new)


def test_letters_to_people_who_stay_and_those_that_left_are_not_touched(desk, drive, sink):
    stays = written_to(make.reachable(), drive)
    gone = until(written_to(make.reachable(email="b@assembly.example"), drive), "queued")
    dispatcher.send_window()
    leaves(gone.post)
    tasks.hold_departed()
    assert the(gone).state == "sent" and the(stays).state in {"ready", "queued", "sent"}
    assert "No letter waits for somebody who left office." in desk.read("departures")


def test_somebody_elected_again_has_not_left(drive):
    letter = written_to(make.reachable(), drive)
    seat = Membership.objects.get(post=letter.post)
    clock.move(timedelta(days=1))
    Membership.objects.filter(pk=seat.pk).update(end_on=clock.today())
    make.MembershipFactory(post=letter.post, legislator=seat.legislator, start_on=clock.today())
    tasks.hold_departed()
    assert the(letter).state == "ready"


def test_a_letter_on_paper_is_named_for_taking_out_of_the_pile(desk, drive):
    post = office(("postal", STREET))
    letter = until(written_to(post, drive), "queued")
    batches.make_batches(drive.pk)
    new = leaves(post)
    make.ContactPointFactory(office=new.offices.get(), kind="postal", value=STREET)
    tasks.hold_departed()
    assert letter.pledge.name in desk.read("print-batch", the(letter).batch_id)
    move(desk, letter, "readdress")
    assert (the(letter).state, the(letter).batch) == ("ready", None)


def test_foreign_seats_are_not_shown_or_moved(client, drive):
    letter = written_to(make.reachable(), drive)
    leaves(letter.post)
    tasks.hold_departed()
    other = Desk(client)
    assert letter.legislator.name not in other.read("departures")
    assert move(other, letter, "cancel").status_code == 404
    assert the(letter).state == "held"


def test_the_list_asks_as_much_for_twenty_seats_as_for_one(desk, drive):
    counts = []
    for n in (1, 19):
        for _ in range(n):
            leaves(written_to(make.reachable(), drive).post)
        tasks.hold_departed()
        with CaptureQueriesContext(connection) as asked:
            desk.get("departures")
        counts.append(len(asked))
    assert counts[0] == counts[1]
