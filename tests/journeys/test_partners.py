"""A supporter signs by a partner's page of a joint campaign, chooses who may write, and changes their mind."""

import re

import pytest

from campaigns.delivery import outbox
from campaigns.models import Partnership, Pledge
from contacts import clock
from contacts.models import Organization
from tests.campaigns.partners import joint, partner, sees
from tests.campaigns.visitor import link_in, url
from tests.journeys.test_my_data import both

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WELCOME = """In our groups we meet people in the weeks in which nobody else has time for them.

Sign with us, and say it in your own words."""


def test_signing_with_a_partner_and_changing_ones_mind(visitor, mailoutbox):
    campaign = joint()
    harbour = partner(campaign, welcome=WELCOME)
    lantern = partner(campaign, "Lantern Youth Network", "lantern", role="Speaks for pupils and students")
    Organization.objects.filter(pk=harbour.organization_id).update(
        accent="#1f5fa8", website="https://harbour.example.org/"
    )
    page = visitor.page
    visitor.open(url(campaign, "with/harbour/"))
    both(visitor, "partner-page")
    form, words = page.get_by_label("Your name"), page.get_by_text("nobody else has time for them")
    if visitor.size == "phone":
        assert words.bounding_box()["y"] < form.bounding_box()["y"]  # as the form for them promises
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.get_by_label("Mail address").fill("ada@people.example")
    page.get_by_label("Postal code").fill("20000")
    boxes = page.get_by_role("group", name="Who may write to you").get_by_role("checkbox")
    assert [one.is_checked() for one in boxes.all()] == [False] * 3
    page.get_by_label("Harbour Voices may write to me").check()
    page.wait_for_timeout(1600)  # sooner, nobody types
    page.get_by_role("button", name="Sign and write to my representatives").click()
    page.get_by_role("heading", name="Check your mail").wait_for()
    outbox.send_due()
    visitor.open(link_in(mailoutbox[-1]))
    assert page.get_by_label("Harbour Voices may write to me").is_checked()
    both(visitor, "partners-to-confirm")
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(re.compile("/letter/|/p/[^/]+/$"))
    mine = "/p/" + page.url.split("/p/")[1].split("/")[0] + "/"
    assert Pledge.objects.counted().get().source == "harbour"
    assert (sees(harbour), sees(lantern)) == (["ada@people.example"], [])

    visitor.open(f"{mine}mails/")
    both(visitor, "partners-chosen")
    page.get_by_label("Lantern Youth Network may write to me").check()
    page.get_by_role("button", name="Save my choices").click()
    page.get_by_text("Saved.").wait_for()
    page.get_by_role("button", name="Harbour Voices may no longer write to me").click()
    page.get_by_role("button", name="Harbour Voices may no longer write to me").wait_for(state="detached")
    assert (sees(harbour), sees(lantern)) == ([], ["ada@people.example"])

    Partnership.objects.filter(pk=lantern.pk).update(left_at=clock.now())
    visitor.open(f"{mine}mails/")
    both(visitor, "partner-left")
    visitor.open(url(campaign, "with/lantern/"))
    assert page.url.endswith(url(campaign, "?source=lantern"))
    visitor.look("campaign-of-partners")
    visitor.open(f"/embed/{campaign.organization.slug}/{campaign.slug}/?source=harbour")
    visitor.look("partner-embed")
