"""Records that may be of one person: suggested, side by side, made one, parted again."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.actions.merges import UNDO_WITHIN, merge_supporters, part_supporters
from campaigns.duplicates import FILLED, side, stricter, suggestions, twice
from campaigns.errors import ActionRefused
from campaigns.models import SupporterMerge
from campaigns.people import Wanted, find
from campaigns.permissions import ConsoleRequest, console, zone_of
from campaigns.views.console.page import page_of, query_without_page, reason_of, show, words_of
from campaigns.views.console.supporters import person_of, supporter_crumbs
from contacts.clock import now
from contacts.models import Organization, Purpose, Supporter


@require_safe
@console("people")
def duplicate_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    merges = SupporterMerge.objects.filter(
        kept__organization=organization, created_at__gt=now() - UNDO_WITHIN, undone_at__isnull=True
    ).select_related("kept", "gone", "made_by")
    context = {
        "suggestions": suggestions(organization),
        "merges": merges[:50],
        "crumbs": supporter_crumbs(organization),
    }
    return show(request, organization, "campaigns/console/duplicate_list.html", "supporters", context)


@require_safe
@console("people")
def supporter_merge_with(
    request: ConsoleRequest, organization: Organization, supporter_id: UUID
) -> HttpResponse:
    """Whom somebody of one's choosing is to be joined with; at first people with a name that ends like theirs."""
    kept = person_of(organization, supporter_id)
    if kept.pk != supporter_id:
        return redirect("campaigns:supporter-merge-with", org=organization.slug, supporter_id=kept.pk)
    words = words_of(request) if "q" in request.GET else "".join(kept.name.split()[-1:])
    people = Supporter.objects.none()
    if words:
        people = find(organization, Wanted(words=words), zone_of(organization)).exclude(pk=kept.pk)
    context = {
        "kept": kept,
        "words": words,
        "page": page_of(request, people.order_by("name", "pk")),
        "query": query_without_page(request),
        "crumbs": [*supporter_crumbs(organization), (kept.name, _page_of_person(organization, kept))],
    }
    return show(request, organization, "campaigns/console/supporter_merge_with.html", "supporters", context)


def _page_of_person(organization: Organization, person: Supporter) -> str:
    return reverse("campaigns:supporter", args=[organization.slug, person.pk])


@require_http_methods(["GET", "HEAD", "POST"])
@console("people")
def supporter_merge(
    request: ConsoleRequest, organization: Organization, supporter_id: UUID, other_id: UUID
) -> HttpResponse:
    """GET shows two records side by side and what would become of them; POST joins the second into the first."""
    if supporter_id == other_id:
        raise Http404
    kept, gone = person_of(organization, supporter_id), person_of(organization, other_id)
    if kept == gone:
        messages.info(request, _("They are one already."))
        return redirect("campaigns:supporter", org=organization.slug, supporter_id=kept.pk)
    if (kept.pk, gone.pk) != (supporter_id, other_id):
        # One of them was merged meanwhile: what would become of the two that are left is shown first.
        return redirect(
            "campaigns:supporter-merge", org=organization.slug, supporter_id=kept.pk, other_id=gone.pk
        )
    back = reverse("campaigns:duplicate-list", args=[organization.slug])
    from_person = request.GET.get("from") == "person"
    if from_person:
        back = reverse("campaigns:supporter-merge-with", args=[organization.slug, kept.pk])
    if request.method == "POST":
        try:
            merge_supporters(kept=kept, gone=gone, actor=request.user)
        except ActionRefused as fact:
            messages.error(request, reason_of(fact))
            return redirect(back)
        messages.success(
            request, _("They are one now. It can be taken back for a day, on the page of duplicates.")
        )
        return redirect("campaigns:supporter", org=organization.slug, supporter_id=kept.pk)
    left, right = side(kept), side(gone)
    context = {
        "sides": [left, right],
        "left": left,
        "right": right,
        "twice": twice(left.pledges, right.pledges),
        "stricter": [
            label for value, label in Purpose.choices if value in stricter(left.consents, right.consents)
        ],
        "filled": [
            Supporter._meta.get_field(name).verbose_name  # type: ignore[union-attr]  # columns of its own
            for name in FILLED
            if not getattr(kept, name) and getattr(gone, name)
        ],
        "back": back,
        "from_person": from_person,
        "crumbs": [
            *supporter_crumbs(organization),
            (kept.name, _page_of_person(organization, kept)) if from_person else (_("Duplicates"), back),
        ],
    }
    return show(request, organization, "campaigns/console/supporter_merge.html", "supporters", context)


@require_POST
@console("people")
def merge_undo(request: ConsoleRequest, organization: Organization, merge_id: UUID) -> HttpResponse:
    merge = get_object_or_404(
        SupporterMerge.objects.select_related("kept__organization", "gone"),
        kept__organization=organization,
        pk=merge_id,
    )
    try:
        part_supporters(merge=merge, actor=request.user)
    except ActionRefused as fact:
        messages.error(request, reason_of(fact))
    else:
        messages.success(request, _("They are two again."))
    return redirect("campaigns:duplicate-list", org=organization.slug)
