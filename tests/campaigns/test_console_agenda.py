"""Hearings and votes: on a measure's page, in the calendar, and in the calendars people subscribe to."""

from datetime import date, timedelta

import icalendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts import clock
from policy.models import MeasureDate
from tests import factories as make
from tests.campaigns.console import Desk, told, words

pytestmark = pytest.mark.django_db
ZONE = "America/New_York"


@pytest.fixture
def desk(client):
    return Desk(client)


@pytest.fixture
def measure(desk):
    return make.MeasureFactory(
        issue__organization=desk.organization, identifier="HB 7", jurisdiction__time_zone=ZONE
    )


def hearing(**changes):
    day = clock.today() + timedelta(days=7)
    return {
        "kind": "hearing",
        "on": str(day),
        "starts_at": "10:00",
        "ends_at": "12:00",
        "time_zone": ZONE,
        "place": "Room 12",
        "link": "https://assembly.example/agenda",
        **changes,
    }


def month_of(text):
    return text[:7]


def feed_of(desk, client):
    """The feed's address as the page shows it, and what it holds."""
    page = desk.get("agenda").context["feed_url"]
    path = page.removeprefix("http://testserver")
    answer = client.get(path)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/calendar")
    return path, icalendar.Calendar.from_ical(answer.content).walk("VEVENT")


def test_a_hearing_is_added_and_stands_in_the_calendar(desk, measure):
    data = hearing()
    form = desk.get("date-new", measure.pk).content.decode()
    assert f'value="{ZONE}"' in form, "the zone of the place is offered"
    assert "in the calendar" in told(desk.post("date-new", measure.pk, **data))
    assert "Room 12" in desk.read("measure", measure.pk)
    page = desk.read("agenda", month=month_of(data["on"]))
    assert "Hearing: HB 7" in page and ZONE in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"time_zone": "Mars/Olympus"}, "no time zone of this name"),
        ({"ends_at": "09:00"}, "must be after the beginning"),
        ({"starts_at": "", "ends_at": "09:00"}, "Say when it begins"),
        ({"on": "2027-03-14", "starts_at": "02:30", "ends_at": ""}, "the clocks skip this hour"),
        ({"on": "soon"}, "Enter a valid date"),
    ],
)
def test_a_date_that_can_not_be_is_refused(desk, measure, wrong, said):
    answer = desk.post("date-new", measure.pk, **hearing(**wrong))
    assert answer.status_code == 422 and said in words(answer)
    assert not MeasureDate.objects.exists()


def test_the_day_of_the_vote_follows_the_nearest_vote(desk, measure):
    near, far = clock.today() + timedelta(days=9), clock.today() + timedelta(days=20)
    for day in (far, near):
        desk.post("date-new", measure.pk, **hearing(kind="vote", on=str(day)))
    measure.refresh_from_db()
    assert measure.vote_on == near
    vote = MeasureDate.objects.get(on=near)
    desk.post("date-cancel", measure.pk, vote.pk, because="Put off")
    measure.refresh_from_db()
    assert measure.vote_on == far
    desk.post("date-cancel", measure.pk, MeasureDate.objects.get(on=far).pk, because="")
    measure.refresh_from_db()
    assert measure.vote_on is None


def test_a_hearing_on_the_typed_day_of_the_vote_leaves_it_when_it_is_cancelled_or_moved(desk, measure):
    typed = clock.today() + timedelta(days=9)
    measure.vote_on = typed
    measure.save()
    for _ in range(2):
        desk.post("date-new", measure.pk, **hearing(on=str(typed)))
    moved, cancelled = MeasureDate.objects.all()
    desk.post("date-edit", measure.pk, moved.pk, **hearing(on=str(typed + timedelta(days=1))))
    desk.post("date-cancel", measure.pk, cancelled.pk, because="Put off")
    measure.refresh_from_db()
    assert measure.vote_on == typed


def test_a_typed_day_of_the_vote_stands_in_the_calendar_once(desk, measure):
    measure.vote_on = clock.today()
    measure.save()
    assert desk.read("agenda").count("Vote expected: HB 7") == 2  # in the grid and in the list
    desk.post("date-new", measure.pk, **hearing(kind="vote", on=str(measure.vote_on)))
    page = desk.read("agenda")
    assert "Vote expected" not in page and page.count("Vote: HB 7") == 2


