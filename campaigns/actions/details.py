"""A supporter corrects their name and address: which waiting letters change, and which are for somebody else now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from campaigns.actions.pledges import Matched
from campaigns.actions.returning import bring_back, hold_versions, keep_words
from campaigns.delivery.owed import owe_receipt
from campaigns.errors import BadMove
from campaigns.letters import write
from campaigns.letters.compose import is_suggested, possible_values, suggested_body, writer_values
from campaigns.letters.reasons import DETAILS_CHANGED, MOVED, MOVED_BACK, last_reason
from campaigns.models import Letter, LetterChange, LetterState, MailKind, Pledge, PledgeState
from campaigns.models.moves import move_many
from campaigns.targets import posts_for
from contacts.clock import now
from contacts.models import Post, Residence, Supporter

FIELDS = ("name", "prefix", "street", "city", "region", "postal_code", "phone", "language")
# A pledge's divisions where they have to be found anew; a pledge that is missing stays where it is.
Places = Mapping[UUID, list[Matched]]


@dataclass
class Effect:
    """What a correction does, letter by letter and office by office."""

    # Get the new name and address; the suggested text too, where nobody touched it.
    changed: list[Letter] = field(default_factory=list)
    # Of these, the ones with the supporter's own words: these stay as they are.
    own_words: list[Letter] = field(default_factory=list)
    # For a representative who is theirs no more.
    withdrawn: list[Letter] = field(default_factory=list)
    # Offices that get a letter now.
    written: list[Post] = field(default_factory=list)
    # Theirs now, and without one: a letter to the same chamber is fixed or has left, to who was theirs before.
    unserved: list[Post] = field(default_factory=list)
    # Fixed already: these leave as they are unless they are taken back.
    fixed: list[Letter] = field(default_factory=list)


def corrected_together(pledge: Pledge) -> list[Pledge]:
    """The pledges that carry one person's name and address, the given one first."""
    if pledge.supporter is None:
        return [pledge]
    others = (
        Pledge.objects.filter(supporter=pledge.supporter, state=PledgeState.CONFIRMED)
        .exclude(pk=pledge.pk)
        .select_related("campaign__organization", "campaign__measure", "supporter")
    )
    return [pledge, *others.order_by("pk")]


def effect_of(pledge: Pledge, places: Places) -> Effect:
    """What a correction would do; nothing is changed."""
    effect = Effect()
    for one in corrected_together(pledge):
        _plan(one, places.get(one.pk), effect, now())
    return effect


@transaction.atomic
def correct_details(*, pledge: Pledge, details: Mapping[str, str], places: Places) -> Effect:
    """Correct a person's name and address on all their pledges here, and in every letter that is not fixed yet.

    With `places` letters to who is their representative no more are withdrawn, and the new ones get theirs: with the
    supporter's own words where there were any, and none in a chamber that such a letter has left to already. Raises
    BadMove for somebody whose data were erased meanwhile.
    """
    at = now()
    effect = Effect()
    changes = {name: details[name] for name in FIELDS}
    together = corrected_together(pledge)
    _lock(together, writes_letters=bool(places))
    owner = pledge.supporter
    plans = []
    for one in together:
        gone, new = len(effect.withdrawn), len(effect.written)
        _plan(one, places.get(one.pk), effect, at)
        plans.append((one, effect.withdrawn[gone:], effect.written[new:]))
    if owner is not None and places:
        _move_home(owner, [place for some in places.values() for place in some], at)
    for one, withdrawn, offices in plans:
        spoken = {letter.version.language for letter in effect.changed}
        before = {language: possible_values(one, one.campaign, language) for language in spoken}
        _store(one, changes, places.get(one.pk))
        _reword(one, effect, before, at)
        _exchange(one, withdrawn, offices, at)
    if owner is not None:
        Supporter.objects.filter(pk=owner.pk).update(**changes)
    owe_receipt(pledge, MailKind.DETAILS, at)
    return effect


