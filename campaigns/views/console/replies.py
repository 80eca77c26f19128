from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions.replies import PROPOSED, accept_stance, code_reply, decline_stance, set_aside
from campaigns.errors import ActionRefused
from campaigns.forms.stance import StanceForm
from campaigns.models import Coding, Heard, InboundKind, InboundMail, InboundState, OfficeQuestion
from campaigns.permissions import ConsoleRequest, console, may
from campaigns.views.console.page import page_of, query_without, query_without_page, reason_of, show
from campaigns.views.console.strays import search_for
from contacts.models import Organization
from policy.models import Stance

CODING_TONES: dict[str, str] = {
    Coding.SUPPORTS: "good",
    Coding.OPPOSES: "bad",
    Coding.EVASIVE: "warn",
    Coding.NEEDS_INFORMATION: "info",
    Coding.ACKNOWLEDGED: "quiet",
}
KIND_TONES: dict[str, str] = {
    InboundKind.REPLY: "good",
    InboundKind.AUTO_REPLY: "quiet",
    InboundKind.BOUNCE: "bad",
    InboundKind.COMPLAINT: "bad",
    InboundKind.UNKNOWN: "warn",
}
# What can be listed: name in the address, label, and which mails.
LISTS = [
    ("", gettext_lazy("Answers"), Q(kind=InboundKind.REPLY, state=InboundState.MATCHED)),
    (
        "automatic",
        gettext_lazy("Automatic answers"),
        Q(kind=InboundKind.AUTO_REPLY, state=InboundState.MATCHED),
    ),
    (
        "returned",
        pgettext_lazy("mails", "Came back"),
        Q(kind__in=[InboundKind.BOUNCE, InboundKind.COMPLAINT], state=InboundState.MATCHED),
    ),
    ("unmatched", gettext_lazy("Not matched"), Q(state=InboundState.UNMATCHED)),
]


def reply_tabs(organization: Organization, current: str | None) -> list[tuple[object, str, bool]]:
    """The lists of what came in, and the page on offices, which is current when nothing is named."""
    url = reverse("campaigns:reply-list", args=[organization.slug])
    lists = [(label, f"{url}?show={name}" if name else url, name == current) for name, label, _which in LISTS]
    offices = reverse("campaigns:responsiveness", args=[organization.slug])
    return [*lists, (_("Who answers"), offices, current is None)]


@require_safe
@console("replies")
def reply_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """What came in, newest first; answers by what they say."""
    asked = request.GET.get("show", "")
    name, label, which = next((one for one in LISTS if one[0] == asked), LISTS[0])
    every = InboundMail.objects.filter(which, organization=organization)
    # What came back for test letters is a list of its own: no number counts it.
    tests = request.GET.get("tests") == "1"
    rows = every.filter(letter__is_test=True) if tests else every.exclude(letter__is_test=True)
    chips: list[tuple[object, int, str, bool]] = []
    coding = request.GET.get("coding", "")
    if not name:
        counts = dict(rows.values_list("coding").order_by("coding").annotate(n=Count("pk")))
        chips = [(_("To judge"), counts.get("", 0), "none", coding == "none")]
        chips += [(label, counts.get(value, 0), value, value == coding) for value, label in Coding.choices]
        if coding in Coding.values or coding == "none":
            rows = rows.filter(coding="" if coding == "none" else coding)
    page = page_of(
        request,
        rows.defer("raw", "text")
        .select_related("letter__post", "letter__legislator", "letter__drive__campaign")
        .order_by("-received_at", "pk"),
    )
    context = {
        "page": page,
        "rows": [(mail, CODING_TONES.get(mail.coding, "warn"), KIND_TONES[mail.kind]) for mail in page],
        "query": query_without_page(request),
        "tabs": reply_tabs(organization, name),
        "chips": [chip for chip in chips if chip[1] or chip[3]],
        "chip_query": query_without(request, "page", "coding"),
        "is_all": not any(chip[3] for chip in chips),
        "shown": name,
        "tests": tests,
        "test_count": 0 if tests else every.filter(letter__is_test=True).count(),
        "label": label,
    }
    return show(request, organization, "campaigns/console/reply_list.html", "replies", context)


def reply_of(organization: Organization, reply_id: UUID) -> InboundMail:
    """The organisation's mail; somebody else's is not found."""
    return get_object_or_404(
        InboundMail.objects.select_related(
            "letter__post",
            "letter__legislator",
            "letter__pledge",
            "letter__drive__campaign__measure",
            "coded_by",
            "stance__measure",
        ),
        organization=organization,
        pk=reply_id,
    )


@require_safe
@console("replies")
def reply_detail(request: ConsoleRequest, organization: Organization, reply_id: UUID) -> HttpResponse:
    mail = reply_of(organization, reply_id)
    return _reply_page(request, organization, mail, _proposal(organization, mail))


