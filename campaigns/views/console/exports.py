from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from campaigns.actions import jobs as job_actions
from campaigns.jobs.supporter_export import COLUMNS, DEFAULT, MOST_XLSX
from campaigns.permissions import ConsoleRequest, console, second_factor_needed
from campaigns.views.console.page import show
from campaigns.views.console.supporters import asked_for, supporter_crumbs
from contacts.models import JobKind, Organization


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label=gettext_lazy("Kind of file"),
        choices=[("csv", gettext_lazy("Table (CSV)")), ("xlsx", gettext_lazy("Spreadsheet (XLSX)"))],
        initial="csv",
        widget=forms.RadioSelect,
    )
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"),
        choices=list(COLUMNS.items()),
        initial=DEFAULT,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Each agreement fills four: yes or no, when, which version of the words, how it came."
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console("export")
def supporter_export(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Choose columns; a file with everybody the filter finds is made, and kept for a week."""
    if (detour := second_factor_needed(request)) is not None:
        return detour
    filter_form, people = asked_for(request, organization)
    n = people.count()
    form = ExportForm(request.POST or None)
    if request.method == "POST" and filter_form.is_valid() and form.is_valid() and n:
        data, wanted = form.cleaned_data, filter_form.wanted().to_plain()
        if data["format"] == "xlsx" and n > MOST_XLSX:
            form.add_error(
                "format", _("A spreadsheet takes %(n)s people. Choose a table.") % {"n": f"{MOST_XLSX:,}"}
            )
        else:
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
