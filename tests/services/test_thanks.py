"""Thanks under many hands: pressed twice at once, owed and sent by two processes, one of them killed."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from campaigns.actions.campaigns import open_campaign
from campaigns.actions.outcomes import publish_outcome, thank_people, write_outcome
from campaigns.errors import ActionRefused
from campaigns.models import Campaign, OutboxMail, Outcome, Pledge
from contacts import clock
from contacts.models import Consent, Job
from tests import factories as make
from tests.config.processes import until
from tests.services.test_races import all_at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).parents[2]
PEOPLE = 240
# A worker without Celery around it: owes what is to be owed, sends what is due, until it is ended.
WORKER = """
import django
django.setup()
from campaigns.delivery import outbox
from campaigns.jobs import engine, steps, thanks
thanks._PORTION = 10
while True:
    for job in engine.waiting_jobs():
        steps.work(job, seconds=0.05)
    outbox.send_due(limit=5)
"""


@pytest.fixture
def slow_sink(sink):
    accept = sink.handle_DATA

    async def slowly(server, session, envelope):
        answer = await accept(server, session, envelope)
        await asyncio.sleep(0.02)
        return answer

    sink.handle_DATA = slowly
    return sink


def worker(port):
    database = connection.settings_dict
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{database['NAME']}",
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "LOG_LEVEL": "ERROR",
    }
    return subprocess.Popen([sys.executable, "-c", WORKER], cwd=ROOT, env=env, start_new_session=True)


def people(campaign):
    """Some who want mail and some who don't; gives the addresses of those who do."""
    wanting = []
    for n in range(PEOPLE):
        pledge = make.PledgeFactory(campaign=campaign)
        Consent.objects.create(
            supporter=pledge.supporter, purpose="contact", given=n % 4 != 0, text_version="1", at=clock.now()
        )
        if n % 4:
            wanting.append(pledge.email)
    return sorted(wanting)


def test_two_processes_thank_exactly_those_who_acted_once_though_one_is_killed(slow_sink, settings):
    campaign = make.CampaignFactory(state="closed", closed_at=clock.now())
    wanting = people(campaign)
    actor = make.RoleFactory(organization=campaign.organization).user
    outcome = write_outcome(campaign=campaign, actor=actor, result="won", headline="Won", on=clock.today())
    publish_outcome(outcome=outcome, actor=actor)
    clock.move(timedelta(minutes=1))
    make.PledgeFactory(campaign=campaign)

    def press(_n):
        return thank_people(outcome=Outcome.objects.get(), actor=actor)

    pressed = all_at_once(4, press)
    assert sum(isinstance(one, ActionRefused) for one in pressed) == 3 and Job.objects.count() == 1
    running = [worker(settings.EMAIL_PORT) for _ in range(2)]
    try:
        until(lambda: len(slow_sink.mails()) > 20, 60)
        os.killpg(running[0].pid, signal.SIGKILL)
        running[0].wait()
        running[0] = worker(settings.EMAIL_PORT)
        time.sleep(1)
        clock.move(timedelta(minutes=10))  # what it held is free again
        waiting = OutboxMail.objects.filter(kind="thanks", state__in=["queued", "sending"])
        until(lambda: Job.objects.get().state == "done" and not waiting.exists(), 90)
    finally:
        for process in running:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    owed = sorted(OutboxMail.objects.filter(kind="thanks").values_list("pledge__email", flat=True))
    assert owed == wanting
    told = [mail.message["To"] for mail in slow_sink.mails()]
    got = Counter(to for to in told if to != actor.email)  # who pressed hears that it is done
    assert set(got.values()) == {1} and set(got) <= set(wanting)
    states = Counter(OutboxMail.objects.filter(kind="thanks").values_list("state", flat=True))
    assert set(states) <= {"sent", "uncertain"} and states["uncertain"] <= 2
    assert states["sent"] <= len(got) <= sum(states.values())
    assert Pledge.objects.count() == PEOPLE + 1


def test_two_who_write_it_at_once_keep_one():
    campaign = make.CampaignFactory(state="closed", closed_at=clock.now())
    fields = {"actor": None, "result": "won", "on": clock.today()}
    written = all_at_once(4, lambda n: write_outcome(campaign=campaign, headline=f"Words {n}", **fields))
    assert sum(isinstance(one, ActionRefused) for one in written) == 3
    assert Outcome.objects.get().headline == next(one.headline for one in written if isinstance(one, Outcome))


def test_two_who_publish_at_once_count_people_once():
    outcome = make.OutcomeFactory(published_at=None)
    make.PledgeFactory(campaign=outcome.campaign)
    done = all_at_once(4, lambda _n: publish_outcome(outcome=outcome, actor=None))
    assert sum(isinstance(one, ActionRefused) for one in done) == 3
    outcome.refresh_from_db()
    assert outcome.people_count == 1


def test_what_is_published_while_the_campaign_is_opened_again_is_never_public_in_an_open_one(monkeypatch):
    monkeypatch.setattr("campaigns.actions.campaigns.what_is_missing", lambda _campaign: [])
    for _ in range(5):
        outcome = make.OutcomeFactory(published_at=None)

        def act(n, outcome=outcome):
            if n:
                return publish_outcome(outcome=outcome, actor=None)
            return open_campaign(campaign=Campaign.objects.get(pk=outcome.campaign_id), actor=None)

        all_at_once(2, act)
        assert not Outcome.objects.filter(published_at__isnull=False, campaign__state="open").exists()
