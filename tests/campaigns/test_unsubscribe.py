"""One press in a mail program ends mails nobody needs (RFC 8058); mails about one's own letters stay."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from campaigns.actions.registrations import erase_registrations
from campaigns.actions.supporters import no_more_unasked
from campaigns.delivery import event_mails, outbox, survey
from campaigns.delivery.mail_texts import UNSUBSCRIBABLE, message
from campaigns.delivery.owed import owe, owe_invitation, owe_question
from campaigns.models import MailKind, OfficeQuestion, OutboxMail, Pledge
from campaigns.willing import stopped_among
from contacts import clock
from contacts.addresses import address_hash
from contacts.models import Consent, Suppression
from tests.factories import (
    EventFactory,
    LetterFactory,
    MeasureFactory,
    OfficeQuestionFactory,
    PartnerInvitationFactory,
    PledgeFactory,
    RegistrationFactory,
)

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


def came_to_an_event():
    """Somebody who was there, and whom the organisation asks whom they met."""
    at = clock.now()
    measure = MeasureFactory()
    event = EventFactory(
        organization=measure.organization,
        measure=measure,
        asks_reports=True,
        starts_at=at - timedelta(hours=3),
        ends_at=at - timedelta(hours=2),
    )
    registration = RegistrationFactory(event=event)
    assert event_mails.remind() == 1
    return registration


def test_one_press_ends_questions_after_events_and_the_organisations_news_and_nothing_else(mailoutbox):
    registration = came_to_an_event()
    event = registration.event
    link = link_of(message(OutboxMail.objects.get()))
    page = Client().get(link).content.decode()
    assert f"{event.organization.name} would ask you no more questions after events" in page
    assert not Suppression.objects.exists()
    strict = Client(enforce_csrf_checks=True)
    for _ in range(2):
        assert strict.post(link, ONE_CLICK, headers={"origin": "null"}).status_code == 200
    assert Suppression.objects.get().organization == event.organization
    # Another event of theirs is coming: word of its changes is needed, a question after it is not.
    ahead = RegistrationFactory(
        event=EventFactory(organization=event.organization, measure=event.measure, asks_reports=True),
        email=registration.email,
    )
    event_mails.owe(ahead, MailKind.EVENT_PLACE, clock.now())
    outbox.send_due()
    assert [mail.subject for mail in mailoutbox] == [f"You have a place: {ahead.event.title}"]
    clock.move(timedelta(days=4))
    event_mails.remind()
    outbox.send_due()
    assert len(mailoutbox) == 1
    kinds = OutboxMail.objects.filter(kind=MailKind.EVENT_REPORT)
    assert set(kinds.values_list("state", flat=True)) == {"dropped"} and kinds.count() == 2


def test_who_agrees_to_news_again_is_asked_again_after_events(mailoutbox):
    registration = came_to_an_event()
    organization = registration.event.organization
    no_more_unasked(organization=organization, canonical=registration.canonical_email)
    clock.move(timedelta(minutes=1))
    agrees = PledgeFactory(campaign__organization=organization, email=registration.email)
    assert agrees.canonical_email == registration.canonical_email
    Consent.objects.create(
        supporter=agrees.supporter, purpose="contact", given=True, text_version="1", at=clock.now()
    )
    outbox.send_due()
    assert [mail.to for mail in mailoutbox] == [[registration.email]]


def test_who_ended_them_is_left_out_of_news_until_they_agree_to_it_again():
    pledge = PledgeFactory()
    canonical, organization = pledge.canonical_email, pledge.campaign.organization
    agreed = clock.now()
    clock.move(timedelta(minutes=1))
    no_more_unasked(organization=organization, canonical=canonical)
    hashed = address_hash(canonical)
    assert stopped_among(organization, {hashed: agreed}) == {hashed}
    assert stopped_among(organization, {hashed: clock.now() + timedelta(minutes=1)}) == set()
    clock.move(timedelta(hours=1))
    no_more_unasked(organization=organization, canonical=canonical)  # and once more after that
    assert stopped_among(organization, {hashed: clock.now() - timedelta(minutes=30)}) == {hashed}


def test_an_address_that_somebody_else_typed_into_an_invitation_ends_all_mail_with_one_press(
    mailoutbox, client
):
    invitation = PartnerInvitationFactory(email="chair@lantern.example")
    assert owe_invitation(invitation, clock.now())
    mail = message(OutboxMail.objects.get())
    link = link_of(mail)
    assert "Never write to me again:" in mail.body
    page = client.get(link).content.decode()
    assert "No more of these mails?" in page and "no invitations" in page and not Suppression.objects.exists()
    Client(enforce_csrf_checks=True).post(link, ONE_CLICK, headers={"origin": "null"})
    assert Suppression.objects.get().organization is None
    outbox.send_due()
    assert mailoutbox == [] and OutboxMail.objects.get().state == "dropped"
    assert not owe_invitation(PartnerInvitationFactory(email="Chair@lantern.example"), clock.now())
    assert client.get(link).status_code == 200


def test_the_link_of_one_kind_of_mail_ends_none_of_another(client):
    assert owe_invitation(PartnerInvitationFactory(), clock.now())
    link = link_of(message(OutboxMail.objects.get()))
    assert client.post(link.replace("/invitation/", "/event/"), ONE_CLICK).status_code == 410
    assert client.post(link.replace("/invitation/", "/all/"), ONE_CLICK).status_code == 410
    assert not Suppression.objects.exists()


def test_the_link_of_somebody_whose_registration_was_erased_opens_nothing(client):
    registration = came_to_an_event()
    link = link_of(message(OutboxMail.objects.get()))
    erase_registrations(type(registration).objects.all())
    assert client.post(link, ONE_CLICK).status_code == 410
    assert not Suppression.objects.exists()


def test_every_kind_of_mail_is_either_about_ones_own_doing_or_can_be_ended():
    own = {"confirm", "link", "letter_failed", "letter_by_hand", "withdrawn", "reply", "seat_changed"}
    own |= {"office_stopped", "details", "choices", "exported", "erased"}
    own |= {"story_confirm", "story_kept", "story_link", "story_changes", "story_approved"}
    own |= {"story_declined", "story_gone"}
    # About a place that they asked for, and can give back.
    own |= {"event_confirm", "event_link", "event_place", "event_waiting", "event_offer", "event_day"}
    own |= {"event_hour", "event_changed", "event_off"}
    # About an organisation whose support they asked to be shown, and can take back.
    own |= {"endorse_ask", "endorse_shown", "endorse_no", "endorse_off"}
    # To people who work here.
    staff = {"alarm", "job", "not_opened", "partner_joined", "partner_left"}
    assert {kind.value for kind in MailKind} - own - staff == set(UNSUBSCRIBABLE)
