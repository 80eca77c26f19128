"""Where legislators stand on a measure, and what that comes to in each chamber: to read and to write down."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.base import OrganizationView
from campaigns.api.campaigns import plain
from campaigns.api.idempotency import once
from campaigns.api.inputs import PageQuery, Strict
from campaigns.api.measures import own_measure
from campaigns.api.schema import KEY, paged
from contacts.clock import today
from contacts.models import Legislator
from policy.actions.stances import record_stance
from policy.models import Stance, StanceLevel
from policy.whip import WhipCount, chambers_of, whip_count

Row = dict[str, Any]


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


class Whip(OrganizationView):
    @extend_schema(
        operation_id="whip", summary="The whip count of a measure", responses=WhipSerializer(many=True)
    )
    def get(self, request: Request, measure_id: UUID) -> Response:
        """Each chamber that may vote on it: seats, vacant ones, the rule, and the votes still needed."""
        measure = own_measure(self.organization, measure_id)
        on = today()
        counts = [whip_count(measure, chamber, on) for chamber in chambers_of(measure)]
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
