"""What many tests of campaigns begin with: a desk, a campaign, partners, and a mail server that keeps or refuses."""

import socket
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller

from tests import factories as make
from tests.campaigns.console import Desk
from tests.campaigns.partners import partner


@dataclass
class Kept:
    to: str
    sender: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)


class KeepingServer:
    def __init__(self):
        self.kept: list[Kept] = []
        self.refusals: dict[str, tuple[str, int]] = {}
        self.asked: Counter[str] = Counter()

    def refuse(self, address, reply, times=1000):
        self.refusals[address] = (reply, times)

    def mails(self):
        return self.kept

    async def handle_RCPT(self, server, session, envelope, address, options):
        reply, times = self.refusals.get(address, ("", 0))
        self.asked[address] += 1
        if self.asked[address] <= times:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.kept.append(Kept(envelope.rcpt_tos[0], envelope.mail_from, envelope.content))
        return "250 2.0.0 kept"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def sink(settings):
    handler = KeepingServer()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    yield handler
    controller.stop()


@pytest.fixture
def desk(client):
    return Desk(client)


@pytest.fixture
def campaign(desk):
    """One of theirs that counts what is signed."""
    return make.CampaignFactory(organization=desk.organization, state="open", is_test=False)


@pytest.fixture
def part():
    """An organisation's part in another's campaign, which shows it the supporters who chose it."""
    return make.PartnershipFactory(
        campaign__title="Care within four weeks",
        campaign__organization__name="Harbour Coalition",
        organization__name="Lantern Club",
        role="Invites its members",
    )


@pytest.fixture
def harbour(campaign):
    """A partner of the campaign that a test tells of."""
    return partner(campaign)


@pytest.fixture
def lantern(campaign):
    """Another."""
    return partner(campaign, "Lantern Youth", "lantern")
