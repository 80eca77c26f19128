"""Try a second subject of a letter on a share of those who write."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.errors import ActionRefused
from campaigns.letters.compose import check
from campaigns.letters.correct import unfrozen
from campaigns.letters.subjects import comparison
from campaigns.models import Campaign, LetterVersion, SubjectArm
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import User


@transaction.atomic
def try_subject(*, version: LetterVersion, subject: str, share: int, actor: User | None) -> LetterVersion:
    """Give `share` of a hundred of new letters the second subject; 0 ends it with the first, 100 with the second.

    Letters that are written keep the subject they have. A comparison begins anew with another subject or share, and
    ends at 0 and 100. Raises ActionRefused, also for a subject that letters other than tests wait under, and
    UnknownMergeField.
    """
    # Locked first, as `update_campaign` locks it: bundles are not switched on meanwhile.
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=version.group.campaign_id)
    # A whole lock: letters that are being written hold the version by its key.
    stored = LetterVersion.objects.select_for_update().get(pk=version.pk)
    subject = " ".join(subject.split())
    if not subject or not 0 <= share <= 100:
        raise ActionRefused(_("Write a second subject, and a share from 0 to 100."))
    if subject == stored.subject:
        raise ActionRefused(_("This is the first subject: write another one."))
    if campaign.bundle_similar and 0 < share < 100:
        raise ActionRefused(
            _("Near-identical letters of this campaign go in bundles, which have no subjects to compare.")
        )
    is_new = subject != stored.second_subject
    if is_new:
        check(subject, office_fields=True)
    waiting = unfrozen(stored).filter(subject_arm=SubjectArm.SECOND, is_test=False)
    if is_new and waiting.exists():
        raise ActionRefused(
            _("Letters with the second subject wait to leave: until then it can’t be changed, only ended.")
        )
    at = now()
    ended = _ended(stored, at) if is_new or share != stored.second_share else {}
    is_going_on = stored.is_tried and not ended
    stored.second_subject, stored.second_share = subject, share
    if is_new:
        stored.compared_subject, stored.compared_from, stored.compared_until = "", None, None
    if stored.is_tried and not is_going_on:
        stored.compared_subject, stored.compared_from, stored.compared_until = stored.subject, at, None
    elif ended and not is_new:
        stored.compared_until = at
    # Nothing else of it: what it cites stays as a person saved it.
    trial = ["second_subject", "second_share", "compared_subject", "compared_from", "compared_until"]
    stored.save(update_fields=trial)
    begun: dict[str, Any] = {"begun": comparison(stored)} if stored.is_tried and not is_going_on else {}
    record(
        organization=campaign.organization,
        actor=actor,
        verb="try subject",
        obj=stored,
        share=share,
        **ended,
        **begun,
    )
    return stored


def _ended(stored: LetterVersion, at: datetime) -> dict[str, Any]:
    """What the audit log keeps of the comparison that ends at this moment; nothing where none was under way."""
    return {"ended": [*comparison(stored), at.isoformat()]} if stored.is_tried else {}
