"""What comes back: by which door, for which letter, and what follows for letter, office and supporter."""

import base64
import logging
from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.db import DatabaseError, IntegrityError, transaction

from campaigns import tasks
from campaigns.actions.batches import mark_posted
from campaigns.actions.drives import pause_drive, resume_drive
from campaigns.actions.pledges import withdraw_pledge
from campaigns.delivery import batches, domains, inbound, maildir, patience
from campaigns.inbound.address import named_letter, reply_address, return_path
from campaigns.links import manage_token
from campaigns.models import Breaker, Drive, InboundMail, LetterChange, OutboxMail, PrintBatch
from contacts import clock
from contacts.models import ContactPoint, Supporter
from tests import factories as make
from tests.campaigns.console import Desk, words
from tests.campaigns.incoming import DOMAIN, KIM, comes_in, pipe, sample, sent_letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mail_comes_in(settings):
    settings.INBOUND_DOMAIN = DOMAIN


def goes_on(hours):
    """Hours pass, with a tick in each."""
    for _hour in range(hours):
        clock.move(timedelta(hours=1))
        tasks.tick()


def reasons(letter):
    return list(LetterChange.objects.filter(letter=letter).values_list("to_state", flat=True))


def to_supporters():
    tasks.send_outbox()
    return django_mail.outbox


# Addresses ------------------------------------------------------------------------------------------


def test_a_letter_asks_for_answers_at_an_address_of_ours(sink):
    letter = sent_letter()
    arrived = sink.kept[0].message
    address = arrived["Reply-To"].addresses[0]
    assert address.addr_spec == reply_address(letter.pk)
    assert address.display_name == letter.pledge.name
    assert "Auto-Submitted" not in arrived


def test_without_a_domain_answers_go_to_the_supporter(sink, settings):
    settings.INBOUND_DOMAIN = ""
    letter = sent_letter()
    assert sink.kept[0].message["Reply-To"].addresses[0].addr_spec == letter.pledge.email
    assert return_path(letter.pk, "harbour.example") == "letters@harbour.example"


def test_an_operator_may_leave_answers_to_the_supporter_and_still_hear_of_bounces(sink, settings):
    settings.INBOUND_REPLIES = "supporter"
    letter = sent_letter()
    assert sink.kept[0].message["Reply-To"].addresses[0].addr_spec == letter.pledge.email
    assert named_letter(return_path(letter.pk, "harbour.example")) == ("bounce", letter.pk)


def test_only_addresses_that_we_made_name_a_letter(settings):
    letter = make.LetterFactory()
    good = reply_address(letter.pk)
    assert named_letter(good) == named_letter(good.upper()) == ("reply", letter.pk)
    local, _at, domain = good.partition("@")
    for place in range(len("reply+"), len(local)):
        other = "b" if local[place] != "b" else "c"
        assert named_letter(f"{local[:place]}{other}{local[place + 1 :]}@{domain}") is None
    token = local.partition("+")[2]
    assert named_letter(f"bounce+{token}@{DOMAIN}") is None  # made for another purpose
    assert named_letter(f"{local}@elsewhere.example") is None
    for broken in (
        "reply+@" + DOMAIN,
        f"reply+{token}x@{DOMAIN}",
        f"reply+ä@{DOMAIN}",
        "",
        "reply",
        f"reply+{'=' * 42}@{DOMAIN}",
    ):
        assert named_letter(broken) is None
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", [settings.SECRET_KEY]
    assert named_letter(good) == ("reply", letter.pk)
    settings.SECRET_KEY_FALLBACKS = []
    assert named_letter(good) is None


def test_addresses_fit_into_what_mail_servers_take():
    letter = make.LetterFactory()
    for address in (reply_address(letter.pk), return_path(letter.pk, "x")):
        assert len(address.partition("@")[0]) <= 64


# Doors ----------------------------------------------------------------------------------------------


def test_a_mail_is_kept_before_it_is_read(sink):
    letter = sent_letter()
    raw = sample("reply-top-posted", letter)
    pipe(raw, "--to", reply_address(letter.pk))
    kept = InboundMail.objects.get()
    assert kept.state == "kept" and bytes(kept.raw) == raw
    tasks.read_inbound()
    kept.refresh_from_db()
    assert kept.state == "matched" and bytes(kept.raw) == raw


