"""The ways a letter may go, in the order in which they are tried. A new one is a file in `channels` and a line here."""

import email
from email import policy

from campaigns.channels.base import Parcel, Route, Wording
from campaigns.channels.cwc import ROUTE as CWC
from campaigns.channels.link import ROUTE as LINK
from campaigns.channels.print import ROUTE as PRINT
from campaigns.delivery.dkim import signed
from campaigns.delivery.message import letter_bytes
from campaigns.inbound.address import reply_address
from campaigns.letters.compose import letter_text
from campaigns.models import ChannelName, Letter
from contacts.models import ContactKind, Legislator


def freeze_mail(parcel: Parcel) -> bytes:
    """The letter as a mail of the organisation, which answers reach its writer by. Raises Unfit."""
    pledge = parcel.letter.pledge
    organization = pledge.campaign.organization
    message = letter_bytes(
        sender_name=f"{pledge.name} via {organization.name}",
        sender_email=f"letters@{organization.mail_domain}",
        reply_to=(pledge.name, reply_address(parcel.letter.pk) or pledge.email),
        to=(parcel.to, parcel.recipient),
        subject=parcel.subject,
        text=parcel.text,
        date=parcel.date,
        message_id=parcel.message_id,
        is_test=parcel.letter.is_test,
        language=parcel.letter.version.language,
    )
    return signed(message, organization.mail_domain, parcel.date)


def read_mail(raw: bytes) -> Wording:
    """What is readable in the frozen bytes of a mail."""
    message = email.message_from_bytes(raw, policy=policy.default)
    part = message.get_body(("plain",))
    return Wording(str(message["Subject"] or ""), str(part.get_content()) if part else "")


EMAIL = Route(
    ChannelName.EMAIL,
    ContactKind.EMAIL,
    freeze_mail,
    read_mail,
    is_timed=True,
    domain_of=lambda address: address.rpartition("@")[2].lower(),
)
ROUTES: dict[str, Route] = {route.name: route for route in (EMAIL, CWC, PRINT, LINK)}


def wording(letter: Letter, holder: Legislator | None) -> Wording:
    """What an office reads or has read: as it was fixed, else as it would be for this holder of the post."""
    if letter.raw:
        return ROUTES[letter.channel].read(bytes(letter.raw))
    text = letter_text(letter, holder)
    return Wording(text.subject, text.full)
