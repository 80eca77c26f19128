"""Stories before a reviewer. To read one is a deed: it takes a press of a button, and is written down."""

import base64
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.actions.story_reviews import approve_story, ask_for_changes, decline_story, read_story
from campaigns.errors import ActionRefused
from campaigns.forms.story_review import VERBS, StoryReviewForm
from campaigns.models import Story, StoryState
from campaigns.permissions import ConsoleRequest, console
from campaigns.stories import vault
from campaigns.stories.checks import Finding, check
from campaigns.stories.consents import holding
from campaigns.stories.content import NAMED, Words, opened_picture
from campaigns.views.console.page import page_of, query_without_page, reason_of, show
from contacts.clock import today
from contacts.models import AuditEntry, Organization
from policy.help import has_help

# What a reviewer may look for, in the order of the list's tabs.
_STATES = [StoryState.WAITING, StoryState.CHANGES, StoryState.APPROVED, StoryState.DECLINED]
_READ = {StoryState.WAITING, StoryState.APPROVED, StoryState.DECLINED, StoryState.CHANGES}


def story_crumbs(organization: Organization) -> list[tuple[object, str]]:
    return [(_("Stories"), reverse("campaigns:story-list", args=[organization.slug]))]


@require_safe
@console("stories")
def story_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Stories of one state, the longest waiting first; without a word of them."""
    state = request.GET.get("state", StoryState.WAITING)
    if state not in _STATES:
        raise Http404
    every = Story.objects.light().filter(organization=organization)
    rows = every.filter(state=state).select_related("issue", "division", "campaign")
    order = "-decided_at" if state in {StoryState.APPROVED, StoryState.DECLINED} else "confirmed_at"
    page = page_of(request, rows.order_by(order, "pk"))
    context = {
        "page": page,
        "query": query_without_page(request),
        "state": state,
        "states": [(one.value, one.label, every.filter(state=one).count()) for one in _STATES],
        "waits": state == StoryState.WAITING,
        "wall_url": reverse("campaigns:stories", args=[organization.slug]),
    }
    return show(request, organization, "campaigns/console/story_list.html", "stories", context)


def _story(organization: Organization, story_id: UUID) -> Story:
    """A story of an organisation that a reviewer may read. Raises Http404."""
    found = Story.objects.select_related("organization", "issue", "division", "campaign", "key")
    return get_object_or_404(found, organization=organization, pk=story_id, state__in=_READ)


@require_http_methods(["GET", "HEAD", "POST"])
@console("stories")
def story_read(request: ConsoleRequest, organization: Organization, story_id: UUID) -> HttpResponse:
    """GET says what the story is about; POST opens it, and writes down who read it."""
    story = _story(organization, story_id)
    if request.method == "POST":
        return _open(request, organization, story)
    return show(
        request, organization, "campaigns/console/story_closed.html", "stories", _facts(organization, story)
    )


def _facts(organization: Organization, story: Story) -> dict[str, object]:
    readings = AuditEntry.objects.filter(
        organization=organization, object_kind="story", object_id=str(story.pk)
    )
    return {
        "story": story,
        "agreed": holding(story),
        "is_seen": story.is_seen(today()),
        "log": readings.select_related("actor").order_by("-id")[:20],
        "crumbs": story_crumbs(organization),
    }


def _open(
    request: ConsoleRequest,
    organization: Organization,
    story: Story,
    form: StoryReviewForm | None = None,
) -> HttpResponse:
    """The story with what the two checks mark in it, and what can be decided."""
    try:
        words = read_story(story=story, actor=request.user)
    except vault.Unreadable:
        messages.error(
            request, _("This story can’t be opened: its key is not among those of this installation.")
        )
        return redirect("campaigns:story-list", organization.slug)
    findings = _findings(organization, story, words.text, words)
    picture = ""
    if story.picture is not None:
        # Inside the page: an address of its own could be opened without a reading being written down.
        picture = "data:image/jpeg;base64," + base64.b64encode(opened_picture(story)).decode()
    black = {f"{start}-{end}" for start, end in words.blacked}
    chosen = set(request.POST.getlist("black")) if form else black
    context = {
        **_facts(organization, story),
        "words": words,
        "signature": words.signature,
        "shown_as": NAMED[words.shown_as],
        "notes": words.speaks_of,
        "pieces": _pieces(words.text, findings),
        "checks": [
            (name, [(n, one, f"{one.start}-{one.end}" in chosen) for n, one in findings if one.check == kind])
            for kind, name in (("identifying", _("Who it is about")), ("safety", _("Safe messaging")))
        ],
        "earlier": sorted(black - {f"{one.start}-{one.end}" for _n, one in findings}),
        "picture": picture,
        # Read aloud and found by search engines, like the text.
        "picture_findings": [one for _n, one in _findings(organization, story, words.picture_alt, words)],
        "form": form or StoryReviewForm(text=words.text),
        "can_approve": story.state == StoryState.WAITING,
        "can_hand_back": story.state in {StoryState.WAITING, StoryState.APPROVED},
    }
    status = 422 if form and form.errors else 200
    return show(request, organization, "campaigns/console/story.html", "stories", context, status)


def _findings(organization: Organization, story: Story, text: str, words: Words) -> list[tuple[int, Finding]]:
    """What the checks mark in a text, numbered from 1."""
    # Their own name is no slip where it is to stand below.
    name = "" if story.with_name and words.shown_as == "name" else words.name
    found = check(text, name=name, has_helpline=has_help(organization))
    return list(enumerate(found, 1))


def _pieces(text: str, findings: list[tuple[int, Finding]]) -> list[tuple[str, int]]:
    """The text in pieces, each with the number of the finding it is, or 0."""
    pieces: list[tuple[str, int]] = []
    at = 0
    for number, one in findings:
        if one.start >= at and one.end > one.start:
            pieces += [(text[at : one.start], 0), (text[one.start : one.end], number)]
            at = one.end
    return [*pieces, (text[at:], 0)]


@require_POST
@console("stories")
def story_decide(request: ConsoleRequest, organization: Organization, story_id: UUID) -> HttpResponse:
    """Approve a story, hand it back, or decline it, as it was read."""
    story = _story(organization, story_id)
    verb = request.POST.get("verb", "")
    revision = request.POST.get("revision", "")
    if verb not in VERBS or not revision.isdecimal() or len(revision) > 9:
        raise Http404
    try:
        words = read_story(story=story, actor=request.user)
    except vault.Unreadable:
        raise Http404 from None
    form = StoryReviewForm(request.POST, text=words.text, verb=verb)
    if not form.is_valid():
        return _open(request, organization, story, form)
    answer, actor, read = form.cleaned_data["answer"], request.user, int(revision)
    try:
        if verb == "approve":
            black = form.spans(request.POST.getlist("black"))
            terms = request.POST.get("terms", "")
            approve_story(story=story, actor=actor, revision=read, terms=terms, black=black)
            told = _("The story is approved, and its writer is told by mail.")
        elif verb == "changes":
            ask_for_changes(story=story, actor=actor, revision=read, answer=answer)
            told = _("The story is back with its writer, who is told by mail what to change.")
        else:
            decline_story(story=story, actor=actor, revision=read, answer=answer)
            told = _("The story is declined, and its writer is told why by mail.")
    except ActionRefused as fact:
        messages.error(request, reason_of(fact))
    else:
        messages.success(request, told)
    return redirect("campaigns:story-list", organization.slug)
