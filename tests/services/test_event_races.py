"""Fifty people at one door: places are never given twice, with everybody at once, on PostgreSQL and on SQLite."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from campaigns.actions.registrations import Registering, cancel, confirm, register
from campaigns.delivery import seats
from campaigns.models import Registration, RegistrationState
from tests.factories import EventFactory

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
PEOPLE, PLACES = 50, 20


def all_at_once(act, things):
    """Do something with each of `things`, all of them at the same moment."""
    start = threading.Barrier(len(things))

    def one(thing):
        try:
            start.wait(30)
            return act(thing)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(things)) as pool:
        return list(pool.map(one, things))


def is_counted_right(event):
    event.refresh_from_db()
    return event.taken == event.registrations.with_place().count() <= event.capacity


def states(event):
    return [event.registrations.filter(state=state).count() for state in ("held", "asked")]


def test_fifty_who_register_at_once_get_as_many_places_as_there_are():
    event = EventFactory(capacity=PLACES)
    people = [Registering(name=f"Guest {n}", email=f"guest{n}@people.example") for n in range(PEOPLE)]
    all_at_once(lambda person: register(event=event, person=person), people)
    assert states(event) == [PLACES, PEOPLE - PLACES]
    assert is_counted_right(event)


def test_one_address_sent_fifty_times_at_once_holds_one_place():
    event = EventFactory(capacity=PLACES)
    person = Registering(name="Ada", email="ada@people.example")
    all_at_once(lambda _n: register(event=event, person=person), range(PEOPLE))
    assert event.registrations.count() == 1
    assert is_counted_right(event) and event.taken == 1


def test_confirming_cancelling_and_passing_on_at_once_loses_no_place_and_gives_none_twice():
    event = EventFactory(capacity=PLACES)
    for n in range(PEOPLE):
        register(event=event, person=Registering(name=f"Guest {n}", email=f"guest{n}@people.example"))
    all_at_once(lambda one: confirm(registration=one), list(event.registrations.all()))
    assert event.registrations.filter(state="waiting").count() == PEOPLE - PLACES
    with_place = list(event.registrations.filter(state="confirmed"))
    assert len(with_place) == PLACES
    all_at_once(lambda one: cancel(registration=one), with_place)
    offered = event.registrations.filter(state="offered")
    assert offered.count() == PLACES and is_counted_right(event)
    first = Registration.objects.filter(event=event, queued_at__isnull=False).order_by("queued_at", "pk")
    assert {one.pk for one in offered} == {one.pk for one in first[:PLACES]}
    # Each takes their place, while the deadline is looked after again and again.
    all_at_once(
        lambda one: seats.release_due() if one is None else confirm(registration=one), [*offered, None, None]
    )
    assert event.registrations.filter(state=RegistrationState.CONFIRMED).count() == PLACES
    assert is_counted_right(event)
