"""What being a partner does not give, and what nobody gets in a partner's name."""

from datetime import timedelta
from types import SimpleNamespace
from unittest import mock

import pytest
from django.urls import reverse

from campaigns import page_views, tasks
from campaigns.actions import partner_invitations as actions
from campaigns.actions.erasing import erase_supporter
from campaigns.actions.jobs import start_job
from campaigns.actions.partners import end_partnership
from campaigns.delivery import switch
from campaigns.delivery.inbound import _owner
from campaigns.errors import LinkSpent
from campaigns.jobs.steps import work
from campaigns.models import PartnerInvitation, Partnership, Story
from campaigns.partner_links import invitation_token
from campaigns.partners import joint_numbers
from contacts import clock
from contacts.addresses import address_hash
from contacts.models import JobKind, Organization, Suppression
from tests import factories as make
from tests.campaigns.console import Desk, words
from tests.campaigns.partners import chose, export
from tests.campaigns.story_teller import tell
from tests.campaigns.test_partners import newcomer

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, part):
    return Desk(client, organization=part.organization, role="owner")


def invited(**fields):
    return make.PartnerInvitationFactory(
        campaign=fields.pop("campaign", None) or make.CampaignFactory(), **fields
    )


def link(invitation):
    return reverse("campaigns:partner-invitation", args=[invitation_token(invitation)])


def erase(said, _part):
    erase_supporter(pledge=said.supporter.pledges.get())


def invalidate(said, _part):
    said.supporter.pledges.update(state="invalidated")


def stop(said, part):
    hashed = address_hash(said.supporter.canonical_email)
    lead = part.campaign.organization
    Suppression.objects.create(organization=lead, address_hash=hashed, reason="asked", created_at=clock.now())


@pytest.mark.parametrize("happens", [erase, invalidate, stop])
def test_a_file_with_somebody_who_may_no_longer_be_written_to_is_not_handed_out(desk, part, happens):
    said = chose(part, name="Ada Lund", email="ada@people.example")
    chose(part)
    job, _text = export(desk, part)
    assert desk.post("job-file", job.pk).status_code == 200
    happens(said, part)
    assert "Ada Lund" not in desk.read("joint-people", part.pk)
    assert desk.post("job-file", job.pk).status_code == 404


def test_who_is_erased_while_a_file_is_written_is_not_in_it(desk, part, monkeypatch):
    monkeypatch.setattr("campaigns.jobs.partner_export._PORTION", 1)
    people = sorted((chose(part, name=f"Person {n}").supporter for n in range(3)), key=lambda one: one.pk)
    job = start_job(
        organization=part.organization,
        kind=JobKind.EXPORT,
        title="People",
        params={"partnership": str(part.pk), "format": "csv"},
        total=3,
        actor=desk.user,
    )
    work(job.pk, seconds=0)
    erase_supporter(pledge=people[0].pledges.get())
    while work(job.pk, seconds=5):
        pass
    answer = desk.post("job-file", job.pk)
    text = b"".join(answer.streaming_content).decode()
    assert people[0].name not in text and people[1].name in text and people[2].name in text


def test_an_owner_who_shares_with_partners_alone_still_stops_all_sending(client, settings):
    settings.EMBEDDED = False
    desk = Desk(client, role="owner")
    client.post(link(invited(campaign=make.CampaignFactory(organization=desk.organization))), newcomer())
    assert Organization.objects.count() == 2
    assert desk.get("sending-move", "stop").status_code == 200


def test_partners_read_nothing_of_why_sending_was_stopped(desk, part):
    switch.stop(reason="An office threatened us", actor=None)
    assert "threatened" not in desk.read("console-home") and "threatened" not in desk.read("audit")


def test_a_link_that_was_passed_on_signs_in_nobody_elses_name(client):
    known = make.UserFactory(email="chair@lantern.example")
    invitation = invited(email="chair@lantern.example")
    assert "has an account here" in words(client.post(link(invitation), newcomer(owner_name="Mallory")))
    assert not Partnership.objects.exists() and not known.roles.exists()
    client.force_login(known)
    client.post(link(invitation), newcomer())
    assert Partnership.objects.get().signed_by == known


def test_an_account_that_is_switched_off_signs_nothing(client):
    make.UserFactory(email="chair@lantern.example", is_active=False)
    answer = client.post(link(invited(email="chair@lantern.example")), newcomer())
    assert answer.status_code == 409 and not Partnership.objects.exists()


