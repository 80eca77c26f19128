"""Writing one's own letter: edit with prompts, see the real thing, check, send."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.actions.letters import TextRefused, send_letters, write_all
from campaigns.calls import can_call
from campaigns.forms.letter import LetterForm
from campaigns.forms.together import Together
from campaigns.inbound.address import answers_by_us
from campaigns.letters.advice import length_advice
from campaigns.letters.compose import possible_values, prompts, suggested_body
from campaigns.letters.similarity import similarity
from campaigns.models import LetterVersion, Pledge
from campaigns.sharing import share_of
from campaigns.views.late_letters import NAMED, LateWords, late_words
from campaigns.views.own_letters import OwnLetter, editable_letters_of, leaving_letters_of, said_once
from campaigns.views.signed_links import with_pledge


@dataclass
class Draft:
    """The letters of one version that can still be edited, with their form."""

    version: LetterVersion
    letters: list[OwnLetter]
    suggested: str
    form: LetterForm
    talking_points: str

    @property
    def offices(self) -> str:
        return ", ".join(own.text.to for own in self.letters)

    @property
    def prompts(self) -> list[str]:
        return [line.strip() for line in self.talking_points.splitlines() if line.strip()]

    def take_form(self) -> None:
        """Show the letters with what the form holds, without storing it."""
        for own in self.letters:
            own.letter.subject = " ".join(str(self.form["subject"].value() or "").split())
            own.letter.body = str(self.form["body"].value() or "").replace("\r\n", "\n").strip()

    @property
    def advice(self) -> list[str]:
        """How long it should be, by the ways it may go."""
        letters = [own.letter for own in self.letters]
        planned = {letter.channel for letter in letters if letter.send_after}
        return length_advice(letters[0].pledge.campaign, self.suggested, planned)

    @property
    def own_words(self) -> int:
        """How much is the supporter's own, in per cent."""
        return round((1 - similarity(self.letters[0].letter.body, self.suggested)) * 100)


def _drafts(pledge: Pledge, data: dict[str, str] | None) -> list[Draft]:
    """The letters that can still be edited; those that `data` says nothing of have a form that is not bound.

    Fields are named by their version, not by their place on the page: which letters can be edited changes while
    somebody writes, and words must never end in another letter.
    """
    by_version: dict[object, list[OwnLetter]] = {}
    for own in editable_letters_of(pledge):
        by_version.setdefault(own.letter.version_id, []).append(own)
    drafts = []
    for letters in by_version.values():
        first = letters[0].letter
        version = first.version
        choices = possible_values(pledge, pledge.campaign, version.language)
        values = choices[0]
        # What the letter was written with counts as suggested, as it was then.
        texts = [suggested_body(version, one) for one in choices]
        suggested = max(texts, key=lambda text: similarity(first.body, text))
        prefix = f"{NAMED}{version.pk}"
        form = LetterForm(
            data if data is not None and f"{prefix}-body" in data else None,
            prefix=prefix,
            initial={"subject": first.subject, "body": first.body},
        )
        for field in form.fields.values():
            # Browsers check the spelling of the letter's language, not of the page's.
            field.widget.attrs |= {"lang": version.language, "dir": "auto", "spellcheck": "true"}
        drafts.append(Draft(version, letters, suggested, form, prompts(version, values)))
    return drafts


def _offer_comment(pledge: Pledge, drafts: list[Draft]) -> bool:
    """Start letters that nobody has touched with what the supporter wrote on signing; nothing is stored.

    Gives whether any was. Only the editor shows it: a letter sent untouched stays as suggested.
    """
    words = pledge.comment.replace("\r\n", "\n").strip()
    offered = False
    for draft in drafts:
        body = draft.letters[0].letter.body
        if words and words not in body and body.strip() == draft.suggested.strip():
            draft.form.initial["body"] = f"{words}\n\n{body}"
            draft.take_form()
            offered = True
    return offered


def _context(pledge: Pledge, token: str, drafts: list[Draft]) -> dict[str, object]:
    return {
        "pledge": pledge,
        "campaign": pledge.campaign,
        "organization": pledge.campaign.organization,
        "token": token,
        "drafts": drafts,
        "some_vacant": any(own.is_for_nobody for draft in drafts for own in draft.letters),
        "answers_by_us": answers_by_us(),
    }


