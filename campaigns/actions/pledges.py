"""Promises in a campaign: signed, signed again, taken back."""

from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import BooleanField, CharField, Exists, Model, OuterRef, UUIDField

from campaigns.actions.partner_consents import taken_back_with
from campaigns.actions.recalls import recall_for_pledge
from campaigns.delivery.caps import first_room, is_stopped, may_leave
from campaigns.delivery.owed import LINK_WAITS, mail_to, owe
from campaigns.errors import BadMove, CampaignClosed, CampaignNotOpen
from campaigns.letters.reasons import TAKEN_BACK
from campaigns.models import (
    Campaign,
    CampaignState,
    Letter,
    LetterState,
    MailKind,
    MailState,
    OutboxMail,
    Pledge,
    PledgeChange,
    PledgeState,
)
from campaigns.models.moves import move, move_many
from campaigns.same_person import household_key
from contacts.addresses import address_hash, canonical_email
from contacts.clock import now, with_moment
from contacts.models import Consent, Purpose
from contacts.statements import Given, Prepared, change_with, insert, insert_with

CONFIRM_WITHIN = timedelta(days=7)
# A signature that nobody looks at for so long expires: an address is not kept for a mail that never goes.
REVIEW_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class ConsentShown:
    """A consent as the signing page worded it, and whether it was ticked."""

    purpose: str
    given: bool
    text: str
    version: str
    language: str = "en"
    partnership: str = ""

    def row(self) -> dict[str, object]:
        """As a pledge keeps it."""
        return {name: value for name, value in vars(self).items() if name != "partnership" or value}


@dataclass(frozen=True)
class Matched:
    """A division the signer lives in, how we know, and how sure we are (0–1)."""

    division_id: UUID
    method: str
    confidence: float = 1.0


@dataclass(frozen=True)
class Signing:
    """What a supporter entered on the signing page."""

    name: str
    email: str
    postal_code: str
    country: str = "us"
    prefix: str = ""
    phone: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    language: str = "en"
    comment: str = ""
    kind: str = "write"
    consents: list[ConsentShown] = field(default_factory=list)
    send_untouched: bool = False
    divisions: list[Matched] = field(default_factory=list)
    source: str = ""
    signer_hash: str = ""

    def fields(self) -> dict[str, object]:
        """As columns of a pledge."""
        return {
            **{name: getattr(self, name) for name in _PLAIN},
            "canonical_email": canonical_email(self.email),
            "consents": [c.row() for c in self.consents],
            "matched": [
                {"division": str(m.division_id), "method": m.method, "confidence": m.confidence}
                for m in self.divisions
            ],
        }


_PLAIN = [one.name for one in fields(Signing) if one.name not in {"consents", "divisions"}]

# What a signature asks first, all at once. A repeat has to be as quick as a first one: nobody learns from the time it
# takes who has signed.
_BEFORE_SIGNING = Prepared(
    lambda: (
        with_moment(Campaign.objects.filter(pk=Given("campaign", UUIDField())))
        .annotate(
            is_stopped=is_stopped(Given("hashed", CharField())),
            has_signed=Exists(
                Pledge.objects.filter(
                    campaign=OuterRef("pk"),
                    canonical_email=Given("canonical_email", CharField()),
                    name_key="",
                    is_test=OuterRef("is_test"),
                )
            ),
        )
        .values_list("state", "is_test", "allow_households", "moment", "ahead", "is_stopped", "has_signed")
    )
)

_SIGNED = Prepared(
    lambda: Pledge.objects.filter(
        campaign=Given("campaign", UUIDField()),
        canonical_email=Given("canonical_email", CharField()),
        name_key=Given("name_key", CharField()),
        is_test=Given("is_test", BooleanField()),
    )
)

# Whoever signs again in one of these starts over with what they entered now.
SIGNS_ANEW = {PledgeState.PENDING, PledgeState.EXPIRED, PledgeState.WITHDRAWN, PledgeState.HELD}


