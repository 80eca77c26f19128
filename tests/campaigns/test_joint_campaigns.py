"""What a partner finds in its console: joint numbers, its own page, the people who chose it, and nothing after the end."""

import io
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from campaigns.actions.jobs import start_job
from campaigns.actions.partner_invitations import accept
from campaigns.actions.supporters import never_write_again
from campaigns.delivery.outbox import send_due
from campaigns.jobs.steps import work
from campaigns.models import PartnerConsent, Partnership
from contacts import clock
from contacts.actions.members import make_token
from contacts.models import AuditEntry, Job, JobKind, JobPart
from tests import factories as make
from tests.campaigns.console import Desk, twice, words
from tests.campaigns.partners import chose, export

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, part):
    return Desk(client, organization=part.organization, role="owner")


def test_a_partners_home_is_its_joint_campaigns(desk, part):
    page = desk.get("console-home")
    assert "Care within four weeks" in words(page) and "Invites its members" in words(page)
    rail = page.content.decode().split('<nav class="rail"')[1].split("</nav>")[0]
    assert rail.count("rail-link") == 2 and "Joint campaigns" in rail and "Settings" in rail
    for name in ("campaign-list", "supporter-list", "issue-list", "search", "sending", "campaign-new"):
        assert desk.get(name).status_code == 404, name
    for name in ("settings", "members", "tokens", "audit"):
        assert desk.get(name).status_code == 200, name
    assert "sending domain" not in desk.read("settings").lower()


def test_a_partner_changes_its_own_data(desk):
    answer = desk.post(
        "settings",
        name="Lantern Club North",
        email="hello@lantern.example",
        country="us",
        time_zone="America/Chicago",
        privacy_url="https://lantern.example/privacy",
    )
    assert answer.status_code == 302
    desk.organization.refresh_from_db()
    assert desk.organization.name == "Lantern Club North"
    assert desk.organization.mail_domain and desk.organization.is_partner_only


def test_an_organisation_of_its_own_gets_one_more_section(client):
    desk = Desk(client, role="owner")
    assert "Joint campaigns" not in desk.read("console-home")
    make.PartnershipFactory(organization=desk.organization)
    assert "Joint campaigns" in desk.read("console-home")
    assert desk.get("campaign-list").status_code == 200


def test_totals_are_joint_and_what_came_by_the_own_page_is_told_apart(desk, part):
    for _ in range(3):
        make.PledgeFactory(campaign=part.campaign)
    make.PledgeFactory(campaign=part.campaign, source=part.source_code)
    make.PledgeFactory(campaign=part.campaign, source=part.source_code, is_test=True)
    clock.move(timedelta(days=1))
    chose(part)
    page = desk.read("joint-campaign", part.pk)
    assert "5 people confirmed, of 100" in page
    assert "1 of them came by your page" in page
    assert "1 person chose you" in page
    assert f"/with/{part.source_code}/" in desk.get("joint-campaign", part.pk).content.decode()
    assert part.terms in page
    assert "5 people confirmed since" in page


def test_only_those_who_chose_it_and_still_do_are_seen(desk, part):
    seen = chose(part, name="Ada Lund")
    other = make.PartnershipFactory(campaign=part.campaign)
    chose(other, name="Of Another Partner")
    make.PledgeFactory(campaign=part.campaign, supporter__name="Asked Nobody")
    back = chose(part, name="Took It Back")
    make.PartnerConsentFactory(partnership=part, supporter=back.supporter, given=False)
    erased = chose(part, name="Was Erased").supporter
    erased.erased_at = clock.now()
    erased.save()
    stopped = chose(part, name="Wants No Mail").supporter
    never_write_again(canonical=stopped.canonical_email)
    withdrawn = chose(part, name="Withdrew").supporter
    withdrawn.pledges.update(state="withdrawn")
    tested = make.SupporterFactory(organization=part.campaign.organization, name="Only A Test")
    make.PledgeFactory(campaign=part.campaign, supporter=tested, is_test=True)
    make.PartnerConsentFactory(partnership=part, supporter=tested)
    page = desk.read("joint-people", part.pk)
    assert "Ada Lund" in page and seen.supporter.email in page
    others = "Of Another|Asked Nobody|Took It Back|Was Erased|Wants No Mail|Withdrew|Only A Test"
    assert not [name for name in others.split("|") if name in page]


def test_the_list_is_searched_and_has_pages(desk, part):
    for n in range(23):
        chose(part, name=f"Ada Number {n}", postal_code=f"1{n:04}")
    page = desk.read("joint-people", part.pk)
    assert "23 people" in page and "1 to 20 of 23" in page
    assert "21 to 23 of 23" in desk.read("joint-people", part.pk, page=2)
    found = desk.read("joint-people", part.pk, q="Number 7")
    assert "1 person" in found and "Ada Number 7" in found and "Ada Number 8" not in found
    assert "Nobody fits" in desk.read("joint-people", part.pk, q="Zoe")


