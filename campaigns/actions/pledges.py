from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from campaigns.actions.recalls import NO_LONGER, recall_for_consent, recall_for_pledge
from campaigns.delivery.owed import may_mail, owe
from campaigns.errors import BadMove, CampaignClosed, LinkSpent
from campaigns.letters.reasons import SIGNED_TWICE
from campaigns.letters.write import letters_of, open_drive, save_letters
from campaigns.links import read_confirm
from campaigns.models import (
    Campaign,
    Letter,
    LetterState,
    MailKind,
    Pledge,
    PledgeState,
)
from campaigns.models.moves import move, move_many
from campaigns.quotes import lock_supporters
from contacts.addresses import address_hash, canonical_email, name_key
from contacts.clock import now
from contacts.models import Consent, Purpose, Residence, Supporter

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
        plain = {k: v for k, v in asdict(self).items() if k not in {"consents", "divisions"}}
        return {
            **plain,
            "canonical_email": canonical_email(self.email),
            "consents": [asdict(c) for c in self.consents],
            "matched": [
                {"division": str(m.division_id), "method": m.method, "confidence": m.confidence}
                for m in self.divisions
            ],
        }


# Whoever signs again in one of these starts over with what they entered now.
SIGNS_ANEW = {PledgeState.PENDING, PledgeState.EXPIRED, PledgeState.WITHDRAWN, PledgeState.HELD}


@transaction.atomic
def sign_pledge(*, campaign: Campaign, signing: Signing, doubt: str = "") -> Pledge:
    """Record a pledge and mail its owner a link to confirm it; with a doubt (HeldFor) it waits for a person first.

    Whether the address is new, waits, or has signed already, the caller sees the same; the mail differs.
    Raises CampaignClosed, and BadAddress for an address that is none.
    """
    if not campaign.is_open:
        raise CampaignClosed
    at = now()
    fields = signing.fields()
    canonical = str(fields["canonical_email"])
    pledge, is_new = Pledge.objects.get_or_create(
        campaign=campaign,
        canonical_email=canonical,
        name_key=_household_key(campaign, canonical, signing),
        is_test=campaign.is_test,
        defaults={**fields, "signed_at": at, **_first_state(doubt, at)},
    )  # a race falls to the unique constraint, and reads again
    if is_new:
        pledge.history.create(to_state=pledge.state, reason=doubt, at=at)
    if is_new and not doubt:
        owe(pledge, MailKind.CONFIRM, at)
    elif not is_new and not doubt:
        _sign_again(pledge, fields, at)
    elif pledge.state in {PledgeState.EXPIRED, PledgeState.WITHDRAWN}:
        _hold_again(pledge, {**fields, "signed_at": at, **_first_state(doubt, at)}, at)
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


def _household_key(campaign: Campaign, canonical: str, signing: Signing) -> str:
    """Empty for the first person at an address; the name for another of the same household and postal code."""
    if not campaign.allow_households:
        return ""
    first = Pledge.objects.filter(
        campaign=campaign, canonical_email=canonical, name_key="", is_test=campaign.is_test
    ).first()
    if (
        first is None
        or name_key(first.name) == name_key(signing.name)
        or first.postal_code != signing.postal_code
    ):
        return ""
    return name_key(signing.name)


def _sign_again(pledge: Pledge, fields: dict[str, object], at: datetime) -> None:
    """A repeated signature: the owner gets a link that fits; a stranger learns nothing and changes nothing."""
    if not may_mail(address_hash(pledge.canonical_email), at):
        return
    if pledge.state == PledgeState.CONFIRMED:
        owe(pledge, MailKind.LINK, at)
    elif pledge.state in SIGNS_ANEW:
        changes = {
            **fields,
            "signed_at": at,
            "expires_at": at + CONFIRM_WITHIN,
            "confirm_counter": pledge.confirm_counter + 1,
        }
        if pledge.state == PledgeState.PENDING:
            Pledge.objects.filter(pk=pledge.pk, state=PledgeState.PENDING).update(**changes)
        else:
            move(pledge, PledgeState.PENDING, at=at, reason="signed again", **changes)
        owe(pledge, MailKind.CONFIRM, at)


