"""Every chart beside its table, and every table as a file: the page's own rows, under the page's own rights."""

import csv
import html
import io
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import caches
from openpyxl import load_workbook

from contacts import clock
from policy.models import Stance
from tests import factories as make
from tests.campaigns.console import Desk, words
from tests.campaigns.partners import partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    return Desk(client, organization=make.OrganizationFactory(time_zone="America/New_York"))


def files_on(page):
    """The addresses of a page's files, in its order."""
    found = re.findall(r'href="([^"]*format=(?:csv|xlsx))"', page.content.decode())
    return [html.unescape(address) for address in found]


def opened(client, page_url, address):
    """A file's rows, whichever format it has."""
    answer = client.get(address if address.startswith("/") else page_url + address)
    assert answer.status_code == 200, address
    ending = address.rpartition("=")[2]
    assert (
        answer["Content-Disposition"].endswith(f'.{ending}"')
        and "attachment" in answer["Content-Disposition"]
    )
    if ending == "csv":
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    return [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)]


def pairs(client, page_url):
    """Each table of a page as its CSV says it, after the workbook said the same."""
    addresses = files_on(client.get(page_url))
    assert addresses and len(addresses) % 2 == 0
    found = []
    for one, other in zip(addresses[::2], addresses[1::2], strict=True):
        assert one.endswith("csv") and other.endswith("xlsx")
        rows = opened(client, page_url, one)
        assert [[_plain(cell) for cell in row] for row in opened(client, page_url, other)] == [
            [_plain(cell) for cell in row] for row in rows
        ]
        found.append(rows)
    return found


def _plain(cell):
    try:
        return float(cell)
    except ValueError:
        return cell


@pytest.fixture
def drive(desk):
    return make.DriveFactory(
        campaign__organization=desk.organization, campaign__slug="care", name="First wave"
    )


def test_a_drives_board_gives_its_letters_and_its_hours(desk, drive):
    left = datetime(2026, 11, 1, 5, 20, tzinfo=UTC)  # 1:20 in New York, an hour before it is 1:20 there again
    for n, at in enumerate((left, left, left + timedelta(hours=1))):
        make.LetterFactory(
            drive=drive,
            state="sent",
            sent_at=at,
            message_id=f"<{n}@x.example>",
            legislator=make.LegislatorFactory(),
        )
    make.LetterFactory(drive=drive, state="withdrawn")
    letters, hours = pairs(desk.client, desk.url("drive", drive.pk))
    assert letters[0] == ["What became of them", "Letters"] and letters[1] == [
        "Accepted by a mail server",
        "3",
    ]
    assert letters[-1] == ["Withdrawn or stopped", "1"]
    assert sum(int(row[1]) for row in letters[1:]) == 4
    assert hours == [
        ["Hour from", "Planned", "Accepted"],
        ["2026-11-01T01:00-04:00", "2", "2"],
        ["2026-11-01T01:00-05:00", "1", "1"],
    ]
    page = desk.read("drive", drive.pk)
    assert "Letters of the drive" in desk.get("drive", drive.pk).content.decode()
    assert "Withdrawn or stopped1" in page  # the last row of the table, as it is in the file
    # The part that refreshes itself has the page's files, not its own.
    assert all(
        address.startswith(desk.url("drive", drive.pk))
        for address in files_on(desk.get("drive-board", drive.pk))
    )


def test_a_rehearsal_gives_its_plan_by_hour(desk):
    campaign = make.campaign_with_targets(posts=1, organization=desk.organization)
    drive = make.DriveFactory(campaign=campaign, starts_at=clock.now(), all_day=True)
    post = campaign.target_groups.get().rules.get().chamber.posts.get()
    for _ in range(3):
        make.LetterFactory(drive=drive, post=post, state="ready")
    (hours,) = pairs(desk.client, desk.url("rehearsal", drive.pk))
    assert hours[0] == ["Hour from", "Letters"] and sum(int(n) for _hour, n in hours[1:]) == 3


def test_a_campaigns_page_gives_its_days_and_places(desk):
    campaign = make.CampaignFactory(organization=desk.organization)
    at = clock.now() - timedelta(days=3)
    for days, city in ((0, "=Quay"), (1, "=Quay"), (1, "Millbeck")):
        make.PledgeFactory(campaign=campaign, city=city, confirmed_at=at + timedelta(days=days))
    days, places = pairs(desk.client, desk.url("campaign-detail", campaign.pk))
    first = at.astimezone(ZoneInfo("America/New_York")).date()
    assert days == [["Day", "People"], [f"{first}", "1"], [f"{first + timedelta(days=1)}", "2"]]
    assert places == [["Place", "People"], ["'=Quay", "2"], ["Millbeck", "1"]]  # no formula


