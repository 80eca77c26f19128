"""docker-compose.yml against the published schema and our own rules; no engine needed."""

import re
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


def services():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


def test_it_fits_the_published_compose_schema():
    checked = subprocess.run(
        [
            sys.executable,
            "-m",
            "check_jsonschema",
            "--builtin-schema",
            "vendor.compose-spec",
            str(ROOT / "docker-compose.yml"),
        ],
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_service_that_stays_has_a_health_check():
    assert [n for n, s in services().items() if "healthcheck" not in s and s.get("restart") != "no"] == []


def test_our_own_services_share_one_image_and_are_not_root():
    ours = [services()[n] for n in ("web", "worker", "beat", "migrate")]
    assert {s["image"] for s in ours} == {"outspoken:0.1"}
    assert {s["user"] for s in ours} == {"10001:10001"}
    assert all(s["read_only"] and s["cap_drop"] == ["ALL"] for s in ours)


def test_no_image_floats():
    assert [s["image"] for s in services().values() if ":latest" in s["image"] or ":" not in s["image"]] == []


def test_its_settings_are_settings_we_read():
    source = (ROOT / "config/settings.py").read_text()
    for name in services()["web"]["environment"]:
        assert f'"{name}"' in source, name


def test_every_setting_we_read_is_explained():
    source = (ROOT / "config/settings.py").read_text()
    explained = (ROOT / ".env.example").read_text()
    for name in (
        "OUTSPOKEN_ENV",
        "SECRET_KEY",
        "DATABASE_URL",
        "REDIS_URL",
        "ALLOWED_HOSTS",
        "SITE_URL",
        "EMAIL_URL",
        "TRUSTED_PROXY_COUNT",
        "OUTSPOKEN_DATA_DIR",
    ):
        assert name in source and re.search(rf"^#? ?{name}=", explained, re.M), name


def test_lock_files_name_no_address():
    for lock in ROOT.glob("*.lock"):
        assert "://" not in lock.read_text(), lock.name
