"""What came of a campaign: written, published, corrected in the open, and read by anybody."""

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.cache import caches
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from PIL import Image

from campaigns.actions.campaigns import open_campaign
from campaigns.actions.outcomes import edit_outcome
from campaigns.errors import ActionRefused
from campaigns.models import Outcome, OutcomeCorrection
from contacts import clock
from contacts.models import AuditEntry
from tests import factories as make
from tests.campaigns.console import Desk, told, words
from tests.campaigns.visitor import url

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def desk(client):
    return Desk(client)


def closed(desk=None, **fields):
    organization = {"organization": desk.organization} if desk else {}
    opened = clock.now() - timedelta(days=60)
    return make.CampaignFactory(
        state="closed", opened_at=opened, closed_at=clock.now(), **organization, **fields
    )


def complete(desk):
    """One that lacks nothing to be opened again."""
    now = clock.now()
    campaign = make.campaign_with_targets(organization=desk.organization, state="closed", closed_at=now)
    make.DriveFactory(campaign=campaign, state="draft")
    return campaign


def said(**changes):
    return {
        "result": "partly_won",
        "on": clock.today().isoformat(),
        "headline": "Six weeks instead of four",
        "changed": "The house voted **31 to 18** <script>x</script>",
        "learned": "Begin before the budget.",
        **changes,
    }


def public(client, outcome):
    client.logout()
    caches["pages"].clear()
    return client.get(url(outcome.campaign, "outcome/"))


def test_it_is_a_draft_nobody_reads_until_it_is_published(desk, client):
    campaign = closed(desk)
    assert "Nobody has written it yet" in desk.read("campaign-outcome", campaign.pk)
    desk.post("outcome-edit", campaign.pk, **said())
    outcome = Outcome.objects.get()
    assert "Six weeks instead of four" in desk.read("campaign-outcome", campaign.pk)
    assert public(client, outcome).status_code == 404
    assert "Six weeks" not in words(client.get(url(campaign))) + words(client.get("/"))
    client.force_login(desk.user)
    page = desk.read("outcome-move", campaign.pk, "publish")
    assert "Nobody gets a mail" in page and Outcome.objects.get().published_at is None
    desk.post("outcome-move", campaign.pk, "publish")
    page = public(client, outcome).content.decode()
    assert "<strong>31 to 18</strong>" in page and "<script>x" not in page
    assert "Begin before the budget." in page and "Partly won" in page
    assert f'{url(campaign, "outcome/")}"' in client.get(url(campaign)).content.decode()
    assert "Six weeks instead of four" in words(client.get("/"))


def test_an_open_campaign_has_no_outcome_to_publish(desk):
    campaign = make.CampaignFactory(organization=desk.organization)
    desk.post("outcome-edit", campaign.pk, **said())
    assert "Close the campaign first" in desk.read("outcome-move", campaign.pk, "publish")
    assert "Close the campaign first" in told(desk.post("outcome-move", campaign.pk, "publish"))
    assert Outcome.objects.get().published_at is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"result": ""}, "required"),
        ({"result": "splendid"}, "valid choice"),
        ({"headline": ""}, "required"),
        ({"on": "2099-01-01"}, "This day has not come yet"),
        ({"on": "soon"}, "valid date"),
    ],
)
def test_what_is_missing_or_wrong_is_named(desk, changes, why):
    campaign = closed(desk)
    answer = desk.post("outcome-edit", campaign.pk, **said(**changes))
    assert answer.status_code == 422 and why in words(answer)
    assert not Outcome.objects.exists()


def test_a_correction_says_why_and_when_and_keeps_what_stood_there(desk, client):
    outcome = make.OutcomeFactory(campaign=closed(desk), changed="31 to 18")
    campaign = outcome.campaign
    again = said(result="won", headline=outcome.headline, changed="31 to 17", learned="")
    assert desk.post("outcome-edit", campaign.pk, **again).status_code == 422
    clock.move(timedelta(days=1))
    desk.post(
        "outcome-edit",
        campaign.pk,
        **{**again, "on": outcome.on.isoformat(), "reason": "A vote was miscounted."},
    )
    correction = OutcomeCorrection.objects.get()
    assert (correction.changed, correction.replaced_by) == ("31 to 18", desk.user)
    page = words(public(client, outcome))
    assert "31 to 17" in page and "31 to 18" not in page
    assert "corrected on" in page and "A vote was miscounted." in page
    assert AuditEntry.objects.filter(verb="correct outcome").count() == 1


