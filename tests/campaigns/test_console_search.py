"""One box finds issues, measures, legislators and evidence, on SQLite and on PostgreSQL alike."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Legislator
from policy.models import Evidence, Issue, Measure
from policy.search import parse, search
from tests import factories as make
from tests.campaigns.console import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    return Desk(client, role="staff")


def found(desk, words, limit=10):
    """Titles by kind; kinds without any left out."""
    titles = {"issues": "title", "measures": "identifier", "legislators": "name", "evidence": "claim"}
    groups = search(desk.organization, words, limit)
    return {g.kind: [getattr(item, titles[g.kind]) for item in g.items] for g in groups if g.items}


@pytest.fixture
def library(desk):
    issue = make.IssueFactory(
        organization=desk.organization, title="Waiting for care", summary="Months in Ősfalu."
    )
    make.MeasureFactory(
        issue=issue, identifier="H.R. 2217", title="Care within four weeks", summary="Sets a limit."
    )
    make.MeasureFactory(issue=issue, identifier="SB 9", title="Beds for the north", reasons="Too few beds.")
    make.EvidenceFactory(
        issue=issue, claim="Beds per 100,000 people", key="beds", source_title="Quay register"
    )
    make.LegislatorFactory(name="Ádám Vörös")
    return issue


def test_everything_is_found_in_one_box_and_grouped(desk, library):
    page = desk.read("search", q="beds")
    assert page.index("Measures SB 9: Beds for the north") < page.index("Evidence Beds per 100,000 people")
    assert "Waiting for care" in desk.read("search", q="waiting")
    assert "Ádám Vörös" in desk.read("search", q="voros")


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Медицинский центр", "медицинский"),
        ("Медицинский центр", "МЕДИЦИНСКИИ"),
        ("정신 건강 센터", "건강"),
        ("정신건강센터", "정신건"),
        ("الصِّحَّة النَّفسيّة", "الصحة"),
        ("الصحة النفسية", "النَّفسيّة"),
        ("صحـــة", "صحة"),
        ("בְּרִיאוּת", "בריאות"),
        ("Sức khỏe tâm thần", "suc khoe"),
        ("Ψυχική υγεία", "υγεια"),
    ],
)
def test_other_scripts_are_found_with_and_without_their_marks(desk, title, words):
    make.IssueFactory(organization=desk.organization, title=title)
    assert found(desk, words) == {"issues": [title]}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("osfalu", {"issues": ["Waiting for care"]}),  # without its accent
        ("ŐSFALU", {"issues": ["Waiting for care"]}),  # with it, in capitals
        ("wait", {"issues": ["Waiting for care"]}),  # the beginning of a word
        ("aiting", {}),  # not its middle
        ("h.r. 2217", {"measures": ["H.R. 2217"]}),
        ("hr 2217", {}),
        ("2217", {"measures": ["H.R. 2217"]}),
        ('"few beds"', {"measures": ["SB 9"]}),
        ('"beds few"', {}),
        ("beds -north", {"evidence": ["Beds per 100,000 people"]}),
        ("vörös or register", {"legislators": ["Ádám Vörös"], "evidence": ["Beds per 100,000 people"]}),
        ("adam vor", {"legislators": ["Ádám Vörös"]}),
        ("adam zebra", {}),
        ("zebra", {}),
        ("-beds", {}),
        ("   ", {}),
        ('"', {}),
        ("& | ! ( ) : * ' \\ <-> NEAR AND NOT", {}),
        ("beds' OR 1=1 --", {"measures": ["SB 9"], "evidence": ["Beds per 100,000 people"]}),
        ("beds:* & !north", {"measures": ["SB 9"]}),  # no language of the database, only words
    ],
)
def test_words_are_read_the_same_way_on_both_databases(desk, library, words, expected):
    assert found(desk, words) == expected


def test_words_in_a_title_come_before_words_in_a_text(desk):
    make.IssueFactory(organization=desk.organization, title="Aa", summary="Beds, beds and beds again")
    make.IssueFactory(organization=desk.organization, title="Zz beds", summary="x")
    assert found(desk, "beds") == {"issues": ["Zz beds", "Aa"]}


def test_another_organisations_policy_is_not_found(desk, library):
    make.IssueFactory(title="Beds of others")
    make.EvidenceFactory(claim="Beds elsewhere")
    make.MeasureFactory(title="Beds act of others")
    page = desk.read("search", q="beds")
    assert "of others" not in page and "elsewhere" not in page


def test_what_changes_is_found_by_its_new_words_only(desk, library):
    Issue.objects.update(title="Queues")
    Measure.objects.filter(identifier="SB 9").delete()
    Legislator.objects.update(name="Fruzsina Kék")
    Evidence.objects.update(figure="55")
    assert found(desk, "waiting") == {} and found(desk, "queues") == {"issues": ["Queues"]}
    assert found(desk, "north") == {}
    assert found(desk, "kek") == {"legislators": ["Fruzsina Kék"]} and found(desk, "voros") == {}
    assert found(desk, "55 beds") == {"evidence": ["Beds per 100,000 people"]}


def test_migrating_again_loses_nothing_and_doubles_nothing(desk, library):
    call_command("migrate", verbosity=0)
    assert found(desk, "beds") == {"measures": ["SB 9"], "evidence": ["Beds per 100,000 people"]}
    Issue.objects.update(title="Queues")
    assert found(desk, "queues") == {"issues": ["Queues"]}


def test_nothing_found_says_how_to_find_more_and_no_words_say_what_can_be_found(desk, library):
    page = desk.get("search", q="<b>zebra</b>")
    assert "Nothing fits" in page.content.decode() and "<b>zebra" not in page.content.decode()
    assert "Finds issues, measures, legislators and evidence" in desk.read("search")
    assert desk.get("search", q="\x00\x00" * 200).status_code == 200


def test_a_postal_code_finds_who_represents_it(desk):
    seat = make.MembershipFactory(legislator__name="Brook Lane")
    make.PostalAreaFactory(code="20077", country="zz", division=seat.post.division)
    page = desk.read("search", q="20077")
    assert "Who represents 20077" in page and "Brook Lane" in page


def test_more_than_fits_leads_to_the_whole_list(desk):
    for n in range(12):
        make.IssueFactory(organization=desk.organization, title=f"Beds {n}")
    page = desk.get("search", q="beds").content.decode()
    assert f"{desk.url('issue-list')}?q=beds" in page and page.count('class="result"') == 10


def test_a_search_asks_as_much_for_much_as_for_little(desk):
    def grow(n):
        for _ in range(n):
            issue = make.IssueFactory(organization=desk.organization, title="Beds")
            make.MeasureFactory(issue=issue, title="Beds act")
            make.EvidenceFactory(issue=issue, claim="Beds")
            make.MembershipFactory(legislator__name="Bedsy Lane")

    grow(1)
    desk.get("search", q="beds")
    with CaptureQueriesContext(connection) as few:
        desk.get("search", q="beds")
    grow(19)
    with CaptureQueriesContext(connection) as many:
        desk.get("search", q="beds")
    assert len(few) == len(many), [q["sql"] for q in many]


def test_long_input_is_cut_and_never_an_error():
    assert len(parse("word " * 500)[0]) == 12
