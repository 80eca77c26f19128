"""The published files give the numbers that were counted independently of the importers."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from contacts.matching import match_postal_code
from contacts.models import ContactPoint, Division, Legislator, Membership, Post, PostalArea
from tests.contacts.importing import A_DAY, changes, run, set_day

CHAMBERS = "ocd-jurisdiction/country:us/government"


@pytest.fixture
def summer(db):
    set_day()


def house():
    return Post.objects.filter(chamber__jurisdiction__ocd_id=CHAMBERS, chamber__code="lower")


def test_congress_has_the_numbers_counted_independently(summer, public_data):
    summary = run("import_legislators", "us-congress", public_data / "us-congress")
    expected = {
        "people": 537,
        "posts": 537,
        "memberships_current": 537,
        "offices": 1848,
        "capitol_offices": 536,
        "district_offices": 1312,
        "committees": 49,
        "subcommittees": 181,
        "committee_memberships": 3879,
        "unresolved_members": 0,
        "updated": 0,
        "ended": 0,
        "bad_rows": 0,
    }
    assert {key: summary[key] for key in expected} == expected
    seats = Membership.objects.current(A_DAY.date()).filter(post__isnull=False)
    assert (seats.filter(chamber__code="lower").count(), seats.filter(chamber__code="upper").count()) == (
        437,
        100,
    )
    assert ContactPoint.objects.filter(kind="web_form").count() == 89
    assert sum(not name.isascii() for name in Legislator.objects.values_list("name", flat=True)) == 7
    offices = Legislator.objects.filter(offices__kind="district").distinct().count()
    assert offices == 536
    places = Division.objects.filter(parent__ocd_id="ocd-division/country:us")
    assert places.count() == 56
    assert changes(run("import_legislators", "us-congress", public_data / "us-congress")) == (0, 0, 0)


def test_zip_districts_have_the_numbers_counted_independently(summer, public_data):
    run("import_legislators", "us-congress", public_data / "us-congress")
    summary = run("import_districts", "us-zip", public_data / "us-zip")
    expected = {
        "rows": 42033,
        "zip_areas": 33774,
        "split_zip_areas": 7299,
        "zip_areas_in_several_states": 109,
        "districts": 437,
        "bad_rows": 0,
    }
    assert {key: summary[key] for key in expected} == expected
    assert PostalArea.objects.values("code").distinct().count() == 33774
    held = Membership.objects.current(A_DAY.date()).filter(post__isnull=False).values("post")
    vacant = house().exclude(pk__in=held).values_list("division__ocd_id", flat=True)
    assert sorted(ocd_id.removeprefix("ocd-division/country:us/state:") for ocd_id in vacant) == [
        "ca/cd:14",
        "fl/cd:20",
        "ga/cd:13",
        "tx/cd:23",
    ]
    without_areas = (
        house().exclude(division__postal_areas__isnull=False).values_list("division__ocd_id", flat=True)
    )
    assert sorted(ocd_id[-2:] for ocd_id in without_areas) == ["as", "gu", "mp", "vi"]
    assert changes(run("import_districts", "us-zip", public_data / "us-zip")) == (0, 0, 0)
    assert changes(run("import_legislators", "us-congress", public_data / "us-congress")) == (0, 0, 0)


def test_every_kind_of_zip_area_finds_its_seats(summer, public_data):
    run("import_legislators", "us-congress", public_data / "us-congress")
    run("import_districts", "us-zip", public_data / "us-zip")

    def seats(code):
        match = match_postal_code("us", code, A_DAY.date())
        return {m.chamber.code: [len(c.seats) for c in m.candidates] for m in match.chambers}

    assert seats("82001") == {"lower": [1], "upper": [2]}  # Wyoming, at large
    assert seats("20001") == {"lower": [1]}  # the District of Columbia: a delegate and no senators
    assert seats("00901") == {"lower": [1]}  # Puerto Rico
    split = PostalArea.objects.filter(code="02861")
    assert split.count() == len(seats("02861")["lower"])
    for match in (match_postal_code("us", code, A_DAY.date()) for code in ("02861", "20001", "10001")):
        assert all(abs(sum(c.confidence for c in m.candidates) - 1) < 1e-9 for m in match.chambers)


@pytest.mark.parametrize(
    ("state", "people", "committees", "members", "districts"),
    [("wy", 93, 28, 288, 93), ("or", 90, 49, 375, 90), ("vt", 180, 50, 403, 125)],
)
def test_states_have_the_numbers_counted_independently(
    summer, public_data, state, people, committees, members, districts
):
    folder = public_data / "openstates" / state
    summary = run("import_legislators", "openstates", folder)
    assert summary["people"] == summary["posts"] == summary["memberships_current"] == people
    assert (summary["committees"], summary["committee_memberships"], summary["bad_rows"]) == (
        committees,
        members,
        0,
    )
    assert Division.objects.filter(posts__isnull=False).distinct().count() == districts
    mailed = Legislator.objects.filter(offices__contact_points__kind="email").distinct().count()
    assert mailed == people
    assert changes(run("import_legislators", "openstates", folder)) == (0, 0, 0)


def test_all_sources_live_side_by_side(summer, public_data):
    run("import_legislators", "us-congress", public_data / "us-congress")
    summary = run("import_legislators", "openstates", public_data / "openstates")
    assert (summary["people"], summary["committees"], summary["ended"]) == (363, 127, 0)
    assert Legislator.objects.count() == 900
    assert changes(run("import_legislators", "us-congress", public_data / "us-congress")) == (0, 0, 0)


def test_when_a_term_is_over_nobody_is_shown_as_in_office(summer, public_data):
    run("import_legislators", "us-congress", public_data / "us-congress")
    after = datetime(2027, 2, 1, tzinfo=UTC).date()
    assert not Membership.objects.current(after).filter(chamber__code="lower", post__isnull=False).exists()


def test_imports_are_quick_and_small(summer, public_data, tmp_path):
    """A process of its own with a database of its own: all of Congress and every ZIP area."""
    script = (
        "import django, sys; django.setup()\n"
        "from django.core.management import call_command as run\n"
        "run('migrate', verbosity=0)\n"
        "from contacts import clock; from datetime import datetime, UTC\n"
        "clock.move(datetime(2026, 8, 15, tzinfo=UTC) - clock.now())\n"
        "import time; from tests.memory import peak_kb; begun = time.process_time()\n"
        "run(*sys.argv[1:])\n"
        "print(time.process_time() - begun, peak_kb())\n"
    )
    environment = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "OUTSPOKEN_DATA_DIR": str(tmp_path),
        "PATH": "/usr/bin:/bin",
    }
    for most_seconds, arguments in (
        (15, ["import_legislators", "us-congress", str(public_data / "us-congress")]),
        (5, ["import_districts", "us-zip", str(public_data / "us-zip")]),
    ):
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        seconds, memory = done.stdout.splitlines()[-1].split()
        assert float(seconds) < most_seconds
        assert int(memory) < 200 * 1024  # KB
