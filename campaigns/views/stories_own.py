"""A writer's own pages of their story, behind a signed link: confirm, read, change, agree, take back."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns import limits
from campaigns.actions.stories import (
    CHANGEABLE,
    change_agreed,
    change_story,
    confirm_story,
    is_confirmable,
    withdraw_story,
)
from campaigns.actions.supporters import never_write_again
from campaigns.errors import ActionRefused, BadMove, LinkSpent
from campaigns.forms.story import AgreeForm, ChangeForm
from campaigns.models import Story
from campaigns.permissions import zone_of
from campaigns.stories import vault
from campaigns.stories.consents import holding
from campaigns.stories.content import opened, opened_picture
from campaigns.stories.held import story_data
from campaigns.stories.links import manage_token, read_confirm, read_manage
from campaigns.stories.vault import Unreadable
from campaigns.views.signed_links import private
from contacts.addresses import canonical_email
from contacts.clock import today

View = Callable[..., HttpResponse]


def with_story(view: View) -> View:
    """Give a view the story its link is for; a link that opens nothing gets a kind page."""

    @private
    @wraps(view)
    def respond(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        try:
            story = read_manage(token)
        except ActionRefused as fact:
            return _spent(request, fact)
        with timezone.override(zone_of(story.organization)):
            try:
                return view(request, story, token=token, **kwargs)
            except Unreadable:
                # Its key is gone: taking it back is all that is left.
                return _page(request, story, token, "story_take_back")

    return respond


def _spent(request: HttpRequest, fact: ActionRefused) -> HttpResponse:
    context = {"why": fact.message, "messages": ()}
    return render(request, "campaigns/public/story_spent.html", context, status=410)


def _page(
    request: HttpRequest, story: Story, token: str, name: str, status: int = 200, **context: Any
) -> HttpResponse:
    shared = {"story": story, "organization": story.organization, "token": token}
    return render(request, f"campaigns/public/{name}.html", {**shared, **context}, status=status)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what is confirmed, POST confirms: programs that open every link in a mail change nothing."""
    try:
        if request.method == "POST":
            story = confirm_story(token=token)
            messages.success(request, _t("Thank you. Your story is confirmed, and a reviewer reads it next."))
            return redirect("campaigns:story-own", token=manage_token(story))
        story = read_confirm(token)
        if not is_confirmable(story):
            raise LinkSpent
    except ActionRefused as fact:
        return _spent(request, fact)
    try:
        words = opened(story)
    except Unreadable:
        return _page(request, story, manage_token(story), "story_take_back")
    return _page(request, story, token, "story_confirm", words=words)


@require_safe
@with_story
def own(request: HttpRequest, story: Story, *, token: str) -> HttpResponse:
    """Where the story is, what it says and what others see of it, and all that can be done with it."""
    words = None if story.is_gone() else opened(story)
    return _page(
        request,
        story,
        token,
        "story_own",
        words=words,
        notes=words.speaks_of if words else [],
        can_change=story.state in CHANGEABLE,
        is_seen=story.is_seen(today()),
        agreed=holding(story),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@with_story
def change(request: HttpRequest, story: Story, *, token: str) -> HttpResponse:
    """Write the story anew; it goes back to the reviewer."""
    if story.state not in CHANGEABLE:
        return redirect("campaigns:story-own", token=token)
    before = opened(story)
    names = ("text", "notes", "picture_alt", "shown_as", "name")
    form = ChangeForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        initial={name: getattr(before, name) for name in names},
    )
    if story.picture is None:
        del form.fields["drop_picture"]
    # Counted before a picture is looked at.
    if request.FILES and not limits.may_sign(
        limits.client_address(request), f"story-{story.organization_id}"
    ):
        form.files.clear()
        form.add_error("picture", _t("Too many requests"))
    if request.method == "POST" and form.is_valid():
        words = form.words(email=before.email, postal_code=before.postal_code)
        try:
            change_story(
                story=story,
                words=words,
                picture=form.cleaned_data["picture"],
                drop_picture=form.cleaned_data.get("drop_picture", False),
            )
        except BadMove:
            messages.error(request, str(BadMove.message))
        else:
            messages.success(request, _t("Saved. A reviewer reads it before anybody else does."))
        return redirect("campaigns:story-own", token=token)
    return _page(
        request, story, token, "story_change", 422 if form.errors else 200, form=form, answer=before.answer
    )


@require_http_methods(["GET", "HEAD", "POST"])
@with_story
def agree(request: HttpRequest, story: Story, *, token: str) -> HttpResponse:
    """Who may read it, and until when. Less holds at once."""
    if story.state not in CHANGEABLE:
        return redirect("campaigns:story-own", token=token)
    where = ("public" if story.with_name else "unnamed") if story.is_public else "none"
    form = AgreeForm(
        request.POST if request.method == "POST" else None,
        initial={"where": where, "in_briefs": story.in_briefs},
        until=story.until,
    )
    if request.method == "POST" and form.is_valid():
        try:
            if change_agreed(story=story, agreed=form.agreed("their own page")):
                messages.success(request, _t("Saved. It holds from now on."))
            else:
                messages.success(request, _t("Nothing was changed."))
        except BadMove:
            messages.error(request, str(BadMove.message))
        return redirect("campaigns:story-own", token=token)
    return _page(request, story, token, "story_agree", 422 if form.errors else 200, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@with_story
def take_back(request: HttpRequest, story: Story, *, token: str) -> HttpResponse:
    """Take the story back, after a page that says what will happen."""
    if request.method == "POST":
        try:
            withdraw_story(story=story)
        except BadMove:
            messages.error(request, str(BadMove.message))
        return redirect("campaigns:story-own", token=token)
    if story.is_gone():
        return redirect("campaigns:story-own", token=token)
    return _page(request, story, token, "story_take_back")


@require_http_methods(["GET", "HEAD", "POST"])
@with_story
def stop(request: HttpRequest, story: Story, *, token: str) -> HttpResponse:
    """Never write to this address again, from any organisation here."""
    if story.is_gone():
        return redirect("campaigns:story-own", token=token)
    if request.method == "POST":
        never_write_again(canonical=canonical_email(opened(story).email))
    return _page(request, story, token, "story_stop", done=request.method == "POST")


@require_POST
@with_story
def data(request: HttpRequest, story: Story, *, token: str) -> HttpResponse:
    """All that is kept of the story, as one file."""
    if story.is_gone():
        raise Http404
    content = json.dumps(story_data(story), ensure_ascii=False, indent=2, default=str)
    return HttpResponse(
        content,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="my-story.json"'},
    )


@require_safe
@with_story
def own_picture(request: HttpRequest, story: Story, *, token: str) -> HttpResponse:
    try:
        return HttpResponse(opened_picture(story), content_type="image/jpeg")
    except vault.Unreadable:
        raise Http404 from None
