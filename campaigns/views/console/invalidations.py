"""Signatures that should not count: say which, look at them, say why; and take it back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from campaigns.actions.invalidations import invalidate, restore
from campaigns.actions.jobs import begin
from campaigns.errors import ActionRefused
from campaigns.forms.invalidation import ConditionForm, ReasonForm
from campaigns.letters.reasons import NOT_COUNTED
from campaigns.models import Invalidation, Letter, LetterState, PledgeState
from campaigns.permissions import ConsoleRequest, console
from campaigns.signatures import fitting, still_out, withheld
from campaigns.views.console.page import Step, confirmed, reason_of, show
from campaigns.views.console.supporters import supporter_crumbs
from contacts.clock import now
from contacts.models import Organization

_SAMPLE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@console("people")
def invalidate_signatures(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """GET shows how many signatures a condition fits and some of them; POST, with a reason, stops counting them."""
    form = ConditionForm(request.GET or None, organization=organization)
    reason = ReasonForm(request.POST or None)
    context: dict[str, object] = {"form": form, "reason": reason, "crumbs": supporter_crumbs(organization)}
    if form.is_valid():
        campaign = form.cleaned_data["campaign"]
        pledges = fitting(campaign, form.condition(), now())
        if request.method == "POST" and reason.is_valid():
            try:
                job = invalidate(
                    campaign=campaign,
                    condition=form.condition(),
                    reason=reason.cleaned_data["reason"],
                    actor=request.user,
                )
            except ActionRefused as fact:
                messages.error(request, reason_of(fact))
            else:
                begin(job)
                return redirect("campaigns:job", org=organization.slug, job_id=job.pk)
        context |= {
            "campaign": campaign,
            "n": pledges.count(),
            "confirmed": pledges.filter(state=PledgeState.CONFIRMED).count(),
            "letters": withheld(pledges).count(),
            "gone": Letter.objects.filter(
                pledge__in=pledges.values("pk"), state__in=[*Letter.ACCEPTED, *Letter.LEAVING]
            ).count(),
            "sample": pledges.order_by("-signed_at", "pk")[:_SAMPLE],
            "query": request.GET.urlencode(),
        }
    made = Invalidation.objects.filter(campaign__organization=organization)
    context["made"] = made.select_related("campaign", "made_by").annotate(n=Count("pledges"))[:50]
    status = 422 if reason.errors or (request.GET and form.errors) else 200
    return show(request, organization, "campaigns/console/signatures.html", "supporters", context, status)


@require_http_methods(["GET", "HEAD", "POST"])
@console("people")
def invalidation_undo(
    request: ConsoleRequest, organization: Organization, invalidation_id: UUID
) -> HttpResponse:
    made = get_object_or_404(
        Invalidation.objects.select_related("campaign__organization"),
        campaign__organization=organization,
        pk=invalidation_id,
    )
    ours = still_out(made)
    n = ours.count()
    letters = Letter.objects.filter(
        pledge__in=ours.values("pledge"), state=LetterState.HELD, note=NOT_COUNTED
    ).count()
    back = reverse("campaigns:signatures", args=[organization.slug])
    counted = ngettext("%(n)s signature counts again.", "%(n)s signatures count again.", n)
    going = ngettext(
        "%(n)s letter that was held back goes on.", "%(n)s letters that were held back go on.", letters
    )
    step = Step(
        title=_("Count these signatures again?"),
        button=_("Count them again"),
        consequences=[counted % {"n": intcomma(n)}, going % {"n": intcomma(letters)}],
        blockers=[_("That was taken back already.")] if made.undone_at and not n else [],
        act=lambda: None,
    )
    crumbs = [*supporter_crumbs(organization), (_("Signatures"), back)]
    if request.method == "POST":
        try:
            job = begin(restore(invalidation=made, actor=request.user))
        except ActionRefused as fact:
            messages.error(request, reason_of(fact))
            return redirect(back)
        return redirect("campaigns:job", org=organization.slug, job_id=job.pk)
    return confirmed(request, organization, step, section="supporters", back=back, crumbs=crumbs)
