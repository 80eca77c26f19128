"""A drive of thousands does not hold up another organisation's ten letters."""

import copy
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.delivery import dispatcher, ledger
from campaigns.models import Letter
from contacts import clock
from contacts.clock import now
from tests.factories import DriveFactory, LetterFactory, PledgeFactory, PostFactory, reachable

pytestmark = pytest.mark.django_db


def queue(count, *, waiting_for=timedelta(0)):
    """A running drive of an organisation of its own with letters that have been in the queue for some time."""
    first = LetterFactory(drive=DriveFactory(), post=reachable())
    while Letter.objects.filter(pk=first.pk, state="ready").exists():
        dispatcher.prepare()
        clock.move(timedelta(minutes=1))
    first.refresh_from_db()
    side = int(count**0.5) + 1
    posts = [PostFactory() for _ in range(side)]
    pledges = [PledgeFactory(campaign=first.drive.campaign) for _ in range(side)]
    more = []
    for n in range(count - 1):
        letter = copy.copy(first)
        letter.pk, letter._state = uuid.uuid4(), copy.copy(first._state)
        letter.post, letter.pledge = posts[n % side], pledges[n // side]
        letter.message_id = f"<{letter.pk}@letters.example>"
        more.append(letter)
    Letter.objects.bulk_create(more)
    Letter.objects.filter(drive=first.drive).update(queued_at=now() - waiting_for)
    return first.drive


def test_ten_letters_leave_in_the_first_window_beside_two_thousand_older_ones(sink):
    big = queue(2000, waiting_for=timedelta(minutes=30))
    small = queue(10)
    assert big.campaign.organization != small.campaign.organization
    assert dispatcher.send_window() == dispatcher.WINDOW
    assert set(small.letters.values_list("state", flat=True)) == {"sent"}
    assert big.letters.filter(state="sent").count() == dispatcher.WINDOW - 10


def test_two_big_drives_leave_at_the_same_pace_whoever_was_first():
    older, newer = queue(150, waiting_for=timedelta(minutes=30)), queue(150)
    ledger.claim("one", 40)
    ledger.claim("two", 40)
    assert older.letters.filter(state="claimed").count() == 40
    assert newer.letters.filter(state="claimed").count() == 40


def test_within_an_organisation_the_oldest_leaves_first_and_nothing_of_a_window_stays_empty():
    drive = queue(30)
    oldest = drive.letters.first()
    Letter.objects.filter(pk=oldest.pk).update(queued_at=now() - timedelta(minutes=5))
    other = queue(1)
    taken = ledger.claim("one", 20)
    assert len(taken) == 20
    assert {oldest.pk, other.letters.get().pk} <= {claim.pk for claim in taken}


def test_more_organisations_than_places_in_a_window_all_get_their_turn():
    drives = [queue(2) for _ in range(4)]
    while ledger.claim(str(uuid.uuid4()), 3):
        pass
    assert all(set(d.letters.values_list("state", flat=True)) == {"claimed"} for d in drives)


def test_a_window_asks_as_many_questions_for_many_letters_as_for_few():
    queue(150), queue(150)
    ledger.claim("first", 2)  # what is counted for the first time costs more
    counts = []
    for limit in (4, 100):
        with CaptureQueriesContext(connection) as asked:
            assert len(ledger.claim(str(limit), limit)) == limit
        counts.append(len(asked))
    assert counts[0] == counts[1]
