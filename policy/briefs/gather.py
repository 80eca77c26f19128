"""Rows → plain facts of an issue, its measure and a legislator. Reads only; a fixed number of queries."""

from collections.abc import Collection
from datetime import date, datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from contacts.models import Division, Legislator, Membership, Organization
from policy.briefs.facts import EvidenceFact, IssueFacts, LegislatorFacts, MeasureFact
from policy.briefs.sections import Help, Milestone, Person, Sender, Source, Stand
from policy.models import Evidence, Issue, Measure, MeasureEvent, ResourceKind, Stance, StanceLevel


def sender_of(organization: Organization) -> Sender:
    return Sender(
        name=organization.name,
        about=organization.about,
        website=organization.website,
        email=organization.email,
        postal_address=organization.postal_address,
        accent=organization.accent,
    )


def issue_facts(
    issue: Issue, measure: Measure | None, divisions: Collection[UUID] | None = None
) -> IssueFacts:
    """An issue with its evidence, a measure with its milestones, and where help is to be had.

    With `divisions`, helplines and groups of other places are left out.
    """
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
            _evidence(row) for row in evidence.select_related("division").order_by("position", "id")
        ),
        help=_help(issue.organization, divisions),
        facts_at=_facts_at(issue, measure),
    )


def _facts_at(issue: Issue, measure: Measure | None) -> datetime:
    """When the newest fact came to be; a milestone that was struck is one too."""
    newest = MeasureEvent.objects.filter(measure=measure).aggregate(at=Max("recorded_at"))["at"]
    return max(moment for moment in (issue.created_at, newest) if moment).replace(microsecond=0)


def _evidence(row: Evidence) -> EvidenceFact:
    return EvidenceFact(
        claim=row.claim,
        figure=row.figure,
        unit=row.unit,
        source=Source(
            key=f"evidence:{row.pk}",
            title=row.source_title,
            url=row.source_url,
            published_on=row.published_on,
            retrieved_on=row.retrieved_on,
            is_example=row.is_example,
        ),
        place=row.division.name if row.division else "",
        division=str(row.division_id or ""),
    )


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


def _help(organization: Organization, divisions: Collection[UUID] | None) -> tuple[Help, ...]:
    """Helplines first, then groups and services."""
    order = list(ResourceKind.values)
    resources = sorted(organization.resources.all(), key=lambda row: (order.index(row.kind), row.name))
    return tuple(
        Help(
            name=row.name,
            description=row.description,
            phone=row.phone,
            website=row.website,
            hours=row.hours,
            languages=row.languages,
            verified_on=row.verified_on,
        )
        for row in resources
        if divisions is None or row.division_id is None or row.division_id in divisions
    )


def seats(legislator: Legislator, on: date) -> list[Membership]:
    """The seats a legislator holds on a day; a leave-behind is for the first."""
    held = Membership.objects.current(on).filter(legislator=legislator, post__isnull=False)
    return list(held.select_related("post__division", "post__chamber", "chamber").order_by("start_on", "pk"))


def legislator_facts(
    seat: Membership, *, organization: Organization, measure: Measure | None, on: date
) -> LegislatorFacts:
    """Who holds a seat: committees, and where they stand on the measure."""
    legislator, post = seat.legislator, seat.post
    if post is None:
        raise ValueError("a committee membership is no seat")
    committees = (
        Membership.objects.current(on)
        .filter(legislator=legislator, post__isnull=True)
        .exclude(chamber__kind__in=["upper", "lower"])
        .select_related("chamber__parent")
        .order_by("chamber__name")
    )
    stance = None
    if measure is not None:
        stances = Stance.objects.filter(organization=organization, measure=measure, legislator=legislator)
        stance = stances.latest_per_legislator().first()
    stand, sources = _stand(legislator, stance)
    return LegislatorFacts(
        person=Person(
            name=legislator.name,
            role=post.role,
            place=post.division.name,
            chamber=post.chamber.name,
            party=seat.party,
            committees=_committee_names(list(committees)),
            stand=stand if measure is not None else None,
        ),
        divisions=frozenset(str(pk) for pk in with_parents(post.division)),
        sources=sources,
        facts_at=stance.recorded_at.replace(microsecond=0) if stance else None,
    )


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


def with_parents(division: Division) -> list[UUID]:
    """A place and everything it lies in, nearest first."""
    found = [division.pk]
    parent = division.parent_id
    while parent is not None and parent not in found:
        found.append(parent)
        parent = Division.objects.filter(pk=parent).values_list("parent_id", flat=True).first()
    return found
