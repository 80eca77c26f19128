"""Many sign, take back, move and fold at once: what pages say is a count, meanwhile and at the end."""

import random
import threading

import pytest
from django.db import connection, connections, transaction
from django.db.models import F, Sum

from campaigns import tallies
from campaigns.actions.confirmations import confirm_pledge
from campaigns.actions.pledges import Matched, Signing, sign_pledge, withdraw_pledge
from campaigns.errors import BadMove
from campaigns.links import confirm_token
from campaigns.models import Letter, Pledge, Tally
from campaigns.reports import campaign_numbers
from tests import factories as make
from tests.services.test_races import all_at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def signing(n, divisions):
    return Signing(
        name="Ada",
        email=f"ada{n}@people.example",
        city=f"Town {n % 3}",
        postal_code="20000",
        country="zz",
        divisions=[Matched(d.pk, "postal code") for d in divisions],
    )


def test_four_who_fold_while_eight_sign_and_take_back_count_nothing_twice():
    campaigns = [make.campaign_with_targets(posts=1)]
    campaigns.append(make.campaign_with_targets(posts=1, organization=campaigns[0].organization))
    divisions = [make.DivisionFactory() for _ in range(4)]
    over = threading.Event()
    lies = []

    def sign(n):
        """The same twenty people in both campaigns, from changing places."""
        chance = random.Random(n)
        for _ in range(25):
            person, campaign = chance.randrange(20), chance.choice(campaigns)
            pledge = sign_pledge(campaign=campaign, signing=signing(person, chance.sample(divisions, 2)))
            pledge.refresh_from_db()
            try:
                if pledge.state == "pending":
                    confirm_pledge(token=confirm_token(pledge))
                elif pledge.state == "confirmed":
                    withdraw_pledge(pledge=pledge)
            except BadMove:
                pass  # another was quicker

    def fold(_n):
        while not over.is_set():
            tallies.fold(most=7)

    def look(_n):
        while not over.is_set():
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                lies.extend(tallies.differences())
                for campaign in campaigns:
                    if campaign_numbers(campaign).people != campaign.pledges.counted().count():
                        lies.append(campaign)

    def work(n):
        if n < 8:
            try:
                return sign(n)
            finally:
                done.release()
        return fold(n) if n < 12 else look(n)

    done = threading.Semaphore(0)

    def stop():
        for _ in range(8):
            done.acquire(timeout=120)
        over.set()

    stopper = threading.Thread(target=stop)
    stopper.start()
    all_at_once(13, work)
    stopper.join()
    assert lies == []
    assert tallies.differences() == []
    assert Pledge.objects.filter(state="confirmed").exists()
    tallies.fold_all()
    assert tallies.differences() == []
    assert not Tally.objects.filter(is_folded=False).exists()


def test_who_moves_while_taking_back_another_pledge_is_counted_nowhere_twice():
    first = make.campaign_with_targets(posts=1)
    second = make.campaign_with_targets(posts=1, organization=first.organization)
    old, new = make.DivisionFactory(), make.DivisionFactory()
    for n in range(15):
        pledge = confirm_pledge(token=confirm_token(sign_pledge(campaign=first, signing=signing(n, [old]))))
        token = confirm_token(sign_pledge(campaign=second, signing=signing(n, [new])))
        all_at_once(
            2, lambda k, p=pledge, t=token: withdraw_pledge(pledge=p) if k else confirm_pledge(token=t)
        )
    assert tallies.differences() == []
    assert dict(tallies.sums("divisions", [first.pk])) == {}


def test_two_who_mend_at_once_correct_a_number_once():
    make.PledgeFactory(campaign=make.CampaignFactory())
    tallies.fold_all()
    Tally.objects.update(n=F("n") + 5)
    wrong = len(tallies.differences())

    def other():
        try:
            corrected.append(tallies.mend())
        finally:
            connections.close_all()

    corrected = []
    second = threading.Thread(target=other)
    with transaction.atomic():
        corrected.append(tallies.mend())
        second.start()
        second.join(1)
    second.join(30)
    assert (corrected, wrong > 0) == ([wrong, 0], True)
    assert tallies.differences() == []


def test_whoever_signs_waits_for_no_counter():
    campaign = make.CampaignFactory()
    with transaction.atomic():
        make.PledgeFactory(campaign=campaign, supporter__organization=campaign.organization)

        def other(_n):
            with connections["default"].cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            make.PledgeFactory(campaign=campaign)
            tallies.fold()
            return campaign_numbers(campaign).people

        assert all_at_once(1, other) == [1]
    assert campaign_numbers(campaign).people == 2


def test_letters_moved_in_sets_leave_one_stroke_a_number():
    drive = make.DriveFactory()
    for _ in range(40):
        make.LetterFactory(drive=drive, post=make.PostFactory())
    tallies.fold_all()
    Letter.objects.filter(drive=drive).update(state="held")
    assert Tally.objects.filter(is_folded=False).aggregate(n=Sum("n"))["n"] == 0
    assert Tally.objects.filter(is_folded=False).count() == 2
    assert tallies.differences() == []
    Letter.objects.filter(drive=drive).update(note="looked at")
    assert Tally.objects.filter(is_folded=False).count() == 2
