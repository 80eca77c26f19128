"""A signature made a promise that counts, by the link in its owner's mail."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from campaigns.actions.partner_consents import agree, ticked_in
from campaigns.actions.recalls import NO_LONGER, recall_for_consent
from campaigns.actions.returning import write_again
from campaigns.campaign_now import campaign_now
from campaigns.errors import BadMove, LinkSpent
from campaigns.letters.reasons import SIGNED_TWICE
from campaigns.letters.write import open_drive, write_first_letters
from campaigns.links import hold_confirm
from campaigns.models import FOR_A_PARTNER, Pledge, PledgeState
from campaigns.models.moves import move
from campaigns.quotes import lock_supporters
from contacts.clock import now
from contacts.models import Consent, Purpose, Residence, Supporter
from contacts.statements import insert


@dataclass(frozen=True)
class LeftTicked:
    """What the owner of an address left ticked where they confirmed.

    Whoever knows somebody's name and address can sign for them, and sign again before they confirm: of what was ticked
    at signing, only this is theirs.
    """

    purposes: Collection[str] = ()
    partners: Collection[UUID] = ()
    send_untouched: bool = False


NOTHING = LeftTicked()


def asked_in(pledge: Pledge) -> list[dict[str, Any]]:
    """What was ticked when a pledge was signed: purpose, words (`text`) and their language.

    Apart from partners, and from letters being delivered: that is what the button itself says.
    """
    return [one for one in _own(pledge) if one["given"] and one["purpose"] != Purpose.DELIVER]


def as_signed(pledge: Pledge) -> LeftTicked:
    """All that was ticked when it was signed."""
    return LeftTicked(
        purposes=[one["purpose"] for one in asked_in(pledge)],
        partners=[one.partnership.pk for one in ticked_in(pledge)],
        send_untouched=pledge.send_untouched,
    )


@transaction.atomic
def confirm_pledge(*, token: str, left: LeftTicked = NOTHING) -> Pledge:
    """Confirm the pledge a link is for: supporter, consents, places and letters, all or nothing.

    What was ticked at signing and not left ticked is a no. What was not ticked changes nothing that its owner said
    before: whoever knows an address can sign without a tick. A link works once, and for what was signed when it was
    mailed: whoever signs again makes it worthless. Raises LinkSpent or BadLink.
    """
    at = now()
    pledge = hold_confirm(token)
    if pledge.state != PledgeState.PENDING or pledge.expires_at <= at:
        raise LinkSpent
    pledge.campaign = campaign_now(pledge.campaign_id)
    is_first = pledge.supporter_id is None
    supporter, is_new = _supporter_of(pledge, at, left.purposes)
    agree(pledge, supporter, at, left.partners)
    counts = is_new or not _has_signed(supporter, pledge)
    try:
        move(
            pledge,
            PledgeState.CONFIRMED if counts else PledgeState.INVALIDATED,
            at=at,
            reason="confirmed by link" if counts else SIGNED_TWICE,
            supporter=supporter,
            confirmed_at=at,
            confirm_counter=pledge.confirm_counter + 1,
            send_untouched=pledge.send_untouched and left.send_untouched,
        )
    except BadMove:
        raise LinkSpent from None
    drive = open_drive(pledge.campaign)
    if counts and drive is not None and is_first:
        write_first_letters(pledge, drive, _homes(supporter, pledge), at)
    elif counts and drive is not None:
        write_again(pledge, drive, at)
    return pledge


def _homes(supporter: Supporter, pledge: Pledge) -> list[UUID]:
    """Where they live: what was matched when they signed is what was just written down."""
    known = [UUID(str(place["division"])) for place in pledge.matched]
    return known or list(supporter.residences.values_list("division_id", flat=True))


def _has_signed(supporter: Supporter, pledge: Pledge) -> bool:
    """Whether a pledge of the same person counts in the campaign already, by an address that was joined with theirs."""
    lock_supporters(Supporter.objects.filter(pk=supporter.pk))
    others = Pledge.objects.filter(supporter=supporter, campaign=pledge.campaign_id, is_test=pledge.is_test)
    return others.filter(state=PledgeState.CONFIRMED).exclude(pk=pledge.pk).exists()


def _own(pledge: Pledge) -> list[dict[str, Any]]:
    return [shown for shown in pledge.consents if shown["purpose"] != FOR_A_PARTNER]


def _supporter_of(pledge: Pledge, at: datetime, purposes: Collection[str]) -> tuple[Supporter, bool]:
    """The supporter row of a pledge that is being confirmed, with consents and places; and whether it is new."""
    details: dict[str, Any] = {
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
    whose: dict[str, Any] = {
        "organization_id": pledge.campaign.organization_id,
        "canonical_email": pledge.canonical_email,
        "name_key": pledge.name_key,
    }
    first = {**details, "created_at": at}
    supporter = Supporter(**whose, **first)
    is_new = insert([supporter], or_leave=True) == 1
    if not is_new:  # it may be new all the same: the list they came in was taken back at this moment
        supporter, is_new = Supporter.objects.update_or_create(
            **whose, defaults=details, create_defaults=first
        )
    if supporter.merged_into is not None:  # the same person by another address
        supporter = supporter.merged_into
    said = [
        Consent(
            supporter=supporter,
            purpose=shown["purpose"],
            given=shown["given"] and shown["purpose"] in {Purpose.DELIVER, *purposes},
            text=shown["text"],
            text_version=shown["version"],
            language=shown["language"],
            source=f"campaign {pledge.campaign_id}",
            at=at,
        )
        for shown in _own(pledge)
        if is_new or shown["given"]
    ]
    insert(said)
    for one in said:
        if not is_new and not one.given and one.purpose in NO_LONGER:
            recall_for_consent(supporter, one.purpose)
    if pledge.matched:
        if not is_new:
            supporter.residences.all().delete()
        homes = [
            Residence(
                supporter=supporter,
                division_id=place["division"],
                method=place["method"],
                confidence=place["confidence"],
                matched_at=at,
            )
            for place in pledge.matched
        ]
        insert(homes)
    return supporter, is_new
