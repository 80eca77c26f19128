"""Rows → plain facts of an issue, its measure and a legislator. Reads only; a fixed number of queries."""

from collections.abc import Collection
from datetime import date, datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import Max
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.ancestry import Parents, parents_of, upwards
from contacts.models import Division, Legislator, Membership, Organization
from policy.briefs.facts import EvidenceFact, HelpFact, IssueFacts, LegislatorFacts, MeasureFact
from policy.briefs.sections import EarlierStand, Help, Milestone, Person, Sender, Source, Stand
from policy.help import shown_resources
from policy.languages import in_words
from policy.models import (
    Evidence,
    Issue,
    Logo,
    Measure,
    MeasureEvent,
    Resource,
    ResourceKind,
    Stance,
    StanceLevel,
)
from policy.opening import hours_in_words

# How much of a description fits into the box of a brief, in characters.
_HELP_TEXT = 240


def sender_of(organization: Organization) -> Sender:
    logo = Logo.objects.filter(organization=organization, is_current=True).values_list("sha256", flat=True)
    return Sender(
        name=organization.name,
        about=organization.about,
        website=organization.website,
        email=organization.email,
        postal_address=organization.postal_address,
        accent=organization.accent,
        logo=logo.first() or "",
    )


def issue_facts(issue: Issue, measure: Measure | None, on: date) -> IssueFacts:
    """An issue with its evidence, a measure with its milestones, and where help is to be had in each place."""
    evidence = Evidence.objects.filter(issue=issue, organization=issue.organization_id)
    events = (
        list(
            MeasureEvent.objects.standing()
            .filter(measure=measure)
            .select_related("chamber")
            .order_by("on", "id")
        )
        if measure
        else []
    )
    return IssueFacts(
        title=issue.title,
        summary=issue.summary,
        body=issue.body,
        measure=_measure(measure, events) if measure else None,
        evidence=tuple(
            _evidence(row, on, issue.organization.evidence_days)
            for row in evidence.select_related("division").order_by("position", "id")
        ),
        help=_help(issue.organization),
        facts_at=_facts_at(issue, measure),
    )


def _facts_at(issue: Issue, measure: Measure | None) -> datetime:
    """When the newest fact came to be; a milestone that was struck is one too."""
    newest = MeasureEvent.objects.filter(measure=measure).aggregate(at=Max("recorded_at"))["at"]
    return max(moment for moment in (issue.created_at, newest) if moment).replace(microsecond=0)


def _evidence(row: Evidence, on: date, days: int) -> EvidenceFact:
    """A claim whose source is nothing but spaces has none, and no brief prints it."""
    has_source = row.source_title.strip() and row.source_url.strip()
    return EvidenceFact(
        claim=row.claim,
        figure=row.figure,
        unit=row.unit,
        source=Source(
            key=f"evidence:{row.pk}" if has_source else "",
            title=row.source_title,
            url=row.source_url,
            published_on=row.published_on,
            retrieved_on=row.retrieved_on,
            is_example=row.is_example,
            age=_older_than(days) if row.is_old(on, days) else "",
        ),
        place=row.division.name if row.division else "",
        division=str(row.division_id or ""),
    )


def _older_than(days: int) -> str:
    years, rest = divmod(days, 365)
    if years and not rest:
        return ngettext("More than %(n)s year old", "More than %(n)s years old", years) % {"n": years}
    return ngettext("More than %(n)s day old", "More than %(n)s days old", days) % {"n": days}


def _measure(measure: Measure, events: list[MeasureEvent]) -> MeasureFact:
    milestones = [
        Milestone(
            on=event.on,
            label=str(event.get_kind_display()),
            note=": ".join(
                part for part in (event.chamber.name if event.chamber else "", event.note) if part
            ),
            source=f"url:{event.source_url}",
        )
        for event in events
    ]
    if measure.vote_on and (not events or measure.vote_on > events[-1].on):
        milestones.append(Milestone(measure.vote_on, _("Vote expected"), is_ahead=True))
    urls = dict.fromkeys(event.source_url for event in events)
    return MeasureFact(
        identifier=measure.identifier,
        title=measure.title,
        summary=measure.summary,
        reasons=measure.reasons,
        jurisdiction=measure.jurisdiction.name,
        vote_on=measure.vote_on,
        milestones=tuple(milestones),
        sources=tuple(
            Source(
                f"url:{url}",
                _("Record of %(measure)s, %(host)s")
                % {"measure": measure.identifier, "host": urlsplit(url).netloc},
                url,
            )
            for url in urls
        ),
    )


def _help(organization: Organization) -> tuple[HelpFact, ...]:
    """What may be shown today: emergencies first, then helplines, groups and services."""
    order = list(ResourceKind.values)
    resources = sorted(
        shown_resources(organization), key=lambda row: (not row.is_emergency, order.index(row.kind), row.name)
    )
    return tuple(
        HelpFact(
            Help(
                name=row.name,
                description=Truncator(row.description).chars(_HELP_TEXT),
                phone=row.phone or _texting(row),
                website=row.website or row.chat,
                hours=_hours(row),
                languages=in_words(row.languages),
                verified_on=row.verified_on,
            ),
            division=str(row.division_id or ""),
        )
        for row in resources
    )


def _texting(resource: Resource) -> str:
    """How somebody without a phone line is reached: by text message, or at their address."""
    if not resource.text_number:
        return resource.address
    told = {"words": resource.text_words, "number": resource.text_number}
    return _("Text %(words)s to %(number)s") % told if resource.text_words else _("Text %(number)s") % told


def _hours(resource: Resource) -> str:
    hours = _("Day and night") if resource.is_always_open else hours_in_words(resource.spans)
    return ". ".join(part.rstrip(".") for part in (hours, resource.hours) if part)


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
        f"{row.chamber.name} ({row.role})" if row.role and row.role.lower() != "member" else row.chamber.name
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
