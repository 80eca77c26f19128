"""A measure's page: milestones corrected, sponsors, related measures, positions, and measures at every level."""

import pytest

from contacts.models import Jurisdiction
from policy.models import MeasureEvent, RelatedMeasure, Sponsorship
from tests import factories as make
from tests.campaigns.console import Desk, told, words

pytestmark = pytest.mark.django_db
SOURCE = "https://assembly.example/journal"


@pytest.fixture
def desk(client):
    return Desk(client)


@pytest.fixture
def measure(desk):
    return make.MeasureFactory(issue__organization=desk.organization, identifier="HB 7")


def test_a_wrong_milestone_is_struck_with_its_reason_and_the_status_follows(desk, measure):
    make.MeasureEventFactory(measure=measure)
    wrong = make.MeasureEventFactory(measure=measure, kind="passed", on="2026-02-01")
    assert "Status Passed, 1 February 2026" in desk.read("measure", measure.pk)
    answer = desk.post(
        "milestone-strike",
        measure.pk,
        wrong.pk,
        reason="That was another bill",
        source_url=SOURCE,
        kind="",
        on="",
    )
    assert "The milestone is struck" in told(answer)
    page = desk.read("measure", measure.pk)
    assert "Status Introduced" in page and "That was another bill" in page
    assert "<del>Passed" in desk.get("measure", measure.pk).content.decode()
    assert desk.get("milestone-strike", measure.pk, wrong.pk).status_code == 404, "it is struck already"


def test_a_correction_says_what_is_right_instead(desk, measure):
    wrong = make.MeasureEventFactory(measure=measure, kind="heard", on="2026-02-01")
    form = words(desk.get("milestone-strike", measure.pk, wrong.pk))
    assert "Nothing: it did not happen" in form
    data = {"reason": "A day later", "source_url": SOURCE, "kind": "heard", "on": "2026-02-02", "note": ""}
    desk.post("milestone-strike", measure.pk, wrong.pk, **data)
    assert [str(event.on) for event in MeasureEvent.objects.standing()] == ["2026-02-02"]


@pytest.mark.parametrize(
    ("missing", "said"),
    [("reason", "This field is required"), ("source_url", "This field is required"), ("on", "on which day")],
)
def test_a_correction_needs_a_reason_and_a_source(desk, measure, missing, said):
    wrong = make.MeasureEventFactory(measure=measure)
    data = {"reason": "Wrong", "source_url": SOURCE, "kind": "heard", "on": "2026-02-02", missing: ""}
    answer = desk.post("milestone-strike", measure.pk, wrong.pk, **data)
    assert answer.status_code == 422 and said in words(answer)
    assert MeasureEvent.objects.count() == 1


def test_committees_come_from_where_the_measure_was_referred(desk, measure):
    committee = make.ChamberFactory(
        jurisdiction=measure.jurisdiction, kind="committee", name="Committee on Health"
    )
    elsewhere = make.ChamberFactory(kind="committee")
    data = {"kind": "referred", "on": "2026-02-01", "note": "", "source_url": SOURCE}
    refused = desk.post("milestone-add", measure.pk, chamber=elsewhere.pk, **data)
    assert refused.status_code == 422
    desk.post("milestone-add", measure.pk, chamber=committee.pk, **data)
    assert "Committees Committee on Health" in desk.read("measure", measure.pk)


def test_sponsors_are_named_once_and_can_be_taken_off(desk, measure):
    seat = make.MembershipFactory(post__chamber__jurisdiction=measure.jurisdiction)
    desk.post("sponsor-add", measure.pk, legislator=seat.legislator_id, name="", kind="primary")
    again = desk.post("sponsor-add", measure.pk, legislator=seat.legislator_id, name="", kind="cosponsor")
    assert again.status_code == 422 and "named already" in words(again)
    desk.post("sponsor-add", measure.pk, legislator="", name="Rep. Vale", kind="cosponsor")
    page = desk.read("measure", measure.pk)
    assert f"{seat.legislator.name} Sponsor" in page and "Rep. Vale Co-sponsor" in page
    assert desk.post("sponsor-add", measure.pk, legislator="", name="", kind="primary").status_code == 422
    desk.post("sponsor-remove", measure.pk, Sponsorship.objects.get(name="Rep. Vale").pk)
    assert "Rep. Vale" not in desk.read("measure", measure.pk)


