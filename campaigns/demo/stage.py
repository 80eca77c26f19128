"""What a trial needs before the organizer signs in: places, people in office, an organisation and its owner."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from campaigns.demo import content
from campaigns.demo.places import COUNTRY, load_places
from contacts.actions.organizations import create_organization
from contacts.clock import today
from contacts.models import (
    ContactPoint,
    Identifier,
    Jurisdiction,
    Membership,
    Office,
    Organization,
    PostalArea,
    User,
)

CONGRESS = "ocd-jurisdiction/country:us/government"
MADE_HERE = "trial"
WHY = """Asking for help is the hardest part, and what comes next is a waiting list. This campaign, its measure and its figures are
invented for a trial run; the places and the people in office are whatever was imported.

A first appointment within four weeks: that is what the measure would make a right."""
LETTERS = [
    {
        "group": "Your member of the lower chamber",
        "chamber": "lower",
        "subject": "Please vote for {{measure}}",
        "salutation": "Dear {{title}} {{representative}},",
        "opening": "I live in {{city}} and ask you to vote for {{measure}}, the {{measure_title}}.",
        "talking_points": "How long did you wait?\nWhat would help in time have changed?",
        "closing": "Please tell me how you will vote.",
    },
    {
        "group": "Your members of the upper chamber",
        "chamber": "upper",
        "subject": "{{measure}} will come to you next",
        "salutation": "Dear {{title}} {{representative}},",
        "opening": "I live in {{city}}. Before long you will be asked to vote on {{measure}}, the {{measure_title}}.",
        "talking_points": "Why does a time limit matter where you live?",
        "closing": "Please say now where you stand.",
    },
]


@dataclass(frozen=True)
class Stage:
    """Who and where: everything that is there before the organizer signs in."""

    jurisdiction: Jurisdiction
    organization: Organization
    organizer: User
    password: str
    legislators: int
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
    """Import places and people; start an organisation whose owner can sign in."""
    jurisdiction = import_real(data, say) if data else load_places(today())
    organization, organizer = create_organization(
        name="Trial Coalition for Mental Health",
        slug="trial",
        owner_email="owner@trial.example",
        owner_name="Olive Warden",
        mail_domain="trial-coalition.example",
        postal_address=content.COALITION["postal_address"],
        country="us" if data else COUNTRY,
    )
    password = secrets.token_urlsafe(12)
    organizer.set_password(password)
    organizer.save(update_fields=["password"])
    seats = Membership.objects.current(today()).filter(post__isnull=False, chamber__jurisdiction=jurisdiction)
    areas = PostalArea.objects.filter(country=organization.country)
    return Stage(
        jurisdiction=jurisdiction,
        organization=organization,
        organizer=organizer,
        password=password,
        legislators=seats.values("legislator").distinct().count(),
        codes=sorted(areas.values_list("code", flat=True).distinct()),
    )
