from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.actions.letters import cancel_letter, release_held, settle_uncertain
from campaigns.delivery.causes import FOR_NOTHING, STOPPED_STATES, causes_of
from campaigns.delivery.departures import is_for_another
from campaigns.delivery.rehearsal import way_of_today
from campaigns.delivery.routes import wording
from campaigns.errors import ActionRefused
from campaigns.letters.compose import letter_text
from campaigns.letters.history import told_to_staff
from campaigns.letters.tones import tone_of
from campaigns.models import AttemptOutcome, ChannelName, Letter, LetterState
from campaigns.permissions import ConsoleRequest, console, may
from campaigns.reason_words import reason_in_words
from campaigns.reports import by_reason, by_way, stuck_of
from campaigns.targets import holders
from campaigns.views.console.board import states_of
from campaigns.views.console.causes import Remedy, cause_query, remedy_of
from campaigns.views.console.drive_office import holder_of
from campaigns.views.console.drives import drive_crumbs
from campaigns.views.console.letter_filter import Asked, asked_of, list_crumbs
from campaigns.views.console.letter_moves import decisions_on
from campaigns.views.console.page import (
    Step,
    confirmed,
    page_of,
    query_without,
    query_without_page,
    reason_of,
    show,
)
from campaigns.views.console.stuck import remedy_for, remedy_of_letter
from contacts.clock import today
from contacts.models import Legislator, Organization

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
    asked = asked_of(request, organization)
    counts, stuck = by_way(asked.every), stuck_of(asked.every)
    ways = [f"&channel={way}" for way in ([asked.channel] if asked.channel else ChannelName.values)]
    if not asked.channel:
        ways.append("")
    chosen = {"stuck=1"} if asked.is_stuck else {f"state={asked.state}{way}" for way in ways}
    page = page_of(
        request,
        asked.found()
        .select_related("post", "pledge", "drive__campaign", "legislator")
        .order_by("-created_at", "pk"),
    )
    context = {
        "asked": asked,
        "page": page,
        "rows": [(letter, tone_of(letter)) for letter in page],
        "query": query_without_page(request),
        "chips": [
            (label, intcomma(n), query, query in chosen) for label, n, query in states_of(counts, stuck)
        ],
        "reasons": _reasons(asked, stuck),
        "remedy": _remedy_of_listed(asked, organization),
        "decisions": decisions_on(asked) if may(request.roles, "campaigns") else [],
        "chip_query": query_without(request, "page", "state", "stuck", "reason", "channel", "cause"),
        "total": sum(n for _way, _value, n in counts),
        "office": holder_of(asked.post) if asked.post else None,
        "crumbs": list_crumbs(organization, asked),
    }
    return show(request, organization, "campaigns/console/letter_list.html", "campaigns", context)


def _reasons(asked: Asked, stuck: dict[tuple[str, str], int]) -> list[tuple[object, str, str, bool]]:
    """Why the letters listed can't leave, are held or failed, how many of each, and the query for these alone."""
    if asked.is_stuck:
        return [
            (
                reason_in_words(note),
                intcomma(n),
                urlencode({"stuck": 1, "reason": note}),
                note == asked.reason,
            )
            for note, n in by_reason(stuck).items()
        ]
    if asked.state not in STOPPED_STATES:
        return []
    channel = f"&channel={asked.channel}" if asked.channel else ""
    return [
        (cause.label, intcomma(n), f"{cause_query(cause)}{channel}", cause == asked.cause)
        for cause, n in causes_of(asked.on_channel)
        if asked.state in cause.states
    ]


def _remedy_of_listed(asked: Asked, organization: Organization) -> Remedy | None:
    """What comes next for the letters listed, where one cause or reason was chosen."""
    if asked.cause:
        return remedy_of(asked.cause, organization, may_see_letters=True)
    return remedy_for(asked.reason, organization) if asked.reason else None


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
        "crumbs": _letter_crumbs(organization, letter),
        "to": letter_text(letter, holder).to,
        "wording": wording(letter, holder),
        "raw": bytes(letter.raw).decode("utf-8", "replace") if letter.raw else "",
        "own_words": round((1 - letter.similarity) * 100),
        "history": told_to_staff(letter),
        "inbound": letter.inbound.defer("raw", "text").order_by("received_at"),
        "attempts": [(attempt, ATTEMPT_TONES[attempt.outcome]) for attempt in attempts],
        "way": _way_in_words(letter),
        "last_attempt": attempts[-1] if attempts else None,
        "is_uncertain": letter.state == LetterState.UNCERTAIN,
        "is_held": letter.state == LetterState.HELD,
        "is_for_another": is_for_another(letter, seat.legislator if seat else None),
        "is_waiting": letter.state in Letter.WAITING,
        "remedy": _remedy(letter, holder, organization)
        or remedy_of_letter(letter, holder, organization, is_operator=request.user.is_staff),
        "may_fail_over": letter.state == LetterState.FAILED and not letter.is_test,
    }
    return show(request, organization, "campaigns/console/letter.html", "campaigns", context)


