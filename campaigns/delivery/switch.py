"""The operator's switch: stops everything that leaves this installation, at once and for everyone."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Count, Q

from campaigns.models import Drive, DriveState, Letter, LetterState, Sending, SendingChange, SendingState
from campaigns.models.moves import move
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import Organization, User


def is_stopped() -> bool:
    """Whether sending is stopped now. For a promise use `hold_open`."""
    return stopped() is not None


def stopped() -> Sending | None:
    """The switch when it is off, with when and why."""
    return Sending.objects.filter(pk=Sending.ONLY, state=SendingState.STOPPED).first()


def hold_open() -> bool:
    """Whether letters may leave, and stays so until the transaction this runs in ends.

    The row is locked so that windows don't wait for one another, while stopping waits for all of them: nothing
    begins after it has committed. SQLite has one writer at a time and needs no lock.
    """
    share = " FOR SHARE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "state" FROM "{Sending._meta.db_table}" WHERE "id" = %s{share}',  # noqa: S608
            [Sending.ONLY],
        )
        row = cursor.fetchone()
    return row is None or row[0] == SendingState.ON


@dataclass(frozen=True)
class Reach:
    """Whom the switch touches: organisations that send from here, and drives under way, of all and of one of them."""

    organizations: int
    drives: int
    ours: int


def reach(organization: Organization) -> Reach:
    ours = Q(campaign__organization=organization)
    drives = Drive.objects.filter(state=DriveState.RUNNING, campaign__is_test=False)
    found = drives.aggregate(every=Count("pk"), ours=Count("pk", filter=ours))
    return Reach(Organization.objects.filter(is_partner_only=False).count(), found["every"], found["ours"])


def who_stopped() -> User | None:
    """Who stopped all sending last; nobody where the command did."""
    last = SendingChange.objects.filter(to_state=SendingState.STOPPED).select_related("actor").last()
    return last.actor if last is not None else None


@transaction.atomic
def stop(*, reason: str, actor: User | None, organization: Organization | None = None) -> None:
    """Begin nothing more, anywhere. What is leaving already finishes. Raises BadMove when it is stopped already."""
    _turn(SendingState.STOPPED, "stop all sending", reason, actor, organization)


@transaction.atomic
def start(*, reason: str = "", actor: User | None, organization: Organization | None = None) -> None:
    """Let letters leave again, at the drives' own rates: what was missed is planned anew from now.

    Raises BadMove when nothing is stopped.
    """
    _turn(SendingState.ON, "start sending again", reason, actor, organization)
    missed = Letter.objects.filter(state=LetterState.READY, drive__state=DriveState.RUNNING)
    missed.update(send_after=None)


def _turn(
    to_state: str, verb: str, reason: str, actor: User | None, organization: Organization | None
) -> None:
    at = now()
    row, _new = Sending.objects.get_or_create(pk=Sending.ONLY)
    reason = reason.strip()[:200]
    move(row, to_state, at=at, reason=reason, actor=actor, changed_at=at, note=reason)
    # It touches all who send, so it stands in each log of theirs; who did it, in those the person works for.
    for one in Organization.objects.filter(is_partner_only=False):
        known = actor if organization is not None and one.pk == organization.pk else None
        record(organization=one, actor=known, verb=verb, obj=row, reason=reason)
