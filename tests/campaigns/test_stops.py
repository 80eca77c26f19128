"""An office asks an organisation to stop writing, by one of its addresses or at all."""

from datetime import timedelta

import pytest
from django.core import mail as django_mail

from campaigns.delivery import dispatcher, outbox
from campaigns.links import manage_token
from campaigns.models import Letter, OutboxMail
from contacts import clock
from contacts.models import AuditEntry, ContactPoint, Suppression
from tests import factories as make
from tests.campaigns.console import Desk, told, words
from tests.campaigns.test_channels import STREET, office, the

pytestmark = pytest.mark.django_db

MAIL = ("email", "kim@assembly.example")
ASKED = "The scheduler, by phone"


@pytest.fixture
def desk(client):
    return Desk(client)


@pytest.fixture
def drive(desk):
    return make.DriveFactory(campaign=make.CampaignFactory(organization=desk.organization))


def written_to(post, drive, **fields):
    holder = post.memberships.get().legislator
    version = make.LetterVersionFactory(group__campaign=drive.campaign)
    return make.LetterFactory(drive=drive, post=post, legislator=holder, version=version, **fields)


def minutes(n=12):
    for _ in range(n):
        dispatcher.prepare()
        clock.move(timedelta(minutes=1))


def queued(post, drive):
    letter = written_to(post, drive)
    minutes()
    assert the(letter).state == "queued"
    return letter


def stop(desk, letter, point=None):
    name, args = (
        ("point-stop", [letter.legislator_id, point.pk]) if point else ("office-stop", [letter.legislator_id])
    )
    return desk.post(name, *args, reason=ASKED)


def mails(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    outbox.send_due()
    return [mail for mail in django_mail.outbox if "asked us not to write" in mail.subject]


def test_letters_in_the_queue_take_the_offices_next_way(desk, drive, settings):
    letter = queued(office(MAIL, ("postal", STREET)), drive)
    mail = ContactPoint.objects.get(kind="email")
    page = words(desk.get("point-stop", letter.legislator_id, mail.pk))
    assert "Your organisation sends nothing more to this address." in page and "1 letter waits" in page
    assert not Suppression.objects.exists()
    assert "1 waiting letters go another way, 0 are held" in told(stop(desk, letter, mail))
    assert (the(letter).channel, the(letter).state) == ("print", "queued")
    assert letter.history.filter(reason="on to the next address").count() == 1
    assert mails(settings) == []
    page = desk.read("legislator", letter.legislator_id)
    assert "asked us to stop" in page and ASKED in page
    assert AuditEntry.objects.get(verb="office asked to stop").detail == {"rerouted": 1, "held": 0}


def test_a_letter_that_lies_printed_is_held_and_not_mailed_too(desk, drive, sink):
    letter = queued(office(("postal", STREET), MAIL), drive)
    Letter.objects.filter(pk=letter.pk).update(channel="print", window_closes=None)
    batch = make.PrintBatchFactory(organization=desk.organization, drive=drive)
    Letter.objects.filter(pk=letter.pk).update(
        batch=batch, contact_point=ContactPoint.objects.get(kind="postal")
    )
    stop(desk, letter, ContactPoint.objects.get(kind="postal"))
    minutes()
    assert dispatcher.send_window() == 0 and sink.mails() == []
    assert (the(letter).state, the(letter).batch) == ("held", batch)


def test_a_stop_that_is_lifted_before_its_mail_left_sends_none(desk, drive, settings):
    letter = written_to(office(MAIL), drive)
    stop(desk, letter)
    desk.post("office-allow", Suppression.objects.get().pk)
    assert the(letter).state == "ready"
    assert mails(settings) == []


def test_a_letter_without_another_way_is_held_and_its_supporter_told_once(desk, drive, settings, sink):
    frozen = queued(office(MAIL), drive)
    ready = written_to(frozen.post, drive, body="Please help.")
    stop(desk, frozen, ContactPoint.objects.get())
    minutes()
    assert {the(x).state for x in (frozen, ready)} == {"held"} and the(
        ready
    ).note == "the office asked us to stop"
    outbox.send_due()
    minutes()
    told_of = mails(settings)
    assert OutboxMail.objects.filter(kind="office_stopped").count() == 2
    assert sorted(m.to[0] for m in told_of) == sorted(x.pledge.email for x in (frozen, ready)) or not told_of
    page = words(desk.client.get(f"/p/{manage_token(ready.pledge)}/"))
    assert "The office asked the organisation not to write to it any more" in page
    assert dispatcher.send_window() == 0


def test_the_supporters_mail_has_the_text(desk, drive, settings):
    ready = written_to(office(MAIL), drive, body="Please help.")
    stop(desk, ready)
    [mail] = mails(settings)
    assert mail.to == [ready.pledge.email] and "Please help." in mail.body
    assert mails(settings) == [mail]


def test_the_whole_office_gets_nothing_by_any_way(desk, drive):
    letter = queued(office(MAIL, ("postal", STREET)), drive)
    stop(desk, letter)
    later = written_to(letter.post, drive)
    minutes()
    assert {the(x).state for x in (letter, later)} == {"held"}
    assert "This office asked us to stop" in desk.read("legislator", letter.legislator_id)
    assert OutboxMail.objects.filter(kind="office_stopped").count() == 2


def test_a_form_is_not_guessed_where_a_code_was_stopped(desk, drive):
    letter = queued(office(MAIL, ("web_form", "https://assembly.example/contact")), drive)
    stop(desk, letter, ContactPoint.objects.get(kind="web_form"))
    assert (the(letter).channel, the(letter).state) == ("email", "queued")


def test_other_organisations_go_on(desk, drive):
    post = office(MAIL)
    ours = written_to(post, drive)
    theirs = written_to(post, make.DriveFactory())
    stop(desk, ours)
    minutes()
    assert (the(ours).state, the(theirs).state) == ("held", "queued")


def test_lifted_what_was_held_goes_on(desk, drive):
    letter = queued(office(MAIL), drive)
    stop(desk, letter)
    assert the(letter).state == "held"
    lift = Suppression.objects.get()
    assert "1 letter goes on" in told(desk.post("office-allow", lift.pk))
    minutes()
    assert the(letter).state == "queued" and not Suppression.objects.exists()
    assert "the office may be written to again" in words(
        desk.client.get(f"/p/{manage_token(letter.pledge)}/")
    )


def test_noted_twice_it_is_noted_once_and_who_asked_must_be_said(desk, drive):
    letter = written_to(office(MAIL), drive)
    assert desk.post("office-stop", letter.legislator_id, reason="").status_code == 422
    stop(desk, letter)
    assert "This is noted already" in told(stop(desk, letter))
    assert Suppression.objects.count() == 1


def test_a_foreign_stop_is_not_lifted(client, desk, drive):
    stop(desk, written_to(office(MAIL), drive))
    other = Desk(client)
    assert other.post("office-allow", Suppression.objects.get().pk).status_code == 404
    assert Letter.objects.get().state == "held"
