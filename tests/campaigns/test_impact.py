"""What changed on an issue: gap, ask, letters, stances, outcome and the figure afterwards, each with its rows."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts import clock
from tests import factories as make
from tests.campaigns.console import Desk, words

pytestmark = pytest.mark.django_db


def page_of(client, issue):
    caches["pages"].clear()
    return client.get(f"/impact/{issue.organization.slug}/{issue.slug}/")


def series(issue, **years):
    indicator = make.IndicatorFactory(
        organization=issue.organization, issue=issue, name="Days of waiting", unit="days",
        target=Decimal(28), target_source="The act",
    )  # fmt: skip
    for year, values in years.items():
        for value in values:
            make.IndicatorValueFactory(indicator=indicator, period=year.strip("y"), value=value)
    return indicator


def ended(issue, **fields):
    """A campaign that ran for a year until ninety days ago, with what came of it."""
    now = clock.now()
    campaign = make.CampaignFactory(
        organization=issue.organization, issue=issue, measure=make.MeasureFactory(issue=issue), state="closed",
        opened_at=now - timedelta(days=455), closed_at=now - timedelta(days=90), **fields,
    )  # fmt: skip
    make.OutcomeFactory(campaign=campaign, on=clock.today() - timedelta(days=90))
    return campaign


def test_it_goes_from_the_gap_to_what_came_afterwards_and_says_after_not_because(client):
    issue = make.IssueFactory()
    campaign = ended(issue)
    opened, over = campaign.opened_at.year - 1, clock.today().year + 1
    indicator = series(issue, **{f"y{opened}": [40, 50, 90], f"y{over}": [20, 30, 31]})
    drive = make.DriveFactory(campaign=campaign)
    for state in ("sent", "failed"):
        make.LetterFactory(
            drive=drive, state=state, sent_at=clock.now() if state == "sent" else None,
            message_id=f"<{state}@x.example>", legislator=make.LegislatorFactory(),
        )  # fmt: skip
    make.LetterFactory(drive=drive, is_test=True, pledge__is_test=True)
    for before, after in ((2, 4), (3, 1), (3, 3), (None, 5)):
        person = make.LegislatorFactory()
        for level, days in ((before, 460), (after, 100)):
            if level:
                make.StanceFactory(
                    measure=campaign.measure, legislator=person, level=level,
                    on=clock.today() - timedelta(days=days),
                )  # fmt: skip
    page = words(page_of(client, issue))
    assert (
        f"Days of waiting: 50 days in {opened}, before the first campaign; 30 days in {over}, after an outcome"
        in page
    )
    assert (
        "We don’t claim that one came because of the other" in page and "because of the campaign" not in page
    )
    assert "Target: 28 days (The act)." in page
    for said in ("1 moved towards", "1 moved away", "1 stayed where", "1 was not known before"):
        assert said in page
    assert "2people signed and confirmed" in page.replace("2 people", "2people")
    assert "1letter accepted" in page.replace("1 letter", "1letter") and "1 office was reached" in page
    assert "Care within four weeks is law" in page and "Won" in page
    source = indicator.values_by_place.first().source
    assert page.count(source) >= 6  # every figure's own row


def test_to_move_against_a_measure_that_we_oppose_is_to_move_towards_us(client):
    issue = make.IssueFactory()
    campaign = ended(issue)
    campaign.measure.position = "oppose"
    campaign.measure.save()
    person = make.LegislatorFactory()
    for level, days in ((4, 460), (2, 100)):
        make.StanceFactory(
            measure=campaign.measure, legislator=person, level=level, on=clock.today() - timedelta(days=days)
        )
    page = words(page_of(client, issue))
    assert "1 moved towards what we asked" in page and "0 moved away from it" in page


def test_what_is_not_known_yet_is_said_and_never_a_zero(client):
    issue = make.IssueFactory()
    campaign = make.CampaignFactory(organization=issue.organization, issue=issue)
    page = words(page_of(client, issue))
    assert "There are no figures over time" in page and "What came of it is not known yet." in page
    series(issue, **{f"y{campaign.opened_at.year - 1}": [40]})
    page = words(page_of(client, issue))
    assert "40 days" in page and "There is no figure yet for the time after an outcome." in page


def test_what_waits_to_open_has_not_begun_and_a_year_under_way_is_not_before(client):
    issue = make.IssueFactory()
    campaign = ended(issue)
    year = campaign.opened_at.year
    make.CampaignFactory(
        organization=issue.organization, issue=issue, title="Waits to open", state="scheduled", opened_at=None,
        opens_at=clock.now() + timedelta(days=3), created_at=clock.now() - timedelta(days=900),
    )  # fmt: skip
    series(issue, **{f"y{year - 1}": [50], f"y{year}": [40]})
    page = words(page_of(client, issue))
    assert f"50 days in {year - 1}, before the first campaign" in page and "Waits to open" not in page


def test_drafts_tests_and_issues_without_a_public_campaign_have_none(client):
    issue = make.IssueFactory()
    make.CampaignFactory(organization=issue.organization, issue=issue, state="draft", title="Hidden")
    make.CampaignFactory(organization=issue.organization, issue=issue, is_test=True, title="A test")
    assert page_of(client, issue).status_code == 404
    desk = Desk(client, issue.organization)
    assert "No campaign about this issue is public yet" in desk.read("issue-impact", issue.pk)
    shown = make.CampaignFactory(organization=issue.organization, issue=issue, title="Shown")
    make.OutcomeFactory(campaign=shown, published_at=None, headline="A draft")
    page = desk.read("issue-impact", issue.pk)
    assert "Shown" in page and "Hidden" not in page and "A test" not in page and "A draft" not in page
    assert desk.get("issue-impact", make.IssueFactory().pk).status_code == 404


def test_a_page_about_many_campaigns_asks_no_more_than_about_one(client):
    issue = make.IssueFactory()
    counts = []
    for n in (1, 7):
        for _ in range(n):
            campaign = ended(issue)
            make.DriveFactory(campaign=campaign)
            make.StanceFactory(measure=campaign.measure)
            series(issue, y2020=[1, 2])
        with CaptureQueriesContext(connection) as queries:
            assert page_of(client, issue).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
