"""Pages for requests that never reach a view."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What could not be read, or was more than a form may hold (413); nothing of it was kept."""
    is_too_large = isinstance(exception, RequestDataTooBig)
    most = filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE) if is_too_large else ""
    return render(request, "400.html", {"most": most}, status=413 if is_too_large else 400)
