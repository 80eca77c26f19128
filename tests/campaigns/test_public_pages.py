"""Pages anyone may open, and the mails to supporters."""

import html
import re
from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from campaigns.delivery.mail_texts import message
from campaigns.delivery.owed import owe, owe_news, owe_question, owe_reply, owe_thanks, owe_update
from campaigns.demo.content import COALITION
from campaigns.models import MailKind, OutboxMail
from contacts import clock
from policy.actions.measures import strike_event
from tests.campaigns.visitor import url
from tests.factories import (
    CampaignFactory,
    CampaignUpdateFactory,
    EvidenceFactory,
    InboundMailFactory,
    LetterFactory,
    MeasureEventFactory,
    OfficeQuestionFactory,
    OrganizationFactory,
    OutcomeFactory,
    PledgeFactory,
    PostFactory,
    ResourceFactory,
    RoleFactory,
    StanceFactory,
    TargetGroupFactory,
    TargetRuleFactory,
    campaign_with_targets,
    reachable,
)

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def test_a_milestone_that_was_struck_stands_on_no_public_page(client):
    campaign = campaign_with_targets()
    wrong = MeasureEventFactory(measure=campaign.measure, kind="passed", note="by one vote")
    strike_event(wrong=wrong, reason="It was another bill", source_url=wrong.source_url, actor=None)
    MeasureEventFactory(measure=campaign.measure, kind="heard", note="twelve witnesses")
    page = client.get(url(campaign)).content.decode()
    assert "twelve witnesses" in page
    assert "by one vote" not in page and "another bill" not in page and "Struck out" not in page


def test_the_start_lists_open_campaigns_of_every_organisation(client):
    first, second = CampaignFactory(title="Care in time"), CampaignFactory(title="Clean rivers")
    hidden = [
        CampaignFactory(title="Not yet", state="draft"),
        CampaignFactory(title="Only a test", is_test=True),
    ]
    PledgeFactory.create_batch(2, campaign=first)
    page = text(client.get("/"))
    for campaign in (first, second):
        assert campaign.title in page and f'href="{url(campaign)}"' in page
    assert "2 people of" in page
    assert not any(campaign.title in page for campaign in hidden)


def test_the_start_without_campaigns_gives_one_way_forward(client):
    assert "No campaign is open here" in text(client.get("/"))


def test_who_tries_it_out_is_told_what_is_there(client):
    def shown():
        caches["pages"].clear()
        return text(client.get("/"))

    assert "manage.py create_organization" in shown() and "demo accounts" not in shown()
    OrganizationFactory()
    assert "no mail leaves this machine" in shown() and "demo accounts" not in shown()
    OrganizationFactory(slug=COALITION["slug"])
    assert "demo accounts" in shown()


def test_the_start_asks_the_database_no_more_for_twenty_campaigns(client):
    CampaignFactory()
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    CampaignFactory.create_batch(19)
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(few) == len(many)


def test_the_campaign_page_asks_the_database_no_more_when_it_is_full(client):
    campaign = campaign_with_targets(posts=1)
    ResourceFactory(organization=campaign.organization)
    fixed = TargetGroupFactory(campaign=campaign, name="Chairs")

    def post_with_stance():
        post = reachable(PostFactory())
        TargetRuleFactory(group=fixed, kind="fixed", chamber=None, post=post)
        StanceFactory(measure=campaign.measure, legislator=post.memberships.get().legislator)

    def fill():
        EvidenceFactory(issue=campaign.issue)
        MeasureEventFactory(measure=campaign.measure, note=str(clock.now()))
        post_with_stance()
        LetterFactory(drive__campaign=campaign, drive__state="finished", state="ready")

    fill()
    with CaptureQueriesContext(connection) as few:
        client.get(url(campaign))
    for _ in range(19):
        fill()
    with CaptureQueriesContext(connection) as soon_after:
        client.get(url(campaign))
    assert len(soon_after) < len(few)  # what is the same for everybody is kept for half a minute
    caches["pages"].clear()
    with CaptureQueriesContext(connection) as many:
        page = text(client.get(url(campaign)))
    assert len(few) == len(many)
    assert "and 8 more" in page


def test_the_campaign_page_names_sources_and_marks_invented_figures(client):
    campaign = campaign_with_targets()
    EvidenceFactory(issue=campaign.issue, source_title="Harbour survey", is_example=True)
    page = text(client.get(url(campaign)))
    assert "Harbour survey" in page and "invented example" in page and "https://survey.example.org/" in page


