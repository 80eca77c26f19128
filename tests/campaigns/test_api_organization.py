"""The API for an organisation with its token: its campaigns and drives, and nobody else's."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from campaigns.models import Campaign, Drive
from contacts.actions.members import make_token, revoke_token
from contacts.clock import now
from contacts.models import ApiToken, AuditEntry
from tests.campaigns.api import is_problem
from tests.factories import (
    CampaignFactory,
    DriveFactory,
    IssueFactory,
    LetterFactory,
    MeasureFactory,
    PledgeFactory,
    RoleFactory,
    campaign_with_targets,
    reachable,
)

pytestmark = pytest.mark.django_db

OWN = "/api/v1/organization"


class Caller:
    """A program that holds an organisation's token."""

    def __init__(self, client, organization, actor):
        self.client = client
        self.token, self.secret = make_token(organization=organization, name="a program", actor=actor)

    def __call__(self, method, path, data=None, **headers):
        return getattr(self.client, method)(
            f"{OWN}{path}",
            None if data is None else json.dumps(data) if method != "get" else data,
            **({} if method == "get" else {"content_type": "application/json"}),
            headers={"Authorization": f"Bearer {self.secret}", **headers},
        )


@pytest.fixture
def campaign():
    return campaign_with_targets()


@pytest.fixture
def organizer(campaign):
    return RoleFactory(organization=campaign.organization).user


@pytest.fixture
def call(client, campaign, organizer):
    return Caller(client, campaign.organization, organizer)


@pytest.fixture
def stranger(client):
    role = RoleFactory()
    return Caller(client, role.organization, role.user)


def draft(campaign, **changes):
    return {
        "issue": str(campaign.issue.pk),
        "measure": str(campaign.measure.pk),
        "slug": "second",
        "title": "Second",
        "ask": "Vote for it",
        "why": "Because.",
        **changes,
    }


def wave(**changes):
    start = now() + timedelta(hours=1)
    return {
        "name": "Wave",
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(days=7)).isoformat(),
        **changes,
    }


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer osp_wrong", "Bearer osp_a osp_b", "Token x", "Bearer é", "bearer "]
)
def test_without_a_good_token_nothing_opens(client, campaign, header):
    answer = client.get(f"{OWN}/campaigns/", headers={"Authorization": header} if header else {})
    is_problem(answer, 401)
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_token_opens_nothing(call, organizer):
    assert call("get", "/campaigns/").status_code == 200
    revoke_token(token=call.token, actor=organizer)
    is_problem(call("get", "/campaigns/"), 401)


def test_only_the_hash_of_a_token_is_kept_and_its_use_is_noted(call):
    call("get", "/campaigns/")
    token = ApiToken.objects.get()
    assert call.secret not in str(vars(token))
    assert token.last_used_at is not None


def test_lists_take_the_same_queries_for_one_row_and_for_twenty(call, campaign, django_assert_num_queries):
    for path, queries, make in (
        ("/campaigns/", 5, lambda: CampaignFactory(organization=campaign.organization)),
        ("/issues/", 5, lambda: IssueFactory(organization=campaign.organization)),
        # With their jurisdictions and milestones.
        ("/measures/", 6, lambda: MeasureFactory(issue=campaign.issue)),
    ):
        call("get", path)  # notes the token's use once
        with django_assert_num_queries(queries):
            call("get", path)
        for _ in range(19):
            make()
        with django_assert_num_queries(queries):
            assert call("get", path).json()["count"] >= 20


def test_a_campaign_starts_as_a_draft_in_test_mode(call, campaign, organizer):
    answer = call("post", "/campaigns/", draft(campaign))
    assert answer.status_code == 201
    assert (answer.json()["state"], answer.json()["is_test"]) == ("draft", True)
    made = Campaign.objects.get(slug="second")
    assert made.test_recipient == organizer
    assert AuditEntry.objects.filter(verb="create campaign", actor=organizer).exists()


