"""For operators: what organisations track, to look at."""

from django.contrib import admin

from contacts.admin import LookOnly
from policy import models


@admin.register(models.Measure)
class MeasureAdmin(LookOnly):
    list_display = ["identifier", "title", "organization", "jurisdiction", "position"]
    list_select_related = ["organization", "jurisdiction"]
    search_fields = ["identifier", "title"]


@admin.register(models.Brief)
class BriefAdmin(LookOnly):
    list_display = ["title", "kind", "organization", "state", "created_at", "error"]
    list_filter = ["state", "kind"]
    list_select_related = ["organization"]
    exclude = ["pdf", "content"]
