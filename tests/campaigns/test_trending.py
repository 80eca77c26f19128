"""Where signatures come from since yesterday: what is far beyond the usual comes first, however small its campaign."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Pledge
from contacts import clock
from tests import factories as make
from tests.campaigns.console import Desk, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    return Desk(client)


def campaign_of(desk, title, days=90):
    return make.CampaignFactory(
        organization=desk.organization, title=title, opened_at=clock.now() - timedelta(days=days)
    )


def signed(campaign, source, *numbers, state="pending", **fields):
    """So many signatures in the last 24 hours, so many in the 24 hours before, and so on."""
    at = clock.now() - timedelta(hours=1)
    Pledge.objects.bulk_create(
        make.PledgeFactory.build(
            campaign=campaign,
            source=source,
            supporter=None,
            state=state,
            confirmed_at=None,
            signed_at=at - timedelta(days=day),
            **fields,
        )
        for day, n in enumerate(numbers)
        for _ in range(n)
    )


def rows(desk, **query):
    """Campaign, source, signed, usual, confirmed and held of each row below the review."""
    page = desk.get("review", **query).content.decode()
    table = page.partition("Where signatures came from in the last 24 hours")[2]
    found = [re.findall(r"<td.*?>(.*?)</td>", row, re.DOTALL) for row in table.split("<tr")[2:]]
    return [[" ".join(re.sub(r"<.*?>", " ", cell).split()) for cell in row] for row in found]


def test_a_flood_on_a_small_campaign_comes_before_a_busy_campaigns_usual_day(desk):
    busy, small = campaign_of(desk, "Busy"), campaign_of(desk, "Small")
    signed(busy, "newsletter", 90, *[80] * 14, 500)  # what is older than the fourteen days says nothing
    signed(small, "poster", 2, *[1] * 14)
    signed(small, "bot", 60, 0, 7)
    signed(small, "bot", 20, state="held")
    make.PledgeFactory(campaign=small, source="bot")
    signed(small, "bot", 30, is_test=True)
    signed(small, "over", 0, 50)  # nobody came by it since yesterday
    assert rows(desk) == [
        ["Small", "bot more than usual", "81", "0.5", "1", "20"],
        ["Busy", "newsletter", "90", "80.0", "0", "0"],
        ["Small", "poster", "2", "1.0", "0", "0"],
    ]


def test_the_pages_filter_holds_for_them_too(desk):
    one, other = campaign_of(desk, "One"), campaign_of(desk, "Other")
    signed(one, "", 3)
    signed(other, "", 4)
    signed(make.CampaignFactory(), "elsewhere", 99)
    assert rows(desk, campaign=one.pk) == [["One", "No code in the link", "3", "0.0", "0", "0"]]
    assert {row[0] for row in rows(desk)} == {"One", "Other"}


def test_what_is_usual_is_said_of_the_days_on_which_a_campaign_was_open(desk):
    signed(campaign_of(desk, "New", days=4), "a", 10, 10, 11, 12)  # three whole days before the last 24 hours
    today = campaign_of(desk, "Today", days=1)
    signed(today, "b", 12, 3)
    assert rows(desk) == [
        ["Today", "b", "12", "–", "0", "0"],
        ["New", "a", "10", "11.0", "0", "0"],
    ]
    assert "too young to say what is usual" in desk.read("campaign-results", today.pk)


def test_a_handful_is_never_called_unusual(desk):
    signed(campaign_of(desk, "Quiet"), "friends", 9)
    assert rows(desk) == [["Quiet", "friends", "9", "0.0", "0", "0"]]


def test_the_ten_most_unusual_are_shown_whatever_number_of_codes_came(desk):
    campaign = campaign_of(desk, "Scattered")
    for n in range(14):
        signed(campaign, f"code-{n:02}", n + 1)
    assert [row[1].split()[0] for row in rows(desk)] == [f"code-{n:02}" for n in range(13, 3, -1)]


def test_a_campaigns_results_say_it_of_this_campaign_with_its_file(desk):
    campaign = campaign_of(desk, "Small")
    signed(campaign, "bot", 80, 0, 7)
    signed(campaign, "poster", 1, *[1] * 14)
    signed(campaign_of(desk, "Other"), "elsewhere", 99)
    page = desk.get("campaign-results", campaign.pk)
    assert "80 signatures with “bot”, where a usual day has 0.5" in words(page)
    assert "elsewhere" not in words(page)
    file = desk.get("campaign-results-file", campaign.pk, "trending", "csv").content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(file))) == [
        ["Source", "Signed", "On a usual day", "Confirmed", "Held"],
        ["bot", "80", "0.5", "0", "0"],
        ["poster", "1", "1.0", "0", "0"],
    ]


def test_a_campaign_whose_day_is_as_usual_says_so_and_one_without_says_nothing(desk):
    campaign = campaign_of(desk, "Steady")
    signed(campaign, "poster", 0, *[5] * 14)
    assert "The last 24 hours by source" not in desk.read("campaign-results", campaign.pk)
    signed(campaign, "poster", 6)
    assert "As many as on a usual day, or too few to tell" in desk.read("campaign-results", campaign.pk)


def test_the_review_asks_as_much_for_twenty_campaigns_as_for_one(desk):
    def asked(n):
        for k in range(n):
            signed(campaign_of(desk, f"Campaign {k}", days=k), "poster", 3, 1)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get("review").status_code == 200
        return len(queries)

    asked(1)
    assert asked(0) == asked(19)
