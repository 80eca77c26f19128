"""Rows → plain facts of legislators: their seats, committees and stances. Reads only; a fixed number of queries."""

from collections.abc import Collection
from datetime import date
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.translation import gettext as _

from contacts.ancestry import Parents, parents_of, upwards
from contacts.models import Division, Legislator, Membership, Organization
from policy.briefs.facts import LegislatorFacts
from policy.briefs.sections import EarlierStand, Person, Source, Stand
from policy.models import Measure, Stance, StanceLevel


def seats(legislators: Collection[UUID], on: date) -> dict[UUID, list[Membership]]:
    """The seats that legislators hold on a day; a leave-behind is for the first."""
    held = Membership.objects.current(on).filter(legislator__in=legislators, post__isnull=False)
    found: dict[UUID, list[Membership]] = {}
    for seat in held.select_related("legislator", "post__division", "post__chamber", "chamber").order_by(
        "start_on", "pk"
    ):
        found.setdefault(seat.legislator_id, []).append(seat)
    return found


def seats_over(division: Division, on: date) -> list[Membership]:
    """Everybody who sits for a place or for one it lies in, the smallest first; each once."""
    places = upwards(division.pk, parents_of({division.pk}))
    held = Membership.objects.current(on).filter(post__division__in=places)
    rows = held.select_related("legislator", "post__division", "post__chamber", "chamber")
    ordered = sorted(
        ((places.index(row.post.division_id), row.post.label, str(row.pk), row) for row in rows if row.post),
        key=lambda item: item[:3],
    )
    found: dict[UUID, Membership] = {}
    for _place, _label, _pk, row in ordered:
        found.setdefault(row.legislator_id, row)
    return list(found.values())


def legislator_facts(
    seats: Collection[Membership], *, organization: Organization, measure: Measure | None, on: date
) -> dict[UUID, LegislatorFacts]:
    """Who holds each seat, by legislator: committees, and where they stand on the measure and stood before."""
    people = [seat.legislator_id for seat in seats]
    committees: dict[UUID, list[Membership]] = {}
    for row in (
        Membership.objects.current(on)
        .filter(legislator__in=people, post__isnull=True)
        .exclude(chamber__kind__in=["upper", "lower"])
        .select_related("chamber__parent")
        .order_by("chamber__name", "pk")
    ):
        committees.setdefault(row.legislator_id, []).append(row)
    stances: dict[UUID, list[Stance]] = {}
    if measure is not None:
        known = Stance.objects.filter(organization=organization, measure=measure, legislator__in=people)
        for stance in known.standing().order_by("-on", "-recorded_at"):
            stances.setdefault(stance.legislator_id, []).append(stance)
    parents = parents_of({seat.post.division_id for seat in seats if seat.post})
    return {
        seat.legislator_id: _legislator(
            seat,
            committees.get(seat.legislator_id, []),
            stances.get(seat.legislator_id, []) if measure is not None else None,
            parents,
        )
        for seat in seats
    }


def _legislator(
    seat: Membership,
    committees: list[Membership],
    stances: list[Stance] | None,
    parents: Parents,
) -> LegislatorFacts:
    legislator, post = seat.legislator, seat.post
    if post is None:
        raise ValueError("a committee membership is no seat")
    newest = stances[0] if stances else None
    stand, sources = _stand(legislator, newest)
    return LegislatorFacts(
        person=Person(
            name=legislator.name,
            role=post.role,
            place=post.division.name,
            chamber=post.chamber.name,
            party=seat.party,
            committees=_committee_names(committees),
            stand=stand if stances is not None else None,
            history=_history(stances or []),
        ),
        divisions=frozenset(map(str, upwards(post.division_id, parents))),
        sources=sources,
        facts_at=max(stance.recorded_at for stance in stances).replace(microsecond=0) if stances else None,
    )


EARLIER_SHOWN = 3


def _history(stances: list[Stance]) -> tuple[EarlierStand, ...]:
    """Where they stood before, newest first; what is only said again is left out."""
    found: list[EarlierStand] = []
    level = stances[0].level if stances else None
    for stance in stances[1:]:
        if stance.level is not None and stance.level != level:
            found.append(EarlierStand(str(StanceLevel(stance.level).label), stance.on))
            level = stance.level
    return tuple(found[:EARLIER_SHOWN])


COMMITTEES_SHOWN = 4


def _committee_names(memberships: list[Membership]) -> tuple[str, ...]:
    """Committees with the role in them; subcommittees only when there is room."""
    whole = [
        row for row in memberships if row.chamber.parent is None or row.chamber.parent.kind != "committee"
    ]
    names = [
        f"{row.chamber.name} ({row.said_role})"
        if row.role and row.role.lower() != "member"
        else row.chamber.name
        for row in (whole or memberships)
    ]
    if len(names) > COMMITTEES_SHOWN:
        names = [
            *names[:COMMITTEES_SHOWN],
            _("and %(count)s more") % {"count": len(names) - COMMITTEES_SHOWN},
        ]
    return tuple(names)


def _stand(legislator: Legislator, stance: Stance | None) -> tuple[Stand, tuple[Source, ...]]:
    if stance is None or stance.level is None:
        return Stand(None, _("Not known yet")), ()
    label = str(StanceLevel(stance.level).label)
    if not stance.source_url:
        return Stand(stance.level, label, stance.on, stance.evidence, "positions"), ()
    source = Source(
        f"url:{stance.source_url}",
        _("Position of %(name)s, %(host)s")
        % {"name": legislator.name, "host": urlsplit(stance.source_url).netloc},
        stance.source_url,
        published_on=stance.on,
    )
    return Stand(stance.level, label, stance.on, stance.evidence, source.key), (source,)
