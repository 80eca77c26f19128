"""Two records of one person made one, and parted again within a day."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns.actions.partner_consents import stay_stopped
from campaigns.actions.recalls import NO_LONGER, recall_for_consent
from campaigns.delivery.thaw import THAWED
from campaigns.duplicates import FILLED, last_words, stricter, twice
from campaigns.errors import ActionRefused
from campaigns.jobs.invalidation import hold_letters, recall_uncounted
from campaigns.letters.reasons import COUNTED_AGAIN, NOT_COUNTED, SIGNED_TWICE
from campaigns.models import Letter, LetterState, PartnerConsent, Pledge, PledgeState, SupporterMerge
from campaigns.models.moves import move_many
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import Consent, Residence, Supporter, Tagging, User

UNDO_WITHIN = timedelta(days=1)
_NO_OF_THE_OTHER = "merged"


@transaction.atomic
def merge_supporters(*, kept: Supporter, gone: Supporter, actor: User) -> SupporterMerge:
    """Join `gone` into `kept`: no pledge and no letter is lost, and a no of either stays a no.

    Of two pledges in one campaign the older counts. Raises ActionRefused.
    """
    people = _locked(kept, gone)
    kept, gone = people[kept.pk], people[gone.pk]
    if kept.pk == gone.pk or kept.organization_id != gone.organization_id:
        raise ActionRefused
    if any(person.erased_at or person.merged_into_id for person in (kept, gone)):
        raise ActionRefused(_("One of the two was merged or erased meanwhile."))
    at = now()
    mine = list(
        Pledge.objects.filter(supporter=kept).order_by("pk").select_for_update(of=("self",), no_key=True)
    )
    theirs = list(
        Pledge.objects.filter(supporter=gone).order_by("pk").select_for_update(of=("self",), no_key=True)
    )
    uncounted = [pledge.pk for pledge in twice(mine, theirs)]
    move_many(
        Pledge.objects.filter(pk__in=uncounted),
        PledgeState.INVALIDATED,
        at=at,
        reason=SIGNED_TWICE,
        actor=actor,
    )
    hold_letters(uncounted, actor=actor)
    recall_uncounted(uncounted, kept.organization)
    Pledge.objects.filter(pk__in=[pledge.pk for pledge in theirs]).update(supporter=kept)
    chosen = list(PartnerConsent.objects.filter(supporter=gone).order_by("pk").values_list("pk", flat=True))
    PartnerConsent.objects.filter(pk__in=chosen).update(supporter=kept)
    stay_stopped(kept, at)  # a no for this address alone: parted, the other record has its own choices again
    undo: dict[str, object] = {
        "pledges": [str(pledge.pk) for pledge in theirs],
        "uncounted": [str(pk) for pk in uncounted],
        "tags": _take_tags(kept, gone),
        "filled": _fill(kept, gone),
        "consents": _take_noes(kept, gone),
        "homes": _take_homes(kept, gone),
        # What was said last of a partner holds, whichever record it was said in.
        "chosen": chosen,
        "chosen_before": list(kept.partner_consents.order_by("pk").values_list("pk", flat=True)),
        "spoken": list(kept.consents.order_by("pk").values_list("pk", flat=True)),
    }
    Supporter.objects.filter(pk=gone.pk).update(merged_into=kept)
    # Whoever was joined into the one that goes belongs to the one that stays.
    undo["followers"] = [
        str(pk) for pk in Supporter.objects.filter(merged_into=gone).values_list("pk", flat=True)
    ]
    Supporter.objects.filter(merged_into=gone).update(merged_into=kept)
    merge = SupporterMerge.objects.create(kept=kept, gone=gone, undo=undo, made_by=actor, created_at=at)
    record(
        organization=kept.organization,
        actor=actor,
        verb="merge supporters",
        obj=kept,
        gone=str(gone.pk),
        pledges=len(theirs),
        uncounted=len(uncounted),
    )
    return merge


def _locked(one: Supporter, other: Supporter) -> dict[UUID, Supporter]:
    """Both, locked in one order, so that two people who merge at once can't wait for each other.

    Their pledges first, as everybody does who changes a pledge: what counts them locks its supporter then.
    """
    ours = Pledge.objects.filter(supporter__in=[one.pk, other.pk]).order_by("pk")
    list(ours.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    people = Supporter.objects.filter(pk__in=[one.pk, other.pk]).order_by("pk")
    return {
        person.pk: person
        for person in people.select_for_update(of=("self",), no_key=True).select_related("organization")
    }


def _take_tags(kept: Supporter, gone: Supporter) -> list[str]:
    mine = set(kept.taggings.values_list("tag", flat=True))
    new = [tag for tag in gone.taggings.values_list("tag", flat=True) if tag not in mine]
    Tagging.objects.bulk_create([Tagging(supporter=kept, tag_id=tag, at=now()) for tag in new])
    return [str(tag) for tag in new]


def _fill(kept: Supporter, gone: Supporter) -> list[str]:
    filled = [name for name in FILLED if not getattr(kept, name) and getattr(gone, name)]
    Supporter.objects.filter(pk=kept.pk).update(**{name: getattr(gone, name) for name in filled})
    return filled


def _take_noes(kept: Supporter, gone: Supporter) -> list[int]:
    made = [
        Consent.objects.create(
            supporter=kept,
            purpose=purpose,
            given=False,
            text=_("Said no in another record of the same person."),
            text_version=_NO_OF_THE_OTHER,
            language=gone.language,
            source=f"supporter {gone.pk}",
            at=now(),
        )
        for purpose in stricter(last_words(kept), last_words(gone))
    ]
    for consent in made:
        if consent.purpose in NO_LONGER:
            recall_for_consent(kept, consent.purpose)
    return [consent.pk for consent in made]


def _take_homes(kept: Supporter, gone: Supporter) -> list[int]:
    """Where somebody lives, from the other record where this one does not know."""
    if kept.residences.exists():
        return []
    homes = list(Residence.objects.filter(supporter=gone).values_list("pk", flat=True))
    Residence.objects.filter(pk__in=homes).update(supporter=kept)
    return homes


@transaction.atomic
def part_supporters(*, merge: SupporterMerge, actor: User) -> None:
    """Part two records again as they were; what came since stays with the one that was kept.

    A no that was said since holds for both. Raises ActionRefused the second time, after a day, and for the erased.
    """
    at = now()
    if merge.created_at < at - UNDO_WITHIN:
        raise ActionRefused(_("A merge can be taken back for a day."))
    people = _locked(merge.kept, merge.gone)
    if any(person.erased_at for person in people.values()):
        raise ActionRefused(_("This person had their data erased meanwhile: there is nothing left to part."))
    if not SupporterMerge.objects.filter(pk=merge.pk, undone_at__isnull=True).update(undone_at=at):
        raise ActionRefused(_("That was taken back already."))
    undo, kept, gone = merge.undo, merge.kept, merge.gone
    if not Supporter.objects.filter(pk=gone.pk, merged_into=kept).update(merged_into=None):
        raise ActionRefused(_("The other one was merged again meanwhile. Take that back first."))
    Supporter.objects.filter(pk__in=undo["followers"]).update(merged_into=gone)
    Pledge.objects.filter(pk__in=undo["pledges"], supporter=kept).update(supporter=gone)
    again = Pledge.objects.filter(
        pk__in=undo["uncounted"], state=PledgeState.INVALIDATED, erased_at__isnull=True
    )
    ids = list(again.values_list("pk", flat=True))
    move_many(again, PledgeState.CONFIRMED, at=at, reason=COUNTED_AGAIN, actor=actor)
    held = Letter.objects.filter(pledge__in=ids, state=LetterState.HELD, note=NOT_COUNTED)
    move_many(held, LetterState.READY, at=at, reason=COUNTED_AGAIN, actor=actor, **THAWED)
    Tagging.objects.filter(supporter=kept, tag__in=undo["tags"]).delete()
    for name in undo["filled"]:
        Supporter.objects.filter(Q(**{name: getattr(gone, name)}), pk=kept.pk).update(**{name: ""})
    # Nobody said these: they were drawn from the other record.
    Consent.objects.filter(pk__in=undo["consents"], supporter=kept).delete()
    _give_noes(kept, gone, undo, merge.created_at)
    _part_choices(kept, gone, undo)
    # Those that were matched anew since are of the one that was kept.
    if isinstance(undo["homes"], list):
        Residence.objects.filter(pk__in=undo["homes"], supporter=kept).update(supporter=gone)
    record(organization=kept.organization, actor=actor, verb="part supporters", obj=kept, gone=str(gone.pk))


def _give_noes(kept: Supporter, gone: Supporter, undo: dict[str, Any], merged_at: datetime) -> None:
    """Whoever said no since they were one said it for both records."""
    noes = Consent.objects.filter(supporter=kept, given=False, at__gte=merged_at)
    for said in noes.exclude(pk__in=undo.get("spoken", [])).order_by("pk"):
        said.pk, said.supporter = None, gone
        said.save(force_insert=True)


def _part_choices(kept: Supporter, gone: Supporter, undo: dict[str, Any]) -> None:
    """What was said of partners goes back to its record; a no since they were one was said for both."""
    PartnerConsent.objects.filter(pk__in=undo.get("chosen", []), supporter=kept).update(supporter=gone)
    since = PartnerConsent.objects.filter(supporter=kept, given=False)
    for said in since.exclude(pk__in=undo.get("chosen_before", [])).order_by("pk"):
        said.pk, said.supporter = None, gone
        said.save(force_insert=True)
