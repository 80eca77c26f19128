"""One press in a mail program ends mails nobody needs (RFC 8058); mails about one's own letters stay."""

import re

import pytest
from django.test import Client

from campaigns.delivery import outbox, survey
from campaigns.delivery.mail_texts import UNSUBSCRIBABLE, message
from campaigns.delivery.owed import owe, owe_question
from campaigns.models import MailKind, OfficeQuestion, OutboxMail, Pledge
from contacts import clock
from contacts.models import Consent, Suppression
from tests.factories import LetterFactory, OfficeQuestionFactory, PledgeFactory

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def link_of(mail):
    address = re.fullmatch(r"<(https?://[^>]+)>", mail.extra_headers["List-Unsubscribe"]).group(1)
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in mail.body and address in mail.alternatives[0][0]
    return "/" + address.split("/", 3)[3]


def question_mail():
    question = OfficeQuestionFactory()
    owe_question(question.letter.pledge, MailKind.QUESTION, str(question.pk), clock.now())
    return message(OutboxMail.objects.get()), question.letter.pledge


def test_mails_about_ones_own_letters_carry_no_way_to_end_them_by_accident():
    pledge = PledgeFactory()
    owe(pledge, MailKind.LINK, clock.now())
    assert "List-Unsubscribe" not in message(OutboxMail.objects.get()).extra_headers


def test_one_press_without_cookies_ends_the_questions_and_twice_is_fine(mailoutbox):
    mail, pledge = question_mail()
    strict = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answer = strict.post(link_of(mail), ONE_CLICK, headers={"origin": "null"})
        assert answer.status_code == 200 and not answer.cookies
    assert Consent.objects.filter(purpose="ask", given=False).count() == 1
    outbox.send_due()
    assert OutboxMail.objects.get().state == "dropped" and mailoutbox == []
    assert not Suppression.objects.exists()
    assert Pledge.objects.get().state == "confirmed" and pledge.state == "confirmed"


def test_who_wants_no_questions_is_asked_none_but_their_page_still_offers_to_tell(mailoutbox):
    letter = LetterFactory(state="settled", sent_at=clock.now())
    Consent.objects.create(
        supporter=letter.pledge.supporter, purpose="ask", given=False, text_version="1", at=clock.now()
    )
    clock.move(survey.ASK_AFTER)
    assert survey.ask() == 1
    assert OfficeQuestion.objects.exists() and not OutboxMail.objects.exists()


def test_opening_the_link_ends_nothing_and_asks(client):
    mail, _pledge = question_mail()
    for ask in (client.get, client.head):
        assert ask(link_of(mail)).status_code == 200
    assert "No more of these mails?" in client.get(link_of(mail)).content.decode()
    assert not Consent.objects.exists()


def test_a_reminder_that_nobody_asked_for_ends_all_mails_to_that_address():
    pledge = PledgeFactory(state="pending", supporter=None, confirmed_at=None, name="Ada")
    owe(pledge, MailKind.REMINDER, clock.now())
    link = link_of(message(OutboxMail.objects.get()))
    Client(enforce_csrf_checks=True).post(link, ONE_CLICK)
    assert Suppression.objects.get().organization is None


def test_a_forged_link_or_one_for_another_purpose_ends_nothing(client):
    mail, _pledge = question_mail()
    link = link_of(mail)
    assert client.post(link.replace("/ask/", "/contact/"), ONE_CLICK).status_code == 410
    assert client.post(link.replace("/ask/", "/deliver/"), ONE_CLICK).status_code == 404
    assert client.post("/u/ask/nonsense/", ONE_CLICK).status_code == 410
    assert not Consent.objects.exists() and not Suppression.objects.exists()


def test_every_kind_of_mail_is_either_about_ones_own_doing_or_can_be_ended():
    own = {"confirm", "link", "letter_failed", "letter_by_hand", "withdrawn", "reply", "seat_changed"}
    own |= {"office_stopped", "details", "choices", "exported", "erased"}
    own |= {"story_confirm", "story_kept", "story_link", "story_changes", "story_approved"}
    own |= {"story_declined", "story_gone"}
    # About a place that they asked for, and can give back.
    own |= {"event_confirm", "event_link", "event_place", "event_waiting", "event_offer", "event_day"}
    own |= {"event_hour", "event_changed", "event_off", "event_report"}
    # About an organisation whose support they asked to be shown, and can take back.
    own |= {"endorse_ask", "endorse_shown", "endorse_no", "endorse_off"}
    # To people who work here, and to an organisation that is asked once and may say no.
    staff = {"alarm", "job", "not_opened", "partner_invite", "partner_joined", "partner_left"}
    assert {kind.value for kind in MailKind} - own - staff == set(UNSUBSCRIBABLE)
