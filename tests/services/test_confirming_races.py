"""Somebody confirms at the moment in which a stranger signs once more in their name, on PostgreSQL."""

from datetime import timedelta

import pytest
from django.test import Client

from campaigns.actions.pledges import ConsentShown, Signing, sign_pledge
from campaigns.links import confirm_token
from campaigns.models import Pledge
from contacts import clock
from contacts.models import Consent
from tests.campaigns.partners import joint
from tests.campaigns.visitor import left_ticked
from tests.services.test_partner_consents import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
EVERYTHING = dict.fromkeys(("contact", "name", "story", "send_untouched"), "on")


def signing(email, comment, *purposes):
    return Signing(
        name="Ada Lovelace",
        email=email,
        postal_code="20000",
        country="zz",
        comment=comment,
        send_untouched=len(purposes) > 1,
        consents=[
            ConsentShown(one, one in purposes, f"Yes to {one}.", "1") for one in ("contact", "name", "story")
        ],
    )


def test_nothing_is_agreed_to_that_was_not_on_the_page_whose_button_was_pressed():
    campaign = joint()
    for n in range(20):
        mine = signing(f"ada{n}@people.example", "I waited a year.", "contact")
        strangers = signing(f"ada{n}@people.example", "Not my words.", "contact", "name", "story")
        link = f"/p/{confirm_token(sign_pledge(campaign=campaign, signing=mine))}/confirm/"
        browser = Client()
        assert left_ticked(browser.get(link)) == {"contact": "on"}
        clock.move(timedelta(minutes=11))
        answer, _pledge = at_once(
            lambda browser=browser, link=link: browser.post(link, EVERYTHING),
            lambda strangers=strangers: sign_pledge(campaign=campaign, signing=strangers),
        )
        pledge = Pledge.objects.get(email=mine.email)
        said = Consent.objects.filter(supporter=pledge.supporter_id, given=True)
        if answer.status_code == 302:
            assert (pledge.state, pledge.comment, pledge.send_untouched) == ("confirmed", mine.comment, False)
            assert list(said.values_list("purpose", flat=True)) == ["contact"]
        else:
            assert (answer.status_code, pledge.state) == (410, "pending")
            assert pledge.supporter is None and not said.exists()
