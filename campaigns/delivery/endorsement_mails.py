"""Mail to whoever asked for their organisation to be shown among those that support a campaign."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from campaigns.delivery.caps import may_leave
from campaigns.endorsement_links import endorsements_url, own_url
from campaigns.models import Endorsement, EndorsementState, MailKind, OutboxMail
from contacts.addresses import address_hash

# So long the mail to confirm may wait for the caps on its address.
_WAITS = timedelta(minutes=30)


def leaves_at(canonical: str, at: datetime) -> datetime | None:
    """When one more mail that anybody can bring about may leave to an address; None when it may not."""
    return may_leave(address_hash(canonical), at, _WAITS)


def owe(endorsement: Endorsement, kind: str, at: datetime) -> None:
    """Owe its person a mail; nobody is told of one that was entered by hand."""
    if not endorsement.canonical_email:
        return
    leaves = leaves_at(endorsement.canonical_email, at) if kind == MailKind.ENDORSE_ASK else at
    if leaves is not None:
        OutboxMail.objects.create(
            organization_id=endorsement.campaign.organization_id,
            endorsement=endorsement,
            kind=kind,
            about=str(endorsement.link_counter) if kind == MailKind.ENDORSE_ASK else "",
            address_hash=address_hash(endorsement.canonical_email),
            not_before=leaves,
            created_at=at,
        )


_S = EndorsementState
_WANTED: dict[str, str] = {
    MailKind.ENDORSE_ASK: _S.ASKED,
    MailKind.ENDORSE_SHOWN: _S.APPROVED,
    MailKind.ENDORSE_NO: _S.DECLINED,
    MailKind.ENDORSE_OFF: _S.WITHDRAWN,
}


def is_wanted(mail: OutboxMail, endorsement: Endorsement) -> bool:
    """Whether a mail is still right when it is about to leave."""
    is_newest = mail.kind != MailKind.ENDORSE_ASK or mail.about == str(endorsement.link_counter)
    return bool(endorsement.contact_email) and endorsement.state == _WANTED[mail.kind] and is_newest


@dataclass(frozen=True)
class Words:
    subject: str
    lines: list[str]
    button: str


def endorsement_context(kind: str, endorsement: Endorsement) -> dict[str, Any]:
    """All that a mail is made of. Call it with the reader's language active."""
    campaign = endorsement.campaign
    facts = {
        "name": endorsement.name,
        "campaign": str(campaign.words_in([endorsement.language]).title),
        "organization": campaign.organization.name,
    }
    words = _WORDS[kind](facts)
    page = own_url(endorsement)
    return {
        "language": endorsement.language,
        "endorsement": endorsement,
        "campaign": campaign,
        "organization": campaign.organization,
        "words": words,
        "reason": endorsement.reason if kind in {MailKind.ENDORSE_NO, MailKind.ENDORSE_OFF} else "",
        "button_url": endorsements_url(campaign) if kind == MailKind.ENDORSE_OFF else page,
        "stop_url": page,
    }


def _ask(facts: dict[str, str]) -> Words:
    return Words(
        _("Please confirm that %(name)s supports this campaign") % facts,
        [
            _("you (or somebody with your mail address) say that %(name)s supports “%(campaign)s”.") % facts,
            _("Confirm it on the page behind this link. Then %(organization)s looks at it and shows it.")
            % facts,
            _("If it was not you, do nothing: nothing is shown, and it is deleted after two weeks."),
        ],
        _("Look at it and confirm"),
    )


def _shown(facts: dict[str, str]) -> Words:
    return Words(
        _("%(name)s is shown among those that support the campaign") % facts,
        [
            _("thank you. %(name)s now stands on the page of “%(campaign)s”.") % facts,
            _("By this link you can change what is shown, or take it back, at any time. Keep this mail."),
        ],
        _("Open my page"),
    )


def _no(facts: dict[str, str]) -> Words:
    return Words(
        _("%(name)s is not shown for now") % facts,
        [
            _(
                "%(organization)s does not show %(name)s among those that support “%(campaign)s”, and says why:"
            )
            % facts,
        ],
        _("Change it and ask again"),
    )


def _off(facts: dict[str, str]) -> Words:
    return Words(
        _("%(name)s is no longer shown") % facts,
        [
            _("%(organization)s took %(name)s off the page of “%(campaign)s”, and says why:") % facts,
        ],
        _("Open the campaign’s supporters"),
    )


_WORDS: dict[str, Callable[[dict[str, str]], Words]] = {
    MailKind.ENDORSE_ASK: _ask,
    MailKind.ENDORSE_SHOWN: _shown,
    MailKind.ENDORSE_NO: _no,
    MailKind.ENDORSE_OFF: _off,
}
