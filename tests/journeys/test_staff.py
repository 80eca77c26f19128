"""Stella looks a representative up by postal code, writes down where they stand, and takes a brief to the meeting."""

import pytest
from django.utils import translation
from django.utils.translation import gettext as _

from contacts.models import ContactPoint
from policy.models import Stance
from tests import factories as make
from tests.journeys.test_organizer import sign_in, speak

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def prepared(db):
    """A campaign with targets, people, evidence and a helpline, in an organisation to which staff can be added."""
    campaign = make.campaign_with_targets(posts=2)
    for n in range(3):
        make.EvidenceFactory(issue=campaign.issue, figure=str(30 + n))
    make.MeasureEventFactory(measure=campaign.measure)
    make.ResourceFactory(organization=campaign.organization)
    chamber = campaign.target_groups.get().rules.get().chamber
    for post in chamber.posts.all():
        for _n in range(6):
            pledge = make.PledgeFactory(campaign=campaign)
            make.ResidenceFactory(supporter=pledge.supporter, division=post.division)
    ContactPoint.objects.filter(value="office1@assembly.example").update(
        health="failing", health_reason="550 no such user"
    )
    return campaign


def test_stella_prepares_a_meeting(visitor, prepared):
    role = sign_in(visitor, "staff")
    make.RoleFactory(user=role.user, organization=prepared.organization, name="staff")
    page = visitor.page
    visitor.open("/console/")
    visitor.look("organisations")
    page.get_by_role("link", name=prepared.organization.name).click()
    visitor.look("home")
    assert page.locator(".rail").get_by_role("link", name="Supporters").count() == 0
    page.get_by_label("Search people and policy").fill("20001")
    page.get_by_label("Search people and policy").press("Enter")
    visitor.look("found")
    page.get_by_role("cell").get_by_role("link").first.click()
    assert "Failing" in visitor.text() and "550 no such user" in visitor.text()
    page.get_by_text("Record a stance").click()
    page.get_by_label("Measure").select_option(index=1)
    page.get_by_label("Stance").select_option("Supports")
    page.get_by_label("Evidence").fill("Said in the hearing of 5 January that she will vote for it.")
    visitor.look("legislator")
    page.get_by_role("button", name="Record the stance").click()
    assert Stance.objects.get().recorded_by == role.user
    visitor.look("stance-recorded")

    page.locator(".rail").get_by_role("link", name="Briefs").click()
    visitor.look("briefs-empty")
    page.get_by_role("link", name="Make the first brief").click()
    page.get_by_label("Campaign", exact=True).select_option(prepared.title)
    visitor.look("brief-new")
    page.get_by_role("button", name="Make the brief").click()
    page.get_by_role("button", name="Download the PDF").wait_for()
    visitor.look("brief")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")

    visitor.open(f"/console/{prepared.organization.slug}/settings/")
    assert "the role owner" in visitor.text()
    visitor.look("refused")


def test_estela_prepares_a_meeting_in_spanish(visitor, prepared):
    role = sign_in(visitor, "staff")
    make.RoleFactory(user=role.user, organization=prepared.organization, name="staff")
    page = visitor.page
    visitor.open(f"/console/{prepared.organization.slug}/")
    speak(visitor, "es")
    with translation.override("es"):
        visitor.look("home-es")
        search = page.get_by_label(_("Search people and policy"))
        search.fill("20001")
        search.press("Enter")
        visitor.look("found-es")
        page.get_by_role("cell").get_by_role("link").first.click()
        assert "550 no such user" in visitor.text()
        page.get_by_text(_("Record a stance")).click()
        page.get_by_label(_("Measure")).select_option(index=1)
        page.locator("#id_level").select_option(index=2)
        page.locator("#id_evidence").fill("Lo dijo en la audiencia del 5 de enero.")
        visitor.look("legislator-es")
        page.get_by_role("button", name=_("Record the stance")).click()
        assert Stance.objects.get().recorded_by == role.user
        page.locator(".rail").get_by_role("link", name=_("Briefs")).click()
        page.get_by_role("link", name=_("Make the first brief")).click()
        page.locator("#id_campaign").select_option(prepared.title)
        page.locator("#id_language").select_option("es")
        visitor.look("brief-new-es")
        page.get_by_role("button", name=_("Make the brief")).click()
        page.get_by_role("button", name=_("Download the PDF")).wait_for()
        visitor.look("brief-es")
