"""The API for everybody: campaigns, honest counts, legislators, signing."""

import json

import pytest

from campaigns.models import IdempotencyKey, OutboxMail, OutcomeCorrection, Pledge
from contacts.models import Purpose
from tests.campaigns.api import body, is_problem, sign
from tests.factories import (
    CampaignFactory,
    ChamberFactory,
    DivisionFactory,
    LetterFactory,
    OutcomeFactory,
    PledgeFactory,
    PostalAreaFactory,
    PostFactory,
    campaign_with_targets,
    reachable,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return campaign_with_targets()


def test_open_campaigns_are_listed_with_pages_and_tests_are_not(client, django_assert_num_queries):
    CampaignFactory(title="Open")
    CampaignFactory(title="A test", is_test=True)
    CampaignFactory(title="A draft", state="draft", opened_at=None)
    with django_assert_num_queries(3):
        found = client.get("/api/v1/campaigns/").json()
    assert [row["title"] for row in found["results"]] == ["Open"]
    for _ in range(19):
        CampaignFactory()
    with django_assert_num_queries(3):
        assert client.get("/api/v1/campaigns/").json()["count"] == 20
    second = client.get("/api/v1/campaigns/?page=2&page_size=15").json()
    assert len(second["results"]) == 5
    is_problem(client.get("/api/v1/campaigns/?page=9"), 404)


def test_what_came_of_campaigns_is_listed_with_its_corrections(client, django_assert_num_queries):
    OutcomeFactory(headline="A draft", published_at=None)
    OutcomeFactory(campaign__is_test=True)
    outcome = OutcomeFactory(result="lost", headline="Lost by two votes")
    OutcomeCorrection.objects.create(
        outcome=outcome,
        reason="Two, not three",
        result="lost",
        on=outcome.on,
        replaced_at=outcome.published_at,
    )
    for n in (1, 9):
        with django_assert_num_queries(4):
            found = client.get("/api/v1/outcomes/").json()
        assert found["count"] == n
        OutcomeFactory.create_batch(8)
    row = next(one for one in found["results"] if one["result"] == "lost")
    assert row["headline"] == "Lost by two votes" and row["url"].endswith("/outcome/")
    assert row["corrections"][0]["reason"] == "Two, not three"


def test_a_campaign_says_what_it_counts_and_each_count_what_it_means(client, campaign):
    PledgeFactory(campaign=campaign)
    PledgeFactory(campaign=campaign, is_test=True)
    PledgeFactory(campaign=campaign, state="pending", confirmed_at=None)
    LetterFactory(pledge=PledgeFactory(campaign=campaign), drive__campaign=campaign)
    found = client.get(f"/api/v1/campaigns/{campaign.pk}/counts/").json()
    counts = {row["name"]: row for row in found["counts"]}
    assert counts["people_confirmed"]["value"] == 2
    assert counts["letters_accepted"]["value"] == 0
    assert "pledges_pending" not in counts  # no public number
    assert all(
        len(row["definition"]) > 20 and row["more"].endswith("/how-we-count/") for row in counts.values()
    )
    detail = client.get(f"/api/v1/campaigns/{campaign.pk}/").json()
    assert detail["counts"] == found["counts"]
    assert {offer["purpose"] for offer in detail["consents"]} == {"contact", "name", "story"}


def test_a_draft_does_not_exist_for_strangers(client):
    draft = CampaignFactory(state="draft", opened_at=None)
    is_problem(client.get(f"/api/v1/campaigns/{draft.pk}/"), 404)
    is_problem(client.get(f"/api/v1/campaigns/{draft.pk}/counts/"), 404)
    is_problem(sign(client, draft), 404)


def test_legislators_are_found_by_postal_code_and_vacant_seats_are_said(client, campaign):
    found = client.get("/api/v1/legislators/", {"postal_code": "20000", "country": "zz"}).json()
    [chamber] = found["chambers"]
    assert found["is_known"] and not found["is_ambiguous"]
    assert chamber["places"][0]["seats"][0]["legislator"]["name"].startswith("Kim")
    vacant = PostFactory()
    PostalAreaFactory(code="30000", division=vacant.division)
    found = client.get("/api/v1/legislators/", {"postal_code": "30000", "country": "zz"}).json()
    assert found["chambers"][0]["places"][0]["seats"][0]["legislator"] is None
    assert not client.get("/api/v1/legislators/", {"postal_code": "99999"}).json()["is_known"]


def test_a_postal_code_that_is_none_is_refused(client):
    for code in ("", "x" * 13, "12\x00", "💥", "'; --"):
        document = is_problem(client.get("/api/v1/legislators/", {"postal_code": code}), 400)
        assert document["errors"][0]["pointer"] == "#/postal_code"


def test_signing_records_a_pledge_and_owes_a_mail(client, campaign):
    data = body(
        comment="It took too long.", consents={"story": True}, source_code="harbour", send_untouched=True
    )
    answer = sign(client, campaign, data)
    assert answer.status_code == 202
    assert answer.json()["status"] == "check_mail"
    pledge = Pledge.objects.get()
    assert (pledge.state, pledge.source, pledge.send_untouched) == ("pending", "harbour", True)
    given = {c["purpose"]: c["given"] for c in pledge.consents}
    assert given == {Purpose.DELIVER: True, Purpose.CONTACT: False, Purpose.NAME: False, Purpose.STORY: True}
    assert len(pledge.matched) == 1
    assert OutboxMail.objects.get().kind == "confirm"


def test_new_and_repeated_signatures_get_the_same_answer(client, campaign):
    first = sign(client, campaign)
    again = sign(client, campaign)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert Pledge.objects.count() == 1


def test_the_same_key_and_body_act_once_and_answer_the_same(client, campaign):
    first = sign(client, campaign, key="one")
    again = sign(client, campaign, key="one")
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert again["Idempotent-Replayed"] == "true"
    assert Pledge.objects.count() == OutboxMail.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(client, campaign):
    sign(client, campaign, key="one")
    document = is_problem(sign(client, campaign, body(name="Ben Lund"), key="one"), 422)
    assert document["type"].endswith("#problem-key-reused")


def test_a_second_request_while_the_first_is_under_way_has_to_wait(client, campaign):
    sign(client, campaign, key="one")
    IdempotencyKey.objects.update(status=None, response=None)
    document = is_problem(sign(client, campaign, key="one"), 409)
    assert document["type"].endswith("#problem-still-working")


def test_a_refused_signature_may_be_sent_again_with_its_key(client, campaign):
    campaign.state = "paused"
    campaign.save()
    is_problem(sign(client, campaign, key="one"), 409)
    campaign.state = "open"
    campaign.save()
    assert sign(client, campaign, key="one").status_code == 202


def test_signing_needs_a_key(client, campaign):
    answer = client.post(
        f"/api/v1/campaigns/{campaign.pk}/pledges/", json.dumps(body()), content_type="application/json"
    )
    assert is_problem(answer, 400)["errors"][0]["pointer"] == "#/Idempotency-Key"
    is_problem(sign(client, campaign, key="x" * 121), 400)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "Win at http://prize.example"}, "name"),
        ({"name": "Ada\u202e"}, "name"),
        ({"email": "ada at people"}, "email"),
        ({"email": None}, "email"),
        ({"postal_code": "!!"}, "postal_code"),
        ({"comment": "x" * 1001}, "comment"),
        ({"language": "xx"}, "language"),
        ({"source_code": "a b"}, "source_code"),
        ({"places": ["no"]}, "places"),
        ({"nmae": "Ada"}, "nmae"),
        ({"consents": {"contact": "perhaps"}}, "consents/contact"),
        ({"consents": {"sell": True}}, "consents/sell"),
    ],
)
def test_bad_input_names_the_field(client, campaign, change, field):
    document = is_problem(sign(client, campaign, body(**change)), 400)
    assert document["errors"][0]["pointer"].startswith(f"#/{field}")
    assert not Pledge.objects.exists()


