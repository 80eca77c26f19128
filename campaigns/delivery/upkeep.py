"""What time alone brings: drives begin and end, pledges expire, accepted letters settle, words are scrubbed."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from campaigns.delivery.forgetting import forget_contacts
from campaigns.delivery.owed import owe
from campaigns.letters.reasons import NOT_COUNTED
from campaigns.models import (
    ChannelName,
    Drive,
    DriveState,
    Endorsement,
    EndorsementState,
    IdempotencyKey,
    Letter,
    LetterChange,
    LetterState,
    MailKind,
    PartnerInvitation,
    Pledge,
    PledgeState,
    PrintBatch,
    Registration,
    RegistrationState,
)
from campaigns.models.moves import move_many
from contacts.clock import now
from contacts.models import Job, JobPart, JobState

REMIND_AFTER = timedelta(hours=24)
SETTLED_AFTER = timedelta(hours=48)  # bounces that come at all come by then
CLOSED_AFTER = timedelta(days=28)
SCRUBBED_AFTER = timedelta(days=28)
IDEMPOTENCY_KEPT = timedelta(hours=24)
JOB_FILES_KEPT = timedelta(days=7)
# Of somebody who registered and never confirmed nothing is kept for longer.
UNCONFIRMED_KEPT = timedelta(days=30)
# What was asked for an organisation and not confirmed; and what nobody decided on, and who asked for one that was
# declined or taken down.
ENDORSEMENT_UNCONFIRMED = timedelta(days=14)
# How long who asked for an organisation, or was invited for one, is known after it came to nothing.
ENDORSER_KEPT = timedelta(days=90)


def start_drives() -> int:
    """Scheduled drives whose time has come begin; gives how many."""
    at = now()
    return move_many(
        Drive.objects.filter(state=DriveState.SCHEDULED, starts_at__lte=at),
        DriveState.RUNNING,
        at=at,
        reason="its time came",
    )


def finish_drives() -> int:
    """Running or paused drives past their last moment finish, once nothing of them is leaving; gives how many."""
    at = now()
    over = Drive.objects.filter(state__in=[DriveState.RUNNING, DriveState.PAUSED], ends_at__lte=at).exclude(
        letters__state__in=[*Letter.WAITING, *Letter.LEAVING]
    )
    return move_many(
        Drive.objects.filter(pk__in=list(over.values_list("pk", flat=True))),
        DriveState.FINISHED,
        at=at,
        reason="its last moment passed",
    )


def expire_letters() -> int:
    """Letters whose deadline passed while they waited become expired; gives how many.

    Not those in a batch: they may be in the letter box already, and a person says whether they are.
    """
    at = now()
    late = Letter.objects.filter(state__in=Letter.WAITING, deadline__lte=at, batch__isnull=True)
    return move_many(late, LetterState.EXPIRED, at=at, reason="the drive's last moment passed")


def stop_leftovers() -> int:
    """Letters that a worker put back after their drive was cancelled or their pledge withdrawn stop too."""
    at = now()
    waiting = Letter.objects.filter(state__in=Letter.WAITING)
    withdrawn = move_many(
        waiting.filter(pledge__state=PledgeState.WITHDRAWN),
        LetterState.WITHDRAWN,
        at=at,
        reason="its pledge was withdrawn",
    )
    # Asked one after the other: together they could be answered only by looking at every letter.
    cancelled = move_many(
        waiting.filter(drive__state=DriveState.CANCELLED),
        LetterState.CANCELLED,
        at=at,
        reason="its drive was cancelled",
    )
    # Held and not cancelled, since the pledge may count again.
    not_counted = move_many(
        Letter.objects.filter(state__in=Letter.OUTGOING, pledge__state=PledgeState.INVALIDATED),
        LetterState.HELD,
        at=at,
        reason=NOT_COUNTED,
        note=NOT_COUNTED,
    )
    return withdrawn + cancelled + not_counted


def expire_pledges() -> int:
    """Pledges nobody confirmed, or reviewed, in time become expired; gives how many."""
    at = now()
    late = Pledge.objects.filter(expires_at__lte=at)
    return move_many(
        late.filter(state=PledgeState.PENDING), PledgeState.EXPIRED, at=at, reason="not confirmed in time"
    ) + move_many(
        late.filter(state=PledgeState.HELD), PledgeState.EXPIRED, at=at, reason="nobody reviewed it in time"
    )


@transaction.atomic
def remind_pending() -> int:
    """One reminder, a day after signing, to those who have not confirmed; gives how many were looked at."""
    at = now()
    waiting = (
        Pledge.objects.select_related("campaign")
        .filter(
            state=PledgeState.PENDING,
            signed_at__lte=at - REMIND_AFTER,
            expires_at__gt=at,
            campaign__state="open",
        )
        .exclude(mails__kind=MailKind.REMINDER)[:500]
    )
    for pledge in waiting:
        owe(pledge, MailKind.REMINDER, at)
    return len(waiting)


def settle_letters() -> int:
    """Letters accepted two days ago without a bounce settle, and close after four weeks; gives how many moved."""
    at = now()
    quiet = Letter.objects.filter(state=LetterState.SENT, sent_at__lte=at - SETTLED_AFTER)
    mail = Q(channel=ChannelName.EMAIL)
    settled = move_many(quiet.filter(mail), LetterState.SETTLED, at=at, reason="no bounce for two days")
    settled += move_many(quiet.exclude(mail), LetterState.SETTLED, at=at, reason="two days have passed")
    old = Letter.objects.filter(state=LetterState.SETTLED, sent_at__lte=at - CLOSED_AFTER)
    return settled + move_many(old, LetterState.CLOSED, at=at, reason="four weeks have passed")


def scrub_words() -> int:
    """Supporters' own words go four weeks after their letter is closed; state, times and hash stay."""
    at = now()
    done = [
        LetterState.CLOSED,
        LetterState.FAILED,
        LetterState.ABANDONED,
        LetterState.WITHDRAWN,
        LetterState.CANCELLED,
        LetterState.EXPIRED,
    ]
    old = Letter.objects.filter(state__in=done, scrubbed_at__isnull=True)
    closed_since = old.filter(history__to_state__in=done, history__at__lte=at - SCRUBBED_AFTER)
    # One that came back and was closed again keeps its words as long as any other.
    again = LetterChange.objects.filter(letter=OuterRef("pk"), to_state__in=done, at__gt=at - SCRUBBED_AFTER)
    ids = list(closed_since.exclude(Exists(again)).values_list("pk", flat=True)[:2000])
    return Letter.objects.filter(pk__in=ids, state__in=done).scrub(at)


