"""What the coalition tracks beside its bill: sponsors, hearings, and measures from the town to the world."""

from datetime import date, time, timedelta

from campaigns.demo import content
from campaigns.demo.places import COMMITTEE, COUNTRY
from contacts.actions.jurisdictions import add_jurisdiction
from contacts.models import Chamber, Legislator, User
from policy.actions.calendar import cancel_date, save_date
from policy.actions.measures import add_event, add_sponsor, relate_measures, save_measure, strike_event
from policy.models import Measure, MeasureDate, MeasureEvent, RelatedMeasure, SponsorKind, Sponsorship

RECORDS = "https://records.example.org/measures"
# Level, government, its place, kind, number, title, position, reasons, and milestones in days before today.
ELSEWHERE = [
    (
        "local",
        "Saltmouth Town Council",
        f"ocd-division/country:{COUNTRY}/region:northmere/place:saltmouth",
        ("bylaw", "BL 14", "Quiet rooms in public buildings"),
        ("support", "A place to sit down costs a town little."),
        [("drafted", 60), ("adopted", 21)],
    ),
    (
        "national",
        "National Assembly",
        f"ocd-division/country:{COUNTRY}",
        ("budget_line", "Line 21.4", "Training posts for psychotherapists"),
        ("watch", "The number of posts is not settled yet."),
        [("introduced", 40), ("referred", 33)],
    ),
    (
        "international",
        "Northern Union",
        "",
        ("treaty", "NU 2026/3", "Convention on care across borders"),
        ("neutral", ""),
        [("drafted", 200)],
    ),
]


def load_tracking(measure: Measure, on: date, organizer: User) -> None:
    """Add to the coalition's bill, and follow measures elsewhere; `on` is today."""
    _sponsors(measure, organizer)
    _correction(measure, on, organizer)
    _dates(measure, on, organizer)
    for level, name, division, what, said, events in ELSEWHERE:
        jurisdiction = add_jurisdiction(
            name=name,
            level=level,
            division=division,
            time_zone="UTC",
            organization=measure.organization,
            actor=organizer,
        )
        kind, identifier, title = what
        other = save_measure(
            measure=Measure(
                organization=measure.organization,
                issue=measure.issue,
                jurisdiction=jurisdiction,
                kind=kind,
                identifier=identifier,
                title=title,
                position=said[0],
                reasons=said[1],
            ),
            actor=organizer,
        )
        for event, days in events:
            add_event(
                event=MeasureEvent(
                    measure=other, kind=event, on=on - timedelta(days=days), source_url=RECORDS
                ),
                actor=organizer,
            )
        if kind == "budget_line":
            related = RelatedMeasure(measure=other, other=measure, kind="companion")
            relate_measures(related=related, actor=organizer)


def _sponsors(measure: Measure, organizer: User) -> None:
    for name, kind in (("Salma Benari", SponsorKind.PRIMARY), ("Priya Raman", SponsorKind.COSPONSOR)):
        person = Legislator.objects.get(name=name, identifiers__scheme="northmere")
        add_sponsor(sponsorship=Sponsorship(measure=measure, legislator=person, kind=kind), actor=organizer)


def _correction(measure: Measure, on: date, organizer: User) -> None:
    """Somebody took the committee's vote for that of the House, and said so the day after."""
    wrong = add_event(
        event=MeasureEvent(
            measure=measure, kind="passed_chamber", on=on - timedelta(days=21), source_url=RECORDS
        ),
        actor=organizer,
    )
    strike_event(
        wrong=wrong,
        reason="That was the committee’s vote, not the House’s",
        source_url=content.MEASURE["url"],
        actor=organizer,
    )


def _dates(measure: Measure, on: date, organizer: User) -> None:
    committee = Chamber.objects.get(jurisdiction=measure.jurisdiction, code=COMMITTEE)
    plan = [
        ("hearing", 4, time(9), time(12), committee, "Room 12"),
        ("hearing", 11, time(13, 30), None, committee, "Room 3"),
        ("vote", content.VOTE_IN_DAYS, time(14), None, None, "House of Delegates"),
    ]
    for kind, days, starts_at, ends_at, chamber, place in plan:
        found = MeasureDate(
            measure=measure,
            kind=kind,
            on=_working_day(on + timedelta(days=days)) if kind == "hearing" else on + timedelta(days=days),
            starts_at=starts_at,
            ends_at=ends_at,
            time_zone=measure.jurisdiction.time_zone,
            chamber=chamber,
            place=place,
            link=content.MEASURE["url"],
        )
        save_date(date=found, actor=organizer)
        if place == "Room 3":
            cancel_date(date=found, because="Moved into the first hearing", actor=organizer)


def _working_day(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
