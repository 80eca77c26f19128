"""What a trial needs before supporters come: places and legislators, an organisation, a campaign and its drive."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from campaigns.actions.campaigns import (
    add_rule,
    create_campaign,
    leave_test_mode,
    open_campaign,
    save_target_group,
    save_version,
)
from campaigns.actions.drives import create_drive
from campaigns.demo import content
from campaigns.demo.places import COUNTRY, JURISDICTION, load_places
from campaigns.models import Campaign, Drive, LetterVersion, RuleKind, TargetGroup, TargetRule
from contacts.actions.organizations import create_organization
from contacts.clock import now, today
from contacts.models import (
    Chamber,
    ContactPoint,
    Identifier,
    Jurisdiction,
    Membership,
    Office,
    Organization,
    PostalArea,
    User,
)
from policy.actions.issues import save_evidence, save_issue, save_resource
from policy.actions.measures import add_event, save_measure
from policy.models import Evidence, Issue, Measure, MeasureEvent, Resource

CONGRESS = "ocd-jurisdiction/country:us/government"
MADE_HERE = "trial"
LOWER, UPPER = "Your member of the lower chamber", "Your members of the upper chamber"
WHY = """Asking for help is the hardest part, and what comes next is a waiting list. This campaign, its measure and its figures are
invented for a trial run; the places and the people in office are whatever was imported.

A first appointment within four weeks: that is what the measure would make a right."""
LETTERS = [
    {
        "group": LOWER,
        "subject": "Please vote for {{measure}}",
        "salutation": "Dear {{title}} {{representative}},",
        "opening": "I live in {{city}} and ask you to vote for {{measure}}, the {{measure_title}}.",
        "talking_points": "How long did you wait?\nWhat would help in time have changed?",
        "closing": "Please tell me how you will vote.",
    },
    {
        "group": UPPER,
        "subject": "{{measure}} will come to you next",
        "salutation": "Dear {{title}} {{representative}},",
        "opening": "I live in {{city}}. Before long you will be asked to vote on {{measure}}, the {{measure_title}}.",
        "talking_points": "Why does a time limit matter where you live?",
        "closing": "Please say now where you stand.",
    },
]


@dataclass(frozen=True)
class Stage:
    """A campaign that is open, and the drive its letters will leave with."""

    campaign: Campaign
    drive: Drive
    organizer: User
    legislators: int
    zip_areas: int
    codes: list[str]


def import_real(data: Path, say: Callable[[str], None]) -> Jurisdiction:
    """Congress and ZIP districts from a folder of published files, by the commands anyone uses."""
    call_command("import_legislators", "us-congress", data / "us-congress", stdout=StringIO())
    call_command("import_districts", "us-zip", data / "us-zip", stdout=StringIO())
    added = _add_addresses()
    say(f"Public data has no mail addresses of Congress: made up BIOGUIDE@congress.example for {added}.")
    return Jurisdiction.objects.get(ocd_id=CONGRESS)


def _add_addresses() -> int:
    """A mail address for every member of Congress, in this trial's database alone."""
    people = Identifier.objects.filter(
        scheme="bioguide", legislator__memberships__in=Membership.objects.current(today())
    )
    offices, points = [], []
    for legislator_id, bioguide in people.values_list("legislator_id", "value").distinct():
        office = Office(legislator_id=legislator_id, kind="capitol", key=MADE_HERE, source=MADE_HERE)
        offices.append(office)
        points.append(ContactPoint(office=office, kind="email", value=f"{bioguide}@congress.example"))
    Office.objects.bulk_create(offices, batch_size=500)
    ContactPoint.objects.bulk_create(points, batch_size=500)
    return len(points)


