"""A backup is put back that knows nothing of letters which left after it was made: they don't leave twice."""

import json
from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from campaigns.actions.letters import withdraw_letter
from campaigns.delivery import dispatcher
from campaigns.models import Drive, Letter
from contacts import clock
from contacts.models import Membership
from tests.campaigns.test_drives import letters, send_all

pytestmark = pytest.mark.django_db


class BackToTheBackup(Exception):
    pass


def settle(*logs, **options):
    out = StringIO()
    arguments = [f"--log={log}" for log in logs]
    call_command("settle_restored", *arguments, "--json", stdout=out, **options)
    return json.loads(out.getvalue().splitlines()[-1])


def relay_log(path, identities):
    """What Postfix writes of mails that it took over."""
    lines = ["2026-11-24T09:00:00+00:00 relay postfix/smtpd[5]: connect from localhost"]
    for n, identity in enumerate(identities):
        stamp = f"2026-11-24T10:00:{n:02}+00:00 relay"
        lines += [
            f"{stamp} postfix/cleanup[6]: A{n:09X}: message-id={identity}",
            f"{stamp} postfix/qmgr[7]: A{n:09X}: from=<bounce@harbour.example>, size=900, nrcpt=1 (queue active)",
        ]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def left_after_the_backup(sink):
    """Three letters of five left; then the database is again as it was before."""
    drive = letters(3)[0].drive
    with pytest.raises(BackToTheBackup), transaction.atomic():
        send_all()
        raise BackToTheBackup
    assert not Letter.objects.exclude(state="ready").exists() and len(sink.mails()) == 3
    later = letters(2, drive=drive)
    return [mail.message["Message-ID"] for mail in sink.mails()], {letter.pk for letter in later}


def test_letters_that_left_after_the_backup_do_not_leave_again(left_after_the_backup, sink, tmp_path):
    identities, later = left_after_the_backup
    log = relay_log(tmp_path / "mail.log", [*identities, "<someone@else.example>"])
    assert settle(log) == {"looked_at": 5, "left": 3, "unclear": 0}
    assert set(Drive.objects.values_list("state", flat=True)) == {"paused"}
    settled = Letter.objects.filter(state="sent")
    assert {f"{letter.sent_at:%H:%M}" for letter in settled} == {"10:00"}
    assert all("left after the backup was made" in letter.history.last().reason for letter in settled)
    Drive.objects.update(state="running")
    send_all()
    received = Counter(mail.message["Message-ID"] for mail in sink.mails())
    assert len(received) == 5 and set(received.values()) == {1}
    assert Letter.objects.filter(state="sent").count() == 5


def test_it_can_be_asked_first_and_run_twice(left_after_the_backup, tmp_path):
    log = relay_log(tmp_path / "mail.log", left_after_the_backup[0])
    assert settle(log, dry_run=True)["left"] == 3
    assert set(Drive.objects.values_list("state", flat=True)) == {"running"}
    assert not Letter.objects.filter(state="sent").exists()
    assert settle(log)["left"] == 3
    assert settle(log) == {"looked_at": 2, "left": 0, "unclear": 0}


def test_a_letter_taken_back_out_of_the_queue_after_the_restore_counts_as_left(sink, tmp_path):
    [letter] = letters(1)
    while Letter.objects.get().state != "queued":
        dispatcher.prepare()
        clock.move(timedelta(minutes=1))
    with pytest.raises(BackToTheBackup), transaction.atomic():
        send_all()
        raise BackToTheBackup
    withdraw_letter(letter=Letter.objects.get())
    log = relay_log(tmp_path / "mail.log", [sink.mails()[0].message["Message-ID"]])
    assert settle(log) == {"looked_at": 1, "left": 1, "unclear": 0}
    assert Letter.objects.get().state == "sent"


def test_a_letter_whose_reader_can_no_longer_be_told_is_held(left_after_the_backup, tmp_path):
    Membership.objects.all().delete()
    log = relay_log(tmp_path / "mail.log", left_after_the_backup[0])
    assert settle(log) == {"looked_at": 5, "left": 3, "unclear": 3}
    assert [("the relay's log has it" in letter.note) for letter in Letter.objects.filter(state="held")] == [
        True
    ] * 3


@pytest.mark.parametrize("content", [None, "", "not a log\n"])
def test_what_is_no_log_is_said_and_leaves_drives_as_they_were(content, tmp_path):
    drive = letters(1)[0].drive
    path = tmp_path / "mail.log"
    if content is not None:
        path.write_text(content)
    with pytest.raises(CommandError, match=r"not a file|no line with a time"):
        settle(path)
    drive.refresh_from_db()
    assert drive.state == "running"
