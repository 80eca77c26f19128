"""The worlds that the benches make in the database's own words have a row for each that was asked for, as models have it."""

import pytest
from django.db import connection

from bench.big_world import BigWorld
from bench.dashboard_world import DashboardWorld
from campaigns.models import Letter, Pledge, PledgeState
from campaigns.reports import campaign_numbers
from policy.models import Measure

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def test_the_world_of_the_dashboards_is_counted_as_it_was_made():
    world = DashboardWorld(pledges=120, letters=100, measures=8)
    assert (Pledge.objects.count(), Letter.objects.count()) == (120, 100)
    assert Measure.objects.filter(campaigns=None).count() == 8
    confirmed = Pledge.objects.filter(state=PledgeState.CONFIRMED).count()
    assert campaign_numbers(world.campaign).people == confirmed == 114


def test_the_world_of_a_long_drive_has_a_pledge_for_each_letter():
    BigWorld(letters=50)
    assert Pledge.objects.filter(state=PledgeState.CONFIRMED, supporter__isnull=False).count() == 50
    connection.check_constraints()
