"""Redis is killed and comes back empty in the middle of a drive: only time is lost."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection

from campaigns.models import Letter
from scripts.services import Redis
from tests.factories import DriveFactory, LetterFactory, LetterVersionFactory, reachable

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).parents[2]
LETTERS = 150


def wait_until(true, seconds):
    for _ in range(int(seconds * 5)):
        if true():
            return True
        time.sleep(0.2)
    return False


@pytest.fixture
def slow_sink(sink):
    accept = sink.handle_DATA

    async def slowly(server, session, envelope):
        await asyncio.sleep(0.03)
        return await accept(server, session, envelope)

    sink.handle_DATA = slowly
    return sink


def test_a_drive_survives_the_loss_of_redis(slow_sink, settings, tmp_path):
    # At this rate the plan spreads the letters over ten seconds: the loss falls into the middle of them.
    drive = DriveFactory(per_office_hour=10_000)
    version = LetterVersionFactory(group__campaign=drive.campaign)
    posts = [reachable(email=f"office{n}@assembly.example") for n in range(5)]
    for n in range(LETTERS):
        LetterFactory(drive=drive, post=posts[n % 5], version=version)
    redis = Redis(tmp_path)
    redis.start()
    database = connection.settings_dict
    env = {
        **os.environ,
        "DATABASE_URL": f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{database['NAME']}",
        "REDIS_URL": redis.url,
        "EMAIL_URL": f"smtp://127.0.0.1:{settings.EMAIL_PORT}",
        "OUTSPOKEN_DATA_DIR": str(tmp_path),
        "TICK_SECONDS": "0.5",
        "LOG_LEVEL": "ERROR",
    }
    celery = [sys.executable, "-m", "celery", "-A", "config"]
    log = (tmp_path / "celery.log").open("wb")
    running = [
        subprocess.Popen(
            [*celery, *command], cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True
        )
        for command in (
            ["worker", "-c", "2", "-n", "one@%h", "--without-mingle"],
            ["worker", "-c", "2", "-n", "two@%h", "--without-mingle"],
            ["beat", "--pidfile=", "-s", str(tmp_path / "beat")],
        )
    ]
    try:
        assert wait_until(lambda: len(slow_sink.mails()) >= 20, 60), (tmp_path / "celery.log").read_text()[
            -2000:
        ]
        redis.stop(signal.SIGKILL)
        time.sleep(2)
        redis.start()
        done = wait_until(lambda: Letter.objects.filter(state="sent").count() == LETTERS, 120)
        assert done, Counter(Letter.objects.values_list("state", flat=True))
    finally:
        for process in running:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        redis.stop()
    received = Counter(mail.message["Message-ID"] for mail in slow_sink.mails())
    assert len(received) == LETTERS and set(received.values()) == {1}
