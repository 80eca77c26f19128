"""The press lives in a process of its own: warm for many briefs, shut in, and ended when it goes too far."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from policy.briefs import pdf
from policy.briefs.renderer import Order, Renderer
from policy.briefs.sections import Paragraphs, Table
from policy.errors import BriefOverLimits, BriefTooLarge
from tests.policy.facts import a_leave_behind, version_of


@pytest.fixture(scope="module")
def renderer():
    """One press for all tests: those that end it find a fresh one behind it, as the next brief does."""
    press = Renderer()
    yield press
    press.stop()


def made(renderer):
    return pdf.render(a_leave_behind(), version_of(a_leave_behind()), renderer)


def much(paragraphs):
    """A text that takes the press about a second per two hundred paragraphs."""
    words = "<p>" + "Long words of many people who have waited " * 12
    return Order(pages=["<title>t</title>" + words * paragraphs], sheets=pdf.STYLES, most_pages=10_000)


def test_one_warm_press_sets_many_briefs(renderer):
    first, started = made(renderer), renderer.started
    assert made(renderer).content == first.content
    assert renderer.started == started


def test_a_press_that_died_is_started_again(renderer):
    made(renderer)
    started = renderer.started
    os.kill(renderer.pid, signal.SIGKILL)
    os.waitid(os.P_PID, renderer.pid, os.WEXITED | os.WNOWAIT)
    assert made(renderer).page_count
    assert renderer.started == started + 1


def test_a_press_killed_at_work_refuses_that_brief_and_sets_the_next(renderer):
    made(renderer)
    threading.Timer(0.5, os.kill, (renderer.pid, signal.SIGKILL)).start()
    with pytest.raises(BriefOverLimits) as told:
        renderer.render(much(2_000))
    assert told.value.limit == "ended"
    assert made(renderer).page_count


def test_a_press_that_grew_is_replaced_after_its_brief(renderer, monkeypatch):
    made(renderer)
    started = renderer.started
    with monkeypatch.context() as patched:
        patched.setattr("policy.briefs.renderer.GROWN_MB", 1)
        made(renderer)
    assert renderer.pid is None
    made(renderer)
    assert renderer.started == started + 1


@pytest.mark.parametrize(
    ("limits", "which"), [({"wall_seconds": 3}, "time"), ({"cpu_seconds": 1}, "processor")]
)
def test_a_brief_that_takes_too_long_ends_in_a_refusal(limits, which):
    assert limit_that_ended(Renderer(**limits)) == which


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS keeps no limit of memory")
def test_a_brief_that_takes_too_much_memory_ends_in_a_refusal():
    """With time enough on any machine."""
    renderer = Renderer(memory_mb=420, wall_seconds=250, cpu_seconds=200)
    assert limit_that_ended(renderer, replace(much(5), files={"logo.png": bytes(80 << 20)})) == "memory"


def limit_that_ended(renderer, order=None):
    with pytest.raises(BriefOverLimits, match="more time or memory") as told:
        renderer.render(order or much(5_000))
    renderer.stop()
    return told.value.limit


@dataclass
class Watched:
    """What was seen of a press whose parent holds much memory and secrets."""

    memory: int
    environment: bytes
    folders: list[Path]
    left_behind: list[Path]


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    folder = tmp_path_factory.mktemp("press")
    ballast = b"x" * (600 << 20)
    press = Renderer()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DATABASE_URL", "postgres://secret")
        patched.setenv("SECRET_KEY", "secret")
        patched.setattr("tempfile.tempdir", str(folder))
        made(press)
    environment = Path(f"/proc/{press.pid}/environ")
    told = environment.read_bytes() if environment.exists() else b""
    before = list(folder.iterdir())
    press.stop()
    assert len(ballast) >> 20 == 600
    return Watched(press.memory, told, before, list(folder.iterdir()))


def test_a_press_is_weighed_without_the_process_that_started_it(watched):
    assert 60 < watched.memory < 400


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
def test_the_press_knows_no_secret_of_its_parent(watched):
    assert b"PATH=" in watched.environment
    assert b"secret" not in watched.environment


def test_the_press_leaves_no_folder_behind(watched):
    assert watched.folders
    assert not watched.left_behind


@pytest.mark.parametrize(
    "section",
    [
        Paragraphs("Talking point", "word " * 2_000_000),
        Table("All", "All", ("A", "B", "C"), (("", "", ""),) * 100_000, "campaign"),
    ],
)
def test_ten_megabytes_and_enormous_tables_are_refused_at_once(section):
    document = replace(a_leave_behind(), sections=(section,))
    begun = time.process_time()
    with pytest.raises(BriefTooLarge):
        pdf.render(document, version_of(document))
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "way_out",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('example.org', 80)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "open('/etc/hostname')",
        "open(folder + '/../elsewhere', 'w')",
        "open(folder + '-beside/mine', 'w')",
        "open(static + '-beside/file')",
        "open(static + '/mine', 'w')",
    ],
)
def test_nothing_leads_out_of_the_press(way_out, tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    code = (
        "import sys; from pathlib import Path; from policy.briefs.press import shut_in\n"
        f"static, folder = {str(Path('static').absolute())!r}, {str(inner)!r}\n"
        "open(folder + '/font', 'w').close(); shut_in(Path(static), folder); open(folder + '/font').close()\n"
        f"{way_out}\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "PermissionError" in ended.stderr
