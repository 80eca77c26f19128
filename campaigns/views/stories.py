"""Stories for anybody to read, and the page to tell one. No cookie is set, and nothing is kept by browsers or between:
what was taken back must be nowhere."""

from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _t
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import limits
from campaigns.actions.stories import resend_story_links, tell_story
from campaigns.forms.letter import AddressForm
from campaigns.forms.story import StoryForm
from campaigns.models import Campaign, Story
from campaigns.same_origin import came_from_elsewhere
from campaigns.stories import vault
from campaigns.stories.consents import PRIVATE
from campaigns.stories.content import opened_picture
from campaigns.stories.places import place_of
from campaigns.stories.wall import issues_of, places_of, public_stories, read
from campaigns.views.help import without_trace
from campaigns.views.signed_links import View
from contacts.models import Organization
from policy.models import Issue
from policy.told import words_of
from policy.xml_text import carriable

_A_PAGE = 12
_FEED = 50
_EMBEDDED = 5


def not_archived(view: View) -> View:
    """Ask search engines to keep no copy: what was taken back must be nowhere."""

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noarchive"
        return response

    return respond


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _chosen(request: HttpRequest, name: str, offered: list[Any]) -> Any:
    """Which of those offered the address asks for."""
    asked = _as_id(request.GET.get(name, ""))
    return next((one for one in offered if one.pk == asked), None)


@require_safe
@without_trace
@not_archived
def wall(request: HttpRequest, org: str) -> HttpResponse:
    """The stories of an organisation, by issue and place."""
    organization = get_object_or_404(Organization, slug=org, is_partner_only=False)
    every = public_stories(organization)
    issues, places = issues_of(every), places_of(every)
    issue, place = _chosen(request, "issue", issues), _chosen(request, "place", places)
    asked = public_stories(organization, issue and issue.pk, place and place.pk)
    page = Paginator(asked, _A_PAGE).get_page(request.GET.get("page"))
    query = "".join(f"{name}={one.pk}&" for name, one in (("issue", issue), ("place", place)) if one)
    context = {
        "organization": organization,
        "stories": read(page),
        "page": page,
        "query": query,
        "issues": [(one, words_of(one, organization)["title"]) for one in issues],
        "places": places,
        "issue": issue,
        "place": place,
        "help_place": place,
        "can_tell": vault.is_ready(),
        # Messages are kept in a cookie or a session, and neither is opened here.
        "messages": (),
    }
    return render(request, "campaigns/public/stories.html", context)


def _public(org: str, story_id: UUID) -> Story:
    """A story that anybody may read. Raises Http404."""
    organization = get_object_or_404(Organization, slug=org, is_partner_only=False)
    return get_object_or_404(public_stories(organization), pk=story_id)


@require_safe
@without_trace
@not_archived
def story(request: HttpRequest, org: str, story_id: UUID) -> HttpResponse:
    """One story."""
    row = _public(org, story_id)
    found = read([row])
    if not found:
        raise Http404
    context = {
        "organization": row.organization,
        "shown": found[0],
        "help_place": row.division,
        "can_tell": vault.is_ready(),
        "messages": (),
    }
    return render(request, "campaigns/public/story.html", context)


@require_safe
@without_trace
@not_archived
def picture(request: HttpRequest, org: str, story_id: UUID) -> HttpResponse:
    try:
        return HttpResponse(opened_picture(_public(org, story_id)), content_type="image/jpeg")
    except vault.Unreadable:
        raise Http404 from None


@require_safe
@without_trace
@not_archived
def feed(request: HttpRequest, org: str) -> HttpResponse:
    """The newest stories as Atom (RFC 4287); what readers should choose to read stands behind its link alone."""
    organization = get_object_or_404(Organization, slug=org, is_partner_only=False)
    site = settings.SITE_URL.rstrip("/")
    stories = read(public_stories(organization)[:_FEED])
    title = _t("Stories told to %(organization)s") % {"organization": organization.name}
    atom = Atom1Feed(
        title=carriable(title),
        link=site + reverse("campaigns:stories", args=[org]),
        description="",
        language=organization.language,
        author_name=carriable(organization.name),
        feed_url=site + reverse("campaigns:stories-feed", args=[org]),
        feed_guid=f"urn:uuid:{organization.pk}",
    )
    for shown in stories:
        text = "" if shown.notes else "".join(f"<p>{escape(part)}</p>" for part in shown.paragraphs)
        by = shown.by or _t("Somebody")
        place = shown.story.division.name if shown.story.division else ""
        atom.add_item(
            title=carriable(", ".join(part for part in (by, place) if part)),
            link=site + reverse("campaigns:story", args=[org, shown.story.pk]),
            description=carriable(text),
            unique_id=f"urn:uuid:{shown.story.pk}",
            pubdate=shown.story.approved_at,
            updateddate=shown.story.approved_at,
        )
    response = HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)
    return response


