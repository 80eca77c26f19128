"""What stops letters on the whole installation: a refused login, and the operator's switch."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from campaigns.channels.base import AuthFailed
from campaigns.channels.email import SmtpSession
from campaigns.delivery import breaker, dispatcher, ledger, outbox, owed, switch
from campaigns.models import Attempt, Breaker, Letter, LetterChange, Sending, SendingChange
from contacts import clock
from contacts.clock import now
from contacts.models import AuditEntry
from tests import factories as make
from tests.campaigns.console import Desk, told, twice
from tests.campaigns.test_drives import letters, queue_all, send_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    return Desk(client, role="owner")


@pytest.fixture
def refused(monkeypatch):
    """A relay that refuses every login, until told otherwise; counts how often it was asked."""

    class Relay:
        asked, refuses = 0, True

    real = SmtpSession._connect

    def connect(session):
        Relay.asked += 1
        if Relay.refuses:
            raise AuthFailed("relay.example: SMTPAuthenticationError 535")
        return real(session)

    monkeypatch.setattr(SmtpSession, "_connect", connect)
    return Relay


def order(verb, *rest):
    out = StringIO()
    call_command("sending", verb, *rest, stdout=out)
    return out.getvalue()


# --- a login that is refused -------------------------------------------------------------------------------


def test_a_refused_login_pauses_mail_for_everyone_and_touches_no_letter(sink, refused):
    letters(3)
    queue_all()
    before = list(Letter.objects.order_by("pk").values())
    assert dispatcher.send_window() == 0
    for _ in range(5):
        assert dispatcher.prepare() == 0
        assert dispatcher.send_window() == 0
    assert refused.asked == 1
    assert list(Letter.objects.order_by("pk").values()) == before
    assert not Attempt.objects.exists() and not LetterChange.objects.filter(to_state="claimed").exists()


def test_after_a_while_one_worker_tries_and_when_it_may_all_leaves(sink, refused, settings):
    letters(3)
    queue_all()
    dispatcher.send_window()
    clock.move(timedelta(minutes=settings.LOGIN_PROBE_MINUTES))
    assert dispatcher.prepare() == 1
    assert breaker.turn_of("email") is breaker.Turn.PROBE
    assert breaker.turn_of("email") is breaker.Turn.WAIT  # the second worker does not try
    clock.move(timedelta(minutes=settings.LOGIN_PROBE_MINUTES))
    dispatcher.send_window()
    assert refused.asked == 2 and len(breaker.open_channels()) == 1
    refused.refuses = False
    clock.move(timedelta(minutes=settings.LOGIN_PROBE_MINUTES))
    send_all()
    assert breaker.open_channels() == []
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent"}


def test_the_console_and_the_health_page_raise_an_alarm(client, refused):
    desk = Desk(client, role="staff")
    assert "No letter leaves by mail" not in desk.read("console-home")
    dispatcher.send_window()
    for page in ("console-home", "campaign-list", "legislator-list"):
        assert "the mail server refuses our login" in desk.read(page)
    assert "535" in desk.read("sending")
    health = client.get("/readyz").json()
    assert health["sending"] == "login refused: email" and health["status"] != "ok"


def test_a_person_lets_the_channel_go_on_by_a_post_alone(sink, refused, desk):
    letters(1)
    queue_all()
    dispatcher.send_window()
    refused.refuses = False
    assert "no letter is touched" in desk.read("channel-resume", "email")
    assert breaker.open_channels()
    assert "Trying again" in told(desk.post("channel-resume", "email"))
    assert breaker.open_channels() == []
    assert AuditEntry.objects.get().verb == "resume channel"
    assert dispatcher.send_window() == 1
    assert "This channel is not paused" in desk.read("channel-resume", "email")


def test_the_command_lets_it_go_on_too(refused):
    dispatcher.send_window()
    assert "email is paused since" in order("status")
    assert "paused" not in order("resume", "email")
    with pytest.raises(CommandError, match="not paused"):
        order("resume", "email")


def test_a_relay_that_wants_a_login_after_the_greeting_is_tried_with_one_letter_at_a_time(sink, settings):
    letters(3)
    queue_all()
    for n in range(3):
        sink.refuse(f"office{n}@assembly.example", "530 5.7.0 authentication required")
    dispatcher.send_window()
    assert breaker.open_channels()
    assert set(Letter.objects.values_list("state", flat=True)) == {"queued"}
    clock.move(timedelta(minutes=settings.LOGIN_PROBE_MINUTES))
    mark = LetterChange.objects.count()
    dispatcher.send_window()
    assert LetterChange.objects.filter(to_state="claimed").count() == 4
    assert LetterChange.objects.count() == mark + 3
    assert breaker.open_channels()


def test_the_database_refuses_an_open_breaker_without_a_next_try():
    with pytest.raises(IntegrityError, match="breaker_open_has_probe"), transaction.atomic():
        Breaker.objects.create(kind="channel", name="email", opened_at=now())


# --- the switch --------------------------------------------------------------------------------------------


def test_once_it_is_stopped_nothing_begins_not_even_what_was_claimed(sink):
    letters(2)
    queue_all()
    claimed = ledger.claim("worker", 10)
    switch.stop(reason="wrong letter", actor=None)
    assert ledger.intend(claimed) == []
    ledger.release(claimed, "stopped")
    assert dispatcher.prepare() == 0 and dispatcher.send_window() == 0
    assert set(Letter.objects.values_list("state", flat=True)) == {"queued"}
    assert sink.mails() == []
    switch.start(actor=None)
    send_all()
    assert len(sink.mails()) == 2


def spread():
    """Twelve letters to one office that gets twelve an hour, planned."""
    drive, post = make.DriveFactory(per_office_hour=12), make.reachable()
    for _ in range(12):
        make.LetterFactory(drive=drive, post=post)
    dispatcher.prepare()


def tick_for(minutes):
    for _ in range(minutes // 5):
        clock.move(timedelta(minutes=5))
        dispatcher.prepare()


def test_starting_again_makes_no_burst():
    spread()
    switch.stop(reason="wrong letter", actor=None)
    tick_for(55)
    switch.start(actor=None)
    dispatcher.prepare()
    assert Letter.objects.filter(state="queued").count() <= 2
    tick_for(30)
    assert Letter.objects.filter(state="queued").count() <= 8


def test_a_login_that_is_mended_makes_no_burst(refused):
    spread()
    breaker.open_channel("email", "535")
    tick_for(55)
    assert breaker.close_channel("email")
    dispatcher.prepare()
    assert Letter.objects.filter(state="queued").count() <= 2


def test_mails_to_supporters_wait_too(sink, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    pledge = make.PledgeFactory(state="pending", confirmed_at=None)
    owed.owe(pledge, "confirm", now())
    switch.stop(reason="testing", actor=None)
    assert outbox.send_due() == 0
    switch.start(actor=None)
    assert outbox.send_due() == 1


def test_an_owner_stops_everything_after_a_page_that_says_what_will_happen(desk):
    other = make.OrganizationFactory()
    assert "Stop all sending" in desk.read("sending")
    assert "Mails to supporters wait too" in desk.read("sending-move", "stop")
    assert not switch.is_stopped()
    assert desk.post("sending-move", "stop", reason="").status_code == 422
    assert not switch.is_stopped()
    assert "All sending is stopped." in told(desk.post("sending-move", "stop", reason="The letter is wrong"))
    assert switch.is_stopped()
    for page in ("console-home", "campaign-list", "settings"):
        assert "All sending is stopped since" in desk.read(page)
        assert "The letter is wrong" in desk.read(page)
    ours = AuditEntry.objects.get(organization=desk.organization)
    theirs = AuditEntry.objects.get(organization=other)
    assert (ours.actor, ours.detail) == (desk.user, {"reason": "The letter is wrong"})
    assert (theirs.actor, theirs.verb) == (None, "stop all sending")
    assert SendingChange.objects.get().actor == desk.user
    twice(desk, "sending-move", "stop", says="It is stopped already.", reason="Again")
    desk.post("sending-move", "start")
    assert not switch.is_stopped()
    assert "All sending is stopped" not in desk.read("console-home")


def test_before_it_is_pressed_the_page_says_in_numbers_that_everybody_stops(desk):
    make.OrganizationFactory(is_partner_only=True)
    alone = (
        "It stops the whole installation: no other organisation sends from here, and 0 drives are under way."
    )
    assert alone in desk.read("sending") and alone in desk.read("sending-move", "stop")
    ours = make.DriveFactory(campaign=make.CampaignFactory(organization=desk.organization), state="running")
    for state in ("running", "running", "paused"):
        make.DriveFactory(campaign=make.CampaignFactory(organization=make.OrganizationFactory()), state=state)
    said = "not your organisation alone: 4 organisations with 3 drives under way. Of your own: 1."
    for name, args in (("sending", ()), ("sending-move", ("stop",))):
        assert said in desk.read(name, *args)
    assert desk.url("drive-move", ours.pk, "pause") in desk.get("sending").content.decode()


def test_everybody_whose_drives_stand_still_sees_who_when_why_and_what_to_do(client, desk, settings):
    settings.MFA_REQUIRED = False
    colleague = make.RoleFactory(organization=desk.organization, name="staff").user
    other = make.DriveFactory(
        campaign=make.CampaignFactory(organization=make.OrganizationFactory()), state="running"
    )
    desk.post("sending-move", "stop", reason="The letter is wrong")
    client.force_login(colleague)
    page = desk.read("console-home")
    assert f"by {desk.user}, for every organisation here: The letter is wrong" in page
    settings.EMBEDDED = False
    theirs = Desk(client, other.campaign.organization, "owner")
    page = theirs.read("sending")
    assert (
        "by somebody outside your organisation, for every organisation" in page and str(desk.user) not in page
    )
    assert (
        f"Your drives that stand still: {other.name}" in page and "ask whoever runs this installation" in page
    )
    drive = theirs.read("drive", other.pk)
    assert (
        "This drive stands still: all sending is stopped" in drive and "The next letters leave" not in drive
    )
    switch.start(actor=None)
    switch.stop(reason="a test of the brake", actor=None)
    assert "by whoever runs this installation, for every" in theirs.read("console-home")


def test_an_owner_who_shares_the_installation_does_not_stop_the_others(desk, settings):
    settings.EMBEDDED = False
    settings.MFA_REQUIRED = False
    make.OrganizationFactory()
    desk.user.is_staff = False
    desk.user.save()
    answer = desk.post("sending-move", "stop", reason="mine")
    assert answer.status_code in {302, 403}
    assert not switch.is_stopped()


def test_the_command_stops_starts_and_says_how_things_stand():
    assert "Sending is on." in order("status")
    assert "STOPPED since" in order("stop", "--reason", "wrong letter")
    assert "wrong letter" in order("status")
    with pytest.raises(CommandError, match="stopped already"):
        order("stop", "--reason", "again")
    assert "Sending is on." in order("start")
    with pytest.raises(CommandError, match="on already"):
        order("start")


def test_the_health_page_says_that_it_is_stopped(client):
    switch.stop(reason="testing", actor=None)
    assert client.get("/readyz").json()["sending"] == "stopped by an operator"


def test_the_database_keeps_one_switch_that_says_why():
    with pytest.raises(IntegrityError, match="sending_one_row"), transaction.atomic():
        Sending.objects.create(pk=2)
    with pytest.raises(IntegrityError, match="sending_stopped_says_when_and_why"), transaction.atomic():
        Sending.objects.update(state="stopped")