def scrub_batches() -> int:
    """Files and lists of posted batches go when the words of their letters do; gives how many."""
    old = PrintBatch.objects.filter(pdf__isnull=False, posted_at__lte=now() - CLOSED_AFTER - SCRUBBED_AFTER)
    return old.update(pdf=None, manifest="")


def forget_idempotency_keys() -> int:
    """Stored API answers go after a day; gives how many."""
    return IdempotencyKey.objects.filter(created_at__lte=now() - IDEMPOTENCY_KEPT).delete()[0]


def forget_job_files() -> int:
    """Exports go after a week, and so do files that nobody imported; reports on rows stay. Gives how many pieces."""
    old = now() - JOB_FILES_KEPT
    unused = Job.objects.filter(state__in=[JobState.DRAFT, JobState.WAITING], created_at__lte=old)
    unused.update(state=JobState.CANCELLED, finished_at=now())
    gone = JobPart.objects.filter(role__in=[JobPart.SOURCE, JobPart.FILE], job__finished_at__isnull=False)
    return gone.filter(job__created_at__lte=old).delete()[0]


def forget_endorsers() -> int:
    """What was asked for an organisation and never confirmed goes after two weeks; who asked for one that was declined
    or taken down after 90 days. What nobody decided on for so long ends. Gives how many rows."""
    at = now()
    old = Endorsement.objects.filter(state=EndorsementState.ASKED, asked_at__lte=at - ENDORSEMENT_UNCONFIRMED)
    gone = old.delete()[1].get("campaigns.Endorsement", 0)
    over = Endorsement.objects.filter(
        state__in=[EndorsementState.DECLINED, EndorsementState.WITHDRAWN],
        decided_at__lte=at - ENDORSER_KEPT,
    ).exclude(contact_email="")
    return gone + forget_contacts(over) + _end_undecided(at - ENDORSER_KEPT)


@transaction.atomic
def _end_undecided(confirmed_by: datetime) -> int:
    waiting = Endorsement.objects.filter(state=EndorsementState.CONFIRMED, confirmed_at__lte=confirmed_by)
    # Locked: what is approved at this moment goes on standing.
    ids = list(waiting.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    at, over = now(), Endorsement.objects.filter(pk__in=ids)
    move_many(over, EndorsementState.WITHDRAWN, at=at, reason="nobody decided", decided_at=at)
    return forget_contacts(over)


def forget_invitations() -> int:
    """Invitations of partners that came to nothing go after 90 days; gives how many rows."""
    old = now() - ENDORSER_KEPT
    over = PartnerInvitation.objects.filter(partnership__isnull=True)
    return over.filter(Q(answered_at__lte=old) | Q(answered_at__isnull=True, expires_at__lte=old)).delete()[0]


def forget_registrations() -> int:
    """Registrations that their owners never confirmed go after a month; gives how many rows."""
    old = Registration.objects.filter(
        state__in=[RegistrationState.EXPIRED, RegistrationState.CANCELLED],
        confirmed_at__isnull=True,
        erased_at__isnull=True,
        registered_at__lte=now() - UNCONFIRMED_KEPT,
        reports__isnull=True,  # of an earlier coming, which they had confirmed
    )
    return old.delete()[0]
