"""Many workers that meet a refusal at once, on PostgreSQL."""

from datetime import timedelta

import pytest

from campaigns.delivery import domains, ledger
from campaigns.models import Breaker, Drive, Letter, OutboxMail, Throttle
from contacts import clock
from tests.factories import RoleFactory
from tests.services.test_races import all_at_once, queued_letters

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def test_eight_workers_that_are_refused_at_once_stop_a_domain_once():
    drive = queued_letters(16)
    RoleFactory(organization=drive.campaign.organization, name="organizer")
    letters = list(Letter.objects.values_list("pk", flat=True))
    all_at_once(8, lambda n: domains.note_refusals(dict.fromkeys(letters[n::8], "550 5.7.1 blocked")))
    assert Breaker.objects.get().opened_at
    drive = Drive.objects.get()
    assert (drive.state, drive.epoch) == ("paused", 1)
    assert drive.history.filter(to_state="paused").count() == 1
    assert OutboxMail.objects.filter(kind="alarm").count() == 1


def test_nothing_of_a_stopped_domain_is_claimed_and_only_the_probe_while_it_is_tried():
    queued_letters(16)
    probe = Letter.objects.order_by("?").first()
    at = probe.created_at
    Breaker.objects.create(kind="domain", name="assembly.example", opened_at=at)
    assert [len(claims) for claims in all_at_once(8, lambda n: ledger.claim(f"worker {n}", 7))] == [0] * 8
    Breaker.objects.update(probe_at=at, probe=probe)
    claims = [one.pk for some in all_at_once(8, lambda n: ledger.claim(f"again {n}", 7)) for one in some]
    assert claims == [probe.pk]


def claim_until_nothing(n):
    """All that one of several dispatchers gets, four letters at a time."""
    mine = []
    while letters := ledger.claim(f"worker {n} {len(mine)}", 4):
        mine += [letter.pk for letter in letters]
    return mine


@pytest.mark.parametrize(
    ("rates", "most"),
    [
        ({"per_office_hour": 16}, 5 * 4),  # five offices, a quarter of an hour's worth each
        ({"per_domain_hour": 23}, 24),
        ({"per_site_hour": 19}, 20),
    ],
)
def test_eight_dispatchers_together_pass_no_rate(rates, most):
    queued_letters(60)
    Drive.objects.update(**rates)
    next_hour()  # what the letters' own queueing used is over
    Letter.objects.update(window_closes=clock.now() + timedelta(days=1))
    for _ in range(2):
        claimed = [pk for mine in all_at_once(8, claim_until_nothing) for pk in mine]
        assert len(claimed) == len(set(claimed)) == most
        next_hour()


def next_hour():
    at = clock.now()
    clock.move(timedelta(hours=1, minutes=1) - (at - at.replace(minute=0)))


def test_eight_dispatchers_hold_no_more_windows_of_a_domain_than_allowed(settings):
    settings.SMTP_WINDOWS_PER_DOMAIN = 2
    queued_letters(60)
    windows = [len(claims) for claims in all_at_once(8, lambda n: ledger.claim(f"worker {n}", 4))]
    assert sorted(windows) == [0] * 6 + [4, 4]
    assert Throttle.objects.filter(kind="domain").count() == 1
