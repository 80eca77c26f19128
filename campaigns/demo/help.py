"""Invented helplines, groups and services of the demonstration; each says that it is an example."""

from datetime import date, timedelta

from campaigns.demo.content import RESOURCE
from campaigns.demo.places import NATION, REGION, SENATE_PLACES, lower, upper
from contacts.models import Division, Organization, User
from policy.actions.resources import save_resource
from policy.models import Resource
from policy.opening import read_hours

LAKES, UPLANDS = SENATE_PLACES.index("Lakes") + 1, SENATE_PLACES.index("Uplands") + 1
SALTMOUTH = 1
# What each is, the place it is for, its hours, and how many days ago somebody tried it.
HELP: list[tuple[dict[str, object], str, str, int]] = [
    (
        {
            "kind": "helpline",
            "is_emergency": True,
            "name": "Northmere Crisis Line",
            "description": "For you, or for somebody you are afraid for. You will talk to a person.",
            "phone": "000 555 0100",
            "text_number": "000100",
            "text_words": "HELLO",
            "languages": "English, Spanish, Arabic",
            "cost": "free",
        },
        REGION,
        "24/7",
        12,
    ),
    ({**RESOURCE, "opening": ""}, REGION, str(RESOURCE["opening"]), 23),
    (
        {
            "kind": "helpline",
            "name": "Kinline",
            "description": "For parents, partners and friends: how to help without losing yourself.",
            "phone": "000 555 0142",
            "chat": "https://kinline.example.org/chat/",
            "website": "https://kinline.example.org/",
            "languages": "English",
            "audience": "families",
            "cost": "free",
        },
        NATION,
        "Mon-Fri 09:00-12:00, 14:00-20:00",
        40,
    ),
    (
        {
            "kind": "group",
            "name": "Saltmouth Monday Table",
            "description": "Soup and talk among people who have been there. Come as you are, no names asked.",
            "phone": "000 555 0117",
            "address": "Harbour Voices, 3 Quay Row, Saltmouth 10101",
            "website": "https://harbour-voices.example.org/monday/",
            "languages": "English",
            "cost": "free",
            "hours": "Not in the last week of the year.",
        },
        lower(SALTMOUTH),
        "Mon 18:30-21:00",
        66,
    ),
    (
        {
            "kind": "group",
            "name": "Lantern Youth Chat",
            "description": "Other young people listen, and know when to fetch somebody older.",
            "chat": "https://lantern-youth.example.org/chat/",
            "text_number": "000117",
            "languages": "English, Spanish, French",
            "audience": "young people, students",
            "eligibility": "From 13 to 25 years.",
            "cost": "free",
        },
        REGION,
        "Sun-Thu 16:00-23:00; Fri, Sat 16:00-02:00",
        31,
    ),
    (
        {
            "kind": "service",
            "name": "Uplands Open Practice",
            "description": "A first talk with a nurse without an appointment; she knows what comes next.",
            "phone": "000 555 0163",
            "address": "The Old Post Office, Highfell 10113",
            "languages": "English",
            "audience": "adults",
            "cost": "scale",
            "cost_note": "From nothing to 20 for a visit; nobody asks for proof.",
        },
        upper(UPLANDS),
        "Tue 10:00-18:00; Thu 10:00-14:00",
        161,
    ),
    (
        {
            "kind": "service",
            "name": "Lakes Bus Counselling",
            "description": "A counsellor in a bus who comes to the villages by turns.",
            "phone": "000 555 0171",
            "languages": "English",
            "cost": "free",
        },
        upper(LAKES),
        "Wed 09:00-16:00",
        420,
    ),
]


def load_help(coalition: Organization, on: date, actor: User) -> None:
    """The directory as of a day: one entry is nearly due, one was not tried for so long that it is hidden."""
    places = {place.ocd_id: place for place in Division.objects.filter(ocd_id__startswith=NATION)}
    for fields, place, hours, days_ago in HELP:
        spans, always = read_hours(hours)
        resource = Resource(
            organization=coalition,
            division=places[place],
            is_always_open=always,
            is_example=True,
            time_zone=coalition.time_zone,
            verified_on=on - timedelta(days=days_ago),
            **{name: value for name, value in fields.items() if name not in {"opening", "is_example"}},
        )
        save_resource(resource=resource, actor=actor, spans=spans)