def test_months_without_anything_show_a_way_forward(desk):
    assert 'class="empty"' in desk.get("agenda").content.decode()
    measure = make.MeasureFactory(issue__organization=desk.organization)
    make.MeasureDateFactory(measure=measure, on=date(2031, 5, 6))
    assert "The next date is on 6 May 2031" in desk.read("agenda", month="2030-01")
    for odd in ("2030-13", "nonsense", "99999-01", "0000-00"):
        assert desk.get("agenda", month=odd).status_code == 200


def test_another_organisations_dates_are_not_shown(desk):
    make.MeasureDateFactory(measure__identifier="HB 99", on=clock.today())
    assert "HB 99" not in desk.read("agenda")


def test_a_month_of_many_dates_asks_as_much_as_one_of_few(desk, measure):
    def asked():
        with CaptureQueriesContext(connection) as found:
            desk.get("agenda")
        return len(found)

    make.MeasureDateFactory(measure=measure, on=clock.today())
    few = asked()
    for _ in range(10):
        other = make.MeasureFactory(issue=measure.issue, vote_on=clock.today())
        make.MeasureDateFactory(measure=other, on=clock.today())
    assert asked() == few


def test_people_subscribe_to_the_calendar_and_moves_and_cancellations_reach_them(desk, client, measure):
    desk.post("date-new", measure.pk, **hearing())
    desk.post("feed-renew")
    client.logout()
    client.force_login(desk.user)
    path, [first] = feed_of(desk, client)
    assert first["SUMMARY"] == "Hearing: HB 7, Care within four weeks"
    assert first["DTSTART"].dt.isoformat()[11:16] == "10:00" and str(first["DTSTART"].dt.tzinfo) == ZONE
    assert first["STATUS"] == "CONFIRMED" and first["SEQUENCE"] == 0 and first["LOCATION"] == "Room 12"
    found = MeasureDate.objects.get()
    desk.post("date-edit", measure.pk, found.pk, **hearing(starts_at="11:00"))
    _path, [moved] = feed_of(desk, client)
    assert moved["UID"] == first["UID"] and moved["SEQUENCE"] == 1
    assert moved["DTSTART"].dt.isoformat()[11:16] == "11:00"
    desk.post("date-cancel", measure.pk, found.pk, because="The room is flooded")
    _path, [off] = feed_of(desk, client)
    assert off["UID"] == first["UID"] and off["STATUS"] == "CANCELLED" and off["SEQUENCE"] == 2
    assert "flooded" in off["DESCRIPTION"]
    assert desk.get("date-edit", measure.pk, found.pk).status_code == 404


def test_the_feed_needs_no_account_and_a_renewed_link_ends_the_old_one_at_once(desk, client, measure):
    make.MeasureDateFactory(measure=measure)
    make.MeasureDateFactory()  # of another organisation
    desk.post("feed-renew")
    path, events = feed_of(desk, client)
    assert len(events) == 1
    client.logout()
    answer = client.get(path)
    assert answer.status_code == 200
    assert client.get(path, headers={"if-none-match": answer["ETag"]}).status_code == 304
    client.force_login(desk.user)
    desk.post("feed-renew")
    assert client.get(path).status_code == 404
    assert feed_of(desk, client)[0] != path


@pytest.mark.parametrize("token", ["x", "AAAA", "A" * 43, "%00", "é" * 8])
def test_a_wrong_link_opens_nothing(client, token):
    assert client.get(f"/calendar/{token}.ics").status_code == 404


def test_a_date_without_an_hour_is_a_whole_day(desk, client, measure):
    day = clock.today() + timedelta(days=30)
    make.MeasureDateFactory(measure=measure, on=day, starts_at=None)
    desk.post("feed-renew")
    _path, [event] = feed_of(desk, client)
    assert event["DTSTART"].dt == day and event["DTEND"].dt == day + timedelta(days=1)


def test_a_title_can_not_smuggle_anything_into_the_calendar(desk, client):
    hostile = make.MeasureFactory(
        issue__organization=desk.organization, title="Care\r\nEND:VEVENT\r\nBEGIN:VALARM; x, y"
    )
    make.MeasureDateFactory(measure=hostile)
    desk.post("feed-renew")
    _path, events = feed_of(desk, client)
    assert len(events) == 1 and not events[0].walk("VALARM")
