"""Answers of offices, as staff judge them and supporters read them; and which offices answer at all."""

import re
from datetime import timedelta

import pytest
from django.core import mail as django_mail

from campaigns import tasks
from campaigns.actions.pledges import withdraw_pledge
from campaigns.links import manage_token
from campaigns.models import OfficeQuestion
from contacts import clock
from contacts.models import AuditEntry
from policy.models import Stance
from tests import factories as make
from tests.campaigns.console import Desk, told, words
from tests.campaigns.incoming import DOMAIN, comes_in, sample, sent_letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mail_comes_in(settings):
    settings.INBOUND_DOMAIN = DOMAIN


@pytest.fixture
def letter(sink):
    return sent_letter()


@pytest.fixture
def desk(client, letter):
    return Desk(client, letter.pledge.campaign.organization, role="staff")


def my_page(client, letter):
    return client.get(f"/p/{manage_token(letter.pledge)}/")


def mails():
    tasks.housekeeping()
    tasks.send_outbox()
    return django_mail.outbox


# Staff ----------------------------------------------------------------------------------------------


def test_staff_find_an_answer_judge_it_and_record_where_its_legislator_stands(desk, letter):
    reply = comes_in(sample("reply-top-posted", letter))
    assert "1 answer waits to be read" in desk.read("console-home")
    assert "Re: Please vote for HB 7" in desk.read("reply-list", coding="none")
    page = desk.read("reply", reply.pk)
    assert "I will vote for HB 7 in committee." in page and "Record where they stand?" not in page
    assert letter.pledge.name not in page  # staff don't see supporters by name

    desk.post("reply-code", reply.pk, coding="supports")
    page = desk.get("reply", reply.pk)
    assert "Record where they stand?" in words(page)
    proposed = page.context["form"].initial
    assert Stance.objects.count() == 0  # a person accepts it first
    answer = desk.post("reply-stance", reply.pk, **{k: v for k, v in proposed.items() if v})
    assert told(answer).endswith("The stance is recorded.")
    stance = Stance.objects.get()
    assert (stance.level, stance.measure, stance.legislator) == (
        4,
        letter.pledge.campaign.measure,
        letter.legislator,
    )
    assert stance.recorded_by == desk.user and "I will vote" in stance.evidence
    page = desk.read("reply", reply.pk)
    assert "Recorded from it: “Supports”" in page and "Record where they stand?" not in page
    desk.post("reply-stance", reply.pk, **{k: v for k, v in proposed.items() if v})
    assert Stance.objects.count() == 1
    assert f"{stance.measure.identifier}: Supports" in desk.read("legislator", letter.legislator.pk)
    assert "answer waits" not in desk.read("console-home")
    verbs = AuditEntry.objects.filter(actor=desk.user).values_list("verb", flat=True)
    assert set(verbs) == {"code reply: supports", "record stance"}


@pytest.mark.parametrize(
    ("coding", "level"),
    [("supports", 4), ("opposes", 1), ("evasive", 3), ("needs_info", 3), ("acknowledged", None)],
)
def test_a_judgement_proposes_a_stance_or_none(desk, letter, coding, level):
    reply = comes_in(sample("reply-top-posted", letter))
    desk.post("reply-code", reply.pk, coding=coding)
    form = desk.get("reply", reply.pk).context["form"]
    assert (form.initial["level"] if form else None) == level


def test_a_judgement_can_be_changed_and_must_be_one_of_those_offered(desk, letter):
    reply = comes_in(sample("reply-top-posted", letter))
    desk.post("reply-code", reply.pk, coding="opposes")
    desk.post("reply-code", reply.pk, coding="evasive")
    answer = desk.post("reply-code", reply.pk, coding="friendly")
    assert told(answer).endswith("Choose what the answer says.")
    reply.refresh_from_db()
    assert reply.coding == "evasive" and reply.coded_by == desk.user


def test_a_stance_with_a_mistake_comes_back_with_what_was_typed(desk, letter):
    reply = comes_in(sample("reply-top-posted", letter))
    desk.post("reply-code", reply.pk, coding="supports")
    answer = desk.post("reply-stance", reply.pk, level="4", evidence="Said yes")
    assert answer.status_code == 422 and "Said yes" in words(answer)
    assert not Stance.objects.exists()


