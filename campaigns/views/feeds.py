"""For other programs: an organisation's calendar, for whoever has its secret address; a campaign's news, for all."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import override
from django.views.decorators.http import require_safe

from campaigns.reading import asked_language
from campaigns.sharing import feed_url, page_url
from campaigns.views.public import visible_campaign
from contacts.clock import today
from policy.calendar import calendar_file, organization_of
from policy.markdown import to_html
from policy.models import MeasureDate
from policy.xml_text import carriable

# What is longer past than this is of no use in a calendar.
_KEPT = timedelta(days=366)
# More than any reader shows; older news stands on the page.
_NEWS = 50


@require_safe
def campaign_feed(request: HttpRequest, org: str, slug: str) -> HttpResponseBase:
    """A campaign's news as Atom (RFC 4287), newest first."""
    campaign = visible_campaign(request, org, slug)
    # Readers of feeds name no language: the address does, or it is the campaign's own.
    asked = asked_language(request) or campaign.language
    words = campaign.words_in([asked])
    page = page_url(campaign, language=words.language)
    updates = list(campaign.updates.published().prefetch_related("translations")[:_NEWS])
    feed = Atom1Feed(
        title=carriable(words.title),
        link=page,
        description=carriable(words.ask),
        subtitle=carriable(words.ask),
        language=words.language,
        author_name=carriable(campaign.organization.name),
        feed_url=settings.SITE_URL.rstrip("/") + feed_url(campaign, words.language),
        feed_guid=f"urn:uuid:{campaign.pk}",
    )
    for update in updates:
        told = update.words_in([asked])
        feed.add_item(
            title=carriable(told.title),
            link=f"{page}#news-{update.pk}",
            description=carriable(to_html(told.text)),
            unique_id=f"urn:uuid:{update.pk}",
            pubdate=update.published_at,
            updateddate=update.edited_at or update.published_at,
        )
    return atom(request, feed)


def atom(request: HttpRequest, feed: Atom1Feed) -> HttpResponseBase:
    """A feed as it is handed out: for five minutes, and not again to who has it."""
    response = HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
    response["Cache-Control"] = "public, max-age=300"
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()}"'
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


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
