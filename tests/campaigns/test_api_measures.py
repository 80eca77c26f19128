"""Measures over the API: with their milestones, to read for their organisation alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.actions.members import make_token
from policy.actions.measures import strike_event
from tests import factories as make
from tests.campaigns.api import is_problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue():
    return make.IssueFactory()


@pytest.fixture
def get(client, issue):
    actor = make.RoleFactory(organization=issue.organization).user
    _token, secret = make_token(organization=issue.organization, name="a program", actor=actor)

    def ask(path="", **query):
        url = f"/api/v1/organization/measures/{path}"
        return client.get(url, query, headers={"Authorization": f"Bearer {secret}"})

    return ask


def test_measures_are_listed_with_their_status_and_as_many_queries_for_twenty(get, issue):
    def asked():
        with CaptureQueriesContext(connection) as found:
            get(page_size=50)
        return len(found)

    measure = make.MeasureFactory(issue=issue)
    make.MeasureEventFactory(measure=measure, kind="passed_chamber")
    get()
    few = asked()
    [row] = get().json()["results"]
    assert row["status"] == "passed_chamber" and row["jurisdiction"].startswith("ocd-jurisdiction/")
    for _ in range(10):
        make.MeasureEventFactory(measure__issue=issue)
    assert asked() == few


def test_one_measure_has_all_that_happened_struck_milestones_too(get, issue):
    measure = make.MeasureFactory(issue=issue)
    make.MeasureEventFactory(measure=measure)
    wrong = make.MeasureEventFactory(measure=measure, kind="passed", on="2026-02-01")
    strike_event(wrong=wrong, reason="Another bill", source_url="https://a.example/", actor=None)
    make.MeasureDateFactory(measure=measure, place="Room 3")
    make.SponsorshipFactory(measure=measure, name="Rep. Vale")
    make.MeasurePositionFactory(measure=measure, reasons="It helps")
    other = make.RelatedMeasureFactory(other=measure, measure__issue=issue, kind="amends").measure
    found = get(f"{measure.pk}/").json()
    assert found["status"] == "introduced"
    struck = next(event for event in found["events"] if event["id"] == wrong.pk)
    why = next(event for event in found["events"] if event["id"] == struck["struck_by"])
    assert (why["kind"], why["reason"], why["strikes"]) == ("struck", "Another bill", wrong.pk)
    assert found["dates"][0]["place"] == "Room 3"
    assert found["sponsors"] == [{"legislator": None, "name": "Rep. Vale", "kind": "primary"}]
    assert found["positions"][0]["reasons"] == "It helps"
    assert found["related"] == [{"measure": str(other.pk), "relation": "amended_by"}]


def test_another_organisations_measure_is_not_found(get):
    is_problem(get(f"{make.MeasureFactory().pk}/"), 404)
    assert get().json()["count"] == 0
