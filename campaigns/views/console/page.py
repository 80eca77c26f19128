"""What every console page shares: the rail, rights, pagination, and confirm-then-do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.delivery import breaker, switch
from campaigns.errors import ActionRefused, BadMove
from campaigns.models import Partnership
from campaigns.partners import ChosenPeople
from campaigns.permissions import ConsoleRequest, may, rights_of
from campaigns.views.console.stopped import stopped_by
from contacts.models import Organization

PER_PAGE = 20
# (name in the rail and of its icon, label, URL name, right that shows it)
SECTIONS = [
    ("home", _("Home"), "console-home", "look"),
    ("campaigns", _("Campaigns"), "campaign-list", "look"),
    ("joint", _("Joint campaigns"), "joint-campaigns", "look"),
    ("events", _("Events"), "console-events", "look"),
    ("policy", _("Policy"), "issue-list", "look"),
    ("legislators", _("Legislators"), "legislator-list", "look"),
    ("replies", _("Replies"), "reply-list", "replies"),
    ("supporters", _("Supporters"), "supporter-list", "people"),
    ("stories", _("Stories"), "story-list", "stories"),
    ("briefs", _("Briefs"), "brief-list", "briefs"),
    ("settings", _("Settings"), "settings", "settings"),
]
# What an organisation that is a partner only can use.
FOR_PARTNERS = {"joint", "settings"}


def sections_of(organization: Organization) -> list[tuple[str, object, str, str]]:
    """The sections an organisation has use for: joint campaigns where it takes part in one, or nothing else."""
    if organization.is_partner_only:
        return [section for section in SECTIONS if section[0] in FOR_PARTNERS]
    # Whether it ran out by date is asked where it is opened: every page asks this.
    has_joint = Partnership.objects.filter(organization=organization, left_at__isnull=True).exists()
    return [section for section in SECTIONS if section[0] != "joint" or has_joint]


def show(
    request: HttpRequest,
    organization: Organization,
    template: str,
    section: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """A console page with its rail."""
    roles: frozenset[str] = request.roles  # type: ignore[attr-defined]  # set by permissions.console
    rail = [
        {
            "label": label,
            "icon": name,
            "url": reverse(f"campaigns:{url}", args=[organization.slug]),
            "current": name == section,
        }
        for name, label, url, right in sections_of(organization)
        if may(roles, right)
    ]
    shared = {
        "organization": organization,
        "rail": rail,
        "may": rights_of(roles),
        "brakes": brakes(organization),
    }
    return render(request, template, {**shared, **context}, status=status)


def brakes(organization: Organization) -> dict[str, object]:
    """What stops letters on the whole installation now, for the banner."""
    stopped = switch.stopped()
    by = stopped_by(organization) if stopped else ""
    return {"stopped": stopped, "stopped_by": by, "paused": breaker.open_channels()}


def show_form(
    request: ConsoleRequest,
    organization: Organization,
    section: str,
    form: forms.BaseForm,
    *,
    title: object,
    button: object,
    crumbs: list[tuple[object, str]],
    intro: object = "",
    **more: object,
) -> HttpResponse:
    """A page with one form; 422 when what was sent has errors. `way` in `more` puts the bar of steps above it."""
    context = {"form": form, "title": title, "button": button, "crumbs": crumbs, "intro": intro, **more}
    status = 422 if form.errors else 200
    return show(request, organization, "campaigns/console/form.html", section, context, status)


def page_of(
    request: HttpRequest, rows: QuerySet[Any] | Sequence[Any] | ChosenPeople, per_page: int = PER_PAGE
) -> Page[Any]:
    """The page of a list that the address asks for."""
    return Paginator(cast(QuerySet[Any], rows), per_page).get_page(request.GET.get("page"))


def query_without(request: HttpRequest, *names: str) -> str:
    """The address's parameters without those named, ending in & so that another can follow."""
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return f"{query.urlencode()}&" if query else ""


def query_without_page(request: HttpRequest) -> str:
    """The address's other parameters, for links between pages."""
    return query_without(request, "page")


def as_id(text: str) -> UUID | None:
    """An id that was sent; None for anything else, which nothing is found by."""
    try:
        return UUID(text)
    except ValueError:
        return None


def words_of(request: HttpRequest) -> str:
    """What was typed into a list's search."""
    return request.GET.get("q", "").strip()[:80].replace("\x00", "")


def reason_of(fact: ActionRefused) -> str:
    """Why something could not be done, in words for a person; a forbidden move names states, which help nobody."""
    return str(BadMove.message if isinstance(fact, BadMove) else fact.message)


@dataclass(frozen=True)
class Step:
    """Something a person is about to do: what will happen, what stands in its way, and the doing."""

    title: object
    button: object
    consequences: list[object]
    act: Callable[[], object]
    blockers: list[str] = field(default_factory=list)
    is_danger: bool = False
    form: forms.Form | None = None
    # What the person saw and agrees to, sent along with the button.
    hidden: dict[str, str] = field(default_factory=dict)
    # Where things are already as the step would make them: that they are.
    settled: str = ""

    def done_before(self, words: object) -> "Step":
        """The same step, of something that is already as it would make it: nothing to do, and no mistake."""
        return replace(self, settled=str(words))

    def barred(self) -> "Step":
        """The same step, which can't be taken from the state that things are in."""
        return replace(self, blockers=[str(BadMove.message)])


def confirmed(
    request: ConsoleRequest,
    organization: Organization,
    step: Step,
    *,
    section: str,
    back: str,
    crumbs: list[tuple[object, str]],
) -> HttpResponse:
    """GET lists what will happen; POST does it and goes back, or says why it could not be done.

    With blockers it says what stands in the way instead, and has no button.
    """
    if request.method == "POST" and step.settled:
        messages.info(request, step.settled)
        return redirect(back)
    if request.method == "POST" and (step.form is None or step.form.is_valid()):
        try:
            done = step.act()
        except ActionRefused as fact:
            messages.error(request, reason_of(fact))
        else:
            messages.success(request, done if isinstance(done, str) else str(_("Done.")))
        return redirect(back)
    status = 422 if step.form is not None and step.form.errors else 200
    context = {"step": step, "form": step.form, "back": back, "crumbs": crumbs}
    return show(request, organization, "campaigns/console/confirm.html", section, context, status)
