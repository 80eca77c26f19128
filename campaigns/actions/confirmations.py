"""A signature made a promise that counts, by the link in its owner's mail."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from campaigns.actions.partner_consents import agree
from campaigns.actions.recalls import NO_LONGER, recall_for_consent
from campaigns.errors import BadMove, LinkSpent
from campaigns.letters.reasons import SIGNED_TWICE
from campaigns.letters.write import letters_of, open_drive, save_letters
from campaigns.links import read_confirm
from campaigns.models import FOR_A_PARTNER, Pledge, PledgeState
from campaigns.models.moves import move
from campaigns.quotes import lock_supporters
from contacts.clock import now
from contacts.models import Consent, Residence, Supporter


@transaction.atomic
def confirm_pledge(*, token: str, partners: Collection[UUID] = ()) -> Pledge:
    """Confirm the pledge a link is for: supporter, consents, places and letters, all or nothing.

    `partners` are the partnerships that were left ticked where it was confirmed; of no other a choice is written
    down, whatever was ticked at signing. A link works once. Raises LinkSpent or BadLink.
    """
    at = now()
    Pledge.objects.select_for_update().get(pk=read_confirm(token).pk)
    pledge = read_confirm(token)  # again, now that nobody else can use the link meanwhile
    if pledge.state != PledgeState.PENDING or pledge.expires_at <= at:
        raise LinkSpent
    supporter = _supporter_of(pledge, at)
    agree(pledge, supporter, at, partners)
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
    own = [shown for shown in pledge.consents if shown["purpose"] != FOR_A_PARTNER]
    Consent.objects.bulk_create(
        Consent(
            supporter=supporter, source=f"campaign {pledge.campaign_id}", at=at, **_consent_columns(shown)
        )
        for shown in own
    )
    for shown in own:
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