def test_saving_the_same_again_is_no_correction(desk):
    outcome = make.OutcomeFactory(campaign=closed(desk), learned="")
    same = {name: getattr(outcome, name) for name in Outcome.WORDS}
    desk.post("outcome-edit", outcome.campaign.pk, **{**same, "on": outcome.on.isoformat()}, reason="Nothing")
    outcome.refresh_from_db()
    assert outcome.edited_at is None and not OutcomeCorrection.objects.exists()
    with pytest.raises(ActionRefused, match="why"):
        edit_outcome(outcome=outcome, actor=desk.user, **{**same, "changed": "Other"})


def test_a_draft_is_deleted_and_what_is_public_is_not(desk):
    draft = make.OutcomeFactory(campaign=closed(desk), published_at=None)
    desk.post("outcome-move", draft.campaign.pk, "delete")
    assert not Outcome.objects.exists()
    shown = make.OutcomeFactory(campaign=closed(desk))
    assert "Correct it instead" in desk.read("outcome-move", shown.campaign.pk, "delete")
    desk.post("outcome-move", shown.campaign.pk, "delete")
    assert Outcome.objects.get() == shown


def test_it_rests_on_milestones_figures_and_stances_that_were_recorded(desk, client):
    campaign = closed(desk)
    measure = campaign.measure
    passed = make.MeasureEventFactory(measure=measure, kind="passed", note="31 to 18", on=clock.today())
    struck = make.MeasureEventFactory(measure=measure, kind="heard", note="On a wrong day", on=clock.today())
    make.MeasureEventFactory(
        measure=measure, kind="struck", strikes=struck, reason="It was another bill", on=clock.today()
    )
    mover, silent = make.LegislatorFactory(name="Mo Mover"), make.LegislatorFactory(name="Sil Ent")
    for level, days in ((2, 90), (3, 61), (4, 5)):
        make.StanceFactory(
            measure=measure, legislator=mover, level=level, on=clock.today() - timedelta(days=days)
        )
    make.StanceFactory(measure=measure, legislator=silent, level=5, on=clock.today() - timedelta(days=3))
    figure = make.EvidenceFactory(
        issue=campaign.issue, claim="People waited", source_url="https://survey.example.org/w"
    )
    form = desk.read("outcome-edit", campaign.pk)
    assert "Mo Mover: Undecided → Supports" in form and "Sil Ent: not known before → Champion" in form
    assert "On a wrong day" not in form
    desk.post(
        "outcome-edit", campaign.pk,
        **said(events=[passed.pk], legislators=[mover.pk, silent.pk], evidence=[figure.pk]),
    )  # fmt: skip
    desk.post("outcome-move", campaign.pk, "publish")
    outcome = Outcome.objects.get()
    page = words(public(client, outcome))
    assert "31 to 18" in page and "MoMoverUndecided" in page.replace(" ", "")
    assert "SilEntNotknownbeforeChampion" in page.replace(" ", "")
    assert "Leans against" not in page
    assert "People waited" in page and "https://survey.example.org/w" in page
    # Each is read from what was recorded: a milestone struck later is gone.
    make.MeasureEventFactory(measure=measure, kind="struck", strikes=passed, reason="It was the other house")
    assert "Passed" not in words(public(client, outcome))


def test_nothing_of_another_organisation_or_measure_is_linked(desk):
    campaign = closed(desk)
    make.EvidenceFactory(issue=campaign.issue)
    make.MeasureEventFactory(measure=campaign.measure)
    foreign = make.EvidenceFactory()
    event = make.MeasureEventFactory()
    for changes in ({"evidence": [foreign.pk]}, {"events": [event.pk]}):
        assert desk.post("outcome-edit", campaign.pk, **said(**changes)).status_code == 422
    assert not Outcome.objects.exists()
    other = closed()
    for name, args in (
        ("campaign-outcome", ()),
        ("outcome-edit", ()),
        ("outcome-move", ("publish",)),
        ("thanks-preview", ()),
    ):
        assert desk.get(name, other.pk, *args).status_code == 404


def test_a_campaign_that_opens_again_has_a_draft_again_that_its_closing_publishes(desk, client):
    campaign = complete(desk)
    outcome = make.OutcomeFactory(campaign=campaign, learned="Begin earlier")
    assert "is a draft again" in desk.read("campaign-move", campaign.pk, "open")
    desk.post("campaign-move", campaign.pk, "open")
    outcome.refresh_from_db()
    assert outcome.published_at is None and outcome.campaign.state == "open"
    assert AuditEntry.objects.filter(verb="take back outcome", object_id=str(outcome.pk)).exists()
    make.PledgeFactory(campaign=campaign)
    day = clock.today().isoformat()
    desk.post("campaign-move", campaign.pk, "close", outcome="lost", outcome_text="It fell.", outcome_on=day)
    outcome.refresh_from_db()
    assert (outcome.result, outcome.people_count, outcome.learned) == ("lost", 1, "Begin earlier")
    assert "It fell." in words(public(client, outcome))