def test_the_same_key_starts_one_campaign(call, campaign):
    key = {"Idempotency-Key": str(uuid4())}
    first = call("post", "/campaigns/", draft(campaign), **key)
    again = call("post", "/campaigns/", draft(campaign), **key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert Campaign.objects.filter(slug="second").count() == 1


def test_another_organisations_issue_is_none_to_choose(call, campaign):
    document = is_problem(call("post", "/campaigns/", draft(campaign, issue=str(IssueFactory().pk))), 400)
    assert document["errors"][0]["pointer"] == "#/issue"


def test_an_address_that_is_taken_is_refused(call, campaign):
    call("post", "/campaigns/", draft(campaign))
    document = is_problem(call("post", "/campaigns/", draft(campaign, title="Third")), 400)
    assert document["errors"][0]["pointer"] == "#/slug"


def test_a_patch_changes_what_it_names(call, campaign):
    answer = call("patch", f"/campaigns/{campaign.pk}/", {"title": "Care in four weeks", "goal": 200})
    assert answer.status_code == 200
    campaign.refresh_from_db()
    assert (campaign.title, campaign.goal, campaign.ask) == (
        "Care in four weeks",
        200,
        "Vote for care within four weeks",
    )
    assert call("patch", f"/campaigns/{campaign.pk}/", {}).status_code == 200
    for bad in ({"goal": 0}, {"goal": 10**20}, {"title": ""}, {"why": None}, {"language": "xx"}):
        is_problem(call("patch", f"/campaigns/{campaign.pk}/", bad), 400)


def test_a_campaign_that_lacks_something_does_not_open_and_says_what(call, campaign):
    made = call("post", "/campaigns/", draft(campaign)).json()
    document = is_problem(call("post", f"/campaigns/{made['id']}/open/"), 409)
    assert "target group" in document["detail"]


def test_open_pause_close(call, campaign):
    DriveFactory(campaign=campaign)
    path = f"/campaigns/{campaign.pk}"
    assert call("post", f"{path}/pause/").json()["state"] == "paused"
    assert call("post", f"{path}/open/").json()["state"] == "open"
    is_problem(call("post", f"{path}/open/"), 409)
    closed = call("post", f"{path}/close/", {"outcome": "won", "outcome_text": "It passed."}).json()
    assert (closed["state"], closed["outcome"]) == ("closed", "won")
    told = call("get", f"{path}/outcome/").json()
    assert (told["result"], told["changed"], told["corrections"]) == ("won", "It passed.", [])
    is_problem(call("post", f"{path}/close/", {"outcome_text": "It passed."}), 400)
    is_problem(call("post", f"{path}/pause/"), 409)
    is_problem(call("post", f"{path}/close/", {"outcome": "splendid"}), 400)


def test_all_numbers_stand_apart(call, campaign):
    LetterFactory(pledge=PledgeFactory(campaign=campaign), drive__campaign=campaign, state="ready")
    PledgeFactory(campaign=campaign, state="pending", confirmed_at=None)
    found = {
        row["name"]: row["value"] for row in call("get", f"/campaigns/{campaign.pk}/counts/").json()["counts"]
    }
    assert found["people_confirmed"] == found["pledges_pending"] == found["letters_waiting"] == 1
    assert found["letters_accepted"] == found["letters_uncertain"] == found["letters_failed"] == 0
    kinds = ["accepted", "waiting", "with_supporters", "leaving", "held", "uncertain", "failed", "stopped"]
    assert sum(found[f"letters_{kind}"] for kind in kinds) == found["letters_total"] == 1


def test_a_drive_from_draft_to_cancelled(call, campaign):
    made = call("post", f"/campaigns/{campaign.pk}/drives/", wave())
    assert made.status_code == 201
    path = f"/drives/{made.json()['id']}"
    assert made.json()["weekdays"] == [0, 1, 2, 3, 4]
    assert call("get", f"{path}/").json()["state"] == "draft"
    assert call("patch", f"{path}/", {"per_site_hour": 10}).json()["per_site_hour"] == 10
    assert call("get", f"{path}/rehearsal/").json()["planned"] == 0
    assert call("post", f"{path}/schedule/").json()["drive"]["state"] == "scheduled"
    assert call("post", f"{path}/pause/").json()["letters_leaving"] == 0
    assert call("post", f"{path}/resume/").json()["drive"]["state"] == "running"
    is_problem(call("post", f"{path}/schedule/"), 409)
    assert call("post", f"{path}/cancel/").json()["letters_cancelled"] == 0
    is_problem(call("patch", f"{path}/", {"name": "Late"}), 409)


def test_a_rehearsal_tells_the_plan(call, campaign):
    drive = DriveFactory(campaign=campaign, state="draft")
    LetterFactory(drive=drive, pledge=PledgeFactory(campaign=campaign))
    found = call("get", f"/drives/{drive.pk}/rehearsal/").json()
    assert found["vacant"] and found["planned"] == 0


def test_a_program_reads_the_rehearsal_by_office(call, campaign):
    drive = DriveFactory(campaign=campaign, state="draft")
    LetterFactory(drive=drive, pledge=PledgeFactory(campaign=campaign), post=reachable())
    found = call("get", f"/drives/{drive.pk}/rehearsal/").json()
    assert found["planned"] == 1 and found["reasons"] == [] and found["days_off"] == []
    office = found["by_office"][0]
    assert (office["zone"], office["letters"], office["overloaded"], office["too_late"]) == (
        "UTC",
        1,
        False,
        0,
    )
    assert office["by_hour"] == found["by_hour"]


def test_a_drives_calendar_is_set_by_a_program(call, campaign):
    campaign.measure.vote_on = "2027-03-16"
    campaign.measure.save()
    made = call(
        "post",
        f"/campaigns/{campaign.pk}/drives/",
        {
            "name": "Before the vote",
            "starts_at": "2027-03-01T00:00:00Z",
            "hours_before_vote": 24,
            "skips_holidays": True,
            "skips_recess": True,
            "starts_on": "2027-03-02",
            "hour_weights": [50] * 24,
        },
    )
    assert made.status_code == 201
    drive = made.json()
    assert drive["ends_at"] == "2027-03-15T00:00:00Z" and drive["hour_weights"] == [50] * 24
    assert call("patch", f"/drives/{drive['id']}/", {"vote_on": "2027-03-20"}).json()["ends_at"] == (
        "2027-03-19T00:00:00Z"
    )


def test_one_open_drive_at_a_time(call, campaign):
    call("post", f"/campaigns/{campaign.pk}/drives/", wave())
    is_problem(call("post", f"/campaigns/{campaign.pk}/drives/", wave()), 409)
    assert len(call("get", f"/campaigns/{campaign.pk}/drives/").json()["results"]) == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"ends_at": "2020-01-01T00:00:00Z"}, 409),
        ({"starts_at": "0001-01-01T00:00:00Z"}, 400),
        ({"ends_at": "9999-12-31T23:59:59Z"}, 400),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, 400),
        ({"weekdays": []}, 400),
        ({"weekdays": [7]}, 400),
        ({"opens": "18:00", "closes": "09:00"}, 409),
        ({"per_office_hour": 0}, 400),
        ({"per_site_hour": 10**12}, 400),
        ({"name": ""}, 400),
        ({"ends_at": None}, 400),
        ({"hours_before_vote": 24}, 409),
        ({"hours_before_vote": -1}, 400),
        ({"hours_before_vote": 24, "vote_on": "0001-01-01"}, 400),
        ({"starts_on": "2027-03-02", "ends_on": "2027-03-01"}, 409),
        ({"hour_weights": [100]}, 409),
        ({"hour_weights": [101] * 24}, 400),
        ({"hour_weights": [1] * 25}, 400),
    ],
)
def test_a_drive_that_can_not_be_is_refused(call, campaign, change, status):
    is_problem(call("post", f"/campaigns/{campaign.pk}/drives/", wave(**change)), status)
    assert not Drive.objects.exists()


