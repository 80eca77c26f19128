"""Mail that comes in: kept first, then read, matched to its letter, and acted upon.

Nothing here ever answers a mail. Only what a person wrote is passed on, and only to the supporter whose letter it
answers, so that no two machines can keep each other busy.
"""

import hashlib
import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from campaigns.delivery.returned import act_on_bounce, note_reply
from campaigns.inbound.address import first_named
from campaigns.inbound.classify import Incoming, classify
from campaigns.models import InboundKind, InboundMail, InboundState, Letter
from contacts.clock import now
from contacts.models import Organization

log = logging.getLogger(__name__)

# Octets. More than any mail server takes by default; a mail beyond it is refused at the door.
LARGEST = 30 * 1024 * 1024
MAX_ATTEMPTS = 5
_STRAY = [InboundState.UNMATCHED, InboundState.SET_ASIDE]
FORGOTTEN_AFTER = timedelta(days=90)


class TooLarge(Exception):
    """A mail beyond what is kept."""


def keep(raw: bytes, delivered_to: str = "") -> InboundMail:
    """The row of a mail, with its bytes. Raises TooLarge."""
    if len(raw) > LARGEST:
        raise TooLarge
    digest = hashlib.sha256(raw).hexdigest()
    try:
        with transaction.atomic():
            return InboundMail.objects.create(
                sha256=digest, raw=raw, delivered_to=delivered_to[:254].lower(), received_at=now()
            )
    except IntegrityError:
        return InboundMail.objects.get(sha256=digest)


def read_kept(limit: int = 200) -> int:
    """Read mails that were kept and not read, because a worker ended in between; gives how many."""
    waiting = InboundMail.objects.filter(state=InboundState.KEPT, attempts__lt=MAX_ATTEMPTS)
    ids = list(waiting.order_by("received_at").values_list("pk", flat=True)[:limit])
    for mail_id in ids:
        read(mail_id)
    return len(ids)


def read(mail_id: UUID) -> None:
    """Read a kept mail, once: what it is, whose letter it is about, and what follows, all or nothing."""
    InboundMail.objects.filter(pk=mail_id).update(attempts=F("attempts") + 1)
    with transaction.atomic():
        mail = InboundMail.objects.select_for_update(of=("self",), no_key=True).get(pk=mail_id)
        if mail.state != InboundState.KEPT:
            return
        incoming = classify(bytes(mail.raw or b""))
        letter, matched_by = _match(incoming, mail.delivered_to)
        mail.kind, mail.letter, mail.matched_by = incoming.kind, letter, matched_by
        mail.sender, mail.sender_name = incoming.sender, incoming.sender_name
        mail.subject, mail.text = incoming.subject, incoming.text
        mail.state = InboundState.MATCHED if letter else InboundState.UNMATCHED
        mail.organization = letter.drive.campaign.organization if letter else _owner(incoming, mail)
        _act(mail, incoming, letter)
        mail.save()
    log.info("inbound mail %s: %s, %s", mail.pk, mail.kind, mail.state)


def attach(mail: InboundMail, letter_id: UUID, kind: str) -> None:
    """A person found the letter of a locked mail: what follows is what its token would have brought about."""
    letter = _letter(pk=letter_id)
    if letter is None:
        raise Letter.DoesNotExist
    incoming = classify(bytes(mail.raw or b""))
    mail.kind, mail.letter, mail.matched_by = kind, letter, "by hand"
    mail.organization, mail.state = letter.drive.campaign.organization, InboundState.MATCHED
    _act(mail, incoming, letter)
    mail.save()


def _act(mail: InboundMail, incoming: Incoming, letter: Letter | None) -> None:
    if incoming.bounce is not None:
        mail.status = incoming.bounce.status
        mail.note = incoming.bounce.diagnostic[:500]
        if letter is not None:
            act_on_bounce(letter, incoming.bounce)
    elif mail.kind == InboundKind.REPLY and letter is not None:
        if incoming.sender == letter.pledge.email.lower():
            # Supporters who write to the address their own mail was sent with, or whose machine does.
            mail.state, mail.note = InboundState.SET_ASIDE, "written by the supporter"
        else:
            note_reply(letter, mail)


def _match(incoming: Incoming, delivered_to: str) -> tuple[Letter | None, str]:
    """The letter a mail is about and how we know. A token that we did not make says nothing."""
    addresses = [*filter(None, [delivered_to]), *incoming.to]
    named = first_named(addresses)
    if named is not None and (letter := _letter(pk=named[1])):
        return letter, "bounce address" if named[0] == "bounce" else "reply address"
    # A Message-ID of ours is an HMAC: who knows it has seen the letter.
    for identities, how in ((incoming.answers, "Message-ID"), (incoming.quotes, "quoted Message-ID")):
        for identity in identities[:20]:
            if letter := _letter(message_id=identity):
                return letter, how
    return None, ""


def _letter(**which: object) -> Letter | None:
    return (
        Letter.objects.select_related("drive__campaign__organization", "pledge__supporter", "contact_point")
        .filter(message_id__isnull=False, **which)
        .first()
    )


def _owner(incoming: Incoming, mail: InboundMail) -> Organization | None:
    """Whose console shows a mail without a letter: the only organisation's, or the one whose domain it was sent to."""
    with_inbox = Organization.objects.filter(is_partner_only=False)
    organizations = list(with_inbox[:2])
    if len(organizations) == 1:
        return organizations[0]
    domains = {address.rpartition("@")[2] for address in (*incoming.to, mail.delivered_to)}
    domains.discard(settings.INBOUND_DOMAIN)
    found = list(with_inbox.filter(mail_domain__in=domains)[:2])
    return found[0] if len(found) == 1 else None


def forget_mail() -> int:
    """Mail that belongs to no letter goes after 90 days; the bytes of others with their letter's words."""
    scrubbed = InboundMail.objects.filter(raw__isnull=False, letter__scrubbed_at__isnull=False)
    emptied = scrubbed.update(raw=None)
    strays = InboundMail.objects.filter(
        letter__isnull=True, received_at__lte=now() - FORGOTTEN_AFTER, state__in=_STRAY
    )
    return emptied + strays.delete()[0]
