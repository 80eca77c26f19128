"""Organisations that support a campaign, to read: those that are shown, and nobody who asked."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.base import PublicView
from campaigns.api.campaigns import public_campaign
from campaigns.api.inputs import PageQuery
from campaigns.api.schema import paged
from campaigns.models import Endorsement


class EndorsementSerializer(serializers.ModelSerializer[Endorsement]):
    """An organisation that supports a campaign."""

    logo_url = serializers.SerializerMethodField(help_text=_("A PNG; empty without a logo."))
    since = serializers.DateTimeField(source="decided_at")

    class Meta:
        model = Endorsement
        fields: list[str] = ["id", "name", "website", "place", "statement", "language", "logo_url", "since"]
        read_only_fields = fields

    def get_logo_url(self, endorsement: Endorsement) -> str:
        if not endorsement.logo_hash:
            return ""
        campaign = endorsement.campaign
        args = [campaign.organization.slug, campaign.slug, endorsement.pk, endorsement.logo_hash]
        return settings.SITE_URL.rstrip("/") + reverse("campaigns:endorsement-logo", args=args)


class Endorsements(PublicView):
    @extend_schema(
        operation_id="endorsements",
        summary="Organisations that support a campaign",
        parameters=[PageQuery],
        responses=paged(EndorsementSerializer),
    )
    def get(self, request: Request, campaign_id: UUID) -> Response:
        """Those that were approved and stand now, by name; `count` is how many there are."""
        standing = public_campaign(campaign_id).endorsements.standing()
        return self.page(standing.select_related("campaign__organization"), EndorsementSerializer)
