"""Signatures that wait for a person: let go on to their confirmation mail, or not counted."""

from django.db import transaction
from django.db.models import Q

from campaigns.actions.pledges import CONFIRM_WITHIN
from campaigns.delivery.caps import may_mail
from campaigns.delivery.owed import owe
from campaigns.models import MailKind, Pledge, PledgeState
from campaigns.models.moves import move, move_many
from campaigns.models.pledge import PledgeQuerySet
from contacts.actions.organizations import record
from contacts.addresses import address_hash
from contacts.clock import now
from contacts.models import Organization, User

# So many mails at most are owed by one decision: a mistake should not become a flood.
MOST_AT_ONCE = 500


def reviewed_of(organization: Organization) -> PledgeQuerySet:
    """Signatures of an organisation that were ever held, with their campaigns."""
    held = Pledge.objects.exclude(held_for="").filter(campaign__organization=organization, erased_at=None)
    return held.select_related("campaign")


def waiting_of(organization: Organization) -> PledgeQuerySet:
    return reviewed_of(organization).filter(state=PledgeState.HELD)


@transaction.atomic
def let_sign(*, organization: Organization, pledges: PledgeQuerySet, actor: User) -> int:
    """Mail their owners the link to confirm, the oldest first; gives how many.

    Those that were not counted before may go on, too. Addresses that had their share of mails, or want none, stay.
    """
    at = now()
    done = 0
    # What was confirmed once is not counted for another reason.
    may_go = Q(state=PledgeState.HELD) | Q(state=PledgeState.INVALIDATED, confirmed_at__isnull=True)
    found = pledges.filter(may_go, campaign__organization=organization, erased_at__isnull=True)
    first = list(found.order_by("signed_at", "pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    # Locked in the order of all others who move many, so that two can't wait for each other.
    chosen = list(found.filter(pk__in=first).order_by("pk").select_for_update(of=("self",), no_key=True))
    for pledge in sorted(chosen, key=lambda one: (one.signed_at, one.pk)):
        if may_mail(address_hash(pledge.canonical_email), at):
            move(
                pledge,
                PledgeState.PENDING,
                at=at,
                reason="a person let it go on",
                actor=actor,
                expires_at=at + CONFIRM_WITHIN,
                confirm_counter=pledge.confirm_counter + 1,
            )
            owe(pledge, MailKind.CONFIRM, at)
            done += 1
    record(
        organization=organization, actor=actor, verb="let signatures go on", obj=organization, signatures=done
    )
    return done


@transaction.atomic
def turn_down(*, organization: Organization, pledges: PledgeQuerySet, actor: User) -> int:
    """Don't count held signatures, and mail nobody; gives how many."""
    held = pledges.filter(campaign__organization=organization, state=PledgeState.HELD)
    done = move_many(held, PledgeState.INVALIDATED, at=now(), reason="a person took it for none", actor=actor)
    record(
        organization=organization, actor=actor, verb="turn signatures down", obj=organization, signatures=done
    )
    return done
