"""Thanks: one mail to exactly those who acted, with what their part was, once, whatever breaks off in between."""

import smtplib
from datetime import timedelta

import pytest
import requests
from anymail.exceptions import AnymailRequestsAPIError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from campaigns.actions.erasing import erase_supporter
from campaigns.actions.jobs import begin, cancel_job
from campaigns.actions.outcomes import thank_people
from campaigns.delivery import outbox
from campaigns.delivery.owed import owe_thanks
from campaigns.errors import ActionRefused
from campaigns.jobs.steps import work
from campaigns.links import confirm_token
from campaigns.models import Call, OutboxMail, Outcome, Pledge
from contacts import clock
from contacts.addresses import address_hash
from contacts.models import Consent, Job, Suppression
from tests import factories as make
from tests.campaigns.console import Desk, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    return Desk(client)


def say(pledge, given):
    Consent.objects.create(
        supporter=pledge.supporter, purpose="contact", given=given, text_version="1", at=clock.now()
    )


def willing(campaign, given=True, **fields):
    pledge = make.PledgeFactory(campaign=campaign, **fields)
    say(pledge, given)
    return pledge


def closed(desk, **fields):
    return make.CampaignFactory(
        organization=desk.organization, state="closed", closed_at=clock.now(), title="Care now", **fields
    )


def published(campaign, **fields):
    outcome = make.OutcomeFactory(campaign=campaign, **fields)
    Outcome.objects.filter(pk=outcome.pk).update(people_count=campaign.pledges.counted().count())
    return outcome


def owed():
    return sorted(OutboxMail.objects.filter(kind="thanks").values_list("pledge__email", flat=True))


def thank(outcome, desk):
    return begin(thank_people(outcome=outcome, actor=desk.user))


def test_exactly_those_who_acted_and_may_be_written_to_are_thanked_once(desk, mailoutbox):
    campaign = closed(desk)
    thanked = [willing(campaign), willing(campaign)]
    family = willing(campaign, email=thanked[0].email, name_key="second", name="Second Person")
    unwilling = [willing(campaign, given=False), make.PledgeFactory(campaign=campaign), willing(campaign)]
    say(unwilling[2], False)
    for state in ("withdrawn", "invalidated", "pending", "held", "expired"):
        willing(campaign, state=state)
    willing(campaign, is_test=True)
    willing(make.CampaignFactory(organization=desk.organization))
    erased = willing(campaign)
    erase_supporter(pledge=erased)
    stopped_here, stopped_everywhere, elsewhere = (willing(campaign) for _ in range(3))
    for organization, pledge in (
        (desk.organization, stopped_here),
        (None, stopped_everywhere),
        (make.OrganizationFactory(), elsewhere),
    ):
        Suppression.objects.create(
            organization=organization, address_hash=address_hash(pledge.canonical_email), reason="asked",
            created_at=clock.now(),
        )  # fmt: skip
    bounced = willing(campaign)
    OutboxMail.objects.create(
        organization=desk.organization, pledge=bounced, kind="link", state="failed", not_before=clock.now(),
        created_at=clock.now(),
    )  # fmt: skip
    OutboxMail.objects.exclude(pledge=bounced).delete()
    published(campaign)
    clock.move(timedelta(minutes=1))
    late = willing(campaign)
    page = desk.read("outcome-move", campaign.pk, "thank")
    assert "4 people are thanked, of 10 who signed before it was published and confirmed." in page
    assert "3 did not agree to be written to" in page and "2 asked never to be written to" in page
    assert "1 has an address that our last mail could not be handed over to" in page
    assert "Thank 4 people" in page and owed() == []
    answer = desk.post("outcome-move", campaign.pk, "thank")
    assert "4 mails are on their way." in told(answer)
    assert owed() == sorted(p.email for p in [*thanked, family, elsewhere]) and late.email not in owed()
    assert "Nobody is thanked twice" in told(desk.post("outcome-move", campaign.pk, "thank"))
    assert "Nobody is thanked twice" in desk.read("outcome-move", campaign.pk, "thank")
    for _ in range(3):
        outbox.send_due()
    assert sorted(mail.to[0] for mail in mailoutbox) == owed()
    job = Job.objects.get()
    assert job.result == {"mails": 4, "unwilling": 3, "failed": 1, "stopped": 2} and job.done == 10
    said = desk.read("job", job.pk)
    assert "4 people are thanked by mail." in said
    detail = desk.read("campaign-outcome", campaign.pk)
    assert "Handed over to our mail server: 4" in detail and "10 people had confirmed" in detail


