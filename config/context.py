from django.conf import settings
from django.http import HttpRequest

from campaigns.reading import asking


def installation(request: HttpRequest) -> dict[str, object]:
    """What every template may know of the installation."""
    return {"EMBEDDED": settings.EMBEDDED, "SITE_URL": settings.SITE_URL, "ASKING": asking(request)}