def test_the_same_mail_twice_is_one_row_and_one_mail_to_the_supporter(sink):
    letter = sent_letter()
    for _ in range(3):
        comes_in(sample("reply-top-posted", letter))
    assert InboundMail.objects.count() == 1
    assert len(to_supporters()) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        kept = InboundMail.objects.get()
        InboundMail.objects.create(sha256=kept.sha256, received_at=kept.received_at)


def test_a_mail_too_large_to_keep_is_refused_at_the_pipe(monkeypatch):
    monkeypatch.setattr("campaigns.delivery.inbound.LARGEST", 1000)
    monkeypatch.setattr("campaigns.management.commands.ingest_mail.LARGEST", 1000)
    with pytest.raises(SystemExit) as ended:
        pipe(b"x" * 1001)
    assert ended.value.code == 65
    assert not InboundMail.objects.exists()


def test_a_pipe_tells_the_mail_server_to_try_again_when_nothing_can_be_kept(monkeypatch):
    def broken(*args):
        raise DatabaseError("no connection")

    monkeypatch.setattr("campaigns.management.commands.ingest_mail.keep", broken)
    with pytest.raises(SystemExit) as ended:
        pipe(b"Subject: x\n\ny")
    assert ended.value.code == 75


@pytest.fixture
def folder(tmp_path, settings):
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    settings.INBOUND_MAILDIR = str(tmp_path)
    return tmp_path


def test_a_maildir_is_emptied_into_the_database(sink, folder):
    letter = sent_letter()
    (folder / "new" / "1.a.host").write_bytes(sample("reply-top-posted", letter))
    (folder / "new" / "2.b.host").write_bytes(sample("bounce-exim-delayed", letter))
    (folder / "tmp" / "3.c.host").write_bytes(b"half a ma")
    tasks.read_inbound()
    assert sorted(InboundMail.objects.values_list("kind", flat=True)) == ["bounce", "reply"]
    assert list((folder / "new").iterdir()) == []
    assert (folder / "tmp" / "3.c.host").exists()


def test_a_maildir_keeps_what_could_not_be_stored(folder, monkeypatch):
    (folder / "new" / "1.a.host").write_bytes(b"Subject: x\n\ny")

    def broken(*args):
        raise DatabaseError("no connection")

    monkeypatch.setattr("campaigns.delivery.maildir.keep", broken)
    with pytest.raises(DatabaseError):
        maildir.collect()
    assert (folder / "new" / "1.a.host").exists()


def test_a_mail_too_large_is_put_aside_in_the_maildir(folder, monkeypatch):
    monkeypatch.setattr("campaigns.delivery.maildir.LARGEST", 10)
    (folder / "new" / "1.a.host").write_bytes(b"Subject: far too large")
    assert maildir.collect() == 0
    assert [path.name for path in (folder / "cur").iterdir()] == ["1.a.host:2,F"]


def basic(secret):
    return "Basic " + base64.b64encode(secret.encode()).decode()


@pytest.fixture
def service(settings):
    settings.INBOUND_PROVIDER = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": "outside:a long word"}
    return basic("outside:a long word")


def postmark_mail(raw, to):
    """What Postmark posts for a mail it took, with the raw mail included."""
    return {
        "FromFull": {"Email": KIM, "Name": ""},
        "OriginalRecipient": to,
        "Date": "Tue, 13 Jan 2026 10:00:00 +0000",
        "MessageID": "b7bc2f4a-e38e-4336-af7d-e6c392c2f817",
        "RawEmail": raw.decode(),
    }


def test_a_mail_service_brings_a_mail(client, sink, service):
    letter = sent_letter()
    raw = sample("reply-top-posted", letter, token=False, named=False)
    data = postmark_mail(raw, reply_address(letter.pk))
    url = "/inbound/postmark/inbound/"
    answer = client.post(url, data, content_type="application/json", headers={"authorization": service})
    assert answer.status_code == 200
    tasks.read_inbound()
    kept = InboundMail.objects.get()
    assert (kept.kind, kept.letter, kept.matched_by) == ("reply", letter, "reply address")


def test_a_stranger_can_not_pass_for_the_mail_service(client, service):
    data = postmark_mail(sample("reply-top-posted"), "reply@in.harbour.example")
    for header in ({}, {"authorization": basic("outside:a wrong word")}):
        answer = client.post(
            "/inbound/postmark/inbound/", data, content_type="application/json", headers=header
        )
        assert answer.status_code == 400
    assert not InboundMail.objects.exists()