@transaction.atomic
def resend_link(*, campaign: Campaign, email: str) -> None:
    """Mail the link again to whoever signed with this address, if anyone did; the caller learns nothing.

    Raises BadAddress for an address that is none.
    """
    at = now()
    canonical = canonical_email(email)
    if not may_mail(address_hash(canonical), at):
        return
    pledges = Pledge.objects.select_related("campaign").filter(
        campaign=campaign, canonical_email=canonical, is_test=campaign.is_test
    )
    # One mail covers one pledge; for a household the cap on the address lets the newest through.
    for pledge in pledges.order_by("-signed_at"):
        if pledge.state == PledgeState.CONFIRMED:
            owe(pledge, MailKind.LINK, at)
        elif pledge.state == PledgeState.PENDING:
            Pledge.objects.filter(pk=pledge.pk).update(confirm_counter=pledge.confirm_counter + 1)
            owe(pledge, MailKind.CONFIRM, at)


@transaction.atomic
def confirm_pledge(*, token: str) -> Pledge:
    """Confirm the pledge a link is for: supporter, consents, places and letters, all or nothing.

    A link works once. Raises LinkSpent or BadLink.
    """
    at = now()
    Pledge.objects.select_for_update().get(pk=read_confirm(token).pk)
    pledge = read_confirm(token)  # again, now that nobody else can use the link meanwhile
    if pledge.state != PledgeState.PENDING or pledge.expires_at <= at:
        raise LinkSpent
    supporter = _supporter_of(pledge, at)
    counts = not _has_signed(supporter, pledge)
    try:
        move(
            pledge,
            PledgeState.CONFIRMED if counts else PledgeState.INVALIDATED,
            at=at,
            reason="confirmed by link" if counts else SIGNED_TWICE,
            supporter=supporter,
            confirmed_at=at,
            confirm_counter=pledge.confirm_counter + 1,
        )
    except BadMove:
        raise LinkSpent from None
    drive = open_drive(pledge.campaign)
    if counts and drive is not None:
        save_letters(letters_of(pledge, drive, at))
    return pledge


def _has_signed(supporter: Supporter, pledge: Pledge) -> bool:
    """Whether a pledge of the same person counts in the campaign already, by an address that was joined with theirs."""
    lock_supporters(Supporter.objects.filter(pk=supporter.pk))
    others = Pledge.objects.filter(supporter=supporter, campaign=pledge.campaign_id, is_test=pledge.is_test)
    return others.filter(state=PledgeState.CONFIRMED).exclude(pk=pledge.pk).exists()


def _supporter_of(pledge: Pledge, at: datetime) -> Supporter:
    """The supporter row of a pledge that is being confirmed, with consents and places written down."""
    details = {
        name: getattr(pledge, name)
        for name in (
            "name",
            "email",
            "prefix",
            "phone",
            "street",
            "city",
            "region",
            "postal_code",
            "country",
            "language",
        )
    }
    supporter, is_new = Supporter.objects.update_or_create(
        organization_id=pledge.campaign.organization_id,
        canonical_email=pledge.canonical_email,
        name_key=pledge.name_key,
        defaults=details,
        create_defaults={**details, "created_at": at},
    )
    if supporter.merged_into is not None:  # the same person by another address
        supporter = supporter.merged_into
    Consent.objects.bulk_create(
        Consent(
            supporter=supporter, source=f"campaign {pledge.campaign_id}", at=at, **_consent_columns(shown)
        )
        for shown in pledge.consents
    )
    for shown in pledge.consents:
        if not is_new and not shown["given"] and shown["purpose"] in NO_LONGER:
            recall_for_consent(supporter, shown["purpose"])
    if pledge.matched:
        supporter.residences.all().delete()
        Residence.objects.bulk_create(
            Residence(
                supporter=supporter,
                division_id=place["division"],
                method=place["method"],
                confidence=place["confidence"],
                matched_at=at,
            )
            for place in pledge.matched
        )
    return supporter


def _consent_columns(shown: dict[str, object]) -> dict[str, object]:
    return {
        "purpose": shown["purpose"],
        "given": shown["given"],
        "text": shown["text"],
        "text_version": shown["version"],
        "language": shown["language"],
    }


@transaction.atomic
def withdraw_pledge(*, pledge: Pledge, reason: str = "withdrawn by the supporter") -> int:
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
    recall_for_pledge(pledge)
    owe(pledge, MailKind.WITHDRAWN, at)
    return stopped