def sign_pledge(*, campaign: Campaign, signing: Signing, doubt: str = "") -> Pledge:
    """Record a pledge and mail its owner a link to confirm it; with a doubt (HeldFor) it waits for a person first.

    Whether the address is new, waits, or has signed already, the caller sees the same; the mail differs.
    Raises CampaignClosed, and BadAddress for an address that is none.
    """
    entered = signing.fields()
    canonical = str(entered["canonical_email"])
    hashed = address_hash(canonical)
    # What decides whether and how a signature counts is asked anew: pages keep a campaign for some seconds.
    asked = _BEFORE_SIGNING.rows(campaign=campaign.pk, canonical_email=canonical, hashed=hashed)[0]
    campaign.state, campaign.is_test, campaign.allow_households, moment, ahead, stopped, has_signed = asked
    if not campaign.is_open:
        raise CampaignNotOpen if campaign.state == CampaignState.SCHEDULED else CampaignClosed
    at = now() if ahead is None else moment + ahead
    whose = {
        "campaign": campaign,
        "canonical_email": canonical,
        "name_key": household_key(campaign, canonical, signing.name, signing.postal_code),
        "is_test": campaign.is_test,
    }
    mails = not doubt and not stopped
    if not has_signed or campaign.allow_households:
        pledge = Pledge(**{**entered, **whose, "signed_at": at, **_first_state(doubt, at)})
        with_it: list[Model] = [PledgeChange(pledge=pledge, to_state=pledge.state, reason=doubt, at=at)]
        if mails and (leaves := first_room(hashed, at, LINK_WAITS)):
            with_it.append(mail_to(pledge, MailKind.CONFIRM, hashed, at, leaves=leaves))
        # The database lets nobody sign twice: whoever comes second, even at this moment, signs again.
        if insert_with(pledge, with_it):
            return pledge
        if campaign.allow_households:
            # Two of one household at this moment: now the first stands, and tells the second from it.
            whose["name_key"] = pledge.name_key = household_key(
                campaign, canonical, signing.name, signing.postal_code
            )
            if insert_with(pledge, with_it):
                return pledge
    found = _SIGNED.objects(**{**whose, "campaign": campaign.pk})
    if not found:  # it was erased at this moment
        return sign_pledge(campaign=campaign, signing=signing, doubt=doubt)
    pledge = found[0]
    pledge.campaign = campaign
    # Asked after the pledge was read: of many at this moment, whoever finds it signed anew finds the mail of that, too.
    if mails and (leaves := first_room(hashed, at, LINK_WAITS)):
        _sign_again(pledge, entered, at, leaves)
    elif doubt and pledge.state in {PledgeState.EXPIRED, PledgeState.WITHDRAWN}:
        _hold_again(pledge, {**entered, "signed_at": at, **_first_state(doubt, at)}, at)
    # In doubt, nothing else of what is known is changed and nobody is mailed.
    return pledge


def _hold_again(pledge: Pledge, changes: dict[str, object], at: datetime) -> None:
    """Somebody whose pledge ended signs anew, in doubt: it waits for a person as a first one would."""
    to_state, doubt = str(changes.pop("state")), str(changes["held_for"])
    with suppress(BadMove):  # they signed twice at this moment
        move(
            pledge,
            to_state,
            at=at,
            reason=doubt,
            confirmed_at=None,
            confirm_counter=pledge.confirm_counter + 1,
            **changes,
        )


def _first_state(doubt: str, at: datetime) -> dict[str, object]:
    if doubt:
        return {"state": PledgeState.HELD, "held_for": doubt, "expires_at": at + REVIEW_WITHIN}
    return {"expires_at": at + CONFIRM_WITHIN}