def test_a_campaign_whose_people_were_thanked_does_not_open_again(desk):
    campaign = complete(desk)
    make.OutcomeFactory(campaign=campaign, thanked_at=clock.now())
    assert "can’t be opened again" in desk.read("campaign-move", campaign.pk, "open")
    desk.post("campaign-move", campaign.pk, "open")
    with pytest.raises(ActionRefused, match="thanked"):
        open_campaign(campaign=campaign, actor=desk.user)
    campaign.refresh_from_db()
    assert campaign.state == "closed" and campaign.outcome.published_at


def test_what_came_of_an_archived_campaign_stays_online(desk, client):
    campaign = closed(desk)
    outcome = make.OutcomeFactory(campaign=campaign)
    assert "stays online" in desk.read("campaign-move", campaign.pk, "archive")
    desk.post("campaign-move", campaign.pk, "archive")
    page = public(client, outcome)
    assert "Care within four weeks is law" in words(page) and f'{url(campaign)}"' not in page.content.decode()
    assert client.get(url(campaign)).status_code == 404
    assert "Care within four weeks is law" in words(client.get(f"/wins/{desk.organization.slug}/"))
    hidden = make.OutcomeFactory(campaign=closed(desk, is_test=True))
    type(hidden.campaign).objects.filter(pk=hidden.campaign.pk).update(state="archived")
    assert public(client, hidden).status_code == 404


def test_what_is_kept_for_everybody_is_in_one_language_whoever_asks_first(client):
    outcome = make.OutcomeFactory(campaign__organization__language="es", headline="Ley")
    feed = f"/wins/{outcome.campaign.organization.slug}/news.atom"
    texts = {client.get(feed, headers={"accept-language": one}).content for one in ("fr", "en", "es")}
    assert len(texts) == 1 and b"Lograda" in texts.pop()


@pytest.mark.parametrize("role", ["staff", "reviewer"])
def test_staff_and_reviewers_read_it_and_change_nothing(client, role):
    desk = Desk(client, role=role)
    outcome = make.OutcomeFactory(campaign=closed(desk))
    assert desk.get("campaign-outcome", outcome.campaign.pk).status_code == 200
    for name, args in (("outcome-edit", ()), ("outcome-move", ("thank",)), ("thanks-preview", ())):
        assert desk.get(name, outcome.campaign.pk, *args).status_code == 403


def test_two_who_write_it_at_once_keep_the_first(desk):
    campaign = closed(desk)
    make.OutcomeFactory(campaign=campaign, published_at=None, headline="The first")
    with pytest.raises(IntegrityError), transaction.atomic():
        make.OutcomeFactory(campaign=campaign)
    assert Outcome.objects.get().headline == "The first"


def test_what_is_said_with_the_closing_is_published_at_once(desk, client):
    campaign = make.CampaignFactory(organization=desk.organization)
    make.PledgeFactory(campaign=campaign)
    step = {
        "outcome": "lost",
        "outcome_text": "It fell by **two** votes.",
        "outcome_on": clock.today().isoformat(),
    }
    assert desk.post("campaign-move", campaign.pk, "close", outcome_text="x").status_code == 422
    desk.post("campaign-move", campaign.pk, "close", **step)
    outcome = Outcome.objects.get()
    assert outcome.people_count == 1 and outcome.title == campaign.title
    assert "It fell by two votes." in words(public(client, outcome))


def test_the_wins_of_an_organisation_are_all_it_came_to_newest_first(client):
    organization = make.OrganizationFactory(name="Harbour")
    assert "Nothing to tell yet" in words(client.get(f"/wins/{organization.slug}/"))
    for n, result in enumerate(("lost", "partly_won", "won")):
        make.OutcomeFactory(
            campaign=make.CampaignFactory(organization=organization, state="closed"),
            result=result, headline=f"Told {n}", on=date(2025, 12, 31) + timedelta(days=n),
        )  # fmt: skip
    unseen = [
        {"campaign__is_test": True},
        {"published_at": None},
    ]
    for fields in unseen:
        make.OutcomeFactory(campaign__organization=organization, headline="Unseen", **fields)
    make.OutcomeFactory(headline="Elsewhere")
    caches["pages"].clear()
    answer = client.get(f"/wins/{organization.slug}/")
    page = words(answer)
    assert re.findall(r"Told \d|2025\b|2026\b", page.replace("December 2025", "").replace("January 2026", "")) == [
        "2026", "Told 2", "Told 1", "2025", "Told 0",
    ]  # fmt: skip
    assert "Unseen" not in page and "Elsewhere" not in page and "Lost" in page
    assert not answer.cookies
    assert client.get("/wins/nobody/").status_code == 404
    assert "Harbour" in words(client.get("/wins/"))


