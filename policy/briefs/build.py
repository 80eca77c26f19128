"""A stored version → its PDF. Safe to call twice: the same content gives the same bytes."""

from datetime import timedelta
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.clock import now
from policy.briefs import pdf
from policy.briefs.html import Version
from policy.briefs.plain import from_plain
from policy.briefs.sections import Document
from policy.errors import BriefOverLimits, BriefRefused
from policy.models import Brief, BriefState, Logo

# Rung again when the message was lost; given up when no worker brought it to an end in this time.
RING_AGAIN_AFTER = timedelta(minutes=1)
GIVE_UP_AFTER = timedelta(minutes=15)


def version_of(brief: Brief) -> Version:
    """How a brief names its version, with the address of the page that says whether it is current."""
    return version_of_hash(brief.content_hash)


def version_of_hash(content_hash: str) -> Version:
    """The same for a brief that is not stored yet."""
    return Version(
        content_hash, f"{settings.SITE_URL}{reverse('policy:brief-version', args=[content_hash[:16]])}"
    )


def logo_of(organization_id: UUID, document: Document) -> bytes:
    """The PNG a document names, as it was when its facts were gathered."""
    logo = Logo.objects.filter(organization=organization_id, sha256=document.sender.logo).first()
    return bytes(logo.png) if logo and document.sender.logo else b""


def build(brief_id: UUID | str) -> None:
    """Make the PDF of a brief that waits for it; a brief that is ready or gone is left alone."""
    brief = Brief.objects.defer("pdf").filter(pk=brief_id, state=BriefState.BUILDING).first()
    if brief is None:
        return
    waiting = Brief.objects.filter(pk=brief.pk, state=BriefState.BUILDING)
    try:
        document = from_plain(brief.content)
        made = pdf.render(document, version_of(brief), logo=logo_of(brief.organization_id, document))
    except BriefRefused as refusal:
        waiting.update(state=BriefState.FAILED, error=str(refusal.message))
    except SoftTimeLimitExceeded:
        waiting.update(state=BriefState.FAILED, error=str(BriefOverLimits.message))
    except Exception:
        waiting.update(state=BriefState.FAILED, error=_("It could not be set. The log names the reason."))
        raise
    else:
        waiting.update(
            state=BriefState.READY, pdf=made.content, page_count=made.page_count, built_at=now(), error=""
        )


def give_up_or_ring() -> list[UUID]:
    """Briefs to build again because nobody did; those that wait too long are marked as failed."""
    at = now()
    waiting = Brief.objects.filter(state=BriefState.BUILDING)
    waiting.filter(created_at__lt=at - GIVE_UP_AFTER).update(
        state=BriefState.FAILED, error=_("Nothing made it in time. Ask again.")
    )
    return list(waiting.filter(created_at__lt=at - RING_AGAIN_AFTER).values_list("pk", flat=True)[:50])
