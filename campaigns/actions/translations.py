"""Campaigns and their news in other languages: written, changed and taken away, each with what it was made from."""

from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.errors import ActionRefused
from campaigns.models import Campaign, CampaignTranslation, CampaignUpdate, UpdateTranslation
from campaigns.models.campaign import TEXTS
from campaigns.models.update import TEXTS as UPDATE_TEXTS
from campaigns.models.words import digest
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import Organization, User

Translated = Campaign | CampaignUpdate
TranslationOf = CampaignTranslation | UpdateTranslation


def look_of(original: Translated, translation: TranslationOf | None) -> str:
    """Changes with the original and the translation: tells whether somebody changed either since it was looked at."""
    told = [getattr(original, name) for name in _texts(original)]
    if translation is not None:
        told += [getattr(translation, name) for name in _texts(original)]
    return digest("\0".join(told))


@transaction.atomic
def save_campaign_translation(
    *,
    campaign: Campaign,
    language: str,
    actor: User | None,
    still_right: bool = True,
    seen: str = "",
    **texts: str,
) -> CampaignTranslation:
    """Store what a campaign's page says in a language; what is left out stays, what is empty is read in its own.

    Texts that did not change are taken for translations of today's original only if they are `still_right`. `seen` is
    what `look_of` said of what the person saw. Raises ActionRefused.
    """
    locked = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    _may_be(language, locked.language)
    stored = CampaignTranslation.objects.filter(campaign=locked, language=language).first()
    _nobody_else(seen, look_of(locked, stored))
    row = stored or CampaignTranslation(campaign=locked, language=language)
    _fill(row, locked, TEXTS, texts, still_right)
    _tell(locked.organization, actor, "translate campaign", locked, language)
    return row


@transaction.atomic
def save_update_translation(
    *,
    update: CampaignUpdate,
    language: str,
    actor: User | None,
    still_right: bool = True,
    seen: str = "",
    **texts: str,
) -> UpdateTranslation:
    """Store what news says in a language. Raises ActionRefused as `save_campaign_translation` does."""
    locked = CampaignUpdate.objects.select_for_update(no_key=True).get(pk=update.pk)
    _may_be(language, update.campaign.language)
    stored = UpdateTranslation.objects.filter(update=locked, language=language).first()
    _nobody_else(seen, look_of(locked, stored))
    row = stored or UpdateTranslation(update=locked, language=language)
    _fill(row, locked, UPDATE_TEXTS, texts, still_right)
    _tell(update.campaign.organization, actor, "translate update", locked, language)
    return row


@transaction.atomic
def remove_translation(*, translation: CampaignTranslation, actor: User | None) -> None:
    """Take a translation away: readers of its language get another they read, or the campaign's own."""
    campaign = translation.campaign
    _tell(campaign.organization, actor, "remove campaign translation", campaign, translation.language)
    translation.delete()


def _texts(original: Translated) -> tuple[str, ...]:
    return TEXTS if isinstance(original, Campaign) else UPDATE_TEXTS


def _may_be(language: str, own: str) -> None:
    if language not in dict(settings.LANGUAGES):
        raise ActionRefused(_("This language is not offered here."), field="language")
    if language == own:
        raise ActionRefused(
            _("This is the campaign’s own language: change the campaign itself."), field="language"
        )


def _nobody_else(seen: str, stored: str) -> None:
    if seen and seen != stored:
        raise ActionRefused(
            _("Somebody changed the original or this translation meanwhile. Look at both again, then save.")
        )


def _fill(
    row: TranslationOf, original: Translated, names: Collection[str], texts: dict[str, str], still_right: bool
) -> None:
    made_from = dict(row.made_from)
    for name in names:
        if name not in texts:
            continue
        text, before = texts[name], getattr(row, name)
        if text != before or still_right:
            made_from[name] = digest(getattr(original, name))
        setattr(row, name, text)
    row.made_from = made_from
    row.changed_at = now()
    row.save()


def _tell(
    organization: Organization, actor: User | None, verb: str, original: Translated, language: str
) -> None:
    record(organization=organization, actor=actor, verb=verb, obj=original, language=language)
