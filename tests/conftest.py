"""Set-up every test shares: no broker unless asked for, and the public data. `environment.py` sets the environment."""

import gc
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

IN_CI = os.environ.get("CI", "").lower() == "true"


def missing(reason: str) -> None:
    """Skip, saying why; where everything must be there (CI) it is a failure."""
    if IN_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def pytest_configure(config):
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ALLOWED_HOSTS = ["*"]
    settings.PAGE_VIEWS_EVERY = 0
    # Files are looked for when one is asked for, not listed anew for each test's client: it took a tenth of the suite.
    settings.WHITENOISE_AUTOREFRESH = True

    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        # A file, as in real life: in memory, the threads of a live server would share one connection.
        database.setdefault("TEST", {})["NAME"] = str(settings.DATA_DIR / "test.sqlite3")
        empty_measures_first()
        # What tests write need not survive a power cut.
        options = database["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")


def empty_measures_first():
    """Tests with real transactions end by emptying every table: what was recorded of measures goes only after them."""
    from django.db.backends.sqlite3.operations import DatabaseOperations

    plain = DatabaseOperations.sql_flush

    def sql_flush(self, *args, **kwargs):
        return sorted(plain(self, *args, **kwargs), key=lambda line: 'policy_measure"' not in line)

    DatabaseOperations.sql_flush = sql_flush


def is_grown() -> bool:
    """Whether this run is on PostgreSQL and Redis (make test-services)."""
    from django.conf import settings

    return "postgresql" in settings.DATABASES["default"]["ENGINE"] and bool(settings.REDIS_URL)


# pytest-django lets a test reach the database only by its marker or one of these.
DATABASE = {"db", "transactional_db", "live_server", "django_db_reset_sequences"}


def pytest_collection_modifyitems(config, items):
    """What shows the same on every database is run by `make test` alone, not by `make test-services`."""
    if not is_grown():
        return
    again, once = [], []
    for item in items:
        asks = item.get_closest_marker("django_db") or DATABASE & set(item.fixturenames)
        same = not asks or item.get_closest_marker("one_database")
        (once if same and not item.get_closest_marker("services") else again).append(item)
    items[:] = again
    config.hook.pytest_deselected(items=once)


def pytest_collection_finish():
    """The program and the tests stay to the end: the garbage collector need not look through them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_runtest_setup(item):
    if item.get_closest_marker("services") and not is_grown():
        missing("needs PostgreSQL and Redis: run make test-services")


def pytest_runtest_logreport(report):
    """In CI a failure is printed when it happens: a run that is ended from outside never reaches its summary."""
    if IN_CI and report.failed and "PYTEST_XDIST_WORKER" not in os.environ:
        print(
            f"\nFAILED {report.nodeid} ({report.when})\n{report.longreprtext}",
            file=sys.__stderr__,
            flush=True,
        )


@pytest.fixture(scope="session")
def public_data() -> Path:
    """The folder with the published legislators and districts (see README)."""
    folder = os.environ.get("OUTSPOKEN_PUBLIC_DATA", "")
    if not folder or not Path(folder).is_dir():
        missing("OUTSPOKEN_PUBLIC_DATA does not name the folder with the public data")
    return Path(folder)


@pytest.fixture(scope="session", autouse=True)
def tasks_run_at_once():
    """A task runs where it is called; tests of real workers start processes of their own."""
    from config.celery import app

    app.conf.task_always_eager = True


@pytest.fixture(autouse=True)
def slow_pages(monkeypatch):
    """On a slow machine, too, pages say what is there now."""
    monkeypatch.setattr("campaigns.findings.all.SLOW_SECONDS", 3600)


@pytest.fixture(autouse=True)
def english_again():
    """A request leaves the language of its reader behind."""
    from django.utils import translation

    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def clean_cache():
    from django.core.cache import caches

    from campaigns import page_views
    from contacts import lookups

    for name in ("default", "pages"):
        caches[name].clear()
    page_views.forget()
    lookups.forget()


@pytest.fixture(autouse=True)
def clock_stands(request):
    """Tests with real transactions end by emptying every table; the one rows of the clock and of the switch come
    from migrations."""
    if is_real(request):
        from campaigns.models import Sending
        from contacts.models import Clock

        request.getfixturevalue("transactional_db")
        Clock.objects.get_or_create(pk=1)
        Sending.objects.get_or_create(pk=1)


def is_real(request):
    """Whether a test's transactions are real ones."""
    marker = request.node.get_closest_marker("django_db")
    named = {"transactional_db", "live_server"} & set(request.fixturenames)
    return bool(named or (marker and marker.kwargs.get("transaction")))


@pytest.fixture(autouse=True)
def hour_to_spare(request, clock_stands):
    """Whoever begins as an hour ends, or a day, begins in the next one: a test that fell into two would count in two."""
    at = datetime.now(UTC)
    left = timedelta(hours=1) - timedelta(minutes=at.minute, seconds=at.second)
    asks = request.node.get_closest_marker("django_db") or DATABASE & set(request.fixturenames)
    if asks and left <= timedelta(seconds=30):
        from contacts import clock

        request.getfixturevalue("transactional_db" if is_real(request) else "db")
        clock.move(left)
