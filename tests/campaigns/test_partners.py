"""Organisations that carry a campaign together: invited, signed off, seen by the lead, ended."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.delivery.outbox import send_due
from campaigns.models import OutboxMail, PartnerInvitation, Partnership
from campaigns.partner_links import invitation_token
from contacts import clock
from contacts.models import AuditEntry, Organization, Role, User
from tests import factories as make
from tests.campaigns.console import Desk, told, twice, words

pytestmark = pytest.mark.django_db

TERMS = "The partner invites its members. Either side may end this at any time."


@pytest.fixture
def desk(client):
    return Desk(client, role="owner")


@pytest.fixture
def campaign(desk):
    return make.CampaignFactory(organization=desk.organization, title="Care within four weeks")


def offer(**changes):
    return {
        "organization_name": "Lantern Club",
        "email": "chair@lantern.example",
        "language": "en",
        "role": "Invites its members",
        "sees_supporters": "on",
        "until": "",
        "terms": TERMS,
        **changes,
    }


def newcomer(**changes):
    return {
        "answer": "new",
        "name": "Lantern Club",
        "email": "hello@lantern.example",
        "website": "https://lantern.example/",
        "privacy_url": "https://lantern.example/privacy",
        "owner_name": "Nadia Brandt",
        "agreed": "on",
        **changes,
    }


def link():
    """The path of the newest invitation that was mailed."""
    send_due()
    invited = [one for one in mail.outbox if "invites you" in one.subject]
    return re.search(r"https?://[^/]+(/partner/\S+)", invited[-1].body)[1]


def test_an_organisation_is_invited_joins_and_both_see_it(desk, campaign, client):
    assert "No partner yet" in desk.read("partner-list", campaign.pk)
    form = words(desk.get("partner-invite", campaign.pk))
    assert "Either side may end this at any time" in form  # the text to begin with
    assert "on its way" in told(desk.post("partner-invite", campaign.pk, **offer()))
    assert "Lantern Club Invited" in desk.read("partner-list", campaign.pk)

    path = link()
    assert mail.outbox[-1].to == ["chair@lantern.example"]
    client.logout()
    page = words(client.get(path))
    for said in (TERMS, "Invites its members", "name, mail address and postal code", "No, thank you"):
        assert said in page
    assert PartnerInvitation.objects.get().state == "sent"  # looking changes nothing

    answer = client.post(path, newcomer(), follow=True)
    assert "Lantern Club has accepted" in words(answer)
    partner = Organization.objects.get(name="Lantern Club")
    assert partner.is_partner_only and partner.email == "hello@lantern.example"
    assert Role.objects.get(organization=partner).user.email == "chair@lantern.example"
    # The way to a password is mailed, and the lead's owner is told.
    send_due()
    subjects = {one.to[0]: one.subject for one in mail.outbox}
    assert "password" in subjects["chair@lantern.example"].lower()
    password = next(one for one in mail.outbox if one.subject == subjects["chair@lantern.example"])
    lead = desk.organization.name
    assert f"Lantern Club takes part now in “Care within four weeks”, a campaign of {lead}" in password.body
    assert subjects[desk.user.email] == "Lantern Club is a partner now"

    client.force_login(desk.user)
    page = desk.read("partner-list", campaign.pk)
    assert "Lantern Club Takes part" in page and "Nadia Brandt" in page and TERMS in page
    verbs = {(one.organization_id, one.verb) for one in AuditEntry.objects.all()}
    assert {(desk.organization.pk, "join campaign"), (partner.pk, "join campaign")} <= verbs


def test_what_the_lead_sees_of_a_partner_is_said_as_the_terms_are(desk, campaign, client):
    desk.post("partner-invite", campaign.pk, **offer())
    assert "how many chose you" in words(client.get(link()))
    desk.post("partner-invite", campaign.pk, **offer(email="two@lantern.example", sees_supporters=""))
    page = words(client.get(link()))
    assert "How many came by your page, and who signed" in page and "chose you" not in page


def test_an_owner_signs_off_for_an_organisation_that_works_here_already(desk, campaign, client):
    desk.post("partner-invite", campaign.pk, **offer())
    path = link()
    client.logout()
    assert reverse("account_login") in client.get(path).content.decode()
    mine = make.OrganizationFactory(name="Tide House", privacy_url="https://tide.example/privacy")
    owner = make.RoleFactory(organization=mine, name="owner").user
    other = make.OrganizationFactory(name="Not Mine")
    client.force_login(owner)
    page = words(client.get(path))
    assert "Tide House" in page and "Not Mine" not in page
    refused = client.post(path, {"answer": "join", "organization": other.pk, "agreed": "on"})
    assert refused.status_code == 422 and not Partnership.objects.exists()
    answer = client.post(path, {"answer": "join", "organization": mine.pk, "agreed": "on"})
    part = Partnership.objects.get()
    assert answer.url == reverse("campaigns:joint-campaign", args=[mine.slug, part.pk])
    assert (part.organization, part.signed_by, part.terms) == (mine, owner, TERMS)
    assert part.source_code == mine.slug
    assert not mine.is_partner_only


def test_nobody_joins_their_own_campaign_or_twice(desk, campaign, client):
    desk.organization.privacy_url = "https://x.example/privacy"
    desk.organization.save()
    desk.post("partner-invite", campaign.pk, **offer())
    path = link()
    own = client.post(path, {"answer": "join", "organization": desk.organization.pk, "agreed": "on"})
    assert own.status_code == 422
    there = make.PartnershipFactory(campaign=campaign).organization
    client.force_login(make.RoleFactory(organization=there, name="owner").user)
    twice = client.post(path, {"answer": "join", "organization": there.pk, "agreed": "on"})
    assert twice.status_code == 422
    assert Partnership.objects.count() == 1


def test_an_organisation_without_a_privacy_notice_is_told_to_enter_one(desk, campaign, client):
    desk.post("partner-invite", campaign.pk, **offer())
    path = link()
    mine = make.OrganizationFactory()
    client.force_login(make.RoleFactory(organization=mine, name="owner").user)
    answer = client.post(path, {"answer": "join", "organization": mine.pk, "agreed": "on"})
    assert answer.status_code == 409 and "privacy notice" in words(answer)
    assert PartnerInvitation.objects.get().state == "sent"


@pytest.mark.parametrize("missing", ["name", "email", "website", "privacy_url", "owner_name", "agreed"])
def test_what_is_missing_is_named_and_nothing_is_made(campaign, client, missing):
    invitation = make.PartnerInvitationFactory(campaign=campaign)
    path = reverse("campaigns:partner-invitation", args=[invitation_token(invitation)])
    answer = client.post(path, newcomer(**{missing: ""}))
    assert answer.status_code == 422
    assert Organization.objects.count() == 1 and not Partnership.objects.exists()


def test_declining_is_seen_by_the_lead_and_makes_nothing(desk, campaign, client):
    desk.post("partner-invite", campaign.pk, **offer())
    path = link()
    answer = client.post(path, {"answer": "decline"}, follow=True)
    assert "You declined" in words(answer)
    assert "Lantern Club Declined" in desk.read("partner-list", campaign.pk)
    assert client.post(path, newcomer()).status_code == 410
    assert not Partnership.objects.exists()


def test_spent_lapsed_withdrawn_and_broken_links_say_so_kindly(desk, campaign, client):
    desk.post("partner-invite", campaign.pk, **offer())
    first = link()
    invitation = PartnerInvitation.objects.get()
    clock.move(timedelta(hours=1))
    changed = {"role": "Speaks at events", "terms": TERMS + " It speaks at events.", "until": ""}
    desk.post("partner-reissue", campaign.pk, invitation.pk, **changed)
    second = link()
    assert second != first
    spent = client.get(first)
    assert spent.status_code == 410 and "newer invitation" in words(spent)
    # Whoever read the older terms can't sign them off any more.
    assert client.post(first, newcomer()).status_code == 410
    assert "It speaks at events." in words(client.get(second))
    assert client.get("/partner/nonsense/").status_code == 410

    clock.move(timedelta(days=31))
    late = client.get(second)
    assert late.status_code == 410 and "The time to answer is over" in words(late)
    assert client.post(second, newcomer()).status_code == 410
    assert "Not answered in time" in desk.read("partner-list", campaign.pk)

    desk.post("partner-withdraw", campaign.pk, invitation.pk)
    assert "was withdrawn" in words(client.get(second))
    assert "Lantern Club Withdrawn" in desk.read("partner-list", campaign.pk)
    twice(desk, "partner-withdraw", campaign.pk, invitation.pk, says="It is withdrawn already.")
    assert not Partnership.objects.exists()


def test_terms_stay_as_they_were_signed(desk, campaign, client):
    desk.post("partner-invite", campaign.pk, **offer())
    path = link()
    client.post(path, newcomer())
    invitation = PartnerInvitation.objects.get()
    desk.post(
        "partner-reissue", campaign.pk, invitation.pk, role="Pays", terms="Pays for everything, always."
    )
    part = Partnership.objects.get()
    assert (part.role, part.terms) == ("Invites its members", TERMS)
    assert TERMS in desk.read("partner-list", campaign.pk)
    assert "Pays for everything" not in desk.read("partner-list", campaign.pk)


def test_one_address_is_invited_once_and_not_flooded(desk, campaign):
    desk.post("partner-invite", campaign.pk, **offer())
    again = desk.post("partner-invite", campaign.pk, **offer())
    assert again.status_code == 422 and "invited already" in words(again)
    for _ in range(6):
        other = make.CampaignFactory(organization=desk.organization)
        answer = desk.post("partner-invite", other.pk, **offer())
    assert answer.status_code == 422 and "written to now" in words(answer)
    assert OutboxMail.objects.count() == PartnerInvitation.objects.count() < 7


def test_a_day_that_is_over_and_a_campaign_that_is_over_are_refused(desk, campaign, client):
    answer = desk.post("partner-invite", campaign.pk, **offer(until="2020-01-01"))
    assert answer.status_code == 422 and "over already" in words(answer)
    desk.post("partner-invite", campaign.pk, **offer())
    path = link()
    campaign.state = "closed"
    campaign.save()
    assert "This campaign is over" in words(client.get(path))
    assert client.post(path, newcomer()).status_code == 410
    assert desk.post("partner-invite", campaign.pk, **offer(email="x@y.example")).status_code == 302
    assert PartnerInvitation.objects.count() == 1


def test_the_lead_sees_how_many_came_and_how_many_chose(desk, campaign):
    part = make.PartnershipFactory(campaign=campaign, organization__name="Lantern Club")
    make.PledgeFactory(campaign=campaign, source=part.source_code)
    make.PledgeFactory(campaign=campaign, source=part.source_code, state="pending", confirmed_at=None)
    make.PledgeFactory(campaign=campaign, source=part.source_code, is_test=True)
    for _ in range(3):
        make.PartnerConsentFactory(partnership=part)
    page = desk.read("partner-list", campaign.pk)
    assert "1 person confirmed" in page
    assert "3 people who chose it" in page


def test_ending_is_announced_and_then_tells_the_partner(desk, campaign):
    part = make.PartnershipFactory(campaign=campaign, organization__name="Lantern Club")
    owner = make.RoleFactory(organization=part.organization, name="owner").user
    page = desk.read("partner-end", campaign.pk, part.pk)
    assert "sees nothing of this campaign from this moment on" in page
    assert Partnership.objects.get().left_at is None
    desk.post("partner-end", campaign.pk, part.pk, reason="The campaign changes its course")
    part.refresh_from_db()
    assert part.left_at and part.left_reason == "The campaign changes its course"
    send_due()
    assert mail.outbox[-1].to == [owner.email]
    assert "has ended the partnership" in mail.outbox[-1].subject
    assert "changes its course" in mail.outbox[-1].body
    assert "No longer partners" in desk.read("partner-list", campaign.pk)
    twice(desk, "partner-end", campaign.pk, part.pk, says="This partnership is over already.", reason="Again")
    part.refresh_from_db()
    assert part.left_reason == "The campaign changes its course"
    logged = AuditEntry.objects.filter(verb="end partnership")
    # Each side's log names its own people only.
    assert {(one.organization_id, one.actor_id) for one in logged} == {
        (desk.organization.pk, desk.user.pk),
        (part.organization_id, None),
    }


@pytest.mark.parametrize("role", ["organizer", "staff", "reviewer"])
def test_only_owners_sign_and_end(client, role):
    desk = Desk(client, role=role)
    campaign = make.CampaignFactory(organization=desk.organization)
    part = make.PartnershipFactory(campaign=campaign)
    assert desk.get("partner-list", campaign.pk).status_code == 200
    assert desk.post("partner-invite", campaign.pk, **offer()).status_code == 403
    assert desk.post("partner-end", campaign.pk, part.pk).status_code == 403


def test_a_long_list_of_partners_asks_as_much_as_a_short_one(desk, campaign):
    def grow(n):
        for _ in range(n):
            part = make.PartnershipFactory(campaign=campaign)
            make.PartnerConsentFactory(partnership=part)
            make.PledgeFactory(campaign=campaign, source=part.source_code)
            make.PartnerInvitationFactory(campaign=campaign, invited_by=make.UserFactory())

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get("partner-list", campaign.pk).status_code == 200
        return len(queries)

    grow(1)
    asked()
    one = asked()
    grow(19)
    assert asked() == one


def test_a_user_who_has_an_account_keeps_their_password(desk, campaign, client):
    known = make.UserFactory(email="chair@lantern.example")
    desk.post("partner-invite", campaign.pk, **offer())
    path = link()
    client.logout()
    page = client.get(path)
    assert "chair@lantern.example has an account here" in words(page)
    assert page.content.decode().count(">Sign in<") == 1 and b'value="new"' not in page.content
    client.force_login(known)
    client.post(path, newcomer())
    before = known.password
    known.refresh_from_db()
    assert known.password == before and User.objects.filter(email="chair@lantern.example").count() == 1
    assert Role.objects.filter(user=known, organization__name="Lantern Club", name="owner").exists()
    assert not any("password" in one.subject.lower() for one in mail.outbox)