def test_the_campaign_page_says_who_decides_where_they_stand_and_which_seat_is_vacant(client):
    campaign = campaign_with_targets(posts=1)
    group = TargetGroupFactory(campaign=campaign, name="Chairs")
    seated, vacant = reachable(PostFactory()), PostFactory(label="Chair of the committee")
    for post in (seated, vacant):
        TargetRuleFactory(group=group, kind="fixed", chamber=None, post=post)
    person = seated.memberships.get().legislator
    StanceFactory(measure=campaign.measure, legislator=person, level=5)
    page = text(client.get(url(campaign)))
    assert person.name in page and "Champion" in page
    assert "Vacant seat" in page and "Chair of the committee" in page
    own = campaign.target_groups.exclude(name="Chairs").get().rules.get().chamber
    assert f"<strong>{own.name}</strong>" in page


def test_the_number_of_people_is_the_honest_one_and_leads_to_its_definition(client):
    campaign = campaign_with_targets()
    PledgeFactory.create_batch(3, campaign=campaign)
    for state in ("pending", "withdrawn", "expired", "held", "invalidated"):
        PledgeFactory(campaign=campaign, state=state)
    PledgeFactory(campaign=campaign, is_test=True)
    page = text(client.get(url(campaign)))
    assert re.search(r'progress-number">3 ', page) and 'href="/how-we-count/' in page


def test_the_form_comes_before_the_reasons(client):
    page = text(client.get(url(campaign_with_targets())))
    assert page.index('name="postal_code"') < page.index("Why it matters")


def test_the_reasons_are_markdown_that_can_do_no_harm(client):
    campaign = campaign_with_targets(
        why="**Now** [here](javascript:alert(1)) <script>alert(1)</script> <img src=x onerror=alert(1)>"
    )
    page = text(client.get(url(campaign)))
    assert "<strong>Now</strong>" in page
    assert "<script>alert" not in page and "<img src=x" not in page and 'href="javascript' not in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "paused"}, "Paused"),
        ({"state": "closed"}, "This campaign has ended"),
        ({"state": "closed", "result": "won", "changed": "The law **passed**."}, "Won"),
        ({"state": "closed", "result": "lost"}, "Lost"),
    ],
)
def test_a_campaign_that_is_not_open_says_so_and_takes_nothing(client, fields, words):
    campaign = campaign_with_targets(state=fields["state"])
    if "result" in fields:
        OutcomeFactory(campaign=campaign, **{n: v for n, v in fields.items() if n != "state"})
    page = text(client.get(url(campaign)))
    assert words in page and 'name="email"' not in page
    if "changed" in fields:
        assert "<strong>passed</strong>" in page
    assert client.post(url(campaign, "sign/"), {"name": "Ada"}).status_code == 409


@pytest.mark.parametrize("state", ["draft", "in_review", "archived"])
def test_what_is_not_public_is_seen_by_its_own_organisation_only(client, state):
    campaign = CampaignFactory(state=state)
    pages = [url(campaign, tail) for tail in ("", "check-mail/", "send-link/")]
    assert [client.get(page).status_code for page in pages] == [404] * 3
    client.force_login(RoleFactory().user)
    assert [client.get(page).status_code for page in pages] == [404] * 3
    client.force_login(RoleFactory(organization=campaign.organization).user)
    assert client.get(pages[0]).status_code == 200


def test_a_campaign_under_another_organisations_address_is_not_found(client):
    campaign = campaign_with_targets()
    assert client.get(f"/c/{OrganizationFactory().slug}/{campaign.slug}/").status_code == 404


def test_a_campaign_in_test_mode_says_so(client):
    assert "test mode" in text(client.get(url(campaign_with_targets(is_test=True))))


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_every_page_opens_in_every_enabled_language(client, language):
    campaign = campaign_with_targets()
    for page in ("/", "/how-we-count/", "/privacy/", url(campaign), url(campaign, "check-mail/")):
        answer = client.get(page, headers={"accept-language": language})
        assert answer.status_code == 200 and f'<html lang="{language}"' in text(answer)


def test_each_public_figure_has_its_definition(client):
    page = text(client.get("/how-we-count/"))
    for name in ("people", "goal", "letters-accepted", "letters-uncertain", "letters-failed", "offices"):
        assert f'id="{name}"' in page


def test_programs_are_told_what_to_leave_alone_and_where_to_report(client):
    assert client.get("/.well-known/security.txt").status_code == 404
    first = OrganizationFactory(email="safe@harbour.example")
    clock.move(timedelta(seconds=1))
    OrganizationFactory(email="other@harbour.example")
    assert "Disallow: /p/" in text(client.get("/robots.txt"))
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"].startswith("text/plain")
    assert f"Contact: mailto:{first.email}" in text(answer)
    expires = date.fromisoformat(re.search(r"Expires: (\S+)T", text(answer)).group(1))
    assert timedelta(days=30) < expires - clock.today() < timedelta(days=365)


