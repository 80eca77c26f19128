"""A drive's plan as the API shows it (campaigns.delivery.rehearsal.as_data)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

Row = dict[str, Any]


class HourSerializer(serializers.Serializer[Row]):
    hour = serializers.DateTimeField()
    letters = serializers.IntegerField()


class OfficePlanSerializer(serializers.Serializer[Row]):
    office = serializers.CharField()
    zone = serializers.CharField(help_text=_("The IANA time zone of its hours."))
    letters = serializers.IntegerField()
    by_hour = HourSerializer(many=True)
    last_at = serializers.DateTimeField(allow_null=True)
    too_late = serializers.IntegerField(help_text=_("Its letters that do not fit before the deadline."))
    overloaded = serializers.BooleanField(
        help_text=_("The rates leave letters over, or fill more than a working day.")
    )


class DayOffSerializer(serializers.Serializer[Row]):
    first = serializers.DateField()
    last = serializers.DateField()
    name = serializers.CharField()
    is_recess = serializers.BooleanField(help_text=_("A recess of the chamber; else a public holiday."))


class ChamberDaysOffSerializer(serializers.Serializer[Row]):
    chamber = serializers.CharField()
    days = DayOffSerializer(many=True)


class ByHandSerializer(serializers.Serializer[Row]):
    channel = serializers.CharField()
    letters = serializers.IntegerField()


class ReasonSerializer(serializers.Serializer[Row]):
    reason = serializers.CharField()
    letters = serializers.IntegerField()


class RehearsalSerializer(serializers.Serializer[Row]):
    """The plan of everything that waits in a drive, made by the code that sends."""

    planned = serializers.IntegerField(help_text=_("Letters that have a moment before the deadline."))
    too_late = serializers.IntegerField(help_text=_("Letters that do not fit before the deadline."))
    being_written = serializers.IntegerField(help_text=_("Letters that their writers have not sent yet."))
    stuck = serializers.IntegerField(
        help_text=_("Letters that can't leave: their office has no working address, or nobody in it.")
    )
    unmatched_supporters = serializers.IntegerField(help_text=_("People without a representative."))
    last_at = serializers.DateTimeField(allow_null=True)
    deadline = serializers.DateTimeField()
    of_tests = serializers.BooleanField(
        help_text=_(
            "In test mode: test letters, planned as if they were real. They go to the organizer at once."
        )
    )
    start = serializers.DateTimeField(help_text=_("When the plan begins: now, or at the drive's start."))
    reasons = ReasonSerializer(many=True, help_text=_("Why letters do not fit."))
    by_hour = HourSerializer(many=True)
    by_office = OfficePlanSerializer(many=True)
    days_off = ChamberDaysOffSerializer(many=True)
    without_contact = serializers.ListField(child=serializers.CharField())
    by_hand = ByHandSerializer(many=True, help_text=_("Letters that people carry, without hours or rates."))
    lacking_details = serializers.IntegerField(
        help_text=_("Letters whose writers left out what the office demands.")
    )
    vacant = serializers.ListField(child=serializers.CharField())
