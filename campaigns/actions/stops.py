"""An office that asks an organisation to stop writing: by one way, or at all."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns import tasks
from campaigns.delivery.addressees import resolve
from campaigns.delivery.next_address import pass_on
from campaigns.delivery.owed import owe_news
from campaigns.delivery.planning import posts_of
from campaigns.delivery.thaw import THAWED
from campaigns.errors import ActionRefused
from campaigns.letters.reasons import ALLOWED_AGAIN, ASKED_TO_STOP
from campaigns.models import Drive, Letter, LetterState, MailKind
from campaigns.models.letter import LetterQuerySet
from campaigns.models.moves import move_many
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import ContactPoint, Legislator, Membership, Organization, Suppression, User


@dataclass(frozen=True)
class Stopped:
    """What became of letters that waited for an office: go another way, or are held and their supporters told."""

    rerouted: int
    held: int


def waiting_for(organization: Organization, legislator: Legislator, point: ContactPoint | None) -> int:
    """Letters of an organisation that a stop would concern now."""
    return _waiting(organization, legislator, point).count()


def _waiting(
    organization: Organization, legislator: Legislator, point: ContactPoint | None
) -> LetterQuerySet:
    seats = Membership.objects.current(now().date()).filter(legislator=legislator, post__isnull=False)
    theirs = Q(legislator=legislator) | Q(legislator__isnull=True, post__in=seats.values("post"))
    states = [LetterState.READY, LetterState.QUEUED, LetterState.DEFERRED]
    letters = Letter.objects.counted().filter(
        theirs,
        drive__campaign__organization=organization,
        drive__state__in=Drive.TAKES_LETTERS,
        state__in=states,
    )
    # What is frozen for another way is not concerned.
    return letters if point is None else letters.filter(Q(message_id__isnull=True) | Q(contact_point=point))


@transaction.atomic
def stop_writing(
    *,
    organization: Organization,
    legislator: Legislator,
    point: ContactPoint | None,
    reason: str,
    actor: User | None,
) -> Stopped:
    """Write to an office no more, by one of its addresses or (without one) at all.

    Letters that wait take its next way; those that have none are held, and each supporter is told once, with the
    text. What is leaving finishes. Raises ActionRefused when it was noted before.
    """
    at = now()
    names: dict[str, object] = {"contact_point": point} if point else {"legislator": legislator}
    _stop, is_new = Suppression.objects.get_or_create(
        organization=organization, **names, defaults={"reason": reason[:200], "created_at": at}
    )
    if not is_new:
        raise ActionRefused(_("This is noted already."))
    letters = list(
        _waiting(organization, legislator, point)
        .select_related("drive__campaign", "pledge__campaign", "post")
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
    done = _reroute(letters, at)
    record(
        organization=organization,
        actor=actor,
        verb="office asked to stop",
        obj=point or legislator,
        rerouted=done.rerouted,
        held=done.held,
    )
    tasks.tick.delay_on_commit()
    return done


def _reroute(letters: list[Letter], at: datetime) -> Stopped:
    rerouted, unable = 0, []
    by_drive: dict[Drive, list[Letter]] = {}
    for letter in letters:
        by_drive.setdefault(letter.drive, []).append(letter)
    for drive, theirs in by_drive.items():
        addressees = resolve(posts_of({x.post_id for x in theirs}), drive.campaign, at.date())
        planned_anew = []
        for letter in theirs:
            if letter.message_id is not None:
                # A letter that lies printed in a batch must not leave by mail, too: it is held, and the batch names it.
                goes_on = letter.batch_id is None and pass_on(letter, at) is None
            else:
                goes_on = not addressees[letter.post_id].problem_for(letter)
                planned_anew.append(letter.pk)
            if goes_on:
                rerouted += 1
            else:
                unable.append(letter)
        Letter.objects.filter(pk__in=planned_anew).update(send_after=None)
    move_many(
        Letter.objects.filter(pk__in=[letter.pk for letter in unable]),
        LetterState.HELD,
        at=at,
        reason=ASKED_TO_STOP,
        note=ASKED_TO_STOP,
    )
    for letter in unable:
        owe_news(letter, MailKind.OFFICE_STOPPED, at)
    return Stopped(rerouted, len(unable))


def _free(letters: LetterQuerySet, at: datetime) -> list[UUID]:
    """Those of the letters whose office asks for nothing any more: it may have asked more than once."""
    free: list[UUID] = []
    by_drive: dict[Drive, dict[UUID, UUID]] = {}
    for letter in letters.select_related("drive__campaign").only("post", "drive__campaign"):
        by_drive.setdefault(letter.drive, {})[letter.pk] = letter.post_id
    for drive, posts in by_drive.items():
        addressees = resolve(posts_of(set(posts.values())), drive.campaign, at.date())
        free += [pk for pk, post in posts.items() if not addressees[post].suppressed]
    return free


@transaction.atomic
def allow_again(*, stop: Suppression, actor: User | None) -> int:
    """An office may be written to again: letters that were held for this go on; gives how many."""
    organization = stop.organization
    legislator = stop.contact_point.office.legislator if stop.contact_point else stop.legislator
    if organization is None or legislator is None:
        raise ActionRefused
    stop.delete()
    held = Letter.objects.counted().filter(
        Q(legislator=legislator) | Q(post__memberships__legislator=legislator, legislator__isnull=True),
        drive__campaign__organization=organization,
        state=LetterState.HELD,
        note=ASKED_TO_STOP,
    )
    again = move_many(
        Letter.objects.filter(pk__in=_free(held, now())),
        LetterState.READY,
        at=now(),
        actor=actor,
        reason=ALLOWED_AGAIN,
        **THAWED,
    )
    record(
        organization=organization,
        actor=actor,
        verb="office may be written to again",
        obj=legislator,
        letters=again,
    )
    tasks.tick.delay_on_commit()
    return again
