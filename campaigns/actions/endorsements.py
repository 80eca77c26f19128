"""Organisations that support a campaign: asked for, confirmed by mail, looked at, changed, taken back."""

import hashlib
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.delivery.endorsement_mails import leaves_at, owe
from campaigns.delivery.forgetting import forget_contacts
from campaigns.errors import ActionRefused, BadMove, CampaignClosed, EndorsedAlready, LinkSpent
from campaigns.letters.reasons import ERASED
from campaigns.models import (
    Campaign,
    CampaignState,
    Endorsement,
    EndorsementState,
    MailKind,
)
from campaigns.models.moves import move
from contacts.actions.organizations import record
from contacts.addresses import canonical_email
from contacts.clock import now
from contacts.models import User


class ChangedMeanwhile(ActionRefused):
    message = _("It was changed meanwhile. Look at it again.")


_S = EndorsementState
TAKES = {CampaignState.OPEN, CampaignState.PAUSED, CampaignState.SCHEDULED}


def can_ask(campaign: Campaign) -> bool:
    """Whether organisations may ask to be shown now; a campaign in test mode has nothing real to support."""
    return campaign.state in TAKES and not campaign.is_test


@dataclass(frozen=True)
class Shown:
    """What an organisation lets be shown. `logo` is a PNG drawn anew; None keeps the one there is."""

    name: str
    website: str = ""
    place: str = ""
    statement: str = ""
    logo: bytes | None = None
    drop_logo: bool = False


@dataclass(frozen=True)
class Contact:
    """Who asked for it; never shown."""

    name: str
    email: str
    language: str = "en"


def _put(endorsement: Endorsement, shown: Shown) -> None:
    endorsement.name, endorsement.website = shown.name, shown.website
    endorsement.place, endorsement.statement = shown.place, shown.statement
    endorsement.set_keys()
    if shown.logo is not None:
        endorsement.logo, endorsement.logo_hash = shown.logo, hashlib.sha256(shown.logo).hexdigest()
    elif shown.drop_logo:
        endorsement.logo, endorsement.logo_hash = None, ""


@transaction.atomic
def ask_endorsement(*, campaign: Campaign, shown: Shown, contact: Contact) -> Endorsement | None:
    """Keep that an organisation wants to be shown, and mail its person a link to confirm.

    Asked again before that, what was entered last holds, and nothing of what was entered before; an older link stops
    working. Whatever stands already, the caller sees the same. None when the address may get no mail now.

    Raises CampaignClosed and BadAddress.
    """
    at = now()
    canonical = canonical_email(contact.email)
    # Two of the same at once wait for each other; people who sign meanwhile wait for neither.
    campaign = Campaign.objects.select_for_update(of=("self",), no_key=True).get(pk=campaign.pk)
    if not can_ask(campaign):
        raise CampaignClosed
    if leaves_at(canonical, at) is None:
        return None
    endorsement = Endorsement(campaign=campaign, asked_at=at, canonical_email=canonical)
    _put(endorsement, shown)
    # Locked: who confirms it at this moment is not overwritten, and asks anew here.
    rows = campaign.endorsements.select_for_update(of=("self",), no_key=True)
    waiting = rows.filter(state=_S.ASKED, canonical_email=canonical, name_key=endorsement.name_key).first()
    if waiting is not None:
        endorsement = waiting
        endorsement.link_counter += 1
        endorsement.asked_at = at
        _put(endorsement, replace(shown, drop_logo=True))
    endorsement.contact_name, endorsement.contact_email = contact.name, contact.email
    endorsement.language = contact.language
    endorsement.save()
    if waiting is None:
        endorsement.history.create(to_state=_S.ASKED, at=at)
    owe(endorsement, MailKind.ENDORSE_ASK, at)
    return endorsement


@transaction.atomic
def confirm_endorsement(*, endorsement: Endorsement) -> Endorsement:
    """By the link in their mail: from now on a person looks at it. Once confirmed, this changes nothing.

    Raises LinkSpent where somebody asked again since the link was read.
    """
    stored = _locked_by_link(endorsement)
    if stored.state == _S.ASKED:
        move(stored, _S.CONFIRMED, at=now(), reason="confirmed by link", confirmed_at=now())
    return stored


@transaction.atomic
def change_endorsement(*, endorsement: Endorsement, shown: Shown) -> None:
    """By the link: what is shown changes, once a person has looked at it; until then it does not count.

    One that stands and is saved as it is goes on standing. Raises BadMove for one that was taken back, EndorsedAlready
    where they asked for that one as well, LinkSpent where somebody asked again since the link was read.
    """
    stored = _locked_by_link(endorsement)
    if stored.state == _S.WITHDRAWN:
        raise BadMove
    before = fingerprint(stored)
    _put(stored, shown)
    is_other = fingerprint(stored) != before
    if stored.state == _S.DECLINED or (stored.state == _S.APPROVED and is_other):
        move(stored, _S.CONFIRMED, at=now(), reason="changed by link", confirmed_at=now())
    _save(stored)


@transaction.atomic
def take_back_endorsement(*, endorsement: Endorsement) -> None:
    """By the link: it is shown no more from now on, and who asked is forgotten.

    Of one that was taken down here before, who asked is forgotten. Raises LinkSpent the second time.
    """
    stored = _locked_by_link(endorsement)
    if stored.state != _S.WITHDRAWN:
        move(stored, _S.WITHDRAWN, at=now(), reason="taken back by link", decided_at=now())
    forget_contacts(Endorsement.objects.filter(pk=stored.pk))


