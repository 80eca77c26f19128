"""Contact points that letters came back from: a person says that one works again."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns import tasks
from campaigns.delivery.thaw import THAWED
from campaigns.errors import ActionRefused
from campaigns.letters.reasons import NO_WAY_LEFT, WORKS_AGAIN
from campaigns.models import Drive, Letter, LetterState
from campaigns.models.letter import LetterQuerySet
from campaigns.models.moves import move_many
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import ContactPoint, Health, Organization, User


def waiting_for(organization: Organization, point: ContactPoint) -> LetterQuerySet:
    """Letters of an organisation that wait because this address failed and its office has no other."""
    here = Letter.objects.counted().filter(
        drive__campaign__organization=organization, drive__state__in=Drive.TAKES_LETTERS
    )
    return here.filter(contact_point=point, state=LetterState.HELD, note=NO_WAY_LEFT)


@transaction.atomic
def say_works_again(*, organization: Organization, point: ContactPoint, actor: User) -> int:
    """Write to a failed address again; the organisation's letters that were held for it go on. Gives how many.

    Raises ActionRefused when it has not failed: one that a source no longer lists comes back with the source alone.
    """
    at = now()
    failed = ContactPoint.objects.filter(pk=point.pk, health__in=[Health.FAILING, Health.SUSPECT])
    if not failed.update(health=Health.OK, health_reason="", health_changed_at=at):
        raise ActionRefused(_("This address has not failed."))
    letters = waiting_for(organization, point)
    again = move_many(letters, LetterState.READY, at=at, actor=actor, reason=WORKS_AGAIN, **THAWED)
    # Letters that were never fixed for an address look again by themselves; now is soon.
    stuck = Letter.objects.stuck().filter(drive__campaign__organization=organization, note=NO_WAY_LEFT)
    stuck.filter(post__memberships__legislator=point.office.legislator_id).update(send_after=None, note="")
    record(organization=organization, actor=actor, verb="address works again", obj=point, letters=again)
    tasks.tick.delay_on_commit()
    return again
