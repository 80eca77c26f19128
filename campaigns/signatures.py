"""Which signatures of a campaign fit a condition, such as those that a program made."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Self
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from campaigns.models import (
    Campaign,
    InvalidatedPledge,
    Invalidation,
    Letter,
    Pledge,
    PledgeChange,
    PledgeState,
)
from contacts.models import Tagging

# What can be taken out of the count: the others are out already.
COUNTABLE = [PledgeState.CONFIRMED, PledgeState.PENDING]
# Letters that are being written are left: once their supporter sends them, they are held back, too.
WITHHELD = Letter.OUTGOING


@dataclass(frozen=True)
class Condition:
    """Everything that is not empty must hold. Plain texts, so that it can be kept."""

    source: str = ""
    mail_domain: str = ""
    signed_from: str = ""
    signed_to: str = ""
    text: str = ""
    tag: str = ""
    # A pledge: those that were signed from the network address it was signed from (only its keyed hash is known).
    same_address_as: str = ""

    @classmethod
    def from_plain(cls, plain: Mapping[str, str]) -> Self:
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in plain.items() if name in known})

    def to_plain(self) -> dict[str, str]:
        """Without what is empty."""
        return {name: value for name, value in asdict(self).items() if value}


def fitting(campaign: Campaign, condition: Condition, signed_by: datetime) -> QuerySet[Pledge]:
    """Signatures that are or may come to be counted, were there at a moment, and fit; none for no condition."""
    pledges = Pledge.objects.filter(
        campaign=campaign, state__in=COUNTABLE, signed_at__lte=signed_by, is_test=False
    )
    if not condition.to_plain():
        return pledges.none()
    if condition.source:
        pledges = pledges.filter(source=condition.source)
    if condition.mail_domain:
        pledges = pledges.filter(canonical_email__endswith=f"@{condition.mail_domain.lower().lstrip('@')}")
    if condition.signed_from:
        pledges = pledges.filter(signed_at__gte=datetime.fromisoformat(condition.signed_from))
    if condition.signed_to:
        pledges = pledges.filter(signed_at__lt=datetime.fromisoformat(condition.signed_to))
    if condition.text:
        pledges = pledges.filter(Q(comment__icontains=condition.text) | Q(name__icontains=condition.text))
    if condition.tag:
        tagged = Tagging.objects.filter(supporter=OuterRef("supporter"), tag=UUID(condition.tag))
        pledges = pledges.filter(Exists(tagged))
    if condition.same_address_as:
        known = Pledge.objects.filter(campaign=campaign, pk=UUID(condition.same_address_as))
        pledges = pledges.filter(signer_hash__in=known.exclude(signer_hash="").values("signer_hash"))
    return pledges


def withheld(pledges: QuerySet[Pledge]) -> QuerySet[Letter]:
    """Letters of pledges that would be held back."""
    return Letter.objects.filter(pledge__in=pledges.values("pk"), state__in=WITHHELD)


def still_out(made: Invalidation) -> QuerySet[InvalidatedPledge]:
    """What an invalidation keeps out of the count: not erased, and not taken out for something else since."""
    last = PledgeChange.objects.filter(pledge=OuterRef("pledge")).order_by("-id")
    later = InvalidatedPledge.objects.filter(pledge=OuterRef("pledge"), pk__gt=OuterRef("pk"))
    return (
        made.pledges.filter(pledge__state=PledgeState.INVALIDATED, pledge__erased_at__isnull=True)
        .exclude(Exists(later))
        .annotate(last_reason=Subquery(last.values("reason")[:1]))
        .filter(last_reason=made.reason)
    )
