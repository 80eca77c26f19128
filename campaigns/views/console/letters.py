from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions.letters import cancel_letter, release_held, settle_uncertain
from campaigns.delivery.departures import is_for_another
from campaigns.delivery.routes import ROUTES, wording
from campaigns.errors import ActionRefused
from campaigns.letters.compose import letter_text
from campaigns.letters.correct import LEFT_ALONE
from campaigns.letters.history import told_to_staff
from campaigns.letters.tones import tone_of
from campaigns.models import (
    AttemptOutcome,
    ChannelName,
    Drive,
    Letter,
    LetterChange,
    LetterState,
    LetterVersion,
)
from campaigns.models.letter import LetterQuerySet
from campaigns.permissions import ConsoleRequest, console
from campaigns.reports import by_reason, by_way, stuck_of
from campaigns.targets import holders
from campaigns.views.console.board import states_of
from campaigns.views.console.campaigns import campaign_crumbs
from campaigns.views.console.drives import drive_crumbs
from campaigns.views.console.legislators import HEALTH_TONES
from campaigns.views.console.page import (
    as_id,
    page_of,
    query_without,
    query_without_page,
    reason_of,
    show,
    words_of,
)
from contacts.clock import today
from contacts.models import ContactPoint, Health, Organization, Post

ATTEMPT_TONES: dict[str, str] = {
    AttemptOutcome.STARTED: "info",
    AttemptOutcome.ACCEPTED: "good",
    AttemptOutcome.DEFERRED: "warn",
    AttemptOutcome.REFUSED: "bad",
    AttemptOutcome.UNCERTAIN: "warn",
    AttemptOutcome.RELEASED: "quiet",
}


@require_safe
@console("people")
def letter_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Letters by drive, office, state and words; the filters stand in the address."""
    drive, post = _asked_drive(request, organization), _asked_post(request)
    version = _asked_version(request, organization)
    tests = request.GET.get("tests") == "1"
    words = words_of(request)
    rows = Letter.objects.filter(drive__campaign__organization=organization, is_test=tests)
    if drive is not None:
        rows = rows.filter(drive=drive)
    if post is not None:
        rows = rows.filter(post=post)
    if version is not None:
        rows = rows.filter(version=version)
    is_left = request.GET.get("left") == "1"
    if is_left:
        rows = rows.filter(Exists(LetterChange.objects.filter(letter=OuterRef("pk"), reason=LEFT_ALONE)))
    if words:
        rows = rows.filter(
            Q(pledge__name__icontains=words)
            | Q(pledge__city__icontains=words)
            | Q(post__label__icontains=words)
        )
    counts, stuck = by_way(rows), stuck_of(rows)
    found, state, channel = _in_state(rows, request)
    is_stuck = request.GET.get("stuck") == "1"
    reason = _asked_reason(request) if is_stuck else ""
    ways = [channel] if channel else ChannelName.values
    chosen = {"stuck=1"} if is_stuck else {f"state={state}&channel={way}" for way in ways}
    page = page_of(
        request,
        found.select_related("post", "pledge", "drive__campaign", "legislator").order_by("-created_at", "pk"),
    )
    context = {
        "page": page,
        "rows": [(letter, tone_of(letter)) for letter in page],
        "query": query_without_page(request),
        "chips": [(label, f"{n:,}", query, query in chosen) for label, n, query in states_of(counts, stuck)],
        "reasons": [
            (note, f"{n:,}", urlencode({"stuck": 1, "reason": note}), note == reason)
            for note, n in by_reason(stuck).items()
        ]
        if is_stuck
        else [],
        "chip_query": query_without(request, "page", "state", "stuck", "reason", "channel"),
        "total": sum(n for _way, _value, n in counts),
        "state": state,
        "channel": channel,
        "words": words,
        "drive": drive,
        "post": post,
        "version": version,
        "is_left": is_left,
        "office": _office(post) if post else None,
        "tests": tests,
        "is_stuck": is_stuck,
        "reason": reason,
        "crumbs": drive_crumbs(organization, drive) if drive else campaign_crumbs(organization),
    }
    return show(request, organization, "campaigns/console/letter_list.html", "campaigns", context)


def _in_state(rows: LetterQuerySet, request: ConsoleRequest) -> tuple[LetterQuerySet, str, str]:
    """The letters in the state and on the channel asked for (or those that can't go for a reason), and these two."""
    if request.GET.get("stuck") == "1":
        reason = _asked_reason(request)
        return (rows.stuck().filter(note=reason) if reason else rows.stuck()), "", ""
    state, channel = request.GET.get("state", ""), request.GET.get("channel", "")
    if channel in ChannelName.values:
        rows = rows.filter(channel=channel)
    else:
        channel = ""
    if state == LetterState.READY:
        rows = rows.filter(note="")
    return (rows.filter(state=state), state, channel) if state in LetterState.values else (rows, "", channel)


def _asked_reason(request: ConsoleRequest) -> str:
    return request.GET.get("reason", "")[:200].replace("\x00", "")


def _asked_drive(request: ConsoleRequest, organization: Organization) -> Drive | None:
    if not (asked := request.GET.get("drive")):
        return None
    drives = Drive.objects.select_related("campaign")
    return get_object_or_404(drives, campaign__organization=organization, pk=as_id(asked))


def _asked_post(request: ConsoleRequest) -> Post | None:
    asked = request.GET.get("post")
    return get_object_or_404(Post.objects.select_related("chamber"), pk=as_id(asked)) if asked else None


def _asked_version(request: ConsoleRequest, organization: Organization) -> LetterVersion | None:
    if not (asked := request.GET.get("version")):
        return None
    return get_object_or_404(LetterVersion, group__campaign__organization=organization, pk=as_id(asked))


def _office(post: Post) -> dict[str, object]:
    """Who holds a post now and what reaches them that a letter can go to, with how well each works."""
    seat = holders([post], today()).get(post.pk)
    if seat is None:
        return {"holder": None, "points": []}
    kinds = [route.contact_kind for route in ROUTES.values()]
    points = ContactPoint.objects.filter(kind__in=kinds, office__legislator=seat.legislator)
    return {
        "holder": seat.legislator,
        "points": [(point, HEALTH_TONES[Health(point.health)]) for point in points],
    }


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
            "batch",
        ),
        drive__campaign__organization=organization,
        pk=letter_id,
    )


