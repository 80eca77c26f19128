"""Issues, measures, evidence, helplines and legislators, as the console keeps them."""

import pytest

from contacts import clock
from contacts.models import AuditEntry
from policy.models import Evidence, Issue, Measure, MeasureEvent, Stance
from tests import factories as make
from tests.campaigns.console import Desk, told, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    return Desk(client)


def verbs(desk):
    return list(
        AuditEntry.objects.filter(organization=desk.organization, actor=desk.user).values_list(
            "verb", flat=True
        )
    )


def test_an_issue_is_written_down_and_edited(desk):
    answer = desk.post("issue-new", title="Waiting for care", summary="People wait.", body="**Months**")
    issue = Issue.objects.get()
    assert answer.url == desk.url("issue", issue.pk)
    assert issue.slug == "waiting-for-care" and issue.organization == desk.organization
    desk.post("issue-edit", issue.pk, title="Waiting", summary="People wait long.", body="")
    issue.refresh_from_db()
    assert issue.title == "Waiting"
    assert verbs(desk) == ["save issue", "save issue"]


def test_markdown_of_an_issue_is_shown_and_harmful_markup_is_not(desk):
    issue = make.IssueFactory(organization=desk.organization, body="**Months** <script>alert(1)</script>")
    page = desk.get("issue", issue.pk).content.decode()
    assert "<strong>Months</strong>" in page
    assert "<script>alert" not in page


def test_two_issues_with_one_title_are_refused(desk):
    make.IssueFactory(organization=desk.organization, title="Waiting", slug="waiting")
    answer = desk.post("issue-new", title="Waiting", summary="Again.")
    assert answer.status_code == 422
    assert "You have an issue with this title already." in words(answer)


def test_another_organisation_may_have_an_issue_of_that_title(desk):
    make.IssueFactory(title="Waiting", slug="waiting")
    assert desk.post("issue-new", title="Waiting", summary="Ours.").status_code == 302


def measure_data(desk, **changes):
    issue = make.IssueFactory(organization=desk.organization)
    jurisdiction = make.JurisdictionFactory()
    return {
        "issue": issue.pk,
        "jurisdiction": jurisdiction.pk,
        "kind": "bill",
        "identifier": "HB 7",
        "title": "Care Act",
        "position": "support",
        **changes,
    }


def test_a_measure_is_followed_once(desk):
    data = measure_data(desk)
    answer = desk.post("measure-new", **data)
    measure = Measure.objects.get()
    assert answer.url == desk.url("measure", measure.pk)
    again = desk.post("measure-new", **data)
    assert again.status_code == 422 and "You follow this measure already." in words(again)
    assert verbs(desk) == ["save measure"]


def test_a_measure_may_not_hang_on_another_organisations_issue(desk):
    answer = desk.post("measure-new", **measure_data(desk, issue=make.IssueFactory().pk))
    assert answer.status_code == 422
    assert not Measure.objects.exists()


def test_a_link_from_an_issue_chooses_it(desk):
    issue = make.IssueFactory(organization=desk.organization)
    make.IssueFactory(organization=desk.organization)
    page = desk.get("measure-new", issue=str(issue.pk)).content.decode()
    assert f'<option value="{issue.pk}" selected>' in page
    assert desk.get("measure-new", issue="nonsense").status_code == 200


def test_a_milestone_needs_its_source_and_becomes_the_status(desk):
    measure = make.MeasureFactory(issue__organization=desk.organization)
    without = desk.post("milestone-add", measure.pk, kind="heard", on="2026-02-01", note="")
    assert without.status_code == 422 and not MeasureEvent.objects.exists()
    desk.post(
        "milestone-add", measure.pk, kind="heard", on="2026-02-01", note="", source_url="https://a.example/1"
    )
    desk.post(
        "milestone-add",
        measure.pk,
        kind="introduced",
        on="2026-01-01",
        note="",
        source_url="https://a.example/2",
    )
    assert "Status Heard, 1 February 2026" in desk.read("measure", measure.pk)
    assert verbs(desk) == ["add milestone", "add milestone"]


def test_the_same_milestone_is_not_added_twice(desk):
    measure = make.MeasureFactory(issue__organization=desk.organization)
    data = {"kind": "heard", "on": "2026-02-01", "note": "", "source_url": "https://a.example/1"}
    desk.post("milestone-add", measure.pk, **data)
    again = desk.post("milestone-add", measure.pk, **data)
    assert again.status_code == 422 and "This milestone is there already." in words(again)
    assert MeasureEvent.objects.count() == 1


def test_evidence_needs_a_source(desk):
    issue = make.IssueFactory(organization=desk.organization)
    data = {
        "claim": "People wait",
        "figure": "41",
        "unit": "days",
        "published_on": "2026-01-01",
        "retrieved_on": "2026-02-01",
    }
    without = desk.post("evidence-new", issue.pk, **data)
    assert without.status_code == 422 and not Evidence.objects.exists()
    desk.post(
        "evidence-new", issue.pk, source_title="Survey", source_url="https://survey.example.org/", **data
    )
    evidence = Evidence.objects.get()
    assert evidence.organization == desk.organization
    page = desk.read("issue", issue.pk)
    assert "41 days" in page and "Survey" in page


