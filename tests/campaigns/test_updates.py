"""News of a campaign: on its page, in its feed, and by mail to those who want it, once."""

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from campaigns.actions.jobs import begin
from campaigns.actions.supporters import no_more_unasked
from campaigns.actions.updates import mail_update
from campaigns.delivery import outbox, owed
from campaigns.errors import ActionRefused
from campaigns.jobs.steps import work
from campaigns.models import CampaignUpdate, OutboxMail, Pledge
from contacts import clock
from contacts.addresses import address_hash
from contacts.models import Consent, Suppression
from tests.campaigns.visitor import url
from tests.factories import (
    CampaignFactory,
    CampaignUpdateFactory,
    PledgeFactory,
    RoleFactory,
    campaign_with_targets,
)

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def text(response):
    return " ".join(response.content.decode().split())


def console(client, campaign):
    """The address of the campaign's news, for somebody who may write it."""
    client.force_login(RoleFactory(organization=campaign.organization).user)
    return f"/console/{campaign.organization.slug}/campaigns/{campaign.pk}/news/"


def page_of(client, campaign):
    client.logout()
    caches["pages"].clear()
    return text(client.get(url(campaign)))


def who_wants_news(campaign, given=True, **fields):
    pledge = PledgeFactory(campaign=campaign, **fields)
    say(pledge, given)
    return pledge


def say(pledge, given):
    Consent.objects.create(
        supporter=pledge.supporter, purpose="contact", given=given, text_version="1", at=clock.now()
    )


def mail_now(update):
    """Mail news; gives the mailboxes that are owed it."""
    begin(mail_update(update=update, actor=RoleFactory(organization=update.campaign.organization).user))
    return list(
        OutboxMail.objects.filter(about=str(update.pk)).values_list("pledge__canonical_email", flat=True)
    )


def test_news_is_a_draft_until_it_is_published_and_says_when_it_was_changed(client):
    campaign = campaign_with_targets()
    news = console(client, campaign)
    client.post(f"{news}new/", {"title": "The committee met", "text": "It **voted** <script>x</script>"})
    update = CampaignUpdate.objects.get()
    assert "The committee met" not in page_of(client, campaign)
    news = console(client, campaign)
    assert "Nobody gets a mail" in text(client.get(f"{news}{update.pk}/publish/"))
    client.post(f"{news}{update.pk}/publish/")
    page = page_of(client, campaign)
    assert "The committee met" in page and "<strong>voted</strong>" in page and "<script>x" not in page
    assert "· changed" not in page
    news = console(client, campaign)
    client.post(f"{news}{update.pk}/", {"title": "The committee met", "text": "It voted, 8 to 3."})
    assert "· changed" in page_of(client, campaign)
    news = console(client, campaign)
    client.post(f"{news}{update.pk}/take-down/")
    assert "The committee met" not in page_of(client, campaign)


