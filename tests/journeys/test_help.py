"""Somebody who needs help finds it at once, and leaves without a way back."""

import pytest

from contacts import clock
from policy.actions.resources import set_hours
from policy.opening import read_hours
from tests.factories import DivisionFactory, OrganizationFactory, ResourceFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_finding_help_and_leaving(visitor):
    organization = OrganizationFactory(name="Harbour Coalition", slug="harbour")
    town = DivisionFactory(name="Saltmouth")
    lines = [
        {"name": "Crisis Line", "is_emergency": True, "phone": "000 555 0100", "is_always_open": True},
        {"name": "Night Line", "phone": "000 555 0199", "languages": "English, Spanish", "cost": "free"},
        {
            "name": "Monday Table",
            "kind": "group",
            "address": "3 Quay Row",
            "division": town,
            "languages": "English",
        },
    ]
    for fields in lines:
        row = ResourceFactory(organization=organization, verified_on=clock.today(), **fields)
        set_hours(row, [] if row.is_always_open else read_hours("Mon-Fri 18:00-08:00")[0])
    page = visitor.page
    page.route("https://www.wikipedia.org/**", lambda route: route.fulfill(body="<h1>Something else</h1>"))
    visitor.open("/how-we-count/")
    visitor.open("/help/harbour/")
    visitor.look("help")
    assert page.get_by_role("link", name="Call 000 555 0100").get_attribute("href") == "tel:0005550100"
    steps = page.evaluate("history.length")
    page.get_by_role("combobox", name="Language").select_option(label="Spanish")
    page.get_by_role("button", name="Find help").click()
    page.get_by_role("heading", name="Monday Table").wait_for(state="detached")
    assert "Night Line" in visitor.text() and "Crisis Line" in visitor.text()
    assert page.evaluate("history.length") == steps
    visitor.look("help-found")
    assert page.context.cookies() == []
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="Something else").wait_for()
    page.go_back()
    assert page.url.endswith("/how-we-count/")


def test_a_search_is_answered_in_the_language_of_the_page(visitor):
    organization = OrganizationFactory(slug="harbour")
    ResourceFactory(organization=organization, name="Night Line", languages="English")
    page = visitor.page
    visitor.open("/help/harbour/")
    page.get_by_role("button", name="Español").click()
    page.locator("html[lang=es]").wait_for()
    page.wait_for_load_state()  # the script asks, or the form would be sent as without one
    page.locator("[name=is_free]").check()
    page.locator("[data-help] [type=submit]").click()
    page.get_by_role("heading", name="Night Line").wait_for(state="detached")
    assert "Nothing fits" not in visitor.text() and "Nada" in visitor.text()


def test_no_step_of_the_way_back_leads_to_help(visitor):
    organization = OrganizationFactory(slug="harbour")
    ResourceFactory(organization=organization, name="Night Line", languages="English")
    page = visitor.page
    visitor.open("/help/harbour/")
    steps = page.evaluate("history.length")
    page.get_by_role("link", name="Skip to the content").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/help/harbour/#content")
    visitor.until("document.activeElement.id === 'content'")
    page.get_by_role("button", name="Français").click()
    page.locator("html[lang=fr]").wait_for()
    assert page.evaluate("history.length") == steps
