"""What a supporter may agree to when they sign, in the words that stand beside each box."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaigns.actions.pledges import ConsentShown
from campaigns.forms.partner_boxes import chosen, writes
from campaigns.models import Campaign, Partnership
from campaigns.partners_now import partners_of
from contacts.models import Purpose

CONSENT_VERSION = "1"
# The words are kept with the consent.
CONSENTS: dict[Purpose, Any] = {
    Purpose.CONTACT: _("You may write to me about this campaign and others like it."),
    Purpose.NAME: _("You may show my name among those who signed."),
    Purpose.STORY: _("You may quote my words, with my first name and town, in briefs to representatives."),
}
SEND_UNTOUCHED = _("Send the suggested letter if I do not change it.")


def consent_words(campaign: Campaign, purpose: Purpose) -> str:
    """What somebody agrees to, in the language spoken now; where partners ask, too, each says who writes."""
    if purpose == Purpose.CONTACT and any(one.sees_supporters for one in partners_of(campaign)):
        return writes(campaign.organization)
    return str(CONSENTS[purpose])


def consents_shown(
    campaign: Campaign, ticked: Collection[Purpose], partners: list[Partnership]
) -> list[ConsentShown]:
    """Each consent in the language spoken now, whether it was ticked or not; of partners the ticked ones."""
    language = get_language() or "en"
    delivering = str(_("Deliver my letter to my representatives."))
    return [
        ConsentShown(Purpose.DELIVER, True, delivering, CONSENT_VERSION, language),
        *(
            ConsentShown(
                purpose, purpose in ticked, consent_words(campaign, purpose), CONSENT_VERSION, language
            )
            for purpose in CONSENTS
        ),
        *chosen(partners),
    ]
