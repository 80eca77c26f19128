"""Every error of the API is a problem document, and its description tells of all operations."""

import json

import pytest
from django.core.management import call_command
from django.test import Client

from tests.campaigns.api import is_problem, sign
from tests.factories import campaign_with_targets

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return campaign_with_targets()


def test_requests_are_throttled_by_scope(client, settings, campaign):
    rates = {**settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "read": "2/min"}
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}
    answers = [client.get("/api/v1/campaigns/") for _ in range(3)]
    assert [a.status_code for a in answers] == [200, 200, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 60
    is_problem(answers[2], 429)
    assert sign(client, campaign).status_code == 202


def test_what_a_client_writes_into_forwarded_for_does_not_lift_the_limit(client, settings):
    rates = {**settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "read": "2/min"}
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}
    codes = [
        client.get("/api/v1/campaigns/", headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code
        for n in range(3)
    ]
    assert codes == [200, 200, 429]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/nowhere", 404),
        ("get", "/api/v1/nowhere/", 404),
        ("post", "/api/v1/nowhere/", 404),
        ("get", "/api/v1/campaigns/not-a-uuid/", 404),
        ("get", "/api/v1/campaigns", 404),
        ("delete", "/api/v1/campaigns/", 405),
        ("options", "/api/v1/campaigns/", 405),
        ("get", "/api/v1/campaigns/?format=xml", 404),
    ],
)
def test_every_error_is_a_problem_document(client, method, path, status):
    is_problem(getattr(client, method)(path), status)


def test_a_format_we_do_not_have_is_a_problem_too(client):
    is_problem(client.get("/api/v1/campaigns/", headers={"Accept": "application/xml"}), 406)
    is_problem(client.get("/api/schema/", headers={"Accept": "application/xml"}), 406)


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b'{"name": "\\ud800"}', "application/json", 400),
        (b'{"name": NaN}', "application/json", 400),
        (b'{"name": "a", "name": "b"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'"text"', "application/json", 400),
        (b"[1]", "application/json", 400),
        (b"null", "application/json", 400),
        (b"1" * 5000, "application/json", 400),
        (b"name=Ada", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b" " * (1024 * 1024 + 1), "application/json", 413),
    ],
)
def test_bodies_that_are_no_request_are_refused(client, campaign, content, kind, status):
    answer = client.post(
        f"/api/v1/campaigns/{campaign.pk}/pledges/",
        content,
        content_type=kind,
        headers={"Idempotency-Key": "one"},
    )
    is_problem(answer, status)


def test_a_server_error_below_the_api_is_a_problem_and_elsewhere_a_page(campaign, monkeypatch):
    def breaks(**kwargs):
        raise RuntimeError("on purpose")

    monkeypatch.setattr("campaigns.api.pledges.sign_pledge", breaks)
    client = Client(raise_request_exception=False)
    document = is_problem(sign(client, campaign, key="one"), 500)
    assert "on purpose" not in json.dumps(document)
    monkeypatch.undo()
    assert sign(client, campaign, key="one").status_code == 202


def test_the_description_is_openapi_3_1_and_names_every_operation(client):
    schema = client.get("/api/schema/").json()
    assert schema["openapi"].startswith("3.1")
    assert "/api/v1/campaigns/{campaign_id}/pledges/" in schema["paths"]
    for operations in schema["paths"].values():
        for operation in operations.values():
            assert operation["summary"] and operation["description"]
            assert "application/problem+json" in operation["responses"]["default"]["content"]
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")


def test_people_can_read_what_programs_can_do(client):
    page = client.get("/api/").content.decode()
    assert "/api/v1/legislators/" in page
    assert 'id="problem-which-place"' in page
