"""The invented coalition at work, made by the same actions that people use, over two weeks of its clock."""

import os
import secrets
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction

from campaigns.actions.campaigns import (
    add_rule,
    create_campaign,
    leave_test_mode,
    open_campaign,
    save_target_group,
    save_version,
)
from campaigns.actions.drives import create_drive, schedule_drive
from campaigns.demo import content, partners
from campaigns.demo.awareness import load_awareness
from campaigns.demo.events import load_events, tell_outcome
from campaigns.demo.figures import load_figures
from campaigns.demo.finished import load_finished
from campaigns.demo.help import load_help
from campaigns.demo.places import COUNTRY, load_places
from campaigns.demo.signers import sign_all
from campaigns.demo.stories import load_stories
from campaigns.demo.supporting import load_supporting, load_waiting
from campaigns.demo.tracking import load_tracking
from campaigns.models import (
    Campaign,
    LetterVersion,
    RuleKind,
    TargetGroup,
    TargetRule,
)
from contacts import clock
from contacts.actions.organizations import create_organization, give_role
from contacts.models import (
    Chamber,
    Clock,
    ContactPoint,
    Health,
    Jurisdiction,
    Legislator,
    Organization,
    Post,
    User,
)
from policy.actions.evidence import save_evidence
from policy.actions.issues import save_issue
from policy.actions.measures import add_event, save_measure
from policy.actions.stances import record_stance
from policy.models import Evidence, Issue, Measure, MeasureEvent, Stance

BEGAN = timedelta(days=14)
STARTS_IN = timedelta(seconds=60)
# Whose address is known not to work: letters to this office wait, and the console says so.
BROKEN_OFFICE = "Hamish Arkwright"


def is_loaded() -> bool:
    return Organization.objects.filter(slug=content.COALITION["slug"]).exists()


def password() -> str:
    """The one password of the demo accounts, made once and kept in the data folder for its owner alone."""
    file = settings.DATA_DIR / "demo-password"
    if not file.exists():
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write("-".join(secrets.token_hex(2) for _part in range(5)) + "\n")
    return str(file.read_text()).strip()


@transaction.atomic
def load() -> Campaign:
    """Everything at once: the region, the coalition, its campaign with pledges, and a drive that starts by itself.

    The clock is put back two weeks and runs through them as the story goes on, inside this one transaction, so
    that no other process sees it. At the end it stands where it stood.
    """
    offset = Clock.objects.get().offset
    jurisdiction = load_places(clock.today())
    ContactPoint.objects.filter(kind="email", office__legislator__name=BROKEN_OFFICE).update(
        health=Health.FAILING, health_reason="mail came back in spring", health_changed_at=clock.now()
    )
    started = clock.now()
    clock.move(-BEGAN)
    people = _organizations()
    measure = _policy(jurisdiction, people)
    load_finished(measure, people["organizer@demo.example"], started)
    clock.move(timedelta(days=1))
    campaign = _campaign(measure, jurisdiction, people["organizer@demo.example"], started)
    _second_campaign(campaign, jurisdiction, people["organizer@demo.example"])
    began = clock.now()
    load_supporting(campaign, people["organizer@demo.example"])
    load_events(campaign, started, people["organizer@demo.example"])
    sign_all(campaign, BEGAN - timedelta(days=1, hours=3) - (clock.now() - began))
    load_stories(campaign, people["organizer@demo.example"])
    clock.move(offset - Clock.objects.get().offset)
    load_waiting(campaign)
    tell_outcome(people["organizer@demo.example"])
    drive = campaign.drives.get()
    # However long it took to come here: a slow machine needs more than the minute.
    drive.starts_at = clock.now() + STARTS_IN
    drive.save(update_fields=["starts_at"])
    schedule_drive(drive=drive, actor=people["organizer@demo.example"])
    return campaign


def _organizations() -> dict[str, User]:
    """The coalition, its partners and the demo accounts; gives the accounts by mail address."""
    people = {}
    coalition, owner = create_organization(
        owner_email=content.ACCOUNTS[0][0],
        owner_name=content.ACCOUNTS[0][1],
        country=COUNTRY,
        **content.COALITION,
    )
    secret = password()
    for email, name, roles in content.ACCOUNTS:
        user = owner if email == owner.email else User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email, name=name)
        user.set_password(secret)
        user.save(update_fields=["password"])
        for role in roles:
            give_role(organization=coalition, user=user, role=role, actor=owner)
        people[email] = user
    partners.load_organizations(secret)
    return people