def _by_way(letters: list[OwnLetter]) -> dict[str, bool]:
    """Whether some letters leave at an hour of their office, and whether people carry some."""
    carried = [own.known.is_carried for own in letters]
    return {"some_by_mail": not all(carried) or not carried, "some_carried": any(carried)}


@require_http_methods(["GET", "HEAD", "POST"])
@with_pledge
def edit(request: HttpRequest, pledge: Pledge, *, token: str) -> HttpResponse:
    """The editor. POST stores and goes on to the check; with `preview` it only shows."""
    posted = request.POST.dict() if request.method == "POST" else None
    drafts = _drafts(pledge, posted)
    late = late_words(pledge, posted or {}, {str(draft.form.prefix) for draft in drafts})
    if not drafts:
        return _too_late(request, pledge, token, late) if late else redirect("campaigns:my-page", token=token)
    status = 200
    offered = posted is None and _offer_comment(pledge, drafts)
    if posted is not None:
        if "preview" in posted:
            for draft in drafts:
                draft.take_form()
        else:
            sent = [draft for draft in drafts if draft.form.is_bound]
            valid = all([draft.form.is_valid() for draft in sent])  # noqa: C419  # every form shows its own mistakes
            if sent and valid and _stored(pledge, sent):
                if late:
                    return _too_late(request, pledge, token, late, saved=sent)
                return redirect("campaigns:check-letter", token=token)
            status = 422
    return render(
        request,
        "campaigns/public/letter.html",
        {**_context(pledge, token, drafts), "form": _together(drafts), "offered": offered, "late": late},
        status=status,
    )


def _too_late(
    request: HttpRequest, pledge: Pledge, token: str, late: list[LateWords], saved: Sequence[Draft] = ()
) -> HttpResponse:
    """What was typed for letters that can't be changed any more, and which others are saved."""
    names = ", ".join(draft.offices for draft in saved)
    context = {**_context(pledge, token, []), "late": late, "saved": names}
    return render(request, "campaigns/public/letter_late.html", context, status=409)


def _together(drafts: list[Draft]) -> Together:
    """The forms of all drafts; where there are several, a mistake says in which letter it is."""
    alone = len(drafts) == 1
    return Together(("" if alone else draft.offices, draft.form) for draft in drafts)


def _stored(pledge: Pledge, drafts: list[Draft]) -> bool:
    """Whether all are saved; where one is refused none is, and its form says why."""
    texts = {
        draft.version: (draft.form.cleaned_data["subject"], draft.form.cleaned_data["body"])
        for draft in drafts
    }
    try:
        write_all(pledge=pledge, texts=texts)
    except TextRefused as fact:
        refused = next(draft for draft in drafts if draft.version == fact.version)
        refused.form.add_error("body", str(fact.message))
        return False
    return True


@require_POST
@with_pledge
def preview(request: HttpRequest, pledge: Pledge, *, token: str) -> HttpResponse:
    """The exact letters with what stands in the editor, as a piece of the page; nothing is stored."""
    drafts = _drafts(pledge, request.POST.dict())
    for draft in drafts:
        draft.take_form()
    return render(request, "campaigns/public/_preview.html", _context(pledge, token, drafts))


@require_safe
@with_pledge
def check(request: HttpRequest, pledge: Pledge, *, token: str) -> HttpResponse:
    """Every letter as it will leave, before the supporter says send."""
    drafts = _drafts(pledge, None)
    if not drafts:
        return redirect("campaigns:my-page", token=token)
    letters = [own for draft in drafts for own in draft.letters]
    context = {
        **_context(pledge, token, drafts),
        "told": said_once(letters, attrgetter("once_sent")),
        **_by_way(letters),
    }
    return render(request, "campaigns/public/check_letter.html", context)


@require_POST
@with_pledge
def send(request: HttpRequest, pledge: Pledge, *, token: str) -> HttpResponse:
    send_letters(pledge=pledge)
    return redirect("campaigns:thanks", token=token)


@require_safe
@with_pledge
def thanks(request: HttpRequest, pledge: Pledge, *, token: str) -> HttpResponse:
    leaving = leaving_letters_of(pledge)
    ready = sum(own.can_leave for own in leaving)
    return render(
        request,
        "campaigns/public/thanks.html",
        {
            **_context(pledge, token, []),
            "told": said_once(leaving, attrgetter("words")),
            **_by_way(leaving),
            "ready": ready,
            "stuck": len(leaving) - ready,
            "can_call": can_call(pledge),
            "share": share_of(pledge.campaign, pledge.source),
        },
    )
