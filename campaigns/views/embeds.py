"""A campaign's form inside other sites' pages: for the sites its organisation named, without cookies.

There is nothing to forge: who signs is nobody to us, so a signed form and the limits on signing stand where a cookie's
proof stands elsewhere. All other pages refuse to be shown in a frame.
"""

from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.forms.pledge import PledgeForm
from campaigns.models import Campaign, CampaignState
from campaigns.page_views import viewed
from campaigns.partners_now import partner_called
from campaigns.reading import ASKS, asked_language
from campaigns.same_origin import came_from_elsewhere
from campaigns.sharing import page_url, partner_url, picture_url
from campaigns.sources import source_of
from campaigns.views.public import page_context, visible_campaign
from campaigns.views.signed_links import View
from campaigns.views.signing import answer, mend

WIDTH, HEIGHT = 480, 720
_HOUR = 3600


def frameable(view: View) -> View:
    """Let the sites that the campaign's organisation named show a page in a frame, and nobody else."""

    @csrf_exempt
    @xframe_options_exempt
    @wraps(view)
    def respond(request: HttpRequest, org: str, slug: str) -> HttpResponse:
        campaign = visible_campaign(request, org, slug)
        response = view(request, campaign)
        sites = campaign.organization.embed_origins
        response._csp_replace = {"frame-ancestors": sites or ["'none'"]}  # type: ignore[attr-defined]  # django-csp's
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        return response

    return respond


def host_of(request: HttpRequest, campaign: Campaign) -> str:
    """The site around the frame, if it is one that may be there."""
    said = request.GET.get("host", "")
    return said if said in campaign.organization.embed_origins else ""


@require_http_methods(["GET", "HEAD", "POST"])
@frameable
def embed(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The form. POST signs as the campaign's own page does, and keeps nothing in a session."""
    if request.method != "POST":
        source = source_of(request.GET)
        form = PledgeForm(
            campaign=campaign,
            initial={"source": source},
            host=host_of(request, campaign),
            embedded=True,
            partner=partner_called(campaign, source),
        )
        response = render(request, "campaigns/public/embed.html", page_context(campaign, form, request))
        viewed(campaign.pk, source, request)
        return response
    # A browser says where a form was sent from; ours stands on our own site.
    if came_from_elsewhere(request, may_hide=True):
        return HttpResponse(status=403)
    form = PledgeForm(
        request.POST,
        campaign=campaign,
        host=host_of(request, campaign),
        embedded=True,
        partner=partner_called(campaign, request.POST.get("source", "")),
    )
    if not campaign.is_open:
        return mend(request, campaign, form, status=409)
    return answer(request, campaign, form)


@require_safe
@frameable
def embed_signed(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """What to do next; without a session the frame does not know who signed."""
    language, partner = asked_language(request), partner_called(campaign, source_of(request.GET))
    context = {
        "campaign": campaign,
        "organization": campaign.organization,
        "partner": partner,
        "page_url": partner_url(campaign, partner, language)
        if partner
        else page_url(campaign, language=language),
        "host": host_of(request, campaign),
    }
    return render(request, "campaigns/public/embed_signed.html", context)


@require_safe
def embed_js(request: HttpRequest) -> HttpResponse:
    """The script that other sites name; its address never changes."""
    content = (Path(settings.BASE_DIR) / "static" / "js" / "embed.js").read_bytes()
    response = HttpResponse(content, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={_HOUR}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """A campaign's address → how to show it (oEmbed 1.0). Only JSON."""
    if request.GET.get("format", "json") != "json":
        return HttpResponse(status=501)
    campaign, language, code = _named(request.GET.get("url", ""))
    organization = campaign.organization
    title = campaign.words_in([language]).title
    found: dict[str, Any] = {
        "version": "1.0",
        "type": "link",
        "title": title,
        "author_name": organization.name,
        "author_url": organization.website or page_url(campaign, language=title.language),
        "provider_name": organization.name,
        "provider_url": settings.SITE_URL,
        "cache_age": _HOUR,
        "thumbnail_url": picture_url(campaign, title.language),
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
    }
    if organization.embed_origins:
        width, height = _most(request, "maxwidth", WIDTH), _most(request, "maxheight", HEIGHT)
        path = reverse("campaigns:embed", args=[organization.slug, campaign.slug])
        asked = {ASKS: title.language} if title.language != campaign.language else {}
        source = f"{settings.SITE_URL}{path}?{urlencode({'source': code or 'oembed', **asked})}"
        words = '<iframe src="{}" title="{}" width="{}" height="{}"></iframe>'
        html = format_html(words, source, title, width, height)
        found |= {"type": "rich", "html": html, "width": width, "height": height}
    response = JsonResponse(found)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = f"public, max-age={_HOUR}"
    return response


def _most(request: HttpRequest, name: str, usual: int) -> int:
    asked = request.GET.get(name, "")
    return min(usual, int(asked)) if asked.isdecimal() and 0 < len(asked) < 6 and int(asked) else usual


def _named(address: str) -> tuple[Campaign, str, str]:
    """The open, paused or closed campaign of an address, the language it asks for, and the partner's code it names.

    Raises Http404.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        raise Http404 from None
    if f"{parts.scheme}://{parts.netloc}" != settings.SITE_URL:
        raise Http404
    try:
        found = resolve(parts.path)
    except Resolver404:
        raise Http404 from None
    if found.view_name not in {"campaigns:campaign", "campaigns:campaign-with"}:
        raise Http404
    public = Campaign.objects.public().select_related("organization")
    campaign = public.filter(organization__slug=found.kwargs["org"], slug=found.kwargs["slug"]).first()
    if campaign is None or campaign.state == CampaignState.ARCHIVED:
        raise Http404
    code = str(found.kwargs.get("code", ""))
    return campaign, QueryDict(parts.query).get(ASKS, campaign.language), code
