"""The rehearsal foretells the sending, letter by letter; and what it tells an organizer and a program."""

import json
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.delivery import dispatcher, planning, rehearsal
from campaigns.delivery.rehearsal import rehearse
from campaigns.models import Drive, Letter, Pledge
from contacts import clock
from contacts.models import Division, Jurisdiction
from tests import factories as make

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2027, 3, 12, 18, 0, tzinfo=UTC)  # before the clocks of the United States go forward
SATURDAY = datetime(2027, 3, 13, 12, 0, tzinfo=UTC)  # weekend in every zone below
PLACES = [
    ("country:us/state:ny", "America/New_York"),
    ("country:us/state:ca", "America/Los_Angeles"),
    ("country:pt", "Europe/Lisbon"),
    ("country:nz", "Pacific/Chatham"),
]


def set_clock(at):
    """Move the installation's clock on to a moment; it goes on from there."""
    clock.move(at - clock.now())


def chamber_in(place, zone):
    division = make.DivisionFactory(ocd_id=f"ocd-division/{place}", country=place[8:10])
    return make.ChamberFactory(jurisdiction=make.JurisdictionFactory(division=division, time_zone=zone))


@pytest.fixture
def wave():
    """A scheduled drive to four offices in four zones over a change of clocks, with letters still open for changes."""
    set_clock(FRIDAY)
    drive = make.DriveFactory(
        state="scheduled",
        starts_at=SATURDAY,
        ends_at=SATURDAY + timedelta(days=9),
        all_day=False,
        weekdays=[0, 1, 2, 3, 4],
        opens=time(9),
        closes=time(17),
        per_office_hour=2,
        per_domain_hour=5,
        per_site_hour=6,
        hour_weights=[100] * 12 + [50] * 12,
        skips_holidays=True,
        skips_recess=True,
    )
    for n, (place, zone) in enumerate(PLACES):
        chamber = chamber_in(place, zone)
        post = make.reachable(make.PostFactory(chamber=chamber), email=f"office{n}@d{n % 3}.example")
        if n == 0:
            make.RecessFactory(
                organization=drive.campaign.organization,
                chamber=chamber,
                starts_on=date(2027, 3, 15),
                ends_on=date(2027, 3, 15),
            )
        for k in range(10):
            late = {"not_before": SATURDAY + timedelta(hours=5)} if k == 9 else {}
            make.LetterFactory(drive=drive, post=post, **late)
    make.LetterFactory(drive=drive, post=make.PostFactory())  # nobody sits there
    return drive


def test_what_is_sent_is_what_was_rehearsed_letter_by_letter(wave, sink, monkeypatch):
    # Portions smaller than the drive: its letters are planned over several ticks, as a huge drive's are.
    monkeypatch.setattr(planning, "PORTION", 7)
    monkeypatch.setattr(rehearsal, "PORTION", 7)
    plan = rehearse(wave, with_moments=True)
    assert plan.planned == 40 and plan.too_late == 0
    assert rehearse(wave, with_moments=True) == plan  # looking changes nothing

    for at in [SATURDAY, SATURDAY + timedelta(hours=6)]:
        set_clock(at + timedelta(seconds=5))
        for _ in range(8):
            dispatcher.prepare()
    stored = Letter.objects.filter(state="ready", note="").values_list("pk", "send_after")
    assert dict(stored) == plan.moments

    for at in sorted(plan.moments.values()):
        if clock.now() < at:
            set_clock(at)
        dispatcher.prepare()
        while dispatcher.send_window():
            pass
    sent = dict(Letter.objects.filter(state="sent").values_list("pk", "sent_at"))
    assert sent.keys() == plan.moments.keys()
    assert all(timedelta() <= sent[pk] - at < timedelta(seconds=20) for pk, at in plan.moments.items())
    assert len(sink.mails()) == 40
    assert Counter(m.to for m in sink.mails()) == {f"office{n}@d{n % 3}.example": 10 for n in range(4)}