def _way_in_words(letter: Letter) -> str:
    """The way a letter goes or went; before it is fixed, the one that it would go today. A test goes its own."""
    if letter.is_test:
        way = way_of_today(letter)
        as_real = (
            _("A real letter could not leave now.") if way is None else _("A real letter would go: %(way)s.")
        )
        said = _("By mail to the organizer alone, as a test.")
        return f"{said} {as_real % {'way': way.label if way else ''}}"
    if letter.state in {LetterState.DRAFT, LetterState.READY}:
        way = way_of_today(letter)
        return str(way.label) if way else _("None that it could leave by now")
    return str(letter.get_channel_display())


def _letter_crumbs(organization: Organization, letter: Letter) -> list[tuple[object, str]]:
    letters = reverse("campaigns:letter-list", args=[organization.slug])
    return [*drive_crumbs(organization, letter.drive), (_("Letters"), f"{letters}?drive={letter.drive_id}")]


def _remedy(letter: Letter, holder: Legislator | None, organization: Organization) -> Remedy | None:
    """What can be done about a letter that failed, or is held and would be again; of others held the page says more."""
    if letter.state not in {*Letter.FAILED, LetterState.HELD}:
        return None
    found = causes_of(Letter.objects.filter(pk=letter.pk))
    # It may have gone on since it was read.
    if not found or (letter.state == LetterState.HELD and found[0][0].key not in FOR_NOTHING):
        return None
    remedy = remedy_of(found[0][0], organization, may_see_letters=True)
    if holder is not None and found[0][0].key == "asked-to-stop":
        page = reverse("campaigns:legislator", args=[organization.slug, holder.pk])
        return replace(remedy, url=page, action=holder.name)
    return remedy


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def letter_cancel(request: ConsoleRequest, organization: Organization, letter_id: UUID) -> HttpResponse:
    """Stop one letter that has not left, for good."""
    letter = letter_of(organization, letter_id)

    def act() -> str:
        cancel_letter(letter=letter, actor=request.user)
        return _("It is cancelled and will not be sent.")

    back = reverse("campaigns:letter", args=[organization.slug, letter.pk])
    step = Step(
        title=_("Cancel this letter"),
        button=_("Cancel this letter"),
        consequences=[
            _("The letter from %(name)s to %(office)s is never sent. This can’t be undone.")
            % {"name": letter.pledge.name, "office": letter.post.label},
            _("Its supporter is not mailed, and reads on their page that it was stopped."),
        ],
        act=act,
        is_danger=True,
    )
    if letter.state == LetterState.CANCELLED:
        step = step.done_before(_("It is cancelled already."))
    elif LetterState.CANCELLED not in Letter.MOVES[letter.state]:
        step = step.barred()
    crumbs = [*_letter_crumbs(organization, letter), (letter.post.label, back)]
    return confirmed(request, organization, step, section="campaigns", back=back, crumbs=crumbs)


@require_POST
@console("campaigns")
def letter_decide(
    request: ConsoleRequest, organization: Organization, letter_id: UUID, verb: str
) -> HttpResponse:
    """What a person decides about an uncertain or held letter."""
    letter = letter_of(organization, letter_id)
    done = {
        "sent": _("Recorded: it arrived."),
        "resend": _("It goes out again, with the same Message-ID."),
        "abandon": _("It is given up and will not be sent again."),
        "release": _("It is released and goes on."),
    }
    if verb not in done:
        raise Http404
    try:
        if verb == "release":
            release_held(letter=letter, actor=request.user)
        else:
            settle_uncertain(letter=letter, verdict=verb, actor=request.user)
    except ActionRefused as fact:
        messages.error(request, reason_of(fact))
    else:
        messages.success(request, done[verb])
    return redirect("campaigns:letter", org=organization.slug, letter_id=letter.pk)
