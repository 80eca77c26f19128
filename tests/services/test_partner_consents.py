"""Supporters confirm while a partner's part in the campaign ends, on PostgreSQL with real concurrency."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from campaigns.actions.confirmations import LeftTicked, confirm_pledge
from campaigns.actions.pledges import ConsentShown, Signing, sign_pledge, withdraw_pledge
from campaigns.actions.wishes import set_wishes
from campaigns.links import confirm_token
from campaigns.models import FOR_A_PARTNER, PartnerConsent, Partnership, Pledge
from contacts import clock
from tests.campaigns.partners import joint, partner, sees

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def signed(campaign, n, *partners):
    chosen = [
        ConsentShown(FOR_A_PARTNER, True, "It may write to me.", "1", "en", str(one.pk)) for one in partners
    ]
    signing = Signing(
        name=f"Ada {n}", email=f"ada{n}@people.example", postal_code="20000", country="zz", consents=chosen
    )
    return sign_pledge(campaign=campaign, signing=signing)


def at_once(*works):
    start = threading.Barrier(len(works))

    def one(work):
        try:
            start.wait(20)
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def test_confirmations_while_a_partner_ends_all_count_and_the_partner_sees_nobody():
    campaign = joint()
    harbour, lantern = partner(campaign), partner(campaign, "Lantern Youth", "lantern")
    both = LeftTicked(partners=[harbour.pk, lantern.pk])
    for round_ in range(5):
        pledges = [signed(campaign, f"{round_}-{n}", harbour, lantern) for n in range(6)]

        def end():
            Partnership.objects.filter(pk=harbour.pk).update(left_at=clock.now())

        confirming = [lambda one=one: confirm_pledge(token=confirm_token(one), left=both) for one in pledges]
        at_once(*confirming[:3], end, *confirming[3:])
        assert Pledge.objects.counted().count() == 6 * (round_ + 1)
        assert sees(harbour) == [] and len(sees(lantern)) == 6 * (round_ + 1)
        Partnership.objects.filter(pk=harbour.pk).update(left_at=None)
    assert PartnerConsent.objects.filter(partnership=lantern).count() == 30


def test_taking_the_pledge_back_at_the_moment_of_changing_ones_mind_leaves_no_yes():
    campaign = joint()
    harbour = partner(campaign)
    for n in range(10):
        pledge = confirm_pledge(token=confirm_token(signed(campaign, n)))
        one, other = Pledge.objects.get(pk=pledge.pk), Pledge.objects.get(pk=pledge.pk)
        wish = {"pledge": one, "wishes": {}, "words": {}, "language": "en"}
        at_once(
            lambda wish=wish: set_wishes(
                **wish, partners={harbour.pk: True}, partner_words={harbour.pk: "Yes."}
            ),
            lambda other=other: withdraw_pledge(pledge=other),
        )
    assert sees(harbour) == []
