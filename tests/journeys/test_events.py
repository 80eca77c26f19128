"""Somebody comes to an event: found, registered, confirmed by mail, ticked off at the door, and whom they met is told."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from campaigns.delivery import event_mails, outbox
from campaigns.models import Event, MeetingReport, Registration
from contacts import clock
from policy.actions.issue_pages import save_share_text
from tests.factories import (
    PASSWORD,
    CampaignFactory,
    ChamberFactory,
    EventFactory,
    EvidenceFactory,
    IssueFactory,
    MeasureFactory,
    MembershipFactory,
    MythFactory,
    OrganizationFactory,
    PostFactory,
    RegistrationFactory,
    RoleFactory,
    ToolkitFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def link_in(message):
    return re.search(r"(http\S+/r/\S+/)", message.body).group(1)


def test_coming_to_a_lobby_day(visitor):
    organization = OrganizationFactory(name="Harbour Coalition", slug="harbour", time_zone="America/Chicago")
    organizer = RoleFactory(organization=organization).user
    chamber = ChamberFactory()
    seat = MembershipFactory(post=PostFactory(chamber=chamber), legislator__name="Hamish Arkwright")
    measure = MeasureFactory(organization=organization, jurisdiction=chamber.jurisdiction)
    event = EventFactory(
        organization=organization,
        kind="lobby_day",
        title="Lobby day: four weeks, no longer",
        slug="lobby-day",
        summary="Meet your representatives with people who have waited, and with us.",
        text="We meet an hour before to practise.\n\n- Bring your postal code\n- Lunch is on us",
        access="Lift at the east door. Hearing loop in the room.",
        link="https://meet.example.org/lobby",
        capacity=2,
        measure=measure,
        asks_reports=True,
        time_zone="America/Chicago",
    )
    RegistrationFactory(event=event, name="Noor Haddad")
    page = visitor.page
    visitor.open("/events/harbour/")
    visitor.look("list")
    page.get_by_role("link", name="Lobby day").click()
    visitor.look("event")
    page.get_by_role("button", name="Keep a place for me").click()
    visitor.look("mend")
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.get_by_label("Mail address").fill("ada@people.example")
    page.get_by_label("What do you need").fill("a ramp")
    clock.move(timedelta(seconds=3))
    page.get_by_role("button", name="Keep a place for me").click()
    page.get_by_role("heading", name="Check your mail").wait_for()
    visitor.look("check-mail")
    assert page.context.cookies() == []
    outbox.send_due()
    visitor.open(link_in(mail.outbox[-1]))
    visitor.look("confirm")
    page.get_by_role("button", name="Yes, I will come").click()
    page.get_by_role("heading", name="You have a place").wait_for()
    visitor.look("place")
    assert "meet.example.org/lobby" in visitor.text()
    own = page.url
    visitor.open("/events/harbour/lobby-day/")
    visitor.look("full")
    assert "All places are taken" in visitor.text()
    Event.objects.filter(pk=event.pk).update(
        starts_at=clock.now() - timedelta(hours=3), ends_at=clock.now() - timedelta(hours=1)
    )
    event_mails.remind()
    outbox.send_due()
    assert any("Whom did you meet?" in message.subject for message in mail.outbox)
    visitor.open(own)
    page.get_by_role("link", name="I met my legislator").click()
    page.get_by_label("Whom did you meet?").fill("Hamish Arkwright")
    page.get_by_label("That they support it").check()
    page.get_by_label("In your own words").fill("He said he would vote for it.")
    visitor.look("met")
    page.get_by_role("button", name="Send it to the organisation").click()
    page.get_by_text("is written down").wait_for()
    visitor.look("met-told")
    visitor.open(f"{own}data/")
    visitor.look("my-data")

    visitor.open("/accounts/login/?next=/console/harbour/events/")
    page.get_by_label("Email").fill(organizer.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/console/harbour/events/")
    visitor.look("console-list")
    page.get_by_role("link", name="Past").click()
    page.get_by_role("link", name="Lobby day").click()
    visitor.look("console-event")
    page.get_by_role("link", name="Who came").click()
    visitor.look("door")
    tick = page.get_by_role("button", name=re.compile("Is here.*Ada Lovelace"))
    tick.focus()
    page.keyboard.press("Enter")
    page.get_by_text("1 of 2 are here").wait_for()
    visitor.look("door-ticked")
    page.get_by_role("navigation", name="You are here").get_by_role("link", name="Lobby day").click()
    page.get_by_role("link", name="Read them").click()
    visitor.look("meetings")
    page.get_by_role("button", name="Accept the stance").click()
    page.get_by_text("The stance is recorded.").wait_for()
    assert MeetingReport.objects.get().stance.legislator == seat.legislator
    assert Registration.objects.get(email="ada@people.example").checked_in_at
    visitor.open("/console/harbour/events/new/")
    visitor.look("console-form")


def test_reading_about_an_issue_and_passing_it_on(visitor):
    organization = OrganizationFactory(name="Harbour Coalition", slug="harbour")
    issue = IssueFactory(organization=organization, title="Waiting for care", slug="care", is_public=True)
    evidence = EvidenceFactory(issue=issue, claim="Half of all people wait longer", figure="41", unit="days")
    MythFactory(evidence=evidence)
    CampaignFactory(organization=organization, issue=issue, title="Four weeks, no longer")
    EventFactory(organization=organization, issue=issue)
    ToolkitFactory(issue=issue)
    actor = RoleFactory(organization=organization).user
    for language, words in (("en", "Nobody should wait"), ("es", "Nadie debería esperar")):
        save_share_text(issue=issue, language=language, headline=words, text=f"{words}:", actor=actor)
    page = visitor.page
    visitor.open("/issues/harbour/")
    visitor.look("issues")
    page.get_by_role("link", name="Waiting for care").click()
    page.wait_for_load_state()
    page.get_by_role("heading", name="Pass it on").scroll_into_view_if_needed()
    pictures = page.get_by_role("img", name=re.compile("Harbour Coalition"))
    assert pictures.count() == 2
    for n in range(2):
        pictures.nth(n).scroll_into_view_if_needed()
        assert pictures.nth(n).evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 1200
    visitor.look("issue")
    assert page.context.cookies() == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Posters").click()
    assert download.value.suggested_filename == "posters-en.pdf"

    visitor.open(f"/accounts/login/?next=/console/harbour/issues/{issue.pk}/")
    page.get_by_label("Email").fill(actor.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/console/harbour/issues/**")
    visitor.look("console-issue")
    page.get_by_role("link", name="Add a myth").click()
    visitor.look("console-myth")
