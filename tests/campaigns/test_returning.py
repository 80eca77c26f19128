"""Letters that were taken back and go after all: with a second signature, or one by one."""

from datetime import timedelta

import pytest

from campaigns.delivery import dispatcher, outbox, upkeep
from campaigns.models import Letter, LetterVersion, OutboxMail, Pledge
from contacts import clock
from tests.campaigns.test_drives import queue_all, send_all
from tests.campaigns.visitor import confirm_as_shown, confirmed, link_in, sign, written
from tests.factories import LetterFactory, PrintBatchFactory

pytestmark = pytest.mark.django_db
FIXED = {"message_id": "<x@harbour.example>"}


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def supporter(client, mailoutbox, settings):
    """Whoever signs, with what they typed; gives the address of their page."""

    def of(**how):
        campaign, mine = confirmed(client, mailoutbox, settings, editing_minutes=60, **how)
        of.campaign = campaign
        return mine

    return of


def sign_again(client, campaign, mailoutbox, **typed):
    clock.move(timedelta(minutes=11))
    sign(client, campaign, **typed)
    outbox.send_due()
    return confirm_as_shown(client, link_in(mailoutbox[-1]))


def reasons(letter):
    return list(letter.history.values_list("from_state", "to_state", "reason"))


def test_who_signs_again_after_taking_it_back_is_written_for(client, mailoutbox, supporter):
    mine = supporter(typed={"send_untouched": "on"})
    before = Letter.objects.get()
    client.post(f"{mine}withdraw/")
    LetterVersion.objects.update(opening="Said better.")
    after = sign_again(client, supporter.campaign, mailoutbox, send_untouched="on")
    assert after.url.endswith("/letter/")
    letter = Letter.objects.get()
    assert (letter.pk, letter.state, letter.note) == (before.pk, "ready", "")
    assert letter.body.startswith("Said better.")
    assert letter.not_before > before.not_before and letter.not_before > clock.now()
    assert "Yours again: you signed again" in text(client.get(mine))
    clock.move(timedelta(hours=2))
    upkeep.start_drives()
    dispatcher.prepare()
    assert Letter.objects.get().send_after is not None


def test_a_letter_that_comes_back_waits_for_whoever_did_not_agree_to_the_suggested_one(
    client, mailoutbox, supporter
):
    mine = supporter(typed={"send_untouched": "on"})
    client.post(f"{mine}withdraw/")
    sign_again(client, supporter.campaign, mailoutbox)
    assert Letter.objects.get().state == "draft"


def test_own_words_come_back_with_the_letter_as_long_as_they_are_kept(client, mailoutbox, supporter):
    mine = supporter()
    client.post(f"{mine}letter/", written("I waited a year.", subject="One year"))
    client.post(f"{mine}withdraw/")
    sign_again(client, supporter.campaign, mailoutbox)
    letter = Letter.objects.get()
    assert (letter.subject, letter.body) == ("One year", "I waited a year.") and letter.similarity < 1
    client.post(f"{mine}withdraw/")
    clock.move(timedelta(days=29))
    upkeep.scrub_words()
    assert Letter.objects.get().body == ""
    sign_again(client, supporter.campaign, mailoutbox)
    letter = Letter.objects.get()
    assert letter.body.startswith("I live in") and letter.subject == "" and letter.scrubbed_at is None


def test_words_of_a_letter_that_came_back_are_kept_as_long_as_any(client, mailoutbox, supporter):
    mine = supporter()
    client.post(f"{mine}withdraw/")
    clock.move(timedelta(days=20))
    sign_again(client, supporter.campaign, mailoutbox)
    client.post(f"{mine}letter/", written("I waited a year."))
    client.post(f"{mine}withdraw/")
    clock.move(timedelta(days=20))
    upkeep.scrub_words()
    assert Letter.objects.get().body == "I waited a year."
    clock.move(timedelta(days=9))
    upkeep.scrub_words()
    assert Letter.objects.get().body == ""


