# ruff: noqa: F811  # the campaign is the one of single briefs
"""Seats, maps and local figures in briefs: from the rows that hold them to the paper, each with its source."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.html import strip_tags

from campaigns import brief_sets
from campaigns.actions.brief_sets import request_set
from campaigns.actions.briefs import request_brief
from campaigns.documents import leave_behinds
from contacts.clock import today
from contacts.models import Chamber
from policy.briefs import build
from policy.briefs.html import body
from policy.briefs.plain import from_plain
from policy.models import Brief, Evidence, ItemState
from tests import factories as make
from tests.campaigns.test_brief_sets import quick  # noqa: F401
from tests.campaigns.test_briefs import (  # noqa: F401
    address,
    ask,
    campaign,
    holder,
    post_of,
    signed,
    staff,
)
from tests.pdf_tags import faults
from tests.pdf_text import pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def chamber(campaign):
    """The chamber that votes on the measure: of three members one is for it; five seats."""
    chamber = Chamber.objects.get(posts__division__name="Lakeland 2")
    Chamber.objects.filter(pk=chamber.pk).update(jurisdiction=campaign.measure.jurisdiction)
    make.seats(chamber, [1, None, None], measure=campaign.measure)
    return chamber


@pytest.fixture
def series(campaign):
    """Days of waiting in the two districts of one state, and in a third that nobody measured."""
    indicator = make.IndicatorFactory(
        organization=campaign.organization, issue=campaign.issue, name="Days until a first appointment",
        target=Decimal(14), target_source="Care plan 2030",
    )  # fmt: skip
    for number, (place, value) in enumerate((("North Harbor 7", "41"), ("Lakeland 2", "12.5"))):
        division = post_of(campaign, place).division
        division.ocd_id = f"ocd-division/country:zz/state:me/district:{number}"
        division.save()
        for period, more in (("2025", 0), ("2024", 3)):
            make.IndicatorValueFactory(
                indicator=indicator, division=division, value=Decimal(value) + more, period=period,
                source=f"Register of {place}", source_url="https://register.example.org/",
            )  # fmt: skip
    state = post_of(campaign, "Lakeland 2").division.parent
    state.ocd_id = "ocd-division/country:zz/state:me"
    state.save()
    make.DivisionFactory(
        name="Silent District", ocd_id="ocd-division/country:zz/state:me/district:9", parent=state
    )
    return indicator


def built(campaign, kind, place="North Harbor 7", language="en"):
    legislator = holder(campaign, place) if kind in {"leave_behind", "district"} else None
    brief = request_brief(campaign=campaign, kind=kind, legislator=legislator, language=language, actor=None)
    build.build(brief.pk)
    brief.refresh_from_db()
    return brief


def said(brief):
    """What stands on the paper, with the page saying the same; single spaces."""
    document = from_plain(brief.content)
    on_screen = strip_tags(body(document, build.version_of(brief)))
    return " ".join(" ".join(pages(bytes(brief.pdf))).split()), " ".join(on_screen.split())


@pytest.mark.parametrize("kind", ["issue", "report"])
def test_a_brief_shows_the_chamber_seat_by_seat(campaign, chamber, kind):
    brief = built(campaign, kind)
    measure = campaign.measure.identifier
    for words in said(brief):
        assert f"1 is for {measure}. It passes with 3: 2 more needed." in words
        assert "more than half of all seats" in words
        assert "Opposed 1" in words
    picture = body(from_plain(brief.content), build.version_of(brief))
    assert "Supports: 1; Undecided: 0; Not known: 3" in picture
    assert faults(bytes(brief.pdf)) == []


def test_a_chamber_of_which_nothing_is_known_is_not_drawn(campaign):
    assert not [part for part in built(campaign, "issue").content["sections"] if part["kind"] == "seat_chart"]


@pytest.mark.parametrize("kind", ["issue", "district"])
def test_a_brief_maps_the_local_figures_with_their_sources(campaign, series, kind):
    brief = built(campaign, kind)
    for words in said(brief):
        assert "In 2025, 1 of 2 places misses the target of 14 days. 1 place has no figure." in words
        if kind == "issue":
            assert "12.5 days" in words and "41.0 days" in words
            assert "Silent District" in words and "no figure" in words
        for source in ("Register of Lakeland 2", "Register of North Harbor 7", "Care plan 2030"):
            assert source in words
    picture = body(from_plain(brief.content), build.version_of(brief))
    assert "Lakeland 2: 12.5 days; North Harbor 7: 41.0 days; Silent District: no figure" in picture
    assert faults(bytes(brief.pdf)) == []


@pytest.mark.parametrize("kind", ["leave_behind", "district"])
def test_a_brief_says_what_the_figures_mean_in_the_district(campaign, series, kind):
    brief = built(campaign, kind)
    for words in said(brief):
        assert "What this means in North Harbor 7" in words
        assert "Days until a first appointment" in words
        assert "North Harbor 7: 41 days in 2025, 27 above the target of 14 days" in words
        assert "3 less than in 2024" in words
        assert "Register of North Harbor 7" in words
    assert brief.page_count <= 2


def test_the_same_in_spanish(campaign, chamber, series):
    words, _page = said(built(campaign, "leave_behind", language="es"))
    assert "Qué significa esto en North Harbor 7" in words
    words, _page = said(built(campaign, "issue", language="es"))
    assert "Ningún dato" in words or "sin cifra" in words


def test_local_figures_cost_as_many_queries_for_all_as_for_one(campaign, series):
    def queries(legislators):
        with CaptureQueriesContext(connection) as caught, translation.override("en"):
            leave_behinds(campaign, [person.pk for person in legislators], language="en", paper="letter")
        return len(caught)

    chamber = Chamber.objects.get(posts__division__name="Lakeland 2")
    parent = post_of(campaign, "Lakeland 2").division.parent
    queries([holder(campaign, "Lakeland 2")])  # what a campaign keeps of itself is read once
    one = queries([holder(campaign, "Lakeland 2")])
    more = [holder(campaign, "Lakeland 2"), holder(campaign, "North Harbor 7")]
    for n in range(20):
        post = make.PostFactory(chamber=chamber, division=make.DivisionFactory(name=f"D {n}", parent=parent))
        more.append(make.reachable(post).memberships.get().legislator)
    assert queries(more) == one


# Age ----------------------------------------------------------------------------------------------


def test_an_old_figure_says_its_year_and_staff_are_told(client, campaign, staff):
    days = campaign.organization.evidence_days
    Evidence.objects.update(published_on=today() - timedelta(days=days))
    fresh = built(campaign, "issue")
    assert all("old" not in words.split() for words in said(fresh))
    Evidence.objects.update(published_on=today() - timedelta(days=days + 1))
    brief = built(campaign, "issue")
    year = Evidence.objects.get().published_on.year
    for words in said(brief):
        assert f"(figure of {year})" in words
        assert "More than 2 years old." in words
    page = client.get(address("brief-detail", campaign, brief_id=brief.pk)).content.decode()
    assert "1 source of this brief is old" in page
    assert (
        "1 source of this brief is old"
        not in client.get(address("brief-detail", campaign, brief_id=fresh.pk)).content.decode()
    )


# Sources ------------------------------------------------------------------------------------------


def test_a_figure_without_a_source_is_refused_by_its_claim(
    client, campaign, staff, django_capture_on_commit_callbacks
):
    Evidence.objects.update(source_title=" ")  # what a form would never let through
    answer = ask(client, campaign, django_capture_on_commit_callbacks)
    assert answer.status_code == 422
    assert "“to a first appointment” is printed with a figure and has no source." in answer.content.decode()
    assert not Brief.objects.exists()


def test_in_a_set_a_figure_without_a_source_costs_only_its_own_brief(client, campaign, staff, quick):
    make.EvidenceFactory.create_batch(3, issue=campaign.issue)
    make.EvidenceFactory(
        issue=campaign.issue, division=post_of(campaign, "Lakeland 2").division, source_title=" ",
        claim="beds for each thousand people",
    )  # fmt: skip
    brief_set = request_set(campaign=campaign, actor=None)
    brief_sets.work(brief_set.pk, seconds=60)
    failed = brief_set.items.get(state=ItemState.FAILED)
    assert failed.legislator == holder(campaign, "Lakeland 2")
    assert brief_set.items.get(state=ItemState.READY).legislator == holder(campaign, "North Harbor 7")
    page = client.get(address("brief-set", campaign, set_id=brief_set.pk)).content.decode()
    assert "beds for each thousand people" in page and "has no source" in page
