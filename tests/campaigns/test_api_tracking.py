"""Tracking over the API: whip counts, stances, milestones, dates, evidence and local figures, for their organisation alone."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.clock import now
from policy.models import MeasureEvent, Stance
from tests import factories as make
from tests.campaigns.api import is_problem
from tests.campaigns.test_api_organization import Caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def measure():
    return make.MeasureFactory(position="support")


@pytest.fixture
def call(client, measure):
    return Caller(client, measure.organization, make.RoleFactory(organization=measure.organization).user)


def test_a_whip_count_says_seats_vacancies_the_rule_and_the_votes_still_needed(call, measure):
    house = make.ChamberFactory(jurisdiction=measure.jurisdiction)
    make.seats(house, [5, 4, 1, None], measure)
    make.PostFactory(chamber=house)
    [count] = call("get", f"/measures/{measure.pk}/whip/").json()
    assert (count["seats"], count["vacant"], count["rule"]) == (5, 1, "absolute")
    assert (count["to_pass"], count["needed"], count["ours"], count["missing"]) == (3, 3, 2, 1)
    assert count["stances"]["champion"] == 1 and count["stances"]["unknown"] == 1


def test_a_stance_is_recorded_once_under_its_key_and_the_newest_counts(call, measure):
    legislator = make.MembershipFactory().legislator
    make.StanceFactory(measure=measure, legislator=legislator, level=1)
    tomorrow = (now() + timedelta(days=1)).date().isoformat()
    told = {
        "legislator": str(legislator.pk),
        "level": 4,
        "on": tomorrow,
        "evidence": "Said so at the hearing",
    }
    key = {"Idempotency-Key": str(uuid4())}
    first, again = (call("post", f"/measures/{measure.pk}/stances/", told, **key) for _ in range(2))
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    assert Stance.objects.count() == 2
    [row] = call("get", f"/measures/{measure.pk}/stances/").json()["results"]
    assert (row["level"], row["evidence"]) == (4, "Said so at the hearing")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"level": 9}, "/level"),
        ({"evidence": ""}, "/evidence"),
        ({"on": "soon"}, "/on"),
        ({"legislator": str(uuid4())}, "/legislator"),
    ],
)
def test_a_stance_that_is_none_names_its_field_and_is_not_kept(call, measure, change, pointer):
    legislator = make.LegislatorFactory()
    told = {"legislator": str(legislator.pk), "level": 4, "on": "2026-03-01", "evidence": "Said so", **change}
    problem = is_problem(call("post", f"/measures/{measure.pk}/stances/", told), 400)
    assert [error["pointer"] for error in problem["errors"]] == [f"#{pointer}"]
    assert not Stance.objects.exists()


def test_a_milestone_moves_the_status_and_stands_once(call, measure):
    told = {"kind": "introduced", "on": "2026-01-10", "source_url": "https://assembly.example/hb"}
    assert call("post", f"/measures/{measure.pk}/events/", told).status_code == 201
    assert call("get", f"/measures/{measure.pk}/").json()["status"] == "introduced"
    is_problem(call("post", f"/measures/{measure.pk}/events/", told), 409)
    elsewhere = make.ChamberFactory()
    problem = is_problem(
        call("post", f"/measures/{measure.pk}/events/", {**told, "chamber": str(elsewhere.pk)}), 400
    )
    assert problem["errors"][0]["pointer"] == "#/chamber"
    problem = is_problem(
        call("post", f"/measures/{measure.pk}/events/", {"kind": "struck", "on": "2026-01-10"}), 400
    )
    assert {"#/kind"} <= {error["pointer"] for error in problem["errors"]}
    assert MeasureEvent.objects.count() == 1


def test_dates_are_listed_from_today_on_or_between_two_days(call, measure):
    soon = make.MeasureDateFactory(measure=measure)
    late = make.MeasureDateFactory(measure=measure, on=soon.on + timedelta(days=100))
    past = make.MeasureDateFactory(measure=measure, on=soon.on - timedelta(days=100))
    make.MeasureDateFactory()

    def days(**query):
        return [row["on"] for row in call("get", "/dates/", query).json()["results"]]

    assert days() == [str(soon.on), str(late.on)]
    assert days(since=str(past.on), until=str(soon.on)) == [str(past.on), str(soon.on)]
    is_problem(call("get", "/dates/", {"since": "soon"}), 400)


def test_evidence_and_figures_come_with_their_sources(call, measure):
    make.EvidenceFactory(issue=measure.issue, key="waiting", figure="41")
    [row] = call("get", "/evidence/").json()["results"]
    assert (row["key"], row["figure"], row["source_url"]) == ("waiting", "41", "https://survey.example.org/")
    value = make.IndicatorValueFactory(indicator__organization=measure.organization)
    make.IndicatorValueFactory(indicator=value.indicator, value=None)
    [series] = call("get", "/indicators/").json()["results"]
    rows = call("get", f"/indicators/{series['id']}/figures/").json()["results"]
    assert all(row["source"] for row in rows) and None in [row["value"] for row in rows]
    assert call("get", f"/indicators/{series['id']}/figures/", {"period": "1900"}).json()["count"] == 0


def test_people_of_a_campaign_are_told_by_day_town_and_district(call, measure):
    campaign = make.campaign_with_targets(posts=2, organization=measure.organization)
    home = campaign.target_groups.get().rules.get().chamber.posts.first().division
    for _ in range(3):
        pledge = make.PledgeFactory(campaign=campaign)
        make.ResidenceFactory(supporter=pledge.supporter, division=home)
    found = call("get", f"/campaigns/{campaign.pk}/people/").json()
    assert [row["people"] for row in found["days"]] == [3]
    assert found["towns"] == [{"name": "Harbour Town", "people": 3}]
    assert found["districts"] == [{"name": home.name, "people": 3}]


def test_nothing_of_another_organisation_is_found(call):
    measure, indicator = make.MeasureFactory(), make.IndicatorFactory()
    for path in ("whip", "stances"):
        is_problem(call("get", f"/measures/{measure.pk}/{path}/"), 404)
    is_problem(
        call("post", f"/measures/{measure.pk}/events/", {"kind": "introduced", "on": "2026-01-10"}), 404
    )
    is_problem(call("get", f"/indicators/{indicator.pk}/figures/"), 404)
    is_problem(call("get", f"/campaigns/{make.CampaignFactory().pk}/people/"), 404)
    make.EvidenceFactory()
    assert call("get", "/evidence/").json()["count"] == call("get", "/indicators/").json()["count"] == 0


def test_lists_ask_as_much_for_twenty_as_for_one(call, measure):
    indicator = make.IndicatorFactory(organization=measure.organization)

    def grow(n):
        for _ in range(n):
            make.EvidenceFactory(issue=measure.issue)
            make.IndicatorValueFactory(indicator=indicator)
            make.MeasureDateFactory(measure=measure)
            make.StanceFactory(measure=measure, legislator=make.LegislatorFactory())

    paths = [
        "/evidence/",
        "/dates/",
        f"/indicators/{indicator.pk}/figures/",
        f"/measures/{measure.pk}/stances/",
    ]

    def asked(path):
        with CaptureQueriesContext(connection) as found:
            assert call("get", path, {"page_size": 50}).status_code == 200
        return len(found)

    grow(1)
    asked(paths[0])
    few = [asked(path) for path in paths]
    grow(19)
    assert [asked(path) for path in paths] == few


def test_events_come_with_how_many_come_and_nobodys_name(call, measure):
    event = make.EventFactory(organization=measure.organization, capacity=3, measure=measure)
    make.EventFactory(organization=measure.organization, starts_at=now() - timedelta(days=3))
    guest = make.RegistrationFactory(event=event, checked_in_at=now())
    make.RegistrationFactory(event=event, state="waiting", queued_at=now())
    answer = call("get", "/events/?ahead=true")
    [row] = answer.json()["results"]
    assert (row["confirmed"], row["waiting"], row["held"], row["came"]) == (1, 1, 0, 1)
    assert guest.name not in answer.content.decode() and guest.email not in answer.content.decode()
    assert call("get", "/events/").json()["count"] == 2
    assert call("get", f"/events/{event.pk}/").json()["url"].endswith(f"/{event.slug}/")
    is_problem(call("get", f"/events/{make.EventFactory().pk}/"), 404)
