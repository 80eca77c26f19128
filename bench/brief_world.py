"""A campaign to all of the US Congress, in an Outspoken of its own: published members, invented supporters."""

import os
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

PEOPLE = 8_000
TOWNS = ("Harborview", "Old Quay", "Millbrook", "Cedar Falls", "Stonebridge", "Ferry Landing")
FIRST_NAMES = (
    "Ada",
    "Bo",
    "Carmen",
    "Dev",
    "Ines",
    "Jonah",
    "Leila",
    "Marcus",
    "Noor",
    "Priya",
    "Tomás",
    "Wen",
)
WORDS = (
    "I waited nine weeks for a first appointment. By then I had lost the job I was trying to keep.",
    "My son was sent home from the emergency room with a leaflet and a number that rang out.",
    "As a school nurse I hold the waiting list in my hands. I know the names that are on it since last winter.",
    "We drove ninety miles for a first talk, twice a month, until the car gave up before we did.",
    "After two weeks of help I was back at work. Two weeks. The wait before it was four months.",
    "My insurer's list had twenty therapists. Three answered, none took new patients before spring.",
    "Nobody would ask a person with a broken leg to call again in March.",
    "I am a sheriff's deputy. Most nights I drive people to a place that has no bed for them.",
)


def set_up(folder: Path) -> None:
    """Django with the settings of a fresh installation in `folder`. Once in a process."""
    os.environ.update(
        OUTSPOKEN_ENV="embedded",
        OUTSPOKEN_DATA_DIR=str(folder),
        DJANGO_SETTINGS_MODULE="config.settings",
        LOG_LEVEL="ERROR",
        SITE_URL="https://outspoken.example",
    )
    import django

    django.setup()


def congress(data: Path) -> Any:
    """An open campaign to every member in office, with people in every district; the same each time."""
    from django.core.management import call_command

    from campaigns.models import Campaign
    from contacts.models import Clock

    call_command("migrate", verbosity=0)
    Clock.objects.get_or_create(pk=1)
    if found := Campaign.objects.select_related("organization", "issue", "measure__jurisdiction").first():
        return found
    call_command("import_legislators", "us-congress", str(data / "us-congress"), verbosity=0)
    return _campaign()


def _campaign() -> Any:
    from contacts.clock import now
    from contacts.models import Chamber, Division, Jurisdiction, Membership
    from tests import factories as make

    organization = make.OrganizationFactory(
        name="Coalition for Timely Care",
        slug="timely-care",
        website="https://timely-care.example.org",
        email="policy@timely-care.example.org",
        postal_address="12 Quay Street\nHarborview",
        country="us",
    )
    issue = make.IssueFactory(
        organization=organization,
        title="Waiting for mental health care",
        slug="waiting",
        summary="People wait weeks for a first appointment. Two weeks are within reach, and every week counts.",
        body=BODY,
    )
    congress = Jurisdiction.objects.get(chambers__code="lower", level="national")
    measure = make.MeasureFactory(
        issue=issue,
        jurisdiction=congress,
        identifier="H.R. 9001",
        title="Timely Mental Health Care Act",
        summary=(
            "The bill sets a longest wait of **14 days** for a first appointment in plans that federal law covers.\n\n"
            "- A first appointment within 14 days, by phone or in person\n"
            "- A register of waiting times, published each quarter\n"
            "- One number to call when no appointment is to be had"
        ),
        reasons="A short wait is the cheapest treatment there is: people who are seen early need less of everything.",
        vote_on=date(2026, 12, 9),
    )
    for kind, on, note in (
        ("introduced", date(2026, 1, 14), ""),
        ("referred", date(2026, 1, 15), "Energy and Commerce"),
        ("heard", date(2026, 5, 6), "Witnesses from six states"),
    ):
        make.MeasureEventFactory(
            measure=measure, kind=kind, on=on, note=note, source_url="https://record.example/hr9001"
        )
    nation = Division.objects.get(ocd_id="ocd-division/country:us")
    waits = "of adults wait more than six weeks for a first appointment"
    for position, (claim, figure, unit, place, title) in enumerate(EVIDENCE):
        make.EvidenceFactory(
            issue=issue,
            claim=claim or waits,
            figure=figure,
            unit=unit,
            division=Division.objects.get(ocd_id=f"ocd-division/country:us/state:{place}") if place else None,
            source_title=title,
            source_url=f"https://stats.example/{title.split()[1]}",
            published_on=date(2026, 3, 1),
            retrieved_on=date(2026, 10, 2),
            position=position,
        )
    make.ResourceFactory(
        organization=organization,
        name="Listening Line",
        phone="000 555 0142",
        description="Free and confidential, for whoever needs to talk.",
        hours="Day and night",
        languages="English, Spanish",
        division=nation,
    )
    campaign = make.CampaignFactory(
        organization=organization,
        issue=issue,
        measure=measure,
        slug="fourteen-days",
        title="Nobody should wait longer than two weeks for help",
        ask="Vote for the Timely Mental Health Care Act and bring it to the floor before the recess.",
        why="A wait of weeks turns a problem into a crisis.",
        goal=10_000,
    )
    group = make.TargetGroupFactory(campaign=campaign, name="Both chambers")
    for code in ("lower", "upper"):
        make.TargetRuleFactory(group=group, chamber=Chamber.objects.get(jurisdiction=congress, code=code))
    seats = list(
        Membership.objects.filter(post__chamber__jurisdiction=congress, end_on__isnull=True)
        .select_related("post__division", "post__chamber", "legislator")
        .order_by("post__division__ocd_id", "post__seat", "pk")
    )
    _positions(measure, seats)
    _series(issue)
    _people(campaign, seats, now())
    return campaign


