"""Many workers that meet a refusal at once, on PostgreSQL."""

import pytest

from campaigns.delivery import domains, ledger
from campaigns.models import Breaker, Drive, Letter, OutboxMail
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
