"""From ready letters to accepted ones, over a real SMTP socket."""

from collections import Counter
from datetime import timedelta

import pytest

from campaigns.actions.drives import cancel_drive, pause_drive, resume_drive, schedule_drive
from campaigns.actions.pledges import withdraw_pledge
from campaigns.delivery import dispatcher, freeze, ledger, reaper, results, switch
from campaigns.delivery.rehearsal import rehearse
from campaigns.inbound.address import named_letter
from campaigns.models import Attempt, Drive, DriveState, Letter, LetterChange, Pledge
from contacts import clock
from contacts.models import ContactPoint, Suppression
from tests.factories import (
    DriveFactory,
    LetterFactory,
    LetterVersionFactory,
    PostFactory,
    UserFactory,
    reachable,
)

pytestmark = pytest.mark.django_db


def letters(count=3, **fields):
    drive = fields.pop("drive", None) or DriveFactory()
    return [
        LetterFactory(drive=drive, post=reachable(email=f"office{n}@assembly.example"), **fields)
        for n in range(count)
    ]


def send_all(minutes=70):
    """Tick and send while the clock goes on in steps smaller than what counts as a missed moment."""
    for _ in range(minutes // 5):
        dispatcher.prepare()
        while dispatcher.send_window():
            pass
        clock.move(timedelta(minutes=5))


def queue_all():
    """Tick, without sending, until the moments of all letters have come."""
    while Letter.objects.filter(state="ready").exists():
        dispatcher.prepare()
        clock.move(timedelta(minutes=1))


def test_every_due_letter_is_accepted_once_and_recorded(sink):
    for letter in letters(3):
        assert letter.state == "ready"
    send_all()
    assert [m.to for m in sink.mails()] and len(sink.mails()) == 3
    for letter in Letter.objects.all():
        assert letter.state == "sent"
        assert letter.sent_at and letter.accepted_by and letter.accepted_reply.startswith("250")
        assert [c.to_state for c in letter.history.all()] == ["queued", "claimed", "committing", "sent"]
        attempt = Attempt.objects.get(letter=letter)
        assert attempt.outcome == "accepted" and attempt.reply_code == 250


def test_a_pause_after_the_claim_stops_the_letter_before_its_dot(sink):
    letters(1)
    queue_all()
    claimed = ledger.claim("worker", 10)
    pause_drive(drive=Drive.objects.get(), actor=None)
    assert ledger.intend(claimed) == []
    ledger.release(claimed, "paused")
    assert Letter.objects.get().state == "queued"
    assert sink.mails() == []


def test_two_workers_never_claim_the_same_letter():
    letters(5)
    queue_all()
    first = ledger.claim("one", 3)
    second = ledger.claim("two", 10)
    assert len(first) == 3 and len(second) == 2
    assert not {x.pk for x in first} & {x.pk for x in second}


def claim_one():
    letters(1)
    queue_all()
    return ledger.claim("worker", 1)[0]


def test_a_worker_that_dies_before_the_intent_costs_nothing():
    letter = claim_one()
    clock.move(ledger.lease() + timedelta(seconds=1))
    assert reaper.reap().requeued == 1
    letter = Letter.objects.get()
    assert letter.state == "queued" and letter.crash_count == 1


def test_a_worker_that_dies_after_the_intent_leaves_an_uncertain_letter():
    letter = claim_one()
    assert ledger.intend([letter])
    clock.move(ledger.lease() + timedelta(seconds=1))
    assert reaper.reap().uncertain == 1
    letter = Letter.objects.get()
    assert letter.state == "uncertain"
    assert Attempt.objects.get().outcome == "uncertain"
    dispatcher.prepare()
    assert ledger.claim("worker", 5) == []  # never sent again blindly


def test_a_slow_worker_may_still_report_that_its_letter_was_accepted():
    from campaigns.channels.base import Accepted

    letter = claim_one()
    assert ledger.intend([letter])
    clock.move(ledger.lease() + timedelta(seconds=1))
    reaper.reap()
    assert results.record_all(
        [results.Result(letter.pk, letter.token, Accepted(250, "2.0.0 ok", "relay"), "relay")]
    )
    letter = Letter.objects.get()
    assert letter.state == "sent"


def test_a_lease_that_ran_out_forbids_the_intent():
    letter = claim_one()
    clock.move(ledger.lease())
    assert ledger.intend([letter]) == []


def test_a_letter_whose_worker_dies_five_times_is_held():
    letters(1)
    queue_all()
    for _ in range(5):
        assert len(ledger.claim("worker", 1)) == 1
        clock.move(ledger.lease() + timedelta(seconds=1))
        reaper.reap()
    letter = Letter.objects.get()
    assert letter.state == "held" and "5 times" in letter.note


def test_a_letter_to_a_vacant_seat_waits_and_leaves_when_somebody_sits_there(sink):
    drive = DriveFactory()
    post = PostFactory()
    LetterFactory(drive=drive, post=post)
    send_all()
    letter = Letter.objects.get()
    assert letter.state == "ready" and letter.note
    reachable(post)
    send_all()
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_a_dead_address_is_marked_and_the_next_one_is_tried(sink):
    post = reachable(email="gone@assembly.example")
    person = post.memberships.get().legislator
    ContactPoint.objects.create(office=person.offices.get(), kind="email", value="second@assembly.example")
    sink.refuse("gone@assembly.example", "550 5.1.1 no such mailbox")
    LetterFactory(drive=DriveFactory(), post=post)
    send_all()
    assert Letter.objects.get().state == "sent"
    assert [m.to for m in sink.mails()] == ["second@assembly.example"]
    assert ContactPoint.objects.get(value="gone@assembly.example").health == "failing"


def test_a_refused_letter_with_no_other_address_fails_and_its_supporter_is_told(sink):
    sink.refuse("office0@assembly.example", "550 5.1.1 no such mailbox")
    letters(1)
    send_all()
    letter = Letter.objects.get()
    assert letter.state == "failed"
    assert letter.pledge.mails.get().kind == "letter_failed"


def test_a_temporary_refusal_is_tried_again_later_with_the_same_bytes(sink):
    sink.refuse("office0@assembly.example", "451 4.7.1 later", times=1)
    letters(1)
    send_all()
    letter = Letter.objects.get()
    assert letter.state == "sent"
    assert letter.attempt_count == 2
    assert [c.to_state for c in letter.history.all()].count("deferred") == 1


def test_a_relay_that_is_away_touches_no_letter(settings):
    settings.EMAIL_PORT = 1  # nobody listens there
    letters(2)
    send_all()
    assert set(Letter.objects.values_list("state", flat=True)) == {"queued"}
    assert Attempt.objects.count() == 0
    assert set(Letter.objects.values_list("crash_count", flat=True)) == {0}


def test_cancelling_stops_what_has_not_left():
    drive = DriveFactory()
    letters(2, drive=drive)
    assert cancel_drive(drive=drive, actor=None) == (2, 0)
    assert set(Letter.objects.values_list("state", flat=True)) == {"cancelled"}
    assert LetterChange.objects.filter(to_state="cancelled").count() == 2


def test_a_scheduled_drive_starts_by_itself_and_finishes(sink):
    drive = DriveFactory(state="draft")
    letters(2, drive=drive)
    schedule_drive(drive=drive, actor=None)
    send_all()
    clock.move(timedelta(days=15))
    dispatcher.prepare()
    drive.refresh_from_db()
    assert drive.state == DriveState.FINISHED
    assert len(sink.mails()) == 2


def test_a_rehearsal_says_what_the_sending_does(sink):
    drive = DriveFactory(all_day=False, per_office_hour=2)
    post = reachable()
    for _ in range(7):
        LetterFactory(drive=drive, post=post)
    plan = rehearse(drive, with_moments=True)
    assert plan.planned == 7 and plan.too_late == 0
    assert max(n for _, n in plan.by_hour) <= 2
    dispatcher.prepare()
    stored = dict(Letter.objects.values_list("pk", "send_after"))
    assert stored.keys() == plan.moments.keys()
    # The clock went on between the two; a letter due at once is due a moment later.
    assert all(abs(at - plan.moments[pk]) < timedelta(seconds=30) for pk, at in stored.items())


def test_a_late_start_never_bursts(sink):
    drive = DriveFactory(per_office_hour=2)
    post = reachable()
    for _ in range(6):
        LetterFactory(drive=drive, post=post)
    dispatcher.prepare()
    clock.move(timedelta(hours=30))  # nothing ran for a day: every moment has passed
    dispatcher.prepare()
    while dispatcher.send_window():
        pass
    assert len(sink.mails()) <= 2


def test_nothing_leaves_outside_the_offices_hours(sink):
    drive = DriveFactory(all_day=False, weekdays=[])
    letters(2, drive=drive)
    send_all()
    assert sink.mails() == []


def test_test_letters_go_to_the_organizer_marked_and_uncounted(sink):
    organizer = UserFactory(email="olu@harbour.example")
    drive = DriveFactory(campaign__is_test=True, campaign__test_recipient=organizer)
    LetterFactory(drive=drive, post=reachable(), is_test=True)
    send_all()
    mail = sink.mails()[0]
    assert mail.to == "olu@harbour.example"
    assert mail.message["Subject"].startswith("[TEST]")
    assert Letter.objects.counted().count() == 0


def test_a_test_letter_to_a_vacant_seat_waits_and_goes_to_the_organizer_when_somebody_sits_there(sink):
    organizer = UserFactory(email="olu@harbour.example")
    drive = DriveFactory(campaign__is_test=True, campaign__test_recipient=organizer)
    post = PostFactory()
    LetterFactory(drive=drive, post=post, is_test=True)
    send_all()
    letter = Letter.objects.get()
    assert (letter.state, letter.note) == ("ready", "the seat is vacant") and sink.mails() == []
    reachable(post)
    send_all()
    assert sink.mails()[0].to == "olu@harbour.example"


def test_resuming_plans_anew_and_goes_on(sink):
    drive = DriveFactory()
    letters(1, drive=drive)
    pause_drive(drive=drive, actor=None)
    send_all()
    assert sink.mails() == []
    drive.refresh_from_db()
    resume_drive(drive=drive, actor=None)
    send_all()
    assert len(sink.mails()) == 1


def test_a_letter_put_back_after_its_drive_was_cancelled_is_cancelled_too():
    letter = claim_one()
    cancel_drive(drive=Drive.objects.get(), actor=None)
    assert ledger.intend([letter]) == []
    ledger.release([letter], "cancelled")
    dispatcher.prepare()
    letter = Letter.objects.get()
    assert letter.state == "cancelled"


def test_a_pledge_taken_back_stops_a_letter_that_was_about_to_leave():
    letter = claim_one()
    withdraw_pledge(pledge=Pledge.objects.get())
    assert ledger.intend([letter]) == []
    ledger.release([letter], "withdrawn")
    dispatcher.prepare()
    letter = Letter.objects.get()
    assert letter.state == "withdrawn"


def test_an_office_whose_time_zone_is_no_time_zone_stops_nobody_else(sink):
    drive = DriveFactory()
    bad = reachable(email="bad@assembly.example")
    bad.chamber.jurisdiction.time_zone = "Mars/Olympus"
    bad.chamber.jurisdiction.save()
    LetterFactory(drive=drive, post=bad)
    letters(1, drive=drive)
    send_all()
    assert sorted(Letter.objects.values_list("state", flat=True)) == ["ready", "sent"]
    assert "time zone" in Letter.objects.get(state="ready").note


def test_an_office_that_asked_us_to_stop_gets_nothing(sink):
    drive = DriveFactory()
    letter = letters(1, drive=drive)[0]
    Suppression.objects.create(
        organization=drive.campaign.organization,
        legislator=letter.post.memberships.get().legislator,
        reason="asked by mail",
        created_at=clock.now(),
    )
    send_all()
    assert sink.mails() == [] and Letter.objects.get().state == "held"


def test_where_a_letter_bounces_to_names_the_letter(sink, settings):
    settings.INBOUND_DOMAIN = "in.harbour.example"
    letter = letters(1)[0]
    send_all()
    (mail,) = sink.mails()
    assert named_letter(mail.sender) == ("bounce", letter.pk)


def test_each_of_many_letters_is_queued_with_its_own_words_and_until_its_offices_hours_end(
    django_assert_max_num_queries,
):
    drive = DriveFactory()
    version = LetterVersionFactory(group__campaign=drive.campaign)
    posts = [reachable(email=f"office{n}@assembly.example") for n in range(3)]
    letters = [
        LetterFactory(drive=drive, post=posts[n % 3], version=version, body=f"Words of person {n}.")
        for n in range(30)
    ]
    while Letter.objects.filter(state="ready", send_after__isnull=True).exists():
        dispatcher.prepare()
    clock.move(timedelta(hours=3))
    # One whose moment was at once is in the queue already.
    waiting = Letter.objects.filter(state="ready").count()
    # Not one per letter.
    with django_assert_max_num_queries(25):
        assert freeze.queue_due(500) == waiting >= 25
    for letter in letters:
        before = letter
        letter = Letter.objects.get(pk=before.pk)
        assert letter.state == "queued" and letter.window_closes > letter.queued_at
        assert before.body.encode() in letter.raw
        assert letter.recipient.encode() in letter.raw and letter.message_id.encode() in letter.raw
        assert letter.history.filter(from_state="ready", to_state="queued").count() == 1
    assert Letter.objects.values("message_id").distinct().count() == 30


def many_due(drive, count):
    """Letters whose moment has come, none of them queued."""
    version = LetterVersionFactory(group__campaign=drive.campaign)
    post = reachable()
    for _ in range(count):
        LetterFactory(drive=drive, post=post, version=version, send_after=clock.now())


def test_a_sender_fixes_what_is_due_itself_and_waits_for_no_tick(sink, monkeypatch):
    monkeypatch.setattr(dispatcher, "WINDOW", 4)
    monkeypatch.setattr(dispatcher, "QUEUE_AHEAD", 6)
    many_due(DriveFactory(), 20)
    dispatcher.prepare()
    assert Letter.objects.filter(state="queued").count() == 6
    assert dispatcher.send_windows(seconds=60) == 20
    assert len(sink.mails()) == 20


@pytest.mark.parametrize("stop", ["pause", "switch"])
def test_what_a_sender_has_not_fixed_yet_stays_its_writers_when_all_stops(sink, monkeypatch, stop):
    monkeypatch.setattr(dispatcher, "WINDOW", 4)
    monkeypatch.setattr(dispatcher, "QUEUE_AHEAD", 6)
    drive = DriveFactory()
    many_due(drive, 20)
    dispatcher.prepare()
    record = dispatcher.results.record_all

    def stops_after_the_second_window(seen):
        record(seen)
        if Letter.objects.filter(state="sent").count() == 6:
            if stop == "pause":
                pause_drive(drive=Drive.objects.get(), actor=None)
            else:
                switch.stop(reason="a mistake", actor=None)

    monkeypatch.setattr(dispatcher.results, "record_all", stops_after_the_second_window)
    assert dispatcher.send_windows(seconds=60) == 6
    assert Counter(Letter.objects.values_list("state", flat=True)) == {"sent": 6, "ready": 14}
