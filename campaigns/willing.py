"""Whom we may write to when nothing obliges us to: who agreed, whom our mails reach, who stopped them. Reads only."""

from datetime import UTC, datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from campaigns.models import MailState, OutboxMail, Pledge
from contacts.models import Consent, Organization, Purpose, Suppression


def willing(pledges: QuerySet[Pledge]) -> QuerySet[Pledge]:
    """Of these, the ones whose last word on being written to about the campaign is yes; each with `since`."""
    last = Consent.objects.filter(supporter=OuterRef("supporter"), purpose=Purpose.CONTACT).order_by("-id")
    return pledges.annotate(
        wants=Subquery(last.values("given")[:1]), since=Subquery(last.values("at")[:1])
    ).filter(wants=True)


def agreed_at(pledges: QuerySet[Pledge]) -> datetime | None:
    """When the owner of these last agreed to be written to; None where no last word is yes."""
    return max(willing(pledges).values_list("since", flat=True), default=None)  # type: ignore[misc]  # annotated


def reached(pledges: QuerySet[Pledge]) -> QuerySet[Pledge]:
    """Of these, the ones whose last mail of ours did not fail, or who never got one."""
    mails = OutboxMail.objects.filter(
        pledge=OuterRef("pk"), state__in=[MailState.SENT, MailState.FAILED]
    ).order_by("-created_at", "-pk")
    return pledges.annotate(last_mail=Subquery(mails.values("state")[:1])).filter(
        Q(last_mail__isnull=True) | Q(last_mail=MailState.SENT)
    )


def stopped_among(organization: Organization, since: dict[str, datetime]) -> set[str]:
    """Of hashes of addresses, each with when its owner agreed, the stopped ones.

    A stop of the organisation's is over when its owner agreed again after it; one for the whole installation is not.
    """
    stops = Suppression.objects.filter(
        Q(organization=organization) | Q(organization__isnull=True), address_hash__in=list(since)
    )
    # In doubt, at the same moment, the stop counts.
    return {
        hashed
        for owner, hashed, at in stops.values_list("organization", "address_hash", "created_at")
        if owner is None or at >= since[hashed]
    }


def is_stopped(organization: Organization, hashed: str, agreed: datetime | None) -> bool:
    """Whether the owner of one address, who agreed then or never, stopped our mails."""
    return bool(stopped_among(organization, {hashed: agreed or _NEVER}))


_NEVER = datetime.min.replace(tzinfo=UTC)
