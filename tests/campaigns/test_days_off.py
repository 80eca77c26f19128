"""Holidays, recesses, dates at the office, and drives that end before a vote."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from campaigns.actions.drives import create_drive, update_drive
from campaigns.actions.recesses import add_recess, import_recesses, remove_recess
from campaigns.delivery import dispatcher
from campaigns.delivery.days_off import DaysOff
from campaigns.delivery.planning import window_of
from campaigns.errors import ActionRefused
from campaigns.models import Drive, Letter
from contacts import clock
from contacts.importers.recess_ical import RecessRow
from contacts.models import AuditEntry, Recess
from contacts.public_holidays import holidays_of
from tests import factories as make

pytestmark = pytest.mark.django_db


def days(first, last, place="country:us/state:tx"):
    return holidays_of(f"ocd-division/{place}", date.fromisoformat(first), date.fromisoformat(last))


def test_a_state_has_its_own_holidays_and_the_countrys():
    assert date(2027, 7, 4) in days("2027-01-01", "2027-12-31")
    assert date(2027, 3, 2) in days("2027-01-01", "2027-12-31")  # Texas Independence Day
    assert date(2027, 3, 2) not in days("2027-01-01", "2027-12-31", "country:us/state:ny")
    assert date(2027, 3, 2) not in days("2027-01-01", "2027-12-31", "country:us")


def test_a_place_inside_a_state_keeps_the_states_holidays_and_an_unknown_one_its_countrys():
    assert date(2027, 3, 2) in days("2027-03-01", "2027-03-31", "country:us/state:tx/county:travis")
    assert date(2027, 7, 4) in days("2027-07-01", "2027-07-31", "country:us/state:atlantis")
    assert days("2027-01-01", "2027-12-31", "country:zz") == {}
    assert days("2027-01-01", "2027-12-31", "nonsense") == {}


def test_only_days_asked_for_are_given_over_the_turn_of_a_year():
    assert list(days("2026-12-25", "2027-01-01", "country:us")) == [date(2026, 12, 25), date(2027, 1, 1)]


@pytest.fixture
def texas():
    division = make.DivisionFactory(ocd_id="ocd-division/country:us/state:tx", country="us")
    return make.ChamberFactory(jurisdiction__division=division, jurisdiction__time_zone="America/Chicago")


def drive_in(first, last, **fields):
    return make.DriveFactory(
        starts_at=datetime.fromisoformat(f"{first}T00:00+00:00"),
        ends_at=datetime.fromisoformat(f"{last}T00:00+00:00"),
        **fields,
    )


def test_a_drive_heeds_only_the_days_it_is_told_to(texas):
    drive = drive_in("2027-02-25", "2027-03-10")
    make.RecessFactory(
        organization=drive.campaign.organization,
        chamber=texas,
        starts_on=date(2027, 3, 8),
        ends_on=date(2027, 3, 9),
    )
    assert DaysOff(drive).of(texas) == ()
    drive.skips_holidays = True
    assert DaysOff(drive).of(texas) == (date(2027, 3, 2),)
    drive.skips_recess = True
    assert DaysOff(drive).of(texas) == (date(2027, 3, 2), date(2027, 3, 8), date(2027, 3, 9))


def test_recesses_of_other_organisations_and_chambers_do_not_count_and_a_committee_rests_with_its_chamber(
    texas,
):
    drive = drive_in("2027-03-01", "2027-03-10", skips_recess=True)
    make.RecessFactory(chamber=texas, starts_on=date(2027, 3, 8))
    make.RecessFactory(organization=drive.campaign.organization, starts_on=date(2027, 3, 8))
    assert DaysOff(drive).of(texas) == ()
    make.RecessFactory(
        organization=drive.campaign.organization,
        chamber=texas,
        starts_on=date(2027, 3, 4),
        ends_on=date(2027, 3, 4),
    )
    committee = make.ChamberFactory(parent=texas, kind="committee", jurisdiction=texas.jurisdiction)
    assert DaysOff(drive).of(committee) == (date(2027, 3, 4),)


def test_a_long_recess_is_cut_to_the_drive(texas):
    drive = drive_in("2027-03-05", "2027-03-06", skips_recess=True)
    make.RecessFactory(
        organization=drive.campaign.organization,
        chamber=texas,
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 12, 31),
    )
    assert DaysOff(drive).of(texas) == tuple(date(2027, 3, n) for n in range(4, 8))


def letter_in(chamber, drive):
    return make.LetterFactory(drive=drive, post=make.reachable(make.PostFactory(chamber=chamber)))


def set_clock(text):
    clock.move(datetime.fromisoformat(text).replace(tzinfo=UTC) - clock.now())


def test_a_recess_entered_later_holds_back_what_was_planned_for_its_days(texas, sink):
    set_clock("2027-03-08T16:00")
    drive = drive_in("2027-03-08", "2027-03-20", skips_recess=True, all_day=False)
    letter = letter_in(texas, drive)
    dispatcher.prepare()
    letter.refresh_from_db()
    assert letter.send_after.date() == date(2027, 3, 8)
    recess = make.RecessFactory.build(
        organization=drive.campaign.organization,
        chamber=texas,
        starts_on=date(2027, 3, 8),
        ends_on=date(2027, 3, 10),
    )
    add_recess(recess=recess, actor=None)
    dispatcher.prepare()
    letter.refresh_from_db()
    assert letter.send_after.date() == date(2027, 3, 11)
    assert not dispatcher.send_window()
    remove_recess(recess=recess, actor=None)
    dispatcher.prepare()
    letter.refresh_from_db()
    assert letter.send_after.date() == date(2027, 3, 8)


def test_a_letter_due_on_a_day_that_became_a_recess_is_planned_anew_not_sent(texas, sink):
    set_clock("2027-03-08T16:00")
    drive = drive_in("2027-03-08", "2027-03-20", skips_recess=True, all_day=False)
    letter = letter_in(texas, drive)
    dispatcher.prepare()
    # Past the console: straight into the table, as another process might between a plan and its moment.
    make.RecessFactory(
        organization=drive.campaign.organization,
        chamber=texas,
        starts_on=date(2027, 3, 8),
        ends_on=date(2027, 3, 8),
    )
    clock.move(timedelta(minutes=5))
    for _ in range(3):
        dispatcher.prepare()
    letter.refresh_from_db()
    assert letter.state == "ready" and letter.send_after.date() == date(2027, 3, 9)


def test_the_first_and_last_day_are_those_of_the_office(texas):
    drive = drive_in(
        "2027-03-01", "2027-03-20", starts_on=date(2027, 3, 4), ends_on=date(2027, 3, 5), all_day=True
    )
    set_clock("2027-03-01T12:00")
    letter = letter_in(texas, drive)
    dispatcher.prepare()
    letter.refresh_from_db()
    # Midnight in Chicago, in winter six hours behind.
    assert datetime(2027, 3, 4, 6, tzinfo=UTC) <= letter.send_after < datetime(2027, 3, 4, 7, tzinfo=UTC)
    assert window_of(drive).ends_on == date(2027, 3, 5)


# --- ending before a vote ----------------------------------------------------------------------------------


def fields(**more):
    return {
        "name": "Before the vote",
        "starts_at": clock.now(),
        "weekdays": [0, 1, 2, 3, 4],
        "opens": time(9),
        "closes": time(17),
        **more,
    }


@pytest.fixture
def campaign():
    set_clock("2027-03-01T12:00")
    campaign = make.CampaignFactory()
    measure = campaign.measure
    measure.vote_on = date(2027, 3, 16)
    measure.jurisdiction.time_zone = "America/New_York"
    measure.jurisdiction.save()
    measure.save()
    return campaign


def test_a_drive_ends_the_chosen_hours_before_the_day_of_the_vote_begins_where_it_is_held(campaign):
    drive = create_drive(campaign=campaign, actor=None, **fields(hours_before_vote=48))
    # Midnight in New York is 04:00 in UTC since the clocks went forward on the 14th; 48 hours are 48 hours.
    assert drive.ends_at == datetime(2027, 3, 14, 4, tzinfo=UTC)
    update_drive(drive=drive, actor=None, vote_on=date(2027, 3, 20))
    drive.refresh_from_db()
    assert drive.ends_at == datetime(2027, 3, 18, 4, tzinfo=UTC)


def test_a_vote_put_on_another_day_takes_the_drive_and_its_letters_along(campaign, texas):
    drive = create_drive(campaign=campaign, actor=None, **fields(hours_before_vote=24))
    Drive.objects.update(state="running")
    letter = letter_in(texas, drive)
    dispatcher.prepare()
    campaign.measure.vote_on = date(2027, 3, 10)
    campaign.measure.save()
    dispatcher.prepare()
    drive.refresh_from_db()
    letter.refresh_from_db()
    assert drive.ends_at == letter.deadline == datetime(2027, 3, 9, 5, tzinfo=UTC)
    assert AuditEntry.objects.filter(verb="follow the vote's new date").count() == 1
    dispatcher.prepare()
    assert AuditEntry.objects.filter(verb="follow the vote's new date").count() == 1  # once


def test_a_vote_put_before_the_start_stops_the_drive(campaign, texas, sink):
    drive = create_drive(campaign=campaign, actor=None, **fields(hours_before_vote=24))
    Drive.objects.update(state="running")
    letter = letter_in(texas, drive)
    campaign.measure.vote_on = date(2027, 2, 1)
    campaign.measure.save()
    clock.move(timedelta(minutes=2))
    dispatcher.prepare()
    dispatcher.prepare()
    letter.refresh_from_db()
    drive.refresh_from_db()
    assert (letter.state, drive.state) == ("expired", "finished")


def test_no_day_no_end(campaign):
    campaign.measure.vote_on = None
    with pytest.raises(ActionRefused, match="day of the vote"):
        create_drive(campaign=campaign, actor=None, **fields(hours_before_vote=24))
    with pytest.raises(ActionRefused, match="when the last letter may leave"):
        create_drive(campaign=campaign, actor=None, **fields())


@pytest.mark.parametrize(
    "weights",
    [[1] * 23, [0] * 24, [101] + [100] * 23, [-1] + [100] * 23],
    ids=["short", "none", "over", "under"],
)
def test_weights_that_mean_nothing_are_refused(campaign, weights):
    with pytest.raises(ActionRefused, match="24 hours"):
        create_drive(campaign=campaign, actor=None, **fields(hours_before_vote=24, hour_weights=weights))


# --- taking over a calendar --------------------------------------------------------------------------------


def row(uid, first, last, name="Summer recess"):
    return RecessRow(uid, date.fromisoformat(first), date.fromisoformat(last), name)


def test_a_calendar_can_be_taken_over_again_and_moves_what_moved(texas):
    organization = make.OrganizationFactory()

    def take(*rows):
        done = import_recesses(
            organization=organization, chamber=texas, rows=list(rows), source="house.ics", actor=None
        )
        return done.added, done.changed, done.known

    first = [row("a", "2027-07-01", "2027-07-31"), row("b", "2027-12-20", "2027-12-31", "Winter")]
    assert take(*first) == (2, 0, 0)
    assert take(*first) == (0, 0, 2)
    assert take(row("a", "2027-07-05", "2027-07-31"), first[1]) == (0, 1, 1)
    assert take(row("", "2027-07-05", "2027-07-31")) == (
        0,
        0,
        1,
    )  # the same days, without the calendar's name
    assert [r.starts_on for r in Recess.objects.all()] == [date(2027, 7, 5), date(2027, 12, 20)]
    assert take(row("a", "2027-08-01", "2027-08-02"), row("a", "2027-08-03", "2027-08-04")) == (0, 2, 0)


def test_importing_a_calendar_plans_the_letters_of_drives_that_heed_it_anew(texas):
    drive = drive_in("2027-03-08", "2027-03-20", skips_recess=True)
    heeding = make.LetterFactory(drive=drive, send_after=drive.starts_at)
    other = make.LetterFactory(send_after=drive.starts_at)
    import_recesses(
        organization=drive.campaign.organization,
        chamber=texas,
        rows=[row("a", "2027-03-09", "2027-03-09")],
        source="house.ics",
        actor=None,
    )
    assert set(Letter.objects.filter(send_after=None)) == {heeding}
    assert other.send_after
