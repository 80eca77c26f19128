"""Ada signs on her phone or at her desk, confirms by mail, writes her own letter, and sees what becomes of it."""

import re
from datetime import timedelta

import pytest
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.delivery import dispatcher, outbox
from campaigns.models import Letter
from contacts import clock
from tests.campaigns.conftest import sink
from tests.factories import (
    DriveFactory,
    EvidenceFactory,
    MeasureEventFactory,
    PostalAreaFactory,
    ResourceFactory,
    campaign_with_targets,
)

__all__ = ["sink"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def campaign(db):
    campaign = campaign_with_targets(posts=2)
    DriveFactory(campaign=campaign)
    EvidenceFactory.create_batch(3, issue=campaign.issue)
    MeasureEventFactory(measure=campaign.measure)
    ResourceFactory(organization=campaign.organization)
    return campaign


def fill_in(page, code="20000", email="ada@people.example"):
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.get_by_label("Mail address").fill(email)
    page.get_by_label("Postal code").fill(code)
    clock.move(timedelta(seconds=5))  # nobody fills in a form in no time, and the site knows it
    page.get_by_role("button", name="Sign and write to my representatives").click()


def sign(visitor, **entries):
    fill_in(visitor.page, **entries)


def link_in(mail):
    return re.search(r"http://\S+/p/\S+/confirm/", mail.body).group(0)


def test_ada_signs_confirms_writes_and_follows_her_letter(visitor, campaign, mailoutbox, sink):
    page = visitor.page
    visitor.open("/")
    visitor.look("home")
    page.get_by_role("link", name=campaign.title).click()
    visitor.look("campaign")
    sign(visitor)
    page.wait_for_url("**/check-mail/")
    visitor.look("check-mail")
    outbox.send_due()
    visitor.open(link_in(mailoutbox[-1]))
    visitor.look("confirm")
    page.get_by_role("button", name=re.compile("confirm", re.I)).click()
    page.wait_for_url("**/letter/")
    body = page.locator("textarea").first
    body.fill("Mine.")
    page.get_by_text("1 word", exact=True).wait_for()
    body.fill("I waited for eleven months. My sister drove me to every appointment.")
    page.locator("#preview", has_text="eleven months").wait_for()
    visitor.look("letter")
    page.get_by_role("button", name=re.compile("check", re.I)).click()
    visitor.look("check-letter")
    assert "eleven months" in visitor.text()
    page.get_by_role("button", name="Send my letters").click()
    visitor.look("thanks")
    for _n in range(3):
        dispatcher.prepare()
        while dispatcher.send_window():
            pass
        clock.move(timedelta(minutes=4))
    assert Letter.objects.get().state == "sent"
    assert "eleven months" in sink.mails()[0].message.get_content()
    page.get_by_role("link", name=re.compile("my letters", re.I)).click()
    visitor.look("my-page")
    assert "Accepted" in visitor.text()


@pytest.mark.parametrize("language", ["es", "fr"])
def test_she_does_it_all_in_her_own_language(visitor, campaign, mailoutbox, sink, language):
    page = visitor.page
    page.set_extra_http_headers({"Accept-Language": "en"})
    visitor.open(f"/c/{campaign.organization.slug}/{campaign.slug}/")
    page.get_by_role("button", name={"es": "Español", "fr": "Français"}[language]).click()
    with translation.override(language):
        assert page.locator("html").get_attribute("lang") == language
        visitor.look(f"campaign-{language}")
        page.get_by_label(_("Your name")).fill("Ada Lovelace")
        page.get_by_label(_("Mail address")).fill("ada@people.example")
        page.get_by_role("textbox", name=_("Postal code")).fill("99999")
        clock.move(timedelta(seconds=5))
        page.get_by_role("button", name=_("Sign and write to my representatives")).click()
        page.get_by_role("alert").wait_for()
        visitor.look(f"mistake-{language}")
        page.get_by_role("textbox", name=_("Postal code")).fill("20000")
        page.get_by_role("button", name=_("Sign and write to my representatives")).click()
        page.wait_for_url("**/check-mail/")
        outbox.send_due()
        mail = mailoutbox[-1]
        assert f'lang="{language}"' in mail.alternatives[0][0]
        visitor.open(link_in(mail))
        page.get_by_role("button", name=_("Yes, confirm my pledge")).click()
        page.wait_for_url("**/letter/")
        page.locator("textarea").first.fill(
            "I waited for eleven months. My sister drove me to every appointment."
        )
        visitor.look(f"letter-{language}")
        page.get_by_role("button", name=_("Save and check")).click()
        page.get_by_role("button", name=_("Send my letters")).click()
        visitor.look(f"thanks-{language}")
        page.get_by_role("link", name=_("See my letters")).click()
        visitor.look(f"my-page-{language}")
    assert Letter.objects.get().state == "ready"


def test_a_mistake_is_shown_on_top_and_beside_its_field(visitor, campaign):
    visitor.open(f"/c/{campaign.organization.slug}/{campaign.slug}/")
    sign(visitor, code="99999")
    visitor.page.get_by_role("alert").wait_for()
    visitor.look("mistake")
    assert visitor.page.get_by_label("Your name").input_value() == "Ada Lovelace"
    assert visitor.page.evaluate("document.activeElement.id") == "errors"
    visitor.page.get_by_role("link", name=re.compile("Postal code")).click()
    visitor.until("document.activeElement.name === 'postal_code'")


def test_a_split_postal_code_asks_which_place_is_hers(visitor, campaign):
    posts = list(campaign.target_groups.get().rules.get().chamber.posts.all())
    for post in posts:
        PostalAreaFactory(code="40000", division=post.division)
    visitor.open(f"/c/{campaign.organization.slug}/{campaign.slug}/")
    sign(visitor, code="40000")
    page = visitor.page
    page.get_by_role("heading", name="Which of these is you?").wait_for()
    visitor.look("which")
    page.get_by_role("button", name="Sign").click()
    page.get_by_role("alert").wait_for()
    visitor.look("which-mistake")
    page.get_by_label(re.compile(posts[1].division.name)).check()
    page.get_by_role("button", name="Sign").click()
    page.wait_for_url("**/check-mail/")
    assert posts[1].label in visitor.text() and posts[0].label not in visitor.text()


def test_a_slip_in_the_address_is_mended_on_the_next_page(visitor, campaign, mailoutbox):
    visitor.open(f"/c/{campaign.organization.slug}/{campaign.slug}/")
    sign(visitor, email="ada@poeple.example")
    page = visitor.page
    page.wait_for_url("**/check-mail/")
    page.get_by_label("Mail address").fill("ada@people.example")
    page.get_by_role("button", name="Send it to this address").click()
    page.get_by_text("A mail to ada@people.example").wait_for()
    outbox.send_due()
    assert mailoutbox[-1].to == ["ada@people.example"]


def test_the_whole_way_works_without_javascript(chromium, live_server, settings, campaign, mailoutbox):
    settings.SITE_URL = live_server.url
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{live_server.url}/c/{campaign.organization.slug}/{campaign.slug}/")
    fill_in(page)
    page.wait_for_url("**/check-mail/")
    outbox.send_due()
    page.goto(link_in(mailoutbox[-1]))
    page.get_by_role("button", name="Yes, confirm my pledge").click()
    page.wait_for_url("**/letter/")
    page.get_by_label("Your letter", exact=True).fill("My own words.")
    page.get_by_role("button", name="Show preview").click()
    page.locator("#preview").get_by_text("My own words.").wait_for()
    page.get_by_role("button", name="Save and check").click()
    page.get_by_role("button", name="Send my letters").click()
    page.wait_for_url("**/thanks/")
    assert Letter.objects.get().state == "ready" and Letter.objects.get().body == "My own words."
    page.get_by_role("link", name="See my letters").click()
    page.get_by_role("link", name="Take this letter back").click()
    page.get_by_role("button", name="Take it back").click()
    page.get_by_text("You took it back").wait_for()
    assert Letter.objects.get().state == "withdrawn"
    context.close()
