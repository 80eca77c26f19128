"""What happened to a measure, to write down, and what is coming, to read."""

from datetime import date
from typing import Any
from uuid import UUID

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
from campaigns.api.measures import MeasureDateSerializer, MeasureEventSerializer, own_measure
from campaigns.api.problems import Problem
from campaigns.api.schema import KEY, paged
from contacts.clock import today
from contacts.models import Chamber
from policy.actions.measures import add_event
from policy.errors import MeasureRefused
from policy.models import MILESTONES, MeasureDate, MeasureEvent

Row = dict[str, Any]


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


class DatesQuery(PageQuery):
    """Which days, and which page."""

    since = serializers.DateField(required=False, help_text=_("From this day on; today when left out."))
    until = serializers.DateField(required=False, help_text=_("To this day."))


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
