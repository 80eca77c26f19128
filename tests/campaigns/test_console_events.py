"""Events in the console: planned, opened, called off, people ticked off at the door, and meetings made stances."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from campaigns.delivery import event_mails, outbox
from campaigns.models import Event, MeetingReport, Registration
from contacts import clock
from contacts.models import AuditEntry, Organization
from policy.models import Stance
from tests.campaigns.console import Desk, told, twice, words
from tests.campaigns.test_events import own_page
from tests.factories import (
    ChamberFactory,
    EventFactory,
    MeasureFactory,
    MembershipFactory,
    PostFactory,
    RegistrationFactory,
)

pytestmark = pytest.mark.django_db

TYPED = {
    "kind": "lobby_day",
    "title": "A day at the assembly",
    "summary": "Meet your representative with us.",
    "text": "",
    "language": "en",
    "on": "2027-03-10",
    "begins": "09:00",
    "ends": "16:30",
    "ends_on": "",
    "time_zone": "America/Chicago",
    "place": "Assembly House, Hall 2",
    "access": "Lift at the side entrance.",
    "link": "",
    "capacity": "40",
    "hold_hours": "24",
}


@pytest.fixture
def desk(client):
    """In good time before the typed day, whenever this runs."""
    clock.move(datetime(2027, 2, 1, 12, tzinfo=UTC) - clock.now())
    return Desk(client)


def test_an_event_is_planned_opened_and_called_off(desk, client, mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert "Nothing is planned" in desk.read("console-events")
    Organization.objects.filter(pk=desk.organization.pk).update(language="fr", time_zone="Europe/Paris")
    form = desk.get("event-new").context["form"]
    assert (form["language"].value(), form["time_zone"].value()) == ("fr", "Europe/Paris")
    desk.post("event-new", **TYPED)
    event = Event.objects.get()
    assert event.starts_at == datetime(
        2027, 3, 10, 15, tzinfo=UTC
    )  # nine in Chicago, before the clocks change
    assert (event.state, event.slug) == ("draft", "a-day-at-the-assembly")
    assert "Its page is public" in desk.read("event-move", event.pk, "open")
    desk.post("event-move", event.pk, "open")
    RegistrationFactory(event=event)
    twice(desk, "event-move", event.pk, "open", says="It is open already.")
    assert "1 person who has a place" in desk.read("event-move", event.pk, "cancel")
    desk.post("event-move", event.pk, "cancel", because="The assembly does not sit.")
    outbox.send_due()
    event.refresh_from_db()
    assert event.state == "cancelled" and "The assembly does not sit." in mailoutbox[-1].body
    assert desk.get("event-move", event.pk, "open").context["step"].blockers
    twice(desk, "event-move", event.pk, "cancel", says="It is called off already.", because="Something else.")
    event.refresh_from_db()
    assert event.cancelled_because == "The assembly does not sit."


@pytest.mark.parametrize(
    ("wrong", "field", "words_"),
    [
        ({"ends": "08:00"}, "ends", "after the beginning"),
        ({"time_zone": "Mars/Base"}, "time_zone", "no time zone of this name"),
        ({"place": "", "link": ""}, "place", "Say where it is"),
        ({"on": "2027-03-14", "begins": "02:30"}, "begins", "the clocks skip this hour"),
        ({"on": "0001-01-01", "time_zone": "Asia/Tokyo"}, "on", "Enter a valid date"),
        ({"ends_on": "9999-12-31", "ends": "23:59"}, "ends_on", "Enter a valid date"),
        ({"asks_reports": "on"}, "measure", "which measure"),
        ({"capacity": "0"}, "capacity", "greater than or equal to 1"),
    ],
)
def test_a_mistake_is_named_at_its_field(desk, wrong, field, words_):
    page = desk.post("event-new", **{**TYPED, **wrong})
    assert page.status_code == 422
    assert any(words_ in error for error in page.context["form"].errors[field])
    assert not Event.objects.exists()


def test_editing_shows_what_was_entered_and_who_would_be_told(desk):
    desk.post("event-new", **TYPED)
    event = Event.objects.get()
    desk.post("event-move", event.pk, "open")
    RegistrationFactory(event=event)
    page = desk.get("event-edit", event.pk)
    shown = page.content.decode()
    assert 'value="09:00"' in shown and 'value="2027-03-10"' in shown and "1 person who has a place" in shown
    answer = desk.post("event-edit", event.pk, **{**TYPED, "capacity": "1", "begins": "10:00"})
    assert answer.status_code == 302
    event.refresh_from_db()
    assert (event.sequence, event.taken, event.state) == (1, 1, "open")


def test_people_are_ticked_off_at_the_door_and_counted(desk, client):
    event = EventFactory(organization=desk.organization, capacity=9)
    ada, zora = RegistrationFactory(event=event, name="Ada"), RegistrationFactory(event=event, name="Zora")
    desk.post("participant-tick", ada.pk, "here")
    desk.post("participant-tick", ada.pk, "here")
    assert "1 of 2 are here" in desk.read("participants", event.pk)
    assert "Zora" not in desk.read("participants", event.pk, q="ad")
    ada.refresh_from_db()
    assert ada.checked_in_at
    desk.post("participant-tick", ada.pk, "not-here")
    ada.refresh_from_db()
    assert ada.checked_in_at is None
    waiting = RegistrationFactory(event=event, state="waiting", queued_at=clock.now())
    assert "no longer possible" in told(desk.post("participant-tick", waiting.pk, "here"))
    door = Desk(client, desk.organization, "staff")
    shown = door.read("participants", event.pk)
    assert "Zora" in shown and zora.email not in shown  # who stands at the door needs names, not addresses
    assert door.post("participants-file", event.pk, "csv").status_code == 403


def test_somebody_taken_out_makes_room_for_the_next(desk):
    event = EventFactory(organization=desk.organization, capacity=1)
    guest = RegistrationFactory(event=event)
    line = RegistrationFactory(event=event, state="waiting", queued_at=clock.now())
    assert "offered to the next" in desk.read("participant-move", guest.pk, "take-out")
    desk.post("participant-move", guest.pk, "take-out")
    line.refresh_from_db()
    assert line.state == "offered"
    twice(desk, "participant-move", guest.pk, "take-out", says="They are out already.")


def test_who_was_let_register_by_a_colleague_is_said_to_be(desk):
    event = EventFactory(organization=desk.organization)
    doubted = RegistrationFactory(event=event, state="doubted", held_for="robot", due_at=event.starts_at)
    desk.post("participant-move", doubted.pk, "admit")
    twice(desk, "participant-move", doubted.pk, "admit", says="Their registration goes on already.")
    doubted.refresh_from_db()
    assert doubted.state == "held" and doubted.history.filter(to_state="held").count() == 1


def test_the_list_asks_the_database_no_more_for_many_people(desk):
    event = EventFactory(organization=desk.organization)
    RegistrationFactory(event=event)
    for name, where in (("participants", [event.pk]), ("console-events", [])):
        with CaptureQueriesContext(connection) as few:
            desk.get(name, *where)
        RegistrationFactory.create_batch(10, event=event)
        EventFactory.create_batch(9, organization=desk.organization)
        with CaptureQueriesContext(connection) as many:
            desk.get(name, *where)
        assert len(many) == len(few)


def test_taking_the_list_along_is_logged_and_no_name_becomes_a_formula(desk):
    event = EventFactory(organization=desk.organization)
    RegistrationFactory(event=event, name="=cmd()")
    answer = desk.post("participants-file", event.pk, "csv")
    assert "'=cmd()" in answer.content.decode("utf-8-sig")
    assert AuditEntry.objects.get(verb="export participants").detail == {"people": 1, "format": "csv"}
    assert desk.get("participants-file", event.pk, "csv").status_code == 405
    assert desk.post("participants-file", event.pk, "xlsx").content[:2] == b"PK"


def test_what_came_of_it_is_written_down_afterwards(desk, client):
    event = EventFactory(organization=desk.organization)
    assert "has not taken place" in words(desk.post("event-outcome", event.pk, outcome="Too soon"))
    clock.move(timedelta(days=4))
    desk.post("event-outcome", event.pk, outcome="**Forty** people came.")
    page = client.get(f"/events/{event.organization.slug}/{event.slug}/").content.decode()
    assert "<strong>Forty</strong> people came." in page


@pytest.fixture
def lobby_day(desk):
    """A lobby day that is over, about a measure in a chamber with one legislator."""
    chamber = ChamberFactory()
    seat = MembershipFactory(post=PostFactory(chamber=chamber))
    measure = MeasureFactory(organization=desk.organization, jurisdiction=chamber.jurisdiction)
    event = EventFactory(
        organization=desk.organization,
        kind="lobby_day",
        measure=measure,
        asks_reports=True,
        starts_at=clock.now() - timedelta(hours=3),
    )
    event.legislator = seat.legislator
    return event


def met(client, registration, **changes):
    event = registration.event
    typed = {
        "legislator": changes.pop("name", ""),
        "on": event.starts_at.date().isoformat(),
        "said": "supports",
        "words": "Said yes, twice.",
        **changes,
    }
    return client.post(own_page(registration, "met/"), typed)


def test_a_meeting_is_reported_and_becomes_a_stance_when_a_person_accepts_it(
    desk, client, lobby_day, mailoutbox, settings
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    guest = RegistrationFactory(event=lobby_day)
    RegistrationFactory(event=lobby_day, state="cancelled")
    event_mails.remind()
    event_mails.remind()
    outbox.send_due()
    assert [mail.to[0] for mail in mailoutbox] == [guest.email]
    assert own_page(guest, "met/") in mailoutbox[0].body
    assert b"We know no representative" in met(client, guest, name="Nobody").content
    assert b"is written down" in met(client, guest, name=lobby_day.legislator.name).content
    met(client, guest, name=lobby_day.legislator.name.upper(), said="opposes")  # a slip, mended
    report = MeetingReport.objects.get()
    assert report.said == "opposes"
    assert "1 report of a meeting waits" in desk.read("console-home")
    form = desk.get("meetings", lobby_day.pk).context["waiting"][0][2]
    assert not Stance.objects.exists()
    typed = {f"{report.pk}-{name}": value for name, value in form.initial.items()}
    desk.post("meeting-stance", report.pk, **typed)
    stance = Stance.objects.get()
    assert (stance.legislator, stance.level, stance.measure) == (lobby_day.legislator, 1, lobby_day.measure)
    assert guest.name not in stance.evidence and "Said yes, twice." in stance.evidence
    assert "no longer possible" in told(desk.post("meeting-stance", report.pk, **typed))
    assert Stance.objects.count() == 1
    assert "is written down already" in words(met(client, guest, name=lobby_day.legislator.name))


def test_a_report_that_shows_no_stance_is_left(desk, client, lobby_day):
    guest = RegistrationFactory(event=lobby_day)
    met(client, guest, name=lobby_day.legislator.name)
    report = MeetingReport.objects.get()
    desk.post("meeting-decline", report.pk)
    assert not Stance.objects.exists() and "No report waits" in desk.read("meetings", lobby_day.pk)


def test_only_who_had_a_place_reports_and_only_once_it_has_begun(desk, client, lobby_day):
    line = RegistrationFactory(event=lobby_day, state="waiting", queued_at=clock.now())
    guest = RegistrationFactory(event=lobby_day)
    assert met(client, line, name=lobby_day.legislator.name).status_code == 409
    Event.objects.filter(pk=lobby_day.pk).update(
        starts_at=clock.now() + timedelta(hours=1), ends_at=clock.now() + timedelta(hours=2)
    )
    assert met(client, guest, name=lobby_day.legislator.name).status_code == 409
    assert not MeetingReport.objects.exists()


def test_another_organisations_events_and_people_are_not_found(desk, client):
    event = EventFactory()
    guest = RegistrationFactory(event=event, state="doubted", held_for="robot", due_at=clock.now())
    report = MeetingReport(pk=guest.pk)
    for answer in (
        desk.get("console-event", event.pk),
        desk.get("event-edit", event.pk),
        desk.get("participants", event.pk),
        desk.post("participants-file", event.pk, "csv"),
        desk.post("participant-tick", guest.pk, "here"),
        desk.post("participant-move", guest.pk, "admit"),
        desk.get("meetings", event.pk),
        desk.post("meeting-stance", report.pk),
        desk.post("event-move", event.pk, "cancel"),
    ):
        assert answer.status_code == 404
    assert Registration.objects.get().state == "doubted"


def test_what_is_not_chosen_is_said_in_words_of_the_readers_language(desk):
    with translation.override("fr"):
        desk.client.post("/language/", {"language": "fr", "next": "/"})
        page = desk.get("event-new").content.decode()
    assert '<option value="" selected>Veuillez choisir</option>' in page and "-----" not in page
