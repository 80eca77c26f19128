"""What an organisation wrote once, in other languages: measures, issues, figures and myths, beside each other."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.forms.translation import TranslationForm
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.campaigns import campaign_crumbs, campaign_of
from campaigns.views.console.issues import policy_crumbs
from campaigns.views.console.languages import library_of, offered
from campaigns.views.console.page import page_of, show
from contacts.models import Organization
from policy.actions.translations import Change, look_of, save_all
from policy.errors import TranslationRefused
from policy.library import named, progress, rows_of
from policy.models import Issue, Measure, Translated
from policy.words import labelled, name_of

# A row has at most six fields (a measure's four texts, what was seen, whether they are still right), and a form that
# is sent at most DATA_UPLOAD_MAX_NUMBER_FIELDS.
_ROWS_A_PAGE = 45


@dataclass(frozen=True)
class Part:
    """A row with the form of its translation."""

    row: Translated
    name: str
    form: TranslationForm
    seen: str
    seen_name: str


@require_safe
@console("look")
def issue_languages(request: ConsoleRequest, organization: Organization, issue_id: UUID) -> HttpResponse:
    """Every language that is offered here, and how far an issue with its figures and measures is written in it."""
    issue = get_object_or_404(Issue, organization=organization, pk=issue_id)
    rows = rows_of(organization, issue, _measures_of(issue))
    others = [code for code in dict(settings.LANGUAGES) if code != organization.language]
    context = {
        "issue": issue,
        "rows": [(code, name_of(code), progress(rows, code)) for code in others],
        "own": name_of(organization.language),
        "crumbs": policy_crumbs(organization, issue),
    }
    return show(request, organization, "campaigns/console/issue_languages.html", "policy", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def issue_language(
    request: ConsoleRequest, organization: Organization, issue_id: UUID, language: str
) -> HttpResponse:
    """An issue with its figures, myths and measures beside their translation to a language."""
    issue = get_object_or_404(Issue, organization=organization, pk=issue_id)
    page = reverse("campaigns:issue-languages", args=[organization.slug, issue.pk])
    crumbs = [*policy_crumbs(organization, issue), (_("Languages"), page)]
    rows = rows_of(organization, issue, _measures_of(issue))
    return _edit(request, organization, rows, language, page, crumbs, "policy")


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def campaign_library(
    request: ConsoleRequest, organization: Organization, campaign_id: UUID, language: str
) -> HttpResponse:
    """What a campaign draws on, beside its translation to a language."""
    campaign = campaign_of(organization, campaign_id)
    page = reverse("campaigns:campaign-languages", args=[organization.slug, campaign.pk])
    crumbs = [*campaign_crumbs(organization, campaign), (_("Languages"), page)]
    return _edit(request, organization, library_of(campaign), language, page, crumbs, "campaigns")


def _measures_of(issue: Issue) -> list[Measure]:
    return list(Measure.objects.filter(issue=issue))


def _edit(
    request: ConsoleRequest,
    organization: Organization,
    rows: list[Translated],
    language: str,
    page: str,
    crumbs: list[tuple[object, str]],
    section: str,
) -> HttpResponse:
    language = offered(language, organization.language)
    shown = page_of(request, [row for row in rows if row.to_translate], _ROWS_A_PAGE)
    # Rows that came or moved to another page meanwhile: what was sent is of those that stood on it.
    asked: Iterable[Translated] = shown
    if request.method == "POST":
        asked = [row for row in rows if _seen_name(row) in request.POST]
    parts = [_part(request, row, language) for row in asked if row.to_translate]
    # A refused save leaves rows here with what it did not store.
    far = progress(rows, language)
    faults: list[str] = []
    # All are looked at, so that all mistakes are said at once.
    wrong = [part for part in parts if not part.form.is_valid()]
    if request.method == "POST" and not wrong:
        try:
            save_all(_changes(request, parts), language=language, actor=request.user)
        except TranslationRefused as fact:
            faults = [labelled(part.name, fact.message) for part in parts if part.row is fact.row]
        else:
            messages.success(request, _("The translation is saved."))
            return redirect(request.get_full_path() if shown.has_other_pages() else page)
    is_wrong = bool(faults) or any(part.form.errors for part in parts)
    context = {
        "page": shown,
        "parts": parts,
        "faults": faults,
        "is_wrong": is_wrong,
        "progress": far,
        "name": name_of(language),
        "own": name_of(organization.language),
        "own_code": organization.language,
        "crumbs": crumbs,
        "back": page,
    }
    status = 422 if is_wrong else 200
    return show(request, organization, "campaigns/console/translate_library.html", section, context, status)


def _part(request: ConsoleRequest, row: Translated, language: str) -> Part:
    translation = row.texts_in(language)
    form = TranslationForm(
        request.POST or None, original=row, translation=translation, language=language, prefix=str(row.pk)
    )
    return Part(row, named(row), form, look_of(row, translation), _seen_name(row))


def _seen_name(row: Translated) -> str:
    """The field that tells what somebody saw of a row, and that it stood on their page."""
    return f"{row.pk}-seen"


def _changes(request: ConsoleRequest, parts: list[Part]) -> list[Change]:
    """What was written. Of rows that nobody touched nothing is stored."""
    return [
        Change(
            part.row,
            part.form.texts,
            part.form.cleaned_data["still_right"],
            request.POST.get(part.seen_name, ""),
        )
        for part in parts
        if part.form.says_something
    ]
