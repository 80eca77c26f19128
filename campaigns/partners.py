"""What a partner sees of a joint campaign, and what its lead sees of its partners. Reads only.

Everything a partner reads hangs on a partnership in force; nothing else is read across the wall between organisations.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _t

from campaigns.delivery.hours import zone_or_utc
from campaigns.models import (
    OWN_PAGE,
    Campaign,
    PartnerConsent,
    Partnership,
    Pledge,
    Tally,
    TallyKind,
    chosen_by,
)
from campaigns.reports import campaign_numbers, signed_by_day
from campaigns.sharing import SHARED
from contacts.addresses import address_hash
from contacts.clock import now
from contacts.models import AuditEntry, Job, JobKind, Organization, Supporter, Suppression

# Codes that say something else than a partner.
_OTHER_CODES = {SHARED, "embed"}
_CODE_LENGTH = 40
# How it stands in the lead's audit log that a partner took another name.
NEW_NAME = "partner changed its name"
# Hashes of addresses looked up at a time.
_AT_ONCE = 5000


def joint_of(organization: Organization) -> QuerySet[Partnership]:
    """An organisation's parts in others' campaigns now; what is not among them it can't see at all."""
    return (
        Partnership.objects.in_force(now())
        .filter(organization=organization)
        .select_related("campaign__organization", "organization")
        .order_by("-joined_at", "pk")
    )


@dataclass(frozen=True)
class Joint:
    """The numbers of a campaign that anybody may read on its page, and how many came by one partner's."""

    people: int
    goal: int
    letters_accepted: int
    letters_by_hand: int
    offices_reached: int
    came: int
    # Who may be written to; None where the terms show no supporters.
    chosen: int | None


def joint_numbers(partnership: Partnership) -> Joint:
    """Everybody is counted once, by whichever page they came."""
    campaign = partnership.campaign
    numbers = campaign_numbers(campaign)
    return Joint(
        people=numbers.people,
        goal=campaign.goal,
        letters_accepted=numbers.letters_accepted,
        letters_by_hand=numbers.letters_by_hand,
        offices_reached=numbers.offices_reached,
        came=came_by([partnership]).get(partnership.pk, 0),
        chosen=len(supporters_of(partnership)) if partnership.sees_supporters else None,
    )


def joint_days(campaign: Campaign) -> list[tuple[date, int]]:
    """People confirmed by day, oldest first, on the clock of the organisation whose campaign it is."""
    with timezone.override(zone_or_utc(campaign.organization.time_zone)):
        return signed_by_day(campaign)


def came_by(partnerships: Iterable[Partnership]) -> dict[UUID, int]:
    """People who confirmed and had come by a partner's page, since it joined, for each; in one query."""
    found = list(partnerships)
    wanted = Q(pk__in=[])
    for one in found:
        wanted |= Q(campaign=one.campaign_id, source=one.source_code)
    rows = Pledge.objects.counted().filter(wanted).order_by().values("campaign", "source")
    counts = {(row["campaign"], row["source"]): row["n"] for row in rows.annotate(n=Count("pk"))}
    return {one.pk: counts.get((one.campaign_id, one.source_code), 0) for one in found}


@dataclass(frozen=True)
class Chosen:
    """Somebody a partner may write to, with when they said so and which words they saw."""

    id: UUID
    name: str
    email: str
    postal_code: str
    at: datetime
    text_version: str
    language: str
    page: str


def supporters_of(partnership: Partnership, words: str = "", said_by: datetime | None = None) -> list[UUID]:
    """Who chose this partner and may be written to, by when they said so, the newest first; with `said_by`, until then.

    They say so now, their pledge in the campaign stands and is no test, and they neither had their data erased nor
    asked not to be written to. Nobody where the terms show no supporters.
    """
    said = _said([partnership], said_by)
    if words:
        said = said.filter(
            Q(supporter__name__icontains=words)
            | Q(supporter__email__istartswith=words)
            | Q(supporter__postal_code__istartswith=words)
        )
    return _may_write([partnership], said.order_by("-at", "-pk"))[partnership.pk]


def portion_of(
    partnership: Partnership, said_by: datetime, after: str, most: int
) -> tuple[list[UUID], str | None]:
    """Of the same the next ones by id, for long work, and the id to go on after; None when there are no more."""
    said = _said([partnership], said_by).order_by("supporter")
    if after:
        said = said.filter(supporter__gt=after)
    last = said.values_list("supporter", flat=True)[most - 1 : most].first()
    if last is not None:
        said = said.filter(supporter__lte=last)
    return _may_write([partnership], said)[partnership.pk], str(last) if last is not None else None


def count_supporters(partnerships: Sequence[Partnership]) -> dict[UUID, int]:
    """How many may be written to by each, in as many queries for twenty as for one."""
    return {pk: len(people) for pk, people in _may_write(partnerships, _said(partnerships)).items()}


