"""Measures with what happened to them, to read for their organisation."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.base import OrganizationView
from campaigns.api.inputs import PageQuery
from campaigns.api.library_translations import OtherLanguages
from campaigns.api.schema import paged
from contacts.clock import today
from contacts.models import Organization
from policy.models import (
    EventKind,
    Measure,
    MeasureDate,
    MeasureEvent,
    MeasurePosition,
    RelationKind,
    Sponsorship,
    status_of,
)

Row = dict[str, Any]
# A relation as the other side has it; companions are companions of each other.
_TURNED = {RelationKind.SUPERSEDES: "superseded_by", RelationKind.AMENDS: "amended_by"}


class MeasureSerializer(OtherLanguages, serializers.ModelSerializer[Measure]):
    jurisdiction = serializers.CharField(
        source="jurisdiction.ocd_id", help_text=_("An Open Civic Data id."), read_only=True
    )
    level = serializers.CharField(source="jurisdiction.level", read_only=True)
    status = serializers.SerializerMethodField(help_text=_("How far its milestones say it has come."))

    class Meta:
        model = Measure
        fields = [
            "id",
            "issue",
            "jurisdiction",
            "level",
            "session",
            "kind",
            "identifier",
            "title",
            "translations",
            "url",
            "position",
            "vote_on",
            "status",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=EventKind.choices, allow_null=True))
    def get_status(self, measure: Measure) -> str | None:
        happened: list[MeasureEvent] = measure.happened  # type: ignore[attr-defined]  # prefetched by own_measures
        status = status_of(happened, date.max)
        return status.kind if status else None


class MeasureEventSerializer(serializers.ModelSerializer[MeasureEvent]):
    """A milestone. A struck one has `struck_by`, the id of the event that says why."""

    chamber = serializers.CharField(source="chamber.name", default="", read_only=True)
    struck_by = serializers.PrimaryKeyRelatedField[MeasureEvent](read_only=True, default=None)

    class Meta:
        model = MeasureEvent
        fields = [
            "id",
            "kind",
            "on",
            "chamber",
            "note",
            "source_url",
            "strikes",
            "struck_by",
            "reason",
            "recorded_at",
        ]
        read_only_fields = fields


class MeasureDateSerializer(serializers.ModelSerializer[MeasureDate]):
    """A hearing, a vote or a deadline; hours are those of its `time_zone`."""

    class Meta:
        model = MeasureDate
        fields = [
            "id",
            "kind",
            "on",
            "starts_at",
            "ends_at",
            "time_zone",
            "place",
            "link",
            "cancelled_at",
            "cancelled_because",
        ]
        read_only_fields = fields


class SponsorSerializer(serializers.ModelSerializer[Sponsorship]):
    class Meta:
        model = Sponsorship
        fields = ["legislator", "name", "kind"]
        read_only_fields = fields


class PositionSerializer(serializers.ModelSerializer[MeasurePosition]):
    class Meta:
        model = MeasurePosition
        fields = ["position", "reasons", "on", "recorded_at"]
        read_only_fields = fields


class RelatedSerializer(serializers.Serializer[Row]):
    measure = serializers.UUIDField()
    relation = serializers.CharField(help_text=_("How this measure stands to the other one."))


class MeasureDetailSerializer(MeasureSerializer):
    events = MeasureEventSerializer(many=True, read_only=True)
    dates = MeasureDateSerializer(many=True, read_only=True)
    sponsors = SponsorSerializer(source="sponsorships", many=True, read_only=True)
    positions = PositionSerializer(many=True, read_only=True)
    related = serializers.SerializerMethodField()

    class Meta(MeasureSerializer.Meta):
        fields = [
            *MeasureSerializer.Meta.fields,
            "summary",
            "reasons",
            "events",
            "dates",
            "sponsors",
            "positions",
            "related",
        ]
        read_only_fields = fields

    @extend_schema_field(RelatedSerializer(many=True))
    def get_related(self, measure: Measure) -> list[Row]:
        ours = [{"measure": row.other_id, "relation": row.kind} for row in measure.relations.all()]
        theirs = measure.relations_from_others.all()
        return ours + [
            {"measure": row.measure_id, "relation": _TURNED.get(RelationKind(row.kind), row.kind)}
            for row in theirs
        ]


def own_measures(organization: Organization) -> QuerySet[Measure]:
    """An organisation's measures, each with what happened so far."""
    happened = MeasureEvent.objects.standing().filter(on__lte=today()).order_by("on", "id")
    return (
        Measure.objects.filter(organization=organization)
        .select_related("jurisdiction")
        .prefetch_related(Prefetch("events", queryset=happened, to_attr="happened"))
    )


def own_measure(organization: Organization, measure_id: UUID) -> Measure:
    """A measure of an organisation; others' do not exist for it. Raises Http404."""
    own = Measure.objects.filter(organization=organization).select_related("organization", "jurisdiction")
    measure = own.filter(pk=measure_id).first()
    if measure is None:
        raise Http404
    return measure


class OwnMeasures(OrganizationView):
    @extend_schema(
        operation_id="own_measures",
        summary="Your organisation's measures",
        parameters=[PageQuery],
        responses=paged(MeasureSerializer),
    )
    def get(self, request: Request) -> Response:
        """Bills, motions and the like that you follow, each with its status."""
        return self.page(own_measures(self.organization).order_by("identifier", "pk"), MeasureSerializer)


class OwnMeasure(OrganizationView):
    @extend_schema(
        operation_id="own_measure", summary="One of your measures", responses=MeasureDetailSerializer
    )
    def get(self, request: Request, measure_id: UUID) -> Response:
        """With its milestones, struck ones too, its hearings and votes, sponsors, and your positions."""
        events = MeasureEvent.objects.select_related("chamber", "struck_by")
        rows = own_measures(self.organization).prefetch_related(
            Prefetch("events", queryset=events),
            "dates",
            "sponsorships",
            "positions",
            "relations",
            "relations_from_others",
        )
        measure = rows.filter(pk=measure_id).first()
        if measure is None:
            raise Http404
        return Response(MeasureDetailSerializer(measure).data)