def test_a_wave_that_starts_within_the_hours_leaves_as_rehearsed(sink):
    set_clock(datetime(2027, 3, 15, 14, 7, 30, tzinfo=UTC))
    drive = make.DriveFactory(
        all_day=False, opens=time(9), closes=time(17), weekdays=[0, 1, 2, 3, 4], per_office_hour=12
    )
    post = make.reachable()
    for _ in range(9):
        make.LetterFactory(drive=drive, post=post)
    plan = rehearse(drive, with_moments=True)
    dispatcher.prepare()
    stored = dict(Letter.objects.values_list("pk", "send_after"))
    assert stored.keys() == plan.moments.keys()
    # The tick came a moment after the rehearsal, and its plan is that moment later.
    assert all(abs(stored[pk] - at) < timedelta(seconds=20) for pk, at in plan.moments.items())


def test_letters_keep_off_the_recess_the_weekend_and_the_hours_of_less_weight(wave):
    plan = rehearse(wave)
    offices = {office.zone: office for office in plan.by_office}
    assert {office.letters for office in plan.by_office} == {10}
    new_york = offices["America/New_York"].by_hour
    # Monday is recess; on Tuesday nine o'clock in summer time is thirteen in UTC.
    assert new_york[0][0] == datetime(2027, 3, 16, 13, 0, tzinfo=UTC)
    assert offices["Europe/Lisbon"].by_hour[0][0] == datetime(2027, 3, 15, 9, 0, tzinfo=UTC)
    for hour, n in offices["Europe/Lisbon"].by_hour:
        assert n <= (2 if hour.hour < 12 else 1)
    assert max(n for _hour, n in plan.by_hour) <= 6
    assert [(name, [day.name for day in days if day.is_recess]) for name, days in plan.days_off if days]


def test_a_letter_still_open_for_changes_is_planned_for_when_that_time_is_over():
    set_clock(FRIDAY)
    drive = make.DriveFactory(starts_at=SATURDAY, ends_at=SATURDAY + timedelta(days=2))
    post = make.reachable()
    now = make.LetterFactory(drive=drive, post=post)
    later = make.LetterFactory(drive=drive, post=post, not_before=SATURDAY + timedelta(hours=5, minutes=1))
    moments = rehearse(drive, with_moments=True).moments
    assert moments[now.pk] < SATURDAY + timedelta(hours=1)
    assert SATURDAY + timedelta(hours=5, minutes=1) <= moments[later.pk] < SATURDAY + timedelta(hours=7)


def test_letters_that_can_not_go_take_no_room_from_those_that_can():
    drive = make.DriveFactory(per_site_hour=1)
    for _ in range(3):
        make.LetterFactory(drive=drive, post=make.PostFactory())  # nobody sits there
    dispatcher.prepare()
    assert Letter.objects.filter(send_after__isnull=False).exclude(note="").count() == 3
    assert planning.used_since(clock.now()).site == {}
    make.LetterFactory(drive=drive, post=make.reachable())
    plan = rehearse(drive)
    assert plan.last_at < clock.now() + timedelta(hours=1)


def test_an_overloaded_office_is_named_with_what_does_not_fit():
    set_clock(FRIDAY)
    drive = make.DriveFactory(per_office_hour=1, starts_at=SATURDAY, ends_at=SATURDAY + timedelta(hours=3))
    post = make.reachable()
    for _ in range(5):
        make.LetterFactory(drive=drive, post=post)
    other = make.reachable(email="other@assembly.example")
    make.LetterFactory(drive=drive, post=other)
    plan = rehearse(drive)
    assert [(office.letters, office.too_late) for office in plan.overloaded] == [(3, 2)]
    assert plan.too_late == 2 and plan.reasons == {"full": 2}
    assert len(plan.by_office) == 2


def test_offices_closed_until_the_end_are_given_as_the_reason():
    set_clock(FRIDAY)
    drive = make.DriveFactory(
        starts_at=SATURDAY, ends_at=SATURDAY + timedelta(days=1), weekdays=[0], starts_on=date(2027, 3, 15)
    )
    make.LetterFactory(drive=drive, post=make.reachable())
    plan = rehearse(drive)
    assert plan.reasons == {"no_hours": 1} and plan.overloaded == []
    assert plan.reasons_in_words == [("the office has no open hours before the deadline", 1)]