def test_the_feed_has_what_is_published_newest_first_and_answers_no_twice(client):
    campaign = CampaignFactory()
    for n in range(3):
        clock.move(timedelta(hours=1))
        CampaignUpdateFactory(campaign=campaign, title=f"News {n}", published_at=clock.now())
    CampaignUpdateFactory(campaign=campaign, title="A draft")
    assert f'href="{url(campaign, "news.atom")}"' in client.get(url(campaign)).content.decode()
    answer = client.get(url(campaign, "news.atom"))
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = ET.fromstring(answer.content)  # our own
    titles = [entry.find(f"{ATOM}title").text for entry in feed.iter(f"{ATOM}entry")]
    assert titles == ["News 2", "News 1", "News 0"]
    link = feed.find(f"{ATOM}entry/{ATOM}link").get("href")
    assert f'id="{link.partition("#")[2]}"' in client.get(url(campaign)).content.decode()
    again = client.get(url(campaign, "news.atom"), headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    assert client.get(url(CampaignFactory(state="draft"), "news.atom")).status_code == 404


def test_what_no_feed_can_carry_is_left_out_and_not_kept(client):
    campaign = campaign_with_targets(title="Care\x0b now", ask="Vote\x1f yes.")
    CampaignUpdateFactory(campaign=campaign, title="Old\x08", text="a\x0cb\ufffe", published_at=clock.now())
    feed = ET.fromstring(client.get(url(campaign, "news.atom")).content)
    assert feed.find(f"{ATOM}title").text == "Care now"
    assert feed.find(f"{ATOM}entry/{ATOM}title").text == "Old"
    client.post(f"{console(client, campaign)}new/", {"title": "It\x0b met", "text": "One\x1f\r\n\r\nTwo"})
    update = CampaignUpdate.objects.get(title__startswith="It")
    assert update.title == "It met" and update.text.split() == ["One", "Two"]


def test_a_page_with_much_news_asks_no_more_than_one_with_little(client):
    campaign = CampaignFactory()
    counts = []
    for n in (1, 19):
        CampaignUpdateFactory.create_batch(n, campaign=campaign, published_at=clock.now())
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as queries:
            client.get(url(campaign))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_only_who_agreed_gets_news_each_once(client, mailoutbox):
    campaign = campaign_with_targets()
    wants = who_wants_news(campaign)
    who_wants_news(campaign, given=False)
    changed_mind = who_wants_news(campaign)
    say(changed_mind, False)
    PledgeFactory(campaign=campaign)
    who_wants_news(CampaignFactory())
    who_wants_news(campaign, state="withdrawn")
    who_wants_news(campaign, is_test=True)
    stopped = who_wants_news(campaign)
    Suppression.objects.create(
        address_hash=address_hash(stopped.canonical_email), reason="asked", created_at=clock.now()
    )
    update = CampaignUpdateFactory(campaign=campaign, text="Dear all", published_at=clock.now())
    news = console(client, campaign)
    page = text(client.get(f"{news}{update.pk}/mail/"))
    assert (
        "At most 2 people get a mail" in page
        and "of 5 who signed" in page
        and OutboxMail.objects.count() == 0
    )
    page = text(client.post(f"{news}{update.pk}/mail/", follow=True))
    assert "1 mail is on its way" in page and "mailed to 1 person" in page
    assert "not mailed again" in text(client.post(f"{news}{update.pk}/mail/", follow=True))
    outbox.send_due()
    outbox.send_due()
    (mail,) = mailoutbox
    assert mail.to == [wants.email] and mail.subject == update.title and "Dear all" in mail.body
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    with pytest.raises(ActionRefused):
        mail_update(update=update, actor=RoleFactory(organization=campaign.organization).user)


def test_the_database_refuses_news_twice_for_one_person():
    pledge = who_wants_news(CampaignFactory())
    update = CampaignUpdateFactory(campaign=pledge.campaign, published_at=clock.now())
    for _ in range(2):
        owed.owe_update(update, [(pledge, "x")], clock.now())
    mail = OutboxMail.objects.get()
    mail.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMail.objects.create(
            organization=mail.organization,
            pledge=pledge,
            kind="update",
            about=str(update.pk),
            not_before=clock.now(),
            created_at=clock.now(),
        )


@pytest.mark.parametrize("what", ["unsubscribed", "stopped the organisation", "withdrew", "taken down"])
def test_who_ends_it_before_the_mail_leaves_gets_none(what, mailoutbox):
    pledge = who_wants_news(CampaignFactory())
    update = CampaignUpdateFactory(campaign=pledge.campaign, published_at=clock.now())
    mail_now(update)
    if what == "unsubscribed":
        say(pledge, False)
    elif what == "stopped the organisation":
        no_more_unasked(organization=pledge.campaign.organization, canonical=pledge.canonical_email)
    elif what == "withdrew":
        Pledge.objects.update(state="withdrawn")
    else:
        CampaignUpdate.objects.update(published_at=None, mailed_at=None)
    outbox.send_due()
    assert mailoutbox == [] and OutboxMail.objects.get().state == "dropped"


def test_what_somebody_waits_for_goes_before_thousands_of_news(mailoutbox):
    campaign = CampaignFactory()
    update = CampaignUpdateFactory(campaign=campaign, published_at=clock.now())
    people = [who_wants_news(campaign) for _ in range(3)]
    owed.owe_update(update, [(p, "x") for p in people], clock.now())
    clock.move(timedelta(minutes=1))
    owed.owe(PledgeFactory(campaign=campaign), "link", clock.now())
    outbox.send_due(limit=2)
    assert "link" in mailoutbox[0].body and mailoutbox[1].subject == update.title


def test_who_was_erased_and_signs_and_agrees_again_gets_news():
    campaign = CampaignFactory()
    pledge = who_wants_news(campaign)
    hashed = address_hash(pledge.canonical_email)
    stop = Suppression.objects.create(
        organization=campaign.organization, address_hash=hashed, reason="erased", created_at=clock.now()
    )
    assert mail_now(CampaignUpdateFactory(campaign=campaign, published_at=clock.now())) == []
    Suppression.objects.filter(pk=stop.pk).update(created_at=clock.now() - timedelta(days=1))
    update = CampaignUpdateFactory(campaign=campaign, published_at=clock.now())
    assert mail_now(update) == [pledge.canonical_email]


def test_news_is_owed_in_portions_each_person_once_whatever_breaks_off(monkeypatch):
    monkeypatch.setattr("campaigns.jobs.news._PORTION", 2)
    campaign = CampaignFactory()
    people = [who_wants_news(campaign) for _ in range(5)]
    household = who_wants_news(campaign)
    Pledge.objects.filter(pk=household.pk).update(canonical_email=people[0].canonical_email, name_key="b")
    elsewhere = people[1]
    Suppression.objects.create(
        organization=CampaignFactory().organization,
        address_hash=address_hash(elsewhere.canonical_email),
        reason="asked",
        created_at=clock.now(),
    )
    update = CampaignUpdateFactory(campaign=campaign, published_at=clock.now())
    job = mail_update(update=update, actor=RoleFactory(organization=campaign.organization).user)
    assert work(job.pk, seconds=-1) and OutboxMail.objects.filter(kind="update").count() <= 2

    def breaks_off(*_args, **_kwargs):
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr("campaigns.jobs.news.owe_update", breaks_off)
        with pytest.raises(OSError):
            work(job.pk, seconds=0)
    while work(job.pk, seconds=-1):
        pass
    owed = list(OutboxMail.objects.filter(kind="update").values_list("pledge__canonical_email", flat=True))
    assert sorted(owed) == sorted(p.canonical_email for p in people)
    update.refresh_from_db()
    assert update.mail_count == 5


def test_the_page_before_mailing_asks_no_more_for_many_than_for_one(client):
    campaign = campaign_with_targets()
    update = CampaignUpdateFactory(campaign=campaign, published_at=clock.now())
    page = f"{console(client, campaign)}{update.pk}/mail/"
    counts = []
    for n in (1, 9):
        for _ in range(n):
            who_wants_news(campaign)
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        counts.append(len(queries))
        assert not any("canonical_email" in q["sql"] and "COUNT" not in q["sql"] for q in queries)
    assert counts[0] == counts[1]
