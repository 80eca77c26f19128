"""Campaigns: to read for everybody, to manage for their organisation."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.actions.campaigns import (
    create_campaign,
    update_campaign,
)
from campaigns.api import counts
from campaigns.api.base import OrganizationView, PublicView
from campaigns.api.idempotency import once
from campaigns.api.inputs import (
    CampaignInput,
    PageQuery,
    StateQuery,
)
from campaigns.api.problems import Problem
from campaigns.api.schema import KEY, paged
from campaigns.api.serializers import (
    CampaignDetailSerializer,
    CampaignSerializer,
    CountsSerializer,
    IssueSerializer,
    OwnCampaignSerializer,
    PeopleSerializer,
)
from campaigns.delivery.hours import zone_or_utc
from campaigns.models import Campaign, CampaignState
from campaigns.reports import Numbers, by_district, by_locality, campaign_numbers, signed_by_day
from contacts.models import Organization
from policy.models import Issue

_MOST_TOWNS = 100


def public_campaign(campaign_id: UUID) -> Campaign:
    """A campaign strangers may see. Raises Http404."""
    campaign = (
        Campaign.objects.public()
        .select_related("organization", "measure", "outcome")
        .filter(pk=campaign_id)
        .first()
    )
    if campaign is None:
        raise Http404
    return campaign


def own_campaign(organization: Organization, campaign_id: UUID) -> Campaign:
    """A campaign of an organisation; others' do not exist for it. Raises Http404."""
    own = Campaign.objects.of(organization).select_related("organization", "measure", "issue", "outcome")
    campaign = own.filter(pk=campaign_id).first()
    if campaign is None:
        raise Http404
    return campaign


def _counts(campaign: Campaign, names: tuple[str, ...] | None) -> dict[str, Any]:
    numbers: Numbers = campaign_numbers(campaign)
    figures = counts.values(numbers)
    chosen = {name: figures[name] for name in names} if names else figures
    return {"campaign": campaign.pk, "goal": campaign.goal, "counts": counts.with_definitions(chosen)}


class Campaigns(PublicView):
    @extend_schema(
        operation_id="campaigns_list",
        summary="Open campaigns",
        parameters=[PageQuery],
        responses=paged(CampaignSerializer),
    )
    def get(self, request: Request) -> Response:
        """Campaigns that take signatures now, newest first. Those in test mode are not among them."""
        rows = Campaign.objects.filter(state=CampaignState.OPEN, is_test=False)
        return self.page(
            rows.select_related("organization", "measure", "outcome")
            .prefetch_related("translations")
            .order_by("-opened_at", "pk"),
            CampaignSerializer,
        )


class CampaignDetail(PublicView):
    @extend_schema(operation_id="campaign", summary="One campaign", responses=CampaignDetailSerializer)
    def get(self, request: Request, campaign_id: UUID) -> Response:
        """Open, paused or closed; with public numbers and the consents a form has to ask for."""
        return Response(CampaignDetailSerializer(public_campaign(campaign_id)).data)


class CampaignCounts(PublicView):
    @extend_schema(
        operation_id="campaign_counts", summary="A campaign's public numbers", responses=CountsSerializer
    )
    def get(self, request: Request, campaign_id: UUID) -> Response:
        """People, letters and offices, never added up, each with its definition. Tests are in none."""
        return Response(CountsSerializer(_counts(public_campaign(campaign_id), counts.PUBLIC)).data)


class OwnIssues(OrganizationView):
    @extend_schema(
        operation_id="own_issues",
        summary="Your organisation's issues",
        parameters=[PageQuery],
        responses=paged(IssueSerializer),
    )
    def get(self, request: Request) -> Response:
        """What a campaign can be about."""
        issues = Issue.objects.filter(organization=self.organization).select_related("organization")
        return self.page(issues.prefetch_related("myths").order_by("title", "pk"), IssueSerializer)