def test_the_mail_says_what_their_own_part_was(desk, mailoutbox):
    campaign = closed(desk)
    pledge = willing(campaign, name="Ada Lovelace")
    drive = make.DriveFactory(campaign=campaign)

    def letter(name, state, **fields):
        seat = make.MembershipFactory(legislator__name=name)
        moment = {"sent_at": clock.now()} if state in {"sent", "settled", "closed"} else {}
        return make.LetterFactory(
            drive=drive, pledge=pledge, post=seat.post, legislator=seat.legislator, state=state,
            message_id=f"<{name}@x.example>", **moment, **fields,
        )  # fmt: skip

    letter("Ann Accepted", "sent")
    letter("Paul Posted", "sent", channel="print")
    letter("Hana Byhand", "settled", channel="link")
    answered = letter("Ansa Answered", "closed", replied_at=clock.now())
    letter("Una Certain", "uncertain")
    letter("Faye Failed", "failed")
    letter("Tess Test", "sent", is_test=True)
    letter("Wanda Withdrawn", "withdrawn")
    for outcome, label in (("reached", "Delegate of Calls"), ("no_answer", "Delegate of Silence")):
        Call.objects.create(
            pledge=pledge, post=make.PostFactory(label=label), outcome=outcome, at=clock.now()
        )
    other = willing(campaign)
    outcome = published(campaign)
    thank(outcome, desk)
    outbox.send_due()
    mail = next(mail for mail in mailoutbox if mail.to == [pledge.email])
    assert mail.subject == "Won: Care within four weeks is law"
    said = " ".join(mail.body.split())
    assert "Hello Ada Lovelace" in said and "2 people had" in said and "passed" in said
    assert "Your letter was accepted for Ann Accepted (" in said and f"{answered.legislator.name} (" in said
    assert "printed and posted to Paul Posted" in said and "sent your letter to Hana Byhand" in said
    assert "Your letter to Una Certain" in said and "don’t know whether it arrived" in said
    assert "You told us of your call: Delegate of Calls" in said and "Silence" not in said
    for name in ("Faye", "Tess", "Wanda"):
        assert name not in said
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain = next(mail for mail in mailoutbox if mail.to == [other.email]).body
    assert "You signed and confirmed on" in plain and "accepted for" not in plain


def test_the_preview_sends_nothing_and_opens_nobodys_page(desk, mailoutbox):
    campaign = closed(desk)
    pledge = willing(campaign)
    make.OutcomeFactory(campaign=campaign, published_at=None)
    page = desk.read("thanks-preview", campaign.pk)
    assert (
        f"Hello {pledge.name}" in page
        and "Won: Care within four weeks is law" in page
        and "1 person had" in page
    )
    assert "/p/…/" in page and "/u/contact/…/" in page
    assert mailoutbox == [] and not OutboxMail.objects.exists()
    empty = closed(desk)
    make.OutcomeFactory(campaign=empty)
    assert "nobody to thank" in desk.read("thanks-preview", empty.pk)


@pytest.mark.parametrize("what", ["ended", "withdrew", "erased", "stopped everywhere"])
def test_who_says_no_before_the_mail_leaves_gets_none(desk, what, mailoutbox):
    pledge = willing(closed(desk))
    thank(published(pledge.campaign), desk)
    if what == "ended":
        say(pledge, False)
    elif what == "withdrew":
        Pledge.objects.update(state="withdrawn")
    elif what == "erased":
        erase_supporter(pledge=pledge)
    else:
        Suppression.objects.create(
            address_hash=address_hash(pledge.canonical_email), reason="asked", created_at=clock.now()
        )
    outbox.send_due()
    assert [mail.subject for mail in mailoutbox if "Won" in mail.subject] == []
    assert OutboxMail.objects.get(kind="thanks").state == "dropped"


def test_nobody_is_thanked_before_it_is_published_and_where_nobody_may_be(desk):
    campaign = closed(desk)
    willing(campaign, given=False)
    outcome = make.OutcomeFactory(campaign=campaign, published_at=None)
    assert "Publish it first" in desk.read("outcome-move", campaign.pk, "thank")
    with pytest.raises(ActionRefused, match="Publish"):
        thank_people(outcome=outcome, actor=desk.user)
    Outcome.objects.update(published_at=clock.now())
    assert "there is nobody to mail" in desk.read("outcome-move", campaign.pk, "thank")


def test_work_that_breaks_off_or_is_cancelled_goes_on_and_thanks_nobody_twice(desk, monkeypatch):
    monkeypatch.setattr("campaigns.jobs.thanks._PORTION", 2)
    campaign = closed(desk)
    people = [willing(campaign) for _ in range(7)]
    outcome = published(campaign)
    job = thank_people(outcome=outcome, actor=desk.user)
    assert work(job.pk, seconds=-1) and len(owed()) == 2

    def breaks_off(*_args, **_kwargs):
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr("campaigns.jobs.thanks.owe_thanks", breaks_off)
        with pytest.raises(OSError):
            work(job.pk, seconds=0)
    assert len(owed()) == 2
    with pytest.raises(ActionRefused, match="twice"):
        thank_people(outcome=outcome, actor=desk.user)
    work(job.pk, seconds=-1)
    cancel_job(job=job, actor=desk.user)
    assert len(owed()) == 4
    assert "Go on thanking" in desk.read("campaign-outcome", campaign.pk)
    page = desk.read("outcome-move", campaign.pk, "thank")
    assert "3 people are thanked, of 7" in page and "4 were thanked already." in page
    desk.post("outcome-move", campaign.pk, "thank")
    assert owed() == sorted(p.email for p in people)
    assert Job.objects.latest("created_at").result["mails"] == 3


