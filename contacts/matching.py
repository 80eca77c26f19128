"""Postal code → divisions → posts in force now. Where several are possible it says so; it never guesses."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contacts.ancestry import parents_of, upwards
from contacts.clock import today
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
    """A place a postal code may lie in, with its share of certainty (0–1) and its seats in one chamber.

    No seats: the code may also lie where this chamber has none, such as in the District of Columbia.
    """

    division: Division
    confidence: float
    seats: tuple[Seat, ...]


@dataclass(frozen=True)
class ChamberMatch:
    """What a postal code says for one chamber; the candidates' confidence adds up to one."""

    chamber: Chamber
    candidates: tuple[Candidate, ...]

    @property
    def is_ambiguous(self) -> bool:
        return len(self.candidates) > 1


@dataclass(frozen=True)
class Match:
    """What a postal code says. `is_known` is False for a code that no import named.

    `divisions` are the possible ones, each with its share among those of its kind (such as
    congressional districts).
    """

    country: str
    postal_code: str
    is_known: bool
    divisions: tuple[tuple[Division, float], ...]
    chambers: tuple[ChamberMatch, ...]

    @property
    def is_ambiguous(self) -> bool:
        return any(chamber.is_ambiguous for chamber in self.chambers)


def normal_code(country: str, postal_code: str) -> str:
    """A postal code as the imports spell it: letters and digits, upper case; ZIP+4 as its ZIP."""
    if postal_code.isascii() and postal_code.isalnum():
        code = postal_code.upper()
    else:
        # NFKC turns full-width digits, which some keyboards type, into plain ones.
        code = "".join(c for c in unicodedata.normalize("NFKC", postal_code).upper() if c.isalnum())
    return code[:5] if country.lower() == "us" and len(code) == 9 and code.isdecimal() else code


def match_postal_code(
    country: str, postal_code: str, on: date | None = None, chambers: Iterable[Chamber] | None = None
) -> Match:
    """The divisions a postal code may lie in, and per chamber (all, or those given) the seats there on a day.

    Without weights in the source, n candidates have a confidence of 1/n each. A chamber whose seats
    belong to a wider division (a senator's state) is ambiguous only when that division is.
    """
    country, code = country.lower(), normal_code(country, postal_code)
    areas = list(
        PostalArea.objects.filter(country=country, code=code)
        .select_related("division")
        .order_by("division__ocd_id")
    )
    layers: dict[str, list[PostalArea]] = defaultdict(list)
    for area in areas:
        layers[_kind(area.division.ocd_id)].append(area)
    shares = [
        list(zip([area.division for area in layer], _shares([area.weight for area in layer]), strict=True))
        for layer in layers.values()
    ]
    wanted = {chamber.pk for chamber in chambers} if chambers is not None else None
    found = _chambers(shares, on or today(), wanted) if areas else ()
    return Match(country, code, bool(areas), tuple(pair for layer in shares for pair in layer), found)


def certain_divisions(codes: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[UUID]]:
    """For many (country, postal code) at once, the divisions each lies in without a doubt."""
    wanted = set(codes)
    layers: dict[tuple[str, str, str], list[UUID]] = defaultdict(list)
    for country in {country for country, _code in wanted}:
        here = [code for place, code in wanted if place == country]
        areas = PostalArea.objects.filter(country=country, code__among=here).order_by("division__ocd_id")
        for code, pk, ocd_id in areas.values_list("code", "division", "division__ocd_id"):
            layers[country, code, _kind(ocd_id)].append(pk)
    found: dict[tuple[str, str], list[UUID]] = defaultdict(list)
    for (country, code, _layer), divisions in layers.items():
        if len(divisions) == 1:
            found[country, code] += divisions
    return found


def seats_of(division_ids: Iterable[UUID], on: date) -> list[Seat]:
    """The seats of divisions on a day, with who holds them."""
    posts = list(
        Post.objects.filter(division__in=list(division_ids))
        .select_related("chamber__jurisdiction", "division")
        .order_by("chamber__name", "label")
    )
    current = Membership.objects.current(on).filter(post__in=posts).select_related("legislator")
    held = {m.post_id: m for m in current}
    return [Seat(post, held.get(post.pk)) for post in posts]


# At-large districts have their state's own id, so these are alternatives to each other.
_CONGRESSIONAL = {"state", "district", "territory", "cd"}


def _kind(ocd_id: str) -> str:
    """What a division is an alternative to: a code may lie in one House and one Senate district of a state at once."""
    kind = ocd_id.rpartition("/")[2].partition(":")[0]
    return "cd" if kind in _CONGRESSIONAL else kind


def _shares(weights: list[float | None]) -> list[float]:
    """Weights as shares of one; equal ones where any is missing."""
    known = [w for w in weights if w is not None]
    if len(known) < len(weights):
        return [1 / len(weights)] * len(weights)
    total = sum(known)
    return [w / total for w in known]


# Divisions that are alternatives to each other, with how sure we are of each.
Layer = list[tuple[Division, float]]


def _chambers(layers: list[Layer], on: date, only: set[UUID] | None) -> tuple[ChamberMatch, ...]:
    paths = _paths(division for layer in layers for division, _ in layer)
    seats: dict[UUID, dict[UUID, list[Seat]]] = defaultdict(lambda: defaultdict(list))
    chambers: dict[UUID, Chamber] = {}
    for seat in seats_of({pk for path in paths.values() for pk in path}, on):
        chamber = seat.post.chamber
        if only is None or chamber.pk in only:
            chambers[chamber.pk] = chamber
            seats[chamber.pk][seat.post.division_id].append(seat)
    matches = [ChamberMatch(chambers[pk], _candidates(layers, paths, here)) for pk, here in seats.items()]
    return tuple(sorted(matches, key=lambda m: (m.chamber.name, str(m.chamber.pk))))


def _candidates(
    layers: list[Layer], paths: dict[UUID, list[UUID]], seats: dict[UUID, list[Seat]]
) -> tuple[Candidate, ...]:
    """The places of one chamber that a code may lie in, surest first."""

    def seated(layer: Layer) -> tuple[float, int]:
        """How much of a layer has seats here, and how close to home."""
        homes = [(share, _home(paths[division.pk], seats)) for division, share in layer]
        return (
            round(sum(share for share, home in homes if home is not None), 9),
            -sum(home for _, home in homes if home is not None),
        )

    layer = max(layers, key=seated)
    found: dict[UUID, Candidate] = {}
    for division, share in layer:
        path = paths[division.pk]
        home = _home(path, seats)
        # Seats of the whole place, such as a council's at-large ones, belong to each district in it.
        here = tuple(seat for pk in path for seat in seats.get(pk, ()))
        place = here[0].post.division if home is not None else division
        before = found[place.pk].confidence if place.pk in found else 0.0
        found[place.pk] = Candidate(place, min(before + share, 1.0), here)
    return tuple(sorted(found.values(), key=lambda c: (-c.confidence, c.division.ocd_id)))


def _home(path: list[UUID], seats: dict[UUID, list[Seat]]) -> int | None:
    """How many steps up from a division the first seats of a chamber are; None when there are none."""
    return next((steps for steps, pk in enumerate(path) if pk in seats), None)


def _paths(divisions: Iterable[Division]) -> dict[UUID, list[UUID]]:
    """Each division with everything it lies in, from itself upwards."""
    starts = {d.pk: d.parent_id for d in divisions}
    parents = starts | parents_of({p for p in starts.values() if p is not None} - starts.keys())
    return {start: upwards(start, parents) for start in starts}
