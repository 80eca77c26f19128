"""What watchers ask: does the process answer, can it do its work."""

from datetime import timedelta

import pytest

from campaigns.models import Heartbeat
from config.celery import app
from contacts.clock import now

pytestmark = pytest.mark.django_db


def test_the_process_answers_without_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get("/healthz")
    assert page.json() == {"status": "ok"}
    assert "no-store" in page["Cache-Control"]


def test_ready_when_a_tick_came_lately(client):
    Heartbeat.objects.update_or_create(name="tick", defaults={"beaten_at": now()})
    page = client.get("/readyz")
    assert page.status_code == 200
    assert page.json() == {"status": "ok", "database": "ok", "broker": "ok", "beat": "ok", "sending": "ok"}


@pytest.mark.parametrize("age", [None, timedelta(minutes=3)])
def test_not_ready_when_no_tick_came(client, age):
    Heartbeat.objects.all().delete()
    if age:
        Heartbeat.objects.create(name="tick", beaten_at=now() - age)
    page = client.get("/readyz")
    assert page.status_code == 503
    assert page.json()["beat"] == "no tick for two minutes"


def test_not_ready_when_the_broker_is_gone(client, monkeypatch):
    Heartbeat.objects.update_or_create(name="tick", defaults={"beaten_at": now()})

    def gone(*args, **kwargs):
        raise OSError("no broker")

    monkeypatch.setattr(type(app), "connection_for_write", gone)
    page = client.get("/readyz")
    assert page.status_code == 503
    assert page.json()["broker"] == "unreachable"


def test_health_is_asked_not_told(client):
    assert client.post("/healthz").status_code == 405