def test_nothing_that_left_or_may_have_left_goes_a_second_time(client, mailoutbox, supporter):
    mine = supporter(posts=3)
    letter = Letter.objects.get()
    holder = letter.legislator
    for before in ("sent", "uncertain", "claimed"):
        Letter.objects.update(state=before, sent_at=clock.now(), lease_until=clock.now(), **FIXED)
        client.post(f"{mine}withdraw/")
        sign_again(client, supporter.campaign, mailoutbox)
        assert Letter.objects.get().state == before
        clock.move(timedelta(days=8))
    # It was uncertain, a person put it back, and then its writer took it back.
    Letter.objects.update(state="queued", legislator=holder)
    letter.history.create(from_state="uncertain", to_state="queued", at=clock.now())
    client.post(f"{mine}withdraw/")
    for thawed in (False, True):
        if thawed:
            Letter.objects.update(message_id=None)
        sign_again(client, supporter.campaign, mailoutbox)
        assert Letter.objects.get().state == "withdrawn" and Pledge.objects.get().state == "confirmed"
        assert "Send it after all" not in text(client.get(mine))
        clock.move(timedelta(days=8))
        client.post(f"{mine}withdraw/")


def queue(mine, client):
    """The time to edit is over and its moment has come: the letter is fixed, and waits to be claimed."""
    client.post(f"{mine}letter/send/")
    upkeep.start_drives()
    queue_all()
    letter = Letter.objects.get()
    assert letter.state == "queued" and letter.message_id
    return letter


def test_a_letter_taken_back_out_of_the_queue_comes_back_and_leaves_once(
    client, mailoutbox, supporter, sink, settings
):
    mine = supporter()
    client.post(f"{mine}letter/", written("I waited a year."))
    before = queue(mine, client)
    client.post(f"{mine}withdraw/")
    sign_again(client, supporter.campaign, mailoutbox)
    letter = Letter.objects.get()
    assert (letter.pk, letter.state, letter.body) == (before.pk, "draft", "I waited a year.")
    assert (letter.message_id, letter.raw, letter.queued_at) == (None, None, None)
    queue(mine, client)
    send_all()
    assert len(sink.mails()) == 1
    assert Letter.objects.get().state == "sent"


def test_one_letter_taken_back_out_of_the_queue_can_be_sent_after_all(client, mailoutbox, supporter):
    mine = supporter()
    address = f"{mine}letters/{queue(mine, client).pk}/"
    assert "you can send it after all from your page" in text(client.get(f"{address}withdraw/"))
    client.post(f"{address}withdraw/")
    assert "Your letter is sent after all" in text(client.post(f"{address}after-all/", follow=True))
    assert Letter.objects.get().state == "ready"


def printed(letter, state, **fields):
    Letter.objects.update(channel="print", window_closes=None)
    return PrintBatchFactory(drive=letter.drive, post=letter.post, state=state, **fields)


def in_a_file(letter):
    Letter.objects.update(batch=printed(letter, "made"))


def in_a_file_that_was_thrown_away(letter):
    printed(letter, "discarded")


def in_its_writers_hands(letter):
    Letter.objects.update(channel="link", window_closes=None)


def on_another_way_before(letter):
    letter.history.create(
        from_state="queued", to_state="queued", reason="on to the next address", at=clock.now()
    )


def held_and_fixed_anew(letter):
    for before, after in (("queued", "held"), ("held", "ready"), ("ready", "queued")):
        letter.history.create(from_state=before, to_state=after, at=clock.now())


def gone_before_a_backup(letter):
    Letter.objects.update(note="left after the backup was made: the relay's log has it as 1A")


def claimed_once(letter):
    for before, after in (("queued", "claimed"), ("claimed", "queued")):
        letter.history.create(from_state=before, to_state=after, at=clock.now())


@pytest.mark.parametrize(
    "was",
    [
        in_a_file,
        in_a_file_that_was_thrown_away,
        in_its_writers_hands,
        on_another_way_before,
        held_and_fixed_anew,
        gone_before_a_backup,
        claimed_once,
    ],
)
def test_a_letter_that_may_have_left_the_queue_stays_taken_back(client, mailoutbox, supporter, was):
    mine = supporter()
    was(queue(mine, client))
    client.post(f"{mine}withdraw/")
    sign_again(client, supporter.campaign, mailoutbox)
    assert Letter.objects.get().state == "withdrawn" and Pledge.objects.get().state == "confirmed"


