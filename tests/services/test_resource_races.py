"""The directory of help under many hands: what somebody does while a file is taken in stays done."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from contacts import clock
from policy.actions.resource_imports import import_resources, read_resources
from policy.actions.resources import save_resource, verify_resource
from tests.config.processes import until
from tests.factories import ResourceFactory, UserFactory
from tests.services.waiting import somebody_waits

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def test_what_is_taken_off_the_pages_or_verified_during_an_import_stays_so():
    row = ResourceFactory(name="Night Line", phone="000 111", verified_on=None)
    table = b"kind,name,phone,verified_on\nhelpline,Night Line,000 222,2026-01-02\n"
    found = read_resources("csv", table, "help.csv", clock.today())

    def take_in():
        try:
            return import_resources(organization=row.organization, found=found, actor=None)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            row.is_listed = False
            save_resource(resource=row, actor=None)
            verify_resource(resource=row, actor=UserFactory())
            importing = pool.submit(take_in)
            until(somebody_waits)
        importing.result(20)
    row.refresh_from_db()
    assert (row.phone, row.is_listed, row.verified_on) == ("000 222", False, clock.today())


def test_two_files_at_once_add_a_new_helpline_once():
    organization = ResourceFactory().organization
    found = read_resources("csv", b"kind,name,phone\nhelpline,Day Line,000 333\n", "a.csv", clock.today())
    start = threading.Barrier(2)

    def take_in(_n):
        try:
            start.wait(20)
            return import_resources(organization=organization, found=found, actor=None)[1].created
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take_in, range(2))) == [0, 1]
    assert organization.resources.filter(name="Day Line").count() == 1
