"""docker-compose.yml and the image, against the published schema and our own rules; no engine needed."""

import ast
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).parents[2]
OURS = ("web", "worker", "beat", "migrate")
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
SOURCE = (ROOT / "config" / "settings.py").read_text()


def settings_read():
    """The names that settings.py asks the environment for."""
    return {
        call.args[0].value
        for call in ast.walk(ast.parse(SOURCE))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def check_schema(path):
    return subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)],
        capture_output=True,
        text=True,
    )


def test_it_fits_the_published_compose_schema():
    checked = check_schema(ROOT / "docker-compose.yml")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_schema_would_find_a_misspelt_key(tmp_path):
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text((ROOT / "docker-compose.yml").read_text().replace("image:", "imagee:", 1))
    assert check_schema(wrong).returncode != 0


def test_everything_the_grown_size_needs_is_there():
    assert set(SERVICES) == {*OURS, "postgres", "redis", "mailpit"}


def test_every_service_that_stays_has_a_health_check():
    assert [n for n, s in SERVICES.items() if "healthcheck" not in s and s.get("restart") != "no"] == []


def test_our_own_services_share_one_image_and_are_not_root():
    ours = [SERVICES[name] for name in OURS]
    assert len({s["image"] for s in ours}) == 1
    assert {s["user"] for s in ours} == {"10001:10001"}
    assert all(s["read_only"] and s["cap_drop"] == ["ALL"] for s in ours)
    assert all(s["security_opt"] == ["no-new-privileges:true"] for s in ours)


def test_no_image_floats():
    images = [s["image"] for s in SERVICES.values()]
    assert [image for image in images if not re.search(r":v?\d", image)] == []


def test_nothing_is_open_to_the_world():
    ports = [port for s in SERVICES.values() for port in s.get("ports", [])]
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_services_wait_for_what_they_need():
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert SERVICES["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"


@pytest.mark.parametrize("name", OURS)
def test_commands_name_what_exists(name):
    image_command = re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.M).group(1)
    command = SERVICES[name].get("command") or ast.literal_eval(image_command)
    if command[0] == "python":
        assert command[1] == "manage.py" and command[2] in get_commands()
    else:
        assert find_spec(command[0])
        assert (ROOT / "config" / "celery.py").exists() and (ROOT / "config" / "wsgi.py").exists()
    check = SERVICES[name].get("healthcheck", {}).get("test", [])
    assert all((ROOT / part).exists() for part in check if part.endswith(".py"))


def test_its_settings_are_settings_we_read():
    for name in OURS:
        assert set(SERVICES[name]["environment"]) <= settings_read()


def test_secrets_have_no_default():
    for name in ("SECRET_KEY", "DATABASE_URL", "EMAIL_URL", "ALLOWED_HOSTS", "SITE_URL"):
        assert ":?" in SERVICES["web"]["environment"][name]


def test_every_setting_we_read_is_explained_and_no_other():
    explained = set(re.findall(r"^#?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    used_by_compose = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert settings_read() - explained == set()
    assert explained - settings_read() - used_by_compose == set()


def test_the_image_runs_as_nobody_special_with_checked_libraries():
    lines = (ROOT / "Dockerfile").read_text()
    assert "--require-hashes" in lines
    assert re.findall(r"^USER (.*)$", lines, re.M)[-1] == "10001:10001"
    assert all(re.search(r"python:3\.\d+-slim", base) for base in re.findall(r"^FROM (\S+)", lines, re.M))


def test_lock_files_name_no_address_and_agree():
    pins = {}
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text()
        assert "://" not in text, lock.name
        for library, version in re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text, re.M):
            assert pins.setdefault(library, version) == version, f"{library} in {lock.name}"
    assert len(pins) > 50
