"""A brief asked for, or made anew when one was taken back: gathered, and stored only while all in it may be printed."""

import logging
from uuid import UUID

from django.db import transaction
from django.utils import translation

from campaigns import documents
from campaigns.models import Campaign
from campaigns.quotes import may_still_be_printed
from contacts.models import Legislator, Organization, User
from policy.actions import briefs
from policy.errors import BriefRefused, QuoteWithoutConsent
from policy.models import Brief, BriefKind, BriefState

log = logging.getLogger(__name__)

# Somebody may withdraw their words while a brief that quotes them is gathered; that all do is no accident.
TRIES = 3


def campaign_of(organization_id: UUID, subject: str) -> Campaign | None:
    """The campaign that a brief or a set of briefs is about."""
    kind, _colon, key = subject.partition(":")
    campaigns = Campaign.objects.select_related("organization", "issue", "measure__jurisdiction")
    return campaigns.filter(organization=organization_id, pk=key).first() if kind == "campaign" else None


def store(
    campaign: Campaign,
    kind: BriefKind,
    legislator: Legislator | None,
    *,
    language: str,
    paper: str,
    actor: User | None,
) -> Brief:
    """The version that says what the facts are now, the one that exists or a new one. Raises BriefRefused."""
    with translation.override(language):
        for _try in range(TRIES):
            document = documents.document_of(campaign, kind, legislator, language=language, paper=paper)
            with transaction.atomic():
                if may_still_be_printed(document):
                    return briefs.request_brief(
                        organization=campaign.organization,
                        document=document,
                        issue=campaign.issue,
                        measure=campaign.measure,
                        legislator=legislator if kind.is_of_a_seat else None,
                        actor=actor,
                    )
        raise QuoteWithoutConsent


def year_of(subject: str) -> int | None:
    """The year that a brief is about."""
    kind, _colon, year = subject.partition(":")
    return int(year) if kind == "year" else None


def store_year(
    organization: Organization, year: int, *, language: str, paper: str, actor: User | None
) -> Brief:
    """The same for an organisation's year, which quotes nobody and names no supporter. Raises BriefRefused."""
    with translation.override(language):
        document = documents.yearly_report(organization, year, language=language, paper=paper)
        return briefs.request_brief(organization=organization, document=document, issue=None, actor=actor)


def renew(brief_id: UUID) -> Brief | None:
    """Make a recalled version anew from the facts of now; None when a newer one stands, or it can't be made."""
    brief = (
        Brief.objects.filter(pk=brief_id, state=BriefState.RECALLED)
        .select_related("legislator")
        .defer("pdf")
        .first()
    )
    if brief is None:
        return None
    newest = Brief.objects.in_series_of(brief).filter(paper=brief.paper).order_by("-created_at", "pk")
    campaign = campaign_of(brief.organization_id, brief.subject)
    if campaign is None or newest.values_list("pk", flat=True).first() != brief.pk:
        return None
    try:
        return store(
            campaign,
            BriefKind(brief.kind),
            brief.legislator,
            language=brief.language,
            paper=brief.paper,
            actor=None,
        )
    except BriefRefused as refusal:
        log.warning("Brief %s was taken back and can't be made anew: %s", brief.pk, type(refusal).__name__)
        return None
