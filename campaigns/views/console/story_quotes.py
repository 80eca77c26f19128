"""Passages of stories for briefs: of approved stories whose writers agreed to be quoted, and of no others."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions.story_quotes import choose_passage, drop_passage
from campaigns.actions.story_reviews import read_story
from campaigns.errors import ActionRefused
from campaigns.forms.story_quote import StoryQuoteForm
from campaigns.models import Campaign, CampaignState, Story, StoryQuote
from campaigns.permissions import ConsoleRequest, console
from campaigns.stories import vault
from campaigns.stories.content import opened
from campaigns.stories.quotes import passage, quotable_stories
from campaigns.views.console.page import page_of, query_without_page, reason_of, show
from contacts.models import Organization


def _crumbs(organization: Organization) -> list[tuple[object, str]]:
    return [(_("Briefs"), reverse("campaigns:brief-list", args=[organization.slug]))]


@require_safe
@console("briefs")
def quote_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """The passages that briefs print, by campaign, and the stories that may be quoted."""
    chosen = StoryQuote.objects.filter(campaign__organization=organization).select_related(
        "campaign", "story__key", "story__division", "chosen_by"
    )
    chosen = chosen.defer("story__picture")
    quotable = set(
        quotable_stories()
        .filter(organization=organization, quotes__isnull=False)
        .values_list("pk", flat=True)
    )
    stories = quotable_stories().light().filter(organization=organization)
    page = page_of(
        request,
        stories.select_related("campaign", "issue", "division").order_by("-approved_at", "pk"),
    )
    context = {
        "rows": [(row, _text(row, quotable)) for row in chosen.order_by("campaign__title", "chosen_at")],
        "page": page,
        "query": query_without_page(request),
        "crumbs": _crumbs(organization),
    }
    return show(request, organization, "campaigns/console/story_quotes.html", "briefs", context)


def _text(row: StoryQuote, quotable: set[UUID]) -> str:
    """The words of a passage; empty where no brief prints them any more."""
    if row.story_id not in quotable or row.revision != row.story.revision:
        return ""
    try:
        return passage(opened(row.story), row.start, row.end)
    except vault.Unreadable:
        return ""


@require_POST
@console("briefs")
def quote_story(request: ConsoleRequest, organization: Organization, story_id: UUID) -> HttpResponse:
    """Open a story to choose from, which is written down; with a passage, choose it."""
    found = quotable_stories().select_related("organization", "campaign", "division", "issue", "key")
    story = get_object_or_404(found, organization=organization, pk=story_id)
    campaigns = Campaign.objects.of(organization).exclude(state=CampaignState.ARCHIVED)
    sent = request.POST if "passage" in request.POST else None
    form = StoryQuoteForm(
        sent, initial={"campaign": story.campaign_id}, campaigns=campaigns.order_by("-created_at")
    )
    if form.is_bound and form.is_valid():
        try:
            choose_passage(
                story=story,
                campaign=form.cleaned_data["campaign"],
                typed=form.cleaned_data["passage"],
                actor=request.user,
            )
        except ActionRefused as fact:
            form.add_error("passage", reason_of(fact))
        else:
            messages.success(request, _("Briefs asked for from now on may print it."))
            return redirect("campaigns:story-quotes", organization.slug)
    return _opened(request, organization, story, form, campaigns)


def _opened(
    request: ConsoleRequest,
    organization: Organization,
    story: Story,
    form: StoryQuoteForm,
    campaigns: QuerySet[Campaign],
) -> HttpResponse:
    try:
        words = read_story(story=story, actor=request.user)
    except vault.Unreadable:
        raise Http404 from None
    quotes = reverse("campaigns:story-quotes", args=[organization.slug])
    context = {
        "story": story,
        "text": words.shown(),
        "signature": words.signature if story.with_name else "",
        "form": form,
        "has_campaigns": campaigns.exists(),
        "crumbs": [*_crumbs(organization), (_("Passages of stories"), quotes)],
    }
    status = 422 if form.errors else 200
    return show(request, organization, "campaigns/console/story_quote.html", "briefs", context, status)


@require_POST
@console("briefs")
def quote_drop(request: ConsoleRequest, organization: Organization, quote_id: int) -> HttpResponse:
    """Print a passage in no brief from now on."""
    own = StoryQuote.objects.filter(campaign__organization=organization).select_related("story__organization")
    drop_passage(quote=get_object_or_404(own, pk=quote_id), actor=request.user)
    messages.success(request, _("Briefs asked for from now on don’t print it."))
    return redirect("campaigns:story-quotes", organization.slug)
