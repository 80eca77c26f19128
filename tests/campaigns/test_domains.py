"""A mail server that refuses us as such: nothing further goes there, drives pause, and people hear of it."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from campaigns.delivery import dispatcher, domains, outbox
from campaigns.links import manage_token
from campaigns.models import Attempt, AttemptOutcome, Breaker, Drive, Letter, OutboxMail
from contacts import clock
from contacts.clock import now
from contacts.models import AuditEntry
from tests import factories as make
from tests.campaigns.console import Desk, told, words
from tests.campaigns.incoming import comes_in, sample
from tests.campaigns.test_drives import letters, queue_all

pytestmark = pytest.mark.django_db
BLOCK = "550 5.7.1 blocked, see lists.example (we know anna@assembly.example)"


@pytest.fixture
def desk(client):
    return Desk(client)


@pytest.fixture
def drive(desk):
    return make.DriveFactory(campaign__organization=desk.organization)


def letter_to(address, drive):
    return make.LetterFactory(drive=drive, post=make.reachable(email=address))


def refused(sink, drive, *, times=1000, others=2):
    """The first of several letters to one domain was refused because of us; one goes to another domain."""
    first = letter_to("first@assembly.example", drive)
    sink.refuse("first@assembly.example", BLOCK, times)
    queue_all()
    dispatcher.send_window()
    first.refresh_from_db()
    rest = [letter_to(f"office{n}@assembly.example", drive) for n in range(others)]
    elsewhere = letter_to("office@senate.example", drive)
    return first, rest, elsewhere


def tick(times=8):
    """Tick and send while the clock goes on in steps smaller than what counts as a missed moment."""
    for _ in range(times):
        dispatcher.prepare()
        dispatcher.send_window()
        clock.move(timedelta(minutes=5))


def go_on(desk, domain="assembly.example"):
    return told(desk.post("domain-resume", domain))


def states():
    return dict(Letter.objects.values_list("recipient", "state"))


def test_a_refusal_of_us_stops_the_domain_pauses_the_drive_and_keeps_the_letter(sink, drive):
    first, _rest, _elsewhere = refused(sink, drive)
    assert first.state == "deferred" and first.note.startswith("550 5.7.1 blocked")
    attempt = Attempt.objects.get(letter=first)
    assert (attempt.outcome, attempt.enhanced_code) == ("refused", "5.7.1")
    breaker = Breaker.objects.get(kind="domain")
    assert breaker.name == "assembly.example" and breaker.opened_at and breaker.probe_at is None
    assert "anna@" not in breaker.said and "550 5.7.1 blocked" in breaker.said
    drive.refresh_from_db()
    assert (drive.state, drive.epoch, drive.paused_by) == ("paused", 1, breaker)
    change = drive.history.get(to_state="paused")
    assert change.actor is None and change.reason.startswith("assembly.example refuses our mail: 550 5.7.1")
    assert AuditEntry.objects.get(verb="pause drive").detail == {"domain": "assembly.example"}


def test_every_running_drive_with_letters_for_the_domain_pauses_and_no_other(sink, drive):
    theirs, other = make.DriveFactory(), make.DriveFactory()
    letter_to("second@assembly.example", theirs), letter_to("office@senate.example", other)
    refused(sink, drive)
    assert Drive.objects.get(pk=theirs.pk).state == "paused"
    assert Drive.objects.get(pk=other.pk).state == "running"


def test_a_drive_that_is_resumed_by_itself_goes_on_without_the_domain(sink, drive, desk):
    refused(sink, drive)
    assert "Letters to assembly.example wait on" in desk.read("drive-move", drive.pk, "resume")
    desk.post("drive-move", drive.pk, "resume")
    tick()
    assert [mail.to for mail in sink.mails()] == ["office@senate.example"]
    assert sink.asked["first@assembly.example"] == 1
    assert Letter.objects.filter(state__in=["ready", "deferred"]).count() == 3
    assert domains.is_stopped("assembly.example")


def test_once_a_person_says_so_one_letter_goes_first_and_the_rest_when_it_has_not_come_back(
    sink, drive, desk
):
    _first, rest, _elsewhere = refused(sink, drive, times=1)
    page = desk.read("domain-resume", "assembly.example")
    assert "One letter goes to assembly.example first" in page and "“First wave” is resumed" in page
    assert domains.is_stopped("assembly.example") and Drive.objects.get().state == "paused"
    assert "One letter goes to assembly.example first" in go_on(desk)
    drive.refresh_from_db()
    assert (drive.state, drive.paused_by) == ("running", None)
    queue_all()
    dispatcher.prepare()
    dispatcher.send_window()
    taken = [mail.to for mail in sink.mails() if mail.to.endswith("@assembly.example")]
    assert len(taken) == 1
    tick(2)
    assert len([mail for mail in sink.mails() if mail.to.endswith("@assembly.example")]) == 1
    tick()
    assert set(states().values()) == {"sent"} and len(sink.mails()) == 4
    assert not domains.is_stopped("assembly.example")
    assert AuditEntry.objects.filter(verb="resume domain", actor=desk.user).count() == 1


def test_a_probe_that_comes_back_as_a_bounce_keeps_the_domain_stopped(sink, drive, desk):
    refused(sink, drive, times=1)
    go_on(desk)
    queue_all()
    dispatcher.prepare()
    dispatcher.send_window()
    probe = Breaker.objects.get(kind="domain").probe
    assert probe.state == "sent"
    bounce = sample("bounce-exchange-blocked", probe)
    comes_in(bounce.replace(b"kim@assembly.example", probe.recipient.encode()))
    tick()
    probe.refresh_from_db()
    assert probe.state == "queued" and domains.is_stopped("assembly.example")
    taken = [mail.to for mail in sink.mails() if mail.to.endswith("@assembly.example")]
    assert taken == [probe.recipient]


def test_a_probe_that_is_refused_leaves_the_others_alone_and_tells_people_again(sink, drive, desk):
    _first, rest, _elsewhere = refused(sink, drive)
    for letter in rest:
        sink.refuse(letter.post.memberships.get().legislator.offices.get().contact_points.get().value, BLOCK)
    go_on(desk)
    tick(15)
    assert sum(n for address, n in sink.asked.items() if address.endswith("@assembly.example")) == 2
    assert [mail.to for mail in sink.mails()] == ["office@senate.example"]
    assert domains.is_stopped("assembly.example")
    assert Drive.objects.get().state == "running"
    assert OutboxMail.objects.filter(kind="alarm").count() == 2


def test_a_domain_that_took_its_probe_has_a_single_refused_letter_held_and_not_the_drive(sink, drive, desk):
    first, _rest, _elsewhere = refused(sink, drive)
    go_on(desk)
    tick(15)
    first.refresh_from_db()
    assert first.state == "held" and first.note.startswith("550 5.7.1 blocked")
    assert [c.to_state for c in first.history.all()][-2:] == ["deferred", "held"]
    assert Drive.objects.get().state == "running" and len(sink.mails()) == 3
    assert not domains.is_stopped("assembly.example")


def test_where_only_the_refused_letter_is_left_it_is_the_one_that_is_tried(sink, drive, desk):
    first, _rest, _elsewhere = refused(sink, drive, times=1, others=0)
    go_on(desk)
    tick(6)
    first.refresh_from_db()
    assert first.state == "sent" and not domains.is_stopped("assembly.example")


def test_many_refusals_at_a_time_stop_a_domain_that_had_taken_its_probe(sink, drive):
    at = now()
    Breaker.objects.create(kind="domain", name="assembly.example", trusted_until=at + timedelta(hours=1))
    for n in range(domains.MANY_REFUSALS):
        letter_to(f"office{n}@assembly.example", drive)
        sink.refuse(f"office{n}@assembly.example", BLOCK)
    queue_all()
    dispatcher.send_window()
    assert domains.is_stopped("assembly.example") and Drive.objects.get().state == "paused"
    assert set(Letter.objects.values_list("state", flat=True)) == {"deferred"}


def test_refusals_that_come_slowly_stop_nothing(drive):
    Breaker.objects.create(kind="domain", name="assembly.example", trusted_until=now() + timedelta(hours=9))
    letter = make.LetterFactory(drive=drive, domain="assembly.example")
    for _ in range(2 * domains.MANY_REFUSALS):
        domains.note_refusals({letter.pk: BLOCK})
        clock.move(timedelta(minutes=6))
    assert not domains.is_stopped("assembly.example")


def test_owners_and_organizers_get_one_mail_for_one_opening(sink, drive, desk, mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    owner = make.RoleFactory(organization=desk.organization, name="owner").user
    make.RoleFactory(organization=desk.organization, name="owner", user=desk.user)  # both, still one mail
    make.RoleFactory(organization=desk.organization, name="staff")
    make.RoleFactory(name="organizer")  # somebody else's
    first, _rest, _elsewhere = refused(sink, drive)
    domains.note_refusals({first.pk: BLOCK})
    assert outbox.send_due() == 2 and outbox.send_due() == 0
    assert {mail.to[0] for mail in mailoutbox} == {desk.user.email, owner.email}
    mail = mailoutbox[0]
    assert mail.subject == "assembly.example refuses our letters"
    assert "550 5.7.1 blocked" in mail.body and "First wave" in mail.body and "anna@" not in mail.body
    assert f"/{desk.organization.slug}/sending/" in mail.body
    assert mail.extra_headers["Auto-Submitted"] == "auto-generated"


def test_an_alarm_that_is_over_is_not_mailed_any_more(sink, drive, desk, mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    refused(sink, drive)
    Breaker.objects.update(opened_at=None)
    assert outbox.send_due() == 0
    assert OutboxMail.objects.get().state == "dropped"


def test_the_console_and_the_health_page_say_so(sink, drive, desk, client):
    assert "refuses our letters" not in desk.read("console-home")
    refused(sink, drive)
    assert "assembly.example refuses our letters" in desk.read("console-home")
    assert "Paused because assembly.example refuses our letters" in desk.read("drive", drive.pk)
    page = desk.read("sending")
    assert "Stopped: letters to assembly.example" in page and "550 5.7.1 blocked" in page
    health = client.get("/readyz").json()
    assert health["sending"] == "mail refused by: assembly.example" and health["status"] != "ok"


def test_an_organisation_without_letters_there_hears_nothing_of_it(sink, drive, client):
    refused(sink, drive)
    stranger = Desk(client)
    for page in ("console-home", "sending"):
        assert "assembly.example" not in stranger.read(page)
    assert "Nothing is stopped there" in stranger.read("domain-resume", "assembly.example")


def test_one_organisation_resumes_its_own_drives_only(sink, drive, desk):
    theirs = make.DriveFactory()
    letter_to("second@assembly.example", theirs)
    refused(sink, drive)
    go_on(desk)
    assert Drive.objects.get(pk=drive.pk).state == "running"
    assert Drive.objects.get(pk=theirs.pk).state == "paused"


def test_an_organisation_without_letters_there_can_not_start_it_again(sink, drive, client):
    refused(sink, drive)
    go_on(Desk(client))
    assert Breaker.objects.get(name="assembly.example").probe_at is None


def test_staff_see_it_and_cannot_let_it_go_on(sink, drive, desk, client):
    refused(sink, drive)
    staff = Desk(client, organization=desk.organization, role="staff")
    assert "Stopped: letters to assembly.example" in staff.read("sending")
    assert staff.post("domain-resume", "assembly.example").status_code == 403
    assert domains.waiting_for_a_person().exists()


def test_a_supporter_reads_that_it_is_not_about_their_letter(sink, drive, client):
    first, rest, _elsewhere = refused(sink, drive)
    for letter in (first, rest[0]):
        Letter.objects.filter(pk=letter.pk).update(domain="assembly.example")
        page = words(client.get(f"/p/{manage_token(letter.pledge)}/"))
        assert "That is about us, not about your letter" in page
        assert "could not be delivered" not in page


def test_operators_let_it_go_on_with_a_command(sink, drive):
    refused(sink, drive)

    def order(*words):
        out = StringIO()
        call_command("sending", *words, stdout=out)
        return out.getvalue()

    assert "assembly.example refuses our mail since" in order("status")
    assert "a letter is being tried" in order("resume", "assembly.example")
    assert Drive.objects.get().state == "running"
    with pytest.raises(CommandError, match=r"senate\.example is no channel or mail domain"):
        order("resume", "senate.example")


def test_a_window_that_had_begun_finishes(sink, drive):
    """Three letters share a window; the refusal of the first stops what comes after it, not the window."""
    for letter in letters(3, drive=drive):
        assert letter.state == "ready"
    sink.refuse("office0@assembly.example", BLOCK)
    queue_all()
    dispatcher.send_window()
    assert sorted(states().values()) == ["deferred", "sent", "sent"]
    assert Attempt.objects.filter(outcome=AttemptOutcome.REFUSED).count() == 1


def test_the_database_keeps_a_probe_to_domains_that_may_be_tried():
    letter = make.LetterFactory()
    with pytest.raises(IntegrityError, match="breaker_probe_was_allowed"), transaction.atomic():
        Breaker.objects.create(kind="domain", name="x.example", opened_at=now(), probe=letter)
    with pytest.raises(IntegrityError, match="outbox_to_one_person"), transaction.atomic():
        OutboxMail.objects.create(
            organization=letter.drive.campaign.organization, kind="alarm", not_before=now(), created_at=now()
        )
