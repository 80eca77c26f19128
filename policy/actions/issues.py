from django.db import transaction

from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import User
from policy.models import Evidence, Issue, Resource


@transaction.atomic
def save_issue(*, issue: Issue, actor: User | None) -> Issue:
    """Store a problem the organisation works on."""
    if issue._state.adding:
        issue.created_at = now()
    issue.save()
    record(organization=issue.organization, actor=actor, verb="save issue", obj=issue)
    return issue


@transaction.atomic
def save_evidence(*, evidence: Evidence, actor: User | None) -> Evidence:
    """Store a claim with its figure and source; the database refuses one without a source."""
    if evidence._state.adding:
        evidence.position = evidence.issue.evidence.count()
    evidence.save()
    record(organization=evidence.organization, actor=actor, verb="save evidence", obj=evidence)
    return evidence


@transaction.atomic
def save_resource(*, resource: Resource, actor: User | None) -> Resource:
    """Store a helpline, group or service that pages and briefs point to."""
    resource.save()
    record(organization=resource.organization, actor=actor, verb="save resource", obj=resource)
    return resource
