"""Contact points that letters came back from: a person says that one works again."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns import tasks
from campaigns.delivery.thaw import THAWED
from campaigns.errors import ActionRefused
from campaigns.failed_addresses import held_at, kinds_by_campaign, stuck_at
from campaigns.letters.reasons import WORKS_AGAIN
from campaigns.models import LetterState
from campaigns.models.moves import move_many
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import ContactPoint, Health, Organization, User


@transaction.atomic
def say_works_again(*, organization: Organization, point: ContactPoint, actor: User) -> int:
    """Write to a failed address again; the organisation's letters that waited for it go on. Gives how many.

    Raises ActionRefused when it has not failed: one that a source no longer lists comes back with the source alone.
    """
    at = now()
    failed = ContactPoint.objects.filter(pk=point.pk, health__in=[Health.FAILING, Health.SUSPECT])
    if not failed.update(health=Health.OK, health_reason="", health_changed_at=at):
        raise ActionRefused(_("This address has not failed."))
    # Letters that were never fixed for an address look again by themselves; now is soon.
    stuck = stuck_at(organization, point, kinds_by_campaign(organization))
    again = stuck.update(send_after=None, note="")
    letters = held_at(organization, [point])
    again += move_many(letters, LetterState.READY, at=at, actor=actor, reason=WORKS_AGAIN, **THAWED)
    record(organization=organization, actor=actor, verb="address works again", obj=point, letters=again)
    tasks.tick.delay_on_commit()
    return again
