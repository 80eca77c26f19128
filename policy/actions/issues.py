from django.db import transaction
from django.utils.text import slugify

from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import User
from policy.models import Issue


def issue_slug(title: str) -> str:
    """What an issue is told by within its organisation: two titles with one slug are the same."""
    return slugify(title)[:80] or "issue"


@transaction.atomic
def save_issue(*, issue: Issue, actor: User | None) -> Issue:
    """Store a problem the organisation works on."""
    if issue._state.adding:
        issue.created_at = now()
    issue.save_original()
    record(organization=issue.organization, actor=actor, verb="save issue", obj=issue)
    return issue
