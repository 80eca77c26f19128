"""A supporter takes along all that is kept of them."""

from campaigns.actions.erasing import pledges_of
from campaigns.delivery.owed import owe_receipt
from campaigns.held import as_zip, held_of
from campaigns.models import MailKind, Pledge
from contacts.addresses import address_hash
from contacts.clock import now


def take_along(*, pledge: Pledge) -> bytes:
    """A zip file of all that the organisation keeps of a person; a mail to them says that it was taken."""
    hashed = address_hash(pledge.canonical_email)
    tables = held_of(pledge.campaign.organization, pledges_of(pledge), pledge.supporter, hashed)
    owe_receipt(pledge, MailKind.EXPORTED, now())
    return as_zip(tables)