def test_a_postal_code_in_two_places_asks_which(client, campaign):
    chamber = campaign.target_groups.get().rules.get().chamber
    here, there = DivisionFactory(), DivisionFactory()
    for division in (here, there):
        reachable(PostFactory(chamber=chamber, division=division), f"{division.pk}@assembly.example")
        PostalAreaFactory(code="40000", division=division)
    document = is_problem(sign(client, campaign, body(postal_code="40000")), 422)
    assert document["type"].endswith("#problem-which-place")
    offered = {place["division"] for place in document["chambers"][0]["places"]}
    assert offered == {str(here.pk), str(there.pk)}
    assert sign(client, campaign, body(postal_code="40000", places=[str(there.pk)])).status_code == 202
    assert Pledge.objects.get().matched[0]["division"] == str(there.pk)
    other = body(email="ben@people.example", postal_code="40000", place_unknown=True)
    assert sign(client, campaign, other).status_code == 202
    assert Pledge.objects.get(email="ben@people.example").matched == []


def test_an_unknown_postal_code_signs_only_when_that_is_meant(client, campaign):
    document = is_problem(sign(client, campaign, body(postal_code="55555")), 422)
    assert document["type"].endswith("#problem-unknown-postal-code")
    assert sign(client, campaign, body(postal_code="55555", sign_without_letter=True)).status_code == 202


def test_a_least_age_is_asked_of_programs_too(client, campaign):
    campaign.minimum_age = 16
    campaign.save()
    assert "at least 16 years old" in str(is_problem(sign(client, campaign), 400))
    assert sign(client, campaign, body(old_enough=True)).status_code == 202


def test_a_closed_campaign_takes_no_signature(client, campaign):
    campaign.state = "closed"
    campaign.save()
    assert "signatures" in is_problem(sign(client, campaign), 409)["detail"]


def test_one_address_may_not_sign_without_end(client, campaign):
    for n in range(10):
        assert sign(client, campaign, body(email=f"a{n}@people.example")).status_code == 202
    answer = sign(client, campaign, body(email="last@people.example"))
    is_problem(answer, 429)
    assert int(answer["Retry-After"]) > 0
    assert Pledge.objects.count() == 10


def test_chambers_that_a_campaign_does_not_write_to_are_not_asked_about(client, campaign):
    other = ChamberFactory()
    here = DivisionFactory()
    chamber = campaign.target_groups.get().rules.get().chamber
    reachable(PostFactory(chamber=chamber, division=here))
    PostalAreaFactory(code="50000", division=here)
    for n in range(2):
        # A ward is no alternative to a district: the code lies in one of each.
        ward = DivisionFactory(ocd_id=f"ocd-division/country:zz/ward:{n}")
        PostFactory(chamber=other, division=ward)
        PostalAreaFactory(code="50000", division=ward)
    assert sign(client, campaign, body(postal_code="50000")).status_code == 202
