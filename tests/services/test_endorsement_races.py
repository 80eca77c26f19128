"""Two people approve one organisation at the same moment, on PostgreSQL: it stands once."""

import threading

import pytest
from django.db import connection

from campaigns.actions.endorsements import approve_endorsement, fingerprint
from campaigns.errors import BadMove, EndorsedAlready
from campaigns.models import Endorsement
from tests.factories import EndorsementFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


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
