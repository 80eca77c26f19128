"""Oran signs in to an empty organisation, opens a campaign following only the screen, and watches its letters leave."""

import re
from datetime import timedelta

import pytest
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from campaigns.delivery import dispatcher
from campaigns.models import Attempt, Campaign, Drive, Letter
from contacts import clock
from contacts.clock import now
from tests import factories as make
from tests.campaigns.conftest import sink
from tests.journeys.conftest import script_comes_late

__all__ = ["sink"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def region(db):
    """A government with a house of three members whose offices can be reached, and one seat that is vacant."""
    jurisdiction = make.JurisdictionFactory(name="Region of Northmere")
    house = make.ChamberFactory(jurisdiction=jurisdiction, name="House of Delegates")
    make.ChamberFactory(jurisdiction=jurisdiction, name="Committee on Health", kind="committee")
    for n in range(3):
        division = make.DivisionFactory(name=f"Hill {n}")
        make.PostalAreaFactory(code=str(20000 + n), division=division)
        make.reachable(make.PostFactory(chamber=house, division=division), f"office{n}@assembly.example")
    make.PostFactory(chamber=house, label="Representative for Nowhere")
    return jurisdiction


def sign_in(visitor, role="organizer"):
    given = make.RoleFactory(name=role)
    visitor.open("/accounts/login/")
    visitor.page.get_by_label("Email").fill(given.user.email)
    visitor.page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    visitor.page.get_by_role("button", name="Sign in", exact=True).click()
    visitor.page.wait_for_url(f"**/console/{given.organization.slug}/")
    return given


def test_oran_opens_a_campaign_from_nothing_and_its_letters_leave(visitor, region, sink):
    page = visitor.page
    role = sign_in(visitor)
    visitor.look("home-empty")
    page.get_by_role("link", name="Write down an issue").click()
    page.get_by_label("Title").fill("Waiting for mental health care")
    page.get_by_label("Summary").fill("People wait for months until somebody helps.")
    visitor.look("issue-new")
    page.get_by_role("button", name="Save the issue").click()
    page.get_by_role("link", name="Add evidence").click()
    page.get_by_label("Claim").fill("People wait for a first appointment")
    page.get_by_label("Figure").fill("41")
    page.get_by_label("Unit").fill("days")
    page.get_by_role("button", name="Save the evidence").click()
    visitor.look("evidence-mended")
    assert "Please correct this first" in visitor.text()
    page.get_by_label("Source", exact=True).fill("Example survey")
    page.get_by_label("Link to the source").fill("https://survey.example.org/")
    page.get_by_label("Published on").fill("2026-01-05")
    page.get_by_role("button", name="Save the evidence").click()
    visitor.look("issue")

    page.get_by_role("link", name="Add a measure").click()
    page.get_by_label("Jurisdiction").select_option("Region of Northmere")
    page.get_by_label("Kind").select_option("Bill")
    page.get_by_label("Number").fill("HB 2217")
    page.get_by_label("Title").fill("Care within four weeks")
    visitor.look("measure-new")
    page.get_by_role("button", name="Save the measure").click()
    visitor.look("measure")

    page.locator(".rail").get_by_role("link", name="Campaigns").click()
    page.get_by_role("link", name="Start a campaign").click()
    page.get_by_label("Measure").select_option("HB 2217: Care within four weeks")
    page.get_by_label("Headline").fill("Nobody should wait longer than four weeks")
    page.get_by_label("What we ask of representatives").fill("Vote for care within four weeks")
    page.get_by_label("Why it matters").fill("Waiting makes people **worse**.")
    visitor.look("campaign-new")
    page.get_by_role("button", name="Save", exact=True).click()
    visitor.look("campaign-draft")
    page.get_by_role("link", name="Pledge form").click()
    page.get_by_label("Minutes to edit").fill("0")
    visitor.look("pledge-form")
    page.get_by_role("button", name="Save", exact=True).click()

    with script_comes_late(page, "reach"):
        page.get_by_role("link", name="Targets").click()
        page.get_by_label("Chamber").first.select_option("House of Delegates (Region of Northmere)")
    page.locator("[data-reach-answer]", has_text="4 seats").wait_for()
    visitor.look("group-new")
    page.get_by_role("button", name="Add this rule").first.click()
    assert "4 seats" in visitor.text() and "1 is vacant" in visitor.text()
    visitor.look("group")

    subject = page.get_by_label("Subject")
    with script_comes_late(page, "merge"):
        page.get_by_role("link", name="Write a letter").click()
        subject.click()
    page.get_by_role("button", name="Supporter's town or city").click()
    assert "{{city}}" in subject.input_value()
    subject.fill("Please vote for {{measure}}")
    page.get_by_label("Opening").fill("I live in {{city}} and write about {{measure_titel}}.")
    page.get_by_label("Closing").fill("Please tell me how you will vote.")
    page.get_by_role("button", name="Save the letter").click()
    assert "There is no field {{measure_titel}}" in visitor.text()
    visitor.look("letter-mended")
    page.get_by_label("Opening").fill("I live in {{city}} and write about {{measure_title}}.")
    page.locator("#preview", has_text="Care within four weeks.").wait_for()
    page.get_by_role("button", name="Save the letter").click()
    visitor.look("letter")

    page.get_by_role("link", name="Drive", exact=True).click()
    for day in ("Saturday", "Sunday"):
        page.get_by_label(day).check()
    page.get_by_label("Around the clock").check()
    visitor.look("drive-new")
    page.get_by_role("button", name="Save the drive").click()
    assert "Open the campaign first." in visitor.text()
    visitor.look("drive-draft")

    page.get_by_role("link", name="Next: Review and open").click()
    visitor.look("open")
    page.get_by_role("button", name="Open the campaign").click()
    page.get_by_role("link", name="Leave test mode").first.click()
    visitor.look("leave-test-mode")
    page.get_by_role("button", name="Send real letters from now on").click()
    campaign = Campaign.objects.get()
    assert campaign.is_open and not campaign.is_test

    for _n in range(3):
        supporter(campaign)
    drive = Drive.objects.get()
    page.get_by_role("link", name=drive.name).click()
    page.get_by_role("link", name="Rehearse").click()
    assert "letters have a moment" in visitor.text()
    visitor.look("rehearsal")
    page.get_by_role("link", name="Schedule the drive").click()
    visitor.look("schedule")
    page.get_by_role("button", name="Schedule the drive").click()
    assert "Scheduled. 9 letters wait." in visitor.text()

    clock.move(timedelta(hours=2))
    send(2)
    page.locator("#board", has_text="Accepted by a mail server: ").wait_for()
    page.reload()
    visitor.look("drive-running")
    page.get_by_role("link", name="Pause").click()
    page.get_by_role("button", name="Pause the drive").click()
    visitor.look("drive-paused")
    page.get_by_role("link", name="Resume").click()
    page.get_by_role("button", name="Resume the drive").click()
    sent = Letter.objects.filter(state="sent").count()
    assert 0 < sent == len(sink.mails())
    page.get_by_role("link", name="Cancel").click()
    visitor.look("cancel")
    page.get_by_role("button", name=re.compile(r"Cancel (\d+ letters?|the drive)")).click()
    assert "Cancelled" in visitor.text()
    visitor.look("drive-cancelled")
    page.locator(".crumbs").get_by_role("link", name=campaign.title).click()
    page.get_by_role("link", name="Results").click()
    assert "From 3 who signed to 0 whom an office answered" in visitor.text()
    visitor.look("results")
    with page.expect_download() as download:
        page.get_by_role("link", name="Who answers as XLSX").click()
    assert download.value.suggested_filename.endswith("-offices.xlsx")
    page.locator(".rail").get_by_role("link", name="Home").click()
    visitor.look("home")
    assert role.organization.name in page.title()


class Hand:
    """Somebody's hands: counts what is pressed, chosen and typed."""

    def __init__(self, page):
        self.page, self.clicks, self.fields, self.words = page, 0, 0, 0

    def press(self, role, name, **how):
        self.clicks += 1
        self.page.get_by_role(role, name=name, **how).first.click()

    def choose(self, label, option):
        self.clicks += 1
        self.page.get_by_label(label).first.select_option(option)

    def type(self, label, text):
        self.fields += 1
        self.words += len(text.split())
        self.page.get_by_label(label, exact=True).fill(text)


def test_a_newcomer_opens_a_campaign_from_an_empty_organisation_in_a_few_clicks(visitor, region):
    sign_in(visitor)
    hand = Hand(visitor.page)
    hand.press("link", "Start a campaign")
    visitor.look("step-ask")
    hand.type("Issue", "Waiting for mental health care")
    hand.type("Headline", "Nobody should wait longer than four weeks")
    hand.type("What we ask of representatives", "Vote for care within four weeks")
    hand.type("Why it matters", "People wait for months until somebody helps, and waiting makes them worse.")
    hand.press("button", "Save and go on")
    hand.choose("Chamber", "House of Delegates (Region of Northmere)")
    visitor.page.locator("[data-reach-answer]", has_text="1 is vacant").wait_for()
    visitor.look("step-targets")
    hand.press("button", "Add this rule")
    visitor.look("step-group")
    hand.press("link", "Next: Letters")
    opening = visitor.page.get_by_label("Opening")
    opening.click()
    opening.type("I live in ")
    hand.press("button", "Supporter's town or city")
    assert opening.input_value() == "I live in {{city}}"
    hand.type(
        "Opening", "I live in {{city}} and waited five months for a first appointment. Please vote for it."
    )
    visitor.page.locator("#preview", has_text="Sampletown and waited").wait_for()
    visitor.look("step-letter")
    hand.press("button", "Save and go on")
    visitor.look("step-signing")
    hand.press("button", "Save and go on")
    visitor.look("step-drive")
    hand.press("button", "Save and go on")
    assert "No measure is named" in visitor.text()
    visitor.look("step-review")
    hand.press("button", "Open the campaign")
    assert Campaign.objects.get().is_open
    visitor.look("step-open")
    # These stand in docs/organizers.md. Forty words a minute and five seconds a click are under three minutes.
    assert (hand.clicks, hand.fields) == (10, 5)
    assert hand.words / 40 * 60 + hand.clicks * 5 < 180


def speak(visitor, language):
    """Choose a language in the menu with one's name."""
    visitor.page.locator(".menu-open").click()
    visitor.page.get_by_role("button", name={"es": "Español", "fr": "Français"}[language]).click()
    assert visitor.page.locator("html").get_attribute("lang") == language


def test_ines_makes_a_campaign_in_spanish_that_opens_at_an_hour(visitor, region):
    page = visitor.page
    sign_in(visitor)
    speak(visitor, "es")

    def field(words):
        return page.get_by_label(capfirst(_(words)), exact=True)

    with translation.override("es"):
        visitor.look("home-es")
        page.get_by_role("link", name=_("Start a campaign")).first.click()
        field("Issue").fill("Esperas para la salud mental")
        field("headline").fill("Nadie debería esperar más de cuatro semanas")
        visitor.look("step-ask-es")
        page.get_by_role("button", name=_("Save and go on")).click()
        visitor.look("step-ask-mended-es")
        field("what we ask of representatives").fill("Vote por la atención en cuatro semanas")
        field("why it matters").fill("La gente espera meses, y esperar la empeora.")
        page.get_by_role("button", name=_("Save and go on")).click()
        page.get_by_label(_("Chamber")).first.select_option("House of Delegates (Region of Northmere)")
        visitor.look("step-targets-es")
        page.get_by_role("button", name=_("Add this rule")).first.click()
        onward = _("Next: %(step)s") % {"step": _("Letters")}
        with script_comes_late(page, "preview"):
            page.get_by_role("link", name=onward).click()
            field("opening").fill("Vivo en {{city}} y esperé cinco meses. Por favor, vote a favor.")
        page.locator("#preview", has_text="y esperé cinco meses").wait_for()
        visitor.look("step-letter-es")
        page.get_by_role("button", name=_("Save and go on")).click()
        visitor.look("step-signing-es")
        page.get_by_role("button", name=_("Save and go on")).click()
        visitor.look("step-drive-es")
        page.get_by_role("button", name=_("Save and go on")).click()
        visitor.look("step-review-es")
        page.get_by_role("link", name=_("Open it later")).click()
        at = (now() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")
        page.get_by_label(_("Day and hour")).fill(at)
        visitor.look("open-later-es")
        page.get_by_role("button", name=_("Open it then")).click()
        visitor.look("scheduled-es")
        campaign = Campaign.objects.get()
        assert campaign.state == "scheduled"
        page.get_by_role("link", name=campaign.title).click()
        visitor.look("campaign-scheduled-es")
        clock.move(timedelta(days=10))
        dispatcher.prepare()
        page.reload()
        assert _("Pause") in visitor.text()
        visitor.look("campaign-open-es")


def supporter(campaign):
    """Somebody who has confirmed, with a letter to each member of the house."""
    pledge = make.PledgeFactory(campaign=campaign)
    group = campaign.target_groups.get()
    for post in group.rules.get().chamber.posts.filter(memberships__isnull=False):
        make.LetterFactory(
            drive=campaign.drives.get(),
            pledge=pledge,
            post=post,
            version=group.versions.get(),
            body="Please vote for it.",
        )


def send(rounds):
    """What beat and workers do, a few minutes at a time."""
    for _n in range(rounds):
        dispatcher.prepare()
        while dispatcher.send_window():
            pass
        clock.move(timedelta(minutes=10))


def test_oran_sees_what_needs_him_and_decides(visitor, region):
    page = visitor.page
    role = sign_in(visitor)
    campaign = make.CampaignFactory(organization=role.organization)
    drive = make.DriveFactory(campaign=campaign)
    post = make.reachable()
    for state in ("uncertain", "held", "ready"):
        letter = make.LetterFactory(
            drive=drive,
            post=post,
            state=state,
            message_id=f"<{state}@harbour.example>",
            legislator=post.memberships.get().legislator,
            recipient="office@assembly.example",
            note="" if state == "uncertain" else "its worker died five times",
        )
        letter.history.create(to_state=state, at=now())
    uncertain = Letter.objects.get(state="uncertain")
    Attempt.objects.create(
        letter=uncertain, number=1, lease_token=1, outcome="uncertain", host="relay.example", started_at=now()
    )
    visitor.open(f"/console/{role.organization.slug}/")
    visitor.look("home-needs")
    page.get_by_role("link", name="Decide").click()
    visitor.look("letters-uncertain")
    page.get_by_role("link", name=post.label).click()
    assert "relay.example" in visitor.text() and "<uncertain@harbour.example>" in visitor.text()
    visitor.look("letter-uncertain")
    page.get_by_role("button", name="It arrived").click()
    assert "Recorded: it arrived." in visitor.text()
    visitor.look("letter-settled")
    page.locator(".rail").get_by_role("link", name="Home").click()
    page.get_by_role("link", name="Look at them").click()
    page.get_by_role("link", name=post.label).click()
    visitor.look("letter-held")
    page.get_by_role("button", name="Release it").click()
    assert not Letter.objects.filter(state="held").exists()
    visitor.open(f"/console/{role.organization.slug}/drives/{drive.pk}/")
    visitor.look("drive")
    page.locator(".rail").get_by_role("link", name="Supporters").click()
    visitor.look("supporters")
    page.get_by_role("cell").get_by_role("link").first.click()
    visitor.look("supporter")


def test_an_owner_invites_somebody_and_makes_a_token(visitor, region, mailoutbox):
    page = visitor.page
    sign_in(visitor, "owner")
    page.locator(".rail").get_by_role("link", name="Settings").click()
    page.get_by_label("Time zone").fill("Europe/Lisbon")
    visitor.look("settings")
    page.get_by_role("button", name="Save").click()
    assert "Saved." in visitor.text()
    page.get_by_role("link", name="Members").click()
    page.get_by_label("Mail address").fill("new@staff.example")
    page.get_by_label("Role").select_option("Staff")
    visitor.look("members")
    page.get_by_role("button", name="Give the role").click()
    assert "on its way" in visitor.text()
    assert mailoutbox[-1].to == ["new@staff.example"]
    page.get_by_role("link", name="API tokens").click()
    page.get_by_label("What it is for").fill("Our website")
    page.get_by_role("button", name="Make the token").click()
    assert "osp_" in visitor.text()
    visitor.look("token")
    page.get_by_role("link", name="Audit log").click()
    assert "API token made" in visitor.text()
    visitor.look("audit")
