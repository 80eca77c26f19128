"""Events: places are held, confirmed, freed and passed on; whoever counts on one is told, and nobody else."""

import html
import re
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from campaigns.actions import events as event_actions
from campaigns.actions import registrations
from campaigns.actions.erasing import erase_supporter
from campaigns.delivery import event_mails, outbox, seats, upkeep
from campaigns.delivery.event_texts import when
from campaigns.delivery.mail_texts import message
from campaigns.errors import ActionRefused
from campaigns.event_links import registration_url
from campaigns.held import held_of
from campaigns.models import Event, MailKind, OutboxMail, Pledge, Registration
from contacts import clock
from tests.factories import (
    EventFactory,
    OrganizationFactory,
    PledgeFactory,
    RegistrationFactory,
    RoleFactory,
)

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="token" value="([^"]+)"')


@pytest.fixture(autouse=True)
def kept_in_memory(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def page(event, tail=""):
    return f"/events/{event.organization.slug}/{event.slug}/{tail}"


def come(client, event, email="ada@people.example", **changes):
    token = TOKEN.search(client.get(page(event)).content.decode())
    clock.move(timedelta(seconds=3))
    typed = {"name": "Ada Lovelace", "email": email, "token": token.group(1), **changes}
    return client.post(page(event, "register/"), typed)


def link_in(mail):
    return re.search(r"https?://[^/]+(/r/[^\s/]+/)", mail.body).group(1)


def confirm(client, mail):
    return client.post(f"{link_in(mail)}do/confirm/")


def arrive(client, event, mailoutbox, email):
    """Somebody registers and confirms; gives the address of their own page."""
    come(client, event, email)
    outbox.send_due()
    link = link_in(next(mail for mail in reversed(mailoutbox) if mail.to == [email]))
    client.post(f"{link}do/confirm/")
    outbox.send_due()
    return link


def own_page(registration, tail=""):
    return re.sub(r"https?://[^/]+", "", registration_url(registration, tail))


def state_of(email):
    return Registration.objects.get(canonical_email=email).state


def is_counted_right(event):
    event.refresh_from_db()
    return event.taken == event.registrations.with_place().count()


def test_a_place_is_held_then_confirmed_by_the_link_in_a_mail(client, mailoutbox):
    event = EventFactory(capacity=5, link="https://meet.example.org/secret", hold_hours=24)
    answer = come(client, event, needs="a ramp")
    assert answer.status_code == 302 and not answer.cookies
    assert "Check your mail" in client.get(answer.url).content.decode()
    event.refresh_from_db()
    assert (event.taken, state_of("ada@people.example")) == (1, "held")
    outbox.send_due()
    asked = mailoutbox[-1]
    assert asked.subject.startswith("Confirm your place") and "secret" not in asked.body
    before = client.get(link_in(asked))  # programs open links too: that confirms nothing
    assert before.status_code == 200 and b"secret" not in before.content
    assert state_of("ada@people.example") == "held"
    confirm(client, asked)
    outbox.send_due()
    assert state_of("ada@people.example") == "confirmed"
    assert mailoutbox[-1].subject.startswith("You have a place")
    assert "https://meet.example.org/secret" in mailoutbox[-1].body
    assert b"https://meet.example.org/secret" in client.get(link_in(asked)).content
    assert is_counted_right(event)


def test_the_link_to_join_stands_on_no_public_page_and_in_no_public_calendar(client):
    event = EventFactory(link="https://meet.example.org/secret", place="")
    organization = event.organization.slug
    for address in (
        page(event),
        page(event, "event.ics"),
        f"/events/{organization}/",
        f"/events/{organization}/events.ics",
    ):
        answer = client.get(address)
        assert answer.status_code == 200 and b"secret" not in answer.content
        assert not answer.cookies
    guest = RegistrationFactory(event=event)
    own = client.get(own_page(guest, "event.ics"))
    assert b"https://meet.example.org/secret" in own.content


def test_new_repeated_and_doubted_registrations_get_the_same_answer(client, mailoutbox):
    event = EventFactory(capacity=5)
    first = come(client, event)
    again = come(client, event)
    robot = come(client, event, "bot@people.example", website="https://spam.example")
    thrown = come(client, event, "x@mailinator.com")
    assert {answer.url for answer in (first, again, robot, thrown)} == {page(event, "check-mail/")}
    event.refresh_from_db()
    assert event.taken == 1
    assert state_of("bot@people.example") == state_of("x@mailinator.com") == "doubted"
    outbox.send_due()
    assert {mail.to[0] for mail in mailoutbox} == {"ada@people.example"}


def test_a_registration_that_was_held_back_goes_on_when_a_person_lets_it(client, mailoutbox):
    event = EventFactory(capacity=1)
    come(client, event, "bot@people.example", website="x")
    desk = RoleFactory(organization=event.organization).user
    registrations.admit(registration=event.registrations.get(), actor=desk)
    outbox.send_due()
    assert state_of("bot@people.example") == "held" and mailoutbox[-1].to == ["bot@people.example"]
    assert is_counted_right(event)


def test_what_was_typed_stays_when_something_has_to_be_mended(client):
    event = EventFactory()
    answer = come(client, event, "no address")
    assert answer.status_code == 422
    assert b"Ada Lovelace" in answer.content and b"Please correct this first" in answer.content
    assert not Registration.objects.exists()
    quick = client.post(
        page(event, "register/"),
        {
            "name": "Ada",
            "email": "ada@people.example",
            "token": TOKEN.search(client.get(page(event)).content.decode()).group(1),
        },
    )
    assert quick.status_code == 422 and b"very quick" in quick.content


def test_a_full_event_has_a_waiting_list_in_the_order_of_coming(client, mailoutbox):
    event = EventFactory(capacity=1)
    first = arrive(client, event, mailoutbox, "first@people.example")
    assert "All places are taken" in client.get(page(event)).content.decode()
    second = arrive(client, event, mailoutbox, "second@people.example")
    arrive(client, event, mailoutbox, "third@people.example")
    assert [state_of(f"{n}@people.example") for n in ("first", "second", "third")] == [
        "confirmed",
        "waiting",
        "waiting",
    ]
    assert "Your place in line: 1" in client.get(second).content.decode()
    client.post(f"{first}do/cancel/")
    assert state_of("second@people.example") == "offered" and is_counted_right(event)
    again = client.post(f"{first}do/cancel/", follow=True)
    assert again.status_code == 200 and "Your registration is cancelled" in again.content.decode()
    assert "no longer possible" not in again.content.decode() and is_counted_right(event)
    outbox.send_due()
    offer = mailoutbox[-1]
    assert offer.to == ["second@people.example"] and "is held for you until" in offer.body
    assert "third@people.example" not in [mail.to[0] for mail in mailoutbox if "free for you" in mail.subject]
    clock.move(timedelta(hours=25))
    seats.release_due()
    assert (state_of("second@people.example"), state_of("third@people.example")) == ("expired", "offered")
    late = client.post(f"{second}do/confirm/")
    assert late.status_code == 409 and state_of("second@people.example") == "expired"
    outbox.send_due()
    confirm(client, mailoutbox[-1])
    assert state_of("third@people.example") == "confirmed" and is_counted_right(event)


def test_nobody_new_gets_in_before_those_who_wait(client, mailoutbox):
    event = EventFactory(capacity=1)
    first = arrive(client, event, mailoutbox, "first@people.example")
    arrive(client, event, mailoutbox, "second@people.example")
    client.post(f"{first}do/cancel/")
    come(client, event, "third@people.example")
    assert state_of("third@people.example") == "asked"


def test_a_held_place_that_nobody_confirms_becomes_free(client, mailoutbox):
    event = EventFactory(capacity=1, hold_hours=2)
    come(client, event)
    outbox.send_due()
    clock.move(timedelta(hours=2, minutes=1))
    assert b"held too long" in client.get(link_in(mailoutbox[-1])).content
    assert confirm(client, mailoutbox[-1]).status_code == 409
    seats.release_due()
    assert state_of("ada@people.example") == "expired" and is_counted_right(event)
    arrive(client, event, mailoutbox, "ada@people.example")  # and the same person may come again
    assert state_of("ada@people.example") == "confirmed" and is_counted_right(event)


def test_a_newer_link_makes_older_ones_worthless(client, mailoutbox):
    event = EventFactory()
    come(client, event)
    outbox.send_due()
    clock.move(timedelta(minutes=11))
    come(client, event)
    outbox.send_due()
    old, new = mailoutbox
    assert client.get(link_in(old)).status_code == 410
    assert client.get(link_in(new)).status_code == 200
    assert client.get("/r/nonsense/").status_code == 410


def test_who_registers_again_where_no_mail_may_leave_keeps_the_link_they_have(client, mailoutbox):
    event = EventFactory()
    come(client, event)
    outbox.send_due()
    for name in ("Mallory", "Mallory again", "And again"):
        come(client, event, name=name)
    clock.move(timedelta(minutes=30))
    outbox.send_due()
    assert len(mailoutbox) == 1
    assert "Ada Lovelace" in client.get(link_in(mailoutbox[0])).content.decode()
    confirm(client, mailoutbox[0])
    assert state_of("ada@people.example") == "confirmed"


def test_no_place_is_held_that_nobody_could_confirm(client, mailoutbox):
    events = [EventFactory(capacity=1) for _n in range(5)]
    for event in events:
        come(client, event)
        clock.move(timedelta(minutes=15))
    outbox.send_due()
    assert len(mailoutbox) == 3  # as many as an address gets a day
    assert [is_counted_right(event) and event.taken for event in events] == [1, 1, 1, 0, 0]


def test_who_was_held_back_registers_anew_without_a_doubt_and_gets_the_mail(client, mailoutbox):
    event = EventFactory(capacity=1)
    come(client, event, name="A program", website="x")
    come(client, event)
    outbox.send_due()
    confirm(client, mailoutbox[-1])
    assert (state_of("ada@people.example"), event.registrations.get().name) == ("confirmed", "Ada Lovelace")
    assert is_counted_right(event)


def test_who_had_cancelled_and_registers_in_doubt_waits_for_a_person(client, mailoutbox):
    event = EventFactory(capacity=1)
    link = arrive(client, event, mailoutbox, "ada@people.example")
    client.post(f"{link}do/cancel/")
    sent = len(mailoutbox)
    come(client, event, website="x")
    outbox.send_due()
    waiting = event.registrations.get()
    assert (waiting.state, waiting.held_for, len(mailoutbox)) == ("doubted", "robot", sent)
    registrations.admit(registration=waiting, actor=RoleFactory(organization=event.organization).user)
    assert state_of("ada@people.example") == "held" and is_counted_right(event)
    clock.move(timedelta(minutes=11))
    outbox.send_due()
    confirm(client, mailoutbox[-1])
    assert state_of("ada@people.example") == "confirmed"


def test_more_places_go_to_the_waiting_list_and_fewer_than_given_are_refused(client, mailoutbox):
    event = EventFactory(capacity=1)
    arrive(client, event, mailoutbox, "first@people.example")
    arrive(client, event, mailoutbox, "second@people.example")
    event.refresh_from_db()
    event.capacity = 2
    event_actions.save_event(event=event, actor=None)
    assert state_of("second@people.example") == "offered" and is_counted_right(event)
    event.capacity = 1
    with pytest.raises(ActionRefused) as refused:
        event_actions.save_event(event=event, actor=None)
    assert refused.value.field == "capacity"
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(capacity=1)


def five_people(event):
    """One of each: with a place, offered one, waiting, not confirmed, cancelled."""
    at = clock.now()
    due = {"due_at": at + timedelta(hours=5)}
    RegistrationFactory(event=event, email="place@people.example")
    RegistrationFactory(event=event, email="offer@people.example", state="offered", queued_at=at, **due)
    RegistrationFactory(event=event, email="line@people.example", state="waiting", queued_at=at)
    RegistrationFactory(event=event, email="held@people.example", state="held", confirmed_at=None, **due)
    RegistrationFactory(event=event, email="gone@people.example", state="cancelled")


def test_a_change_is_told_to_exactly_those_who_count_on_it(mailoutbox):
    event = EventFactory(capacity=3)
    five_people(event)
    event.summary = "Another sentence, which nobody has to hear of."
    event_actions.save_event(event=event, actor=None)
    assert not OutboxMail.objects.exists()
    event.starts_at += timedelta(hours=2)
    event.ends_at += timedelta(hours=2)
    event_actions.save_event(event=event, actor=None)
    outbox.send_due()
    told = [mail.to[0] for mail in mailoutbox if "it has changed" in mail.subject]
    assert sorted(told) == ["line@people.example", "offer@people.example", "place@people.example"]
    event.refresh_from_db()
    assert event.sequence == 1


def test_two_changes_before_the_mail_leaves_are_one_mail(mailoutbox):
    event = EventFactory()
    RegistrationFactory(event=event)
    for place in ("Somewhere", "Somewhere else"):
        event.place = place
        event_actions.save_event(event=event, actor=None)
    outbox.send_due()
    assert len(mailoutbox) == 1 and "Somewhere else" in mailoutbox[0].body


def test_a_cancellation_is_told_to_exactly_those_who_count_on_it(client, mailoutbox):
    event = EventFactory(capacity=3)
    five_people(event)
    assert event_actions.cancel_event(event=event, because="The hall is flooded.", actor=None) == 3
    event_mails.remind()
    outbox.send_due()
    assert sorted(mail.to[0] for mail in mailoutbox) == [
        "line@people.example",
        "offer@people.example",
        "place@people.example",
    ]
    assert all("The hall is flooded." in mail.body for mail in mailoutbox)
    shown = client.get(page(event)).content.decode()
    assert "The hall is flooded." in shown and "EventCancelled" in shown and "Keep a place" not in shown
    assert b"STATUS:CANCELLED" in client.get(page(event, "event.ics")).content


def test_people_with_a_place_are_reminded_once_the_day_before_and_once_in_the_hour(mailoutbox):
    event = EventFactory(remind_hour=True, starts_at=clock.now() + timedelta(days=3))
    RegistrationFactory(event=event, email="early@people.example")
    RegistrationFactory(event=event, email="line@people.example", state="waiting", queued_at=clock.now())
    event_mails.remind()
    assert not OutboxMail.objects.exists()
    clock.move(timedelta(days=2, hours=1))
    RegistrationFactory(event=event, email="late@people.example")  # was told everything just now
    for _n in range(3):
        event_mails.remind()
        outbox.send_due()
    assert [(mail.to[0], mail.subject[:9]) for mail in mailoutbox] == [("early@people.example", "Coming up")]
    clock.move(timedelta(hours=22, minutes=30))
    for _n in range(2):
        event_mails.remind()
        outbox.send_due()
    assert sorted(mail.to[0] for mail in mailoutbox[1:]) == ["early@people.example", "late@people.example"]
    clock.move(timedelta(hours=1))
    event_mails.remind()
    assert outbox.send_due() == 0


def test_who_registers_for_two_events_in_a_row_gets_both_mails(client, mailoutbox):
    first, second = EventFactory(), EventFactory()
    come(client, first)
    come(client, second)
    outbox.send_due()
    assert len(mailoutbox) == 1
    clock.move(timedelta(minutes=10))
    outbox.send_due()
    assert len(mailoutbox) == 2


def test_its_hours_are_on_its_own_clock_through_a_change_of_the_clocks(client):
    # The night the clocks of Berlin go back: 2026-10-25.
    event = EventFactory(
        starts_at=datetime(2026, 10, 24, 20, tzinfo=UTC),
        ends_at=datetime(2026, 10, 25, 8, tzinfo=UTC),
        time_zone="Europe/Berlin",
    )
    shown = client.get(page(event)).content.decode()
    assert "Saturday, 24 October 2026, 22:00 to 25 October 2026, 09:00" in shown
    assert "Berlin, UTC+02:00" in shown
    calendar = icalendar.Calendar.from_ical(client.get(page(event, "event.ics")).content)
    entry = calendar.walk("VEVENT")[0]
    assert entry["dtstart"].params["TZID"] == "Europe/Berlin" and calendar.walk("VTIMEZONE")
    assert entry.decoded("dtstart") == event.starts_at and entry.decoded("dtend") == event.ends_at


def test_a_draft_is_seen_by_its_own_people_only(client):
    event = EventFactory(state="draft")
    assert client.get(page(event)).status_code == 404
    assert page(event).encode() not in client.get(f"/events/{event.organization.slug}/").content
    client.force_login(RoleFactory(organization=event.organization).user)
    assert b"Not open yet" in client.get(page(event)).content
    client.force_login(RoleFactory().user)
    assert client.get(page(event)).status_code == 404


def test_a_draft_that_is_given_up_is_shown_to_nobody_new(client):
    event = EventFactory(state="draft")
    event_actions.cancel_event(event=event, because="", actor=None)
    where = f"/events/{event.organization.slug}/"
    for tail in ("", "event.ics", "picture.png"):
        assert client.get(page(event, tail)).status_code == 404
    for address in (where, f"{where}events.ics"):
        assert event.title.encode() not in client.get(address).content
    client.force_login(RoleFactory(organization=event.organization).user)
    assert client.get(page(event)).status_code == 200
    assert client.get(page(event, "event.ics"))["Cache-Control"] == "no-store"


def test_the_list_shows_what_is_ahead_and_what_was_and_asks_no_more_for_many(client):
    organization = OrganizationFactory()
    where = f"/events/{organization.slug}/"
    assert "Nothing is planned" in client.get(where).content.decode()
    EventFactory(organization=organization, title="Next week")
    past = clock.now() - timedelta(days=9)
    EventFactory(organization=organization, title="Last week", starts_at=past, outcome="Forty people came.")
    with CaptureQueriesContext(connection) as few:
        shown = client.get(where).content.decode()
    assert shown.index("Next week") < shown.index("What was") < shown.index("Last week")
    EventFactory.create_batch(19, organization=organization)
    with CaptureQueriesContext(connection) as many:
        client.get(where)
    assert len(many) == len(few)


def test_an_event_that_is_over_takes_nobody_and_says_what_came_of_it(client):
    past = clock.now() - timedelta(days=9)
    event = EventFactory(starts_at=past, outcome="Forty people came.", capacity=3)
    guest = RegistrationFactory(event=event)
    shown = client.get(page(event)).content.decode()
    assert "This event is over" in shown and "Forty people came." in shown and "Keep a place" not in shown
    closed = client.post(page(event, "register/"), {"name": "Ada", "email": "a@people.example"})
    assert closed.status_code in {409, 422} and Registration.objects.count() == 1
    assert client.post(own_page(guest, "do/cancel/")).status_code == 409
    assert "You had a place" in client.get(own_page(guest)).content.decode()


def test_another_sites_page_registers_nobody(client):
    event = EventFactory()
    token = TOKEN.search(client.get(page(event)).content.decode()).group(1)
    clock.move(timedelta(seconds=3))
    typed = {"name": "Ada", "email": "ada@people.example", "token": token}
    answer = client.post(page(event, "register/"), typed, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403 and not Registration.objects.exists()


def test_search_engines_and_other_sites_read_what_it_is(client):
    event = EventFactory(capacity=10, link="https://meet.example.org/x")
    RegistrationFactory(event=event)
    shown = client.get(page(event)).content.decode()
    for words in (
        'itemtype="https://schema.org/Event"',
        "MixedEventAttendanceMode",
        'itemprop="remainingAttendeeCapacity" content="9"',
        'property="og:image"',
    ):
        assert words in shown
    picture = client.get(page(event, "picture.png"))
    assert picture.content.startswith(b"\x89PNG") and picture["Cache-Control"].startswith("public")


def test_erasing_frees_the_place_and_forgets_who_it_was(client, mailoutbox):
    event = EventFactory(capacity=1)
    link = arrive(client, event, mailoutbox, "ada@people.example")
    arrive(client, event, mailoutbox, "second@people.example")
    data = client.post(f"{link}data/")
    assert data["Content-Type"] == "application/zip"
    assert client.post(f"{link}data/", {"erase": "1"}).status_code == 422
    assert client.post(f"{link}data/", {"erase": "1", "sure": "1"}).status_code == 200
    gone = Registration.objects.get(erased_at__isnull=False)
    assert (gone.name, gone.email, gone.state) == ("", "", "cancelled")
    assert state_of("second@people.example") == "offered" and is_counted_right(event)
    assert client.get(link).status_code == 410


def test_a_supporters_data_holds_their_registrations_and_erasing_takes_them_along(mailoutbox):
    pledge = PledgeFactory(email="ada@people.example", canonical_email="ada@people.example")
    organization = pledge.campaign.organization
    event = EventFactory(organization=organization, capacity=2)
    RegistrationFactory(event=event, email="ada@people.example", needs="a ramp")
    elsewhere = RegistrationFactory(email="ada@people.example")
    mine = Pledge.objects.filter(pk=pledge.pk)
    held = held_of(organization, mine, pledge.supporter, "")
    assert [row["needs"] for row in held["events"]] == ["a ramp"]
    erase_supporter(pledge=pledge)
    assert not Registration.objects.filter(event=event, email="ada@people.example").exists()
    elsewhere.refresh_from_db()
    assert elsewhere.name
    assert is_counted_right(event)


@pytest.mark.parametrize("by_link", [False, True])
def test_who_shares_an_address_keeps_their_registration_when_the_other_is_erased(client, by_link):
    """Of a household: each is known by name."""
    address = {"email": "home@people.example", "canonical_email": "home@people.example"}
    ada = PledgeFactory(name="Ada Lovelace", **address)
    PledgeFactory(campaign=ada.campaign, name="Ben Lovelace", name_key="ben lovelace", **address)
    vigil, hearing = EventFactory.create_batch(2, organization=ada.campaign.organization)
    hers = RegistrationFactory(event=vigil, name="ada  lovelace", email=address["email"])
    his = RegistrationFactory(event=hearing, name="Ben Lovelace", email=address["email"], needs="a ramp")
    mine = Pledge.objects.filter(pk=ada.pk)
    held = held_of(vigil.organization, mine, ada.supporter, "")
    assert [row["name"] for row in held["events"]] == ["ada  lovelace"]
    if by_link:
        client.post(own_page(hers, "data/"), {"erase": "1", "sure": "1"})
    else:
        erase_supporter(pledge=ada)
    hers.refresh_from_db()
    his.refresh_from_db()
    assert hers.erased_at and (his.name, his.needs) == ("Ben Lovelace", "a ramp")


def test_nothing_is_kept_of_who_never_confirmed(client):
    event = EventFactory(starts_at=clock.now() + timedelta(days=90), hold_hours=1)
    come(client, event)
    clock.move(timedelta(hours=2))
    seats.release_due()
    assert upkeep.forget_registrations() == 0
    clock.move(timedelta(days=30))
    upkeep.forget_registrations()
    assert not Registration.objects.exists()


def test_who_asked_never_to_be_written_to_gets_nothing(client, mailoutbox):
    event = EventFactory()
    link = arrive(client, event, mailoutbox, "ada@people.example")
    assert f"{link}stop/" in mailoutbox[-1].body
    client.post(f"{link}stop/")
    sent = len(mailoutbox)
    event_actions.cancel_event(event=event, because="", actor=None)
    outbox.send_due()
    assert len(mailoutbox) == sent


EVENT_MAILS = [kind.value for kind in MailKind if kind.startswith("event_")]


@pytest.mark.parametrize("kind", EVENT_MAILS)
def test_a_mail_about_an_event_says_when_why_it_came_and_how_to_end_it_twice_alike(kind):
    event = EventFactory(link="https://meet.example.org/secret")
    guest = RegistrationFactory(event=event)
    event_mails.owe(guest, kind, clock.now())
    mail = message(OutboxMail.objects.get())
    markup = html.unescape(strip_tags(mail.alternatives[0][0].replace("<br>", "\n")))
    for version in (mail.body, markup):
        assert event.title in version and guest.name in version
        assert when(event) in version and "You get this because" in version
    assert "/stop/" in mail.body and "/stop/" in mail.alternatives[0][0]
    with_link = {"event_place", "event_day", "event_hour", "event_changed"}
    assert ("secret" in mail.body) == ("secret" in markup) == (kind in with_link)


def test_a_full_event_says_how_many_wait(client):
    event = EventFactory(capacity=1, taken=1)
    assert "Nobody is on the waiting list yet." in client.get(page(event)).content.decode()
    other = EventFactory(capacity=1, taken=1)
    RegistrationFactory.create_batch(2, event=other, state="waiting", queued_at=clock.now())
    assert "2 people are on the waiting list." in client.get(page(other)).content.decode()
    assert "waiting list" not in client.get(page(EventFactory(capacity=5))).content.decode()
