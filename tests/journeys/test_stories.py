"""Somebody speaks up: tells their story, a reviewer reads it, anybody may read it, and it is taken back."""

import re

import pytest

from campaigns.delivery import outbox
from contacts import clock
from policy.models import Issue
from tests.factories import PASSWORD, OrganizationFactory, ResourceFactory, RoleFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = (
    "I waited eleven weeks for a first appointment. What helped was a group in the library, and my sister Ines Morel, "
    "who called every evening. Nobody should have to be that lucky."
)


def test_speaking_up(visitor, mailoutbox):
    organization = OrganizationFactory(name="Harbour Coalition", slug="harbour")
    Issue.objects.create(
        organization=organization,
        title="Waiting for care",
        slug="waiting",
        summary="x",
        created_at=clock.now(),
    )
    ResourceFactory(
        organization=organization, name="Crisis Line", is_emergency=True, phone="000 555 0100",
        is_always_open=True, verified_on=clock.today(),
    )  # fmt: skip
    reviewer = RoleFactory(organization=organization, name="reviewer").user
    page = visitor.page
    visitor.open("/stories/harbour/")
    visitor.look("wall-empty")
    page.get_by_role("link", name="Tell your story").click()
    page.get_by_role("button", name="Send my story to the reviewer").click()
    page.get_by_role("alert").wait_for()
    visitor.look("tell-errors")
    page.get_by_role("textbox", name="Your story").fill(TEXT)
    page.get_by_label("death and grief").check()
    page.get_by_label("My initials").check()
    page.get_by_role("textbox", name="Name").fill("Marisol Quintero")
    page.get_by_label("On your public pages, with the name I choose.").check()
    page.get_by_role("textbox", name="Mail address").fill("marisol@people.example")
    visitor.look("tell")
    page.get_by_role("button", name="Send my story to the reviewer").click()
    page.get_by_role("heading", name="Now check your mail").wait_for()
    visitor.look("told")
    assert page.context.cookies() == []
    outbox.send_due()
    link = re.search(r"(/story/\S+/confirm/)", mailoutbox[-1].body)[1]
    visitor.open(link)
    visitor.look("confirm")
    page.get_by_role("button", name="Yes, give it to the reviewer").click()
    page.get_by_role("heading", name="Your story", exact=True).wait_for()
    visitor.look("own")
    own = page.url

    visitor.open("/accounts/login/")
    page.get_by_label("Email").fill(reviewer.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Read them").click()
    visitor.look("list")
    page.get_by_role("link", name="Open").click()
    visitor.look("closed")
    page.get_by_role("button", name="Read the story").click()
    page.get_by_label(re.compile("Ines Morel.*Black it out")).check()
    visitor.look("review")
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("The story is approved").wait_for()
    page.context.clear_cookies()

    visitor.open("/stories/harbour/")
    visitor.look("wall")
    page.get_by_role("link", name="Read the story").click()
    page.get_by_text("This story speaks of death and grief").click()
    page.get_by_text("eleven weeks").wait_for()
    assert "Ines" not in visitor.text() and "█████" in visitor.text() and "M. Q." in visitor.text()
    visitor.look("story")
    public = page.url

    visitor.open(own)
    page.get_by_role("link", name="Choose who may read it").click()
    visitor.look("agree")
    visitor.open(own)
    page.get_by_role("link", name="Change my story").click()
    visitor.look("change")
    visitor.open(own)
    page.get_by_role("link", name="Take my story back").click()
    visitor.look("take-back")
    page.get_by_role("button", name="Take my story back").click()
    page.get_by_text("You took this story back").wait_for()
    visitor.look("taken-back")
    assert page.goto(public).status == 404
    visitor.open("/stories/harbour/")
    assert "No story is public here yet." in visitor.text()