def test_a_letter_that_waited_to_be_printed_and_was_in_no_file_comes_back(client, mailoutbox, supporter):
    mine = supporter()
    letter = queue(mine, client)
    printed(letter, "discarded", made_at=letter.queued_at - timedelta(hours=1))
    printed(letter, "made")
    client.post(f"{mine}withdraw/")
    sign_again(client, supporter.campaign, mailoutbox)
    assert Letter.objects.get().state == "draft"


def test_who_moved_meanwhile_has_a_letter_to_their_new_seat_alone(client, mailoutbox, supporter):
    mine = supporter(posts=2)
    old = Letter.objects.get()
    client.post(f"{mine}withdraw/")
    sign_again(client, supporter.campaign, mailoutbox, postal_code="20001")
    old.refresh_from_db()
    new = Letter.objects.exclude(pk=old.pk).get()
    assert (old.state, new.state) == ("withdrawn", "draft") and new.post_id != old.post_id
    assert "Send it after all" not in text(client.get(mine))
    client.post(f"{mine}letters/{old.pk}/after-all/")
    old.refresh_from_db()
    assert old.state == "withdrawn"


@pytest.mark.parametrize("state", ["finished", "cancelled"])
def test_a_wave_that_is_over_takes_no_letter_back(client, mailoutbox, supporter, state):
    mine = supporter()
    client.post(f"{mine}withdraw/")
    supporter.campaign.drives.update(state=state)
    sign_again(client, supporter.campaign, mailoutbox)
    assert Letter.objects.get().state == "withdrawn"


def test_a_letter_taken_back_can_be_sent_after_all(client, mailoutbox, supporter):
    mine = supporter()
    client.post(f"{mine}letter/", written("I waited a year."))
    letter = Letter.objects.get()
    address = f"{mine}letters/{letter.pk}/"
    assert "you can send it after all from your page" in text(client.get(f"{address}withdraw/"))
    assert client.get(f"{address}after-all/").status_code == 405
    client.post(f"{address}withdraw/")
    clock.move(timedelta(hours=2))
    assert "Send it after all" in text(client.get(mine))
    page = text(client.post(f"{address}after-all/", follow=True))
    assert "Your letter is sent after all" in page and "Send it after all" not in page
    letter.refresh_from_db()
    assert (letter.state, letter.body) == ("ready", "I waited a year.") and letter.not_before > clock.now()
    assert "That is no longer possible" in text(client.post(f"{address}after-all/", follow=True))
    assert [to for _from, to, _why in reasons(letter)].count("ready") == 1


def test_a_letter_that_may_have_been_on_its_way_says_before_that_it_stays_taken_back(
    client, mailoutbox, supporter
):
    mine = supporter()
    letter = Letter.objects.get()
    for before, after in (("ready", "queued"), ("queued", "claimed"), ("claimed", "queued")):
        letter.history.create(from_state=before, to_state=after, at=clock.now())
    Letter.objects.update(state="queued", **FIXED)
    address = f"{mine}letters/{letter.pk}/"
    assert "cannot be undone" in text(client.get(f"{address}withdraw/"))
    page = text(client.post(f"{address}withdraw/", follow=True))
    assert "Send it after all" not in page
    client.post(f"{address}after-all/")
    assert Letter.objects.get().state == "withdrawn"


def test_nothing_is_sent_after_all_of_a_pledge_that_was_taken_back(client, mailoutbox, supporter):
    mine = supporter()
    address = f"{mine}letters/{Letter.objects.get().pk}/"
    client.post(f"{address}withdraw/")
    client.post(f"{mine}withdraw/")
    assert "Send it after all" not in text(client.get(mine))
    assert "no longer possible" in text(client.post(f"{address}after-all/", follow=True))
    assert Letter.objects.get().state == "withdrawn"
    other = LetterFactory(state="withdrawn")
    assert client.post(f"{mine}letters/{other.pk}/after-all/").status_code == 404


def test_taking_back_is_said_on_the_page_and_by_mail(client, mailoutbox, supporter):
    mine = supporter()
    letter = Letter.objects.get()
    other = LetterFactory(pledge=letter.pledge, drive=letter.drive, post__label="Senate, seat 4")
    for one in (letter, other):
        page = text(client.post(f"{mine}letters/{one.pk}/withdraw/", follow=True))
        assert "Your letter is taken back and is not sent." in page
    outbox.send_due()
    assert mailoutbox[-1].subject.startswith("Letters of yours were taken back")
    for version in (mailoutbox[-1].body, mailoutbox[-1].alternatives[0][0]):
        assert (
            other.addressee in version and letter.addressee in version and "no longer counted" not in version
        )
    mails = len(mailoutbox)
    page = text(client.post(f"{mine}withdraw/", follow=True))
    assert "Your pledge is taken back." in page
    outbox.send_due()
    assert [mail.subject for mail in mailoutbox[mails:]] == [
        f"Your pledge was taken back: {supporter.campaign.title}"
    ]