def _may_write(partnerships: Sequence[Partnership], said: QuerySet[PartnerConsent]) -> dict[UUID, list[UUID]]:
    """Of those who said yes, in their order, the ones who asked nobody to stop."""
    rows = list(said.values_list("partnership", "supporter", "supporter__canonical_email", "at"))
    hashes = {email: address_hash(email) for _one, _who, email, _at in rows}
    sides = {one.pk: (None, one.campaign.organization_id, one.organization_id) for one in partnerships}
    stops = _stops({side for both in sides.values() for side in both if side}, list(hashes.values()))
    found: dict[UUID, list[UUID]] = {one.pk: [] for one in partnerships}
    for one, who, email, at in rows:
        theirs = [(side, stops.get((side, hashes[email]))) for side in sides[one]]
        # As everywhere: a stop of an organisation's is over when its owner agreed after it, one for all is not.
        if not any(stop and (side is None or stop >= at) for side, stop in theirs):
            found[one].append(who)
    return found


def _stops(organizations: set[UUID], hashes: list[str]) -> dict[tuple[UUID | None, str], datetime]:
    """When owners of these addresses stopped mail of an organisation, or (None) of the whole installation."""
    found: dict[tuple[UUID | None, str], datetime] = {}
    for start in range(0, len(hashes), _AT_ONCE):
        rows = Suppression.objects.filter(
            Q(organization__isnull=True) | Q(organization__in=organizations),
            address_hash__in=hashes[start : start + _AT_ONCE],
        )
        for owner, hashed, at in rows.values_list("organization", "address_hash", "created_at"):
            found[owner, hashed] = at
    return found


def _said(partnerships: Sequence[Partnership], said_by: datetime | None = None) -> QuerySet[PartnerConsent]:
    asking = Partnership.objects.filter(pk__in=[one.pk for one in partnerships]).asking(now())
    said = chosen_by(asking).filter(supporter__merged_into__isnull=True)
    return said if said_by is None else said.filter(at__lte=said_by)


def read_supporters(partnership: Partnership, ids: Sequence[UUID]) -> list[Chosen]:
    """These of the partner's supporters with what it may know of them, in the order of `ids`."""
    people = Supporter.objects.in_bulk(ids)
    words = {consent.supporter_id: consent for consent in _said([partnership]).filter(supporter__in=ids)}
    return [
        Chosen(
            id=pk,
            name=people[pk].name,
            email=people[pk].email,
            postal_code=people[pk].postal_code,
            at=words[pk].at,
            text_version=words[pk].text_version,
            language=words[pk].language,
            page=page_named(words[pk].source, partnership.campaign),
        )
        for pk in ids
        if pk in people and pk in words
    ]


def page_named(source: str, campaign: Campaign) -> str:
    """The page by which somebody chose, in words: what is kept of it holds the campaign's id."""
    if source == f"campaign {campaign.pk}":
        return campaign.title
    return _t("their own page") if source == OWN_PAGE else source


class ChosenPeople:
    """Everybody a partner may write to, by when they said so, the newest first; looked up a slice at a time."""

    def __init__(self, partnership: Partnership, words: str = "") -> None:
        self._partnership = partnership
        self._ids = supporters_of(partnership, words)

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, some: slice) -> list[Chosen]:
        return read_supporters(self._partnership, self._ids[some])


def free_code(campaign: Campaign, slug: str) -> str:
    """A source code that stood for nobody in this campaign before, so that nobody counts as come by the partner."""
    stem = slug[: _CODE_LENGTH - 4].strip("-")
    taken = _OTHER_CODES | set(
        Partnership.objects.filter(campaign=campaign).values_list("source_code", flat=True)
    )
    taken |= set(
        Pledge.objects.filter(campaign=campaign, source__startswith=stem)
        .order_by()
        .values_list("source", flat=True)
        .distinct()
    )
    # A link of the organisation's own may have been opened and nobody signed yet.
    views = Tally.objects.filter(owner=campaign.pk, kind=TallyKind.VIEWS).values_list("key", flat=True)
    taken |= {key.partition(" ")[2] for key in views}
    return next(
        code for n in range(1, len(taken) + 2) if (code := stem if n == 1 else f"{stem}-{n}") not in taken
    )


def former_names(
    campaign: Campaign, partnerships: Iterable[Partnership]
) -> dict[UUID, list[tuple[str, datetime]]]:
    """What partners were called before while they took part, with when they changed it; the newest first."""
    found: dict[UUID, list[tuple[str, datetime]]] = {one.pk: [] for one in partnerships}
    entries = AuditEntry.objects.filter(
        organization=campaign.organization_id, verb=NEW_NAME, object_id__in=[str(pk) for pk in found]
    )
    for entry in entries.order_by("-id"):
        found[UUID(entry.object_id)].append((entry.detail["before"], entry.at))
    return found


def exports_of(partnership: Partnership) -> QuerySet[Job]:
    """The partner's exports of the people who chose it."""
    exports = Job.objects.of(partnership.organization).filter(kind=JobKind.EXPORT)
    return exports.filter(params__partnership=str(partnership.pk))
