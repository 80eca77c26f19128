"""The stories that anybody may read: asked anew for each page, so that one that was taken back is on none."""

import logging
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from campaigns.models import Story
from campaigns.stories import vault
from campaigns.stories.content import Shown, shown
from contacts.clock import today
from contacts.models import Division, Organization
from policy.models import Issue

log = logging.getLogger(__name__)


def public_stories(
    organization: Organization, issue: UUID | None = None, place: UUID | None = None
) -> QuerySet[Story]:
    """An organisation's public stories, the newest first, of one issue and place if these are given."""
    found = Story.objects.public(today()).filter(organization=organization)
    if issue:
        found = found.filter(issue=issue)
    if place:
        found = found.filter(division=place)
    return (
        found.select_related("key", "organization", "issue", "division", "campaign")
        .defer("picture")
        .order_by("-approved_at", "pk")
    )


def read(stories: Iterable[Story]) -> list[Shown]:
    """Stories as readers see them, without those whose key this installation does not have."""
    found = []
    for story in stories:
        if story.issue is not None:
            story.issue.organization = story.organization
        try:
            found.append(shown(story))
        except vault.Unreadable:
            log.error("story unreadable", extra={"story": str(story.pk)})
    return found


def issues_of(stories: QuerySet[Story]) -> list[Issue]:
    """The issues that some stories are about, by title."""
    return list(Issue.objects.filter(pk__in=stories.order_by().values("issue")).order_by("title"))


def places_of(stories: QuerySet[Story]) -> list[Division]:
    """The places that some stories come from, by name."""
    return list(Division.objects.filter(pk__in=stories.order_by().values("division")).order_by("name"))
