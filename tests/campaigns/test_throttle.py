"""Rates hold at the moment of the claim, whatever piled up before it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.delivery import dispatcher, ledger, planning, throttle
from campaigns.models import Letter, Throttle
from contacts import clock
from contacts.clock import now
from tests.factories import DriveFactory, LetterFactory, reachable

pytestmark = pytest.mark.django_db


def piled_up(count, *, drive=None, email="office@assembly.example", **fields):
    """Letters that were queued one by one while nothing could leave."""
    drive = drive or DriveFactory()
    post = reachable(email=email)
    letters = [
        LetterFactory(drive=drive, post=post, recipient=email, domain=email.partition("@")[2], **fields)
        for _ in range(count)
    ]
    at = now()
    Letter.objects.filter(pk__in=[letter.pk for letter in letters]).update(
        queued_at=at, window_closes=drive.ends_at, legislator=post.memberships.get().legislator
    )
    for letter in letters:
        Letter.objects.filter(pk=letter.pk).update(
            state="queued", message_id=f"<{letter.pk}@harbour.example>"
        )
    return letters


def claimed(limit=100):
    return len(ledger.claim(ledger.new_ticket(), limit))


def in_an_hour(step=timedelta(minutes=3)):
    """Letters claimed in an hour by a dispatcher that comes every few minutes."""
    found = 0
    for _ in range(timedelta(hours=1) // step):
        found += claimed()
        clock.move(step)
    return found


def test_what_piled_up_for_an_office_leaves_at_its_rate_and_not_in_a_burst():
    piled_up(60, drive=DriveFactory(per_office_hour=20))
    assert claimed() == 5  # a quarter of an hour's worth
    assert claimed() == 0
    clock.move(timedelta(minutes=3))
    assert claimed() == 1
    assert in_an_hour() in {19, 20}


def test_an_office_that_has_had_its_share_holds_up_no_other():
    drive = DriveFactory(per_office_hour=8)
    piled_up(10, drive=drive), piled_up(10, drive=drive, email="office@senate.example")
    assert claimed(4) == 3 and claimed(4) == 3  # three of the first, then three of the second
    assert claimed(100) == 0
    assert dict(Throttle.objects.filter(kind="office").values_list("name", "kind")).keys() == {
        "office@assembly.example",
        "office@senate.example",
    }


def test_a_domain_and_the_site_get_what_a_clock_hour_allows():
    start_an_hour()
    drive = DriveFactory(per_domain_hour=6, per_site_hour=9)
    for n in range(5):
        piled_up(2, drive=drive, email=f"office{n}@assembly.example")
        piled_up(4, drive=drive, email=f"office{n}@senate.example")
    assert (
        claimed() == 10 and claimed() == 0
    )  # one more, for those planned for the last seconds of the hour before
    assert left_for("assembly.example") <= 7 and left_for("senate.example") <= 7
    clock.move(timedelta(minutes=50))
    assert claimed() == 0
    clock.move(timedelta(minutes=10))
    assert claimed() == 10


def start_an_hour():
    at = now()
    clock.move(timedelta(hours=1, minutes=1) - (at - at.replace(minute=0)))


def left_for(domain):
    return Letter.objects.filter(state="claimed", domain=domain).count()


def test_a_domain_that_has_had_its_share_holds_up_no_other():
    start_an_hour()
    drive = DriveFactory(per_domain_hour=6)
    for n in range(5):
        piled_up(2, drive=drive, email=f"office{n}@assembly.example")
    piled_up(2, drive=drive, email="office@senate.example")
    assert claimed() == 9 and left_for("assembly.example") == 7


def test_two_drives_share_what_an_office_gets_each_at_its_own_rate():
    piled_up(20, drive=DriveFactory(per_office_hour=20)), piled_up(20, drive=DriveFactory(per_office_hour=20))
    assert claimed() == 5
    assert in_an_hour() in {19, 20}


def test_the_operators_ceiling_holds_for_every_drive_and_for_the_plan(settings):
    settings.THROTTLE_OFFICE_HOUR, settings.THROTTLE_SITE_HOUR = 16, 30
    drive = DriveFactory(per_office_hour=1000, per_site_hour=20)
    assert planning.rates_of(drive).per_office_per_hour == 16
    assert planning.rates_of(drive).per_site_per_hour == 20
    piled_up(10, drive=drive)
    assert claimed() == 4


def test_test_letters_count_for_nothing_and_wait_for_nobody():
    drive = DriveFactory(per_office_hour=8)
    piled_up(6, drive=drive, is_test=True)
    assert claimed() == 6 and not Throttle.objects.exists()
    piled_up(5, drive=drive, email="other@assembly.example")
    assert claimed() == 3
    Throttle.objects.filter(kind="site").update(busy_until=now() + timedelta(hours=1))
    piled_up(2, drive=drive, email="third@assembly.example", is_test=True)
    assert claimed() == 2


def test_rates_beyond_any_machine_cost_no_row():
    piled_up(3, drive=DriveFactory(per_office_hour=10**6, per_domain_hour=10**6, per_site_hour=10**6))
    assert claimed() == 3 and not Throttle.objects.exists()


def test_no_more_windows_than_allowed_hold_letters_of_one_domain(settings):
    settings.SMTP_WINDOWS_PER_DOMAIN = 2
    drive = DriveFactory(per_domain_hour=10**6)
    piled_up(9, drive=drive)
    assert claimed(3) == 3 and claimed(3) == 3 and claimed(3) == 0
    piled_up(2, drive=drive, email="office@senate.example")
    assert claimed(3) == 2
    Letter.objects.filter(state="claimed", domain="assembly.example").update(
        state="queued", lease_until=None, lease_owner=""
    )
    assert claimed(3) == 3


def test_no_sender_is_woken_for_letters_that_the_throttle_holds():
    piled_up(5, drive=DriveFactory(per_office_hour=4))
    assert dispatcher.prepare() == 1
    assert claimed() == 3
    Letter.objects.filter(state="claimed").update(
        state="sent", sent_at=now(), lease_until=None, lease_owner=""
    )
    assert dispatcher.prepare() == 0


def test_a_claim_costs_the_same_statements_for_one_letter_and_for_fifty():
    counts = []
    for size in (1, 50):
        piled_up(size, drive=DriveFactory(), email=f"office{size}@assembly.example")
        piled_up(1, drive=DriveFactory(), email=f"first{size}@assembly.example")  # so that its keys exist
        claimed(1)
        with CaptureQueriesContext(connection) as queries:
            claimed(size)
        throttled = [
            q for q in queries if Throttle._meta.db_table in q["sql"] and "campaigns_letter" not in q["sql"]
        ]
        counts.append(len(throttled))
    assert throttle.NO_LIMIT and counts[0] <= 4 and counts[1] <= 4