def test_what_belongs_to_another_organisation_does_not_exist(stranger, campaign):
    drive = DriveFactory(campaign=campaign)
    campaign_path, drive_path = f"/campaigns/{campaign.pk}", f"/drives/{drive.pk}"
    for method, path in [
        ("get", f"{campaign_path}/"),
        ("patch", f"{campaign_path}/"),
        ("get", f"{campaign_path}/counts/"),
        ("post", f"{campaign_path}/open/"),
        ("post", f"{campaign_path}/pause/"),
        ("post", f"{campaign_path}/close/"),
        ("get", f"{campaign_path}/drives/"),
        ("post", f"{campaign_path}/drives/"),
        ("get", f"{drive_path}/"),
        ("patch", f"{drive_path}/"),
        ("get", f"{drive_path}/rehearsal/"),
        ("post", f"{drive_path}/schedule/"),
        ("post", f"{drive_path}/pause/"),
        ("post", f"{drive_path}/resume/"),
        ("post", f"{drive_path}/cancel/"),
    ]:
        data = None if method == "get" else wave() if path.endswith("drives/") else {}
        is_problem(stranger(method, path, data), 404)
    assert stranger("get", "/campaigns/").json()["count"] == 0
    campaign.refresh_from_db()
    drive.refresh_from_db()
    assert (campaign.state, drive.state) == ("open", "running")


def test_managing_is_throttled_per_token(call, stranger, settings):
    rates = {**settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "manage": "2/min"}
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}
    assert [call("get", "/issues/").status_code for _ in range(3)] == [200, 200, 429]
    assert stranger("get", "/issues/").status_code == 200


@pytest.mark.parametrize("query", ["page=0", "page=x", "page_size=101", "page_size=0", "page=99999999999999"])
def test_a_page_that_can_not_be_is_refused(call, query):
    assert is_problem(call("get", f"/campaigns/?{query}"), 400)["errors"]


def test_campaigns_are_found_by_their_state(call, campaign):
    CampaignFactory(organization=campaign.organization, state="draft", opened_at=None)
    found = call("get", "/campaigns/?state=draft").json()
    assert [row["state"] for row in found["results"]] == ["draft"]
    is_problem(call("get", "/campaigns/?state=lost"), 400)


def test_pages_are_linked(call, campaign):
    CampaignFactory(organization=campaign.organization)
    first = call("get", "/campaigns/?page_size=1").json()
    assert first["previous"] is None
    second = call("get", first["next"].partition(OWN)[2]).json()
    assert second["next"] is None
    assert first["results"] != second["results"]


def test_a_measure_of_another_issue_does_not_fit(call, campaign):
    other = MeasureFactory(issue=IssueFactory(organization=campaign.organization))
    document = is_problem(call("patch", f"/campaigns/{campaign.pk}/", {"measure": str(other.pk)}), 400)
    assert document["errors"][0]["pointer"] == "#/measure"
    is_problem(call("patch", f"/campaigns/{campaign.pk}/", {"titel": "Slip"}), 400)
