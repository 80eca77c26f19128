"""Whose seats a postal code leads to, as the API gives them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

Row = dict[str, Any]


class HolderSerializer(serializers.Serializer[Row]):
    """Who holds a seat."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    party = serializers.CharField()


class SeatSerializer(serializers.Serializer[Row]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    role = serializers.CharField()
    legislator = HolderSerializer(allow_null=True, help_text=_("Null when the seat is vacant."))


class PlaceSerializer(serializers.Serializer[Row]):
    """A place the postal code may lie in."""

    division = serializers.UUIDField()
    ocd_id = serializers.CharField()
    name = serializers.CharField()
    confidence = serializers.FloatField(min_value=0, max_value=1)
    seats = SeatSerializer(many=True)


class ChamberMatchSerializer(serializers.Serializer[Row]):
    chamber = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.CharField()
    is_ambiguous = serializers.BooleanField(help_text=_("Several places are possible: ask, do not guess."))
    places = PlaceSerializer(many=True)


class LegislatorsSerializer(serializers.Serializer[Row]):
    country = serializers.CharField()
    postal_code = serializers.CharField()
    is_known = serializers.BooleanField()
    is_ambiguous = serializers.BooleanField()
    chambers = ChamberMatchSerializer(many=True)
