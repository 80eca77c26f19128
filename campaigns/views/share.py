"""Passing a campaign on: its picture for other sites, and a page with texts and links to copy."""

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from campaigns.partners_now import partner_called
from campaigns.reading import asked_language
from campaigns.share_picture import share_picture
from campaigns.sharing import picture_version, picture_words, share_of
from campaigns.sources import source_of
from campaigns.views.public import visible_campaign

_A_DAY = 86_400


@require_safe
def picture(request: HttpRequest, org: str, slug: str) -> HttpResponseBase:
    """The campaign's headline as a PNG."""
    campaign = visible_campaign(request, org, slug)
    return drawn(request, picture_words(campaign, asked_language(request) or campaign.language))


def drawn(request: HttpRequest, words: dict[str, str]) -> HttpResponseBase:
    """A picture of these words; drawn once, then kept for a day."""
    version = picture_version(words)
    key = f"share-picture:{version}"
    content = caches["pages"].get(key)
    if content is None:
        content = share_picture(**words)
        caches["pages"].set(key, content, _A_DAY)
    response = HttpResponse(content, content_type="image/png")
    response["Cache-Control"] = f"public, max-age={_A_DAY}"
    response["ETag"] = f'"{version}"'
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


@require_safe
def share(request: HttpRequest, org: str, slug: str) -> HttpResponse:
    """Texts and links to pass a campaign on with, for everybody."""
    campaign = visible_campaign(request, org, slug)
    source = source_of(request.GET)
    partner = partner_called(campaign, source)
    return render(
        request,
        "campaigns/public/share.html",
        {
            "campaign": campaign,
            "organization": campaign.organization,
            "share": share_of(campaign, source if partner is not None else ""),
            "partner": partner,
        },
    )