def _lock(together: list[Pledge], *, writes_letters: bool) -> None:
    """Pledges, whose they are, what their letters say and the letters, in the order of ADR 14.

    Freezing locks letters too: a letter is fixed with what was before, or corrected here.
    """
    pledges = Pledge.objects.filter(pk__in=[one.pk for one in together]).order_by("pk")
    if any(pledges.select_for_update(of=("self",), no_key=True).values_list("erased_at", flat=True)):
        raise BadMove
    owners = Supporter.objects.filter(pk__in=[one.supporter_id for one in together if one.supporter_id])
    list(owners.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    if writes_letters:
        hold_versions({one.campaign_id for one in together})
    letters = Letter.objects.filter(pledge__in=together).order_by("pk")
    list(letters.select_for_update(of=("self",), no_key=True).values_list("pk"))


def _plan(pledge: Pledge, matched: list[Matched] | None, effect: Effect, at: datetime) -> None:
    letters = list(
        Letter.objects.filter(pledge=pledge)
        .select_related("version", "post__chamber", "post__division", "drive")
        .prefetch_related("history")
        .order_by("post__label", "pk")
    )
    waiting = [x for x in letters if x.state in Letter.WAITING or x.state in Letter.LEAVING]
    effect.fixed += [x for x in waiting if x.message_id]
    free = [x for x in waiting if not x.message_id]
    gone: set[UUID] = set()
    if matched is not None:
        before = {post.pk for post, _group in posts_for(pledge.campaign, _home_of(pledge), at.date())}
        after = posts_for(pledge.campaign, [m.division_id for m in matched], at.date())
        gone = before - {post.pk for post, _group in after}
        _write_to(pledge, letters, [p for p, _group in after if p.pk not in before], gone, effect)
    effect.withdrawn += [x for x in free if x.post_id in gone]
    for letter in free:
        if letter.post_id not in gone:
            effect.changed.append(letter)
            choices = possible_values(pledge, pledge.campaign, letter.version.language)
            if not is_suggested(letter.body, letter.version, choices):
                effect.own_words.append(letter)


def _home_of(pledge: Pledge) -> list[UUID]:
    if pledge.supporter is not None:
        return list(pledge.supporter.residences.values_list("division_id", flat=True))
    return [UUID(place["division"]) for place in pledge.matched]


def _write_to(
    pledge: Pledge, letters: list[Letter], new: list[Post], gone: set[UUID], effect: Effect
) -> None:
    """The new offices that get a letter: none in a chamber where the old representative has got one, or gets it."""
    drive = write.open_drive(pledge.campaign)
    if drive is None or pledge.state != PledgeState.CONFIRMED:
        return
    here = [x for x in letters if x.drive_id == drive.pk]
    lost = {LetterState.FAILED, LetterState.BOUNCED, LetterState.ABANDONED, *Letter.STOPPED}
    served = {x.post.chamber_id for x in here if x.post_id in gone and x.message_id and x.state not in lost}
    written = {x.post_id for x in here if not _may_return(x)}
    for post in new:
        if post.pk not in written:
            (effect.unserved if post.chamber_id in served else effect.written).append(post)


def _may_return(letter: Letter) -> bool:
    """Whether a letter was withdrawn by a move and by nothing else, so that moving back brings it back."""
    return (
        letter.state == LetterState.WITHDRAWN and last_reason(letter) == MOVED and letter.message_id is None
    )


def _store(pledge: Pledge, changes: Mapping[str, str], matched: list[Matched] | None) -> None:
    columns: dict[str, object] = dict(changes)
    if matched is not None:
        columns["matched"] = [
            {"division": str(m.division_id), "method": m.method, "confidence": m.confidence} for m in matched
        ]
    Pledge.objects.filter(pk=pledge.pk).update(**columns)
    for name, value in columns.items():
        setattr(pledge, name, value)


def _reword(pledge: Pledge, effect: Effect, before: dict[str, list[dict[str, str]]], at: datetime) -> None:
    """Give letters that nobody touched the suggested text with the new name and town; each gets a row of history."""
    mine = [letter for letter in effect.changed if letter.pledge_id == pledge.pk]
    for letter in mine:
        version = letter.version
        if is_suggested(letter.body, version, before[version.language]):
            values = writer_values(pledge, pledge.campaign, version.language)
            Letter.objects.filter(pk=letter.pk).update(body=suggested_body(version, values))
    LetterChange.objects.bulk_create(
        LetterChange(
            letter=letter, from_state=letter.state, to_state=letter.state, reason=DETAILS_CHANGED, at=at
        )
        for letter in mine
    )


def _move_home(owner: Supporter, matched: list[Matched], at: datetime) -> None:
    """Write down where a person lives now."""
    owner.residences.all().delete()
    Residence.objects.bulk_create(
        Residence(
            supporter=owner,
            division_id=place.division_id,
            method=place.method,
            confidence=place.confidence,
            matched_at=at,
        )
        for place in {place.division_id: place for place in matched}.values()
    )


def _exchange(pledge: Pledge, gone: list[Letter], new: list[Post], at: datetime) -> None:
    """Withdraw letters to the old representatives and write those to the new ones, with what was written before."""
    move_many(
        Letter.objects.filter(pk__in=[letter.pk for letter in gone]),
        LetterState.WITHDRAWN,
        at=at,
        reason=MOVED,
    )
    drive = write.open_drive(pledge.campaign)
    if not new or drive is None:
        return
    wanted = {post.pk for post in new}
    letters = [x for x in write.letters_of(pledge, drive, at) if x.post_id in wanted]
    withdrawn = list(
        Letter.objects.filter(
            pledge=pledge, drive=drive, is_test=pledge.is_test, state=LetterState.WITHDRAWN
        ).prefetch_related("history")
    )
    # One office has one letter in a drive: what an earlier move withdrew comes back.
    returning = {x.post_id: x for x in withdrawn if x.post_id in wanted and _may_return(x)}
    took_one_back = any(not _may_return(x) for x in withdrawn)
    for letter in letters:
        old = returning.get(letter.post_id)
        twin = next((x for x in gone if x.version_id == letter.version_id), old)
        if twin is None:
            continue
        keep_words(twin, letter)
        if twin.version_id == letter.version_id:
            letter.subject_arm = twin.subject_arm
        letter.not_before = twin.not_before
        state = twin.state
        if twin is old and not took_one_back:
            state = next(c.from_state for c in reversed(old.history.all()) if c.to_state == old.state)
        if state in {LetterState.DRAFT, LetterState.READY}:
            letter.state = state
        if old is not None:
            bring_back(old, letter, at, MOVED_BACK)
    write.save_letters([letter for letter in letters if letter.post_id not in returning])
