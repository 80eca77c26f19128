"""The events of an organisation, to read: what, when, where, and how many come. Names of people are not among it."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.base import OrganizationView
from campaigns.api.inputs import PageQuery
from campaigns.api.schema import paged
from campaigns.event_links import event_url
from campaigns.models import Event, RegistrationState
from contacts.clock import now
from contacts.models import Organization


class EventSerializer(serializers.ModelSerializer[Event]):
    """An event with its numbers. `link`, to join online, is for people who have a place: show it to nobody else."""

    url = serializers.SerializerMethodField()
    confirmed = serializers.IntegerField(read_only=True, help_text=_("People who have a place."))
    held = serializers.IntegerField(read_only=True, help_text=_("Places held for an answer."))
    waiting = serializers.IntegerField(read_only=True, help_text=_("People on the waiting list."))
    came = serializers.IntegerField(read_only=True, help_text=_("People ticked off at the door."))

    class Meta:
        model = Event
        fields = [
            "id",
            "kind",
            "title",
            "slug",
            "url",
            "summary",
            "text",
            "language",
            "issue",
            "campaign",
            "measure",
            "starts_at",
            "ends_at",
            "time_zone",
            "place",
            "access",
            "link",
            "capacity",
            "confirmed",
            "held",
            "waiting",
            "came",
            "hold_hours",
            "remind_hour",
            "state",
            "cancelled_because",
            "outcome",
            "sequence",
            "is_example",
        ]
        read_only_fields = fields

    def get_url(self, event: Any) -> str:
        return event_url(event)


class EventsQuery(PageQuery):
    """Which events, and which page."""

    ahead = serializers.BooleanField(
        required=False, default=False, help_text=_("Only those that are not over.")
    )


def _with_numbers(organization: Organization) -> QuerySet[Event]:
    states = {
        "confirmed": Q(registrations__state=RegistrationState.CONFIRMED),
        "held": Q(registrations__state__in=[RegistrationState.HELD, RegistrationState.OFFERED]),
        "waiting": Q(registrations__state=RegistrationState.WAITING),
        "came": Q(registrations__checked_in_at__isnull=False),
    }
    counted = {name: Count("registrations", filter=which) for name, which in states.items()}
    return Event.objects.of(organization).select_related("organization").annotate(**counted)


class Events(OrganizationView):
    @extend_schema(
        operation_id="events",
        summary="Your events",
        parameters=[EventsQuery],
        responses=paged(EventSerializer),
    )
    def get(self, request: Request) -> Response:
        """The newest first, or with `ahead` the next first. Moments are UTC; `time_zone` is the place's own."""
        query = EventsQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        rows = _with_numbers(self.organization)
        if query.validated_data["ahead"]:
            return self.page(rows.ahead(now()), EventSerializer)  # type: ignore[attr-defined]
        return self.page(rows.order_by("-starts_at", "pk"), EventSerializer)


class EventDetail(OrganizationView):
    @extend_schema(operation_id="event", summary="One of your events", responses=EventSerializer)
    def get(self, request: Request, event_id: UUID) -> Response:
        """An event with how many come, are held and wait."""
        event = get_object_or_404(_with_numbers(self.organization), pk=event_id)
        return Response(EventSerializer(event).data)
