from django.db import transaction

from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import User
from policy.models import Issue, Resource


@transaction.atomic
def save_issue(*, issue: Issue, actor: User | None) -> Issue:
    """Store a problem the organisation works on."""
    if issue._state.adding:
        issue.created_at = now()
    issue.save()
    record(organization=issue.organization, actor=actor, verb="save issue", obj=issue)
    return issue


@transaction.atomic
def save_resource(*, resource: Resource, actor: User | None) -> Resource:
    """Store a helpline, group or service that pages and briefs point to."""
    resource.save()
    record(organization=resource.organization, actor=actor, verb="save resource", obj=resource)
    return resource
