"""The press lives in a process of its own: warm for many briefs, shut in, and ended when it goes too far."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from policy.briefs import pdf
from policy.briefs.renderer import Order, Renderer
from policy.briefs.sections import Paragraphs, Table
from policy.errors import BriefOverLimits, BriefTooLarge
from tests.policy.facts import a_leave_behind, version_of


@pytest.fixture
def renderer():
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
    first = made(renderer)
    assert made(renderer).content == first.content
    assert renderer.started == 1


def test_a_press_is_weighed_without_the_process_that_started_it(renderer):
    ballast = b"x" * (600 << 20)
    made(renderer)
    assert 60 < renderer.memory < 400 and len(ballast) >> 20 == 600
    assert renderer.pid


def test_a_press_that_died_is_started_again(renderer):
    made(renderer)
    os.kill(renderer.pid, signal.SIGKILL)
    time.sleep(0.2)
    assert made(renderer).page_count
    assert renderer.started == 2


def test_a_press_killed_at_work_refuses_that_brief_and_sets_the_next(renderer):
    made(renderer)
    threading.Timer(0.5, os.kill, (renderer.pid, signal.SIGKILL)).start()
    with pytest.raises(BriefOverLimits):
        renderer.render(much(2_000))
    assert made(renderer).page_count


def test_a_press_that_grew_is_replaced_after_its_brief(renderer, monkeypatch):
    monkeypatch.setattr("policy.briefs.renderer.GROWN_MB", 1)
    made(renderer)
    assert renderer.pid is None
    made(renderer)
    assert renderer.started == 2


@pytest.mark.parametrize("limits", [{"wall_seconds": 3}, {"cpu_seconds": 1}])
def test_a_brief_that_takes_too_long_ends_in_a_refusal(limits):
    renderer = Renderer(**limits)
    begun = time.monotonic()
    with pytest.raises(BriefOverLimits, match="more time or memory"):
        renderer.render(much(20_000))
    assert time.monotonic() - begun < 30
    renderer.stop()


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS keeps no limit of memory")
def test_a_brief_that_takes_too_much_memory_ends_in_a_refusal():
    renderer = Renderer(memory_mb=420)
    with pytest.raises(BriefTooLarge):
        renderer.render(much(20_000))
    renderer.stop()


@pytest.mark.parametrize(
    "section",
    [
        Paragraphs("Talking point", "word " * 2_000_000),
        Table("All", "All", ("A", "B", "C"), (("", "", ""),) * 100_000, "campaign"),
    ],
)
def test_ten_megabytes_and_enormous_tables_are_refused_at_once(section):
    document = replace(a_leave_behind(), sections=(section,))
    begun = time.monotonic()
    with pytest.raises(BriefTooLarge):
        pdf.render(document, version_of(document))
    assert time.monotonic() - begun < 5


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
def test_the_press_knows_no_secret_of_its_parent(renderer, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    monkeypatch.setenv("SECRET_KEY", "secret")
    made(renderer)
    assert b"secret" not in Path(f"/proc/{renderer.pid}/environ").read_bytes()


@pytest.mark.parametrize(
    "way_out",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('example.org', 80)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "open('/etc/hostname')",
        "open(folder + '/../elsewhere', 'w')",
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


def test_the_press_leaves_no_folder_behind(renderer, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made(renderer)
    assert list(tmp_path.iterdir())
    renderer.stop()
    assert not list(tmp_path.iterdir())
