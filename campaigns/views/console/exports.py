from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.actions import jobs as job_actions
from campaigns.forms.export import ExportForm
from campaigns.permissions import ConsoleRequest, console, second_factor_needed
from campaigns.views.console.page import show
from campaigns.views.console.supporters import asked_for, supporter_crumbs
from contacts.models import JobKind, Organization


@require_http_methods(["GET", "HEAD", "POST"])
@console("export")
def supporter_export(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Choose columns; a file with everybody the filter finds is made, and kept for a week."""
    if (detour := second_factor_needed(request)) is not None:
        return detour
    filter_form, people = asked_for(request, organization)
    n = people.count()
    form = ExportForm(request.POST or None, people=n)
    if request.method == "POST" and filter_form.is_valid() and form.is_valid() and n:
        data, wanted = form.cleaned_data, filter_form.wanted().to_plain()
        job = job_actions.start_job(
            organization=organization,
            kind=JobKind.EXPORT,
            title=_("Supporters"),
            params={"wanted": wanted, "columns": data["columns"], "format": data["format"]},
            total=n,
            actor=request.user,
            format=data["format"],
            columns=data["columns"],
            # What was typed may name a person, and the log names none.
            filter=sorted(wanted),
        )
        job_actions.begin(job)
        return redirect("campaigns:job", org=organization.slug, job_id=job.pk)
    context = {
        "form": form,
        "n": n,
        "query": request.GET.urlencode(),
        "crumbs": supporter_crumbs(organization),
    }
    template = "campaigns/console/supporter_export.html"
    return show(request, organization, template, "supporters", context, 422 if form.errors else 200)
