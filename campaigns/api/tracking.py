"""Where measures and legislators stand, what the local facts are, and what is coming: to read and to write down."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.base import OrganizationView
from campaigns.api.campaigns import plain
from campaigns.api.idempotency import once
from campaigns.api.inputs import PageQuery, Strict
from campaigns.api.measures import MeasureDateSerializer, MeasureEventSerializer
from campaigns.api.problems import Problem
from campaigns.api.schema import KEY, paged
from contacts.clock import today
from contacts.models import Chamber, Legislator, Organization
from policy.actions.measures import add_event
from policy.actions.stances import record_stance
from policy.errors import MeasureRefused
from policy.models import (
    MILESTONES,
    Evidence,
    Indicator,
    IndicatorValue,
    Measure,
    MeasureDate,
    MeasureEvent,
    Stance,
    StanceLevel,
)
from policy.whip import WhipCount, chambers_of, whip_count

Row = dict[str, Any]


def own_measure(organization: Organization, measure_id: UUID) -> Measure:
    """A measure of an organisation; others' do not exist for it. Raises Http404."""
    own = Measure.objects.filter(organization=organization).select_related("organization", "jurisdiction")
    measure = own.filter(pk=measure_id).first()
    if measure is None:
        raise Http404
    return measure


class WhipSerializer(serializers.Serializer[Any]):
    """A chamber's count on a measure."""

    chamber = serializers.UUIDField(source="chamber.pk")
    name = serializers.CharField(source="chamber.name")
    seats = serializers.IntegerField(help_text=_("Seats with a vote."))
    vacant = serializers.SerializerMethodField(help_text=_("Of them, those that nobody holds."))
    rule = serializers.CharField(
        source="majority.value", help_text=_("How many votes it takes, and of whom.")
    )
    to_pass = serializers.IntegerField(help_text=_("Votes with which the measure passes."))
    needed = serializers.IntegerField(
        help_text=_("Votes with which you get what you want: to pass or to stop it.")
    )
    ours = serializers.IntegerField(help_text=_("Members known to stand where you stand."))
    missing = serializers.IntegerField(help_text=_("Votes still needed."))
    stances = serializers.DictField(
        source="counts",
        child=serializers.IntegerField(),
        help_text=_("Seats by stance; unknown and vacant too."),
    )

    def get_vacant(self, count: WhipCount) -> int:
        return count.seats - count.held


class StanceSerializer(serializers.ModelSerializer[Stance]):
    class Meta:
        model = Stance
        fields = ["id", "legislator", "level", "on", "evidence", "source_url", "recorded_at"]
        read_only_fields = fields


class StanceInput(Strict, serializers.ModelSerializer[Stance]):
    legislator = serializers.PrimaryKeyRelatedField(queryset=Legislator.objects.all())
    level = serializers.ChoiceField(choices=StanceLevel.choices, help_text=_("1 opposed … 5 champion."))

    class Meta:
        model = Stance
        fields = ["legislator", "level", "on", "evidence", "source_url"]


class EventInput(Strict, serializers.ModelSerializer[MeasureEvent]):
    kind = serializers.ChoiceField(choices=MILESTONES)
    chamber = serializers.PrimaryKeyRelatedField(
        queryset=Chamber.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = MeasureEvent
        fields = ["kind", "on", "chamber", "note", "source_url"]


class DateSerializer(MeasureDateSerializer):
    """A hearing, a vote or a deadline, with the measure it belongs to."""

    class Meta(MeasureDateSerializer.Meta):
        fields = ["measure", *MeasureDateSerializer.Meta.fields]
        read_only_fields = fields


class EvidenceSerializer(serializers.ModelSerializer[Evidence]):
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


class DatesQuery(PageQuery):
    """Which days, and which page."""

    since = serializers.DateField(required=False, help_text=_("From this day on; today when left out."))
    until = serializers.DateField(required=False, help_text=_("To this day."))


class FiguresQuery(PageQuery):
    """Which period, and which page."""

    period = serializers.CharField(required=False, max_length=10, help_text=_("2024, 2024-Q3 or 2024-07."))


class Whip(OrganizationView):
    @extend_schema(
        operation_id="whip", summary="The whip count of a measure", responses=WhipSerializer(many=True)
    )
    def get(self, request: Request, measure_id: UUID) -> Response:
        """Each chamber that may vote on it: seats, vacant ones, the rule, and the votes still needed."""
        measure = own_measure(self.organization, measure_id)
        counts = [whip_count(measure, chamber, today()) for chamber in chambers_of(measure)]
        return Response(WhipSerializer(counts, many=True).data)


class Stances(OrganizationView):
    @extend_schema(
        operation_id="stances",
        summary="Where legislators stand on a measure",
        parameters=[PageQuery],
        responses=paged(StanceSerializer),
    )
    def get(self, request: Request, measure_id: UUID) -> Response:
        """The last word on each, those most in favour first."""
        measure = own_measure(self.organization, measure_id)
        known = Stance.objects.filter(organization=self.organization, measure=measure).latest_per_legislator()
        return self.page(known.order_by("-level", "pk"), StanceSerializer)

    @extend_schema(
        operation_id="record_stance",
        summary="Record where a legislator stands",
        parameters=[KEY],
        request=StanceInput,
        responses={201: StanceSerializer},
    )
    def post(self, request: Request, measure_id: UUID) -> Response:
        """Nothing earlier is changed: the newest counts."""
        measure = own_measure(self.organization, measure_id)

        def act() -> tuple[int, Row]:
            given = StanceInput(data=request.data)
            given.is_valid(raise_exception=True)
            stance = Stance(organization=self.organization, measure=measure, **given.validated_data)
            return 201, plain(StanceSerializer(record_stance(stance=stance, actor=self.actor)).data)

        return once(request, f"record stance {measure.pk}", act)


class Milestones(OrganizationView):
    @extend_schema(
        operation_id="add_milestone",
        summary="Add a milestone",
        parameters=[KEY],
        request=EventInput,
        responses={201: MeasureEventSerializer},
    )
    def post(self, request: Request, measure_id: UUID) -> Response:
        """The measure's status follows from it. A wrong one is struck in the console, and stays readable."""
        measure = own_measure(self.organization, measure_id)

        def act() -> tuple[int, Row]:
            given = EventInput(data=request.data)
            given.is_valid(raise_exception=True)
            chamber = given.validated_data.get("chamber")
            if chamber is not None and chamber.jurisdiction_id != measure.jurisdiction_id:
                elsewhere = _t("It is not one of the measure's jurisdiction.")
                raise serializers.ValidationError({"chamber": [elsewhere]})
            try:
                event = add_event(
                    event=MeasureEvent(measure=measure, **given.validated_data), actor=self.actor
                )
            except MeasureRefused as fact:
                raise Problem("refused", 409, str(fact.message)) from None
            return 201, plain(MeasureEventSerializer(event).data)

        return once(request, f"add milestone {measure.pk}", act)


class Dates(OrganizationView):
    @extend_schema(
        operation_id="dates",
        summary="Hearings, votes and deadlines",
        parameters=[DatesQuery],
        responses=paged(DateSerializer),
    )
    def get(self, request: Request) -> Response:
        """Of all your measures, the nearest first; cancelled ones say so."""
        query = DatesQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        since: date = query.validated_data.get("since") or today(self.organization.time_zone or "UTC")
        rows = MeasureDate.objects.of(self.organization).filter(on__gte=since)
        if until := query.validated_data.get("until"):
            rows = rows.filter(on__lte=until)
        return self.page(rows.order_by("on", "starts_at", "pk"), DateSerializer)


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