def test_a_stance_can_not_be_taken_from_an_answer_nobody_judged(desk, letter):
    reply = comes_in(sample("reply-top-posted", letter))
    measure = letter.pledge.campaign.measure
    desk.post("reply-stance", reply.pk, level="4", evidence="x", measure=measure.pk, on="2026-01-05")
    assert not Stance.objects.exists()


def test_a_bounce_can_not_be_judged_as_an_answer(desk, letter):
    bounce = comes_in(sample("bounce-exim", letter))
    desk.post("reply-code", bounce.pk, coding="supports")
    bounce.refresh_from_db()
    assert bounce.coding == ""


def test_each_kind_of_mail_has_its_list(desk, letter):
    comes_in(sample("reply-top-posted", letter))
    comes_in(sample("auto-german", letter))
    comes_in(sample("bounce-postfix-delayed", letter))
    stray = comes_in(sample("reply-spoofed-token"))
    assert "Automatische Antwort" in desk.read("reply-list", show="automatic")
    assert "Delayed Mail" in desk.read("reply-list", show="returned")
    assert "Automatische Antwort" not in desk.read("reply-list")
    page = desk.read("reply-list", show="unmatched")
    assert "Re: Please vote for HB 7" in page
    assert "names a letter of yours" in desk.read("reply", stray.pk)
    desk.post("reply-aside", stray.pk)
    assert "Every mail that came in belongs to a letter" in desk.read("reply-list", show="unmatched")


def test_a_stray_mail_is_shown_to_no_organisation_when_there_are_several(client, letter):
    make.OrganizationFactory()
    stray = comes_in(sample("reply-spoofed-token"))
    assert stray.organization is None


def test_a_stray_mail_to_an_organisations_own_domain_is_shown_to_it(client, letter):
    ours = make.OrganizationFactory(mail_domain="quay.example")
    raw = sample("reply-only-quoted-id").replace(b"office@harbour.example", b"office@quay.example")
    assert comes_in(raw).organization == ours


def test_organizers_see_what_came_back_on_the_letters_page(client, letter):
    desk = Desk(client, letter.pledge.campaign.organization)
    bounce = comes_in(sample("bounce-postfix-delayed", letter))
    page = desk.get("letter", letter.pk)
    assert "What came back" in words(page) and "Connection timed out" in words(page)
    assert desk.url("reply", bounce.pk) in page.content.decode()
    assert "The whole mail, as it came" in desk.read("reply", bounce.pk)


def test_reviewers_do_not_read_answers(client, letter):
    reply = comes_in(sample("reply-top-posted", letter))
    desk = Desk(client, letter.pledge.campaign.organization, role="reviewer")
    assert desk.get("reply", reply.pk).status_code == 403


# Supporters -----------------------------------------------------------------------------------------


def test_a_supporter_reads_the_answer_on_their_own_page(client, letter):
    comes_in(sample("reply-top-posted", letter))
    page = words(my_page(client, letter))
    assert "The office answered. You find its answer below." in page and "Closed" not in page
    assert "I will vote for HB 7 in committee." in page


def test_nothing_of_bounces_and_machines_is_shown_as_an_answer(client, letter):
    comes_in(sample("auto-german", letter))
    assert "Their answer" not in words(my_page(client, letter))


def asked(client, letter, days=14, hours=1):
    clock.move(timedelta(days=days, hours=hours))
    return mails()


def test_after_two_weeks_the_supporter_is_asked_once_and_a_week_later_once_more(client, letter):
    clock.move(timedelta(days=13, hours=23))
    assert mails() == []
    clock.move(timedelta(hours=2))
    (question,) = mails()
    assert question.to == [letter.pledge.email] and letter.addressee in question.body
    assert len(mails()) == 1
    clock.move(timedelta(days=6))
    assert len(mails()) == 1
    clock.move(timedelta(days=1))
    assert [m.subject for m in mails()] == [
        "Did they answer your letter?",
        "One more time: did they answer your letter?",
    ]
    for _ in range(3):
        clock.move(timedelta(days=7))
        assert len(mails()) == 2