def test_related_measures_are_said_from_both_sides(desk, measure):
    older = make.MeasureFactory(issue=measure.issue, identifier="HB 1")
    desk.post("measure-relate", measure.pk, kind="supersedes", other=older.pk)
    assert "Supersedes HB 1" in desk.read("measure", measure.pk)
    assert "Superseded by HB 7" in desk.read("measure", older.pk)
    again = desk.post("measure-relate", measure.pk, kind="supersedes", other=older.pk)
    assert again.status_code == 422 and "related already" in words(again)
    stranger = make.MeasureFactory()
    assert desk.post("measure-relate", measure.pk, kind="amends", other=stranger.pk).status_code == 422
    desk.post("measure-part", measure.pk, RelatedMeasure.objects.get().pk)
    assert not RelatedMeasure.objects.exists()


def test_the_history_of_the_position_is_on_the_page(desk, measure):
    data = {
        "issue": measure.issue_id,
        "jurisdiction": measure.jurisdiction_id,
        "kind": "bill",
        "identifier": "HB 7",
        "title": "Care Act",
    }
    desk.post("measure-edit", measure.pk, position="watch", reasons="", since="2026-01-05", **data)
    desk.post(
        "measure-edit", measure.pk, position="oppose", reasons="It got worse", since="2026-03-01", **data
    )
    page = desk.read("measure", measure.pk)
    assert page.index("Oppose: It got worse since 1 March 2026") < page.index("Watch since 5 January 2026")
    assert desk.user.name in page


def test_one_number_in_two_sessions_is_two_measures(desk, measure):
    data = {
        "issue": measure.issue_id,
        "jurisdiction": measure.jurisdiction_id,
        "kind": "bill",
        "identifier": "HB 7",
        "title": "Care Act",
        "position": "support",
    }
    assert desk.post("measure-new", session="", **data).status_code == 422
    assert desk.post("measure-new", session="2027", **data).status_code == 302


def test_an_issue_shows_its_measures_at_every_level(desk, measure):
    for level, kind, name in [
        ("local", "bylaw", "Harbour Town Council"),
        ("national", "budget_line", "National Assembly"),
        ("international", "treaty", "Northern Union"),
    ]:
        make.MeasureFactory(
            issue=measure.issue, kind=kind, jurisdiction__level=level, jurisdiction__name=name
        )
    page = desk.read("issue", measure.issue_id)
    order = [
        "Harbour Town Council Local",
        measure.jurisdiction.name,
        "National Assembly National",
        "Northern Union",
    ]
    assert [page.index(name) for name in order] == sorted(page.index(name) for name in order)


def test_a_town_and_an_international_body_can_be_added(desk):
    town = {
        "name": "Harbour Town Council",
        "level": "local",
        "division": "ocd-division/country:zz/place:harbour_town",
        "time_zone": "Europe/London",
    }
    desk.post("jurisdiction-new", **town)
    body = {"name": "Northern Union", "level": "international", "division": "", "time_zone": "UTC"}
    desk.post("jurisdiction-new", **body)
    assert set(Jurisdiction.objects.values_list("name", "division__country")) == {
        ("Harbour Town Council", "zz"),
        ("Northern Union", ""),
    }
    again = desk.post("jurisdiction-new", **town)
    assert again.status_code == 422 and "there already" in words(again)
    assert "Harbour Town Council" in desk.read("measure-new")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"division": "Burlington"}, "Write an id such as"),
        ({"division": ""}, "Write an id such as"),
        ({"time_zone": "Mars/Olympus"}, "no time zone of this name"),
    ],
)
def test_a_jurisdiction_with_a_wrong_place_or_zone_is_refused(desk, wrong, said):
    data = {"name": "X", "level": "local", "division": "ocd-division/country:zz/place:x", "time_zone": "UTC"}
    answer = desk.post("jurisdiction-new", **{**data, **wrong})
    assert answer.status_code == 422 and said in words(answer)
    assert not Jurisdiction.objects.exists()


def test_a_measure_with_many_stances_names_those_heard_last_first(desk, measure):
    for n in range(12):
        make.StanceFactory(
            measure=measure,
            legislator=make.LegislatorFactory(name=f"Member {n:02}"),
            level=5,
            on=f"2026-01-{n + 1:02}",
        )
    page = desk.read("measure", measure.pk)
    heard, everybody = page.split("Heard last")[1].split("All 12, those in favour first")
    assert "Member 11" in heard and "Member 03" not in heard
    assert all(f"Member {n:02}" in everybody for n in range(12))
