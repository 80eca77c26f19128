"""What came of campaigns, for anybody: the page of one outcome, all of an organisation, and its feed."""

from datetime import UTC, datetime, time

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from campaigns.kept_pages import keep
from campaigns.models import CampaignState, Outcome, published_outcome
from campaigns.reports import campaign_numbers, people_of
from campaigns.sharing import outcome_picture_url, outcome_picture_words, outcome_url
from campaigns.views.console.page import page_of, query_without_page
from campaigns.views.feeds import atom
from campaigns.views.public import visible_campaign
from campaigns.views.share import drawn
from contacts.models import Organization
from policy.markdown import to_html
from policy.models import MeasureEvent
from policy.moved import moves_of
from policy.told import claims_in, milestones_of, said_of, words_of
from policy.words import partly_in
from policy.xml_text import carriable

_IN_FEED = 50


def visible_outcome(request: HttpRequest, org: str, slug: str) -> Outcome:
    """A published outcome of a campaign that this visitor may see, or of an archived one. Raises Http404."""
    kept = Outcome.objects.public().filter(
        campaign__organization__slug=org, campaign__slug=slug, campaign__state=CampaignState.ARCHIVED
    )
    outcome = kept.first() or published_outcome(visible_campaign(request, org, slug))
    if outcome is None:
        raise Http404
    return outcome


def outcome_context(outcome: Outcome) -> dict[str, object]:
    """Everything that the page of an outcome says, in a fixed number of queries."""
    campaign = outcome.campaign
    words = campaign.words
    people = list(outcome.legislators.values_list("pk", flat=True))
    events = MeasureEvent.objects.standing().filter(pk__in=outcome.events.values("pk"))
    evidence = said_of(outcome.evidence.all(), campaign.organization)
    moves = []
    if campaign.measure and people:
        moves = moves_of(campaign.measure, campaign.began_on, outcome.on, people)
    return {
        "outcome": outcome,
        "notice": partly_in(outcome.title, words.ask, words.outcome_text, outcome.lesson),
        "campaign": campaign,
        "organization": campaign.organization,
        "numbers": campaign_numbers(campaign),
        "changed": to_html(words.outcome_text or outcome.changed),
        "learned": to_html(outcome.learned),
        "milestones": milestones_of(
            events.select_related("measure").order_by("on", "id"), campaign.organization
        ),
        "moves": moves,
        "evidence": evidence,
        "evidence_notice": partly_in(*claims_in(evidence)),
        "corrections": outcome.corrections.all(),
    }


@require_safe
def outcome_page(request: HttpRequest, org: str, slug: str) -> HttpResponse:
    outcome = visible_outcome(request, org, slug)
    context = {
        **outcome_context(outcome),
        "issue": words_of(outcome.campaign.issue, outcome.campaign.organization),
        "page_url": outcome_url(outcome),
        "picture_url": outcome_picture_url(outcome),
    }
    response = render(request, "campaigns/public/outcome.html", context)
    keep(request, response)
    return response


@require_safe
def picture(request: HttpRequest, org: str, slug: str) -> HttpResponseBase:
    """What came of a campaign as a PNG for other sites."""
    return drawn(request, outcome_picture_words(visible_outcome(request, org, slug)))


@require_safe
def wins_start(request: HttpRequest) -> HttpResponse:
    """The organisations here that have told what came of a campaign; straight to the only one."""
    told = Outcome.objects.public().order_by().values("campaign__organization")
    organizations = list(Organization.objects.filter(pk__in=told).order_by("name")[:50])
    if len(organizations) == 1:
        return redirect("campaigns:wins", org=organizations[0].slug)
    return render(request, "campaigns/public/wins_start.html", {"organizations": organizations})


@require_safe
def wins(request: HttpRequest, org: str) -> HttpResponse:
    """What came of an organisation's campaigns, newest first: what was lost as well."""
    organization = get_object_or_404(Organization, slug=org, is_partner_only=False)
    page = page_of(request, Outcome.objects.public().of(organization))
    people = people_of(outcome.campaign for outcome in page)
    context = {
        "organization": organization,
        "page": page,
        "query": query_without_page(request),
        "notice": partly_in(*(part for one in page for part in (one.title, one.campaign.words.ask))),
        "rows": [(outcome, people.get(outcome.campaign_id, 0)) for outcome in page],
        "page_url": settings.SITE_URL.rstrip("/") + reverse("campaigns:wins", args=[org]),
    }
    response = render(request, "campaigns/public/wins.html", context)
    keep(request, response)
    return response


@require_safe
def wins_feed(request: HttpRequest, org: str) -> HttpResponseBase:
    """An organisation's outcomes as Atom (RFC 4287), newest first."""
    organization = get_object_or_404(Organization, slug=org, is_partner_only=False)
    # Kept for everybody alike, so in one language, whoever asks first.
    with override(organization.language):
        return atom(request, _feed(organization))


def _feed(organization: Organization) -> Atom1Feed:
    org = organization.slug
    site = settings.SITE_URL.rstrip("/")
    title = _("What came of the campaigns of %(organization)s") % {"organization": organization.name}
    feed = Atom1Feed(
        title=carriable(title),
        link=site + reverse("campaigns:wins", args=[org]),
        description=carriable(title),
        language=organization.language,
        author_name=carriable(organization.name),
        feed_url=site + reverse("campaigns:wins-feed", args=[org]),
        feed_guid=f"urn:uuid:{organization.pk}",
    )
    for outcome in Outcome.objects.public().of(organization)[:_IN_FEED]:
        feed.add_item(
            title=carriable(f"{outcome.get_result_display()}: {outcome.title_in(organization.language)}"),
            link=outcome_url(outcome),
            description=carriable(to_html(outcome.changed)),
            unique_id=f"urn:uuid:{outcome.pk}",
            pubdate=outcome.published_at or datetime.combine(outcome.on, time(), UTC),
            updateddate=outcome.edited_at or outcome.published_at,
        )
    return feed
