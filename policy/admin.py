"""For operators: what organisations track, to look at."""

from django.contrib import admin

from contacts.admin import LookOnly
from policy import models


@admin.register(models.Measure)
class MeasureAdmin(LookOnly):
    list_display = ["identifier", "title", "organization", "jurisdiction", "position"]
    list_select_related = ["organization", "jurisdiction"]
    search_fields = ["identifier", "title"]


@admin.register(models.MeasureEvent)
class MeasureEventAdmin(LookOnly):
    list_display = ["measure", "kind", "on", "note", "strikes", "recorded_at"]
    list_filter = ["kind"]
    list_select_related = ["measure", "strikes"]
    search_fields = ["measure__identifier", "note", "source_url"]


@admin.register(models.MeasurePosition)
class MeasurePositionAdmin(LookOnly):
    list_display = ["measure", "position", "on", "recorded_at"]
    list_filter = ["position"]
    list_select_related = ["measure"]


@admin.register(models.Brief)
class BriefAdmin(LookOnly):
    list_display = ["title", "kind", "organization", "state", "created_at", "error"]
    list_filter = ["state", "kind"]
    list_select_related = ["organization"]
    exclude = ["pdf", "content"]
