"""One link answered by several at the same moment makes one partnership, on PostgreSQL."""

import pytest

from campaigns.actions.partner_invitations import NewOrganization, accept, accept_as_new, decline
from campaigns.errors import ActionRefused
from campaigns.models import PartnerInvitation, Partnership
from contacts.models import Organization
from tests.factories import OrganizationFactory, PartnerInvitationFactory, RoleFactory
from tests.services.test_event_races import all_at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def tried(act):
    try:
        act()
    except ActionRefused:
        return False
    return True


def test_one_link_accepted_by_ten_at_once_makes_one_partnership():
    invitation = PartnerInvitationFactory(sees_supporters=False)
    owners = [RoleFactory(name="owner") for _ in range(10)]
    done = all_at_once(
        lambda one: tried(
            lambda: accept(invitation=invitation, organization=one.organization, user=one.user)
        ),
        owners,
    )
    assert done.count(True) == 1 == Partnership.objects.count()
    assert PartnerInvitation.objects.get().state == "accepted"


def test_one_new_organisation_is_made_of_five_answers_at_once():
    invitation = PartnerInvitationFactory()
    before = Organization.objects.count()
    new = NewOrganization(
        "Lantern Club", "hello@lantern.example", "https://l.example", "https://l.example/p", "Nadia"
    )
    done = all_at_once(
        lambda _n: tried(lambda: accept_as_new(invitation=invitation, new=new)), list(range(5))
    )
    assert done.count(True) == 1 == Partnership.objects.count()
    assert Organization.objects.count() == before + 1


def test_an_organisation_joins_once_by_two_links():
    campaign = PartnerInvitationFactory(sees_supporters=False).campaign
    PartnerInvitationFactory(campaign=campaign, sees_supporters=False)
    owner = RoleFactory(name="owner", organization=OrganizationFactory())
    done = all_at_once(
        lambda one: tried(lambda: accept(invitation=one, organization=owner.organization, user=owner.user)),
        list(PartnerInvitation.objects.select_related("campaign__organization")),
    )
    assert done.count(True) == 1 == Partnership.objects.count()


def test_accepting_and_declining_at_once_ends_in_one_of_both():
    invitation = PartnerInvitationFactory(sees_supporters=False)
    owner = RoleFactory(name="owner")
    acts = [
        lambda: accept(invitation=invitation, organization=owner.organization, user=owner.user),
        lambda: decline(invitation=invitation),
    ]
    assert all_at_once(tried, acts).count(True) == 1
    state = PartnerInvitation.objects.get().state
    assert (state == "accepted") == Partnership.objects.exists()
