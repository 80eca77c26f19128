"""A campaign of the demonstration that is over: invented, partly won, its letters posted and its people thanked."""

from datetime import date, datetime, time, timedelta
from typing import Any

from campaigns.actions.batches import mark_posted
from campaigns.actions.campaigns import (
    add_rule,
    close_campaign,
    create_campaign,
    leave_test_mode,
    open_campaign,
    save_target_group,
    save_version,
)
from campaigns.actions.drives import create_drive, schedule_drive
from campaigns.actions.letters import send_letters
from campaigns.actions.outcomes import publish_outcome, thank_people, write_outcome
from campaigns.actions.pledges import sign_pledge
from campaigns.delivery import batches, freeze, planning, upkeep
from campaigns.demo import content
from campaigns.demo.people import northmere
from campaigns.demo.signers import CONFIRMED, PENDING, confirm_as_signed, signing_of
from campaigns.demo.supporting import load_supporting
from campaigns.jobs.steps import work
from campaigns.models import (
    Campaign,
    ChannelName,
    Drive,
    DriveState,
    LetterVersion,
    PrintBatch,
    RuleKind,
    TargetGroup,
    TargetRule,
)
from contacts import clock
from contacts.models import Legislator, Post, User
from policy.actions.measures import add_event, save_measure
from policy.actions.stances import record_stance
from policy.models import Measure, MeasureEvent, Stance

# Days before today: its page went online, its letters were posted, it was closed, and what came of it was published.
OPENED, POSTED, CLOSED, TOLD = 160, 99, 95, 90
PEOPLE = 12
RECORD = "https://assembly.example.org/budget/33-2"
MEASURE = {
    "kind": "budget_line",
    "identifier": "Line 33.2",
    "title": "Walk-in clinics in the Uplands",
    "summary": "Pays for the three walk-in clinics of the Uplands, open without an appointment. The draft left them out.",
    "url": RECORD,
    "position": "support",
    "reasons": "For many in the Uplands, the clinic is the only door that opens without a date months ahead.",
}
MILESTONES = [
    ("introduced", 170, "without the clinics"),
    ("heard", 130, "14 witnesses from the Uplands"),
    ("amended", 97, "the clinics are back, with two days fewer a week"),
    ("adopted", 92, "by 13 votes to 10"),
]
# Where legislators stood before and after: name, level, days ago, on what evidence.
STANCES = [
    ("Gordon Fetch", 2, 168, "Said that the Uplands have too few people for three clinics"),
    ("Agnes Tolliver", 3, 165, "Wanted to see how many people come first"),
    ("Desmond Achebe", 4, 160, "Asked why the clinics were left out"),
    ("Gordon Fetch", 4, 97, "Moved the amendment after the hearing"),
    ("Agnes Tolliver", 4, 92, "Voted for the line"),
]
MOVED = ["Gordon Fetch", "Agnes Tolliver"]
# Who reported on the budget, and got the letters, on paper.
RAPPORTEUR = "Gordon Fetch"
CAMPAIGN = {
    "slug": "keep-the-clinics",
    "title": "Keep the walk-in clinics of the Uplands open",
    "ask": "Put the three walk-in clinics back into the budget",
    "why": "Three clinics in the Uplands see people without an appointment, six days a week. The draft budget closes all "
    "three. The next door is two buses away.",
    "language": "en",
    "goal": 200,
    "editing_minutes": 60,
    "channels": [ChannelName.PRINT.value],
}
VERSION = {
    "language": "en",
    "subject": "Please keep the walk-in clinics in {{measure}}",
    "salutation": "Dear {{title}} {{representative}},",
    "opening": "I live in {{city}} and ask you to put the walk-in clinics back into {{measure}}.",
    "talking_points": "Have you, or has somebody close to you, been to one of them?",
    "closing": "Please tell me what you will propose.",
}
OUTCOME: dict[str, Any] = {
    "result": "partly_won",
    "headline": "The three clinics stay open, four days a week instead of six",
    "changed": "The assembly put all three clinics back into the budget. They open **four days a week**; it used to be six. "
    "On Fridays and at weekends people still have to go to the valley.",
    "learned": "Delegates asked how many people come, and we had no figure until the hearing. **We should have counted "
    "first.** What moved them were names from their own towns, not ours from the capital.",
}


