"""Mails that nothing in them ties to a letter, matched by hand."""

import pytest
from django.core import mail as django_mail

from campaigns import tasks
from campaigns.links import manage_token
from campaigns.models import InboundMail
from contacts.models import AuditEntry
from tests import factories as make
from tests.campaigns.console import Desk, told, words
from tests.campaigns.incoming import DOMAIN, KIM, comes_in, sample, sent_letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mail_comes_in(settings):
    settings.INBOUND_DOMAIN = DOMAIN


@pytest.fixture
def letter(sink):
    return sent_letter()


@pytest.fixture
def desk(client, letter):
    return Desk(client, letter.pledge.campaign.organization)


@pytest.fixture
def stray(letter):
    mail = comes_in(sample("reply-spoofed-token"))
    assert mail.state == "unmatched"
    return mail


def the(row):
    return type(row).objects.get(pk=row.pk)


def test_a_person_finds_the_letter_and_the_supporter_gets_the_answer(desk, letter, stray):
    page = desk.read("reply", stray.pk, q=letter.pledge.name)
    assert "Whose letter is it about?" in page and letter.post.label in page
    assert the(stray).state == "unmatched"  # looking changes nothing
    answer = desk.post("reply-match", stray.pk, letter=letter.pk, kind="reply")
    assert told(answer).endswith("It belongs to that letter now.")
    found = the(stray)
    assert (found.state, found.kind, found.letter, found.matched_by) == (
        "matched",
        "reply",
        letter,
        "by hand",
    )
    assert the(letter).state == "closed" and the(letter).replied_at == stray.received_at
    tasks.send_outbox()
    assert [m.to for m in django_mail.outbox] == [[letter.pledge.email]]
    assert "The office answered" in words(desk.client.get(f"/p/{manage_token(letter.pledge)}/"))
    assert "What does it mean?" in desk.read("reply", stray.pk)
    assert AuditEntry.objects.get(verb="match mail by hand").actor == desk.user


def test_without_words_the_letters_to_its_address_are_offered(desk, letter, stray):
    InboundMail.objects.filter(pk=stray.pk).update(sender=KIM)
    assert letter.pledge.name in desk.read("reply", stray.pk)
    InboundMail.objects.filter(pk=stray.pk).update(sender="else@assembly.example")
    assert letter.pledge.name not in desk.read("reply", stray.pk)


def test_an_automatic_answer_closes_no_letter(desk, letter, stray):
    desk.post("reply-match", stray.pk, letter=letter.pk, kind="auto_reply")
    assert the(stray).kind == "auto_reply" and the(letter).state == "sent"
    tasks.send_outbox()
    assert not django_mail.outbox


def test_a_bounce_without_a_token_brings_its_letter_back(desk, letter):
    raw = sample("bounce-exim").replace(b"bounce+token@in.harbour.example", b"x@in.harbour.example")
    bounce = comes_in(raw)
    assert (bounce.kind, bounce.state) == ("bounce", "unmatched")
    desk.post("reply-match", bounce.pk, letter=letter.pk, kind="reply")
    assert (the(bounce).kind, the(bounce).state) == ("bounce", "matched")
    assert the(letter).state == "failed" and the(letter).contact_point.health == "failing"


def test_a_mail_is_matched_once(desk, letter, stray):
    other = make.LetterFactory(drive=letter.drive, post=letter.post)
    desk.post("reply-match", stray.pk, letter=letter.pk, kind="reply")
    desk.post("reply-match", stray.pk, letter=letter.pk, kind="reply")
    assert "no longer possible" in told(desk.post("reply-match", stray.pk, letter=other.pk, kind="reply"))
    assert the(stray).letter == letter


def test_nothing_answers_a_letter_that_never_left(desk, letter, stray):
    waits = make.LetterFactory(drive=letter.drive, post=letter.post)
    assert (
        waits.pledge.name
        not in desk.read("reply", stray.pk, q=waits.pledge.name).partition("Whose letter")[2]
    )
    assert "has not left" in told(desk.post("reply-match", stray.pk, letter=waits.pk, kind="reply"))
    assert the(stray).state == "unmatched"


def test_what_it_is_must_be_said(desk, letter, stray):
    assert "person wrote it or a machine" in told(desk.post("reply-match", stray.pk, letter=letter.pk))
    assert the(stray).state == "unmatched"


@pytest.mark.parametrize("asked", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_a_letter_that_is_none_is_not_found(desk, stray, asked):
    assert desk.post("reply-match", stray.pk, letter=asked, kind="reply").status_code == 404


def test_letters_of_others_can_not_be_chosen(desk, stray):
    foreign = make.LetterFactory(
        state="sent",
        sent_at=stray.received_at,
        legislator=make.LegislatorFactory(),
        message_id="<x@example.org>",
    )
    assert foreign.pledge.name not in desk.read("reply", stray.pk, q="Ada")
    assert desk.post("reply-match", stray.pk, letter=foreign.pk, kind="reply").status_code == 404


def test_staff_who_may_not_see_supporters_match_nothing(client, letter, stray):
    staff = Desk(client, letter.pledge.campaign.organization, role="staff")
    assert "Whose letter is it about?" not in staff.read("reply", stray.pk)
    assert staff.post("reply-match", stray.pk, letter=letter.pk, kind="reply").status_code == 403
