"""Starting: what production refuses, what embedded makes for itself."""

import os
import stat
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCTION = {
    "OUTSPOKEN_ENV": "production",
    "SECRET_KEY": "k3" * 40 + "-" + "abcdefghijklmnop",
    "DATABASE_URL": "postgres://outspoken@127.0.0.1/outspoken",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "ALLOWED_HOSTS": "campaigns.example.org",
    "SITE_URL": "https://campaigns.example.org",
    "EMAIL_URL": "smtp://relay.example.org:25",
    "DEFAULT_FROM_EMAIL": "no-reply@example.org",
}


def manage(*arguments, tmp_path, **env):
    clean = {k: v for k, v in os.environ.items() if k not in PRODUCTION and k != "OUTSPOKEN_DATA_DIR"}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**clean, "OUTSPOKEN_DATA_DIR": str(tmp_path), **env},
        capture_output=True,
        text=True,
    )


def test_the_deployment_check_is_silent_on_production_settings(tmp_path):
    checked = manage("check", "--deploy", "--fail-level", "WARNING", tmp_path=tmp_path, **PRODUCTION)
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_production_names_everything_that_is_missing(tmp_path):
    refused = manage("check", tmp_path=tmp_path, OUTSPOKEN_ENV="production")
    assert refused.returncode != 0
    for name in ("SECRET_KEY", "DATABASE_URL", "ALLOWED_HOSTS"):
        assert name in refused.stderr.splitlines()[-1]


def test_embedded_makes_its_own_key_once_and_keeps_it_to_itself(tmp_path):
    for _ in range(2):
        assert manage("check", tmp_path=tmp_path).returncode == 0
    key = tmp_path / "secret-key"
    assert len(key.read_text()) > 50
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
