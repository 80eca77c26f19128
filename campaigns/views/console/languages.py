"""A campaign and its news in other languages: each original beside its translation."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.actions import translations as actions
from campaigns.forms.translation import TranslationForm
from campaigns.models import Campaign, CampaignTranslation, CampaignUpdate, LetterVersion, UpdateTranslation
from campaigns.permissions import ConsoleRequest, console
from campaigns.sharing import page_url
from campaigns.views.console.campaigns import campaign_crumbs, campaign_of
from campaigns.views.console.page import Step, confirmed, show
from campaigns.views.console.words import parts_of
from contacts.models import Organization
from policy.actions.translations import look_of
from policy.errors import TranslationRefused
from policy.library import Progress, progress, rows_of
from policy.models import Translated
from policy.words import name_of


@dataclass(frozen=True)
class Row:
    """A language of a campaign: whether its page and its letters are written in it."""

    code: str
    name: str
    is_own: bool
    translation: CampaignTranslation | None
    missing: str
    older: str
    has_letters: bool
    url: str
    # What the campaign draws on; None in the language that is written in.
    library: Progress | None
    # Texts that are written as their originals are today, and all there are.
    written: int
    count: int


@require_safe
@console("look")
def languages(request: ConsoleRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    """Every language that is offered here, and how far the campaign is written in it."""
    campaign = campaign_of(organization, campaign_id)
    written = {one.language: one for one in campaign.translations.all()}
    letters = set(LetterVersion.objects.filter(group__campaign=campaign).values_list("language", flat=True))
    library = library_of(campaign)
    own_texts = sum(bool(getattr(campaign, name)) for name in campaign.to_translate)
    rows = []
    for code in sorted(dict(settings.LANGUAGES), key=lambda one: one != campaign.language):
        translation = written.get(code)
        drawn = progress(library, code) if code != organization.language else None
        rows.append(
            Row(
                code,
                name_of(code),
                code == campaign.language,
                translation,
                parts_of(translation.missing) if translation else "",
                parts_of(translation.older) if translation else "",
                code in letters,
                page_url(campaign, language=code),
                drawn,
                _written(campaign, code, translation) + (drawn.written if drawn else 0),
                own_texts + (drawn.count if drawn else 0),
            )
        )
    context = {"campaign": campaign, "rows": rows, "crumbs": campaign_crumbs(organization, campaign)}
    return show(request, organization, "campaigns/console/languages.html", "campaigns", context)


def library_of(campaign: Campaign) -> list[Translated]:
    """What a campaign draws on, and its organisation wrote once for all."""
    return rows_of(campaign.organization, campaign.issue, [campaign.measure] if campaign.measure else [])


def _written(campaign: Campaign, language: str, translation: CampaignTranslation | None) -> int:
    """How many of a campaign's own texts a language has, as the originals are today."""
    count = sum(bool(getattr(campaign, name)) for name in campaign.to_translate)
    if language == campaign.language:
        return count
    return count - len(translation.missing) - len(translation.older) if translation else 0


def offered(language: str, own: str) -> str:
    """A language that what is written in its own may be translated to. Raises Http404."""
    if language not in dict(settings.LANGUAGES) or language == own:
        raise Http404
    return language


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def campaign_language(
    request: ConsoleRequest, organization: Organization, campaign_id: UUID, language: str
) -> HttpResponse:
    """The campaign's texts beside their translation to a language."""
    campaign = campaign_of(organization, campaign_id)
    translation = campaign.translations.filter(language=offered(language, campaign.language)).first()
    page = reverse("campaigns:campaign-languages", args=[organization.slug, campaign.pk])
    crumbs = [*campaign_crumbs(organization, campaign), (_("Languages"), page)]
    return _edit(request, organization, campaign, campaign, translation, language, page, crumbs)


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def update_language(
    request: ConsoleRequest, organization: Organization, campaign_id: UUID, update_id: UUID, language: str
) -> HttpResponse:
    """News beside its translation to a language."""
    update = _update(organization, campaign_id, update_id)
    campaign = update.campaign
    translation = update.translations.filter(language=offered(language, campaign.language)).first()
    page = reverse("campaigns:update-list", args=[organization.slug, campaign.pk])
    crumbs = [*campaign_crumbs(organization, campaign), (_("News"), page)]
    return _edit(request, organization, campaign, update, translation, language, page, crumbs)


def _update(organization: Organization, campaign_id: UUID, update_id: UUID) -> CampaignUpdate:
    updates = CampaignUpdate.objects.select_related("campaign__organization")
    return get_object_or_404(
        updates, campaign__organization=organization, campaign_id=campaign_id, pk=update_id
    )


def _edit(
    request: ConsoleRequest,
    organization: Organization,
    campaign: Campaign,
    original: Campaign | CampaignUpdate,
    translation: CampaignTranslation | UpdateTranslation | None,
    language: str,
    page: str,
    crumbs: list[tuple[object, str]],
) -> HttpResponse:
    form = TranslationForm(
        request.POST or None, original=original, translation=translation, language=language
    )
    seen = look_of(original, translation)
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = {
            **form.cleaned_data,
            "language": language,
            "actor": request.user,
            "seen": request.POST.get("seen", ""),
        }
        try:
            if isinstance(original, Campaign):
                actions.save_campaign_translation(campaign=original, **given)
            else:
                actions.save_update_translation(update=original, **given)
        except TranslationRefused as fact:
            form.add_error(None, str(fact.message))
        else:
            messages.success(request, _("The translation is saved."))
            return redirect(page)
    context = {
        "campaign": campaign,
        "form": form,
        "seen": seen,
        "language": language,
        "name": name_of(language),
        "own": name_of(campaign.language),
        "is_news": original is not campaign,
        "is_public": campaign.opened_at is not None,
        "crumbs": crumbs,
        "back": page,
    }
    status = 422 if form.errors else 200
    return show(request, organization, "campaigns/console/translate.html", "campaigns", context, status)


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def language_remove(
    request: ConsoleRequest, organization: Organization, campaign_id: UUID, language: str
) -> HttpResponse:
    """Take a campaign's translation away, after a page that says what happens."""
    campaign = campaign_of(organization, campaign_id)
    translation = get_object_or_404(CampaignTranslation, campaign=campaign, language=language)
    page = reverse("campaigns:campaign-languages", args=[organization.slug, campaign.pk])
    step = Step(
        title=_("Take the translation away: %(language)s") % {"language": name_of(language)},
        button=_("Take it away"),
        consequences=[
            _("Who reads this language sees the page in another they read, or in the campaign’s own."),
            _("Its words are gone. Letters and news in this language stay."),
        ],
        is_danger=True,
        act=lambda: actions.remove_translation(translation=translation, actor=request.user),
    )
    crumbs = [*campaign_crumbs(organization, campaign), (_("Languages"), page)]
    return confirmed(request, organization, step, section="campaigns", back=page, crumbs=crumbs)
