"""The evidence and the series of local figures of an organisation, to read."""

from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.base import OrganizationView
from campaigns.api.inputs import PageQuery
from campaigns.api.library_translations import OtherLanguages
from campaigns.api.schema import paged
from policy.models import Evidence, Indicator, IndicatorValue


class EvidenceSerializer(OtherLanguages, serializers.ModelSerializer[Evidence]):
    """A claim with its figure and its source."""

    class Meta:
        model = Evidence
        fields = [
            "id",
            "key",
            "issue",
            "division",
            "claim",
            "figure",
            "unit",
            "translations",
            "source_title",
            "source_url",
            "published_on",
            "retrieved_on",
            "is_example",
        ]
        read_only_fields = fields


class IndicatorSerializer(serializers.ModelSerializer[Indicator]):
    """A series of local figures, and its target where somebody set one."""

    class Meta:
        model = Indicator
        fields = ["id", "key", "name", "unit", "better", "target", "target_source", "issue"]
        read_only_fields = fields


class FigureSerializer(serializers.ModelSerializer[IndicatorValue]):
    """One place's figure; `value` is null where the source says that there is none."""

    division = serializers.CharField(source="division.ocd_id", read_only=True)
    place = serializers.CharField(source="division.name", read_only=True)

    class Meta:
        model = IndicatorValue
        fields = ["division", "place", "period", "value", "source", "source_url"]
        read_only_fields = fields


class FiguresQuery(PageQuery):
    """Which period, and which page."""

    period = serializers.CharField(required=False, max_length=10, help_text=_("2024, 2024-Q3 or 2024-07."))


class Library(OrganizationView):
    @extend_schema(
        operation_id="evidence",
        summary="Your evidence",
        parameters=[PageQuery],
        responses=paged(EvidenceSerializer),
    )
    def get(self, request: Request) -> Response:
        """Every claim with its figure, source and dates."""
        rows = Evidence.objects.filter(organization=self.organization)
        return self.page(rows.order_by("key"), EvidenceSerializer)


class Indicators(OrganizationView):
    @extend_schema(
        operation_id="indicators",
        summary="Your series of local figures",
        parameters=[PageQuery],
        responses=paged(IndicatorSerializer),
    )
    def get(self, request: Request) -> Response:
        """What each counts, in which unit, and its target."""
        rows = Indicator.objects.filter(organization=self.organization)
        return self.page(rows.order_by("name", "pk"), IndicatorSerializer)


class Figures(OrganizationView):
    @extend_schema(
        operation_id="figures",
        summary="The figures of a series",
        parameters=[FiguresQuery],
        responses=paged(FigureSerializer),
    )
    def get(self, request: Request, indicator_id: UUID) -> Response:
        """Each with its place, period and source, the newest period first."""
        query = FiguresQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        indicator = Indicator.objects.filter(organization=self.organization, pk=indicator_id).first()
        if indicator is None:
            raise Http404
        rows = indicator.values_by_place.select_related("division")
        if period := query.validated_data.get("period"):
            rows = rows.filter(period=period)
        return self.page(rows.order_by("-starts_on", "division__name", "pk"), FigureSerializer)
