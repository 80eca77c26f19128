"""The evidence library: every figure with its source, what it said before, how old it is, and where it is used."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from campaigns.letters.compose import suggested_body, writer_values
from campaigns.models import LetterVersion
from contacts import clock
from contacts.models import Organization
from policy.models import Brief, Evidence
from tests import factories as make
from tests.campaigns.console import Desk, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    return Desk(client)


@pytest.fixture
def issue(desk):
    return make.IssueFactory(organization=desk.organization)


def claim(**changes):
    return {
        "claim": "People wait for a first appointment",
        "figure": "41",
        "unit": "days",
        "source_title": "Health survey",
        "source_url": "https://survey.example.org/2026",
        "published_on": "2026-01-01",
        "retrieved_on": "2026-02-01",
        **changes,
    }


@pytest.mark.parametrize("missing", ["source_title", "source_url"])
def test_a_figure_without_a_source_is_refused_by_the_form_and_by_the_database(desk, issue, missing):
    answer = desk.post("evidence-new", issue.pk, **claim(**{missing: ""}))
    assert answer.status_code == 422 and not Evidence.objects.exists()
    assert "Name the source." in words(desk.post("evidence-new", issue.pk, **claim(source_title="—")))
    with pytest.raises(IntegrityError), transaction.atomic():
        make.EvidenceFactory(**{missing: ""})


def test_a_claim_gets_a_short_name_that_no_other_has_and_that_stays(desk, issue):
    for _ in range(2):
        desk.post("evidence-new", issue.pk, **claim())
    desk.post("evidence-new", issue.pk, **claim(key="beds"))
    assert "Other evidence has this short name." in words(
        desk.post("evidence-new", issue.pk, **claim(key="beds"))
    )
    first, second, beds = Evidence.objects.order_by("position")
    assert first.key == "people-wait-for-a-first-appointment" and second.key == f"{first.key}-2"
    desk.post("evidence-edit", issue.pk, beds.pk, **claim(key="chairs"))
    beds.refresh_from_db()
    assert beds.key == "beds"


def test_an_edit_keeps_what_it_said_before(desk, issue):
    evidence = make.EvidenceFactory(issue=issue, figure="39", unit="days", source_title="Older survey")
    assert "It was never changed." in desk.read("evidence", evidence.pk)
    desk.post("evidence-edit", issue.pk, evidence.pk, **claim())
    desk.post("evidence-edit", issue.pk, evidence.pk, **claim())  # says the same: no version
    page = desk.read("evidence", evidence.pk)
    assert "Figure 41 days" in page and "39 days Older survey" in page and str(desk.user) in page
    assert evidence.versions.count() == 1


def test_an_old_figure_is_flagged_wherever_it_stands(desk, issue):
    on = clock.today()
    make.EvidenceFactory(issue=issue, claim="Fresh claim", published_on=on - timedelta(days=730))
    old = make.EvidenceFactory(issue=issue, claim="Stale claim", published_on=on - timedelta(days=731))
    page = desk.read("evidence-list", age="old")
    assert "Stale claim old" in page and "Fresh claim" not in page and "Older than 730 days 1" in page
    assert "Stale claim old" in desk.read("issue", issue.pk)
    assert "more than 730 days ago" in desk.read("evidence", old.pk)
    Organization.objects.update(evidence_days=10_000)
    assert "Stale claim old" not in desk.read("evidence-list")


def test_evidence_is_found_by_issue_and_by_words(desk, issue):
    other = make.IssueFactory(organization=desk.organization)
    make.EvidenceFactory(issue=issue, claim="Beds are few")
    make.EvidenceFactory(issue=other, claim="Waiting is long", source_title="Quay survey")
    page = desk.read("evidence-list", issue=str(issue.pk))
    assert "Beds are few" in page and "Waiting is long" not in page
    assert "Waiting is long" in desk.read("evidence-list", q="quay")
    assert "No evidence fits." in desk.read("evidence-list", q="zebra")


def version_data(version, **changes):
    names = ("language", "subject", "salutation", "opening", "talking_points", "closing")
    return {name: getattr(version, name) for name in names} | changes


@pytest.fixture
def version(desk):
    return make.LetterVersionFactory(group__campaign__organization=desk.organization)


@pytest.fixture
def waiting(version):
    return make.EvidenceFactory(
        issue=version.group.campaign.issue,
        key="waiting",
        figure="41",
        unit="days",
        source_title="Health survey",
        is_example=False,
        published_on=clock.today(),
    )


def save(desk, version, **changes):
    return desk.post("version-edit", version.group_id, version.pk, **version_data(version, **changes))


def test_a_letter_cites_evidence_by_its_short_name(desk, version, waiting):
    page = desk.read("version-edit", version.group_id, version.pk)
    assert "{{evidence:waiting}}" in page
    save(desk, version, opening="I live in {{city}}. People wait {{evidence:waiting}}.")
    version = LetterVersion.objects.get()
    pledge = make.PledgeFactory(campaign=version.group.campaign)
    body = suggested_body(version, writer_values(pledge, pledge.campaign, version.language))
    year = waiting.published_on.year
    assert f"I live in Harbour Town. People wait 41 days (Health survey, {year})." in body
    page = desk.read("evidence", waiting.pk)
    assert f"41 days (Health survey, {year})" in page
    assert f"Letter: {version.subject}" in page and "says what it said before" not in page


def test_a_letter_keeps_its_figure_until_somebody_saves_it_again(desk, version, waiting):
    text = "People wait {{evidence:waiting}}."
    save(desk, version, opening=text)
    desk.post("evidence-edit", waiting.issue_id, waiting.pk, **claim(figure="45"))
    version = LetterVersion.objects.get()
    assert "41 days" in suggested_body(version, {})
    assert "says 45 days (Health survey, 2026) by now" in desk.read(
        "version-edit", version.group_id, version.pk
    )
    assert "says what it said before" in desk.read("evidence", waiting.pk)
    save(desk, version, opening=text)
    assert "45 days" in suggested_body(LetterVersion.objects.get(), {})


def test_an_old_figure_is_flagged_beside_the_letter_that_cites_it(desk, version, waiting):
    save(desk, version, opening="People wait {{evidence:waiting}}.")
    Evidence.objects.update(published_on="2019-01-01")
    assert "more than 730 days ago" in desk.read("version-edit", version.group_id, version.pk)


@pytest.mark.parametrize(
    ("field", "key", "problem"),
    [
        ("opening", "zebra", "There is no evidence with the short name zebra."),
        ("talking_points", "theirs", "There is no evidence with the short name theirs."),
        ("subject", "waiting", "Evidence may be cited in the text only"),
        ("salutation", "waiting", "Evidence may be cited in the text only"),
    ],
)
def test_what_can_not_be_cited_is_said_beside_the_field(desk, version, waiting, field, key, problem):
    make.EvidenceFactory(key="theirs")
    answer = save(desk, version, **{field: f"See {{{{evidence:{key}}}}}"})
    assert answer.status_code == 422 and problem in words(answer)


def test_an_invented_example_says_so_in_a_letter_too(desk, version, waiting):
    Evidence.objects.update(is_example=True)
    save(desk, version, opening="People wait {{evidence:waiting}}.")
    assert "invented example)" in suggested_body(LetterVersion.objects.get(), {})


def test_a_brief_that_prints_a_figure_is_listed_with_it(desk, issue):
    evidence, other = make.EvidenceFactory(issue=issue), make.EvidenceFactory(issue=issue)

    Brief.objects.create(
        organization=desk.organization,
        kind="issue",
        issue=issue,
        subject="x",
        title="Care in time",
        content={"sections": [{"sources": [{"key": f"evidence:{evidence.pk}"}]}]},
        content_hash="0" * 64,
        created_at=clock.now(),
    )
    assert "Brief: Care in time" in desk.read("evidence", evidence.pk)
    assert "Care in time" not in desk.read("evidence", other.pk)
