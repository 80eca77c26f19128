"""Campaigns of others that an organisation takes part in: joint numbers, and the people who chose it."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.actions.partners import note_reading
from campaigns.api import counts
from campaigns.api.base import OrganizationView
from campaigns.api.inputs import PageQuery
from campaigns.api.schema import paged
from campaigns.api.serializers import CountsSerializer
from campaigns.models import Partnership
from campaigns.partners import Chosen, ChosenPeople, came_by, joint_days, joint_of
from campaigns.reports import campaign_numbers
from campaigns.sharing import partner_url
from contacts.models import Organization


class JointCampaignSerializer(serializers.Serializer[Partnership]):
    """Your part in another organisation's campaign, as it was signed."""

    id = serializers.UUIDField(help_text="Of your part; the other addresses take it.")
    campaign = serializers.UUIDField(
        source="campaign_id", help_text="Its public numbers and words stand below /campaigns/."
    )
    title = serializers.CharField(source="campaign.title")
    state = serializers.CharField(source="campaign.state")
    led_by = serializers.CharField(source="campaign.organization.name")
    role = serializers.CharField()
    sees_supporters = serializers.BooleanField()
    until = serializers.DateField(allow_null=True)
    source_code = serializers.CharField()
    page = serializers.SerializerMethodField(help_text="Your own page of the campaign.")
    welcome = serializers.CharField()
    terms = serializers.CharField()
    signed_by = serializers.CharField(source="signed_name")
    joined_at = serializers.DateTimeField()

    def get_page(self, part: Partnership) -> str:
        return partner_url(part.campaign, part)


class JointDaySerializer(serializers.Serializer[dict[str, Any]]):
    day = serializers.DateField()
    people = serializers.IntegerField()


class JointCountsSerializer(CountsSerializer):
    """The campaign's public numbers, in which everybody is counted once, and what came by your page."""

    came_by_your_page = serializers.IntegerField(help_text="Of the people confirmed.")
    days = JointDaySerializer(many=True)


class ChosenSerializer(serializers.Serializer[Chosen]):
    """Somebody who said that you may write to them."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.CharField()
    postal_code = serializers.CharField()
    chosen_at = serializers.DateTimeField(source="at")
    words_version = serializers.CharField(source="text_version")
    language = serializers.CharField()
    page = serializers.CharField(
        help_text="Where they said it, in words: the campaign’s headline, or “their own page”."
    )


def _part(organization: Organization, partnership_id: UUID) -> Partnership:
    """A part that is in force; one that has ended is not found. Raises Http404."""
    found = joint_of(organization).filter(pk=partnership_id).first()
    if found is None:
        raise Http404
    return found


class JointCampaigns(OrganizationView):
    for_partners = True

    @extend_schema(
        operation_id="joint_campaigns",
        summary="Campaigns you take part in",
        parameters=[PageQuery],
        responses=paged(JointCampaignSerializer),
    )
    def get(self, request: Request) -> Response:
        """Those of others that you are a partner in now. A partnership that has ended is no longer among them."""
        return self.page(joint_of(self.organization), JointCampaignSerializer)


class JointCampaign(OrganizationView):
    for_partners = True

    @extend_schema(operation_id="joint_campaign", summary="One of them", responses=JointCampaignSerializer)
    def get(self, request: Request, partnership_id: UUID) -> Response:
        """Your part in it, with the terms as they were signed."""
        return Response(JointCampaignSerializer(_part(self.organization, partnership_id)).data)


class JointCounts(OrganizationView):
    for_partners = True

    @extend_schema(
        operation_id="joint_counts", summary="Joint numbers, and by day", responses=JointCountsSerializer
    )
    def get(self, request: Request, partnership_id: UUID) -> Response:
        """Days are those of the organisation that runs the campaign."""
        part = _part(self.organization, partnership_id)
        campaign = part.campaign
        figures = counts.values(campaign_numbers(campaign))
        return Response(
            JointCountsSerializer(
                {
                    "campaign": campaign.pk,
                    "goal": campaign.goal,
                    "counts": counts.with_definitions({name: figures[name] for name in counts.PUBLIC}),
                    "came_by_your_page": came_by([part])[part.pk],
                    "days": [{"day": day, "people": n} for day, n in joint_days(campaign)],
                }
            ).data
        )


class JointSupporters(OrganizationView):
    for_partners = True

    @extend_schema(
        operation_id="joint_supporters",
        summary="Supporters who chose you",
        parameters=[PageQuery],
        responses=paged(ChosenSerializer),
    )
    def get(self, request: Request, partnership_id: UUID) -> Response:
        """Who may be written to now. Keep no copy without asking again; each page read stands in both audit logs."""
        part = _part(self.organization, partnership_id)
        if not part.sees_supporters:
            raise Http404
        answer = self.page(ChosenPeople(part), ChosenSerializer)
        note_reading(part, self.actor, len(answer.data["results"]))
        return answer