def _policy(jurisdiction: Jurisdiction, people: dict[str, User]) -> Measure:
    """Issues, the bill with its milestones, evidence, the helpline, and where legislators stand."""
    coalition = Organization.objects.get(slug=content.COALITION["slug"])
    organizer, staff = people["organizer@demo.example"], people["staff@demo.example"]
    on = clock.today() + BEGAN
    issue = save_issue(issue=Issue(organization=coalition, **content.ISSUE), actor=organizer)
    save_issue(issue=Issue(organization=coalition, **content.SECOND_ISSUE), actor=organizer)
    measure = save_measure(
        measure=Measure(
            organization=coalition,
            issue=issue,
            jurisdiction=jurisdiction,
            vote_on=on + timedelta(days=content.VOTE_IN_DAYS),
            **content.MEASURE,
        ),
        actor=organizer,
    )
    chambers = {chamber.code: chamber for chamber in jurisdiction.chambers.all()}
    for kind, days_ago, chamber, note in content.EVENTS:
        add_event(
            event=MeasureEvent(
                measure=measure,
                kind=kind,
                on=on - timedelta(days=days_ago),
                chamber=chambers.get(chamber),
                note=note,
                source_url=content.MEASURE["url"],
            ),
            actor=organizer,
        )
    load_tracking(measure, on, organizer)
    for claim, figure, unit, source, url, days_ago in content.EVIDENCE:
        evidence = Evidence(
            organization=coalition,
            issue=issue,
            claim=claim,
            figure=figure,
            unit=unit,
            source_title=source,
            source_url=url,
            published_on=on - timedelta(days=days_ago),
            retrieved_on=on - BEGAN,
            is_example=True,
        )
        save_evidence(evidence=evidence, actor=organizer)
    load_awareness(issue, organizer)
    load_figures(issue, on.year, organizer)
    load_help(coalition, on - BEGAN, staff)
    _stances(coalition, measure, staff)
    return measure


def _stances(coalition: Organization, measure: Measure, staff: User) -> None:
    people = {person.name: person for person in Legislator.objects.filter(identifiers__scheme="northmere")}
    on = clock.today() + BEGAN
    for name, level, days_ago, evidence in content.STANCES:
        stance = Stance(
            organization=coalition,
            legislator=people[name],
            measure=measure,
            level=level,
            on=on - timedelta(days=days_ago),
            evidence=evidence,
            source_url=content.STANCE_SOURCE,
        )
        record_stance(stance=stance, actor=staff)


def _campaign(measure: Measure, jurisdiction: Jurisdiction, organizer: User, started: datetime) -> Campaign:
    """The open campaign, out of test mode, with a drive whose days are counted from `started`."""
    coalition = measure.organization
    campaign = create_campaign(
        organization=coalition, actor=organizer, issue=measure.issue, measure=measure, **content.CAMPAIGN
    )
    chambers = {chamber.code: chamber for chamber in jurisdiction.chambers.all()}
    groups = {
        content.REPRESENTATIVES: _group(
            campaign,
            content.REPRESENTATIVES,
            0,
            [_own(chambers["lower"]), _own(chambers["upper"])],
            organizer,
        ),
        content.MINISTER: _group(
            campaign,
            content.MINISTER,
            1,
            [TargetRule(kind=RuleKind.FIXED, post=Post.objects.get(chamber=chambers["executive"]))],
            organizer,
        ),
    }
    for version in content.VERSIONS:
        texts = {name: text for name, text in version.items() if name != "group"}
        save_version(version=LetterVersion(group=groups[version["group"]], **texts), actor=organizer)
    partners.join(campaign)
    # Around the clock and slowly, so that whoever opens the dashboard sees it move.
    create_drive(
        campaign=campaign,
        actor=organizer,
        name="Before the vote",
        starts_at=started + STARTS_IN,
        ends_at=started + timedelta(days=content.VOTE_IN_DAYS - 3),
        weekdays=[0, 1, 2, 3, 4, 5, 6],
        opens=time(9),
        closes=time(17),
        all_day=True,
        per_office_hour=40,
        per_domain_hour=120,
        per_site_hour=150,
    )
    open_campaign(campaign=campaign, actor=organizer)
    leave_test_mode(campaign=campaign, actor=organizer)
    return campaign


def _own(chamber: Chamber) -> TargetRule:
    return TargetRule(kind=RuleKind.MY_REPRESENTATIVES, chamber=chamber)


def _group(campaign: Campaign, name: str, order: int, rules: list[TargetRule], actor: User) -> TargetGroup:
    group = save_target_group(group=TargetGroup(campaign=campaign, name=name, order=order), actor=actor)
    for rule in rules:
        rule.group = group
        add_rule(rule=rule, actor=actor)
    return group


def _second_campaign(first: Campaign, jurisdiction: Jurisdiction, organizer: User) -> None:
    """A draft in test mode, for the visitor to finish."""
    issue = Issue.objects.get(organization=first.organization, slug=content.SECOND_ISSUE["slug"])
    campaign = create_campaign(
        organization=first.organization, actor=organizer, issue=issue, **content.SECOND_CAMPAIGN
    )
    lower = jurisdiction.chambers.get(code="lower")
    group = _group(campaign, content.REPRESENTATIVES, 0, [_own(lower)], organizer)
    save_version(version=LetterVersion(group=group, **content.SECOND_VERSION), actor=organizer)