def test_a_page_asked_for_in_a_way_it_does_not_know_refuses(client):
    campaign = campaign_with_targets()
    assert client.post("/").status_code == 405
    assert client.put(url(campaign)).status_code == 405
    assert client.get(url(campaign, "sign/")).status_code == 405


# Mails -------------------------------------------------------------------------------------------


def mail_of(kind):
    letter = LetterFactory(body="My *own* <words> & more.")
    if kind in {MailKind.LETTER_FAILED, MailKind.SEAT_CHANGED, MailKind.OFFICE_STOPPED}:
        owe_news(letter, kind, clock.now())
    elif kind == MailKind.REPLY:
        owe_reply(letter, InboundMailFactory(letter=letter).pk, clock.now())
    elif kind in {MailKind.QUESTION, MailKind.QUESTION_AGAIN}:
        question = OfficeQuestionFactory(letter=letter)
        owe_question(letter.pledge, kind, str(question.pk), clock.now())
    elif kind == MailKind.UPDATE:
        news = CampaignUpdateFactory(campaign=letter.pledge.campaign, published_at=clock.now())
        owe_update(news, [(letter.pledge, "")], clock.now())
    elif kind == MailKind.THANKS:
        owe_thanks(OutcomeFactory(campaign=letter.pledge.campaign), [(letter.pledge, "")], clock.now())
    else:
        owe(letter.pledge, kind, clock.now())
    return message(OutboxMail.objects.get()), letter


# An alarm goes to those who run drives (test_domains.py), the end of long work to whoever began it, word of a campaign
# that did not open to its organizers, mails about a story to its writer, and of partners to owners.
TO_STAFF = {MailKind.ALARM, MailKind.JOB, MailKind.NOT_OPENED}
TO_SUPPORTERS = [
    kind.value
    for kind in MailKind
    if kind not in TO_STAFF and not kind.startswith(("story_", "event_", "endorse_", "partner_"))
]


def words_of(markup):
    body = re.sub(r"(?s)<(style|title)>.*?</\1>", "", markup)
    return html.unescape(re.sub(r"<[^>]+>", " ", body)).split()


@pytest.mark.parametrize("kind", TO_SUPPORTERS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_mail_says_what_to_do_why_it_came_from_whom_and_how_to_end_it(kind, language):
    mail, letter = mail_of(kind)
    letter.pledge.language = language
    organization = letter.drive.campaign.organization
    markup = mail.alternatives[0][0]
    assert mail.subject and "\n" not in mail.subject and len(mail.subject) < 200
    for version in (mail.body, html.unescape(markup).replace("<br>", "\n")):
        assert organization.name in version and "1 Quay Street" in version
        assert "You get this because" in version
        if kind != MailKind.ERASED:  # the last one: nothing is left to end, and nobody is left to name
            assert "/stop/" in version and letter.pledge.name in version
    assert set(re.findall(r"https?://\S+?/p/\S+/", mail.body)) <= set(
        re.findall(r"https?://[^\"<\s]+/p/[^\"<\s]+/", markup)
    )
    assert "<script" not in markup and "<img" not in markup and "http-equiv" not in markup


@pytest.mark.parametrize("kind", TO_SUPPORTERS)
def test_text_and_html_of_a_mail_use_the_same_words(kind):
    mail, _letter = mail_of(kind)
    said = set(words_of(mail.alternatives[0][0]))
    plain = {
        word
        for word in mail.body.split()
        if word not in {"--", "-"} and "/stop/" not in word and "/u/" not in word
    }
    missing = {word for word in plain if word.rstrip(":") not in said and word not in said}
    assert missing == set()


def test_a_failed_letter_comes_back_whole_to_its_writer():
    mail, letter = mail_of(MailKind.LETTER_FAILED)
    assert letter.body in mail.body and html.escape(letter.body) in mail.alternatives[0][0]


def test_confirming_mail_carries_nothing_a_stranger_typed_but_the_name():
    letter = LetterFactory()
    pledge = letter.pledge
    pledge.comment, pledge.city = "Buy pills at spam.example", "Spam Town"
    pledge.save()
    owe(pledge, MailKind.CONFIRM, clock.now())
    mail = message(OutboxMail.objects.get())
    for version in (mail.body, mail.alternatives[0][0]):
        assert "pills" not in version and "Spam Town" not in version
    assert render_to_string("mail/confirm.subject.txt", {"campaign": pledge.campaign}).strip() == mail.subject
