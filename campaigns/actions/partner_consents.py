"""Whether a partner may write to a supporter: said with a signature or on their own page, and taken back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, Q, QuerySet

from campaigns.models import FOR_A_PARTNER, OWN_PAGE, Campaign, PartnerConsent, Partnership, Pledge
from campaigns.models.partnership import PartnerConsentQuerySet
from contacts.addresses import address_hash
from contacts.clock import now
from contacts.models import Supporter, Suppression

# Of the words beside a partner's box, and of those by which a choice is taken back.
VERSION = "1"


@dataclass(frozen=True)
class Choice:
    """A partner that a supporter may choose, or once chose, and what they say of it now."""

    partnership: Partnership
    given: bool
    # Whether it still asks. One that does not has no access any more, whatever was said.
    is_asking: bool


@dataclass(frozen=True)
class Ticked:
    """A partner whose box was ticked when a pledge was signed, in the words and language that stood beside it."""

    partnership: Partnership
    words: str
    language: str


def ticked_in(pledge: Pledge) -> list[Ticked]:
    """Partners that were chosen with a pledge that waits to be confirmed and who may be given its owner's data.

    Whoever knows somebody's name and address can tick for them, so its owner sees these before they confirm.
    """
    shown = _ticked(pledge)
    if not shown:
        return []
    asking = _asking(pledge, shown, pledge.canonical_email, now()).select_related("organization")
    return [
        Ticked(one, shown[one.pk]["text"], shown[one.pk]["language"])
        for one in asking.order_by("organization__name", "pk")
    ]


def agree(pledge: Pledge, supporter: Supporter, at: datetime, left_ticked: Collection[UUID]) -> None:
    """Write down whom a pledge that is being confirmed chose, of the partners who still ask at this moment.

    Of what was ticked at signing, only what its owner left ticked where they confirmed is theirs.
    """
    shown = {pk: one for pk, one in _ticked(pledge).items() if pk in left_ticked}
    if not shown:
        return
    asking = _asking(pledge, shown, supporter.canonical_email, at)
    PartnerConsent.objects.bulk_create(
        PartnerConsent(
            partnership_id=pk,
            supporter=supporter,
            given=True,
            text=shown[pk]["text"],
            text_version=shown[pk]["version"],
            language=shown[pk]["language"],
            source=f"campaign {pledge.campaign_id}",
            at=at,
        )
        for pk in asking.order_by("pk").values_list("pk", flat=True)
    )


def _ticked(pledge: Pledge) -> dict[UUID, dict[str, Any]]:
    """What a pledge keeps of each partner's box; of test pledges nothing: no partner ever sees them."""
    if pledge.is_test:
        return {}
    return {
        UUID(one["partnership"]): one
        for one in pledge.consents
        if one["purpose"] == FOR_A_PARTNER and one["given"]
    }


def _asking(pledge: Pledge, shown: Collection[UUID], canonical: str, at: datetime) -> QuerySet[Partnership]:
    """Of these, the ones who still ask; none once the pledge's or its supporter's address wants no mail at all."""
    asking = Partnership.objects.asking(at).filter(campaign=pledge.campaign_id, pk__in=list(shown))
    return asking.exclude(Exists(_stops_of(pledge.canonical_email, canonical)))


def _stops_of(*addresses: str) -> QuerySet[Suppression]:
    """What stops all mail from this installation to any of these canonical addresses; it is never over."""
    hashes = {address_hash(one) for one in addresses}
    return Suppression.objects.filter(address_hash__in=hashes, organization__isnull=True)


def choices_of(supporter: Supporter) -> list[Choice]:
    """Partners of the campaigns that a supporter's pledges count in, and any others they once chose.

    To an address that wants no mail at all no partner is offered.
    """
    at = now()
    signed = Campaign.objects.filter(pledges__in=Pledge.objects.counted().filter(supporter=supporter))
    said = PartnerConsent.objects.filter(supporter=supporter).last_words()
    yes = set(said.filter(given=True).values_list("partnership", flat=True))
    stopped = Exists(_stops_of(supporter.canonical_email))
    asking = Partnership.objects.asking(at).filter(campaign__in=signed).exclude(stopped)
    known = Partnership.objects.filter(Q(pk__in=asking) | Q(pk__in=yes)).select_related(
        "organization", "campaign__organization"
    )
    return [
        Choice(one, one.pk in yes, one.sees_supporters and one.is_in_force(at))
        for one in known.order_by("campaign__created_at", "organization__name", "pk")
    ]


def choose(
    supporter: Supporter, wanted: Mapping[UUID, bool], words: Mapping[UUID, str], language: str, at: datetime
) -> int:
    """Write down what a supporter changed of their choices; gives how many. The caller holds the supporter's lock.

    A partner that does not ask can't be chosen, and what is not named stays as it is.
    """
    changed = [
        one
        for one in choices_of(supporter)
        if one.partnership.pk in wanted
        and one.given != wanted[one.partnership.pk]
        and (one.is_asking or one.given)
    ]
    PartnerConsent.objects.bulk_create(
        PartnerConsent(
            partnership=one.partnership,
            supporter=supporter,
            given=not one.given,
            text=words.get(one.partnership.pk, ""),
            text_version=VERSION,
            language=language,
            source=OWN_PAGE,
            at=at,
        )
        for one in changed
    )
    return len(changed)


def take_back(yes: QuerySet[PartnerConsent], *, words: str, source: str, at: datetime) -> None:
    """A no wherever `yes`, last words, says that a partner may write."""
    PartnerConsent.objects.bulk_create(
        PartnerConsent(
            partnership_id=said.partnership_id,
            supporter_id=said.supporter_id,
            given=False,
            text=words,
            text_version=VERSION,
            language=said.language,
            source=source,
            at=at,
        )
        for said in yes.order_by("pk")
    )


def taken_back_with(pledge: Pledge, at: datetime) -> None:
    """Whoever takes their pledge back is no longer anything to the campaign's partners."""
    if pledge.supporter_id is None or pledge.is_test:
        return
    said = PartnerConsent.objects.filter(
        partnership__campaign=pledge.campaign_id, supporter=pledge.supporter_id
    )
    take_back(
        said.last_words().filter(given=True),
        words="Withdraw my pledge",
        source=f"campaign {pledge.campaign_id}",
        at=at,
    )


def never_again(canonical: str, at: datetime) -> None:
    """Nobody's partner writes to an address that wants no mail at all, in any organisation here.

    Records that were joined into another are of the same person, whose no holds for the one that stayed.
    """
    theirs = Supporter.objects.filter(canonical_email=canonical)
    people = [pk for ids in theirs.values_list("pk", "merged_into") for pk in ids if pk is not None]
    _stop(PartnerConsent.objects.filter(supporter__in=people), at)


def stay_stopped(supporter: Supporter, at: datetime) -> None:
    """Take back what came to a supporter from another record, when their own address wants no mail at all."""
    _stop(supporter.partner_consents.filter(Exists(_stops_of(supporter.canonical_email))), at)


def _stop(said: PartnerConsentQuerySet, at: datetime) -> None:
    take_back(
        said.last_words().filter(given=True),
        words="Never write to me again",
        source="asked never to be written to",
        at=at,
    )
