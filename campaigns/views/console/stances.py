"""Where a legislator stands across measures, and correcting what was written down wrongly."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.forms.stance import CorrectionForm
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.page import show_form
from contacts.models import Legislator, Organization
from policy.actions.stances import correct_stance
from policy.charts.scale import scale_chart
from policy.errors import CorrectedAlready
from policy.models import Measure, Stance
from policy.words import labelled


@dataclass(frozen=True)
class Stand:
    """A legislator on one measure: the word that counts, if any, its picture, and every entry, newest first."""

    measure: Measure
    current: Stance | None
    chart: str
    entries: list[tuple[Stance, bool]]


def stands_of(organization: Organization, legislator: Legislator) -> list[Stand]:
    """What is written down about a legislator, by measure, the measure spoken of last first; in one query."""
    entries = (
        Stance.objects.filter(organization=organization, legislator=legislator)
        .select_related("measure", "recorded_by", "corrected_by")
        .order_by("-on", "-recorded_at")
    )
    by_measure: dict[Measure, list[tuple[Stance, bool]]] = {}
    for stance in entries:
        is_corrected = hasattr(stance, "corrected_by")
        by_measure.setdefault(stance.measure, []).append((stance, is_corrected))
    return [_stand(measure, rows) for measure, rows in by_measure.items()]


def _stand(measure: Measure, entries: list[tuple[Stance, bool]]) -> Stand:
    current = next((row for row, is_corrected in entries if row.level and not is_corrected), None)
    word = current.get_level_display() if current else _("Nothing known")
    chart = scale_chart(title=labelled(measure.identifier, word), level=current.level if current else None)
    return Stand(measure, current, chart, entries)


@require_http_methods(["GET", "HEAD", "POST"])
@console("stances")
def stance_correct(request: ConsoleRequest, organization: Organization, stance_id: UUID) -> HttpResponse:
    """Put another entry in the place of a wrong one, which stays readable below it."""
    wrong = get_object_or_404(
        Stance.objects.select_related("legislator", "measure", "organization"),
        organization=organization,
        pk=stance_id,
    )
    back = redirect("campaigns:legislator", org=organization.slug, legislator_id=wrong.legislator_id)
    if Stance.objects.filter(corrects=wrong).exists():
        messages.warning(request, str(CorrectedAlready.message))
        return back
    start = {"level": wrong.level, "on": wrong.on, "source_url": wrong.source_url}
    form = CorrectionForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            correct_stance(wrong=wrong, stance=form.save(commit=False), actor=request.user)
        except CorrectedAlready as fact:
            messages.warning(request, str(fact.message))
        else:
            messages.success(request, _("The entry is corrected."))
        return back
    person = reverse("campaigns:legislator", args=[organization.slug, wrong.legislator_id])
    about = {"name": wrong.legislator.name, "measure": wrong.measure.identifier, "evidence": wrong.evidence}
    return show_form(
        request,
        organization,
        "legislators",
        form,
        title=_("Correct an entry"),
        button=_("Correct it"),
        crumbs=[
            (_("Legislators"), reverse("campaigns:legislator-list", args=[organization.slug])),
            (wrong.legislator.name, person),
        ],
        intro=_("%(name)s on %(measure)s: “%(evidence)s”. The entry stays readable, and no longer counts.")
        % about,
    )