@transaction.atomic
def erase_endorsers(endorsements: QuerySet[Endorsement]) -> None:
    """Forget who asked. What a person here approved goes on standing; what nobody approved ends."""
    locked = list(endorsements.select_for_update(of=("self",), no_key=True).order_by("pk").defer("logo"))
    for endorsement in locked:
        if endorsement.state == _S.CONFIRMED:
            move(endorsement, _S.WITHDRAWN, at=now(), reason=ERASED, decided_at=now())
    found = Endorsement.objects.filter(pk__in=[one.pk for one in locked])
    found.filter(state=_S.ASKED).delete()
    forget_contacts(found)


@transaction.atomic
def approve_endorsement(*, endorsement: Endorsement, actor: User, seen: str) -> None:
    """Show it and count it, as the person who approves it saw it. Raises EndorsedAlready, BadMove, ActionRefused."""
    stored = _locked_as(endorsement, seen)
    at = now()
    try:
        with transaction.atomic():
            move(
                stored,
                _S.APPROVED,
                at=at,
                actor=actor,
                decided_at=at,
                reviewed_by=actor,
            )
    except IntegrityError:
        raise EndorsedAlready from None
    owe(stored, MailKind.ENDORSE_SHOWN, at)
    _record(stored, actor, "approve endorsement")


@transaction.atomic
def decline_endorsement(*, endorsement: Endorsement, actor: User, reason: str) -> None:
    """Do not show it; its person is told why. Raises BadMove."""
    _decide(endorsement, _S.DECLINED, MailKind.ENDORSE_NO, actor, reason, "decline endorsement")


@transaction.atomic
def withdraw_endorsement(*, endorsement: Endorsement, actor: User, reason: str) -> None:
    """Take down one that is shown; its person, where there is one, is told why. Raises BadMove."""
    _decide(endorsement, _S.WITHDRAWN, MailKind.ENDORSE_OFF, actor, reason, "withdraw endorsement")


def _decide(endorsement: Endorsement, state: str, kind: str, actor: User, reason: str, verb: str) -> None:
    stored = _locked(endorsement)
    at = now()
    Endorsement.objects.filter(pk=stored.pk).update(reason=reason)
    move(stored, state, at=at, actor=actor, reason=reason, decided_at=at, reviewed_by=actor)
    owe(stored, kind, at)
    _record(stored, actor, verb)


@transaction.atomic
def edit_endorsement(*, endorsement: Endorsement, shown: Shown, actor: User, seen: str) -> None:
    """Mend the spelling, or put in a logo, without another look.

    `seen` is the fingerprint of what was mended. Raises EndorsedAlready, BadMove, ChangedMeanwhile.
    """
    stored = _locked_as(endorsement, seen)
    if stored.state == _S.WITHDRAWN:
        raise BadMove
    _put(stored, shown)
    _save(stored)
    _record(stored, actor, "edit endorsement")


@transaction.atomic
def enter_endorsement(*, campaign: Campaign, shown: Shown, actor: User) -> Endorsement:
    """Enter one that was given otherwise, e.g. by letter: it counts from now on. Raises EndorsedAlready."""
    at = now()
    endorsement = Endorsement(
        campaign=campaign,
        state=_S.APPROVED,
        asked_at=at,
        confirmed_at=at,
        decided_at=at,
        reviewed_by=actor,
        language=campaign.language,
    )
    _put(endorsement, shown)
    _save(endorsement)
    endorsement.history.create(to_state=_S.APPROVED, reason="entered", actor=actor, at=at)
    _record(endorsement, actor, "enter endorsement")
    return endorsement


def _save(endorsement: Endorsement) -> None:
    try:
        with transaction.atomic():
            endorsement.save()
    except IntegrityError:
        raise EndorsedAlready(field="name") from None


def fingerprint(endorsement: Endorsement) -> str:
    """What somebody saw of it: another one once anything that is shown was changed."""
    parts = [
        endorsement.name,
        endorsement.website,
        endorsement.place,
        endorsement.statement,
        endorsement.logo_hash,
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _locked(endorsement: Endorsement) -> Endorsement:
    rows = Endorsement.objects.select_for_update(of=("self",), no_key=True).select_related(
        "campaign__organization"
    )
    stored: Endorsement | None = rows.filter(pk=endorsement.pk).first()
    if stored is None:
        raise LinkSpent
    return stored


def _locked_by_link(endorsement: Endorsement) -> Endorsement:
    """What a link was read for, as long as no newer one was given out and its person is known."""
    stored = _locked(endorsement)
    if not stored.contact_email or stored.link_counter != endorsement.link_counter:
        raise LinkSpent
    return stored


def _locked_as(endorsement: Endorsement, seen: str) -> Endorsement:
    """What somebody who works here looked at, as long as it is still the same."""
    stored = _locked(endorsement)
    if fingerprint(stored) != seen:
        raise ChangedMeanwhile
    return stored


def _record(endorsement: Endorsement, actor: User, verb: str) -> None:
    record(organization=endorsement.campaign.organization, actor=actor, verb=verb, obj=endorsement)
