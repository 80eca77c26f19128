from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.forms.stance import StanceForm
from campaigns.models import Letter
from campaigns.permissions import ConsoleRequest, console
from campaigns.reports import POSTED, REPORTED, by_state
from campaigns.views.console.calendars import legislator_tabs
from campaigns.views.console.page import page_of, query_without_page, show, words_of
from campaigns.views.console.stances import stands_of
from campaigns.views.console.stops import stops_of
from contacts.clock import now, today
from contacts.matching import match_postal_code
from contacts.models import Chamber, Health, Legislator, Membership, Office, Organization
from policy.actions.stances import record_stance
from policy.models import Stance

_DRIVES_SHOWN = 20
HEALTH_TONES = {Health.OK: "good", Health.SUSPECT: "warn", Health.FAILING: "bad", Health.RETIRED: "quiet"}


@require_safe
@console("look")
def legislator_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """People in office, by name, place, party or postal code."""
    words, on = words_of(request), today()
    current = Membership.objects.current(on).filter(post__isnull=False)
    chambers = (
        Chamber.objects.filter(posts__memberships__in=current).distinct().select_related("jurisdiction")
    )
    rows = found_seats(current, organization, words, on)
    chamber = request.GET.get("chamber", "")
    chosen = next((c for c in chambers if str(c.pk) == chamber), None)
    if chosen:
        rows = rows.filter(chamber=chosen)
    rows = rows.select_related("legislator", "post", "chamber__jurisdiction").order_by(
        "legislator__family_name", "legislator__name", "pk"
    )
    context = {
        "page": page_of(request, rows),
        "query": query_without_page(request),
        "words": words,
        "chambers": chambers,
        "chosen": chosen,
        "is_postal_code": is_postal_code(words),
        "tabs": legislator_tabs(organization, "legislators"),
    }
    return show(request, organization, "campaigns/console/legislator_list.html", "legislators", context)


def is_postal_code(words: str) -> bool:
    """Whether what was typed may be one: it has a digit."""
    return any(c.isdigit() for c in words)


def found_seats(
    current: QuerySet[Membership], organization: Organization, words: str, on: date
) -> QuerySet[Membership]:
    """The memberships that what was typed speaks of; all when nothing was."""
    if not words:
        return current
    named = (
        Q(legislator__name__icontains=words)
        | Q(post__label__icontains=words)
        | Q(post__division__name__icontains=words)
        | Q(post__division__parent__name__icontains=words)
        | Q(party__icontains=words)
    )
    if is_postal_code(words):
        match = match_postal_code(organization.country, words, on)
        seats = [seat for chamber in match.chambers for place in chamber.candidates for seat in place.seats]
        named |= Q(pk__in=[seat.membership.pk for seat in seats if seat.membership])
    return current.filter(named)


@require_safe
@console("look")
def legislator_detail(
    request: ConsoleRequest, organization: Organization, legislator_id: UUID
) -> HttpResponse:
    legislator = get_object_or_404(Legislator, pk=legislator_id)
    form = StanceForm(organization=organization, initial={"on": localdate(now())})
    return _legislator_page(request, organization, legislator, form)


def _legislator_page(
    request: ConsoleRequest, organization: Organization, legislator: Legislator, form: StanceForm
) -> HttpResponse:
    """Seats, committees, offices with their contact points, stances, and what we have sent them."""
    on = today()
    memberships = list(
        Membership.objects.filter(legislator=legislator)
        .select_related("chamber__jurisdiction", "post")
        .order_by("-start_on", "pk")
    )
    in_force = set(Membership.objects.current(on).filter(legislator=legislator).values_list("pk", flat=True))
    offices = list(
        Office.objects.filter(legislator=legislator)
        .prefetch_related(Prefetch("contact_points"))
        .order_by("kind", "key")
    )
    letters = by_state(
        Letter.objects.counted()
        .filter(drive__campaign__organization=organization, legislator=legislator)
        .exclude(POSTED | REPORTED)
    )
    stops = stops_of(organization, legislator)
    context = {
        "legislator": legislator,
        "crumbs": [(_("Legislators"), reverse("campaigns:legislator-list", args=[organization.slug]))],
        "seats": [(m, m.pk in in_force) for m in memberships if m.post_id],
        # By name: a committee stands before its subcommittees.
        "committees": sorted(
            (m for m in memberships if not m.post_id and m.pk in in_force), key=lambda m: m.chamber.name
        ),
        "offices": [
            (
                office,
                [
                    (point, HEALTH_TONES[Health(point.health)], stops.get(point.pk))
                    for point in office.contact_points.all()
                ],
            )
            for office in offices
        ],
        "stop": stops.get(None),
        "identifiers": legislator.identifiers.order_by("scheme"),
        "stands": stands_of(organization, legislator),
        "drives": _drives_with_letters(organization, legislator),
        "letters_accepted": sum(letters.get(state, 0) for state in Letter.ACCEPTED),
        "form": form,
        "has_measures": form.fields["measure"].queryset.exists(),  # type: ignore[attr-defined]
    }
    status = 422 if form.errors else 200
    return show(request, organization, "campaigns/console/legislator.html", "legislators", context, status)


def _drives_with_letters(organization: Organization, legislator: Legislator) -> Sequence[Mapping[str, Any]]:
    """Drives of theirs that have letters to somebody, by seat, the newest drive first."""
    rows = Letter.objects.counted().filter(drive__campaign__organization=organization, legislator=legislator)
    counted = rows.order_by().values(
        "drive", "post", "post__label", "drive__name", "drive__campaign__title", "drive__created_at"
    )
    return list(counted.annotate(n=Count("pk")).order_by("-drive__created_at", "post__label")[:_DRIVES_SHOWN])


@require_POST
@console("stances")
def stance_add(request: ConsoleRequest, organization: Organization, legislator_id: UUID) -> HttpResponse:
    """Write down where somebody stands; earlier words stay."""
    legislator = get_object_or_404(Legislator, pk=legislator_id)
    stance = Stance(organization=organization, legislator=legislator)
    form = StanceForm(request.POST, instance=stance, organization=organization)
    if not form.is_valid():
        return _legislator_page(request, organization, legislator, form)
    record_stance(stance=form.save(commit=False), actor=request.user)
    messages.success(request, _("The stance is recorded."))
    return redirect("campaigns:legislator", org=organization.slug, legislator_id=legislator.pk)
