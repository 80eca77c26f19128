"""Starting: what production refuses, what embedded makes for itself."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

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
    # DJANGO_…: the browser journeys need it, and a deployment must not have it.
    dropped = {*PRODUCTION, "OUTSPOKEN_DATA_DIR", "DJANGO_ALLOW_ASYNC_UNSAFE"}
    clean = {k: v for k, v in os.environ.items() if k not in dropped}
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


def test_a_mail_service_stands_in_for_the_relay_and_needs_keys_of_its_own(tmp_path):
    given = {**PRODUCTION, "MAIL_PROVIDER": "postmark"}
    del given["EMAIL_URL"]
    refused = manage("check", tmp_path=tmp_path, **given)
    assert refused.returncode != 0 and "MAIL_PROVIDER_KEYS" in refused.stderr
    refused = manage("check", tmp_path=tmp_path, **given, MAIL_PROVIDER_KEYS="MAILGUN_API_KEY=x")
    assert refused.returncode != 0 and "POSTMARK_" in refused.stderr
    checked = manage("check", tmp_path=tmp_path, **given, MAIL_PROVIDER_KEYS="POSTMARK_SERVER_TOKEN=x")
    assert checked.returncode == 0, checked.stderr


def test_embedded_makes_its_own_key_once_and_keeps_it_to_itself(tmp_path):
    for _ in range(2):
        assert manage("check", tmp_path=tmp_path).returncode == 0
    key = tmp_path / "secret-key"
    assert len(key.read_text()) > 50
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MAIL_PROVIDER", "pigeon", "MAIL_PROVIDER"),
        ("OUTSPOKEN_ENV", "prod", "embedded or production"),
        ("EMAIL_URL", "mail.example.org", "EMAIL_URL must be like"),
        ("DATABASE_URL", "foo://x", "DATABASE_URL"),
        ("PORT", "eighty", "PORT"),
        ("CWC_URL", "http://endpoint.example/v2", "CWC_URL must begin with https://"),
        ("CWC_URL", "https://endpoint.example/v2", "CWC_AGENT, CWC_AGENT_EMAIL, CWC_CONTACT, CWC_PHONE"),
        ("INBOUND_REPLIES", "nobody", "INBOUND_REPLIES"),
        ("INBOUND_PROVIDER", "postmark", "INBOUND_WEBHOOK_SECRET"),
    ],
)
def test_a_setting_that_makes_no_sense_is_one_clear_line(tmp_path, name, value, said):
    refused = manage("check", tmp_path=tmp_path, **{name: value})
    assert refused.returncode == 1
    assert refused.stderr.startswith("error: ") and len(refused.stderr.splitlines()) == 1
    assert said in refused.stderr


def test_links_in_mails_lead_to_the_port_the_site_listens_on(tmp_path):
    show = "from django.conf import settings; print(settings.SITE_URL)"
    shown = manage("shell", "-v0", "-c", show, tmp_path=tmp_path, PORT="9123", HOST="0.0.0.0", SITE_URL="")
    assert shown.stdout.strip() == "http://127.0.0.1:9123"


def test_sqlite_survives_a_power_cut_and_waits_its_turn(tmp_path):
    ask = (
        "from django.db import connection; cursor = connection.cursor()\n"
        "print(*(cursor.execute(f'PRAGMA {p}').fetchone()[0] for p in ('journal_mode', 'synchronous', 'foreign_keys')))"
    )
    assert manage("shell", "-v0", "-c", ask, tmp_path=tmp_path).stdout.split() == ["wal", "2", "1"]


def test_the_broker_is_a_folder_nobody_else_can_look_into(tmp_path):
    manage("check", tmp_path=tmp_path)
    assert stat.S_IMODE((tmp_path / "broker").stat().st_mode) == 0o700


def test_every_answer_carries_the_headers_that_protect_readers(client):
    page = client.get("/healthz")
    policy = page["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cross-Origin-Opener-Policy"] == "same-origin"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in page["Permissions-Policy"]
