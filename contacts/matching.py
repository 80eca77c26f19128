"""Postal code → divisions → posts in force now. Where several are possible it says so; it never guesses."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contacts.models import Chamber, Division, Membership, Post, PostalArea

POSTAL_CODE = "postal code"
CHOSEN = "chosen by the supporter"


@dataclass(frozen=True)
class Seat:
    """A post with who holds it on the day asked for; nobody when it is vacant."""

    post: Post
    membership: Membership | None

    @property
    def is_vacant(self) -> bool:
        return self.membership is None


@dataclass(frozen=True)
class Candidate:
    """A division a postal code may lie in, with its share of certainty (0–1) and its seats."""

    division: Division
    confidence: float
    seats: tuple[Seat, ...]


@dataclass(frozen=True)
class ChamberMatch:
    """What a postal code says for one chamber."""

    chamber: Chamber
    candidates: tuple[Candidate, ...]

    @property
    def is_ambiguous(self) -> bool:
        return len(self.candidates) > 1


@dataclass(frozen=True)
class Match:
    """What a postal code says. `is_known` is False for a code that no import named."""

    country: str
    postal_code: str
    is_known: bool
    divisions: tuple[tuple[Division, float], ...]
    chambers: tuple[ChamberMatch, ...]

    @property
    def is_ambiguous(self) -> bool:
        return any(chamber.is_ambiguous for chamber in self.chambers)


def normal_code(country: str, postal_code: str) -> str:
    """A postal code as the imports spell it: no spaces, upper case; ZIP+4 as its ZIP."""
    code = "".join(postal_code.split()).upper()
    if country == "us":
        code = code.split("-")[0]
        code = code[:5] if len(code) == 9 and code.isdecimal() else code
    return code.replace("-", "")


def match_postal_code(
    country: str, postal_code: str, on: date, chambers: Iterable[Chamber] | None = None
) -> Match:
    """The divisions a postal code may lie in, and per chamber the seats there.

    Without weights in the source, n candidates have a confidence of 1/n each. A chamber whose seats
    belong to a wider division (a senator's state) is ambiguous only when that division is.
    """
    code = normal_code(country, postal_code)
    areas = list(
        PostalArea.objects.filter(country=country, code=code)
        .select_related("division")
        .order_by("division__ocd_id")
    )
    shares = _shares([area.weight for area in areas])
    divisions = tuple((area.division, share) for area, share in zip(areas, shares, strict=True))
    return Match(country, code, bool(areas), divisions, _chambers(divisions, on, chambers))


def _shares(weights: list[float | None]) -> list[float]:
    """Weights as shares of one; equal ones where any is missing."""
    known = [w for w in weights if w is not None]
    if len(known) < len(weights):
        return [1 / len(weights)] * len(weights)
    total = sum(known)
    return [w / total for w in known]


def seats_of(division_ids: Iterable[UUID], on: date) -> list[Seat]:
    """The seats of divisions on a day, with who holds them."""
    posts = list(
        Post.objects.filter(division__in=division_ids)
        .select_related("chamber__jurisdiction", "division")
        .order_by("chamber__name", "label")
    )
    current = Membership.objects.current(on).filter(post__in=posts).select_related("legislator")
    held = {m.post_id: m for m in current}
    return [Seat(post, held.get(post.pk)) for post in posts]


def _chambers(
    divisions: tuple[tuple[Division, float], ...], on: date, only: Iterable[Chamber] | None
) -> tuple[ChamberMatch, ...]:
    # Each possible division with everything it lies in, and how sure we are of each.
    sure: dict[UUID, float] = defaultdict(float)
    parents = _parents(division for division, _ in divisions)
    for division, share in divisions:
        at: UUID | None = division.pk
        while at is not None:
            sure[at] += share
            at = parents.get(at)
    wanted = {chamber.pk for chamber in only} if only is not None else None
    seats: dict[tuple[UUID, UUID], list[Seat]] = defaultdict(list)
    chambers: dict[UUID, Chamber] = {}
    for seat in seats_of(sure, on):
        chamber = seat.post.chamber
        if wanted is None or chamber.pk in wanted:
            chambers[chamber.pk] = chamber
            seats[chamber.pk, seat.post.division_id].append(seat)
    found: dict[UUID, list[Candidate]] = defaultdict(list)
    for (chamber_id, division_id), here in seats.items():
        found[chamber_id].append(Candidate(here[0].post.division, min(sure[division_id], 1.0), tuple(here)))
    return tuple(
        ChamberMatch(
            chambers[pk], tuple(sorted(candidates, key=lambda c: (-c.confidence, c.division.ocd_id)))
        )
        for pk, candidates in sorted(found.items(), key=lambda item: chambers[item[0]].name)
    )


def _parents(divisions: Iterable[Division]) -> dict[UUID, UUID | None]:
    """Parent ids of divisions and of all they lie in."""
    known = {d.pk: d.parent_id for d in divisions}
    missing = {p for p in known.values() if p is not None} - known.keys()
    while missing:
        rows = Division.objects.filter(pk__in=missing).values_list("pk", "parent_id")
        known.update(rows)
        missing = {p for p in known.values() if p is not None} - known.keys()
    return known