def test_other_services_and_an_unset_secret_are_not_found(client, service, settings):
    for path in ("mailgun/inbound", "postmark/nothing"):
        assert client.post(f"/inbound/{path}/", headers={"authorization": service}).status_code == 404
    settings.ANYMAIL = {"WEBHOOK_SECRET": ""}
    assert client.post("/inbound/postmark/inbound/").status_code == 404


def bounce_event(letter, **changes):
    return {
        "RecordType": "Bounce",
        "ID": 4323372036854775807,
        "Type": "HardBounce",
        "TypeCode": 1,
        "MessageID": "2706ee8a-737c-4285-b032-ccd317af53ed",
        "Description": "The server was unable to deliver your message.",
        "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
        "Email": letter.recipient,
        "BouncedAt": "2026-01-13T16:33:54Z",
        "Metadata": {"message-id": letter.message_id},
        **changes,
    }


def test_a_mail_service_tells_of_a_bounce_once(client, sink, service):
    letter = sent_letter()
    for _ in range(2):
        answer = client.post(
            "/inbound/postmark/tracking/",
            bounce_event(letter),
            content_type="application/json",
            headers={"authorization": service},
        )
        assert answer.status_code == 200
    tasks.read_inbound()
    kept = InboundMail.objects.get()
    assert (kept.kind, kept.status, kept.letter) == ("bounce", "5.1.1", letter)
    letter.refresh_from_db()
    assert letter.state == "failed"
    assert letter.contact_point.health == "failing"


def test_good_news_and_news_of_other_mails_are_not_kept(client, sink, service):
    letter = sent_letter()
    for event in (
        bounce_event(letter, Metadata={}),
        {"RecordType": "Open", "MessageID": "x", "Recipient": KIM, "ReceivedAt": "2026-01-13T16:33:54Z"},
    ):
        client.post(
            "/inbound/postmark/tracking/",
            event,
            content_type="application/json",
            headers={"authorization": service},
        )
    assert not InboundMail.objects.exists()


# Which letter ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("token", "named", "name", "how"),
    [
        (True, False, "reply-top-posted", "reply address"),
        (False, True, "reply-top-posted", "Message-ID"),
        (False, True, "reply-only-quoted-id", "quoted Message-ID"),
        (True, False, "bounce-qmail", "bounce address"),
        (False, True, "bounce-postfix-headers-only", "Message-ID"),
        (False, True, "bounce-exim", "quoted Message-ID"),
        (False, True, "complaint-arf", "Message-ID"),
    ],
)
def test_a_mail_finds_its_letter(sink, token, named, name, how):
    letter, _other = sent_letter(), sent_letter()
    kept = comes_in(sample(name, letter, token=token, named=named))
    assert (kept.letter, kept.matched_by) == (letter, how)


def test_the_address_a_mail_was_delivered_for_counts_too(sink):
    letter = sent_letter()
    raw = sample("reply-spoofed-token")
    assert comes_in(raw, "--to", reply_address(letter.pk)).letter == letter


def test_forged_and_foreign_tokens_match_nothing(sink):
    letter = sent_letter()
    kept = comes_in(sample("reply-spoofed-token", letter))
    assert (kept.state, kept.letter) == ("unmatched", None)
    raw = sample("reply-top-posted", letter, named=False)
    turned = reply_address(letter.pk).replace("reply+", "bounce+").encode()
    kept = comes_in(raw.replace(reply_address(letter.pk).encode(), turned))
    assert kept.state == "unmatched"
    letter.refresh_from_db()
    assert letter.state == "sent" and to_supporters() == []


def test_a_mail_that_can_not_be_read_waits_without_blocking_the_pipe(sink, monkeypatch):
    letter = sent_letter()

    def broken(raw):
        raise RuntimeError

    pipe(sample("reply-top-posted", letter))
    with monkeypatch.context() as patched:
        patched.setattr(inbound, "classify", broken)
        for _ in range(inbound.MAX_ATTEMPTS):
            with pytest.raises(RuntimeError):
                inbound.read_kept()
        assert inbound.read_kept() == 0  # given up, and still kept
    kept = InboundMail.objects.get()
    assert kept.state == "kept" and kept.raw