def test_in_production_nobody_signs_without_a_second_factor(client, settings):
    settings.PRODUCTION = True
    role = make.RoleFactory(name="owner", organization__privacy_url="https://lantern.example/privacy")
    client.force_login(role.user)
    sent = {"answer": "join", "organization": role.organization.pk, "agreed": "on"}
    assert "2fa" in client.post(link(invited()), sent, secure=True)["Location"]
    assert not Partnership.objects.exists()


def test_what_a_partner_can_not_read_is_not_asked_of_people(client, part):
    for name in ("stories", "story-tell", "event-list-public", "public-issues", "help", "wins"):
        assert client.get(reverse(f"campaigns:{name}", args=[part.organization.slug])).status_code == 404
    tell(client, part.organization)
    assert not Story.objects.exists()


def test_mail_to_the_lead_stays_the_leads_when_a_partner_has_its_domain(client):
    lead, _other = make.OrganizationFactory(mail_domain="harbour.example"), make.OrganizationFactory()
    client.post(
        link(invited(campaign=make.CampaignFactory(organization=lead), email="youth@harbour.example")),
        newcomer(),
    )
    assert Organization.objects.filter(mail_domain="harbour.example").count() == 2
    incoming = SimpleNamespace(to=["office@harbour.example"])
    assert _owner(incoming, SimpleNamespace(delivered_to="office@harbour.example")) == lead


def test_who_joins_before_a_campaign_opens_finds_it_in_the_console(client):
    invitation = invited(campaign=make.CampaignFactory(state="draft", opened_at=None))
    role = make.RoleFactory(name="owner", organization__privacy_url="https://lantern.example/privacy")
    client.force_login(role.user)
    sent = {"answer": "join", "organization": role.organization.pk, "agreed": "on"}
    page = client.post(link(invitation), sent, follow=True)
    assert page.status_code == 200 and invitation.campaign.title in words(page)


def test_a_privacy_notice_that_supporters_are_shown_can_change_and_not_go(desk, part):
    sent = {"name": "Lantern", "email": "hello@lantern.example", "country": "us", "time_zone": "UTC"}
    part.organization.privacy_url = "https://lantern.example/privacy"
    part.organization.save()
    assert desk.post("settings", **sent, privacy_url="").status_code == 422
    assert desk.post("settings", **sent, privacy_url="https://lantern.example/new").status_code == 302


def test_a_code_that_led_people_to_the_page_before_is_no_partners(client):
    campaign = make.CampaignFactory()
    page = reverse("campaigns:campaign", args=[campaign.organization.slug, campaign.slug])
    client.get(f"{page}?utm_source=newsletter", headers={"user-agent": "Mozilla/5.0"})
    page_views.write()
    client.post(link(invited(campaign=campaign)), newcomer(name="Newsletter"))
    make.PledgeFactory(campaign=campaign, source="newsletter")
    partner = Partnership.objects.get()
    assert partner.source_code != "newsletter" and joint_numbers(partner).came == 0


def test_an_address_no_organisation_can_have_is_refused_in_words(client):
    invitation = invited(email=f"ada@{'a' * 62}.{'b' * 60}.org")
    assert client.post(link(invitation), newcomer()).status_code == 409
    with mock.patch(
        "contacts.actions.organizations.free_slug", lambda name: invitation.campaign.organization.slug
    ):
        assert client.post(link(invited()), newcomer()).status_code == 409


def test_a_link_that_was_replaced_while_it_was_answered_says_so(client):
    invitation = invited()

    def late(**_asked):
        PartnerInvitation.objects.filter(pk=invitation.pk).update(counter=1)
        raise LinkSpent

    with mock.patch.object(actions, "accept_as_new", late):
        assert client.post(link(invitation), newcomer()).status_code == 410


def test_the_link_says_when_the_partnership_has_ended(client):
    invitation = invited()
    client.post(link(invitation), newcomer())
    end_partnership(partnership=Partnership.objects.get(), reason="", actor=make.UserFactory())
    assert "This partnership has ended" in words(client.get(link(invitation)))


def test_invitations_that_came_to_nothing_are_forgotten(client):
    declined, unanswered, accepted = invited(), invited(), invited()
    client.post(link(declined), {"answer": "decline"})
    client.post(link(accepted), newcomer())
    clock.move(timedelta(days=121))
    tasks.housekeeping()
    assert list(PartnerInvitation.objects.all()) == [accepted]
    assert unanswered.pk != accepted.pk
