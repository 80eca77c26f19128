"""Days off of chambers: the recesses an organisation keeps, and the public holidays of the place."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions.recesses import add_recess, import_recesses, remove_recess
from campaigns.delivery.hours import zone_or_utc
from campaigns.errors import ActionRefused
from campaigns.forms.recess import CalendarForm, RecessForm
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.page import page_of, query_without_page, show, words_of
from contacts.clock import today
from contacts.models import Chamber, Organization, Recess
from contacts.public_holidays import holidays_of

_A_YEAR = timedelta(days=365)
_BAD_SHOWN = 5


def legislator_tabs(organization: Organization, current: str) -> list[tuple[str, str, bool]]:
    tabs = [
        ("legislators", _("Legislators"), "legislator-list"),
        ("addresses", _("Failed addresses"), "address-list"),
        ("calendars", _("Days off"), "calendar-list"),
    ]
    return [
        (label, reverse(f"campaigns:{url}", args=[organization.slug]), key == current)
        for key, label, url in tabs
    ]


@require_safe
@console("look")
def calendar_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Chambers with how many recesses are ahead; committees rest with theirs."""
    words = words_of(request)
    ahead = Q(recesses__organization=organization, recesses__ends_on__gte=today())
    chambers = (
        Chamber.objects.filter(ended_on__isnull=True, parent__isnull=True)
        .select_related("jurisdiction")
        .annotate(ahead=Count("recesses", filter=ahead))
        .order_by("-ahead", "jurisdiction__name", "name", "pk")
    )
    if words:
        chambers = chambers.filter(Q(name__icontains=words) | Q(jurisdiction__name__icontains=words))
    context = {
        "page": page_of(request, chambers),
        "query": query_without_page(request),
        "words": words,
        "tabs": legislator_tabs(organization, "calendars"),
    }
    return show(request, organization, "campaigns/console/calendar_list.html", "legislators", context)


@require_safe
@console("look")
def calendar(request: ConsoleRequest, organization: Organization, chamber_id: UUID) -> HttpResponse:
    chamber = _chamber_of(chamber_id)
    return _page(request, organization, chamber, RecessForm(), _calendar_form(chamber))


@require_POST
@console("campaigns")
def recess_add(request: ConsoleRequest, organization: Organization, chamber_id: UUID) -> HttpResponse:
    """Write down a recess by hand."""
    chamber = _chamber_of(chamber_id)
    form = RecessForm(request.POST, instance=Recess(organization=organization, chamber=chamber))
    if form.is_valid():
        try:
            add_recess(recess=form.save(commit=False), actor=request.user)
        except ActionRefused as fact:
            form.add_error(None, str(fact.message))
        else:
            messages.success(request, _("The days are in the calendar."))
            return redirect("campaigns:calendar", org=organization.slug, chamber_id=chamber.pk)
    return _page(request, organization, chamber, form, _calendar_form(chamber))


@require_POST
@console("campaigns")
def recess_import(request: ConsoleRequest, organization: Organization, chamber_id: UUID) -> HttpResponse:
    """Take over the entries of an iCal file."""
    chamber = _chamber_of(chamber_id)
    form = _calendar_form(chamber, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, organization, chamber, RecessForm(), form)
    done = import_recesses(
        organization=organization,
        chamber=chamber,
        rows=form.rows,
        source=form.cleaned_data["calendar"].name,
        actor=request.user,
    )
    messages.success(
        request,
        _("%(added)s new, %(changed)s moved, %(known)s known already.")
        % {"added": done.added, "changed": done.changed, "known": done.known},
    )
    if form.bad:
        first = "; ".join(bad.problem for bad in form.bad[:_BAD_SHOWN])
        told = ngettext(
            "%(n)s entry was left out: %(first)s", "%(n)s entries were left out: %(first)s", len(form.bad)
        )
        messages.warning(request, told % {"n": len(form.bad), "first": first})
    return redirect("campaigns:calendar", org=organization.slug, chamber_id=chamber.pk)


@require_POST
@console("campaigns")
def recess_remove(request: ConsoleRequest, organization: Organization, recess_id: UUID) -> HttpResponse:
    recess = get_object_or_404(Recess, organization=organization, pk=recess_id)
    remove_recess(recess=recess, actor=request.user)
    messages.success(request, _("Removed."))
    return redirect("campaigns:calendar", org=organization.slug, chamber_id=recess.chamber_id)


def _calendar_form(chamber: Chamber, *given: Any) -> CalendarForm:
    """Moments in a calendar are read where the chamber sits."""
    return CalendarForm(*given, zone=zone_or_utc(chamber.jurisdiction.time_zone))


def _chamber_of(chamber_id: UUID) -> Chamber:
    return get_object_or_404(Chamber.objects.select_related("jurisdiction__division"), pk=chamber_id)


def _page(
    request: ConsoleRequest,
    organization: Organization,
    chamber: Chamber,
    recess_form: RecessForm,
    calendar_form: CalendarForm,
) -> HttpResponse:
    on = today()
    recesses = Recess.objects.filter(organization=organization, chamber=chamber)
    context = {
        "chamber": chamber,
        "crumbs": [(_("Days off"), reverse("campaigns:calendar-list", args=[organization.slug]))],
        "ahead": recesses.filter(ends_on__gte=on),
        "past": recesses.filter(ends_on__lt=on).order_by("-starts_on"),
        "holidays": holidays_of(chamber.jurisdiction.division.ocd_id, on, on + _A_YEAR).items(),
        "recess_form": recess_form,
        "calendar_form": calendar_form,
    }
    status = 422 if recess_form.errors or calendar_form.errors else 200
    return show(request, organization, "campaigns/console/calendar.html", "legislators", context, status)