# What follows ---------------------------------------------------------------------------------------


def test_a_dead_address_fails_and_the_letter_goes_to_the_next_one(sink):
    post = make.reachable(email=KIM)
    office = ContactPoint.objects.get(value=KIM).office
    make.ContactPointFactory(office=office, value="second@assembly.example")
    letter = sent_letter(post=post)
    comes_in(sample("bounce-postfix-unknown-user", letter))
    letter.refresh_from_db()
    assert reasons(letter)[-2:] == ["bounced", "queued"]
    point = ContactPoint.objects.get(value=KIM)
    assert point.health == "failing" and "User unknown" in point.health_reason
    for _ in range(10):
        tasks.tick()
        clock.move(timedelta(minutes=1))
    letter.refresh_from_db()
    assert letter.state == "sent"
    assert [kept.to for kept in sink.kept] == [KIM, "second@assembly.example"]
    assert to_supporters() == []


def test_a_bounce_during_a_pause_waits_for_the_drive_to_go_on(sink):
    post = make.reachable(email=KIM)
    office = ContactPoint.objects.get(value=KIM).office
    make.ContactPointFactory(office=office, value="second@assembly.example")
    letter = sent_letter(post=post)
    pause_drive(drive=letter.drive, actor=None)
    comes_in(sample("bounce-postfix-unknown-user", letter))
    letter.refresh_from_db()
    assert letter.state == "queued" and to_supporters() == []
    tasks.tick()
    assert len(sink.kept) == 1
    resume_drive(drive=Drive.objects.get(), actor=None)
    tasks.tick()
    assert [kept.to for kept in sink.kept] == [KIM, "second@assembly.example"]


def test_a_letter_that_came_back_and_goes_on_by_post_is_not_called_posted(client, sink):
    post = make.reachable(email=KIM)
    office = ContactPoint.objects.get(value=KIM).office
    make.ContactPointFactory(office=office, kind="postal", value="1 Assembly Square; Harbour Town 10101")
    letter = sent_letter(post=post)
    comes_in(sample("bounce-qmail", letter))
    letter.refresh_from_db()
    assert (letter.state, letter.channel, letter.accepted_by) == ("queued", "print", "")
    desk = Desk(client, letter.drive.campaign.organization)
    page = desk.read("letter", letter.pk)
    assert "Waits to be printed and posted" in page and "Accepted by a mail server" in page
    assert "Posted" not in page
    batches.make_batches(letter.drive_id)
    mark_posted(batch=PrintBatch.objects.get(), actor=desk.user)
    own_page = words(client.get(f"/p/{manage_token(letter.pledge)}/"))
    assert "Came back after it had been accepted" in own_page and "Posted in a window envelope" in own_page


def test_without_another_address_the_supporter_gets_the_text_back(sink):
    letter = sent_letter()
    comes_in(sample("bounce-exchange", letter))
    letter.refresh_from_db()
    assert letter.state == "failed"
    (told,) = to_supporters()
    assert told.to == [letter.pledge.email] and "Please vote for it." in told.body


def test_a_letter_that_a_full_mailbox_gave_back_is_tried_again_and_keeps_its_words(sink):
    letter = sent_letter()
    kept = comes_in(sample("bounce-full-mailbox", letter))
    assert kept.status == "5.2.2" and "quota" in kept.note
    letter.refresh_from_db()
    assert letter.contact_point.health == "suspect"
    assert reasons(letter)[-2:] == ["bounced", "deferred"]
    goes_on(hours=5)
    letter.refresh_from_db()
    assert letter.state == "sent"
    first, again = sink.kept
    assert first.message["Message-ID"] == again.message["Message-ID"]


def test_a_mailbox_that_stays_full_for_five_days_is_given_up(sink, client):
    letter = sent_letter()
    for day in range(6):
        comes_in(b"X-Queue-ID: %d\n" % day + sample("bounce-full-mailbox", letter))
        goes_on(hours=24)
    letter.refresh_from_db()
    assert reasons(letter)[-2:] == ["bounced", "failed"]
    (told,) = to_supporters()
    assert "Please vote for it." in told.body
    assert "Came back" in Desk(client, letter.drive.campaign.organization).read("letter", letter.pk)


