"""What came of campaigns, to read."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.base import OrganizationView, PublicView
from campaigns.api.campaigns import own_campaign
from campaigns.api.inputs import PageQuery
from campaigns.api.schema import paged
from campaigns.models import Outcome, OutcomeCorrection, outcome_of
from campaigns.sharing import outcome_url

Row = dict[str, Any]


class CorrectionSerializer(serializers.Serializer[OutcomeCorrection]):
    at = serializers.DateTimeField(source="replaced_at")
    reason = serializers.CharField()


class OutcomeSerializer(serializers.ModelSerializer[Outcome]):
    """What came of a campaign; texts are Markdown."""

    organization = serializers.CharField(source="campaign.organization.name")
    campaign_title = serializers.CharField(source="campaign.title")
    headline = serializers.CharField(source="title")
    url = serializers.SerializerMethodField()
    corrections = serializers.SerializerMethodField(help_text=_("What was changed since, newest first."))

    class Meta:
        model = Outcome
        fields: list[str] = [
            "campaign",
            "campaign_title",
            "organization",
            "result",
            "headline",
            "changed",
            "learned",
            "on",
            "published_at",
            "edited_at",
            "people_count",
            "corrections",
            "url",
        ]
        read_only_fields = fields
        extra_kwargs = {
            "people_count": {"help_text": _("People who had confirmed when it was published.")},
            "published_at": {
                "help_text": _("Empty while it is a draft, which your organisation alone sees.")
            },
        }

    def get_url(self, outcome: Outcome) -> str:
        return outcome_url(outcome)

    @extend_schema_field(CorrectionSerializer(many=True))
    def get_corrections(self, outcome: Outcome) -> list[Row]:
        return [dict(CorrectionSerializer(row).data) for row in outcome.corrections.all()]


class Outcomes(PublicView):
    @extend_schema(
        operation_id="outcomes",
        summary="What came of campaigns",
        parameters=[PageQuery],
        responses=paged(OutcomeSerializer),
    )
    def get(self, request: Request) -> Response:
        """All that is published, newest first: what was lost as well. Campaigns in test mode are not among them."""
        return self.page(Outcome.objects.public().prefetch_related("corrections"), OutcomeSerializer)


class OwnOutcome(OrganizationView):
    @extend_schema(
        operation_id="own_outcome",
        summary="What came of one of your campaigns",
        responses=OutcomeSerializer,
    )
    def get(self, request: Request, campaign_id: UUID) -> Response:
        """Also while it is a draft; 404 before anybody wrote it. It is written in the console, or with the closing."""
        outcome = outcome_of(own_campaign(self.organization, campaign_id))
        if outcome is None:
            raise Http404
        return Response(OutcomeSerializer(outcome).data)