def test_a_measure_gives_where_legislators_stand(desk):
    measure = make.MeasureFactory(issue__organization=desk.organization)
    stance = make.StanceFactory(
        measure=measure, level=5, on=clock.today(), source_url="https://news.example/1"
    )
    Stance.objects.update(evidence="+1 for it")
    make.StanceFactory(measure=measure, level=1, legislator=make.LegislatorFactory())
    ((head, first, second),) = pairs(desk.client, desk.url("measure", measure.pk))
    assert head == ["Legislator", "Stance", "As of", "Evidence", "Source"]
    assert first == [
        stance.legislator.name,
        "Champion",
        clock.today().isoformat(),
        "'+1 for it",
        "https://news.example/1",
    ]
    assert second[1] == "Opposed"


def test_a_joint_campaign_gives_its_days_to_the_partner(client):
    part = partner(make.CampaignFactory())
    for days in (0, 2):
        make.PledgeFactory(campaign=part.campaign, confirmed_at=clock.now() - timedelta(days=days))
    desk = Desk(client, organization=part.organization, role="staff")
    url = desk.url("joint-campaign", part.pk)
    (days,) = pairs(client, url)
    assert days[0] == ["Day", "People"] and [row[1] for row in days[1:]] == ["1", "1"]
    stranger = Desk(client, organization=make.OrganizationFactory())
    assert stranger.get("joint-campaign", part.pk, format="csv").status_code == 404


def test_a_whip_count_gives_the_chamber_that_is_shown(desk):
    measure = make.MeasureFactory(issue__organization=desk.organization)
    make.seats(make.ChamberFactory(jurisdiction=measure.jurisdiction, name="A house"), [5], measure)
    other = make.ChamberFactory(jurisdiction=measure.jurisdiction, name="B house")
    make.seats(other, [1, None], measure)
    url = f"{desk.url('whip', measure.pk)}?chamber={other.pk}"
    addresses = files_on(desk.client.get(url))
    rows = [opened(desk.client, desk.url("whip", measure.pk), address) for address in addresses]
    assert [len(found) for found in rows] == [3, 3] and rows[0][0] == rows[1][0]


def test_an_indicator_gives_the_period_that_is_shown(desk):
    indicator = make.IndicatorFactory(organization=desk.organization)
    place = make.DivisionFactory()
    for period, value in (("2024", "0.125"), ("2025", "7")):
        make.IndicatorValueFactory(indicator=indicator, period=period, value=Decimal(value), division=place)
    page = desk.get("indicator", indicator.pk, period="2024")
    for address in files_on(page):
        head, row = opened(desk.client, desk.url("indicator", indicator.pk), address)
        assert float(row[head.index("value")]) == 0.125 and str(row[head.index("period")]) == "2024"


@pytest.fixture
def issue():
    """An issue with a campaign that anybody may read of, and more figures than its page lists."""
    issue = make.IssueFactory()
    make.CampaignFactory(organization=issue.organization, issue=issue)
    indicator = make.IndicatorFactory(organization=issue.organization, issue=issue, key="days", unit="days")
    make.IndicatorValueFactory(indicator=indicator, period="2020", value=40)
    for _ in range(61):
        make.IndicatorValueFactory(indicator=indicator, period="2021", value=30)
    return issue


def test_anybody_may_take_the_figures_of_a_public_page_along(client, issue):
    url = f"/impact/{issue.organization.slug}/{issue.slug}/"
    periods, figures = pairs(client, url)
    assert periods[1:] == [["2021", "30.0", "days", "61", ""], ["2020", "40.0", "days", "1", ""]]
    assert len(figures) == 63  # all, where the page lists the newest sixty
    desk = Desk(client, organization=issue.organization)
    assert pairs(client, desk.url("issue-impact", issue.pk)) == [periods, figures]


def test_a_kept_page_is_not_given_for_its_file(client, issue, settings):
    settings.KEPT_SECONDS = 60
    caches["pages"].clear()
    url = f"/impact/{issue.organization.slug}/{issue.slug}/"
    for _ in range(2):
        assert "What changed" in words(client.get(url))
        assert client.get(f"{url}?table=periods-days&format=csv")["Content-Type"].startswith("text/csv")


def test_what_is_no_table_or_no_format_is_not_found(desk, drive, client, issue):
    make.LetterFactory(drive=drive)
    for query in ({"table": "letters", "format": "exe"}, {"table": "people", "format": "csv"}):
        assert desk.get("drive", drive.pk, **query).status_code == 404
    url = f"/impact/{issue.organization.slug}/{issue.slug}/"
    assert client.get(f"{url}?table=figures-other&format=csv").status_code == 404


@pytest.mark.parametrize("role", ["staff", "reviewer"])
def test_who_may_look_at_a_page_may_take_its_tables_along_and_nobody_else(client, role, drive, desk):
    make.LetterFactory(drive=drive)
    url = desk.url("drive", drive.pk) + "?format=csv"
    assert Desk(client, organization=desk.organization, role=role).client.get(url).status_code == 200
    assert Desk(client, organization=make.OrganizationFactory()).client.get(url).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302
