from django.db import IntegrityError, transaction

from contacts.clock import now
from contacts.models import Legislator, Organization, User
from policy import tasks
from policy.actions.recalls import note_mentions
from policy.briefs.pdf import refuse_too_much
from policy.briefs.plain import content_hash, to_plain
from policy.briefs.sections import Document
from policy.models import Brief, BriefState, Issue, Measure


@transaction.atomic
def request_brief(
    *,
    organization: Organization,
    document: Document,
    issue: Issue | None,
    measure: Measure | None = None,
    legislator: Legislator | None = None,
    actor: User | None,
) -> Brief:
    """The version of a brief with exactly this content: the one that exists, or a new one that is being made.

    A version that could not be made is tried again, and so is one that was recalled while it could be printed now.
    Asking moves `created_at`, so that the newest version of a series is the one whose facts were true last, also
    when they went back to what they had been. Raises BriefTooLarge when there is more in it than a brief can hold.
    """
    refuse_too_much(document)
    digest = content_hash(document)
    fields = {
        "kind": document.kind,
        "issue": issue,
        "measure": measure,
        "legislator": legislator,
        "subject": document.series,
        "language": document.language,
        "paper": document.paper,
        "title": document.title,
        "content": to_plain(document),
        "requested_by": actor,
        "created_at": now(),
    }
    try:
        with transaction.atomic():
            brief, is_new = Brief.objects.get_or_create(
                organization=organization, content_hash=digest, defaults=fields
            )
    except IntegrityError:  # somebody asked for the same at the same moment, and was first
        brief, is_new = Brief.objects.get(organization=organization, content_hash=digest), False
    if is_new:
        note_mentions(brief, document)
    else:
        make_again(brief, document)
    if brief.state == BriefState.BUILDING:
        tasks.build_brief.delay_on_commit(str(brief.pk))
    return brief


def make_again(brief: Brief, document: Document) -> None:
    """Take up a version whose facts are true again; in a transaction."""
    brief.created_at = now()
    brief.save(update_fields=["created_at"])
    same = Brief.objects.filter(pk=brief.pk)
    same.filter(state=BriefState.FAILED).update(state=BriefState.BUILDING, error="")
    if same.filter(state=BriefState.RECALLED).update(
        state=BriefState.BUILDING, content=to_plain(document), recalled_at=None, recall_reason=""
    ):
        note_mentions(brief, document)
    brief.refresh_from_db(fields=["state", "error", "content", "recalled_at", "recall_reason"])
