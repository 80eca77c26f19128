"""Whether a form was sent from a page of our own: for forms that anybody may send, and that carry no cookie."""

from django.conf import settings
from django.http import HttpRequest


def came_from_elsewhere(request: HttpRequest, *, in_frame: bool = False) -> bool:
    """Whether a browser says that another site's page sent this.

    Browsers of the last years say it themselves (Sec-Fetch-Site, W3C Fetch Metadata), older ones name the page's origin
    (RFC 6454). A program that says neither is no browser that somebody could have been lured with. Older browsers name
    no origin for our form inside a frame that its site shut in.
    """
    site = request.headers.get("sec-fetch-site", "")
    if site:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("origin", "")
    if in_frame and origin == "null":
        return False
    return bool(origin) and origin not in {settings.SITE_URL, f"{request.scheme}://{request.get_host()}"}
