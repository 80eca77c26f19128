"""Everything that says who a supporter is goes; what happened stays as numbers."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from campaigns.actions.endorsements import erase_endorsers
from campaigns.actions.recalls import recall_for_pledge
from campaigns.actions.registrations import erase_registrations
from campaigns.actions.stories import erase_stories
from campaigns.delivery import forgetting
from campaigns.delivery.batches import let_go
from campaigns.delivery.manifest import without_people
from campaigns.delivery.owed import owe_last_word
from campaigns.letters.reasons import ERASED, ONE_ERASED
from campaigns.models import (
    BatchState,
    Endorsement,
    InboundMail,
    Letter,
    LetterState,
    MailState,
    OutboxMail,
    Partnership,
    Pledge,
    PledgeState,
    PrintBatch,
    Registration,
)
from campaigns.models.endorsement import EndorsementQuerySet
from campaigns.models.moves import move, move_many
from campaigns.partners import exports_of
from campaigns.same_person import endorsements_of, registrations_of
from contacts.addresses import address_hash
from contacts.clock import now
from contacts.models import (
    Job,
    JobKind,
    JobPart,
    JobState,
    Organization,
    Supporter,
    Suppression,
    suppression,
)
from policy.models import RecallReason

# What pledges and supporters share of a person.
_EMPTY = dict.fromkeys(
    ("name", "name_key", "email", "prefix", "phone", "street", "city", "region", "postal_code"), ""
)


@dataclass(frozen=True)
class Effect:
    """What erasing would do, or did, in one organisation."""

    pledges: int
    stopped: int
    left: int
    # Organisations they asked for that go on being shown.
    shown: int


def _records_of(pledge: Pledge) -> list[Supporter]:
    """The records of the person of a pledge: theirs, and all that were joined with it."""
    theirs = Q(canonical_email=pledge.canonical_email, name_key=pledge.name_key)
    if pledge.supporter_id is not None:
        theirs |= Q(pk=pledge.supporter_id)
    here = Supporter.objects.filter(organization=pledge.campaign.organization_id, erased_at__isnull=True)
    kept = {merged_into or pk for pk, merged_into in here.filter(theirs).values_list("pk", "merged_into")}
    return list(here.filter(Q(pk__in=kept) | Q(merged_into__in=kept)).order_by("pk"))


def pledges_of(pledge: Pledge, records: Iterable[Supporter] | None = None) -> QuerySet[Pledge]:
    """All that the person of a pledge signed with its organisation, confirmed or not, by any of their addresses."""
    records = _records_of(pledge) if records is None else list(records)
    same = Q(canonical_email=pledge.canonical_email, name_key=pledge.name_key)
    same |= Q(supporter__in=[one.pk for one in records])
    if pledge.supporter_id is not None:
        same |= Q(supporter=pledge.supporter_id)
    for one in records:
        same |= Q(canonical_email=one.canonical_email, name_key=one.name_key)
    return Pledge.objects.filter(same, campaign__organization=pledge.campaign.organization_id)


def effect_of(pledge: Pledge) -> Effect:
    """What erasing would do; nothing is changed."""
    records = _records_of(pledge)
    pledges = pledges_of(pledge, records)
    letters = Letter.objects.filter(pledge__in=pledges)
    return Effect(
        pledges=pledges.count(),
        stopped=letters.filter(state__in=Letter.WAITING).count(),
        left=letters.filter(state__in=[*Letter.ACCEPTED, *Letter.LEAVING, LetterState.UNCERTAIN]).count(),
        shown=_spoke_for(pledge, pledges, records).standing().count(),
    )


def _spoke_for(
    pledge: Pledge, pledges: Iterable[Pledge], records: Iterable[Supporter]
) -> EndorsementQuerySet:
    """What they asked for in the name of organisations."""
    known: list[Pledge | Supporter] = [*pledges, *records]
    addresses, names = {one.canonical_email for one in known}, {one.name for one in known}
    ids = endorsements_of(pledge.campaign.organization, addresses, names).values_list("pk", flat=True)
    return Endorsement.objects.filter(pk__in=list(ids))


@transaction.atomic
def erase_supporter(*, pledge: Pledge) -> Effect:
    """Erase the person of a pledge from its organisation: pledges, letters, answers, registrations, consents, places.

    What they asked for in the name of an organisation loses who asked; approved, it goes on standing.

    Waiting letters are withdrawn first. Letters that are leaving at this moment keep their words until they have left
    (`forgetting.forget_erased`). A keyed hash of the address stays, so that no import brings it back, and the address
    itself until one last mail has told its owner. Links of all mails before stop working.
    """
    at = now()
    records = _records_of(pledge)
    pledges = list(pledges_of(pledge, records).order_by("pk").select_for_update(of=("self",), no_key=True))
    organization = pledge.campaign.organization
    person = Erasing(pledge, pledges, records)
    called = {one.name for one in pledges} | {one.name for one in records}
    names = called | person.addresses
    # Found now: once the records are empty, nothing tells the people of a household apart.
    theirs = registrations_of(organization, person.canonical, called).values_list("pk", flat=True)
    registrations = Registration.objects.filter(pk__in=list(theirs))
    endorsements = _spoke_for(pledge, pledges, records)
    shown = endorsements.standing().count()
    letters = Letter.objects.filter(pledge__in=pledges)
    files = _files_of(letters)
    stopped = _stop(pledges, at)
    left = letters.filter(state__in=[*Letter.ACCEPTED, *Letter.LEAVING, LetterState.UNCERTAIN]).count()
    _forget_batches(files, at)
    forgetting.scrub(letters, at)
    _forget_answers(person)
    for one in pledges:
        recall_for_pledge(one, RecallReason.ERASED)
    erase_stories(organization, person.hashes)
    OutboxMail.objects.filter(pledge__in=pledges, state=MailState.QUEUED).update(state=MailState.DROPPED)
    Suppression.objects.get_or_create(
        organization=organization,
        address_hash=person.hashed,
        defaults={"reason": suppression.ERASED, "created_at": at},
    )
    for one in pledges:
        Pledge.objects.filter(pk=one.pk).update(
            canonical_email=f"erased {one.pk}",
            confirm_counter=F("confirm_counter") + 1,
            manage_counter=F("manage_counter") + 1,
            erased_at=at,
            **_EMPTY,
            comment="",
            signer_hash="",
            consents=[],
            matched=[],
        )
    _forget_supporters({one.pk for one in records} | {p.supporter_id for p in pledges if p.supporter_id}, at)
    erase_registrations(registrations)
    erase_endorsers(endorsements)
    _forget_jobs(organization, names)
    owe_last_word(pledge, person.email, person.hashed, at)
    return Effect(pledges=len(pledges), stopped=stopped, left=left, shown=shown)


class Erasing:
    """What has to be found of a person before it is forgotten."""

    def __init__(self, pledge: Pledge, pledges: Iterable[Pledge], records: Iterable[Supporter]) -> None:
        self.organization: Organization = pledge.campaign.organization
        self.pledges = list(pledges)
        self.email = pledge.email
        self.hashed = address_hash(pledge.canonical_email)
        known = [(one.email.lower(), one.canonical_email) for one in self.pledges]
        known += [(one.email.lower(), one.canonical_email) for one in records]
        self.hashes = {address_hash(canonical) for _email, canonical in known}
        self.addresses = {address for both in known for address in both}
        self.canonical = {canonical for _typed, canonical in known}


def _stop(pledges: list[Pledge], at: datetime) -> int:
    """Take pledges back with all letters of theirs that have not left; gives how many letters."""
    for pledge in pledges:
        if pledge.state in {PledgeState.PENDING, PledgeState.CONFIRMED, PledgeState.HELD}:
            move(pledge, PledgeState.WITHDRAWN, at=at, reason=ERASED)
    waiting = Letter.objects.filter(pledge__in=pledges, state__in=Letter.WAITING)
    return move_many(waiting, LetterState.WITHDRAWN, at=at, reason=ERASED)


def _files_of(letters: QuerySet[Letter]) -> list[PrintBatch]:
    """Files to print that hold these letters, also those that a letter has left; locked before letters are."""
    known = dict(letters.values_list("pk", "batch"))
    listed = Q(pk__in={batch for batch in known.values() if batch})
    for pk in known:
        listed |= Q(manifest__contains=str(pk))
    files = PrintBatch.objects.filter(listed, drive__letters__in=list(known)).values("pk")
    return list(
        PrintBatch.objects.filter(pk__in=files).defer("pdf").order_by("pk").select_for_update(no_key=True)
    )


def _forget_batches(files: Iterable[PrintBatch], at: datetime) -> None:
    """Files that hold these letters go, and of their lists all but numbers: who printed one takes a sheet out by them.

    Those not posted yet are made anew, without these letters.
    """
    for batch in files:
        bare = {"pdf": None, "manifest": without_people(batch.manifest)}
        if batch.state == BatchState.MADE:
            move(batch, BatchState.DISCARDED, at=at, reason=ONE_ERASED, **bare)
            let_go(batch)
        else:
            PrintBatch.objects.filter(pk=batch.pk).update(**bare)


def _forget_answers(person: Erasing) -> None:
    theirs = InboundMail.objects.filter(letter__pledge__in=person.pledges)
    forgetting.empty_answers(theirs)
    for address in person.addresses:
        theirs.filter(sender__iexact=address).update(sender="", sender_name="")
        InboundMail.objects.filter(
            organization=person.organization, letter__isnull=True, sender__iexact=address
        ).delete()


def _forget_supporters(ids: set[UUID], at: datetime) -> None:
    # Records that were merged into one of these are of the same person.
    theirs = Supporter.objects.filter(Q(pk__in=ids) | Q(merged_into__in=ids), erased_at__isnull=True)
    for supporter in theirs.order_by("pk"):
        Suppression.objects.get_or_create(
            organization_id=supporter.organization_id,
            address_hash=address_hash(supporter.canonical_email),
            defaults={"reason": suppression.ERASED, "created_at": at},
        )
        supporter.taggings.all().delete()
        supporter.consents.all().delete()
        _forget_partner_exports(supporter)
        supporter.partner_consents.all().delete()
        supporter.residences.all().delete()
        Supporter.objects.filter(pk=supporter.pk).update(
            canonical_email=f"erased {supporter.pk}", erased_at=at, **_EMPTY
        )


def _forget_partner_exports(supporter: Supporter) -> None:
    """Partners' exports, too, of those who were ever chosen."""
    chosen = supporter.partner_consents.values("partnership")
    for partnership in Partnership.objects.filter(pk__in=chosen).select_related("organization"):
        _begin_again(exports_of(partnership))


def _begin_again(exports: QuerySet[Job]) -> None:
    # First: whoever is at one loses its lease, and with it the rows it has just read. It begins again.
    exports.filter(state=JobState.RUNNING).update(cursor={}, result={}, done=0, lease_until=None)
    JobPart.objects.filter(job__in=exports, role__in=[JobPart.FILE, JobPart.SOURCE]).delete()


def _forget_jobs(organization: Organization, names: Collection[str]) -> None:
    """Exports that name many people go, and can be made anew without this one; so do searches for their name."""
    _begin_again(Job.objects.of(organization).filter(kind=JobKind.EXPORT))
    told = {word for name in names for word in name.casefold().split()}
    for job in (
        Job.objects.of(organization)
        .filter(params__wanted__words__isnull=False)
        .exclude(state=JobState.RUNNING)
    ):
        wanted = dict(job.params["wanted"])
        words = str(wanted.pop("words")).casefold()
        # As they are found: by beginnings.
        if any(word.startswith(token) for token in words.split() for word in told):
            Job.objects.filter(pk=job.pk).update(params={**job.params, "wanted": wanted})
