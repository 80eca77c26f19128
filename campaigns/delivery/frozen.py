"""What is fixed of a letter when it is queued: its way, its Message-ID and its bytes."""

import hashlib

from django.conf import settings

from campaigns.channels.base import Parcel
from campaigns.delivery.addressees import Way
from campaigns.delivery.message import message_id
from campaigns.letters.compose import letter_text
from campaigns.models import Letter
from contacts.models import ContactPoint, Legislator, Office, OfficeKind

FROZEN = (
    "legislator",
    "channel",
    "contact_point",
    "recipient",
    "domain",
    "message_id",
    "raw",
    "content_sha256",
)
# All that the text of a letter is made from.
PARTS = (
    "version",
    "legislator",
    "drive__campaign",
    "post__division",
    "post__chamber__jurisdiction__division",
    "pledge__campaign__organization",
    "pledge__campaign__measure",
    "pledge__campaign__test_recipient",
)


def frozen_columns(letter: Letter, legislator: Legislator, way: Way) -> dict[str, object]:
    """All that is fixed of a letter whose `queued_at` is set, for one way. Raises Unfit."""
    text = letter_text(letter, legislator)
    identity = message_id(settings.SECRET_KEY, letter.pk, letter.pledge.campaign.organization.mail_domain)
    raw = way.route.freeze(
        Parcel(
            letter=letter,
            recipient=way.recipient,
            to=text.to,
            subject=text.subject,
            salutation=text.salutation,
            body=text.body,
            signature=text.signature,
            date=letter.queued_at or letter.created_at,
            message_id=identity,
        )
    )
    return {
        "channel": way.channel,
        "contact_point": None if letter.is_test else way.contact_point or _remembered(legislator, way),
        # A postal address or a form's may be longer than a mail address; the contact point holds all of it.
        "recipient": way.recipient[:254],
        "domain": way.domain,
        "message_id": identity,
        "raw": raw,
        "content_sha256": hashlib.sha256(raw).hexdigest(),
    }


def _remembered(legislator: Legislator, way: Way) -> ContactPoint:
    """A contact point for an address that followed from the post, so that its health can be known."""
    office = legislator.offices.filter(kind=OfficeKind.CAPITOL).order_by("key").first()
    if office is None:
        office, _new = Office.objects.get_or_create(
            legislator=legislator, key=way.channel, defaults={"kind": OfficeKind.CAPITOL}
        )
    point, _new = ContactPoint.objects.get_or_create(
        office=office, kind=way.route.contact_kind, value=way.recipient
    )
    return point
