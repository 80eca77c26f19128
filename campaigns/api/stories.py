"""Public stories, as anybody may read them on the pages."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.base import PublicView
from campaigns.api.inputs import PageQuery
from campaigns.api.schema import paged
from campaigns.models import Story
from campaigns.stories.content import Shown
from campaigns.stories.wall import public_stories, read
from contacts.clock import today
from contacts.models import Organization


class StoryQuery(serializers.Serializer[dict[str, Any]]):
    """Whose stories, of which issue and place."""

    organization = serializers.SlugField(max_length=50)
    issue = serializers.UUIDField(required=False)
    place = serializers.UUIDField(required=False)


class StorySerializer(serializers.Serializer[Story]):
    """A story in its writer's words. Show what it speaks of before its text, and keep no copy: it can be taken back."""

    id = serializers.UUIDField()
    url = serializers.CharField()
    text = serializers.CharField(
        help_text="Paragraphs with an empty line between them; black places are █████."
    )
    by = serializers.CharField(help_text="Empty when no name is shown.")
    place = serializers.CharField()
    issue = serializers.CharField()
    speaks_of = serializers.ListField(child=serializers.CharField())
    approved_at = serializers.DateTimeField()
    language = serializers.CharField()

    def to_representation(self, instance: Story) -> dict[str, Any]:
        shown: Shown | None = next(iter(read([instance])), None)
        path = reverse("campaigns:story", args=[instance.organization.slug, instance.pk])
        return {
            "id": str(instance.pk),
            "url": settings.SITE_URL.rstrip("/") + path,
            "text": shown.text if shown else "",
            "by": shown.by if shown else "",
            "place": instance.division.name if instance.division else "",
            "issue": instance.issue.title if instance.issue else "",
            "speaks_of": [str(note) for note in shown.notes] if shown else [],
            "approved_at": instance.approved_at,
            "language": instance.language,
        }


class Stories(PublicView):
    @extend_schema(
        operation_id="stories_list",
        summary="Public stories",
        parameters=[StoryQuery, PageQuery],
        responses=paged(StorySerializer),
    )
    def get(self, request: Request) -> Response:
        """An organisation's public stories, newest first. Ask again before you show one: it may be taken back."""
        query = StoryQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        organization = get_object_or_404(Organization, slug=asked["organization"], is_partner_only=False)
        rows = public_stories(organization, asked.get("issue"), asked.get("place"))
        return not_kept(self.page(rows, StorySerializer))


class StoryDetail(PublicView):
    @extend_schema(operation_id="story", summary="One public story", responses=StorySerializer)
    def get(self, request: Request, story_id: UUID) -> Response:
        """404 when it was taken back, or its time is over."""
        rows = Story.objects.public(today()).select_related("key", "organization", "issue", "division")
        story = get_object_or_404(rows.defer("picture"), pk=story_id)
        if not read([story]):
            raise Http404  # its key is missing
        return not_kept(Response(StorySerializer(story).data))


def not_kept(response: Response) -> Response:
    response["Cache-Control"] = "no-store"
    return response