def test_long_lists_ask_as_much_as_short_ones(desk, part):
    def asked():
        counts = []
        for name, args in (
            ("joint-campaigns", []),
            ("joint-campaign", [part.pk]),
            ("joint-people", [part.pk]),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert desk.get(name, *args).status_code == 200
            counts.append(len(queries))
        return counts

    chose(part)
    asked()
    one = asked()
    for _ in range(19):
        chose(part)
        make.PledgeFactory(campaign=make.PartnershipFactory(organization=part.organization).campaign)
    assert asked() == one


def test_terms_without_supporters_show_none(client):
    part = make.PartnershipFactory(sees_supporters=False)
    desk = Desk(client, organization=part.organization, role="owner")
    chose(part, name="Ada Lund")
    page = desk.read("joint-campaign", part.pk)
    assert "chose you" not in page
    assert desk.get("joint-people", part.pk).status_code == 404
    assert desk.get("joint-export", part.pk).status_code == 404


def test_the_own_words_are_changed_by_owners_and_organizers(client, part):
    for role, status in (("organizer", 302), ("owner", 302), ("staff", 403)):
        desk = Desk(client, organization=part.organization, role=role)
        answer = desk.post("joint-welcome", part.pk, welcome=f"Words of the {role}")
        assert answer.status_code == status
    part.refresh_from_db()
    assert part.welcome == "Words of the owner"
    assert desk.post("joint-welcome", part.pk, welcome="x" * 601).status_code in {403, 422}


def test_an_export_has_those_people_no_formulas_and_stands_in_both_logs(desk, part):
    said = chose(part, name="=1+1", email="ada@people.example", postal_code="10101")
    said.source = f"campaign {part.campaign_id}"
    said.save()
    chose(make.PartnershipFactory(campaign=part.campaign), name="Of Another Partner")
    job, answer = export(desk, part)
    table = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = table.strip().splitlines()
    assert len(lines) == 2 and lines[0].startswith("Name,Mail address,Postal code,Chose you on")
    assert lines[1].startswith("'=1+1,ada@people.example,10101,")
    assert "Of Another" not in table
    assert lines[1].endswith(f",{part.campaign.title}")  # the page by its name, not by its number
    own = AuditEntry.objects.filter(organization=part.organization)
    assert own.get(verb="start export").detail["people"] == 1
    assert own.get(verb="download export").detail["people"] == 1
    lead = AuditEntry.objects.filter(organization=part.campaign.organization)
    assert lead.get(verb="partner starts export").detail["people"] == 1
    noted = lead.get(verb="partner downloads export")
    assert noted.detail == {"by": part.organization.slug, "people": 1} and noted.actor is None

    job, answer = export(desk, part, "xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert [row[0].value for row in sheet.iter_rows()] == ["Name", "'=1+1"]


def test_an_export_needs_the_right_and_a_second_factor(client, part, settings):
    chose(part)
    staff = Desk(client, organization=part.organization, role="staff")
    assert staff.post("joint-export", part.pk, format="csv").status_code == 403
    assert staff.get("joint-people", part.pk).status_code == 403
    organizer = Desk(client, organization=part.organization, role="organizer")
    settings.PRODUCTION = True
    answer = organizer.post("joint-export", part.pk, format="csv")
    assert answer.status_code == 302 and answer.url == reverse("mfa_index")
    assert not Job.objects.exists()


def test_a_file_is_gone_when_somebody_in_it_takes_it_back(desk, part):
    said = chose(part)
    job, _answer = export(desk, part)
    assert "Download" in desk.read("job", job.pk)
    make.PartnerConsentFactory(partnership=part, supporter=said.supporter, given=False)
    assert desk.post("job-file", job.pk).status_code == 404
    assert "changed their mind" in desk.read("job", job.pk)


def everything(desk, part):
    """Status of every address of a joint campaign."""
    names = ["joint-campaign", "joint-welcome", "joint-people", "joint-export"]
    return {desk.get(name, part.pk).status_code for name in names} | {
        desk.post(name, part.pk, welcome="x", format="csv").status_code for name in names[1:]
    }


@pytest.mark.parametrize("how", ["leaves", "is ended", "runs out"])
def test_after_the_end_nothing_is_there_any_more(desk, part, how):
    chose(part)
    job, _answer = export(desk, part)
    assert 404 not in {desk.get("joint-campaign", part.pk).status_code}
    if how == "leaves":
        assert "Coming back needs a new invitation" in desk.read("joint-leave", part.pk)
        desk.post("joint-leave", part.pk)
    elif how == "is ended":
        part.left_at = clock.now()
        part.save()
    else:
        part.until = clock.today()
        part.save()
        assert desk.get("joint-campaign", part.pk).status_code == 200  # the last day counts
        clock.move(timedelta(days=1))
    assert everything(desk, part) <= {404, 405}
    twice(desk, "joint-leave", part.pk, says="This partnership is over already.")
    assert desk.post("job-file", job.pk).status_code == 404
    assert "no campaign now" in desk.read("console-home")
    assert "Care within" not in desk.read("console-home")


def test_leaving_tells_the_lead(desk, part):
    owner = make.RoleFactory(organization=part.campaign.organization, name="owner").user
    desk.post("joint-leave", part.pk)
    send_due()
    assert mail.outbox[-1].to == [owner.email]
    assert mail.outbox[-1].subject == "Lantern Club has left your campaign"


def test_an_export_under_way_ends_with_the_partnership(desk, part, monkeypatch):
    monkeypatch.setattr("campaigns.jobs.partner_export._PORTION", 2)
    for _ in range(5):
        chose(part)
    job = start_job(
        organization=part.organization,
        kind=JobKind.EXPORT,
        title="x",
        params={"partnership": str(part.pk), "format": "csv"},
        total=5,
        actor=desk.user,
    )
    assert work(job.pk, seconds=0)  # one portion, more to do
    assert JobPart.objects.filter(job=job).exists()
    desk.post("joint-leave", part.pk)
    assert not work(job.pk, seconds=5)
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert not JobPart.objects.filter(job=job).exists()
    # One that was begun at the same moment finds the partnership over.
    late = start_job(
        organization=part.organization,
        kind=JobKind.EXPORT,
        title="x",
        params={"partnership": str(part.pk), "format": "csv"},
        total=5,
        actor=desk.user,
    )
    work(late.pk, seconds=5)
    late.refresh_from_db()
    assert late.state == "failed" and "ended" in late.error


def test_coming_back_is_a_new_part_with_a_code_of_its_own(desk, part):
    make.PledgeFactory(campaign=part.campaign, source=part.source_code)
    desk.post("joint-leave", part.pk)
    invitation = make.PartnerInvitationFactory(campaign=part.campaign, sees_supporters=False)
    again = accept(invitation=invitation, organization=part.organization, user=desk.user)
    assert Partnership.objects.count() == 2 and again.source_code != part.source_code
    assert "0 of them came by your page" in desk.read("joint-campaign", again.pk)
    assert PartnerConsent.objects.filter(partnership=again).count() == 0


JOINT = "/api/v1/organization/joint-campaigns/"


@pytest.fixture
def call(client, part):
    owner = make.RoleFactory(organization=part.organization, name="owner").user
    _token, secret = make_token(organization=part.organization, name="Newsletter", actor=owner)
    return lambda path, **query: client.get(path, query, headers={"Authorization": f"Bearer {secret}"})


def test_a_program_reads_the_same_with_the_partners_token(call, part):
    said = chose(part, name="Ada Lund", said_on=f"campaign {part.campaign_id}")
    make.PledgeFactory(campaign=part.campaign, source=part.source_code)
    listed = call(JOINT).json()["results"]
    assert [one["title"] for one in listed] == ["Care within four weeks"]
    assert listed[0]["terms"] == part.terms and listed[0]["led_by"] == "Harbour Coalition"
    counted = call(f"{JOINT}{part.pk}/counts/").json()
    assert counted["counts"][0]["value"] == 2 and counted["came_by_your_page"] == 1
    assert sum(day["people"] for day in counted["days"]) == 2
    people = call(f"{JOINT}{part.pk}/supporters/", page_size=1).json()
    assert people["count"] == 1 and people["results"][0]["email"] == said.supporter.email
    assert people["results"][0]["page"] == "Care within four weeks"  # as the console's file says it
    for side, verb in (
        (part.organization, "read supporters by API"),
        (part.campaign.organization, "partner reads supporters by API"),
    ):
        assert AuditEntry.objects.get(organization=side, verb=verb).detail["people"] == 1


def test_a_partners_token_opens_nothing_else(call, part):
    for path in ("campaigns/", "issues/", "events/", f"campaigns/{part.campaign_id}/people/"):
        assert call(f"/api/v1/organization/{path}").status_code == 404, path
    other = make.PartnershipFactory(campaign=part.campaign)
    assert call(f"{JOINT}{other.pk}/supporters/").status_code == 404


def test_after_the_end_a_token_reads_nothing(call, part):
    chose(part)
    assert call(f"{JOINT}{part.pk}/supporters/").json()["count"] == 1
    part.left_at = clock.now()
    part.save()
    assert call(JOINT).json()["count"] == 0
    for path in ("", "counts/", "supporters/"):
        assert call(f"{JOINT}{part.pk}/{path}").status_code == 404


def test_terms_without_supporters_show_a_program_none(call, part):
    Partnership.objects.update(sees_supporters=False)
    chose(part)
    assert call(f"{JOINT}{part.pk}/supporters/").status_code == 404
    assert call(f"{JOINT}{part.pk}/counts/").status_code == 200
