"""For operators: look at what is stored, mend addresses of offices, let people in and out."""

from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from contacts import models


class LookOnly(admin.ModelAdmin):
    """Shows rows and changes none: they come from imports, from actions, or are a record."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ContactPoints(admin.TabularInline):
    """How an office is reached. No published source has mail addresses for Congress: they are entered here."""

    model = models.ContactPoint
    extra = 1
    fields = ["kind", "value", "health", "health_reason"]


class OfficeForm(forms.ModelForm):
    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"]
        if zone and zone not in available_timezones():
            raise forms.ValidationError(_("There is no time zone of this name."))
        return zone


@admin.register(models.Office)
class OfficeAdmin(admin.ModelAdmin):
    form = OfficeForm
    list_display = ["legislator", "kind", "name", "time_zone"]
    list_filter = ["kind"]
    list_select_related = ["legislator"]
    search_fields = ["legislator__name", "name", "contact_points__value"]
    fields = ["legislator", "kind", "key", "name", "time_zone"]
    autocomplete_fields = ["legislator"]
    inlines = [ContactPoints]
    show_full_result_count = False


@admin.register(models.Legislator)
class LegislatorAdmin(LookOnly):
    list_display = ["name", "family_name"]
    search_fields = ["name", "identifiers__value"]


@admin.register(models.Membership)
class MembershipAdmin(LookOnly):
    list_display = ["legislator", "chamber", "post", "party", "start_on", "end_on"]
    list_select_related = ["legislator", "chamber", "post"]
    search_fields = ["legislator__name", "post__label"]


@admin.register(models.Jurisdiction)
class JurisdictionAdmin(LookOnly):
    list_display = ["name", "level", "time_zone", "ocd_id"]
    list_filter = ["level"]
    search_fields = ["name", "ocd_id"]


@admin.register(models.Chamber)
class ChamberAdmin(LookOnly):
    list_display = ["name", "kind", "jurisdiction", "ended_on"]
    list_filter = ["kind"]
    list_select_related = ["jurisdiction"]
    search_fields = ["name", "code"]


@admin.register(models.Recess)
class RecessAdmin(LookOnly):
    list_display = ["name", "chamber", "organization", "starts_on", "ends_on"]
    list_select_related = ["chamber", "organization"]
    search_fields = ["name", "chamber__name"]


@admin.register(models.Post)
class PostAdmin(LookOnly):
    list_display = ["label", "chamber", "division"]
    list_select_related = ["chamber", "division"]
    search_fields = ["label"]


@admin.register(models.Organization)
class OrganizationAdmin(LookOnly):
    list_display = ["name", "slug", "email", "mail_domain", "created_at"]
    search_fields = ["name", "slug"]


@admin.register(models.User)
class UserAdmin(admin.ModelAdmin):
    """Accounts: shut one, make somebody an operator. They are made by owners, and nobody sets another's password."""

    list_display = ["email", "name", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["email", "name"]
    fields = [
        "email",
        "name",
        "language",
        "is_active",
        "is_staff",
        "is_superuser",
        "last_login",
        "created_at",
    ]
    readonly_fields = ["email", "last_login", "created_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(models.Role)
class RoleAdmin(LookOnly):
    list_display = ["user", "organization", "name", "created_at"]
    list_filter = ["name"]
    list_select_related = ["user", "organization"]
    search_fields = ["user__email", "organization__name"]


@admin.register(models.Suppression)
class SuppressionAdmin(LookOnly):
    list_display = ["reason", "organization", "legislator", "created_at"]
    list_select_related = ["organization", "legislator"]
    exclude = ["address_hash"]


@admin.register(models.AuditEntry)
class AuditEntryAdmin(LookOnly):
    list_display = ["at", "organization", "actor", "verb", "object_kind", "object_id"]
    list_select_related = ["organization", "actor"]
    search_fields = ["verb", "object_id"]
