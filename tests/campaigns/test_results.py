"""A campaign's results: every number is what a count of the rows says, beside its drawing and in its files."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from campaigns import page_views
from campaigns.findings import all as findings
from campaigns.findings.table import percent
from campaigns.models import Letter, Pledge, Tally, TallyKind
from contacts import clock
from tests import factories as make
from tests.campaigns.console import Desk, words

pytestmark = pytest.mark.django_db
LEFT = Q(state__in=Letter.ACCEPTED)
GONE = {"state": "settled"}


@pytest.fixture
def desk(client):
    return Desk(client)


@pytest.fixture
def campaign(desk):
    campaign = make.CampaignFactory(organization=desk.organization)
    group = make.TargetGroupFactory(campaign=campaign)
    chamber = make.TargetRuleFactory(group=group).chamber
    make.LetterVersionFactory(group=group)
    for n in range(3):
        make.PostFactory(chamber=chamber, label=f"Office {n}")
    make.DriveFactory(campaign=campaign)
    return campaign


def sign(campaign, n=1, source="", **fields):
    found = []
    for _ in range(n):
        pledge = make.PledgeFactory(campaign=campaign, source=source, **fields)
        post = campaign.target_groups.get().rules.get().chamber.posts.order_by("label").first()
        if pledge.supporter and not pledge.is_test:
            make.ResidenceFactory(supporter=pledge.supporter, division=post.division)
        found.append(pledge)
    return found


def write(pledge, office=0, state="settled", **fields):
    campaign = pledge.campaign
    group = campaign.target_groups.get()
    if state in Letter.ACCEPTED:
        fields = {"sent_at": clock.now(), "message_id": f"<{uuid4()}@x.example>", **fields}
        fields.setdefault("legislator", make.LegislatorFactory())
    return make.LetterFactory(
        drive=campaign.drives.get(),
        pledge=pledge,
        post=group.rules.get().chamber.posts.order_by("label")[office],
        version=group.versions.first(),
        state=state,
        is_test=pledge.is_test,
        **fields,
    )


def viewed(campaign, n, source="", days_ago=0):
    day = (clock.now() - timedelta(days=days_ago)).date()
    Tally.objects.create(owner=campaign.pk, kind=TallyKind.VIEWS, key=page_views.key_of(day, source), n=n)


def table(desk, campaign, key):
    """A table as its CSV file has it: rows of texts, the head first."""
    page = desk.get("campaign-results-file", campaign.pk, key, "csv")
    assert page["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(page.content.decode("utf-8-sig"))))


def a_campaign_with_everything(campaign):
    """People by three sources, letters of each kind, answers, and of all of it tests that must not count."""
    confirmed = [*sign(campaign, 3, "newsletter"), *sign(campaign, 2, "=cmd"), *sign(campaign)]
    sign(campaign, 2, "newsletter", state="pending", supporter=None, confirmed_at=None)
    sign(campaign, 1, "poster", state="withdrawn")
    own, nearly, form, waiting, heard, evaded = confirmed
    write(own, similarity=0.2, replied_at=clock.now())
    write(own, office=1, similarity=0.2)
    write(nearly, similarity=0.95)
    write(form)
    write(waiting, state="ready")
    make.OfficeQuestionFactory(
        letter=write(heard, subject="Mine"), answer="answered", answered_at=clock.now()
    )
    make.OfficeQuestionFactory(letter=write(evaded, office=1), answer="evaded", answered_at=clock.now())
    make.OfficeQuestionFactory(letter=write(evaded, office=2), answer="acknowledged", answered_at=clock.now())
    (test,) = sign(campaign, 1, "newsletter", is_test=True)
    write(test, similarity=0.1, replied_at=clock.now())
    viewed(campaign, 40, "newsletter")
    viewed(campaign, 50)
    viewed(campaign, 10, "never-signed")


def test_the_way_from_view_to_answer_is_counted_in_people(desk, campaign):
    a_campaign_with_everything(campaign)
    people = Pledge.objects.filter(campaign=campaign, is_test=False)
    confirmed = people.filter(state="confirmed")
    letters = Letter.objects.filter(LEFT, pledge__in=confirmed, is_test=False)
    answered = letters.filter(Q(replied_at__isnull=False) | Q(question__answer__in=["answered", "evaded"]))
    head, *rows = table(desk, campaign, "funnel")
    assert head == ["Step", "How many", "Of the step before (%)"]
    assert [row[1] for row in rows] == [
        "100",
        str(people.count()),
        str(confirmed.count()),
        str(letters.values("pledge").distinct().count()),
        str(answered.values("pledge").distinct().count()),
    ]
    assert [row[1] for row in rows] == ["100", "9", "6", "5", "3"]
    assert [row[2] for row in rows] == ["", "9.0", "66.67", "83.33", "60.0"]


def test_who_signed_before_views_were_counted_is_no_share_of_them(desk, campaign):
    sign(campaign, 4, signed_at=clock.now() - timedelta(days=3))
    sign(campaign, 1)
    viewed(campaign, 10)
    rows = table(desk, campaign, "funnel")
    assert rows[1:3] == [["Views of the page", "10", ""], ["Signed", "5", "10.0"]]
    assert "Views are counted since" in desk.read("campaign-results", campaign.pk)


def test_without_counted_views_the_way_begins_with_signing(desk, campaign):
    sign(campaign, 2)
    assert table(desk, campaign, "funnel")[1] == ["Signed", "2", ""]
    assert "No view is counted yet" in desk.read("campaign-results", campaign.pk)


def test_days_say_how_many_confirmed_and_what_it_was_altogether(desk, campaign):
    today = clock.now()
    for days_ago, n in ((3, 2), (1, 3)):
        at = today - timedelta(days=days_ago)
        sign(campaign, n, signed_at=at, confirmed_at=at)
    sign(campaign, 1, is_test=True)
    viewed(campaign, 7, days_ago=1)
    day = [(today - timedelta(days=n)).date().isoformat() for n in range(4)]
    assert table(desk, campaign, "days")[1:] == [[day[1], "7", "3", "5"], [day[3], "", "2", "2"]]


def test_sources_say_what_became_of_who_came_by_them(desk, campaign):
    a_campaign_with_everything(campaign)
    assert table(desk, campaign, "sources")[1:] == [
        ["newsletter", "40", "5", "3", "60.0"],
        # A code nobody could have got past the form, and in a file no formula all the same.
        ["'=cmd", "0", "2", "2", "100.0"],
        ["No code in the link", "50", "1", "1", "100.0"],
        ["poster", "0", "1", "0", "0.0"],
        ["never-signed", "10", "0", "0", ""],
    ]


def test_letters_are_told_apart_by_whose_words_they_are(desk, campaign):
    a_campaign_with_everything(campaign)
    assert [row[:2] + row[3:4] for row in table(desk, campaign, "letters")[1:]] == [
        ["In their writer’s own words", "3", "2"],
        ["Nearly as suggested", "1", "0"],
        ["As suggested", "3", "1"],
    ]
    assert Letter.objects.filter(LEFT, is_test=False).count() == 7


def test_words_that_are_gone_were_their_writers_all_the_same(desk, campaign):
    (pledge,) = sign(campaign)
    write(pledge, subject="Mine")
    write(pledge, office=1)
    Letter.objects.scrub(clock.now())
    assert not Letter.objects.exclude(subject="", body="").exists()
    assert [row[1] for row in table(desk, campaign, "letters")[1:]] == ["1", "0", "1"]


def test_codes_beyond_those_counted_by_name_have_no_number_rather_than_none(desk, campaign):
    sign(campaign, 1, "newsletter")
    sign(campaign, 1, "poster")
    viewed(campaign, 3, "newsletter")
    assert [row[1] for row in table(desk, campaign, "sources")[1:]] == ["3", "0"]
    viewed(campaign, 900, page_views.OTHER_SOURCES)
    assert [row[:2] for row in table(desk, campaign, "sources")[1:]] == [
        ["newsletter", "3"],
        ["poster", ""],
        ["Other codes", "900"],
    ]
    assert "the least it had" in words(desk.get("campaign-results", campaign.pk))


def test_offices_say_what_they_got_and_what_came_back(desk, campaign):
    a_campaign_with_everything(campaign)
    rows = table(desk, campaign, "offices")[1:]
    assert rows == [
        ["Office 0", "4", "2", "50.0", "1", "1", "1", "0", "0"],
        ["Office 1", "2", "1", "50.0", "0", "1", "0", "1", "0"],
        ["Office 2", "1", "0", "0.0", "0", "1", "0", "0", "1"],
    ]
    assert "2 of 3 offices have answered" in desk.read("campaign-results", campaign.pk)


def test_people_are_shown_by_district_on_a_map_of_tiles(desk, campaign):
    sign(campaign, 3)
    sign(campaign, 1, is_test=True)
    rows = table(desk, campaign, "places")
    assert rows[1][1:] == ["3", "100.0"] and len(rows) == 2
    assert "People in 1 of 3 places" in desk.read("campaign-results", campaign.pk)


def test_a_workbook_has_the_numbers_as_numbers_and_no_formula(desk, campaign):
    a_campaign_with_everything(campaign)
    page = desk.get("campaign-results-file", campaign.pk, "sources", "xlsx")
    assert page["Content-Disposition"].endswith('-sources.xlsx"')
    sheet = load_workbook(io.BytesIO(page.content)).active
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]
    assert rows[1] == ("newsletter", 40, 5, 3, 60) and rows[2][0] == "'=cmd"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_every_table_of_the_page_has_its_files(desk, campaign):
    a_campaign_with_everything(campaign)
    page = desk.get("campaign-results", campaign.pk).content.decode()
    for key in ("funnel", "days", "sources", "places", "letters", "offices"):
        for ending in ("csv", "xlsx"):
            assert desk.url("campaign-results-file", campaign.pk, key, ending) in page
            assert desk.get("campaign-results-file", campaign.pk, key, ending).status_code == 200
    for key, ending in (("people", "csv"), ("days", "exe")):
        assert desk.get("campaign-results-file", campaign.pk, key, ending).status_code == 404


def test_before_anybody_came_the_page_says_what_to_do(desk, campaign):
    text = desk.read("campaign-results", campaign.pk)
    assert "Nothing to show yet" in text and "See the public page" in text


def test_tests_alone_are_nothing(desk, campaign):
    (pledge,) = sign(campaign, 1, is_test=True)
    write(pledge)
    assert "Nothing to show yet" in desk.read("campaign-results", campaign.pk)


def test_the_page_asks_as_much_for_many_people_as_for_few(desk, campaign):
    a_campaign_with_everything(campaign)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            desk.get("campaign-results", campaign.pk)
        return len(queries)

    asked()
    few = asked()
    for n, pledge in enumerate(sign(campaign, 20, "many")):
        write(pledge, office=n % 3, similarity=n / 20)
        viewed(campaign, n + 1, f"code-{n}", days_ago=n)
    assert asked() == few
    assert few <= 30


def test_what_takes_long_to_count_is_kept_for_minutes_and_the_page_says_of_when(desk, campaign, monkeypatch):
    monkeypatch.setattr(findings, "SLOW_SECONDS", -1)
    sign(campaign, 2)
    assert "Counted at" in desk.read("campaign-results", campaign.pk)
    sign(campaign, 3)
    assert "2 people confirmed since" in desk.read("campaign-results", campaign.pk)
    assert table(desk, campaign, "funnel")[1] == ["Signed", "2", ""]
    cache.clear()
    monkeypatch.setattr(findings, "SLOW_SECONDS", 3600)
    page = desk.read("campaign-results", campaign.pk)
    assert "5 people confirmed since" in page and "Counted at" not in page


def test_long_tables_are_cut_on_the_page_and_whole_in_the_file(desk, campaign):
    for n in range(14):
        sign(campaign, 1, f"code-{n}")
    assert "8 of 14 rows; the files have all." in words(desk.get("campaign-results", campaign.pk))
    assert len(table(desk, campaign, "sources")) == 15


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0 %"),
        (0.04, "under 0.1 %"),
        (6.67, "6.7 %"),
        (9.97, "10 %"),
        (81.7, "82 %"),
        (99.97, "99 %"),
        (100, "100 %"),
    ],
)
def test_shares_are_said_so_that_none_is_all_or_nothing_unless_it_is(value, said):
    assert percent(value) == said