def command(drive, *options):
    out = StringIO()
    call_command("rehearse", str(drive.pk if hasattr(drive, "pk") else drive), *options, stdout=out)
    return out.getvalue()


def test_the_terminal_tells_the_whole_plan(wave):
    unmatched = make.PledgeFactory(campaign=wave.campaign)
    silent = make.PostFactory()
    make.MembershipFactory(post=silent)
    make.LetterFactory(drive=wave, post=silent)
    said = command(wave)
    assert "40 letters to 4 offices" in said
    assert "supporters without a letter     1" in said and unmatched.letters.count() == 0
    assert "offices without a contact point 1" in said and "vacant seats                    1" in said
    assert "America/New_York" in said and "EDT" in said and "last moment" in said
    assert "Letters by hour (UTC)" in said and "####" in said
    assert "2027-03-15 to 2027-03-15  Recess" in said


def test_a_program_gets_the_plan_as_json(wave):
    told = json.loads(command(wave, "--json"))
    plan = rehearse(wave)
    assert told["planned"] == 40 and told["deadline"] == "2027-03-22T12:00:00Z"
    assert sum(row["letters"] for row in told["by_hour"]) == 40
    assert {office["zone"]: office["letters"] for office in told["by_office"]} == {
        zone: 10 for _place, zone in PLACES
    }
    for office in told["by_office"]:
        assert sum(row["letters"] for row in office["by_hour"]) == office["letters"]
    assert len(told["vacant"]) == len(plan.vacant) == 1


@pytest.mark.parametrize("name", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_a_drive_that_is_not_there_is_named(name):
    with pytest.raises(CommandError, match=f"There is no drive {name}"):
        command(name)


def test_an_offices_own_zone_goes_before_its_districts_and_the_seat_of_government():
    drive = make.DriveFactory()
    Jurisdiction.objects.update(time_zone="America/Chicago")
    zones = {}
    for kind, district, own in [
        ("capitol", "America/Denver", ""),
        ("district", "America/Denver", ""),
        ("district", "America/Denver", "America/Phoenix"),
        ("district", "", ""),
    ]:
        post = make.reachable()
        make.LetterFactory(drive=drive, post=post)
        Division.objects.filter(pk=post.division_id).update(time_zone=district)
        Jurisdiction.objects.update(time_zone="America/Chicago")
        post.memberships.get().legislator.offices.update(kind=kind, time_zone=own)
        zones[post.memberships.get().legislator.name] = own or (district if kind == "district" else "")
    planned = {
        office.label.removeprefix("Representative "): office.zone for office in rehearse(drive).by_office
    }
    assert planned == {name: zone or "America/Chicago" for name, zone in zones.items()}


def many_letters(drive, count):
    """Ready letters of as many people, to one office."""
    one = make.LetterFactory(drive=drive, post=make.reachable())
    pledges = Pledge.objects.bulk_create(
        make.PledgeFactory.build(
            campaign=drive.campaign,
            supporter=one.pledge.supporter,
            pk=uuid4(),
            canonical_email=f"p{n}@people.example",
        )
        for n in range(count - 1)
    )
    made = {"post": one.post, "version": one.version, "state": "ready", "deadline": drive.ends_at}
    times = {"created_at": one.created_at, "not_before": one.not_before}
    Letter.objects.bulk_create(Letter(drive=drive, pledge=pledge, **made, **times) for pledge in pledges)


def test_a_drive_of_thousands_is_planned_in_as_many_queries_as_one_of_two():
    def asked(count):
        drive = make.DriveFactory(per_office_hour=10_000)
        many_letters(drive, count)
        drive = Drive.objects.select_related("campaign__organization").get(pk=drive.pk)
        with CaptureQueriesContext(connection) as rehearsed:
            assert rehearse(drive).planned == count
        assert planning.plan_ready() == count
        Letter.objects.filter(drive=drive).update(state="cancelled")
        return len(rehearsed)

    assert asked(2) == asked(2500)
