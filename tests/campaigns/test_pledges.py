"""Signing and confirming, from the database's side."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from campaigns.actions.confirmations import as_signed, confirm_pledge
from campaigns.actions.pledges import (
    ConsentShown,
    Matched,
    Signing,
    resend_link,
    sign_pledge,
    withdraw_pledge,
)
from campaigns.delivery import outbox, upkeep
from campaigns.errors import CampaignClosed, LinkSpent
from campaigns.links import BadLink, confirm_token, manage_token, read_confirm, read_manage
from campaigns.models import Letter, OutboxMail, Pledge
from contacts import clock
from contacts.addresses import BadAddress, canonical_email
from contacts.models import Consent, PostalArea, Supporter
from tests.factories import CampaignFactory, DriveFactory, PledgeFactory, campaign_with_targets

pytestmark = pytest.mark.django_db


def signing(campaign, email="ada@people.example", code="20000", **fields):
    areas = PostalArea.objects.filter(code=code)
    return Signing(
        name=fields.pop("name", "Ada Lovelace"),
        email=email,
        postal_code=code,
        country="zz",
        divisions=[Matched(a.division_id, "postal code") for a in areas],
        consents=[ConsentShown("contact", True, "You may write to me.", "1")],
        **fields,
    )


def test_signing_owes_one_confirmation_mail_and_counts_nobody():
    campaign = campaign_with_targets()
    pledge = sign_pledge(campaign=campaign, signing=signing(campaign))
    assert pledge.state == "pending"
    assert OutboxMail.objects.get().kind == "confirm"
    assert Pledge.objects.counted().count() == 0
    assert Supporter.objects.count() == 0


def test_who_signs_again_while_the_first_expires_is_mailed_all_the_same(monkeypatch):
    campaign = campaign_with_targets()
    first = sign_pledge(campaign=campaign, signing=signing(campaign))
    OutboxMail.objects.all().delete()

    def expires_meanwhile(_hashed, at, _within):
        Pledge.objects.filter(pk=first.pk).update(state="expired")
        return at

    monkeypatch.setattr("campaigns.actions.pledges.first_room", expires_meanwhile)
    sign_pledge(campaign=campaign, signing=signing(campaign))
    assert Pledge.objects.get().state == "pending" and OutboxMail.objects.get().kind == "confirm"


def test_who_signs_again_soon_after_taking_a_pledge_back_gets_one_link_as_soon_as_another_mail_may_go(
    mailoutbox,
):
    campaign = campaign_with_targets()
    pledge = sign_pledge(campaign=campaign, signing=signing(campaign))
    confirm_pledge(token=confirm_token(pledge), left=as_signed(pledge))
    outbox.send_due()
    pledge.refresh_from_db()
    withdraw_pledge(pledge=pledge)
    clock.move(timedelta(minutes=2))
    for _ in range(3):
        sign_pledge(campaign=campaign, signing=signing(campaign))
    assert Pledge.objects.get().state == "pending"
    outbox.send_due()
    assert OutboxMail.objects.filter(kind="confirm", state="queued").count() == 1
    clock.move(timedelta(minutes=8))
    outbox.send_due()
    link = re.search(r"/p/([^/]+)/confirm/", mailoutbox[-1].body).group(1)
    pledge.refresh_from_db()
    assert confirm_pledge(token=link, left=as_signed(pledge)).state == "confirmed"


def test_who_signs_two_campaigns_in_a_row_gets_both_links(mailoutbox):
    for _ in range(2):
        campaign = campaign_with_targets()
        sign_pledge(campaign=campaign, signing=signing(campaign))
    outbox.send_due()
    assert len(mailoutbox) == 1
    clock.move(timedelta(minutes=10))
    outbox.send_due()
    assert len(mailoutbox) == 2


def test_who_signs_three_campaigns_in_a_row_gets_the_third_link_when_they_sign_it_again(mailoutbox):
    for _ in range(3):
        campaign = campaign_with_targets()
        sign_pledge(campaign=campaign, signing=signing(campaign))
    clock.move(timedelta(minutes=12))
    outbox.send_due()
    assert len(mailoutbox) == 2
    for _ in range(2):
        sign_pledge(campaign=campaign, signing=signing(campaign))
        resend_link(campaign=campaign, email=Pledge.objects.filter(campaign=campaign).get().email)
    clock.move(timedelta(minutes=10))
    outbox.send_due()
    assert len(mailoutbox) == 3 and campaign.title in mailoutbox[-1].subject + mailoutbox[-1].body


def test_confirming_makes_supporter_consents_and_letters_once():
    campaign = campaign_with_targets()
    DriveFactory(campaign=campaign)
    pledge = sign_pledge(campaign=campaign, signing=signing(campaign, send_untouched=True))
    token = confirm_token(pledge)
    confirm_pledge(token=token, left=as_signed(pledge))
    letter = Letter.objects.get()
    assert letter.state == "ready"
    assert "20000" in letter.body  # the city is not known, so the postal code stands in
    assert Consent.objects.get().purpose == "contact"
    assert letter.pledge.supporter.residences.count() == 1
    with pytest.raises(LinkSpent):
        confirm_pledge(token=token)
    assert Letter.objects.count() == 1


def test_without_agreement_the_letter_waits_for_the_supporter():
    campaign = campaign_with_targets()
    DriveFactory(campaign=campaign)
    pledge = sign_pledge(campaign=campaign, signing=signing(campaign))
    confirm_pledge(token=confirm_token(pledge))
    assert Letter.objects.get().state == "draft"


@pytest.mark.parametrize(
    "again", ["ada@people.example", "ADA@People.Example", "ada+x@people.example", "ａda@people.example"]
)
def test_one_mailbox_signs_once_however_it_is_spelt(again):
    campaign = campaign_with_targets()
    sign_pledge(campaign=campaign, signing=signing(campaign))
    sign_pledge(campaign=campaign, signing=signing(campaign, email=again))
    assert Pledge.objects.count() == 1


def test_dots_and_tags_follow_the_provider():
    assert canonical_email("a.d.a+news@googlemail.com") == "ada@gmail.com"
    assert canonical_email("a.da@people.example") == "a.da@people.example"
    with pytest.raises(BadAddress):
        canonical_email("ada at people")


def test_the_database_refuses_a_second_pledge_of_one_address():
    pledge = PledgeFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        PledgeFactory(campaign=pledge.campaign, canonical_email=pledge.canonical_email)


def test_a_household_may_share_an_address_where_the_campaign_allows_it():
    campaign = campaign_with_targets(allow_households=True)
    sign_pledge(campaign=campaign, signing=signing(campaign, name="Ada"))
    sign_pledge(campaign=campaign, signing=signing(campaign, name="Ben"))
    sign_pledge(campaign=campaign, signing=signing(campaign, name="ben "))
    sign_pledge(campaign=campaign, signing=signing(campaign, name="Cem", code="20001"))
    assert Pledge.objects.count() == 2


def test_mail_to_one_address_is_capped_over_all_campaigns():
    for _ in range(12):
        campaign = campaign_with_targets(posts=1)
        sign_pledge(campaign=campaign, signing=signing(campaign))
        clock.move(timedelta(minutes=11))
    assert OutboxMail.objects.count() == 3


def test_a_reissued_link_replaces_the_old_one():
    campaign = campaign_with_targets()
    pledge = sign_pledge(campaign=campaign, signing=signing(campaign))
    old = confirm_token(pledge)
    clock.move(timedelta(hours=1))
    resend_link(campaign=campaign, email="ada@people.example")
    with pytest.raises(LinkSpent):
        read_confirm(old)
    pledge.refresh_from_db()
    assert read_confirm(confirm_token(pledge)) == pledge


def test_tokens_are_bound_to_their_purpose_and_can_not_be_forged():
    pledge = PledgeFactory()
    assert read_manage(manage_token(pledge)) == pledge
    for bad in (confirm_token(pledge), manage_token(pledge)[:-1] + "!", "", "x", manage_token(pledge)[:20]):
        with pytest.raises((LinkSpent, BadLink)):
            read_manage(bad)


def test_a_link_runs_out_after_a_week():
    campaign = campaign_with_targets()
    pledge = sign_pledge(campaign=campaign, signing=signing(campaign))
    clock.move(timedelta(days=7, minutes=1))
    with pytest.raises(LinkSpent):
        confirm_pledge(token=confirm_token(pledge))
    assert upkeep.expire_pledges() == 1
    pledge.refresh_from_db()
    assert pledge.state == "expired"
    assert [c.to_state for c in pledge.history.all()] == ["pending", "expired"]


def test_one_reminder_after_a_day():
    campaign = campaign_with_targets()
    sign_pledge(campaign=campaign, signing=signing(campaign))
    upkeep.remind_pending()
    clock.move(timedelta(hours=25))
    upkeep.remind_pending()
    upkeep.remind_pending()
    assert sorted(OutboxMail.objects.values_list("kind", flat=True)) == ["confirm", "reminder"]


def test_withdrawing_stops_letters_that_have_not_left():
    campaign = campaign_with_targets()
    DriveFactory(campaign=campaign)
    pledge = sign_pledge(campaign=campaign, signing=signing(campaign, send_untouched=True))
    pledge = confirm_pledge(token=confirm_token(pledge), left=as_signed(pledge))
    assert withdraw_pledge(pledge=pledge) == 1
    assert Letter.objects.get().state == "withdrawn"
    assert Pledge.objects.counted().count() == 0


def test_a_campaign_that_is_not_open_takes_no_signature():
    campaign = CampaignFactory(state="paused")
    with pytest.raises(CampaignClosed):
        sign_pledge(campaign=campaign, signing=signing(campaign))


def test_test_signatures_count_nowhere_and_block_no_real_one():
    campaign = campaign_with_targets(is_test=True)
    sign_pledge(campaign=campaign, signing=signing(campaign))
    campaign.is_test = False
    campaign.save()
    clock.move(timedelta(hours=1))
    sign_pledge(campaign=campaign, signing=signing(campaign))
    assert Pledge.objects.filter(is_test=False).count() == 1