def load_finished(first: Measure, organizer: User, started: datetime) -> Campaign:
    """Let it run its course months before `started`, the visitor's now; the clock is put back where it was."""
    here = clock.now()
    _go_to(started, OPENED)
    measure = _measure(first, organizer, started.date())
    campaign = _open(measure, organizer)
    people = northmere(CONFIRMED + PENDING + PEOPLE)[CONFIRMED + PENDING :]
    for number, person in enumerate(people, 1):
        clock.move(timedelta(days=5, minutes=17))
        pledge = sign_pledge(campaign=campaign, signing=signing_of(campaign, person, number))
        pledge = confirm_as_signed(pledge)
        if not pledge.send_untouched:
            send_letters(pledge=pledge)
    _go_to(started, POSTED)
    _post(campaign, organizer)
    load_supporting(campaign, organizer, first=3)
    _go_to(started, CLOSED)
    upkeep.settle_letters()
    upkeep.finish_drives()
    close_campaign(campaign=campaign, actor=organizer)
    _go_to(started, TOLD)
    outcome = write_outcome(
        campaign=campaign,
        actor=organizer,
        events=measure.events.filter(kind__in=["amended", "adopted"]),
        legislators=Legislator.objects.filter(name__in=MOVED),
        on=started.date() - timedelta(days=92),
        **OUTCOME,
    )
    publish_outcome(outcome=outcome, actor=organizer)
    job = thank_people(outcome=outcome, actor=organizer)
    work(job.pk, seconds=10, is_watched=True)
    clock.move(here - clock.now())
    return campaign


def _post(campaign: Campaign, organizer: User) -> None:
    """Print the letters as the worker and the console do, and say that they were posted."""
    if Drive.objects.filter(state=DriveState.RUNNING).exists():
        return  # somebody else's letters would be planned on a clock that is put back
    upkeep.start_drives()
    planning.plan_ready()
    freeze.queue_due(PEOPLE)
    batches.make_batches(campaign.drives.get().pk)
    for batch in PrintBatch.objects.filter(drive__campaign=campaign):
        mark_posted(batch=batch, actor=organizer)


def _go_to(started: datetime, days_before: int) -> None:
    clock.move(started - timedelta(days=days_before) - clock.now())


def _measure(first: Measure, organizer: User, today: date) -> Measure:
    """A budget line of the same assembly, with its milestones and where legislators stood on it."""
    measure = save_measure(
        measure=Measure(
            organization=first.organization, issue=first.issue, jurisdiction=first.jurisdiction, **MEASURE
        ),
        actor=organizer,
    )
    for kind, days, note in MILESTONES:
        event = MeasureEvent(
            measure=measure, kind=kind, on=today - timedelta(days=days), note=note, source_url=RECORD
        )
        add_event(event=event, actor=organizer)
    people = {person.name: person for person in Legislator.objects.filter(identifiers__scheme="northmere")}
    for name, level, days, evidence in STANCES:
        stance = Stance(
            organization=measure.organization,
            legislator=people[name],
            measure=measure,
            level=level,
            on=today - timedelta(days=days),
            evidence=evidence,
            source_url=content.STANCE_SOURCE,
        )
        record_stance(stance=stance, actor=organizer)
    return measure


def _open(measure: Measure, organizer: User) -> Campaign:
    campaign = create_campaign(
        organization=measure.organization, actor=organizer, issue=measure.issue, measure=measure, **CAMPAIGN
    )
    group = save_target_group(
        group=TargetGroup(campaign=campaign, name="Who reports on the budget", order=0), actor=organizer
    )
    seats = Post.objects.filter(
        memberships__legislator__name=RAPPORTEUR, chamber__jurisdiction=measure.jurisdiction
    )
    add_rule(rule=TargetRule(group=group, kind=RuleKind.FIXED, post=seats.get()), actor=organizer)
    save_version(version=LetterVersion(group=group, **VERSION), actor=organizer)
    drive = create_drive(
        campaign=campaign,
        actor=organizer,
        name="Before the budget",
        starts_at=clock.now() + timedelta(hours=1),
        ends_at=clock.now() + timedelta(days=OPENED - CLOSED - 1),
        weekdays=[0, 1, 2, 3, 4],
        opens=time(9),
        closes=time(17),
        per_office_hour=40,
        per_domain_hour=120,
        per_site_hour=150,
    )
    open_campaign(campaign=campaign, actor=organizer)
    leave_test_mode(campaign=campaign, actor=organizer)
    schedule_drive(drive=drive, actor=organizer)
    return campaign
