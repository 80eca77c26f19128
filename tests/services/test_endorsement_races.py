"""What two people do to one organisation at the same moment, on PostgreSQL: it stands once, and nothing is overwritten."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

from campaigns.actions.endorsements import (
    Contact,
    Shown,
    approve_endorsement,
    ask_endorsement,
    confirm_endorsement,
    fingerprint,
)
from campaigns.endorsement_links import endorsement_token
from campaigns.errors import BadMove, EndorsedAlready
from campaigns.models import Endorsement
from contacts import clock
from tests.campaigns.test_endorsements import ask
from tests.factories import CampaignFactory, EndorsementFactory, UserFactory
from tests.services.waiting import somebody_waits

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def at_once(endorsements):
    """What comes of approving each in a thread of its own, all at the same moment."""
    actor = UserFactory()
    gate, told = threading.Barrier(len(endorsements)), []

    def press(endorsement):
        try:
            gate.wait()
            approve_endorsement(endorsement=endorsement, actor=actor, seen=fingerprint(endorsement))
            told.append("stands")
        except (BadMove, EndorsedAlready) as fact:
            told.append(type(fact).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(one,)) for one in endorsements]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(told)


def test_two_forms_of_one_organisation_approved_at_the_same_moment_leave_one_standing():
    first = EndorsementFactory(name="Hill School", website="https://hill.example.org/", state="confirmed")
    second = EndorsementFactory(
        campaign=first.campaign,
        name="HILL SCHOOL",
        website="https://www.hill.example.org/x",
        state="confirmed",
    )
    assert at_once([first, second]) == ["EndorsedAlready", "stands"]
    assert Endorsement.objects.standing().count() == 1


def test_one_approved_twice_at_the_same_moment_is_approved_once():
    one = EndorsementFactory(state="confirmed")
    assert at_once([one, Endorsement.objects.get(pk=one.pk)]) == ["BadMove", "stands"]
    assert one.history.count() == 1 and one.mails.count() == 1


def ask_again(campaign, statement):
    contact = Contact("Ines Calder", "ines@harbour-clinic.example")
    return ask_endorsement(
        campaign=campaign, shown=Shown("Harbour Clinic", statement=statement), contact=contact
    )


def while_open(first, then):
    """`first` is done and not yet committed while `then` comes, which has to wait for it; gives what came of `then`."""
    told = []

    def come():
        try:
            told.append(then())
        finally:
            connection.close()

    thread = threading.Thread(target=come)
    with transaction.atomic():
        first()
        thread.start()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and thread.is_alive():
            if somebody_waits():
                break
            time.sleep(0.05)
    thread.join(30)
    return told[0]


def test_confirmed_while_somebody_asks_again_it_stays_confirmed_with_its_own_words():
    campaign = CampaignFactory(state="open", is_test=False)
    one = ask_again(campaign, "Our own words.")
    clock.move(timedelta(hours=1))
    while_open(
        lambda: confirm_endorsement(endorsement=one), lambda: ask_again(campaign, "A stranger's words.")
    )
    one.refresh_from_db()
    assert (one.state, one.statement, one.link_counter) == ("confirmed", "Our own words.", 0)
    assert campaign.endorsements.get(state="asked").statement == "A stranger's words."


def test_asked_again_while_the_older_link_is_pressed_nothing_is_confirmed_that_its_reader_did_not_see(client):
    campaign = CampaignFactory(state="open", is_test=False)
    own = f"/e/{endorsement_token(ask_again(campaign, 'Our own words.'))}/"
    clock.move(timedelta(hours=1))
    answer = while_open(
        lambda: ask_again(campaign, "A stranger's words."), lambda: client.post(f"{own}do/confirm/")
    )
    assert answer.status_code == 409
    assert campaign.endorsements.get().state == "asked"


def test_a_name_that_folds_into_more_than_there_is_room_for_is_kept(client):
    campaign = CampaignFactory(state="open", is_test=False)
    assert ask(client, campaign, name="\ufdfa" * 30).status_code == 302
    assert len(campaign.endorsements.get().name_key) == 240