def test_who_signed_in_time_and_confirms_after_the_closing_is_thanked_as_well(desk, mailoutbox):
    campaign = closed(desk)
    first = willing(campaign)
    pending = willing(campaign)
    Pledge.objects.filter(pk=pending.pk).update(state="pending", confirmed_at=None)
    outcome = published(campaign)
    thank(outcome, desk)
    assert owed() == [first.email]
    assert "Go on thanking" not in desk.read("campaign-outcome", campaign.pk)
    clock.move(timedelta(days=2))
    Pledge.objects.filter(pk=pending.pk).update(state="confirmed", confirmed_at=clock.now())
    assert "Go on thanking" in desk.read("campaign-outcome", campaign.pk)
    desk.post("outcome-move", campaign.pk, "thank")
    assert owed() == sorted([first.email, pending.email])
    outbox.send_due()
    told_late = next(mail.body for mail in mailoutbox if mail.to == [pending.email])
    assert "2 people had" in " ".join(told_late.split())
    assert "Nobody is thanked twice" in told(desk.post("outcome-move", campaign.pk, "thank"))


def answered(status):
    response = requests.Response()
    response.status_code = status
    return AnymailRequestsAPIError("Invalid JSON", response=response)


def test_the_database_refuses_a_second_mail_of_thanks_to_one_person(desk):
    pledge = willing(closed(desk))
    outcome = published(pledge.campaign)
    for _ in range(2):
        owe_thanks(outcome, [(pledge, "x")], clock.now())
    mail = OutboxMail.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMail.objects.create(
            organization=mail.organization, pledge=pledge, kind="thanks", about="something else",
            not_before=clock.now(), created_at=clock.now(),
        )  # fmt: skip


class Broken(Exception):
    pass


def test_a_worker_that_dies_after_the_hand_over_leaves_it_uncertain_and_sends_it_never_again(
    desk, monkeypatch, mailoutbox
):
    pledge = willing(closed(desk))
    thank(published(pledge.campaign), desk)

    def dies(*_args, **_changes):
        raise Broken

    with monkeypatch.context() as broken:
        broken.setattr("campaigns.delivery.outbox._record", dies)
        with pytest.raises(Broken):
            outbox.send_due()
    assert len(mailoutbox) == 1
    clock.move(timedelta(minutes=10))
    for _ in range(2):
        outbox.send_due()
    assert len(mailoutbox) == 1 and OutboxMail.objects.get().state == "uncertain"
    assert "Uncertain: begun, and the answer was lost" in desk.read("campaign-outcome", pledge.campaign.pk)


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (smtplib.SMTPServerDisconnected("gone after the last line"), "uncertain"),
        (TimeoutError(), "uncertain"),
        (answered(200), "uncertain"),
        (answered(503), "uncertain"),
        (answered(400), "queued"),
        (smtplib.SMTPDataError(451, b"later"), "queued"),
        (smtplib.SMTPRecipientsRefused({}), "queued"),
    ],
)
def test_only_what_was_refused_is_tried_again(desk, monkeypatch, fault, state):
    pledge = willing(closed(desk))
    thank(published(pledge.campaign), desk)

    def fails(*_args, **_kwargs):
        raise fault

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", fails)
    outbox.send_due()
    assert OutboxMail.objects.get().state == state


def test_what_somebody_waits_for_goes_before_thousands_of_thanks(desk, mailoutbox):
    campaign = closed(desk)
    people = [willing(campaign) for _ in range(3)]
    thank(published(campaign), desk)
    pending = make.PledgeFactory(campaign=campaign, state="pending", supporter=None, confirmed_at=None)
    clock.move(timedelta(minutes=1))
    OutboxMail.objects.create(
        organization=desk.organization,
        pledge=pending,
        kind="confirm",
        not_before=clock.now(),
        created_at=clock.now(),
    )
    outbox.send_due(limit=2)
    assert confirm_token(pending) in mailoutbox[0].body and mailoutbox[1].to[0] in {p.email for p in people}


def test_the_page_before_thanking_asks_no_more_for_many_than_for_one(desk):
    campaign = closed(desk)
    counts = []
    published(campaign)
    for n in (1, 9):
        for _ in range(n):
            willing(campaign, confirmed_at=clock.now() - timedelta(hours=1))
        with CaptureQueriesContext(connection) as queries:
            desk.get("outcome-move", campaign.pk, "thank")
        counts.append(len(queries))
    assert counts[0] == counts[1]
