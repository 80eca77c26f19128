"""The helplines, groups and services of an organisation, to read."""

from typing import Any

from django.db.models import DateField, Value
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.base import OrganizationView
from campaigns.api.inputs import PageQuery
from campaigns.api.schema import paged
from policy.help import day_of
from policy.languages import items
from policy.models import Age, OpeningHours, Resource


class OpeningSerializer(serializers.ModelSerializer[OpeningHours]):
    """From when to when on a weekday (Monday is 0), on its own clock; past midnight when it closes earlier."""

    class Meta:
        model = OpeningHours
        fields = ["weekday", "opens", "closes"]
        read_only_fields = fields


class ResourceSerializer(serializers.ModelSerializer[Resource]):
    """A helpline, group or service. `division` is null where it helps people everywhere."""

    division = serializers.CharField(source="division.ocd_id", read_only=True, allow_null=True, default=None)
    place = serializers.CharField(source="division.name", read_only=True, allow_null=True, default=None)
    opening = OpeningSerializer(many=True, read_only=True)
    languages = serializers.SerializerMethodField()
    audience = serializers.SerializerMethodField()
    age = serializers.SerializerMethodField()

    class Meta:
        model = Resource
        fields = [
            "id",
            "external_id",
            "kind",
            "is_emergency",
            "name",
            "description",
            "division",
            "place",
            "phone",
            "text_number",
            "text_words",
            "chat",
            "website",
            "address",
            "is_always_open",
            "opening",
            "time_zone",
            "hours",
            "languages",
            "audience",
            "eligibility",
            "cost",
            "cost_note",
            "verified_on",
            "age",
            "is_listed",
            "is_example",
        ]
        read_only_fields = fields

    def get_languages(self, resource: Resource) -> list[str]:
        return items(resource.languages)

    def get_audience(self, resource: Resource) -> list[str]:
        return items(resource.audience)

    def get_age(self, resource: Any) -> Age:
        """fresh, due soon, too old to be shown, or never verified; `today` is the view's."""
        age: Age = resource.age(resource.today, resource.organization.resource_days)
        return age


class ResourcesQuery(PageQuery):
    """Which resources, and which page."""

    shown = serializers.BooleanField(
        required=False, default=False, help_text=_("Only what pages may show today.")
    )


class Resources(OrganizationView):
    @extend_schema(
        operation_id="resources",
        summary="Your helplines and services",
        parameters=[ResourcesQuery],
        responses=paged(ResourceSerializer),
    )
    def get(self, request: Request) -> Response:
        """Each with its hours on its own clock, and how long ago somebody verified it."""
        query = ResourcesQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        on = day_of(self.organization)
        rows = Resource.objects.filter(organization=self.organization)
        if query.validated_data["shown"]:
            rows = rows.shown(on, self.organization.resource_days)
        rows = rows.select_related("division", "organization").prefetch_related("opening")
        today = Value(on, output_field=DateField())
        return self.page(rows.annotate(today=today).order_by("name", "pk"), ResourceSerializer)
