"""What every console page shares: the rail, rights, pagination, and confirm-then-do."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.errors import ActionRefused
from campaigns.permissions import may
from contacts.models import Organization

PER_PAGE = 20
# (name in the rail, label, URL name, right that shows it)
SECTIONS = [
    ("home", _("Home"), "console-home", "look"),
    ("campaigns", _("Campaigns"), "campaign-list", "look"),
    ("policy", _("Policy"), "issue-list", "look"),
    ("legislators", _("Legislators"), "legislator-list", "look"),
    ("briefs", _("Briefs"), "brief-list", "briefs"),
    ("settings", _("Settings"), "settings", "settings"),
]


def show(
    request: HttpRequest,
    organization: Organization,
    template: str,
    section: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """A console page with its rail."""
    roles: set[str] = request.roles  # type: ignore[attr-defined]
    rail = [
        {
            "label": label,
            "icon": name,
            "url": reverse(f"campaigns:{url}", args=[organization.slug]),
            "current": name == section,
        }
        for name, label, url, right in SECTIONS
        if may(roles, right)
    ]
    rights = {right: may(roles, right) for right in ("campaigns", "policy", "briefs", "settings")}
    return render(
        request, template, {"organization": organization, "rail": rail, "may": rights, **context}, status=status
    )


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """The page of a list that the address asks for."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def query_without_page(request: HttpRequest) -> str:
    """The address's other parameters, for links between pages."""
    query = request.GET.copy()
    query.pop("page", None)
    return f"{query.urlencode()}&" if query else ""


def confirmed(
    request: HttpRequest,
    organization: Organization,
    *,
    section: str,
    title: object,
    consequences: list[object],
    button: object,
    back: str,
    act: Callable[[], object],
    danger: bool = False,
    form: Any = None,
) -> HttpResponse:
    """GET lists what will happen; POST does it and goes back, or says why it could not be done."""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            done = act()
        except ActionRefused as fact:
            messages.error(request, str(fact.message))
        else:
            messages.success(request, str(done) if isinstance(done, str) else str(_("Done.")))
        return redirect(back)
    return show(
        request,
        organization,
        "campaigns/console/confirm.html",
        section,
        {
            "title": title,
            "consequences": consequences,
            "button": button,
            "back": back,
            "danger": danger,
            "form": form,
        },
        status=422 if form is not None and form.errors else 200,
    )
