"""A signature made a promise that counts, by the link in its owner's mail."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from campaigns.actions.partner_consents import agree
from campaigns.actions.recalls import NO_LONGER, recall_for_consent
from campaigns.campaign_now import campaign_now
from campaigns.errors import BadMove, LinkSpent
from campaigns.letters.reasons import SIGNED_TWICE
from campaigns.letters.write import letters_of, open_drive, save_letters, write_first_letters
from campaigns.links import hold_confirm
from campaigns.models import FOR_A_PARTNER, Pledge, PledgeState
from campaigns.models.moves import move
from campaigns.quotes import lock_supporters
from contacts.clock import now
from contacts.models import Consent, Residence, Supporter
from contacts.statements import insert


@transaction.atomic
def confirm_pledge(*, token: str, partners: Collection[UUID] = ()) -> Pledge:
    """Confirm the pledge a link is for: supporter, consents, places and letters, all or nothing.

    `partners` are the partnerships that were left ticked where it was confirmed; of no other a choice is written
    down, whatever was ticked at signing. A link works once. Raises LinkSpent or BadLink.
    """
    at = now()
    pledge = hold_confirm(token)
    if pledge.state != PledgeState.PENDING or pledge.expires_at <= at:
        raise LinkSpent
    pledge.campaign = campaign_now(pledge.campaign_id)
    is_first = pledge.supporter_id is None
    supporter, is_new = _supporter_of(pledge, at)
    agree(pledge, supporter, at, partners)
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
        )
    except BadMove:
        raise LinkSpent from None
    drive = open_drive(pledge.campaign)
    if counts and drive is not None and is_first:
        write_first_letters(pledge, drive, _homes(supporter, pledge), at)
    elif counts and drive is not None:
        save_letters(letters_of(pledge, drive, at))
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


def _supporter_of(pledge: Pledge, at: datetime) -> tuple[Supporter, bool]:
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
    own = [shown for shown in pledge.consents if shown["purpose"] != FOR_A_PARTNER]
    source = f"campaign {pledge.campaign_id}"
    insert([Consent(supporter=supporter, source=source, at=at, **_consent_columns(one)) for one in own])
    for shown in own:
        if not is_new and not shown["given"] and shown["purpose"] in NO_LONGER:
            recall_for_consent(supporter, shown["purpose"])
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


def _consent_columns(shown: dict[str, object]) -> dict[str, object]:
    return {
        "purpose": shown["purpose"],
        "given": shown["given"],
        "text": shown["text"],
        "text_version": shown["version"],
        "language": shown["language"],
    }
