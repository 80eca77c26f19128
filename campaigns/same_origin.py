"""Whether a form was sent from a page of our own: for forms that anybody may send, and that carry no cookie."""

from django.conf import settings
from django.http import HttpRequest


def came_from_elsewhere(request: HttpRequest, *, may_hide: bool = False) -> bool:
    """Whether a browser says that another site's page sent this.

    Browsers of the last years say it themselves (Sec-Fetch-Site, W3C Fetch Metadata), older ones name the page's origin
    (RFC 6454). A program that says neither is no browser that somebody could have been lured with. `may_hide`: the form
    may stand where older browsers name no origin, in a frame that its site shut in or on a page without a referrer.
    """
    site = request.headers.get("sec-fetch-site", "")
    if site:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("origin", "")
    if may_hide and origin == "null":
        return False
    return bool(origin) and origin not in {settings.SITE_URL, f"{request.scheme}://{request.get_host()}"}