def test_one_mail_asks_about_all_letters_of_a_supporter(sink):
    first = sent_letter()
    second = sent_letter(
        drive=first.drive, pledge=first.pledge, post=make.reachable(email="b@assembly.example")
    )
    clock.move(timedelta(days=15))
    (question,) = mails()
    assert first.addressee in question.body and second.addressee in question.body


def test_letters_that_left_days_apart_are_each_asked_about(sink):
    first = sent_letter()
    clock.move(timedelta(days=5))
    second = sent_letter(
        drive=first.drive, pledge=first.pledge, post=make.reachable(email="b@assembly.example")
    )
    clock.move(timedelta(days=9, hours=1))
    assert len(mails()) == 1
    clock.move(timedelta(days=5))
    (_early, late) = mails()
    assert second.addressee in late.body


def test_a_click_shows_the_answer_and_a_button_gives_it(client, letter):
    (question,) = asked(client, letter)
    link = next(
        url
        for url in re.findall(r'href="http://testserver([^"]+)"', question.alternatives[0][0])
        if "nothing" in url
    )
    page = client.get(link)
    assert 'value="nothing" required checked' in page.content.decode()
    assert OfficeQuestion.objects.get().answer == ""  # programs that open every link answer nothing
    assert client.post(link, {"answer": "nothing"}).status_code == 302
    assert OfficeQuestion.objects.get().answer == "nothing"
    assert "Did they answer? No" in words(my_page(client, letter))


def test_the_last_answer_wins(client, letter):
    asked(client, letter)
    url = f"/p/{manage_token(letter.pledge)}/answers/{letter.pk}/"
    for answer in ("nothing", "answered", "acknowledged"):
        client.post(url, {"answer": answer})
    assert OfficeQuestion.objects.get().answer == "acknowledged"
    refused = client.post(url, {"answer": "perhaps"})
    assert refused.status_code == 422 and "Choose one of the answers." in words(refused)
    assert OfficeQuestion.objects.get().answer == "acknowledged"


def test_who_answered_is_not_reminded(client, letter):
    asked(client, letter)
    client.post(f"/p/{manage_token(letter.pledge)}/answers/{letter.pk}/", {"answer": "answered"})
    clock.move(timedelta(days=8))
    assert len(mails()) == 1


def test_nobody_is_asked_about_a_letter_whose_answer_came_by_us(client, letter):
    comes_in(sample("reply-top-posted", letter))
    assert [m for m in asked(client, letter) if "Did they" in m.subject] == []


def test_nobody_is_asked_after_taking_their_pledge_back(client, letter):
    withdraw_pledge(pledge=letter.pledge)
    assert [m for m in asked(client, letter) if "Did they" in m.subject] == []


def test_nobody_is_asked_about_old_letters_when_this_is_new_to_an_installation(client, letter):
    assert asked(client, letter, days=40) == []


def test_the_question_of_somebody_else_is_not_found(client, letter):
    asked(client, letter)
    stranger = make.PledgeFactory(campaign=letter.pledge.campaign)
    url = f"/p/{manage_token(stranger)}/answers/{letter.pk}/"
    assert client.post(url, {"answer": "answered"}).status_code == 404
    assert OfficeQuestion.objects.get().answer == ""


# Offices --------------------------------------------------------------------------------------------


def question(letter, answer):
    return make.OfficeQuestionFactory(
        letter=make.LetterFactory(drive=letter.drive, post=letter.post, state="settled", sent_at=clock.now()),
        answer=answer,
        answered_at=clock.now() if answer else None,
    )


def test_who_answers_counts_answered_questions_only(desk, letter):
    for answer in ("answered", "answered", "evaded", "nothing", "not_expected", "", ""):
        question(letter, answer)
    page = desk.read("responsiveness")
    assert "5 of 7 questions were answered" in page
    row = page.partition("Share answered")[2]
    assert f"{letter.post.label} 4 2 1 0 1 50 %" in row


def test_who_answers_knows_nothing_of_other_organisations_and_tests(desk, letter):
    make.OfficeQuestionFactory(answer="answered", answered_at=clock.now())
    test = question(letter, "answered")
    type(letter).objects.filter(pk=test.letter_id).update(is_test=True)
    assert "No supporter has told us yet" in desk.read("responsiveness")
