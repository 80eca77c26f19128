"""Opening, pausing and closing a campaign over the API."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.actions.campaigns import close_campaign, open_campaign, pause_campaign
from campaigns.actions.openings import change_opening, schedule_opening, take_opening_back
from campaigns.api.base import OrganizationView
from campaigns.api.campaigns import own_campaign
from campaigns.api.inputs import NothingSerializer, StrictSerializer
from campaigns.api.serializers import OwnCampaignSerializer
from campaigns.delivery.hours import zone_or_utc
from campaigns.models import CampaignState, OutcomeResult

Row = dict[str, Any]


class ClosingSerializer(StrictSerializer):
    """What came of a campaign, where it is known: it is published with the closing."""

    outcome = serializers.ChoiceField(
        choices=OutcomeResult.choices, required=False, default="", allow_blank=True
    )
    outcome_text = serializers.CharField(max_length=20_000, required=False, default="", allow_blank=True)
    outcome_on = serializers.DateField(
        required=False, help_text=_("Its day; today in your organisation’s time zone when left out.")
    )

    def validate(self, attrs: Row) -> Row:
        if not attrs["outcome"] and (attrs["outcome_text"] or attrs.get("outcome_on")):
            raise serializers.ValidationError(
                {"outcome": [_t("Say what came of it, or leave its text and day out.")]}
            )
        return attrs


class OpeningInput(StrictSerializer):
    """When a campaign opens by itself."""

    opens_at = serializers.DateTimeField(
        help_text=_("Without an offset it is meant by your organisation's clock.")
    )


class _Move(OrganizationView):
    """A change of a campaign's state that takes no more than a request."""

    verb: Callable[..., None]

    def move(self, request: Request, campaign_id: UUID) -> Response:
        NothingSerializer(data=request.data).is_valid(raise_exception=True)
        campaign = own_campaign(self.organization, campaign_id)
        type(self).verb(campaign=campaign, actor=self.actor)
        return Response(OwnCampaignSerializer(campaign).data)


class OpenCampaign(_Move):
    verb = staticmethod(open_campaign)

    @extend_schema(
        operation_id="open_campaign",
        summary="Open a campaign",
        request=NothingSerializer,
        responses=OwnCampaignSerializer,
    )
    def post(self, request: Request, campaign_id: UUID) -> Response:
        """Put the page online. Refused (409) with all that is missing. Test mode stays as it is."""
        return self.move(request, campaign_id)


class Opening(OrganizationView):
    """When a campaign opens by itself."""

    @extend_schema(
        operation_id="schedule_opening",
        summary="Open a campaign later",
        request=OpeningInput,
        responses=OwnCampaignSerializer,
    )
    def put(self, request: Request, campaign_id: UUID) -> Response:
        """Put the page online, saying when it opens; or give it another hour. It takes no signature before."""
        given = OpeningInput(data=request.data)
        with timezone.override(zone_or_utc(self.organization.time_zone)):
            given.is_valid(raise_exception=True)
        campaign = own_campaign(self.organization, campaign_id)
        act = change_opening if campaign.state == CampaignState.SCHEDULED else schedule_opening
        act(campaign=campaign, actor=self.actor, **given.validated_data)
        return Response(OwnCampaignSerializer(campaign).data)

    @extend_schema(
        operation_id="take_opening_back", summary="Take the opening back", responses=OwnCampaignSerializer
    )
    def delete(self, request: Request, campaign_id: UUID) -> Response:
        """It is a draft again."""
        campaign = own_campaign(self.organization, campaign_id)
        take_opening_back(campaign=campaign, actor=self.actor)
        return Response(OwnCampaignSerializer(campaign).data)


class PauseCampaign(_Move):
    verb = staticmethod(pause_campaign)

    @extend_schema(
        operation_id="pause_campaign",
        summary="Pause a campaign",
        request=NothingSerializer,
        responses=OwnCampaignSerializer,
    )
    def post(self, request: Request, campaign_id: UUID) -> Response:
        """Take no signatures for a while. Drives go on until they are paused themselves."""
        return self.move(request, campaign_id)


class CloseCampaign(OrganizationView):
    @extend_schema(
        operation_id="close_campaign",
        summary="Close a campaign",
        request=ClosingSerializer,
        responses=OwnCampaignSerializer,
    )
    def post(self, request: Request, campaign_id: UUID) -> Response:
        """End it and say what came of it; letters already promised still leave with their drive."""
        given = ClosingSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        campaign = own_campaign(self.organization, campaign_id)
        close_campaign(campaign=campaign, actor=self.actor, **given.validated_data)
        return Response(OwnCampaignSerializer(campaign).data)