def test_how_many_letters_a_pledge_stopped_is_said(client, mailoutbox, supporter):
    mine = supporter()
    page = text(client.post(f"{mine}withdraw/", follow=True))
    assert "Your pledge is taken back, and 1 letter is not sent." in page


def test_a_letter_sent_after_all_at_once_is_no_news_and_its_writer_is_not_flooded(
    client, mailoutbox, supporter
):
    mine = supporter()
    address = f"{mine}letters/{Letter.objects.get().pk}/"
    mails = len(mailoutbox)
    client.post(f"{address}withdraw/")
    client.post(f"{address}after-all/")
    outbox.send_due()
    assert len(mailoutbox) == mails
    for _ in range(6):
        client.post(f"{address}withdraw/")
        outbox.send_due()
        client.post(f"{address}after-all/")
    assert len(mailoutbox) == mails + 2  # three receipts a day, one of which nobody needed any more


def test_letters_taken_back_when_the_day_is_full_are_told_of_when_it_has_room_again(
    client, mailoutbox, supporter
):
    mine = supporter()
    first = Letter.objects.get()
    rest = [
        LetterFactory(pledge=first.pledge, drive=first.drive, post__label=f"Senate, seat {n}")
        for n in range(2, 6)
    ]
    mails = len(mailoutbox)
    for one in (first, *rest):
        client.post(f"{mine}letters/{one.pk}/withdraw/")
        clock.move(timedelta(minutes=10))
        outbox.send_due()
    assert len(mailoutbox) == mails + 3  # as many as one may get a day
    clock.move(timedelta(hours=23, minutes=5))
    outbox.send_due()
    assert len(mailoutbox) == mails + 3
    clock.move(timedelta(minutes=10))
    for _tick in range(2):
        outbox.send_due()
    assert len(mailoutbox) == mails + 4
    said = mailoutbox[-1].body
    assert "Senate, seat 4" in said and "Senate, seat 5" in said
    assert not any(words in said for words in (first.addressee, "seat 2", "seat 3"))


def test_a_mail_names_what_was_taken_back_since_the_last_one(client, mailoutbox, supporter):
    mine = supporter()
    letter = Letter.objects.get()
    other = LetterFactory(pledge=letter.pledge, drive=letter.drive, post__label="Senate, seat 4")
    for one in (letter, other):
        client.post(f"{mine}letters/{one.pk}/withdraw/")
        outbox.send_due()
        clock.move(timedelta(days=2))
    first, second = mailoutbox[-2:]
    assert letter.addressee in first.body and other.addressee not in first.body
    assert other.addressee in second.body and letter.addressee not in second.body


def test_a_letter_taken_back_while_the_mail_about_another_leaves_has_one_of_its_own(
    client, mailoutbox, supporter
):
    mine = supporter()
    letter = Letter.objects.get()
    other = LetterFactory(pledge=letter.pledge, drive=letter.drive, post__label="Senate, seat 4")
    client.post(f"{mine}letters/{letter.pk}/withdraw/")
    leaving = OutboxMail.objects.filter(kind="withdrawn")
    leaving.update(state="sending", lease_until=clock.now() + timedelta(minutes=5))
    client.post(f"{mine}letters/{other.pk}/withdraw/")
    outbox.send_due()
    assert other.addressee in mailoutbox[-1].body and letter.addressee not in mailoutbox[-1].body


def test_data_taken_along_tells_the_two_mails_apart(client, mailoutbox, supporter):
    mine = supporter()
    client.post(f"{mine}letters/{Letter.objects.get().pk}/withdraw/")
    client.post(f"{mine}withdraw/")
    said = {mail.get_kind_display() for mail in OutboxMail.objects.filter(kind="withdrawn")}
    assert said == {"A letter of yours was taken back", "Your pledge was withdrawn"}
