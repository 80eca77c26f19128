"""Openings of a campaign's page are counted by day and source: no cookie, nothing of the visitor, no wait."""

from datetime import timedelta
from time import monotonic, sleep

import pytest
from django.urls import reverse

from campaigns import page_views, tallies
from campaigns.models import Tally, TallyKind
from campaigns.sources import source_of
from contacts import clock
from tests import factories as make

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"


def look(client, campaign, name="campaign", agent=PHONE, method="get", **query):
    path = reverse(f"campaigns:{name}", args=[campaign.organization.slug, campaign.slug])
    return getattr(client, method)(path, query, headers={"user-agent": agent} if agent else {})


def counted(campaign):
    return dict(tallies.sums(TallyKind.VIEWS, [campaign.pk]))


@pytest.fixture
def campaign():
    return make.CampaignFactory(state="open", is_test=False)


def test_openings_are_counted_by_day_and_source_when_the_process_writes(client, campaign):
    for source in ("newsletter", "newsletter", "", "no code!"):
        assert look(client, campaign, source=source).status_code == 200
    look(client, campaign, "embed", source="partner")
    assert counted(campaign) == {}  # nobody waits for the database
    assert page_views.write() == 5
    day = clock.today().isoformat()
    assert counted(campaign) == {f"{day} newsletter": 2, day: 2, f"{day} partner": 1}
    assert page_views.write() == 0


def test_views_are_folded_like_all_strokes_and_a_recount_leaves_them_alone(client, campaign):
    look(client, campaign)
    page_views.write()
    look(client, campaign)
    page_views.write()
    tallies.fold_all()
    assert Tally.objects.get(kind=TallyKind.VIEWS).n == 2
    assert tallies.differences() == [] and tallies.mend() == 0
    assert sum(counted(campaign).values()) == 2


def test_the_day_is_that_of_the_organisation(client):
    moment = clock.now()
    # Twelve hours to the left and to the right it is never the same day everywhere.
    for zone in ("Etc/GMT+12", "Etc/GMT-12"):
        campaign = make.CampaignFactory(state="open", is_test=False, organization__time_zone=zone)
        look(client, campaign)
        page_views.write()
        there = moment + timedelta(hours=-12 if "+" in zone else 12)
        assert list(counted(campaign)) == [there.date().isoformat()]


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "facebookexternalhit/1.1",
        "curl/8.9.1",
        "",
    ],
)
def test_programs_that_say_so_are_not_counted(client, campaign, agent):
    look(client, campaign, agent=agent)
    assert page_views.write() == 0


def test_a_telephone_of_a_like_name_is_counted(client, campaign):
    look(client, campaign, agent="Mozilla/5.0 (Linux; Android 13; CUBOT X70) AppleWebKit/537.36 Mobile")
    assert page_views.write() == 1


def test_asking_for_the_head_or_fetching_ahead_is_no_view(client, campaign):
    look(client, campaign, method="head")
    path = reverse("campaigns:campaign", args=[campaign.organization.slug, campaign.slug])
    client.get(path, headers={"user-agent": PHONE, "sec-purpose": "prefetch;prerender"})
    assert page_views.write() == 0


def test_tests_and_campaigns_that_can_not_be_signed_count_no_views(client):
    for fields in ({"state": "open", "is_test": True}, {"state": "closed", "is_test": False}):
        look(client, make.CampaignFactory(**fields))
    assert page_views.write() == 0 and not Tally.objects.filter(kind=TallyKind.VIEWS).exists()


def test_nothing_of_the_visitor_is_kept_and_no_cookie_is_set(client, campaign):
    page = look(client, campaign, source="newsletter")
    page_views.write()
    row = Tally.objects.get(kind=TallyKind.VIEWS)
    assert row.key == f"{clock.today().isoformat()} newsletter"
    assert set(page.cookies) <= {"csrftoken"}


def test_however_many_sources_somebody_types_a_day_has_few(client, campaign, monkeypatch):
    monkeypatch.setattr(page_views, "MOST_SOURCES", 3)
    for n in range(6):
        look(client, campaign, source=f"made-up-{n}")
        page_views.write()
    look(client, campaign, source="made-up-0")
    page_views.write()
    found = counted(campaign)
    assert len(found) == 4 and sum(found.values()) == 7
    assert found[f"{clock.today().isoformat()} {page_views.OTHER_SOURCES}"] == 3


def test_a_process_holds_few_counts_however_many_sources_are_typed(client, campaign, monkeypatch):
    monkeypatch.setattr(page_views, "_MOST_HELD", 3)
    for n in range(9):
        look(client, campaign, source=f"made-up-{n}")
    assert len(page_views._held) <= 4
    assert page_views.write() == 9


def test_writing_costs_the_same_queries_for_one_view_and_for_many(
    client, campaign, django_assert_num_queries
):
    look(client, campaign)
    with django_assert_num_queries(4):
        page_views.write()
    for n in range(20):
        look(client, campaign, source=f"s{n}")
        look(client, make.CampaignFactory(state="open", is_test=False))
    with django_assert_num_queries(4):
        page_views.write()


@pytest.mark.parametrize(
    ("query", "source"),
    [
        ({"source": "newsletter", "utm_source": "mastodon"}, "newsletter"),
        ({"utm_source": "mastodon"}, "mastodon"),
        ({"utm_source": "News letter", "utm_campaign": "November"}, "News-letter-November"),
        ({"utm_source": "<script>"}, "script"),
        ({"utm_source": "x" * 90}, "x" * 40),
        ({"utm_medium": "mail"}, ""),
        ({"source": "=cmd()"}, ""),
    ],
)
def test_a_source_is_the_code_of_a_link_or_what_marketing_tools_add(query, source):
    assert source_of(query) == source


@pytest.mark.django_db(transaction=True)
def test_a_process_writes_by_itself_after_a_while(client, settings):
    settings.PAGE_VIEWS_EVERY = 0.05
    campaign = make.CampaignFactory(state="open", is_test=False)
    for _ in range(3):
        look(client, campaign)
    last = monotonic() + 10
    while sum(counted(campaign).values()) < 3 and monotonic() < last:
        sleep(0.05)
    assert counted(campaign) == {clock.today().isoformat(): 3}
