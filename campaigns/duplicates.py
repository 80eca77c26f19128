"""Records that may be of one person: found by what they have in common, compared, never joined by themselves."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Min, QuerySet, Value
from django.db.models.functions import Left, Lower, Reverse, Right, StrIndex, Substr

from campaigns.models import Letter, Pledge, PledgeState
from campaigns.people import everybody
from contacts.models import Consent, Organization, Purpose, Supporter

_SHOWN = 20
# Near names are looked for in so many groups of one initial, last name and postal code, among so many people of each
# (all are compared with all), and of so many people in all.
_GROUPS, _IN_GROUP, _READ = 200, 10, 2000
# Near names cost as much as both other kinds: among more people than this nobody would wait for them.
MOST_PEOPLE = 50_000
# Jon and John Smith are as near as this; James and Jamie Smith are not.
_NEAR = 0.9
# What a merge fills from the other record where the kept one is empty.
FILLED = ("prefix", "phone", "street", "city", "region", "postal_code")


@dataclass(frozen=True)
class Suggestion:
    """Records with one name and one postal code, nearly one name there, or one name and one address up to the @."""

    why: str
    people: list[Supporter]


def suggestions(organization: Organization) -> list[Suggestion]:
    """At most twenty of each kind, in two queries each; near names are left out where there are very many people."""
    people = everybody(organization).annotate(
        lower_name=Lower("name"),
        local=Substr("canonical_email", 1, StrIndex("canonical_email", Value("@")) - 1),
    )
    placed = people.exclude(postal_code="")
    found = _alike(placed, "postal_code", "place")
    known = {frozenset(person.pk for person in one.people) for one in found}
    is_large = everybody(organization).order_by()[: MOST_PEOPLE + 1].count() > MOST_PEOPLE
    more = [*([] if is_large else _near(placed)), *_alike(people, "local", "mail")]
    return found + [one for one in more if frozenset(person.pk for person in one.people) not in known]


def _near(people: "QuerySet[Any]") -> list[Suggestion]:
    """People at one postal code whose names begin with one letter, end with one word, and hardly differ between."""
    people = people.filter(name__contains=" ").annotate(
        initial=Left("lower_name", 1),
        last=Right("lower_name", StrIndex(Reverse("lower_name"), Value(" "))),
    )
    columns = ("postal_code", "last", "initial")
    groups = list(
        people.order_by()
        .values(*columns)
        # More than one name; counting the different ones would sort everybody.
        .annotate(least=Min("lower_name"), greatest=Max("lower_name"))
        .exclude(least=F("greatest"))
        .order_by(*columns)
        .values_list(*columns)[:_GROUPS]
    )
    if not groups:
        return []
    by_group: dict[tuple[str, str, str], list[Any]] = {group: [] for group in groups}
    codes, lasts, _initials = map(set, zip(*groups, strict=True))
    for person in people.filter(postal_code__in=codes, last__in=lasts).order_by("created_at", "pk")[:_READ]:
        by_group.get((person.postal_code, person.last, person.initial), []).append(person)
    compared = (some[:_IN_GROUP] for some in by_group.values())
    found = (
        Suggestion("near", [person for person in some if _has_near(person, some)][:5]) for some in compared
    )
    return [one for one in found if one.people][:_SHOWN]


def _has_near(person: Any, others: Sequence[Any]) -> bool:
    """Whether one of the others has nearly the same name, and not the same."""
    name = person.lower_name
    return any(
        other.lower_name != name and SequenceMatcher(None, *sorted((name, other.lower_name))).ratio() >= _NEAR
        for other in others
    )


def _alike(people: "QuerySet[Any]", column: str, why: str) -> list[Suggestion]:
    pairs = list(
        people.order_by()
        .values("lower_name", column)
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
        .order_by("lower_name", column)
        .values_list("lower_name", column)[:_SHOWN]
    )
    if not pairs:
        return []
    wanted: dict[tuple[str, str], list[Supporter]] = defaultdict(list)
    alike = people.filter(
        lower_name__in={name for name, _v in pairs}, **{f"{column}__in": {v for _n, v in pairs}}
    )
    for person in alike.annotate(same=F(column)).order_by("created_at", "pk")[: _SHOWN * 20]:
        wanted[person.lower_name, person.same].append(person)
    return [Suggestion(why, wanted[pair][:5]) for pair in pairs if len(wanted[pair]) > 1]


@dataclass(frozen=True)
class Side:
    """One of two records, with what hangs on it."""

    person: Supporter
    pledges: list[Pledge]
    letters: int
    consents: dict[str, bool]
    tags: list[str]

    @property
    def consents_shown(self) -> list[tuple[str, bool | None]]:
        return [(str(label), self.consents.get(value)) for value, label in Purpose.choices]


def side(person: Supporter) -> Side:
    pledges = Pledge.objects.filter(supporter=person, is_test=False).select_related("campaign")
    return Side(
        person,
        list(pledges.order_by("signed_at", "pk")),
        Letter.objects.counted().filter(pledge__supporter=person).count(),
        last_words(person),
        list(person.taggings.order_by("tag__name").values_list("tag__name", flat=True)),
    )


def last_words(person: Supporter) -> dict[str, bool]:
    """Somebody's last word on each purpose they ever spoke of."""
    return dict(Consent.objects.filter(supporter=person).order_by("id").values_list("purpose", "given"))


def stricter(kept: dict[str, bool], gone: dict[str, bool]) -> list[str]:
    """The purposes for which a no of the one ends a yes of the other."""
    return sorted(purpose for purpose, given in gone.items() if not given and kept.get(purpose, True))


def twice(kept: Sequence[Pledge], gone: Sequence[Pledge]) -> list[Pledge]:
    """The pledges that would count twice for one person in one campaign: the newer of each two."""
    first: dict[UUID, Pledge] = {}
    newer = []
    both = [p for p in [*kept, *gone] if p.state == PledgeState.CONFIRMED and not p.is_test]
    for pledge in sorted(both, key=lambda p: (p.confirmed_at or p.signed_at, p.pk)):
        before = first.setdefault(pledge.campaign_id, pledge)
        if before is not pledge and before.supporter_id != pledge.supporter_id:
            newer.append(pledge)
    return newer