def test_a_letter_put_off_once_before_a_long_pause_is_not_given_up_at_its_second_try(sink):
    letter = sent_letter()
    comes_in(sample("bounce-full-mailbox", letter))
    pause_drive(drive=letter.drive, actor=None)
    clock.move(timedelta(days=9))
    resume_drive(drive=Drive.objects.get(pk=letter.drive_id), actor=None)
    goes_on(hours=5)
    letter.refresh_from_db()
    assert letter.state == "sent"
    comes_in(b"X-Queue-ID: 2\n" + sample("bounce-full-mailbox", letter))
    assert reasons(letter)[-2:] == ["bounced", "deferred"]


def tried(letter, days_ago, outcome, code, text):
    at = clock.now() - timedelta(days=days_ago)
    number = letter.attempts.count() + 1
    letter.attempts.create(
        number=number, lease_token=number, outcome=outcome, reply_code=code, reply_text=text,
        started_at=at, ended_at=at,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "text", "is_given_up"),
    [
        (451, "4.2.1 mailbox busy", True),
        (552, "5.2.2 mailbox full", True),
        (550, "5.7.1 blocked by policy", False),
    ],
)
def test_only_what_the_mailbox_itself_put_off_over_days_gives_an_address_up(code, text, is_given_up):
    letter = make.LetterFactory()
    for days_ago in (6, 4, 2):
        tried(letter, days_ago, "deferred" if code < 500 else "refused", code, text)
    assert patience.is_given_up(letter, clock.now()) is is_given_up


@pytest.mark.parametrize(
    "row",
    [
        ("deferred", "deferred", "on to the next address"),
        ("claimed", "queued", "421 busy; on to the next address"),
        ("held", "ready", "the address works again"),
    ],
)
def test_patience_begins_anew_with_another_address_and_when_a_letter_goes_on(row):
    letter = make.LetterFactory()
    for days_ago in (6, 4, 2):
        tried(letter, days_ago, "deferred", 451, "4.2.1 mailbox busy")
    from_state, to_state, reason = row
    letter.history.create(
        from_state=from_state, to_state=to_state, reason=reason, at=clock.now() - timedelta(days=3)
    )
    assert not patience.is_given_up(letter, clock.now())


def test_a_mailbox_that_stays_full_hands_its_letters_to_the_offices_next_address(sink):
    post = make.reachable(email=KIM)
    office = post.memberships.get().legislator.offices.get()
    make.ContactPointFactory(office=office, value="later@assembly.example")
    letter = sent_letter(post=post)
    for day in range(6):
        comes_in(b"X-Queue-ID: %d\n" % day + sample("bounce-full-mailbox", letter))
        goes_on(hours=24)
    letter.refresh_from_db()
    assert (letter.state, letter.recipient) == ("sent", "later@assembly.example")


def test_a_block_says_nothing_of_the_address_and_stops_what_else_would_go_there(sink):
    letter = sent_letter()
    comes_in(sample("bounce-exchange-blocked", letter))
    letter.refresh_from_db()
    assert letter.state == "queued" and letter.contact_point.health == "ok"
    assert letter.drive.state == "paused" and domains.is_stopped(letter.domain)
    assert not letter.pledge.mails.exists()


def test_a_block_that_comes_back_while_others_are_taken_holds_that_letter(sink):
    letter = sent_letter()
    Breaker.objects.create(kind="domain", name=letter.domain, trusted_until=clock.now() + timedelta(hours=1))
    comes_in(sample("bounce-exchange-blocked", letter))
    letter.refresh_from_db()
    assert letter.state == "held" and letter.drive.state == "running"


@pytest.mark.parametrize("name", ["bounce-postfix-delayed", "bounce-exim-delayed", "bounce-other-recipient"])
def test_a_delay_and_a_bounce_of_somebody_else_change_nothing(sink, name):
    letter = sent_letter()
    kept = comes_in(sample(name, letter))
    assert (kept.kind, kept.letter) == ("bounce", letter)
    letter.refresh_from_db()
    assert letter.state == "sent" and letter.contact_point.health == "ok"
    assert to_supporters() == []


def test_a_late_bounce_reaches_a_settled_letter(sink):
    letter = sent_letter()
    clock.move(timedelta(days=3))
    tasks.housekeeping()
    comes_in(sample("bounce-qmail", letter))
    assert reasons(letter)[-3:] == ["settled", "bounced", "failed"]


