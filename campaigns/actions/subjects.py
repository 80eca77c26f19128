"""Try a second subject of a letter on a share of those who write."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.errors import ActionRefused
from campaigns.letters.compose import check_version
from campaigns.letters.correct import unfrozen
from campaigns.models import LetterVersion, SubjectArm
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import User


@transaction.atomic
def try_subject(*, version: LetterVersion, subject: str, share: int, actor: User | None) -> LetterVersion:
    """Give `share` of a hundred of new letters the second subject; 0 ends it with the first, 100 with the second.

    Letters that are written keep the subject they have. A comparison begins anew with another subject or share, and
    ends at 0 and 100. Raises ActionRefused, also for a subject that letters wait under, and UnknownMergeField.
    """
    stored = LetterVersion.objects.select_for_update().get(pk=version.pk)
    campaign = version.group.campaign
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
    if is_new and unfrozen(stored).filter(subject_arm=SubjectArm.SECOND).exists():
        raise ActionRefused(
            _("Letters with the second subject wait to leave: until then it can’t be changed, only ended.")
        )
    was_tried = stored.is_tried
    has_changed = is_new or share != stored.second_share
    stored.second_subject, stored.second_share = subject, share
    stored.group = version.group
    check_version(stored)
    if stored.is_tried and has_changed:
        stored.compared_from, stored.compared_until = now(), None
    elif was_tried and not stored.is_tried:
        stored.compared_until = now()
    elif is_new:
        stored.compared_from = stored.compared_until = None
    stored.save()
    record(organization=campaign.organization, actor=actor, verb="try subject", obj=stored, share=share)
    return stored
