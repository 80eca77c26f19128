"""All files of a drive that wait to be printed, in one go: one PDF for all offices, and one word when all is posted."""

from uuid import UUID

from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.actions.batches import mark_run_posted
from campaigns.delivery.print_run import files_of, in_run
from campaigns.models import Drive, Letter, LetterState
from campaigns.permissions import ConsoleRequest, console, second_factor_needed
from campaigns.views.console.batch_moves import noted, posting
from campaigns.views.console.batches import print_crumbs
from campaigns.views.console.drives import drive_of
from campaigns.views.console.letter_moves import moment_looked_at
from campaigns.views.console.page import Step, confirmed
from contacts.clock import now
from contacts.models import Organization
from policy.briefs.bundle import joined


@require_safe
@console("people")
def run_download(request: ConsoleRequest, organization: Organization, drive_id: UUID) -> HttpResponseBase:
    """One PDF, office by office, with a bookmark each."""
    if (detour := second_factor_needed(request)) is not None:
        return detour
    drive = drive_of(organization, drive_id)
    if not in_run(drive).exists():
        raise Http404
    title = f"{drive.campaign.title}: {drive.name}"
    whole = joined(files_of(drive), title=title, language=organization.language)
    name = f"{slugify(drive.name)[:60] or 'letters'}-{now():%Y-%m-%d-%H%M}.pdf"
    response = FileResponse(whole, as_attachment=True, filename=name, content_type="application/pdf")
    response["X-Robots-Tag"] = "noindex"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def run_posted(request: ConsoleRequest, organization: Organization, drive_id: UUID) -> HttpResponse:
    """Say of all that was set until somebody looked that it is in the post."""
    drive = drive_of(organization, drive_id)
    crumbs = print_crumbs(organization, drive)
    back = reverse("campaigns:print-batches", args=[organization.slug, drive.pk])
    return confirmed(
        request, organization, _step(request, drive), section="campaigns", back=back, crumbs=crumbs
    )


def _step(request: ConsoleRequest, drive: Drive) -> Step:
    at = now()
    batches = in_run(drive)
    letters = Letter.objects.filter(batch__in=batches)
    left = letters.filter(state=LetterState.QUEUED).count()
    out = letters.exclude(state=LetterState.QUEUED).count()

    def act() -> str:
        looked_at = moment_looked_at(request.POST.get("at", ""))
        return noted(mark_run_posted(drive=drive, until=looked_at, actor=request.user))

    consequences = [
        *posting(left),
        _("What is set for printing from now on is not among them, nor are bundles."),
    ]
    if out:
        text = ngettext(
            "%(n)s letter was stopped meanwhile. Take it out of the pile: its batch’s page says which.",
            "%(n)s letters were stopped meanwhile. Take them out of the pile: their batches’ pages say which.",
            out,
        )
        consequences.insert(0, text % {"n": intcomma(out)})
    return Step(
        title=_("Mark all as posted"),
        button=_("All are in the post"),
        consequences=consequences,
        act=act,
        blockers=[] if batches.exists() else [_("No file waits to be posted.")],
        hidden={"at": at.isoformat()},
    )
