"""A campaign gets a partner: invited, the terms signed off, who chose it, and out again. And the organisation's year."""

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from campaigns.actions.partners import leave
from campaigns.delivery import outbox
from campaigns.models import Partnership
from contacts import clock
from tests import factories as make
from tests.campaigns.partners import chose
from tests.campaigns.test_partners import link

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def as_somebody(visitor, user):
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    visitor.page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": visitor.server.url}]
    )


def test_a_partner_is_invited_joins_sees_who_chose_it_and_leaves(visitor, mailoutbox):
    page = visitor.page
    owner = make.RoleFactory(name="owner")
    campaign = make.CampaignFactory(organization=owner.organization)
    for _ in range(7):
        make.PledgeFactory(campaign=campaign)

    def lead(name, *args):
        return reverse(f"campaigns:{name}", args=[owner.organization.slug, campaign.pk, *args])

    as_somebody(visitor, owner.user)
    visitor.open(lead("partner-list"))
    visitor.look("no-partner-yet")
    visitor.open(lead("partner-invite"))
    visitor.look("invite")
    page.get_by_role("button", name="Send the invitation").click()
    page.get_by_text("Please correct this first").wait_for()
    visitor.look("invite-mistakes")
    page.get_by_label("Organisation").fill("Lantern Club")
    page.get_by_label("Mail address").fill("chair@lantern.example")
    page.get_by_label("Role").fill("Invites its members")
    page.get_by_label("It sees the supporters who chose it").check()
    page.get_by_role("button", name="Send the invitation").click()
    page.get_by_text("Lantern Club").first.wait_for()
    visitor.look("invited")

    page.context.clear_cookies()
    invitation = link()
    visitor.open(invitation)
    visitor.look("invitation")
    page.get_by_label("Address of your privacy notice").fill("https://lantern.example/privacy")
    page.get_by_label("Your own name").fill("Nadia Brandt")
    page.get_by_label("Website").fill("https://lantern.example/")
    page.get_by_label("I may sign for this organisation").check()
    page.get_by_role("button", name="Make the organisation and accept").click()
    page.get_by_role("heading", name="You take part").wait_for()
    visitor.look("accepted")

    part = Partnership.objects.get()
    for n in range(3):
        chose(part, name=f"Ada Lund {n}")
    chair = part.organization.roles.get(name="owner").user

    def own(name, *args):
        return reverse(f"campaigns:{name}", args=[part.organization.slug, *args])

    as_somebody(visitor, chair)
    visitor.open(own("console-home"))
    visitor.look("partner-home")
    visitor.open(own("joint-campaigns"))
    visitor.look("joint-campaigns")
    for name in ("joint-campaign", "joint-welcome", "joint-people", "joint-export", "joint-leave"):
        visitor.open(own(name, part.pk))
        visitor.look(name)
    visitor.open(own("settings"))
    visitor.look("partner-settings")
    visitor.open(own("members"))
    visitor.look("partner-members")

    as_somebody(visitor, owner.user)
    visitor.open(lead("partner-list"))
    visitor.look("partners")
    visitor.open(lead("partner-end", part.pk))
    visitor.look("end-a-partnership")
    leave(partnership=part, actor=chair)
    outbox.send_due()
    assert any("Lantern Club" in one.subject for one in mail.outbox)
    visitor.open(lead("partner-list"))
    visitor.look("partner-left")
    as_somebody(visitor, chair)
    visitor.open(own("console-home"))
    visitor.look("nothing-joint")
    visitor.open(invitation)
    visitor.look("ended")


def test_a_year_is_made_a_brief(visitor):
    staff = make.RoleFactory(name="staff")
    campaign = make.CampaignFactory(organization=staff.organization)
    for _ in range(3):
        make.PledgeFactory(campaign=campaign, confirmed_at=clock.now())
    as_somebody(visitor, staff.user)
    visitor.open(reverse("campaigns:brief-year", args=[staff.organization.slug]))
    visitor.look("report-of-a-year")
    visitor.page.locator("main form .button[type=submit]").last.click()
    visitor.page.get_by_role("heading", level=1).wait_for()
    visitor.look("brief-of-a-year")