def _positions(measure: Any, seats: list[Any]) -> None:
    from tests import factories as make

    chance = random.Random(7)
    for seat in seats:
        for day in sorted(chance.sample(range(200), chance.choice((0, 0, 1, 1, 2)))):
            make.StanceFactory(
                measure=measure,
                legislator=seat.legislator,
                level=chance.choice((1, 2, 3, 3, 4, 4, 5)),
                on=date(2026, 3, 1) + timedelta(days=day),
                evidence=chance.choice(
                    ("Said so at a hearing.", "Wrote so to a constituent.", "Answered our survey.")
                ),
            )


def _series(issue: Any) -> None:
    """Invented waiting days of every state but three, in two years."""
    from decimal import Decimal

    from contacts.models import Division
    from tests import factories as make

    indicator = make.IndicatorFactory(
        organization=issue.organization,
        issue=issue,
        key="waiting-days",
        name="Median days until a first appointment",
        target=Decimal(14),
        target_source="Invented care plan 2030",
    )
    chance = random.Random(13)
    states = Division.objects.filter(ocd_id__regex=r"^ocd-division/country:us/(state|district):[a-z]+$")
    for number, state in enumerate(states.order_by("ocd_id")):
        before = chance.randrange(11, 48)
        for period, days in (("2025", before + chance.randrange(-4, 9)), ("2024", before)):
            if number % 17 != 5:
                make.IndicatorValueFactory(
                    indicator=indicator, division=state, period=period, value=Decimal(days),
                    source="Invented register of waiting times", source_url="https://stats.example/register",
                )  # fmt: skip


def _people(campaign: Any, seats: list[Any], at: Any) -> None:
    """Supporters in every district, more in some; a fifth say why, and half of those may be quoted."""
    from campaigns.models import Pledge, PledgeChange
    from contacts.models import Consent, Residence, Supporter

    chance = random.Random(11)
    districts = [seat.post.division for seat in seats if seat.post.chamber.code == "lower"]
    supporters, homes, pledges, consents = [], [], [], []
    for n in range(PEOPLE):
        district = districts[int(len(districts) * chance.random() ** 1.4)]
        name = f"{chance.choice(FIRST_NAMES)} Example"
        supporter = Supporter(
            organization=campaign.organization,
            name=name,
            email=f"p{n}@people.example",
            canonical_email=f"p{n}@people.example",
            created_at=at,
        )
        town = TOWNS[int(len(TOWNS) * chance.random() ** 1.6)]
        signed = at - timedelta(minutes=chance.randrange(60 * 24 * 40))
        supporters.append(supporter)
        homes.append(Residence(supporter=supporter, division=district, method="postal code", matched_at=at))
        comment = chance.choice(WORDS) if n % 5 == 0 else ""
        pledges.append(
            Pledge(
                campaign=campaign,
                supporter=supporter,
                state="confirmed",
                name=name,
                email=supporter.email,
                canonical_email=supporter.email,
                city=town,
                postal_code=f"{10000 + n % 80000}",
                country="us",
                comment=comment,
                send_untouched=True,
                signed_at=signed,
                confirmed_at=signed,
                expires_at=signed + timedelta(days=7),
            )
        )
        if n % 10 == 0:
            consents.append(
                Consent(
                    supporter=supporter, purpose="story", given=True, text="You may.", text_version="1",
                    language="en", source="page", at=signed,
                )
            )  # fmt: skip
    Supporter.objects.bulk_create(supporters, batch_size=500)
    Residence.objects.bulk_create(homes, batch_size=500)
    Pledge.objects.bulk_create(pledges, batch_size=500)
    Consent.objects.bulk_create(consents, batch_size=500)
    PledgeChange.objects.bulk_create(
        [
            PledgeChange(pledge=one, from_state="pending", to_state="confirmed", at=one.confirmed_at)
            for one in pledges
        ],
        batch_size=500,
    )


EVIDENCE = (
    ("of adults with a mental illness got no treatment last year", "54", "%", "", "Invented survey of care"),
    ("to the first appointment, at the median", "41", "days", "", "Invented register of waiting times"),
    ("of crisis visits end without a follow-up", "38", "%", "", "Invented discharge data"),
    ("", "31", "%", "", "Invented register of waiting times"),
    ("", "44", "%", "tx", "Invented register of waiting times"),
    ("", "39", "%", "ca", "Invented register of waiting times"),
    ("", "36", "%", "oh", "Invented register of waiting times"),
    ("", "22", "%", "vt", "Invented register of waiting times"),
)
BODY = """Most people get better with help, and most wait too long for it.

## Why two weeks

Who asks for help has usually waited for months before asking. Within two weeks most still come;
after six, one in three does not.

## What it costs

Registers, call centres and evening hours cost money once. Crisis care costs it every night.
"""
