"""Inés writes a campaign in Spanish beside its English original; Luz reads it, follows a link in it and signs."""

from datetime import timedelta

import pytest
from django.utils import translation
from django.utils.translation import gettext as _

from contacts import clock
from tests import factories as make
from tests.journeys.test_organizer import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHY = "Half of us wait **41 days** for a first appointment.\n\nFour weeks are possible: our neighbours do it."


@pytest.fixture
def campaign(db):
    made = make.campaign_with_targets(posts=1, why=WHY, call_script="Hello, I am {{name}} from {{city}}.")
    make.CampaignUpdateFactory(
        campaign=made, title="The committee agreed", text="By one vote.", published_at=made.opened_at
    )
    return made


def test_ines_translates_a_campaign_and_luz_signs_it_in_spanish(visitor, campaign):
    page = visitor.page
    role = sign_in(visitor)
    make.RoleFactory(user=role.user, organization=campaign.organization, name="organizer")
    visitor.open(f"/console/{campaign.organization.slug}/campaigns/{campaign.pk}/")
    page.get_by_role("link", name="Languages", exact=True).click()
    visitor.look("none-yet")
    page.get_by_role("row", name="Spanish").get_by_role("link", name="Translate").click()
    visitor.look("beside")
    page.get_by_label("Headline").fill("Atención en cuatro semanas")
    page.get_by_role("button", name="Save the translation").click()
    visitor.look("mended")
    assert "Please correct this first" in visitor.text()
    page.get_by_label("What we ask of representatives").fill("Vote por la atención en cuatro semanas")
    page.get_by_role("button", name="Save the translation").click()
    visitor.look("incomplete")
    assert "Incomplete" in visitor.text()
    campaign.title = "Care in time"
    campaign.save()
    page.get_by_role("row", name="Spanish").get_by_role("link", name="Change").click()
    visitor.look("older")
    page.get_by_label("Why it matters").fill("La mitad espera **41 días**.\n\nCuatro semanas son posibles.")
    page.get_by_label("Texts that I leave").check()
    page.get_by_role("button", name="Save the translation").click()
    visitor.open(f"/console/{campaign.organization.slug}/campaigns/{campaign.pk}/news/")
    visitor.look("news")

    page.context.clear_cookies()
    visitor.open(f"/c/{campaign.organization.slug}/{campaign.slug}/?lang=es")
    visitor.look("read")
    assert "La mitad espera 41 días" in visitor.text()
    with translation.override("es"):
        page.get_by_label(_("Your name")).fill("Luz")
        page.get_by_label(_("Mail address")).fill("luz@people.example")
        page.get_by_role("textbox", name=_("Postal code")).fill("20000")
        clock.move(timedelta(seconds=5))
        page.get_by_role("button", name=_("Sign and write to my representatives")).click()
    page.wait_for_url("**/check-mail/?lang=es")
    visitor.look("signed")
    assert campaign.pledges.get().language == "es"
    visitor.open(f"/c/{campaign.organization.slug}/{campaign.slug}/?lang=fr")
    visitor.look("not-in-french")


def test_pages_from_right_to_left_hold_together(visitor, campaign, settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("ar", "Arabic")]
    make.CampaignTranslationFactory(
        campaign=campaign, language="ar", title="رعاية في أربعة أسابيع", ask="صوّتوا بنعم", why=""
    )
    role = sign_in(visitor)
    make.RoleFactory(user=role.user, organization=campaign.organization, name="organizer")
    public = f"/c/{campaign.organization.slug}/{campaign.slug}/"
    console = f"/console/{campaign.organization.slug}/"
    for name, path in {
        "start": "/",
        "campaign": public,
        "share": f"{public}share/",
        "help": "/help/",
        "console": console,
        "campaign-console": f"{console}campaigns/{campaign.pk}/",
        "review": f"{console}campaigns/{campaign.pk}/languages/",
    }.items():
        visitor.open(f"{path}?lang=ar")
        html = visitor.page.locator("html")
        assert (html.get_attribute("lang"), html.get_attribute("dir")) == ("ar", "rtl"), name
        visitor.look(f"{name}-ar")
    visitor.open(f"{public}?lang=ar")
    # What is not translated runs its own way.
    assert visitor.page.locator('div[lang="en"][dir="ltr"]', has_text="Half of us").count() == 1


def test_ines_translates_what_the_campaign_draws_on_and_luz_reads_it(visitor, db):
    page = visitor.page
    issue = make.IssueFactory(title="Waiting for care", summary="People wait for weeks.", is_public=True)
    measure = make.MeasureFactory(issue=issue, identifier="HB 2217", summary="It sets a limit of four weeks.")
    campaign = make.campaign_with_targets(
        posts=1, organization=issue.organization, issue=issue, measure=measure, why=WHY
    )
    make.CampaignTranslationFactory(
        campaign=campaign,
        title="Atención en cuatro semanas",
        ask="Vote por la atención en cuatro semanas",
        why="La mitad espera **41 días**.",
    )
    for n, claim in enumerate(("Adults wait for a first appointment", "People give up waiting")):
        make.EvidenceFactory(
            issue=issue, claim=claim, position=n, figure=["41", "20"][n], unit=["days", "%"][n]
        )
    role = sign_in(visitor)
    make.RoleFactory(user=role.user, organization=campaign.organization, name="organizer")
    visitor.open(f"/console/{campaign.organization.slug}/campaigns/{campaign.pk}/languages/")
    visitor.look("drawn-on-none-yet")
    page.get_by_role("row", name="Spanish").get_by_role("link", name="Measure and figures").click()
    visitor.look("drawn-on-beside")
    page.get_by_label("Title").first.fill("Atención en cuatro semanas")
    page.get_by_label("What it does").fill("Fija un límite de **cuatro semanas**.")
    page.get_by_label("Claim").first.fill("Personas adultas esperan una primera cita")
    page.get_by_label("Unit").fill("días")
    page.get_by_role("button", name="Save the translation").click()
    visitor.look("drawn-on-partly")
    visitor.open(f"/console/{campaign.organization.slug}/issues/{issue.pk}/languages/")
    visitor.look("issue-languages")

    page.context.clear_cookies()
    visitor.open(f"/c/{campaign.organization.slug}/{campaign.slug}/?lang=es")
    visitor.look("drawn-on-read")
    assert "HB 2217: Atención en cuatro semanas" in visitor.text() and "41 días" in visitor.text()
    visitor.open(f"/issues/{campaign.organization.slug}/{issue.slug}/?lang=es")
    visitor.look("issue-read")
