"""What comes next for letters that can't leave yet: by itself, or what a person does and where."""

from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.letters.reasons import ASKS_FOR_MORE, NO_WAY_LEFT, SEAT_VACANT, ZONE_UNKNOWN
from campaigns.models import Letter, LetterState
from campaigns.reason_words import reason_in_words
from campaigns.views.console.causes import Remedy
from contacts.models import ContactPoint, Health, Legislator, Organization

# By the reason in a letter's note.
_NEXT: dict[str, object] = {
    NO_WAY_LEFT: _(
        "Say that an address that failed works again, or ask whoever runs this installation to enter a new one. The "
        "letters then leave by themselves."
    ),
    SEAT_VACANT: _(
        "Nothing. When somebody takes the seat before the drive ends, each letter is composed for that person and "
        "leaves by itself."
    ),
    ASKS_FOR_MORE: _(
        "Ask the writer to add what they left out: their own page leads to “Correct my name, address or language”. "
        "The letter then leaves by itself."
    ),
    ZONE_UNKNOWN: _(
        "Ask whoever runs this installation to enter the time zone of the office. The letters then leave by themselves."
    ),
}


def remedy_for(reason: str, organization: Organization) -> Remedy:
    """What comes next for all letters that can't leave for a reason."""
    text = _NEXT.get(reason, _("Look at each letter."))
    if reason == NO_WAY_LEFT:
        failed = reverse("campaigns:address-list", args=[organization.slug])
        return Remedy(reason_in_words(reason), text, failed, _("Addresses that failed"))
    return Remedy(reason_in_words(reason), text, "", "")


def remedy_of_letter(
    letter: Letter, holder: Legislator | None, organization: Organization, *, is_operator: bool
) -> Remedy | None:
    """What comes next for one letter, and the page of whom or what it waits for; nothing where it can leave.

    That nobody holds its seat is said before planning has written it on the letter.
    """
    waits = holder is None and letter.state in {LetterState.DRAFT, LetterState.READY}
    reason = letter.note if letter.is_stuck else SEAT_VACANT if waits else ""
    if not reason:
        return None
    remedy = remedy_for(reason, organization)
    if reason == NO_WAY_LEFT and holder is not None and not _has_failed(holder):
        page = reverse("campaigns:legislator", args=[organization.slug, holder.pk])
        return replace(remedy, url=page, action=holder.name)
    if reason == ASKS_FOR_MORE and letter.pledge.supporter_id:
        page = reverse("campaigns:supporter", args=[organization.slug, letter.pledge.supporter_id])
        return replace(remedy, url=page, action=letter.pledge.name)
    if reason == ZONE_UNKNOWN and is_operator:
        return replace(remedy, url=reverse("admin:contacts_office_changelist"), action=_("Offices"))
    return remedy


def _has_failed(holder: Legislator) -> bool:
    """Whether an address of somebody is known that failed or is in doubt."""
    bad = ContactPoint.objects.filter(health__in=[Health.FAILING, Health.SUSPECT])
    return bad.filter(office__legislator=holder).exists()


def stuck_in(
    reasons: dict[str, int], organization: Organization, letters_url: str
) -> list[tuple[Remedy, int, str]]:
    """Why letters can't leave, each reason with its remedy, how many, and where they are listed."""
    return [
        (remedy_for(reason, organization), n, f"{letters_url}&{urlencode({'stuck': 1, 'reason': reason})}")
        for reason, n in reasons.items()
    ]