def test_with_one_organisation_the_start_leads_there(client):
    assert "whether it was won or lost" in words(client.get("/wins/"))
    organization = make.OutcomeFactory().campaign.organization
    assert client.get("/wins/").url == f"/wins/{organization.slug}/"


def test_the_feed_has_what_is_published_and_says_when_it_was_changed(client):
    outcome = make.OutcomeFactory(headline="Law\x0b now", edited_at=clock.now() + timedelta(hours=1))
    organization = outcome.campaign.organization
    make.OutcomeFactory(campaign__organization=organization, headline="A draft", published_at=None)
    answer = client.get(f"/wins/{organization.slug}/news.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    (entry,) = ET.fromstring(answer.content).iter(f"{ATOM}entry")  # our own
    assert entry.find(f"{ATOM}title").text == "Won: Law now"
    assert entry.find(f"{ATOM}link").get("href").endswith(url(outcome.campaign, "outcome/"))
    assert entry.find(f"{ATOM}updated").text > entry.find(f"{ATOM}published").text
    again = client.get(f"/wins/{organization.slug}/news.atom", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_other_sites_and_search_engines_are_told_what_it_is(client):
    outcome = make.OutcomeFactory(headline='Law "now" & <here>')
    page = client.get(url(outcome.campaign, "outcome/"))
    markup = page.content.decode()
    assert 'content="Law &quot;now&quot; &amp; &lt;here&gt;"' in markup and 'property="og:image"' in markup
    assert 'itemtype="https://schema.org/Article"' in markup and 'itemprop="datePublished"' in markup
    assert not page.cookies
    picture = client.get(url(outcome.campaign, "outcome/picture.png"))
    assert Image.open(BytesIO(picture.content)).size == (1200, 630)
    assert client.get(url(make.CampaignFactory(), "outcome/picture.png")).status_code == 404


def test_pages_ask_no_more_for_many_than_for_one(client):
    organization = make.OrganizationFactory()
    outcome = make.OutcomeFactory(campaign__organization=organization)
    counts = {"wins": [], "page": []}
    for n in (1, 8):
        for _ in range(n):
            make.OutcomeFactory(campaign__organization=organization)
            person = make.LegislatorFactory()
            make.StanceFactory(measure=outcome.campaign.measure, legislator=person)
            outcome.legislators.add(person)
            outcome.events.add(
                make.MeasureEventFactory(measure=outcome.campaign.measure, note=str(person.pk))
            )
            outcome.evidence.add(make.EvidenceFactory(issue=outcome.campaign.issue))
        for name, page in (
            ("wins", f"/wins/{organization.slug}/"),
            ("page", url(outcome.campaign, "outcome/")),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            counts[name].append(len(queries))
    assert counts["wins"][0] == counts["wins"][1] and counts["page"][0] == counts["page"][1]


def test_what_is_told_in_another_language_is_marked_and_said_on_every_page_that_tells_it(client):
    campaign = closed(ask="Pass the act", title="Care for all", issue__title="Waiting times")
    outcome = make.OutcomeFactory(campaign=campaign, headline="It is law", learned="Begin early.")
    make.MeasureEventFactory(measure=campaign.measure, note="The upper house agreed", on=outcome.on)
    outcome.events.set(campaign.measure.events.all())
    said = "Una parte de este texto está solo en inglés."
    parts = {
        url(campaign, "outcome/"): [
            "It is law",
            "Pass the act",
            "Begin early.",
            "The upper house agreed",
            "Waiting",
        ],
        f"/wins/{campaign.organization.slug}/": ["It is law", "Pass the act"],
        f"/impact/{campaign.organization.slug}/{campaign.issue.slug}/": [
            "It is law",
            "Pass the act",
            "Care for all",
        ],
    }
    for path, texts in parts.items():
        page = client.get(path, headers={"Accept-Language": "es"}).content.decode()
        assert page.count(said) == 1, path
        for text in texts:
            assert re.search(rf'lang="en"[^>]*>(<[^>]+>)*{text}', page), (path, text)
        caches["pages"].clear()
        assert said not in client.get(path).content.decode() and "only in" not in words(client.get(path))
