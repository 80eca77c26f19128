from django.db import transaction

from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import User
from policy.models import Issue


@transaction.atomic
def save_issue(*, issue: Issue, actor: User | None) -> Issue:
    """Store a problem the organisation works on."""
    if issue._state.adding:
        issue.created_at = now()
    issue.save()
    record(organization=issue.organization, actor=actor, verb="save issue", obj=issue)
    return issue
