"""The environment of the tests, set before anything reads the settings (pytest loads this first: see `addopts`).

pytest-django reads the settings before any conftest.py, so it can't be done there.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

# Before Django reads its settings: nothing of a developer's own installation may reach the tests, or they it.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
if "OUTSPOKEN_TEST_FOLDER" not in os.environ:
    os.environ["OUTSPOKEN_TEST_FOLDER"] = tempfile.mkdtemp(prefix="outspoken-test-")
    atexit.register(shutil.rmtree, os.environ["OUTSPOKEN_TEST_FOLDER"], ignore_errors=True)
os.environ["OUTSPOKEN_DATA_DIR"] = str(Path(os.environ["OUTSPOKEN_TEST_FOLDER"]) / _worker)
os.environ["OUTSPOKEN_ENV"] = "embedded"
os.environ["KEPT_SECONDS"] = "0"  # what a test changes shows at once
os.environ["SITE_URL"] = "http://testserver"
for _name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
    os.environ.setdefault(_name, "")
if os.environ["REDIS_URL"]:
    # Each test process empties its own cache before each test: two databases of Redis a process.
    _database = 2 * int(_worker.removeprefix("gw"))
    _redis = urlsplit(os.environ["REDIS_URL"])
    os.environ["REDIS_URL"] = _redis._replace(path=f"/{_database}").geturl()
    os.environ["CACHE_URL"] = _redis._replace(path=f"/{_database + 1}").geturl()
