"""The whip count of a measure: a chamber as a picture, by party, by committee, and member by member."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.findings.table import Cell, Column, Kind, Table
from campaigns.forms.stance import MajorityForm
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.issues import policy_crumbs
from campaigns.views.console.measures import measure_of
from campaigns.views.console.page import PER_PAGE, query_without, query_without_page, show
from campaigns.views.table_files import file_of, wants_file, with_files
from contacts.clock import now, today
from contacts.models import Chamber, Organization
from policy.actions.stances import set_majority
from policy.whip import ORDER, Member, WhipCount, chambers_of, whip_count
from policy.whip_chart import LABELS, finding, vacancies, whip_chart


@require_safe
@console("look")
def whip(request: ConsoleRequest, organization: Organization, measure_id: UUID) -> HttpResponse:
    """One chamber at a time; the address names which, and which members to list."""
    measure = measure_of(organization, measure_id)
    chambers = chambers_of(measure)
    here = reverse("campaigns:whip", args=[organization.slug, measure.pk])
    asked = request.GET.get("chamber", "")
    chamber = next((c for c in chambers if str(c.pk) == asked), chambers[0] if chambers else None)
    context: dict[str, object] = {
        "measure": measure,
        "chamber": chamber,
        "crumbs": [
            *policy_crumbs(organization, measure.issue),
            (measure.identifier, reverse("campaigns:measure", args=[organization.slug, measure.pk])),
        ],
        "tabs": [(c.name, f"{here}?chamber={c.pk}", c == chamber) for c in chambers],
    }
    if chamber is not None:
        count = whip_count(measure, chamber, today())
        if wants_file(request):
            return file_of(request, f"whip {measure.identifier} {chamber.name}", [_table(count)])
        context |= _context(request, count)
    return show(request, organization, "campaigns/console/whip.html", "policy", context)


def _context(request: ConsoleRequest, count: WhipCount) -> dict[str, object]:
    wanted = request.GET.get("stance", "")
    members = [member for member in count.members if wanted not in ORDER or member.sign == wanted]
    members.sort(
        key=lambda m: (ORDER.index(m.sign), m.legislator.family_name if m.legislator else "", m.post.label)
    )
    page = Paginator(members, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "count": count,
        "files": with_files(_table(count), query=f"chamber={count.chamber.pk}&"),
        "finding": finding(count),
        "vacancies": vacancies(count),
        "chart": whip_chart(count),
        "chips": [(LABELS[sign], n, sign, sign == wanted) for sign, n in count.counts.items() if n],
        "chip_query": query_without(request, "page", "stance"),
        "is_all": wanted not in ORDER,
        "page": page,
        "rows": [(member, LABELS[member.sign]) for member in page],
        "query": query_without_page(request),
        "signs": [LABELS[sign] for sign in ORDER[:-1]],
        "form": MajorityForm(initial={"majority": count.majority}),
        "majority": count.majority.label,
        "day": localdate(now()),
        "without_vote": count.chamber.posts.count() - count.seats,
    }


@require_POST
@console("stances")
def majority_set(
    request: ConsoleRequest, organization: Organization, measure_id: UUID, chamber_id: UUID
) -> HttpResponse:
    """Say how many votes the measure needs in a chamber."""
    measure = measure_of(organization, measure_id)
    chamber = get_object_or_404(Chamber, pk=chamber_id, jurisdiction=measure.jurisdiction_id)
    form = MajorityForm(request.POST)
    if form.is_valid():
        set_majority(
            measure=measure, chamber=chamber, majority=form.cleaned_data["majority"], actor=request.user
        )
        messages.success(request, _("The votes needed are counted anew."))
    else:
        messages.error(request, _("Choose one of the rules."))
    here = reverse("campaigns:whip", args=[organization.slug, measure.pk])
    return redirect(f"{here}?chamber={chamber.pk}")


def _table(count: WhipCount) -> Table:
    columns = [_("seat"), _("legislator"), _("party"), _("stance"), _("as of"), _("evidence"), _("source")]
    return Table(
        "members",
        _("Members"),
        tuple(Column(name, Kind.TEXT) for name in columns),
        [_row(member) for member in count.members],
    )


def _row(member: Member) -> tuple[Cell, ...]:
    stance = member.stance
    return (
        member.post.label,
        member.legislator.name if member.legislator else "",
        member.party,
        str(LABELS[member.sign]),
        stance.on if stance else "",
        stance.evidence if stance else "",
        stance.source_url if stance else "",
    )
