"""Rows → plain facts of an issue and its measure. Reads only; a fixed number of queries."""

from datetime import date, datetime
from urllib.parse import urlsplit

from django.db.models import Max
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from contacts.models import Organization
from policy.briefs.facts import EvidenceFact, IssueFacts, MeasureFact
from policy.briefs.gather_help import help_facts
from policy.briefs.sections import Milestone, Sender, Source
from policy.models import Evidence, Issue, Logo, Measure, MeasureEvent, Translated


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
    organization = issue.organization
    words = _spoken(issue, organization)
    return IssueFacts(
        title=words["title"],
        summary=words["summary"],
        body=words["body"],
        measure=_measure(measure, _spoken(measure, organization), events) if measure else None,
        evidence=tuple(
            _evidence(row, _spoken(row, organization), on, organization.evidence_days)
            for row in evidence.select_related("division").order_by("position", "id")
        ),
        help=help_facts(organization),
        facts_at=_facts_at(issue, measure),
    )


def _facts_at(issue: Issue, measure: Measure | None) -> datetime:
    """When the newest fact came to be; a milestone that was struck is one too."""
    newest = MeasureEvent.objects.filter(measure=measure).aggregate(at=Max("recorded_at"))["at"]
    return max(moment for moment in (issue.created_at, newest) if moment).replace(microsecond=0)


def _spoken(row: Translated, organization: Organization) -> dict[str, str]:
    """The texts of an organisation's row in the language of the brief, else in its own."""
    words = row.words_in([get_language() or ""], organization.language)
    return {name: str(text) for name, text in words.items()}


def _evidence(row: Evidence, words: dict[str, str], on: date, days: int) -> EvidenceFact:
    """A claim whose source is nothing but spaces has none, and no brief prints it."""
    has_source = row.source_title.strip() and row.source_url.strip()
    return EvidenceFact(
        claim=words["claim"],
        figure=words["figure"],
        unit=words["unit"],
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
        recorded=(row.claim, row.unit),
    )


def _older_than(days: int) -> str:
    years, rest = divmod(days, 365)
    if years and not rest:
        return ngettext("More than %(n)s year old", "More than %(n)s years old", years) % {"n": years}
    return ngettext("More than %(n)s day old", "More than %(n)s days old", days) % {"n": days}


def _measure(measure: Measure, words: dict[str, str], events: list[MeasureEvent]) -> MeasureFact:
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
        **words,
        jurisdiction=measure.jurisdiction.name,
        vote_on=measure.vote_on,
        milestones=tuple(milestones),
        sources=tuple(
            Source(
                f"url:{url}",
                _("Record of %(measure)s, %(host)s")
                % {"measure": words["identifier"], "host": urlsplit(url).netloc},
                url,
            )
            for url in urls
        ),
    )
