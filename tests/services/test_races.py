"""What only PostgreSQL can show: many at once, row locks, and one of two winning."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from campaigns.actions.campaigns import open_campaign
from campaigns.actions.confirmations import confirm_pledge
from campaigns.actions.corrections import correct_version, fingerprint
from campaigns.actions.drives import pause_drive
from campaigns.actions.letters import withdraw_letter
from campaigns.actions.openings import schedule_opening
from campaigns.actions.pledges import Matched, Signing, sign_pledge, withdraw_pledge
from campaigns.actions.returning import send_after_all
from campaigns.delivery import dispatcher, freeze, ledger, openings, reaper, switch
from campaigns.errors import ActionRefused, BadMove
from campaigns.jobs.invalidation import hold_letters
from campaigns.letters import wave
from campaigns.letters.wave import write_letters_of_drive
from campaigns.links import confirm_token
from campaigns.models import (
    Campaign,
    Drive,
    Letter,
    LetterChange,
    LetterState,
    LetterVersion,
    OutboxMail,
    Pledge,
)
from contacts import clock
from contacts.models import Post, Supporter
from tests.factories import (
    DriveFactory,
    LetterFactory,
    LetterVersionFactory,
    PledgeFactory,
    ResidenceFactory,
    RoleFactory,
    campaign_with_targets,
    reachable,
)

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def all_at_once(count, work):
    """Run `work(n)` in `count` threads that start together; gives their results, faults included."""
    start = threading.Barrier(count)

    def one(n):
        try:
            start.wait(20)
            return work(n)
        except ActionRefused as fact:
            return fact
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def queued_letters(count):
    drive = DriveFactory()
    version = LetterVersionFactory(group__campaign=drive.campaign)
    posts = [reachable(email=f"office{n}@assembly.example") for n in range(5)]
    for n in range(count):
        LetterFactory(drive=drive, post=posts[n % 5], version=version)
    while Letter.objects.filter(state="ready").exists():
        dispatcher.prepare()
        clock.move(timedelta(minutes=1))
    return drive


def test_fifty_people_with_one_address_sign_at_once_and_count_once():
    campaign = campaign_with_targets(posts=1)
    spellings = ["ada@people.example", "ADA@people.example", "ada+a@people.example", "ada+b@People.Example"]

    def sign(n):
        signing = Signing(name="Ada", email=spellings[n % 4], postal_code="20000", country="zz")
        return sign_pledge(campaign=campaign, signing=signing).pk

    assert len(set(all_at_once(50, sign))) == 1
    assert Pledge.objects.count() == 1
    assert OutboxMail.objects.count() == 1


def test_ten_who_sign_anew_at_once_after_taking_it_back_are_answered_alike_and_mailed_once():
    campaign = campaign_with_targets()
    signing = Signing(name="Ada", email="ada@people.example", postal_code="10101", country="zz")
    withdraw_pledge(pledge=sign_pledge(campaign=campaign, signing=signing))
    OutboxMail.objects.all().delete()
    signed = all_at_once(
        10, lambda _n: sign_pledge(campaign=Campaign.objects.get(pk=campaign.pk), signing=signing)
    )
    assert {type(one) for one in signed} == {Pledge}
    assert Pledge.objects.get().state == "pending" and OutboxMail.objects.count() == 1


def test_a_household_that_signs_at_once_stands_with_each_of_its_people():
    campaign = campaign_with_targets(allow_households=True)
    names = [f"Person {n}" for n in range(6)]

    def sign(n):
        signing = Signing(name=names[n], email="home@people.example", postal_code="10101", country="zz")
        return sign_pledge(campaign=Campaign.objects.get(pk=campaign.pk), signing=signing)

    all_at_once(6, sign)
    assert sorted(Pledge.objects.values_list("name", flat=True)) == names


def test_one_link_used_twenty_times_at_once_confirms_once():
    campaign = campaign_with_targets(posts=1)
    DriveFactory(campaign=campaign)
    signing = Signing(name="Ada", email="ada@people.example", postal_code="20000", country="zz")
    token = confirm_token(sign_pledge(campaign=campaign, signing=signing))
    results = all_at_once(20, lambda n: confirm_pledge(token=token))
    assert sum(isinstance(result, Pledge) for result in results) == 1
    assert Supporter.objects.count() == 1
    assert Pledge.objects.get().history.filter(to_state="confirmed").count() == 1


def withdrawn_letter():
    """A pledge that was taken back, and signed and confirmed before."""
    campaign = campaign_with_targets(posts=1)
    DriveFactory(campaign=campaign)
    signing = Signing(name="Ada", email="ada@people.example", postal_code="20000", country="zz")
    signing.divisions.append(Matched(Post.objects.get().division_id, "postal code"))
    confirm_pledge(token=confirm_token(sign_pledge(campaign=campaign, signing=signing)))
    letter = Letter.objects.select_related("pledge__campaign").get()
    return letter, signing


def test_a_second_signature_confirmed_ten_times_at_once_brings_its_letter_back_once():
    letter, signing = withdrawn_letter()
    withdraw_pledge(pledge=letter.pledge)
    clock.move(timedelta(minutes=11))
    token = confirm_token(sign_pledge(campaign=letter.pledge.campaign, signing=signing))
    results = all_at_once(10, lambda n: confirm_pledge(token=token))
    assert sum(isinstance(result, Pledge) for result in results) == 1
    back = Letter.objects.get()
    assert (back.pk, back.state) == (letter.pk, "draft")
    assert back.history.filter(from_state="withdrawn").count() == 1


def test_a_letter_sent_after_all_while_its_pledge_is_taken_back_is_stopped_with_it():
    letter, _signing = withdrawn_letter()
    withdraw_letter(letter=letter)

    def one(n):
        if n % 2:
            return withdraw_pledge(pledge=Pledge.objects.get(pk=letter.pledge_id))
        return send_after_all(letter=Letter.objects.get(pk=letter.pk))

    faults = [result for result in all_at_once(8, one) if isinstance(result, Exception)]
    assert {type(fault) for fault in faults} <= {BadMove}
    assert Letter.objects.get().state == "withdrawn" and Pledge.objects.get().state == "withdrawn"


def test_a_letter_taken_back_while_its_signature_is_taken_out_of_the_count_waits_for_nobody_in_a_circle():
    letter, _signing = withdrawn_letter()
    Letter.objects.update(state="ready")
    is_locked = threading.Event()

    def one(n):
        if n:
            is_locked.wait(20)
            return withdraw_letter(letter=Letter.objects.get(pk=letter.pk))
        with transaction.atomic():
            Pledge.objects.select_for_update(of=("self",)).get(pk=letter.pledge_id)
            is_locked.set()
            time.sleep(0.5)  # the other gets as far as it can
            return hold_letters([letter.pledge_id], actor=None)

    held, refused = all_at_once(2, one)
    assert held == 1 and isinstance(refused, BadMove)
    assert Letter.objects.get().state == "held" and not OutboxMail.objects.filter(kind="withdrawn").exists()


def test_eight_workers_claim_each_letter_once():
    queued_letters(80)

    def work(n):
        mine = []
        while letters := ledger.claim(f"worker {n}", 7):
            mine += [letter.pk for letter in letters]
        return mine

    claimed = [pk for mine in all_at_once(8, work) for pk in mine]
    assert len(claimed) == len(set(claimed)) == 80
    assert LetterChange.objects.filter(to_state="claimed").count() == 80


def test_a_worker_frozen_while_it_writes_its_intent_has_its_letters_in_no_queue():
    queued_letters(5)
    claims = ledger.claim("frozen", 5)
    is_written, goes_on = threading.Event(), threading.Event()

    def freeze_before_the_commit():
        with transaction.atomic():
            allowed = ledger.intend(claims)
            is_written.set()
            goes_on.wait(20)
        return len(allowed)

    def look_after_the_dead():
        is_written.wait(20)
        clock.move(ledger.lease() + timedelta(seconds=1))
        try:
            return reaper.reap().requeued  # which waits for nobody
        finally:
            goes_on.set()

    assert all_at_once(2, lambda n: (freeze_before_the_commit, look_after_the_dead)[n]()) == [5, 0]
    assert set(Letter.objects.values_list("state", flat=True)) == {"committing"}
    # Had it begun to send them, the relay's log would tell.
    assert reaper.reap().uncertain == 5
    assert set(Letter.objects.values_list("state", flat=True)) == {"uncertain"}


def test_eight_workers_share_two_organisations_letters_and_claim_each_once():
    queued_letters(40), queued_letters(40)

    def work(n):
        mine = []
        while letters := ledger.claim(f"worker {n} {len(mine)}", 7):
            mine += [letter.pk for letter in letters]
        return mine

    claimed = [pk for mine in all_at_once(8, work) for pk in mine]
    assert len(claimed) == len(set(claimed)) == 80


def test_the_database_ends_a_session_that_is_frozen_inside_a_transaction():
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("2min",)


def test_nothing_begins_after_a_pause_has_committed():
    drive = queued_letters(40)
    claimed = ledger.claim("worker", 40)
    paused_at = []

    def work(n):
        if n == 0:
            pause_drive(drive=Drive.objects.get(pk=drive.pk), actor=None)
            paused_at.append(LetterChange.objects.order_by("-pk").values_list("pk", flat=True).first())
            return None
        return ledger.intend(claimed[n - 1 :: 7])

    all_at_once(8, work)
    begun_after = LetterChange.objects.filter(to_state=LetterState.COMMITTING, pk__gt=paused_at[0])
    assert begun_after.count() == 0


def test_nothing_begins_after_a_stop_of_everything_has_committed():
    queued_letters(40)
    claimed = ledger.claim("worker", 40)
    stopped_at = []

    def work(n):
        if n == 0:
            switch.stop(reason="wrong letter", actor=None)
            stopped_at.append(LetterChange.objects.order_by("-pk").values_list("pk", flat=True).first())
            return None
        return ledger.intend(claimed[n - 1 :: 7])

    all_at_once(8, work)
    begun_after = LetterChange.objects.filter(to_state=LetterState.COMMITTING, pk__gt=stopped_at[0])
    assert begun_after.count() == 0


def test_two_ticks_at_once_queue_each_letter_once():
    drive = DriveFactory()
    version = LetterVersionFactory(group__campaign=drive.campaign)
    post = reachable()
    for _ in range(30):
        LetterFactory(drive=drive, post=post, version=version)
    all_at_once(4, lambda n: dispatcher.prepare())
    clock.move(timedelta(minutes=9))
    all_at_once(4, lambda n: dispatcher.prepare())
    moves = Counter(LetterChange.objects.filter(to_state="queued").values_list("letter", flat=True))
    assert moves and set(moves.values()) == {1}


def test_several_workers_send_over_real_sockets_without_a_double(sink):
    queued_letters(60)

    def work(n):
        while dispatcher.send_window():
            pass

    all_at_once(4, work)
    sent = Counter(mail.message["Message-ID"] for mail in sink.mails())
    assert len(sent) == 60 and set(sent.values()) == {1}
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent"}


def test_a_correction_while_letters_are_queued_corrects_all_of_a_letter_or_nothing():
    drive = DriveFactory()
    version = LetterVersionFactory(
        group__campaign=drive.campaign, subject="A mistakke", opening="A mistakke.", closing="Yours."
    )
    post = reachable()
    for _ in range(60):
        LetterFactory(
            drive=drive, post=post, version=version, body="A mistakke.\n\nYours.", send_after=clock.now()
        )
    seen = fingerprint(version)

    def work(n):
        if n == 0:
            mended = LetterVersion.objects.get(pk=version.pk)
            mended.subject, mended.opening = "A mistake", "A mistake."
            return correct_version(version=mended, seen=seen, actor=None)
        for _ in range(12):
            freeze.queue_due(2)
        return None

    [effect, *_rest] = all_at_once(4, work)
    while Letter.objects.filter(state="ready").exists():
        freeze.queue_due(20)
    fixed = [bytes(letter.raw).count(b"mistakke") for letter in Letter.objects.all()]
    assert set(fixed) <= {0, 2} and fixed.count(0) == effect.corrected
    assert LetterChange.objects.filter(to_state="queued").count() == 60


def test_this_is_postgresql():
    assert connection.vendor == "postgresql"


def test_four_workers_that_write_a_drives_letters_at_once_write_each_letter_once(monkeypatch):
    monkeypatch.setattr(wave, "PORTION", 20)
    campaign = campaign_with_targets(posts=3)
    homes = [post.division for post in campaign.target_groups.get().rules.get().chamber.posts.all()]
    for n in range(100):
        pledge = PledgeFactory(campaign=campaign)
        for home in homes[: 1 + n % 3]:
            ResidenceFactory(supporter=pledge.supporter, division=home)
    drive = DriveFactory(campaign=campaign)
    written = all_at_once(4, lambda n: write_letters_of_drive(drive, clock.now()))
    assert sum(written) == Letter.objects.count() == 199
    assert (
        Letter.objects.filter(history__from_state="").distinct().count()
        == LetterChange.objects.count()
        == 199
    )


@pytest.mark.parametrize("lacks", [False, True])
def test_a_campaign_opens_once_whatever_workers_and_people_do(lacks):
    campaign = campaign_with_targets(posts=1, state="draft", opened_at=None)
    drive = DriveFactory(campaign=campaign, state="draft", ends_at=clock.now() + timedelta(days=9))
    RoleFactory(organization=campaign.organization)
    schedule_opening(campaign=campaign, actor=None, opens_at=clock.now() + timedelta(hours=1))
    if lacks:
        drive.delete()
    clock.move(timedelta(hours=1))

    def act(n):
        if n == 0:
            open_campaign(campaign=Campaign.objects.get(pk=campaign.pk), actor=None)
        return openings.open_due()

    all_at_once(8, act)
    campaign.refresh_from_db()
    assert campaign.state == ("scheduled" if lacks else "open")
    assert campaign.history.filter(to_state="open").count() == (0 if lacks else 1)
    assert OutboxMail.objects.filter(kind="not_opened").count() == (1 if lacks else 0)
