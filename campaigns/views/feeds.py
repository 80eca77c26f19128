"""An organisation's calendar for other programs. Whoever has the secret address may read it, nobody else."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import override
from django.views.decorators.http import require_safe

from contacts.clock import today
from policy.calendar import calendar_file, organization_of
from policy.models import MeasureDate

# What is longer past than this is of no use in a calendar.
_KEPT = timedelta(days=366)


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    organization = organization_of(token)
    if organization is None:
        raise Http404
    dates = (
        MeasureDate.objects.of(organization)
        .filter(on__gte=today() - _KEPT)
        .select_related("measure", "chamber")
        .order_by("on", "starts_at", "pk")
    )
    page = reverse("campaigns:measure", args=[organization.slug, "00000000-0000-0000-0000-000000000000"])
    page_of = settings.SITE_URL.rstrip("/") + page.replace("00000000-0000-0000-0000-000000000000", "{}")
    with override(organization.language):
        content = calendar_file(organization, list(dates), page_of)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="measures.ics"'
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = f'"{hashlib.sha256(content).hexdigest()}"'
    response["X-Robots-Tag"] = "noindex"
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return answer or response