@require_safe
@console("people")
def letter_detail(request: ConsoleRequest, organization: Organization, letter_id: UUID) -> HttpResponse:
    """The letter as it goes or went, its history and every try at sending it."""
    letter = letter_of(organization, letter_id)
    seat = holders([letter.post], today()).get(letter.post_id)
    holder = letter.legislator or (seat.legislator if seat else None)
    attempts = list(letter.attempts.all())
    context = {
        "letter": letter,
        "tone": tone_of(letter),
        "crumbs": [
            *drive_crumbs(organization, letter.drive),
            (
                _("Letters"),
                f"{reverse('campaigns:letter-list', args=[organization.slug])}?drive={letter.drive_id}",
            ),
        ],
        "to": letter_text(letter, holder).to,
        "wording": wording(letter, holder),
        "raw": bytes(letter.raw).decode("utf-8", "replace") if letter.raw else "",
        "own_words": round((1 - letter.similarity) * 100),
        "history": told_to_staff(letter),
        "inbound": letter.inbound.defer("raw", "text").order_by("received_at"),
        "attempts": [(attempt, ATTEMPT_TONES[attempt.outcome]) for attempt in attempts],
        "last_attempt": attempts[-1] if attempts else None,
        "is_uncertain": letter.state == LetterState.UNCERTAIN,
        "is_held": letter.state == LetterState.HELD,
        "is_for_another": is_for_another(letter, seat.legislator if seat else None),
        "is_waiting": letter.state in Letter.WAITING,
    }
    return show(request, organization, "campaigns/console/letter.html", "campaigns", context)


@require_POST
@console("campaigns")
def letter_decide(
    request: ConsoleRequest, organization: Organization, letter_id: UUID, verb: str
) -> HttpResponse:
    """What a person decides about an uncertain, held or waiting letter."""
    letter = letter_of(organization, letter_id)
    done = {
        "sent": _("Recorded: it arrived."),
        "resend": _("It goes out again, with the same Message-ID."),
        "abandon": _("It is given up and will not be sent again."),
        "release": _("It is released and goes on."),
        "cancel": _("It is cancelled and will not be sent."),
    }
    if verb not in done:
        raise Http404
    try:
        if verb == "release":
            release_held(letter=letter, actor=request.user)
        elif verb == "cancel":
            cancel_letter(letter=letter, actor=request.user)
        else:
            settle_uncertain(letter=letter, verdict=verb, actor=request.user)
    except ActionRefused as fact:
        messages.error(request, reason_of(fact))
    else:
        messages.success(request, done[verb])
    return redirect("campaigns:letter", org=organization.slug, letter_id=letter.pk)
