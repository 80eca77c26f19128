from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import Organization, User
from policy.briefs.sections import Document
from policy.models import (
    Brief,
    BriefCopy,
    BriefMention,
    BriefSetItem,
    BriefState,
    CopyKind,
    ItemState,
    RecallReason,
)


def note_mentions(brief: Brief, document: Document) -> None:
    """Write down whom a version quotes and names; in the transaction that stores the version."""
    found = dict.fromkeys(document.mentions())
    BriefMention.objects.bulk_create(
        (BriefMention(brief=brief, of=of, kind=kind) for of, kind in found),
        batch_size=1000,
        ignore_conflicts=True,
    )


@transaction.atomic
def recall_briefs(
    *, organization: Organization, of: Collection[str], kinds: Collection[str], reason: RecallReason
) -> list[UUID]:
    """Take back every version that prints words or names of these; gives the versions, newest first.

    Facts and PDF are gone for good; hash, title and the list of copies stay. A version in a set is to be made anew.
    """
    mentions = BriefMention.objects.filter(of__in=of, kind__in=kinds, brief__organization=organization)
    briefs = Brief.objects.filter(pk__in=mentions.values("brief")).exclude(state=BriefState.RECALLED)
    ids = list(briefs.order_by("-created_at", "pk").values_list("pk", flat=True))
    recalled = Brief.objects.filter(pk__in=ids)
    list(recalled.order_by("pk").select_for_update(no_key=True).values_list("pk"))  # in one order, as sets do
    recalled.update(
        state=BriefState.RECALLED, pdf=None, content={}, error="", recalled_at=now(), recall_reason=reason
    )
    BriefMention.objects.filter(brief__in=ids).delete()
    BriefSetItem.objects.filter(brief__in=ids, state=ItemState.READY).update(
        state=ItemState.FAILED, error=_("Taken back: %(reason)s") % {"reason": reason.label}
    )
    for brief in recalled.defer("content", "pdf"):
        record(organization=organization, actor=None, verb="recall brief", obj=brief, reason=reason.value)
    return ids


def note_copies(
    *, briefs: Collection[UUID], kind: CopyKind, on: date, actor: User | None, to_whom: str = ""
) -> None:
    """Write down that copies of these versions left, and to whom."""
    at = now()
    BriefCopy.objects.bulk_create(
        BriefCopy(brief_id=brief, kind=kind, by=actor, to_whom=to_whom, on=on, noted_at=at)
        for brief in briefs
    )