@require_safe
@xframe_options_exempt
@without_trace
def embed(request: HttpRequest, org: str) -> HttpResponse:
    """The newest stories for the pages of sites that the organisation named, and nobody else's."""
    organization = get_object_or_404(Organization, slug=org, is_partner_only=False)
    every = public_stories(organization)
    issue = _chosen(request, "issue", issues_of(every))
    place = _chosen(request, "place", places_of(every))
    asked = public_stories(organization, issue and issue.pk, place and place.pk)
    context = {
        "organization": organization,
        "stories": read(asked[:_EMBEDDED]),
        "page_url": settings.SITE_URL.rstrip("/") + reverse("campaigns:stories", args=[org]),
        "help_place": place,
        "can_tell": vault.is_ready(),
        "messages": (),
    }
    response = render(request, "campaigns/public/stories_embed.html", context)
    sites = organization.embed_origins
    response._csp_replace = {"frame-ancestors": sites or ["'none'"]}  # type: ignore[attr-defined]  # django-csp's
    response["X-Robots-Tag"] = "noindex"
    return response


def _campaign(request: HttpRequest, organization: Organization) -> Campaign | None:
    slug = request.GET.get("campaign", "")
    public = Campaign.objects.of(organization).public().select_related("issue")
    return public.filter(slug=slug).first() if slug and "\x00" not in slug else None


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@without_trace
def tell(request: HttpRequest, org: str) -> HttpResponse:
    """Tell a story. Nothing in it is kept anywhere but sealed; a mail asks to confirm it."""
    organization = get_object_or_404(Organization, slug=org, is_partner_only=False)
    if not vault.is_ready():
        raise Http404
    campaign = _campaign(request, organization)
    about = Campaign.objects.of(organization).public().filter(is_test=False).values("issue")
    issues = [] if campaign else list(Issue.objects.filter(pk__in=about))
    form = StoryForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        organization=organization,
        issues=issues,
    )
    if request.method == "POST" and came_from_elsewhere(request, may_hide=True):
        raise PermissionDenied
    # Counted before a picture is looked at. What somebody wrote is never thrown away behind their back.
    is_one_too_many = request.method == "POST" and not limits.may_sign(
        limits.client_address(request), f"story-{organization.pk}"
    )
    if is_one_too_many:
        form.files.clear()
        form.add_error(None, _t("Please wait a few minutes and try again."))
    if request.method == "POST" and form.is_valid():
        _tell(organization, campaign, issues, form)
        return redirect("campaigns:story-told", org=org)
    context = {
        "organization": organization,
        "campaign": campaign,
        "form": form,
        "private_words": PRIVATE,
        "messages": (),
    }
    status = 429 if is_one_too_many else 422 if form.errors else 200
    return render(request, "campaigns/public/story_tell.html", context, status=status)


def _tell(
    organization: Organization, campaign: Campaign | None, issues: list[Issue], form: StoryForm
) -> None:
    data = form.cleaned_data
    code = data["postal_code"]
    tell_story(
        organization=organization,
        campaign=campaign,
        issue=next((one for one in issues if str(one.pk) == data.get("issue")), None),
        words=form.words(email=data["email"], postal_code=code),
        agreed=form.agreed("the page to tell a story"),
        division=place_of(organization.country, code) if code else None,
        picture=data["picture"],
    )


@require_safe
@without_trace
def told(request: HttpRequest, org: str) -> HttpResponse:
    """What comes next: a mail to confirm."""
    organization = get_object_or_404(Organization, slug=org, is_partner_only=False)
    return render(request, "campaigns/public/story_told.html", {"organization": organization, "messages": ()})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@without_trace
def send_link(request: HttpRequest, org: str) -> HttpResponse:
    """Mail somebody the link of their story again. The answer is the same whether there is one or not."""
    organization = get_object_or_404(Organization, slug=org, is_partner_only=False)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and came_from_elsewhere(request, may_hide=True):
        raise PermissionDenied
    done = request.method == "POST" and form.is_valid()
    if done and limits.may_sign(limits.client_address(request), f"story-link-{organization.pk}"):
        resend_story_links(organization=organization, email=form.cleaned_data["email"])
    context = {"organization": organization, "form": form, "done": done, "messages": ()}
    return render(request, "campaigns/public/story_link.html", context, status=422 if form.errors else 200)
