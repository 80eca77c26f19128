from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions.letters import cancel_letter, release_held, settle_uncertain
from campaigns.errors import ActionRefused
from campaigns.letters.compose import letter_text
from campaigns.letters.words import tone
from campaigns.models import Drive, Letter, LetterState
from campaigns.permissions import console
from campaigns.views.console.page import page_of, query_without_page, show
from contacts.models import Organization


@require_safe
@console("look")
def letter_list(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Letters by drive, state and office; the filters stand in the address."""
    rows = Letter.objects.filter(drive__campaign__organization=organization)
    state, drive_id, post_id = (request.GET.get(key, "") for key in ("state", "drive", "post"))
    tests = request.GET.get("tests") == "1"
    rows = rows.filter(is_test=tests)
    if state in LetterState.values:
        rows = rows.filter(state=state)
    drive = None
    try:
        if drive_id:
            drive = Drive.objects.filter(campaign__organization=organization, pk=UUID(drive_id)).first()
            rows = rows.filter(drive=UUID(drive_id))
        if post_id:
            rows = rows.filter(post=UUID(post_id))
    except ValueError:
        raise Http404 from None
    page = page_of(
        request, rows.select_related("post", "pledge", "legislator", "drive__campaign").order_by("-created_at", "pk")
    )
    for letter in page.object_list:
        letter.tone = tone(letter.state)
    return show(
        request,
        organization,
        "campaigns/console/letter_list.html",
        "campaigns",
        {
            "page": page,
            "query": query_without_page(request),
            "state": state,
            "states": LetterState.choices,
            "drive": drive,
            "drive_id": drive_id,
            "tests": tests,
        },
    )


def letter_of(organization: Organization, letter_id: UUID) -> Letter:
    """The organisation's letter; somebody else's is not found."""
    return get_object_or_404(
        Letter.objects.select_related(
            "drive__campaign__organization",
            "pledge__campaign__organization",
            "pledge__campaign__measure",
            "post__division",
            "version",
            "legislator",
            "contact_point",
        ),
        drive__campaign__organization=organization,
        pk=letter_id,
    )


@require_safe
@console("look")
def letter_detail(request: HttpRequest, organization: Organization, letter_id: UUID) -> HttpResponse:
    """The letter, its history and every try at sending it."""
    letter = letter_of(organization, letter_id)
    return show(
        request,
        organization,
        "campaigns/console/letter.html",
        "campaigns",
        {
            "letter": letter,
            "tone": tone(letter.state),
            "text": letter_text(letter, letter.legislator),
            "raw": bytes(letter.raw).decode("utf-8", "replace") if letter.raw else "",
            "history": letter.history.select_related("actor"),
            "attempts": letter.attempts.all(),
            "is_uncertain": letter.state == LetterState.UNCERTAIN,
            "is_held": letter.state == LetterState.HELD,
            "is_waiting": letter.state in Letter.WAITING,
        },
    )


@require_POST
@console("campaigns")
def letter_decide(request: HttpRequest, organization: Organization, letter_id: UUID, verb: str) -> HttpResponse:
    """What a person decides about an uncertain, held or waiting letter."""
    letter = letter_of(organization, letter_id)
    who = {"letter": letter, "actor": request.user}
    try:
        if verb in {"sent", "resend", "abandon"}:
            settle_uncertain(**who, verdict=verb)  # type: ignore[arg-type]
        elif verb == "release":
            release_held(**who)  # type: ignore[arg-type]
        elif verb == "cancel":
            cancel_letter(**who)  # type: ignore[arg-type]
        else:
            raise Http404
    except ActionRefused as fact:
        messages.error(request, str(fact.message))
    else:
        messages.success(request, _t("Done."))
    return redirect("campaigns:letter", org=organization.slug, letter_id=letter.pk)
