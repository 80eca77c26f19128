"""Set-up every test shares: a data folder of its own, no real broker unless asked for, and the public data."""

import os
import tempfile
from pathlib import Path

# Before Django reads its settings: each test process has its own data folder.
os.environ.setdefault("OUTSPOKEN_DATA_DIR", tempfile.mkdtemp(prefix="outspoken-test-"))
os.environ.setdefault("SITE_URL", "http://testserver")

import pytest

IN_CI = os.environ.get("CI", "").lower() == "true"


def missing(reason: str) -> None:
    """Skip, saying why; where everything must be there (CI) it is a failure."""
    if IN_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def public_data() -> Path:
    """The folder with the published legislators and districts (see README)."""
    folder = os.environ.get("OUTSPOKEN_PUBLIC_DATA", "")
    if not folder or not Path(folder).is_dir():
        missing("OUTSPOKEN_PUBLIC_DATA does not name the folder with the public data")
    return Path(folder)


@pytest.fixture(autouse=True)
def settings_for_tests(settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ALLOWED_HOSTS = ["*"]


@pytest.fixture(autouse=True)
def clean_cache():
    from django.core.cache import cache

    cache.clear()
    yield


def pytest_collection_modifyitems(config, items):
    from django.conf import settings as django_settings

    grown = "postgresql" in django_settings.DATABASES["default"]["ENGINE"] and django_settings.REDIS_URL
    for item in items:
        if item.get_closest_marker("services") and not grown:
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL and Redis: run make test-services"))