def set_up(data: Path | None, say: Callable[[str], None]) -> Stage:
    """Import places and people, then everything an organizer does until the campaign is open."""
    jurisdiction = import_real(data, say) if data else load_places(today())
    organization, organizer = create_organization(
        name="Trial Coalition for Mental Health",
        slug="trial",
        owner_email="owner@trial.example",
        owner_name="Olive Warden",
        mail_domain="trial-coalition.example",
        postal_address=content.COALITION["postal_address"],
        country="us" if jurisdiction.ocd_id != JURISDICTION else COUNTRY,
    )
    measure = _policy(organization, jurisdiction, organizer)
    campaign, drive = _campaign(measure, jurisdiction, organizer)
    seats = Membership.objects.current(today()).filter(post__isnull=False, chamber__jurisdiction=jurisdiction)
    areas = PostalArea.objects.filter(country=organization.country)
    codes = sorted(areas.values_list("code", flat=True).distinct())
    people = seats.values("legislator").distinct().count()
    return Stage(campaign, drive, organizer, people, len(codes), codes)


def _policy(organization: Organization, jurisdiction: Jurisdiction, organizer: User) -> Measure:
    """An issue with evidence and a helpline, and a measure with its milestones."""
    on = today()
    issue = Issue(
        organization=organization,
        title=content.ISSUE["title"],
        slug=content.ISSUE["slug"],
        summary="People wait months for a first appointment, longest where there are fewest other ways to get help.",
        body=content.ISSUE["body"],
    )
    save_issue(issue=issue, actor=organizer)
    measure = Measure(
        organization=organization,
        issue=issue,
        jurisdiction=jurisdiction,
        vote_on=on + timedelta(days=30),
        **content.MEASURE,
    )
    save_measure(measure=measure, actor=organizer)
    for kind, days_ago, _chamber, note in content.EVENTS[:3]:
        event = MeasureEvent(
            measure=measure,
            kind=kind,
            on=on - timedelta(days=days_ago),
            note=note,
            source_url=content.MEASURE["url"],
        )
        add_event(event=event, actor=organizer)
    for claim, figure, unit, source, url, days_ago in content.EVIDENCE:
        published = on - timedelta(days=days_ago)
        evidence = Evidence(
            organization=organization,
            issue=issue,
            claim=claim,
            figure=figure,
            unit=unit,
            source_title=source,
            source_url=url,
            published_on=published,
            retrieved_on=on,
            is_example=True,
        )
        save_evidence(evidence=evidence, actor=organizer)
    helpline = Resource(organization=organization, verified_on=on, **content.RESOURCE)
    save_resource(resource=helpline, actor=organizer)
    return measure


def _campaign(measure: Measure, jurisdiction: Jurisdiction, organizer: User) -> tuple[Campaign, Drive]:
    """A campaign aimed at each supporter's own members of both chambers, open and out of test mode."""
    campaign = create_campaign(
        organization=measure.organization,
        actor=organizer,
        issue=measure.issue,
        measure=measure,
        slug="four-weeks",
        title=content.CAMPAIGN["title"],
        ask=content.CAMPAIGN["ask"],
        why=WHY,
        goal=5000,
        editing_minutes=0,
    )
    chambers = {LOWER: "lower", UPPER: "upper"}
    for order, letter in enumerate(LETTERS):
        texts = dict(letter)
        name = texts.pop("group")
        group = save_target_group(
            group=TargetGroup(campaign=campaign, name=name, order=order), actor=organizer
        )
        chamber = Chamber.objects.get(jurisdiction=jurisdiction, code=chambers[name])
        add_rule(
            rule=TargetRule(group=group, kind=RuleKind.MY_REPRESENTATIVES, chamber=chamber), actor=organizer
        )
        save_version(version=LetterVersion(group=group, language="en", **texts), actor=organizer)
    # Around the clock and fast: this run has to end.
    drive = create_drive(
        campaign=campaign,
        actor=organizer,
        name="Trial run",
        starts_at=now(),
        ends_at=now() + timedelta(days=2),
        weekdays=[0, 1, 2, 3, 4, 5, 6],
        opens=time(0),
        closes=time(23),
        all_day=True,
        per_office_hour=1_000_000,
        per_domain_hour=1_000_000,
        per_site_hour=1_000_000,
    )
    open_campaign(campaign=campaign, actor=organizer)
    leave_test_mode(campaign=campaign, actor=organizer)
    return campaign, drive
