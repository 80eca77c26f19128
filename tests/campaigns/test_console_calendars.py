"""Days off of chambers on the console: entered by hand, taken over from a calendar, removed."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from contacts import clock
from contacts.models import AuditEntry, Recess
from tests import factories as make
from tests.campaigns.console import Desk, told, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    return Desk(client)


@pytest.fixture
def chamber():
    division = make.DivisionFactory(ocd_id="ocd-division/country:us/state:tx", country="us")
    return make.ChamberFactory(
        name="Lone House",
        jurisdiction__division=division,
        jurisdiction__name="Lone State",
        jurisdiction__time_zone="America/Chicago",
    )


def ics(*summaries, start="20270701", end="20270708"):
    entries = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}@house.example\r\nSUMMARY:{summary}\r\n"
        f"DTSTART;VALUE=DATE:{start}\r\nDTEND;VALUE=DATE:{end}\r\nEND:VEVENT\r\n"
        for n, summary in enumerate(summaries)
    )
    data = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//house.example//EN\r\n{entries}END:VCALENDAR\r\n"
    return SimpleUploadedFile("house.ics", data.encode(), content_type="text/calendar")


def a_recess(**more):
    return {
        "name": "Summer recess",
        "starts_on": "2027-07-01",
        "ends_on": "2027-07-07",
        "source": "https://house.example/calendar",
        **more,
    }


def test_a_recess_is_entered_by_hand_and_removed(desk, chamber):
    assert "No recess is entered." in desk.read("calendar", chamber.pk)
    assert desk.post("recess-add", chamber.pk, **a_recess()).status_code == 302
    assert "1 Jul 2027 – 7 Jul 2027 Summer recess" in desk.read("calendar", chamber.pk)
    recess = Recess.objects.get()
    assert (recess.organization, recess.chamber) == (desk.organization, chamber)
    desk.post("recess-remove", recess.pk)
    assert not Recess.objects.exists()
    assert set(AuditEntry.objects.values_list("verb", flat=True)) >= {"add recess", "remove recess"}


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"ends_on": "2027-06-30"}, "ends_on", "must not be before the first"),
        ({"ends_on": "2029-06-30"}, "ends_on", "not longer than a year"),
        ({"name": ""}, "name", "required"),
        ({"starts_on": "soon"}, "starts_on", "Enter a valid date"),
    ],
)
def test_days_that_can_not_be_are_refused_at_their_field(desk, chamber, change, field, says):
    answer = desk.post("recess-add", chamber.pk, **a_recess(**change))
    assert answer.status_code == 422 and says in words(answer)
    assert f"id_{field}_error" in answer.content.decode()
    assert not Recess.objects.exists()


def test_the_same_days_twice_are_refused_in_words(desk, chamber):
    desk.post("recess-add", chamber.pk, **a_recess())
    answer = desk.post("recess-add", chamber.pk, **a_recess())
    assert answer.status_code == 422 and "in the calendar already" in words(answer)


def test_a_calendar_is_imported_and_imported_again(desk, chamber):
    answer = desk.post("recess-import", chamber.pk, calendar=ics("Recess", "Floor session"), words="recess")
    assert "1 new, 0 moved, 0 known already" in told(answer)
    answer = desk.post("recess-import", chamber.pk, calendar=ics("Recess", end="20270710"))
    assert "0 new, 1 moved, 0 known already" in told(answer)
    page = desk.read("calendar", chamber.pk)
    assert "1 Jul 2027 – 9 Jul 2027 Recess house.ics" in page and "Floor session" not in page


def test_entries_left_out_are_told_with_the_reason(desk, chamber):
    answer = desk.post("recess-import", chamber.pk, calendar=ics("Recess", "", start="20270701"))
    assert "1 new" in told(answer) and "1 entry was left out: without a title: has no title" in told(answer)


@pytest.mark.parametrize("content", [b"", b"not a calendar"])
def test_a_file_that_is_no_calendar_is_refused(desk, chamber, content):
    file = SimpleUploadedFile("house.ics", content)
    answer = desk.post("recess-import", chamber.pk, calendar=file)
    assert answer.status_code == 422 and "id_calendar_error" in answer.content.decode()


def test_a_chamber_shows_the_holidays_of_its_state(desk, chamber):
    page = desk.read("calendar", chamber.pk)
    assert "Texas Independence Day" in page
    assert "are not known" in desk.read("calendar", make.ChamberFactory().pk)


def test_chambers_are_listed_with_their_recesses_ahead_and_found(desk, chamber):
    make.RecessFactory(organization=desk.organization, chamber=chamber)
    make.RecessFactory(
        organization=desk.organization, chamber=chamber, starts_on=clock.now().date() - timedelta(days=60)
    )
    make.RecessFactory(chamber=chamber)  # another organisation's
    make.ChamberFactory(name="Elsewhere")
    assert "Lone House Lone State 1" in desk.read("calendar-list")
    assert "Elsewhere" not in desk.read("calendar-list", q="lone s")
    assert "No chamber fits." in desk.read("calendar-list", q="zebra")


def test_past_recesses_stay_out_of_the_way(desk, chamber):
    make.RecessFactory(
        organization=desk.organization, chamber=chamber, starts_on=clock.now().date() - timedelta(days=60)
    )
    page = desk.read("calendar", chamber.pk)
    assert "No recess is entered." in page and "Past recesses" in page


def test_staff_see_the_calendar_and_change_nothing(client, chamber):
    desk = Desk(client, role="staff")
    recess = make.RecessFactory(organization=desk.organization, chamber=chamber)
    page = desk.read("calendar", chamber.pk)
    assert recess.name in page and "Enter a recess" not in page and "Remove" not in page


def test_another_organisations_days_can_not_be_removed(desk, chamber):
    recess = make.RecessFactory(chamber=chamber)
    assert desk.post("recess-remove", recess.pk).status_code == 404
    assert Recess.objects.filter(pk=recess.pk).exists()
