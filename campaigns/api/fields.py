from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field({"type": "string", "pattern": r"^\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$", "example": "09:00"})
class ClockField(serializers.TimeField):
    """A time of day on an office's own clock. Not JSON schema's `time`, which belongs to one time zone."""
