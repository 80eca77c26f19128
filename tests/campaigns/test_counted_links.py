"""Links that stand in mails for years are read as long as they are the newest, and open one kind of page only."""

import uuid

import pytest

from campaigns.endorsement_links import read_endorsement
from campaigns.errors import LinkSpent
from campaigns.event_links import read_registration
from campaigns.partner_links import invitation_token, read_invitation
from tests.factories import EndorsementFactory, PartnerInvitationFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
ID = uuid.UUID(int=12345678901234567890123)
# As they were handed out by earlier versions: never to be changed here.
REGISTRATION = "AAAAAAAAAp1Ctk52cUJEyw~3~C9FvrF0hrA6U-dK8lveoLf1AdQ1SUFE9gr-x-JDpJfM"
INVITATION = "AAAAAAAAAp1Ctk52cUJEyw~4~LVAH8PhC-fzX1GaMZCh_2FNq6pnCb2gA_tB2Q_LCyAo"
ENDORSEMENT = "AAAAAAAAAp1Ctk52cUJEyw~5~G4S78RrVRTZRHjnUXcEdQcZV7XoFYR5ldOh728PIYVM"


@pytest.fixture(autouse=True)
def key_of_then(settings):
    settings.SECRET_KEY = "k" * 60


def test_links_of_earlier_versions_are_read():
    registration = RegistrationFactory(pk=ID, link_counter=3)
    invitation = PartnerInvitationFactory(pk=ID, counter=4)
    endorsement = EndorsementFactory(pk=ID, link_counter=5)
    assert read_registration(REGISTRATION) == registration
    assert read_invitation(INVITATION) == invitation
    assert read_endorsement(ENDORSEMENT) == endorsement


def test_a_link_of_one_kind_opens_no_page_of_another():
    EndorsementFactory(pk=ID, link_counter=4)
    invitation = PartnerInvitationFactory(pk=ID, counter=4)
    with pytest.raises(LinkSpent):
        read_endorsement(invitation_token(invitation))
