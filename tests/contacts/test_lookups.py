"""What very many ask for at once is found once in some seconds, and let go of afterwards."""

import pytest

from contacts import lookups
from contacts.lookups import forget, looked_up


@pytest.fixture
def clock(settings, monkeypatch):
    """The process's own clock, in seconds: `clock(3)` lets three pass. Nothing found before it is kept."""
    settings.KEPT_SECONDS = 5
    for name, empty in (("_new", {}), ("_old", {}), ("_ends", 0.0)):
        monkeypatch.setattr(lookups, name, empty)
    at = [1000.0]
    monkeypatch.setattr("contacts.lookups.time.monotonic", lambda: at[0])

    def passes(seconds):
        at[0] += seconds

    return passes


@pytest.fixture
def find():
    counted = iter(range(100))
    return lambda: next(counted)


def test_one_thing_is_found_once_in_five_seconds(clock, find):
    assert [looked_up("a", find), looked_up("a", find), looked_up("b", find)] == [0, 0, 1]
    clock(4)
    assert looked_up("a", find) == 0
    clock(1)
    assert looked_up("a", find) == 2


def test_some_things_are_kept_for_less_and_some_not_at_all(clock, find):
    assert looked_up("a", find, seconds=1) == looked_up("a", find, seconds=1) == 0
    clock(1)
    assert looked_up("a", find, seconds=1) == 1
    assert [looked_up("b", find, worth=lambda found: found > 2) for _ in range(3)] == [2, 3, 3]


def test_what_nobody_asks_for_any_more_is_let_go(clock, find):
    for n in range(50):
        looked_up(n, find)
    for _ in range(3):
        clock(6)
        looked_up("still asked", find)
    assert set(lookups._new) | set(lookups._old) == {"still asked"}


def test_one_thing_or_all_is_forgotten(clock, find):
    looked_up("a", find), looked_up("b", find)
    forget("a")
    assert (looked_up("a", find), looked_up("b", find)) == (2, 1)
    forget()
    assert looked_up("b", find) == 3
