"""The first minute on a fresh machine: each thing missing is said in one clear line."""

import shutil
import subprocess
from pathlib import Path

import pytest

BOOTSTRAP = Path(__file__).parents[2] / "scripts" / "bootstrap.sh"


@pytest.fixture
def checkout(tmp_path):
    """An empty lock file and a `bin` folder that stands before everything else on the path."""
    (tmp_path / "requirements.lock").write_text("# nothing\n")
    (tmp_path / "bin").mkdir()
    return tmp_path


def program(checkout, name, text):
    path = checkout / "bin" / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def bootstrap(checkout, **env):
    path = f"{checkout}/bin:/usr/bin:/bin"
    return subprocess.run(
        ["/bin/sh", str(BOOTSTRAP), "venv", "requirements.lock"],
        cwd=checkout,
        env={"PATH": path, **env},
        capture_output=True,
        text=True,
        timeout=60,
    )


def refused(checkout, **env):
    """The one line it ends with."""
    done = bootstrap(checkout, **env)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1
    return errors[0]


def test_no_python(checkout):
    assert "Install Python 3.11 or newer" in refused(checkout, PYTHON="/nonexistent/python3")


def test_an_old_python(checkout):
    old = program(checkout, "python3", 'case "$2" in *exit*) exit 1;; *) echo 3.9.2;; esac')
    said = refused(checkout, PYTHON=old)
    assert "Python 3.11 or newer is needed" in said and "3.9.2" in said and "PYTHON=" in said


def test_no_venv_module(checkout):
    bare = program(checkout, "python3", 'case "$1" in -c) exit 0;; *) exit 1;; esac')
    assert "python3-venv" in refused(checkout, PYTHON=bare)


def pretend_environment(checkout, weasyprint):
    """A virtual environment whose python does as told."""
    (checkout / "venv" / "bin").mkdir(parents=True)
    python = checkout / "venv" / "bin" / "python"
    python.write_text(
        f'#!/bin/sh\necho "$*" >> {checkout}/calls\ncase "$*" in *weasyprint*) exit {weasyprint};; esac\n'
    )
    python.chmod(0o755)
    return program(checkout, "python3", "exit 0")


def test_no_pango_and_no_right_to_install_it(checkout):
    python = pretend_environment(checkout, weasyprint=1)
    program(checkout, "id", "echo 1000")
    done = bootstrap(checkout, PYTHON=python)
    assert done.returncode == 1
    for words in ("apt-get install -y libpango-1.0-0", "dnf install -y pango", "brew install pango"):
        assert words in done.stderr
    assert not list((checkout / "venv").glob(".stamp*"))


def test_pango_is_installed_where_it_may_be(checkout):
    python = pretend_environment(checkout, weasyprint=1)
    program(checkout, "id", "echo 0")
    program(checkout, "apt-get", f'echo "$*" >> {checkout}/apt')
    bootstrap(checkout, PYTHON=python)
    assert "libharfbuzz-subset0" in (checkout / "apt").read_text()


def test_hashes_are_checked_and_the_second_time_does_nothing(checkout):
    python = pretend_environment(checkout, weasyprint=0)
    assert bootstrap(checkout, PYTHON=python).returncode == 0
    calls = (checkout / "calls").read_text()
    assert "--require-hashes -r requirements.lock" in calls
    assert bootstrap(checkout, PYTHON=python).returncode == 0
    assert (checkout / "calls").read_text() == calls


def test_a_changed_lock_file_is_installed(checkout):
    python = pretend_environment(checkout, weasyprint=0)
    bootstrap(checkout, PYTHON=python)
    (checkout / "requirements.lock").write_text("# something\n")
    bootstrap(checkout, PYTHON=python)
    assert (checkout / "calls").read_text().count("--require-hashes") == 2


def test_the_runtime_libraries_are_there_where_the_developers_are(checkout):
    python = pretend_environment(checkout, weasyprint=0)
    shutil.copy(checkout / "requirements.lock", checkout / "requirements-dev.lock")
    sum_ = subprocess.run(
        ["cksum"], stdin=(checkout / "requirements-dev.lock").open(), capture_output=True, text=True
    )
    (checkout / "venv" / ".stamp-requirements-dev.lock").write_text(sum_.stdout)
    assert bootstrap(checkout, PYTHON=python).returncode == 0
    assert not (checkout / "calls").exists()
