"""Invented events of the demonstration: one with a few places left, one full, one online, one that is over."""

from datetime import date, datetime, time, timedelta

from campaigns.actions.events import open_event, save_event, save_outcome
from campaigns.actions.registrations import Registering, check_in, confirm, register
from campaigns.models import Campaign, Event
from contacts import clock
from contacts.models import User

# What each is, in how many days from today it begins and at which hour, for how long, and who comes.
EVENTS: list[tuple[dict[str, object], int, time, timedelta, list[str]]] = [
    (
        {
            "kind": "lobby_day",
            "title": "Lobby day: four weeks, no longer",
            "summary": "Meet your representatives in the assembly with people who have waited, and with us.",
            "text": "We meet an hour before to practise. Nobody has to speak who would rather not.\n\n"
            "- **Bring** your postal code and a sentence of your own.\n- **Lunch** is on us.",
            "place": "Assembly House, Room 4, Saltmouth",
            "access": "Lift at the east door. Hearing loop in the room. A quiet room is next to it.",
            "capacity": 25,
            "remind_hour": True,
            "asks_reports": True,
        },
        9,
        time(9, 30),
        timedelta(hours=5),
        ["Ines Calder", "Tom Farrow", "Noor Haddad", "Petra Lindqvist", "Samuel Okoye", "Wen Arkady"],
    ),
    (
        {
            "kind": "workshop",
            "title": "Your story in three minutes",
            "summary": "How to say what happened to you so that somebody who decides will remember it.",
            "place": "Harbour Voices, 3 Quay Row, Saltmouth",
            "access": "Two steps at the door; call 000 555 0117 and we bring the ramp.",
            "capacity": 4,
        },
        5,
        time(18),
        timedelta(hours=2),
        ["Alma Reyes", "Jonas Veit", "Kofi Mensah", "Lucia Bravo", "Rosa Tamm"],
    ),
    (
        {
            "kind": "vigil",
            "title": "A light for those who did not get help in time",
            "summary": "A quiet half hour, online, with names read by those who want to.",
            "link": "https://meet.example.org/a-light",
        },
        16,
        time(20),
        timedelta(minutes=30),
        ["Ada Brook"],
    ),
    (
        {
            "kind": "hearing",
            "title": "Public hearing on waiting times",
            "summary": "The health committee hears people who waited, and those who keep the lists.",
            "place": "Assembly House, Great Hall, Saltmouth",
            "capacity": 60,
        },
        -6,
        time(14),
        timedelta(hours=3),
        ["Ines Calder", "Jonas Veit", "Noor Haddad"],
    ),
]
OUTCOME = (
    "Nine people spoke. The committee asked the ministry for the waiting lists of every district, "
    "to be published before the vote."
)


def load_events(campaign: Campaign, started: datetime, organizer: User) -> None:
    """Plan the events as of two weeks ago, and let people register; `started` is now on the visitor's clock."""
    today: date = started.date()
    for fields, days, hour, length, guests in EVENTS:
        begins = datetime.combine(today + timedelta(days=days), hour, started.tzinfo)
        event = Event(
            organization=campaign.organization,
            issue=campaign.issue,
            campaign=campaign,
            measure=campaign.measure,
            starts_at=begins,
            ends_at=begins + length,
            time_zone=campaign.organization.time_zone,
            language=campaign.language,
            is_example=True,
            **fields,
        )
        save_event(event=event, actor=organizer)
        open_event(event=event, actor=organizer)
        for name in guests:
            clock.move(timedelta(minutes=20))
            email = f"{name.lower().replace(' ', '.')}@people.example.org"
            registration = register(event=event, person=Registering(name=name, email=email))
            if registration is None:
                continue  # who had all the mail of this day already
            confirm(registration=registration)
            if days < 0:
                check_in(registration=registration, came=True, actor=organizer)


def tell_outcome(organizer: User) -> None:
    """What came of the one that is over."""
    event = Event.objects.get(kind="hearing", is_example=True)
    save_outcome(event=event, outcome=OUTCOME, actor=organizer)
