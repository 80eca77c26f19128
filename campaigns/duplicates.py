"""Records that may be of one person: found by what they have in common, compared, never joined by themselves."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Lower, StrIndex, Substr

from campaigns.models import Letter, Pledge, PledgeState
from campaigns.people import everybody
from contacts.models import Consent, Organization, Purpose, Supporter

_SHOWN = 20
# What a merge fills from the other record where the kept one is empty.
FILLED = ("prefix", "phone", "street", "city", "region", "postal_code")


@dataclass(frozen=True)
class Suggestion:
    """Records with one name and one postal code, or one name and one mail address up to the @."""

    why: str
    people: list[Supporter]


def suggestions(organization: Organization) -> list[Suggestion]:
    """At most twenty of each kind, in two queries each, however many people there are."""
    people = everybody(organization).annotate(
        lower_name=Lower("name"),
        local=Substr("canonical_email", 1, StrIndex("canonical_email", Value("@")) - 1),
    )
    placed = people.exclude(postal_code="")
    found = _alike(placed, "postal_code", "place")
    known = {frozenset(person.pk for person in one.people) for one in found}
    return found + [
        one
        for one in _alike(people, "local", "mail")
        if frozenset(person.pk for person in one.people) not in known
    ]


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