def test_a_bounce_of_an_uncertain_letter_shows_that_it_had_left(sink):
    letter = sent_letter()
    type(letter).objects.filter(pk=letter.pk).update(state="uncertain")
    comes_in(sample("bounce-qmail", letter))
    assert reasons(letter)[-3:] == ["sent", "bounced", "failed"]


@pytest.mark.parametrize(
    "name", ["auto-rfc3834", "auto-german", "auto-precedence", "read-receipt", "report-delivered"]
)
def test_an_automatic_answer_is_noted_and_goes_to_nobody(sink, name):
    letter = sent_letter()
    kept = comes_in(sample(name, letter))
    assert (kept.kind, kept.letter) == ("auto_reply", letter)
    letter.refresh_from_db()
    assert letter.state == "sent" and letter.replied_at is None
    assert to_supporters() == []


def test_an_answer_closes_the_letter_and_reaches_the_supporter(sink):
    letter = sent_letter()
    comes_in(sample("reply-top-posted", letter))
    letter.refresh_from_db()
    assert letter.state == "closed" and letter.replied_at
    (told,) = to_supporters()
    assert told.to == [letter.pledge.email]
    assert "I will vote for HB 7 in committee." in told.body and "Dear Representative" not in told.body
    assert KIM in told.body
    assert told.extra_headers["Auto-Submitted"] == "auto-generated"
    assert told.reply_to == [letter.pledge.campaign.organization.email]


def test_markup_in_an_answer_stays_words(sink):
    letter = sent_letter()
    raw = sample("reply-only-quoted-id", letter).replace(
        b"I will", b"<script>x</script>{{ settings }} I will"
    )
    comes_in(raw)
    (told,) = to_supporters()
    assert "{{ settings }}" in told.body
    assert "<script>" not in told.alternatives[0][0]


def test_an_answer_goes_to_nobody_who_took_their_pledge_back(sink):
    letter = sent_letter()
    withdraw_pledge(pledge=letter.pledge)
    comes_in(sample("reply-top-posted", letter))
    assert not [m for m in to_supporters() if "answered your letter" in m.subject]


def test_an_answer_goes_to_nobody_whose_data_were_erased(sink):
    letter = sent_letter()
    comes_in(sample("reply-top-posted", letter))
    Supporter.objects.filter(pk=letter.pledge.supporter_id).update(erased_at=clock.now())
    assert to_supporters() == []
    assert OutboxMail.objects.get(kind="reply").state == "dropped"


def test_what_a_supporter_writes_to_their_letters_address_is_no_answer(sink):
    letter = sent_letter()
    raw = sample("reply-top-posted", letter).replace(KIM.encode(), letter.pledge.email.encode())
    kept = comes_in(raw)
    assert kept.state == "set_aside"
    letter.refresh_from_db()
    assert letter.state == "sent" and to_supporters() == []


def test_a_machine_that_passes_for_a_person_is_stopped_after_ten(sink):
    letter = sent_letter()
    for n in range(14):
        comes_in(sample("reply-top-posted", letter) + b"%d\n" % n)
    assert len(to_supporters()) == 10
    assert InboundMail.objects.answers().count() == 14


def test_an_answer_to_a_test_letter_goes_to_no_supporter(sink):
    campaign = make.CampaignFactory(test_recipient=make.UserFactory())
    letter = sent_letter(drive=make.DriveFactory(campaign=campaign), is_test=True)
    kept = comes_in(sample("reply-top-posted", letter))
    assert kept.letter == letter
    assert to_supporters() == [] and not InboundMail.objects.answers().exists()


def test_mail_is_forgotten_with_its_letters_words_and_strays_after_ninety_days(sink):
    letter = sent_letter()
    comes_in(sample("reply-top-posted", letter))
    comes_in(sample("reply-spoofed-token"))
    clock.move(timedelta(days=91))
    tasks.housekeeping()
    kept = InboundMail.objects.get()
    assert kept.letter == letter and kept.raw is None and kept.text


def test_the_log_names_nobody(sink, caplog):
    letter = sent_letter()
    with caplog.at_level(logging.DEBUG):
        comes_in(sample("reply-top-posted", letter))
    assert KIM not in caplog.text and letter.pledge.email not in caplog.text