def _proposal(organization: Organization, mail: InboundMail) -> StanceForm | None:
    """The stance an answer seems to show, for a person to accept; none when it shows none."""
    level = PROPOSED.get(mail.coding)
    if (
        level is None
        or mail.stance_id
        or mail.stance_declined_at
        or mail.letter is None
        or mail.letter.legislator is None
    ):
        return None
    measure = mail.letter.drive.campaign.measure
    words = " ".join(mail.text.split())
    evidence = _("Answered a letter from a constituent: “%(words)s”") % {"words": words[:300]}
    return StanceForm(
        organization=organization,
        initial={
            "measure": measure.pk if measure else None,
            "level": level,
            "on": localdate(mail.received_at),
            "evidence": evidence[:400],
        },
    )


def _reply_page(
    request: ConsoleRequest, organization: Organization, mail: InboundMail, form: StanceForm | None
) -> HttpResponse:
    """A mail that came in: what it says, of which letter, and what staff make of it."""
    is_answer = mail.kind == InboundKind.REPLY and mail.state == InboundState.MATCHED
    context = {
        "mail": mail,
        "tone": KIND_TONES[mail.kind],
        "coding_tone": CODING_TONES.get(mail.coding, "warn"),
        "is_answer": is_answer,
        "search": search_for(request, organization, mail) if may(request.roles, "people") else None,
        "is_unmatched": mail.state == InboundState.UNMATCHED,
        "codings": [(value, label, value == mail.coding) for value, label in Coding.choices],
        "form": form,
        "raw": bytes(mail.raw)[:200_000].decode("utf-8", "replace") if mail.raw else "",
        "crumbs": [(_("Replies"), reverse("campaigns:reply-list", args=[organization.slug]))],
    }
    status = 422 if form is not None and form.errors else 200
    return show(request, organization, "campaigns/console/reply.html", "replies", context, status)


@require_POST
@console("replies")
def reply_code(request: ConsoleRequest, organization: Organization, reply_id: UUID) -> HttpResponse:
    """Staff say what an answer means."""
    mail = reply_of(organization, reply_id)
    try:
        code_reply(reply=mail, coding=request.POST.get("coding", ""), actor=request.user)
    except ActionRefused as fact:
        messages.error(request, reason_of(fact))
    else:
        messages.success(request, _("Your judgement is recorded."))
    return redirect("campaigns:reply", org=organization.slug, reply_id=mail.pk)


@require_POST
@console("stances")
def reply_stance(request: ConsoleRequest, organization: Organization, reply_id: UUID) -> HttpResponse:
    """Somebody accepts the stance an answer shows, as proposed or changed."""
    mail = reply_of(organization, reply_id)
    here = redirect("campaigns:reply", org=organization.slug, reply_id=mail.pk)
    if mail.letter is None or mail.letter.legislator is None:
        return here
    stance = Stance(organization=organization, legislator=mail.letter.legislator)
    form = StanceForm(request.POST, instance=stance, organization=organization)
    if not form.is_valid():
        return _reply_page(request, organization, mail, form)
    try:
        accept_stance(reply=mail, stance=form.save(commit=False), actor=request.user)
    except ActionRefused as fact:
        messages.error(request, reason_of(fact))
    else:
        messages.success(request, _("The stance is recorded."))
    return here


@require_POST
@console("stances")
def stance_decline(request: ConsoleRequest, organization: Organization, reply_id: UUID) -> HttpResponse:
    """Somebody leaves the stance an answer seems to show."""
    mail = reply_of(organization, reply_id)
    try:
        decline_stance(reply=mail, actor=request.user)
    except ActionRefused as fact:
        messages.error(request, reason_of(fact))
    else:
        messages.success(request, _("No stance is recorded from this answer."))
    return redirect("campaigns:reply", org=organization.slug, reply_id=mail.pk)


@require_POST
@console("replies")
def reply_aside(request: ConsoleRequest, organization: Organization, reply_id: UUID) -> HttpResponse:
    """Take a mail that belongs to no letter off the list."""
    mail = reply_of(organization, reply_id)
    try:
        set_aside(mail=mail, actor=request.user)
    except ActionRefused as fact:
        messages.error(request, reason_of(fact))
    else:
        messages.success(request, _("It is set aside."))
    return redirect(f"{reverse('campaigns:reply-list', args=[organization.slug])}?show=unmatched")


@require_safe
@console("replies")
def responsiveness(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Which offices answer, by what supporters told us: answered questions only."""
    told = OfficeQuestion.objects.answered().filter(letter__drive__campaign__organization=organization)
    rows = (
        told.exclude(answer=Heard.NOT_EXPECTED)
        .values("letter__post", "letter__post__label")
        .annotate(
            n=Count("pk"),
            **{
                value: Count("pk", filter=Q(answer=value))
                for value in (Heard.ANSWERED, Heard.EVADED, Heard.ACKNOWLEDGED, Heard.NOTHING)
            },
        )
        .order_by("letter__post__label", "letter__post")
    )
    page = page_of(request, rows)
    asked = OfficeQuestion.objects.filter(
        letter__drive__campaign__organization=organization, letter__is_test=False
    ).count()
    context = {
        "page": page,
        "rows": [{**row, "share": round(100 * row["answered"] / row["n"])} for row in page],
        "query": query_without_page(request),
        "tabs": reply_tabs(organization, None),
        "asked": asked,
        "told": told.count(),
    }
    return show(request, organization, "campaigns/console/responsiveness.html", "replies", context)
