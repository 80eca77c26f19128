"""What a supporter agrees to, changed by themselves: on their page, or with one press in a mail program."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from campaigns.actions.partner_consents import choose
from campaigns.actions.recalls import NO_LONGER, recall_for_consent
from campaigns.actions.supporters import never_write_again
from campaigns.delivery.owed import owe_receipt
from campaigns.models import MailKind, Pledge
from contacts.clock import now
from contacts.models import Consent, Purpose, Supporter

# What may be chosen, and what holds for somebody who never said anything.
UNSAID: dict[str, bool] = {
    Purpose.CONTACT: False,
    Purpose.ASK: True,
    Purpose.NAME: False,
    Purpose.STORY: False,
}
EVERYTHING = "all"
# What one press in a mail program may end.
ENDABLE = {Purpose.ASK, Purpose.CONTACT, EVERYTHING}
WORDS_VERSION = "1"


def wishes_of(supporter: Supporter) -> dict[str, bool]:
    """What holds now, by purpose."""
    found = dict(UNSAID)
    for purpose, given in supporter.consents.order_by("id").values_list("purpose", "given"):
        if purpose in found:
            found[purpose] = given
    return found


@transaction.atomic
def set_wishes(
    *,
    pledge: Pledge,
    wishes: Mapping[str, bool],
    words: Mapping[str, str],
    language: str,
    partners: Mapping[UUID, bool] | None = None,
    partner_words: Mapping[UUID, str] | None = None,
) -> int:
    """Write down what a supporter chose, in the words they saw; gives how much changed, and mails of it.

    What is not named, or stays as it was, gets no row: nobody agreed to anything anew. `partners` and their words go
    by partnership.
    """
    supporter = pledge.supporter
    if supporter is None:
        return 0
    if Supporter.objects.select_for_update(no_key=True).get(pk=supporter.pk).erased_at is not None:
        return 0  # erased while this waited: nothing is agreed to by nobody
    before = wishes_of(supporter)
    changed = [purpose for purpose in UNSAID if wishes.get(purpose, before[purpose]) != before[purpose]]
    at = now()
    Consent.objects.bulk_create(
        Consent(
            supporter=supporter,
            purpose=purpose,
            given=wishes[purpose],
            text=words[purpose],
            text_version=WORDS_VERSION,
            language=language,
            source="their own page",
            at=at,
        )
        for purpose in changed
    )
    for purpose in changed:
        if purpose in NO_LONGER and not wishes[purpose]:
            recall_for_consent(supporter, purpose)
    of_partners = choose(supporter, partners or {}, partner_words or {}, language, at)
    if changed or of_partners:
        owe_receipt(pledge, MailKind.CHOICES, at)
    return len(changed) + of_partners


@transaction.atomic
def end_mails(*, pledge: Pledge, purpose: str) -> None:
    """No more mails of a purpose, or of any; asking twice is fine. No mail confirms it: they want none."""
    if purpose == EVERYTHING:
        if pledge.erased_at is None:
            never_write_again(canonical=pledge.canonical_email)
        return
    supporter = pledge.supporter
    if supporter is None or supporter.erased_at is not None:
        return
    Supporter.objects.select_for_update(no_key=True).get(pk=supporter.pk)
    if wishes_of(supporter)[purpose]:
        Consent.objects.create(
            supporter=supporter,
            purpose=purpose,
            given=False,
            text="List-Unsubscribe",
            text_version=WORDS_VERSION,
            language=pledge.language,
            source="one press in a mail program",
            at=now(),
        )
