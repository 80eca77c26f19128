"""Which supporters somebody looks for: one filter for the list, for exports and for what is done to all of them."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import CharField, Count, Exists, Lookup, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.db.models.sql.compiler import SQLCompiler

from campaigns.models import Pledge, PledgeState
from contacts.addresses import BadAddress, canonical_email
from contacts.models import Consent, Division, Organization, Residence, Supporter, Tagging
from policy.search import tokens_of

_DEEP = 4  # levels of divisions below one that is asked for, such as wards of a city of a county


@dataclass(frozen=True)
class Wanted:
    """What was asked for; everything that is not empty must hold. Plain texts, so that a job can keep it."""

    words: str = ""
    postal_code: str = ""
    division: str = ""
    campaign: str = ""
    state: str = ""
    # A purpose, with a minus for those who do not agree to it now.
    consent: str = ""
    tag: str = ""
    joined_from: str = ""
    joined_to: str = ""
    never_confirmed: bool = False

    @classmethod
    def from_plain(cls, plain: Mapping[str, object]) -> Self:
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in plain.items() if name in known})  # type: ignore[arg-type]

    def to_plain(self) -> dict[str, object]:
        """Without what is empty."""
        return {name: value for name, value in asdict(self).items() if value}


def everybody(organization: Organization) -> QuerySet[Supporter]:
    """The people an organisation knows; erased ones are nobody's business any more, merged ones are others."""
    return Supporter.objects.filter(
        organization=organization, erased_at__isnull=True, merged_into__isnull=True
    )


def find(organization: Organization, wanted: Wanted, zone: ZoneInfo) -> QuerySet[Supporter]:
    """Those who fit, in no order. Days are days of `zone`."""
    people = everybody(organization)
    if wanted.words:
        people = people.filter(_said(wanted.words))
    if wanted.postal_code:
        people = people.filter(postal_code__startswith=wanted.postal_code.upper().replace(" ", ""))
    if wanted.division:
        here = _divisions(wanted.division)
        people = people.filter(Exists(Residence.objects.filter(supporter=OuterRef("pk"), division__in=here)))
    if wanted.campaign or wanted.state:
        people = people.filter(Exists(_pledges(wanted)))
    if wanted.consent:
        people = _agreed(people, wanted.consent)
    if wanted.tag:
        people = people.filter(Exists(Tagging.objects.filter(supporter=OuterRef("pk"), tag=UUID(wanted.tag))))
    if wanted.joined_from:
        people = people.filter(created_at__gte=_midnight(wanted.joined_from, zone))
    if wanted.joined_to:
        people = people.filter(created_at__lt=_midnight(wanted.joined_to, zone, days=1))
    if wanted.never_confirmed:
        confirmed = Pledge.objects.filter(supporter=OuterRef("pk"), confirmed_at__isnull=False)
        people = people.filter(~Exists(confirmed))
    return people


def with_pledge_count(people: QuerySet[Supporter]) -> QuerySet[Supporter]:
    """With how many pledges of each count: looked up for the rows that are read, never for all that fit."""
    counted = (
        Pledge.objects.counted()
        .filter(supporter=OuterRef("pk"))
        .order_by()
        .values("supporter")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return people.annotate(pledge_count=Coalesce(Subquery(counted), 0))


def last_word(purpose: str) -> Subquery:
    """Whether somebody's last word on a purpose was yes; null when they were never asked."""
    latest = Consent.objects.filter(supporter=OuterRef("pk"), purpose=purpose).order_by("-id")
    return Subquery(latest.values("given")[:1])


def _said(words: str) -> Q:
    """A name by beginnings of its words, a town, a postal code, or a mail address in full or from its beginning."""
    found = _named(words) | Q(city__istartswith=words) | Q(postal_code__startswith=words.upper())
    found |= Q(email__istartswith=words)
    with suppress(BadAddress):
        found |= Q(canonical_email=canonical_email(words))
    return found


def _named(words: str) -> Q:
    tokens = tokens_of(words)
    return Q(name__has_words=tokens) if tokens else Q(name__istartswith=words)


@CharField.register_lookup
class HasWords(Lookup):
    """`name__has_words=[…]`: every one begins a word of the text, whatever its capitals.

    On PostgreSQL accents don't matter either, and the index `supporter_words` answers.
    """

    lookup_name = "has_words"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        # Tokens are letters and digits, so that no sign in them means anything to LIKE.
        one = f"' ' || replace(replace({column}, '-', ' '), '''', ' ') LIKE %s"
        said = " AND ".join([one] * len(self.rhs))
        return f"({said})", tuple(value for token in self.rhs for value in (*params, f"% {token}%"))

    def as_postgresql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        query = " & ".join(f"{token}:*" for token in self.rhs)
        return f"policy_words({column}) @@ to_tsquery('pg_catalog.simple', %s)", (*params, query)


def _divisions(text: str) -> set[UUID]:
    """Divisions by Open Civic Data id or by a part of their name, with all that lies in them."""
    if text.startswith("ocd-division/"):
        named = Division.objects.filter(ocd_id=text)
    else:
        named = Division.objects.filter(name__icontains=text)
    layer = set(named.values_list("pk", flat=True)[:2000])
    found = set(layer)
    for _level in range(_DEEP):
        if not layer:
            break
        layer = set(Division.objects.filter(parent__in=layer).values_list("pk", flat=True)) - found
        found |= layer
    return found


def _pledges(wanted: Wanted) -> QuerySet[Pledge]:
    pledges = Pledge.objects.filter(supporter=OuterRef("pk"), is_test=False)
    if wanted.campaign:
        pledges = pledges.filter(campaign=UUID(wanted.campaign))
    return pledges.filter(state=wanted.state or PledgeState.CONFIRMED)


def _agreed(people: QuerySet[Supporter], consent: str) -> QuerySet[Supporter]:
    purpose = consent.removeprefix("-")
    yes = Consent.objects.filter(supporter=OuterRef("pk"), purpose=purpose, given=True)
    later_no = Consent.objects.filter(
        supporter=OuterRef("supporter"), purpose=purpose, given=False, id__gt=OuterRef("id")
    )
    agrees = Exists(yes.filter(~Exists(later_no)))
    return people.filter(~agrees if consent.startswith("-") else agrees)


def _midnight(day: str, zone: ZoneInfo, days: int = 0) -> datetime:
    # Away from both ends of the calendar, where no next day and no other zone is.
    within = min(max(date.fromisoformat(day), date(1, 1, 3)), date(9999, 12, 28))
    return datetime.combine(within + timedelta(days=days), time.min, tzinfo=zone)
