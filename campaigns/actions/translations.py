"""Campaigns and their news in other languages: written, changed and taken away, each with what it was made from."""

from django.db import transaction

from campaigns.models import Campaign, CampaignTranslation, CampaignUpdate, UpdateTranslation
from contacts.actions.organizations import record
from contacts.models import Organization, User
from policy.actions.translations import fill, look_of, may_be, nobody_else

Original = Campaign | CampaignUpdate


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
    what `policy.actions.translations.look_of` said of what the person saw. Raises TranslationRefused.
    """
    locked = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    may_be(language, locked.language)
    stored = locked.translations.filter(language=language).first()
    nobody_else(seen, look_of(locked, stored))
    row = stored or CampaignTranslation(campaign=locked, language=language)
    fill(row, texts, still_right)
    row.save()
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
    """Store what news says in a language. Raises TranslationRefused as `save_campaign_translation` does."""
    locked = CampaignUpdate.objects.select_for_update(no_key=True).get(pk=update.pk)
    may_be(language, update.campaign.language)
    stored = locked.translations.filter(language=language).first()
    nobody_else(seen, look_of(locked, stored))
    row = stored or UpdateTranslation(update=locked, language=language)
    fill(row, texts, still_right)
    row.save()
    _tell(update.campaign.organization, actor, "translate update", locked, language)
    return row


@transaction.atomic
def remove_translation(*, translation: CampaignTranslation, actor: User | None) -> None:
    """Take a translation away: readers of its language get another they read, or the campaign's own."""
    campaign = translation.campaign
    _tell(campaign.organization, actor, "remove campaign translation", campaign, translation.language)
    translation.delete()


def _tell(
    organization: Organization, actor: User | None, verb: str, original: Original, language: str
) -> None:
    record(organization=organization, actor=actor, verb=verb, obj=original, language=language)
