"""`manage.py runlocal`: one process tree that mends itself and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.config.processes import free_port, until

ROOT = Path(__file__).parents[2]


class Installation:
    """Outspoken on a data folder of its own."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        # Processes of this installation are told from others by this mark in their environment.
        self.mark = f"OUTSPOKEN_DATA_DIR={folder}".encode()
        self.env = {
            **{k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL", "SITE_URL"}},
            "OUTSPOKEN_DATA_DIR": str(folder),
            "PORT": str(self.port),
            "MAILBOX_PORT": str(free_port()),
            "TICK_SECONDS": "1",
        }
        self.output = (folder / "output.txt").open("w+b")

    def start(self, *options):
        command = [sys.executable, "manage.py", "runlocal", *options]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.env, stdout=self.output, stderr=self.output, start_new_session=True
        )

    def said(self):
        return (self.folder / "output.txt").read_text()

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as page:
            return page.status

    def processes(self, of=""):
        """Process ids of this installation whose command line holds `of`, oldest first."""
        found = []
        for entry in Path("/proc").iterdir():
            try:
                mine = entry.name.isdigit() and self.mark in (entry / "environ").read_bytes().split(b"\0")
                if mine and of in (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode():
                    found.append(int(entry.name))
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
        return sorted(found)


@pytest.fixture
def installation(tmp_path):
    installation = Installation(tmp_path)
    yield installation
    for process in installation.processes():
        os.kill(process, signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")
def test_it_serves_mends_itself_and_leaves_nothing_behind(installation):
    installation.start("--no-demo")
    until(lambda: installation.get("/healthz") == 200, 120)
    until(
        lambda: installation.get("/readyz") == 200, 60
    )  # a tick went from beat through the broker to a worker
    assert f"http://127.0.0.1:{installation.port}/mailbox/" in installation.said()

    worker = installation.processes(" worker -c")
    os.kill(worker[0], signal.SIGKILL)
    until(lambda: (now := installation.processes(" worker -c")) and not set(now) & set(worker))
    assert "worker 1 ended (code -9); it starts again" in installation.said()

    installation.process.send_signal(signal.SIGINT)
    assert installation.process.wait(60) == 0
    assert installation.processes() == []
    assert "Traceback" not in installation.said()

    # The second start finds everything in place; and a supervisor that is killed leaves nothing either.
    installation.start("--no-demo")
    until(lambda: installation.get("/readyz") == 200, 60)
    installation.process.kill()
    installation.process.wait()
    until(lambda: installation.processes() == [])


def test_a_port_in_use_is_one_clear_line(installation):
    with socket.create_server(("127.0.0.1", installation.port)):
        installation.start("--no-demo")
        assert installation.process.wait(60) == 1
    said = installation.said().strip()
    assert len(said.splitlines()) == 1
    assert str(installation.port) in said and "PORT=" in said


def test_production_is_not_run_this_way(installation):
    installation.env |= {
        "OUTSPOKEN_ENV": "production",
        "SECRET_KEY": "x" * 50,
        "DATABASE_URL": f"sqlite:///{installation.folder}/x.sqlite3",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "ALLOWED_HOSTS": "example.org",
        "SITE_URL": "https://example.org",
        "EMAIL_URL": "smtp://127.0.0.1:25",
        "DEFAULT_FROM_EMAIL": "no-reply@example.org",
    }
    installation.start()
    assert installation.process.wait(60) == 1
    assert "embedded size" in installation.said()
