"""Who writes letters and who changes pledges at one moment wait for each other in a line, never in a circle."""

import threading
import time
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from campaigns.actions import details
from campaigns.actions.confirmations import confirm_pledge
from campaigns.actions.corrections import correct_version, fingerprint
from campaigns.actions.details import correct_details
from campaigns.actions.erasing import erase_supporter
from campaigns.actions.merges import merge_supporters
from campaigns.actions.pledges import Matched, Signing, sign_pledge
from campaigns.delivery import freeze
from campaigns.jobs.invalidation import hold_letters
from campaigns.letters import write
from campaigns.links import confirm_token
from campaigns.models import Letter, LetterVersion, OutboxMail, Pledge
from campaigns.models.moves import move_many
from contacts import clock
from contacts.actions.members import LastOwner, take_role
from contacts.models import Post, Role
from tests import factories as make
from tests.campaigns.test_channels import FORM, letter_to, office
from tests.services.test_races import all_at_once
from tests.services.waiting import somebody_waits

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
DETAILS = dict.fromkeys(details.FIELDS, "") | {"name": "Ada Byron", "city": "Ockham", "language": "en"}


def test_two_owners_who_take_each_others_role_leave_one():
    organization = make.OrganizationFactory()
    roles = [make.RoleFactory(organization=organization, name="owner") for _ in range(2)]

    def leave(n):
        try:
            take_role(role=roles[n], actor=roles[1 - n].user)
        except LastOwner as fact:
            return fact

    for _round in range(5):
        found = all_at_once(2, leave)
        assert Role.objects.filter(organization=organization, name="owner").count() == 1
        assert sum(isinstance(one, LastOwner) for one in found) == 1
        gone = next(role for role in roles if not Role.objects.filter(pk=role.pk).exists())
        roles[roles.index(gone)] = make.RoleFactory(organization=organization, user=gone.user, name="owner")


def until_somebody_waits(seconds=10):
    """Until another session waits for a lock; False when none did."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if somebody_waits():
            return True
        time.sleep(0.02)
    return False


def meets(monkeypatch, place, name, second, first):
    """`second` begins when `first` comes to the function of this name, which goes on when one waits for the other."""
    is_there, found = threading.Event(), []
    real = getattr(place, name)

    def slow(*args, **kwargs):
        done = real(*args, **kwargs)
        if not is_there.is_set():
            is_there.set()
            found.append(until_somebody_waits())
        return done

    monkeypatch.setattr(place, name, slow)

    def one(n):
        if n == 0:
            return first()
        assert is_there.wait(20)
        return second()

    done = all_at_once(2, one)
    assert found == [True], "they never met"
    return done


def erase(pledge):
    erase_supporter(pledge=pledge)


def merge(pledge):
    """With a record that signed before, so that this pledge counts no more."""
    role = make.RoleFactory(organization=pledge.campaign.organization, name="owner")
    other = make.SupporterFactory(organization=role.organization)
    long_ago = clock.now() - timedelta(days=3)
    make.PledgeFactory(campaign=pledge.campaign, supporter=other, signed_at=long_ago, confirmed_at=long_ago)
    merge_supporters(kept=other, gone=pledge.supporter, actor=role.user)


def change_details(pledge):
    correct_details(pledge=pledge, details=DETAILS, places={})


@transaction.atomic
def take_out_of_the_count(pledge):
    move_many(Pledge.objects.filter(pk=pledge.pk), "invalidated", at=clock.now())
    hold_letters([pledge.pk], actor=None)


@pytest.mark.parametrize("does", [erase, merge, change_details, take_out_of_the_count])
def test_a_letter_whose_writer_is_told_of_it_while_its_pledge_is_changed_waits_in_no_circle(
    does, monkeypatch
):
    letter = letter_to(office(("web_form", FORM)))
    Letter.objects.update(send_after=clock.now())
    pledge = Pledge.objects.select_related("campaign__organization", "supporter").get(pk=letter.pledge_id)
    queued, _done = meets(
        monkeypatch, freeze, "owe_news", first=partial(freeze.queue_due, 5), second=partial(does, pledge)
    )
    assert queued == 1
    assert Letter.objects.get().history.filter(to_state="queued").exists()
    assert OutboxMail.objects.filter(kind="letter_by_hand").count() == 1


def signed(campaign, division):
    """A confirmed pledge of somebody who lives there, with its letters."""
    signing = Signing(name="Ada", email="ada@people.example", postal_code="20000", country="zz")
    signing.divisions.append(Matched(division, "postal code"))
    return confirm_pledge(token=confirm_token(sign_pledge(campaign=campaign, signing=signing)))


def corrects(version):
    """Somebody mends the opening of the version."""
    mended = LetterVersion.objects.select_related("group__campaign__organization").get(pk=version.pk)
    seen = fingerprint(mended)
    mended.opening = "This is mended."
    return partial(correct_version, version=mended, seen=seen, actor=None)


def test_somebody_moves_while_the_text_of_their_letters_is_corrected_and_neither_waits_in_a_circle(
    monkeypatch,
):
    campaign = make.campaign_with_targets(posts=2)
    make.DriveFactory(campaign=campaign)
    was, now_at = Post.objects.order_by("pk").values_list("division", flat=True)
    pledge = signed(campaign, was)
    move = partial(
        correct_details,
        pledge=Pledge.objects.select_related("campaign__organization", "supporter").get(pk=pledge.pk),
        details=DETAILS,
        places={pledge.pk: [Matched(now_at, "postal code")]},
    )
    meets(monkeypatch, details, "owe_receipt", first=move, second=corrects(LetterVersion.objects.get()))
    [old] = Letter.objects.filter(post__division=was)
    [new] = Letter.objects.filter(post__division=now_at)
    assert (old.state, new.state) == ("withdrawn", "draft")
    assert new.body.startswith("This is mended.")


def test_a_letter_that_is_written_while_its_text_is_corrected_has_the_corrected_one(monkeypatch):
    campaign = make.campaign_with_targets(posts=1)
    make.DriveFactory(campaign=campaign)
    confirm = partial(signed, campaign, Post.objects.get().division_id)
    meets(
        monkeypatch, write, "follow_corrections", first=confirm, second=corrects(LetterVersion.objects.get())
    )
    assert Letter.objects.get().body.startswith("This is mended.")