class OwnCampaigns(OrganizationView):
    @extend_schema(
        operation_id="own_campaigns",
        summary="Your organisation's campaigns",
        parameters=[
            PageQuery,
            StateQuery,
        ],
        responses=paged(OwnCampaignSerializer),
    )
    def get(self, request: Request) -> Response:
        """All of them, newest first, drafts and tests included."""
        rows = Campaign.objects.of(self.organization).select_related("organization", "measure", "outcome")
        rows = rows.prefetch_related("translations")
        query = StateQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        if query.validated_data.get("state"):
            rows = rows.filter(state=query.validated_data["state"])
        return self.page(rows.order_by("-created_at", "pk"), OwnCampaignSerializer)

    @extend_schema(
        operation_id="create_campaign",
        summary="Start a campaign",
        parameters=[KEY],
        request=CampaignInput,
        responses={201: OwnCampaignSerializer},
    )
    def post(self, request: Request) -> Response:
        """A draft in test mode. Target groups and letter versions are added in the console."""

        def act() -> tuple[int, dict[str, Any]]:
            given = CampaignInput(data=request.data, context={"organization": self.organization})
            given.is_valid(raise_exception=True)
            try:
                campaign = create_campaign(
                    organization=self.organization, actor=self.actor, **given.validated_data
                )
            except IntegrityError:  # another request took the address in between
                raise Problem("refused", 409, _("Another campaign of yours has this address.")) from None
            return 201, plain(OwnCampaignSerializer(campaign).data)

        return once(request, f"create campaign {self.organization.pk}", act)


def plain(data: Any) -> dict[str, Any]:
    """Serialized data as it can be stored as JSON: ids as text."""
    return {key: str(value) if isinstance(value, UUID) else value for key, value in data.items()}


class OwnCampaign(OrganizationView):
    @extend_schema(
        operation_id="own_campaign", summary="One of your campaigns", responses=OwnCampaignSerializer
    )
    def get(self, request: Request, campaign_id: UUID) -> Response:
        """The campaign as your organisation sees it."""
        return Response(OwnCampaignSerializer(own_campaign(self.organization, campaign_id)).data)

    @extend_schema(
        operation_id="edit_campaign",
        summary="Change what a campaign says",
        request=CampaignInput,
        responses=OwnCampaignSerializer,
    )
    def patch(self, request: Request, campaign_id: UUID) -> Response:
        """Only the fields you send change."""
        campaign = own_campaign(self.organization, campaign_id)
        given = CampaignInput(
            campaign, data=request.data, partial=True, context={"organization": self.organization}
        )
        given.is_valid(raise_exception=True)
        if given.validated_data:
            try:
                update_campaign(campaign=campaign, actor=self.actor, **given.validated_data)
            except IntegrityError:
                raise Problem("refused", 409, _("Another campaign of yours has this address.")) from None
        return Response(OwnCampaignSerializer(campaign).data)


class OwnCampaignCounts(OrganizationView):
    @extend_schema(
        operation_id="own_campaign_counts", summary="All numbers of a campaign", responses=CountsSerializer
    )
    def get(self, request: Request, campaign_id: UUID) -> Response:
        """Every figure with its definition; accepted, waiting, failed and uncertain are never merged."""
        return Response(CountsSerializer(_counts(own_campaign(self.organization, campaign_id), None)).data)


class OwnCampaignPeople(OrganizationView):
    @extend_schema(
        operation_id="own_campaign_people",
        summary="Confirmed people by day, town and district",
        responses=PeopleSerializer,
    )
    def get(self, request: Request, campaign_id: UUID) -> Response:
        """Days are those of your organisation's time zone; districts those of the largest chamber you write to."""
        campaign = own_campaign(self.organization, campaign_id)
        with timezone.override(zone_or_utc(self.organization.time_zone)):
            days = signed_by_day(campaign)
        places = {"towns": by_locality(campaign, limit=_MOST_TOWNS), "districts": by_district(campaign)}
        return Response(
            {
                "days": [{"day": day.isoformat(), "people": n} for day, n in days],
                **{what: [{"name": name, "people": n} for name, n in some] for what, some in places.items()},
            }
        )
