from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from policy.briefs.plain import same_facts
from policy.models import Brief, BriefState


@require_safe
def brief_version(request: HttpRequest, digest: str) -> HttpResponse:
    """Whether the brief somebody holds in their hands is the newest version; nothing of what is in it."""
    versions = Brief.objects.defer("pdf").filter(content_hash__startswith=digest)
    brief = versions.select_related("organization").order_by("-created_at").first()
    if brief is None:
        raise Http404(_("There is no such version."))
    newest = Brief.objects.defer("pdf").in_series_of(brief).order_by("-created_at", "pk").first()
    is_current = brief.state != BriefState.RECALLED and (
        newest is None or newest.pk == brief.pk or same_facts(newest.content, brief.content)
    )
    response = render(
        request,
        "policy/brief_version.html",
        {"brief": brief, "newest": newest, "is_current": is_current, "short": brief.content_hash[:16]},
    )
    response["X-Robots-Tag"] = "noindex"
    return response
