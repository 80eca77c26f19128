"""Hearings, votes and deadlines of measures: a month at a time, and the secret link for other calendars."""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.forms.measure_date import CancelDateForm, MeasureDateForm
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.issues import policy_tabs
from campaigns.views.console.measures import is_saved, measure_crumbs, measure_of, to_measure
from campaigns.views.console.page import show, show_form
from contacts.clock import today
from contacts.models import Organization
from policy.actions.calendar import cancel_date, renew_feed, save_date
from policy.calendar import feed_token
from policy.models import CalendarFeed, DateKind, Measure, MeasureDate

_MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True)
class Entry:
    """Something in the calendar; `date` is missing for a vote of which only the day is typed in at the measure."""

    on: date
    measure: Measure
    label: object
    date: MeasureDate | None = None


@require_safe
@console("look")
def agenda(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """A month of dates: by week on a phone, as a grid of days on a desktop."""
    on = today(organization.time_zone or "UTC")
    first = _month(request.GET.get("month", ""), on)
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    entries = entries_between(organization, weeks[0][0], weeks[-1][-1])
    by_day = {day: list(found) for day, found in groupby(entries, key=lambda entry: entry.on)}
    in_month = [entry for entry in entries if (entry.on.year, entry.on.month) == (first.year, first.month)]
    later = MeasureDate.objects.of(organization).taking_place().filter(on__gt=weeks[-1][-1])
    feed = CalendarFeed.objects.filter(organization=organization).first()
    context = {
        "tabs": policy_tabs(organization, "calendar"),
        "first": first,
        "today": on,
        "before": first - timedelta(days=1),
        "after": first + timedelta(days=31),
        "grid": [[(day, by_day.get(day, [])) for day in week] for week in weeks],
        "weeks": _weeks(weeks, in_month),
        "entries": in_month,
        "next": later.order_by("on", "starts_at").values_list("on", flat=True).first(),
        "has_measures": Measure.objects.filter(organization=organization).exists(),
        "feed_url": _feed_url(feed) if feed else "",
        "feed": feed,
    }
    return show(request, organization, "campaigns/console/agenda.html", "policy", context)


def _month(asked: str, on: date) -> date:
    """The first day of the month asked for, written 2027-03; of today's when it is none."""
    found = _MONTH.fullmatch(asked)
    if found and 1 <= int(found[2]) <= 12 and 1970 <= int(found[1]) <= 2200:
        return date(int(found[1]), int(found[2]), 1)
    return on.replace(day=1)


def entries_between(organization: Organization, first: date, last: date) -> list[Entry]:
    """Dates, and votes of which only the day is known, in order; two queries."""
    dates = (
        MeasureDate.objects.of(organization)
        .filter(on__range=(first, last))
        .select_related("measure", "chamber")
        .order_by("on", "starts_at", "pk")
    )
    entries = [Entry(found.on, found.measure, found.get_kind_display(), found) for found in dates]
    known = {
        (entry.measure.pk, entry.on)
        for entry in entries
        if entry.date and entry.date.kind == DateKind.VOTE and not entry.date.cancelled_at
    }
    typed = Measure.objects.filter(organization=organization, vote_on__range=(first, last))
    entries += [
        Entry(measure.vote_on, measure, _("Vote expected"))
        for measure in typed.order_by("identifier", "pk")
        if measure.vote_on and (measure.pk, measure.vote_on) not in known
    ]
    return sorted(entries, key=lambda entry: entry.on)


def _weeks(weeks: Sequence[Sequence[date]], entries: Sequence[Entry]) -> list[tuple[date, date, list[Entry]]]:
    """Weeks that have something, each with its first and last day."""
    found = [(week[0], week[-1], [e for e in entries if week[0] <= e.on <= week[-1]]) for week in weeks]
    return [week for week in found if week[2]]


def _feed_url(feed: CalendarFeed) -> str:
    path = reverse("campaigns:calendar-feed", args=[feed_token(feed)])
    return f"{settings.SITE_URL.rstrip('/')}{path}"


@require_POST
@console("policy")
def feed_renew(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    renew_feed(organization=organization, actor=request.user)
    messages.success(request, _("The link is new. Older ones stopped working."))
    return redirect("campaigns:agenda", org=organization.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def date_form(
    request: ConsoleRequest, organization: Organization, measure_id: UUID, date_id: UUID | None = None
) -> HttpResponse:
    """Put a date into the calendar, or move it."""
    measure = measure_of(organization, measure_id)
    if date_id:
        found = get_object_or_404(MeasureDate.objects.taking_place(), measure=measure, pk=date_id)
        found.measure = measure
    else:
        found = MeasureDate(measure=measure)
    form = MeasureDateForm(request.POST or None, instance=found)

    def save(date: MeasureDate) -> None:
        save_date(date=date, actor=request.user)

    if is_saved(request, form, save, _("The date is in the calendar.")):
        return to_measure(organization, measure)
    return show_form(
        request,
        organization,
        "policy",
        form,
        title=_("Change the date") if date_id else _("Add a date"),
        button=_("Save the date"),
        crumbs=measure_crumbs(organization, measure),
        intro=_("A hearing, a vote or a deadline. Drives that end before the vote follow the nearest vote."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def date_cancel(
    request: ConsoleRequest, organization: Organization, measure_id: UUID, date_id: UUID
) -> HttpResponse:
    measure = measure_of(organization, measure_id)
    found = get_object_or_404(MeasureDate.objects.taking_place(), measure=measure, pk=date_id)
    found.measure = measure
    form = CancelDateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cancel_date(date=found, because=form.cleaned_data["because"], actor=request.user)
        messages.success(request, _("It is cancelled, and stays in the calendar as such."))
        return to_measure(organization, measure)
    return show_form(
        request,
        organization,
        "policy",
        form,
        title=_("Cancel: %(kind)s") % {"kind": found.get_kind_display()},
        button=_("Say that it is cancelled"),
        crumbs=measure_crumbs(organization, measure),
        intro=_("Calendars that people subscribed to show it as cancelled."),
    )