def test_evidence_that_is_invented_says_so(desk):
    evidence = make.EvidenceFactory(issue__organization=desk.organization)
    assert "invented example" in desk.read("issue", evidence.issue_id)


@pytest.mark.parametrize(
    ("name", "found"),
    [("issue-list", "Waiting for care"), ("measure-list", "HB 9"), ("resource-list", "Night Line")],
)
def test_lists_of_policy_can_be_searched(desk, name, found):
    issue = make.IssueFactory(organization=desk.organization, title="Waiting for care", summary="x")
    make.MeasureFactory(issue=issue, identifier="HB 9", title="Care Act")
    make.ResourceFactory(organization=desk.organization, name="Night Line")
    assert found in desk.read(name)
    assert found in desk.read(name, q=found[:6].lower())
    page = desk.read(name, q="zebra")
    assert found not in page and "fits" in page


@pytest.mark.parametrize(
    "name", ["issue-list", "measure-list", "resource-list", "campaign-list", "supporter-list"]
)
def test_an_empty_list_shows_a_way_forward(desk, name):
    page = desk.get(name)
    assert page.status_code == 200
    assert 'class="empty"' in page.content.decode()


def test_legislators_are_found_by_name_place_party_and_postal_code(desk):
    state = make.DivisionFactory(name="Northland", level="regional")
    district = make.DivisionFactory(name="Hill Country", parent=state)
    make.PostalAreaFactory(code="20077", country=desk.organization.country, division=district)
    wanted = make.MembershipFactory(
        legislator__name="Ádám Vörös",
        post__division=district,
        post__label="Delegate for Hill Country",
        party="Meadow",
    )
    other = make.MembershipFactory(legislator__name="Brook Lane")
    for typed in ("vörös", "hill", "northland", "meadow", "20077"):
        page = desk.read("legislator-list", q=typed)
        assert wanted.legislator.name in page, typed
        assert other.legislator.name not in page, typed
    assert "Nobody in office fits" in desk.read("legislator-list", q="29999")


def test_a_postal_code_in_two_districts_lists_both(desk):
    for name in ("Ann East", "Bo West"):
        membership = make.MembershipFactory(legislator__name=name)
        make.PostalAreaFactory(code="20088", country="zz", division=membership.post.division)
    page = desk.read("legislator-list", q="20088")
    assert "Ann East" in page and "Bo West" in page and "several districts" in page


def test_a_legislator_can_be_sought_by_chamber(desk):
    house, senate = make.MembershipFactory(), make.MembershipFactory(post__chamber__name="Senate")
    page = desk.read("legislator-list", chamber=str(senate.chamber_id))
    assert senate.legislator.name in page and house.legislator.name not in page


def test_somebody_out_of_office_is_not_listed_and_their_page_says_so(desk):
    gone = make.MembershipFactory(end_on=clock.today())
    assert gone.legislator.name not in desk.read("legislator-list")
    assert "no longer in this seat" in desk.read("legislator", gone.legislator_id)


def test_a_legislators_page_shows_offices_and_how_well_they_answer(desk):
    point = make.ContactPointFactory(
        value="dead@assembly.example", health="failing", health_reason="550 no such user"
    )
    page = desk.read("legislator", point.office.legislator_id)
    assert "dead@assembly.example" in page and "Failing" in page and "550 no such user" in page


def test_a_stance_is_recorded_and_the_earlier_one_stays(client):
    desk = Desk(client, role="staff")
    measure = make.MeasureFactory(issue__organization=desk.organization)
    person = make.LegislatorFactory()
    for level, on in ((3, "2026-01-01"), (5, "2026-03-01")):
        answer = desk.post(
            "stance-add", person.pk, measure=measure.pk, level=level, on=on, evidence="Said so"
        )
        assert "The stance is recorded." in told(answer)
    page = desk.read("legislator", person.pk)
    assert page.index("Champion:") < page.index("Undecided:")
    assert Stance.objects.filter(recorded_by=desk.user).count() == 2
    measure_page = desk.read("measure", measure.pk)
    assert f"{person.name} Champion" in measure_page and f"{person.name} Undecided" not in measure_page


def test_a_stance_on_another_organisations_measure_is_refused(desk):
    answer = desk.post(
        "stance-add",
        make.LegislatorFactory().pk,
        measure=make.MeasureFactory().pk,
        level=3,
        on="2026-01-01",
        evidence="x",
    )
    assert answer.status_code == 422 and not Stance.objects.exists()


def test_other_organisations_stances_are_not_shown(desk):
    stance = make.StanceFactory(evidence="Told us over tea")
    assert "over tea" not in desk.read("legislator", stance.legislator_id)
