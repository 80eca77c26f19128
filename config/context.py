from functools import partial

from django.conf import settings
from django.http import HttpRequest

from campaigns.reading import asking
from config.language import page_address


def installation(request: HttpRequest) -> dict[str, object]:
    """What every template may know of the installation."""
    return {
        "EMBEDDED": settings.EMBEDDED,
        "SITE_URL": settings.SITE_URL,
        "ASKING": asking(request),
        "page_address": partial(page_address, request),
    }