def _sign_again(pledge: Pledge, fields: dict[str, object], at: datetime, leaves: datetime) -> None:
    """A repeated signature: the owner gets a link that fits; a stranger learns nothing and changes nothing."""
    hashed = address_hash(pledge.canonical_email)
    if pledge.state == PledgeState.CONFIRMED:
        insert([mail_to(pledge, MailKind.LINK, hashed, at, leaves=leaves)])
    elif pledge.state == PledgeState.PENDING and leaves > at:
        _mail_first_link(pledge, hashed, at, leaves)
    elif pledge.state in SIGNS_ANEW:
        mail = mail_to(pledge, MailKind.CONFIRM, hashed, at, leaves=leaves)
        changes = {
            **fields,
            "signed_at": at,
            "expires_at": at + CONFIRM_WITHIN,
            "confirm_counter": pledge.confirm_counter + 1,
        }
        if pledge.state == PledgeState.PENDING:
            del changes["source"]  # the page they came by first, as "How we count" says
            # Of two at this moment one mails the link.
            as_found = {"state": PledgeState.PENDING, "confirm_counter": pledge.confirm_counter}
            if not change_with(pledge, as_found, changes, [mail]):
                pledge.refresh_from_db(fields=["state", "confirm_counter"])
                if pledge.state != PledgeState.PENDING:  # it expired, or they confirmed
                    _sign_again(pledge, fields, at, leaves)
            return
        # They signed twice at this moment: the other one mails the link.
        with suppress(BadMove), transaction.atomic():
            move(pledge, PledgeState.PENDING, at=at, reason="signed again", **changes)
            insert([mail])


def _mail_first_link(pledge: Pledge, hashed: str, at: datetime, leaves: datetime) -> None:
    """The link to confirm, later, to whoever was never mailed it: one that was mailed stays good until then."""
    links = OutboxMail.objects.filter(pledge=pledge, kind__in=[MailKind.CONFIRM, MailKind.REMINDER])
    if not links.filter(state__in=[MailState.QUEUED, MailState.SENDING, MailState.SENT]).exists():
        insert([mail_to(pledge, MailKind.CONFIRM, hashed, at, leaves=leaves)])


@transaction.atomic
def resend_link(*, campaign: Campaign, email: str) -> None:
    """Mail the link again to whoever signed with this address, if anyone did; the caller learns nothing.

    Raises BadAddress for an address that is none.
    """
    at = now()
    canonical = canonical_email(email)
    hashed = address_hash(canonical)
    pledges = Pledge.objects.select_related("campaign").filter(
        campaign=campaign, canonical_email=canonical, is_test=campaign.is_test
    )
    # One mail covers one pledge; for a household the caps on the address let the newest through first.
    for pledge in pledges.order_by("-signed_at"):
        leaves = may_leave(hashed, at, LINK_WAITS)
        if leaves is None:
            return
        if pledge.state == PledgeState.CONFIRMED:
            insert([mail_to(pledge, MailKind.LINK, hashed, at, leaves=leaves)])
        elif pledge.state == PledgeState.PENDING and leaves > at:
            _mail_first_link(pledge, hashed, at, leaves)
        elif pledge.state == PledgeState.PENDING:
            Pledge.objects.filter(pk=pledge.pk).update(confirm_counter=pledge.confirm_counter + 1)
            insert([mail_to(pledge, MailKind.CONFIRM, hashed, at)])


@transaction.atomic
def withdraw_pledge(*, pledge: Pledge, reason: str = TAKEN_BACK) -> int:
    """Take a pledge back with every letter that has not left; gives how many letters were stopped.

    What is leaving or has left stays as it is and is shown. Raises BadMove when it is withdrawn already.
    """
    at = now()
    move(pledge, PledgeState.WITHDRAWN, at=at, reason=reason, confirm_counter=pledge.confirm_counter + 1)
    stopped = move_many(
        Letter.objects.filter(pledge=pledge, state__in=Letter.WAITING),
        LetterState.WITHDRAWN,
        at=at,
        reason=reason,
    )
    if pledge.supporter is not None:
        Consent.objects.create(
            supporter=pledge.supporter,
            purpose=Purpose.DELIVER,
            given=False,
            text="Withdraw my pledge",
            text_version="1",
            language=pledge.language,
            source=f"campaign {pledge.campaign_id}",
            at=at,
        )
    taken_back_with(pledge, at)
    recall_for_pledge(pledge)
    owe(pledge, MailKind.WITHDRAWN, at)
    return stopped
