"""Passing a campaign on and calling: texts and links of one's own, a number and what to say."""

import pytest

from campaigns.links import manage_token
from campaigns.models import Call
from tests.campaigns.test_sharing import to_call
from tests.journeys.test_my_data import both

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_telling_others(visitor):
    campaign, _pledge, _first, _second = to_call()
    visitor.open(f"/c/{campaign.organization.slug}/{campaign.slug}/")
    visitor.page.get_by_role("link", name="Tell others").click()
    visitor.page.get_by_role("button", name="Copy the text").wait_for()
    both(visitor, "share")
    visitor.page.get_by_text("Invite somebody in your own words").click()
    assert "Will you, too?" in visitor.page.get_by_label("An invitation to start from").input_value()


def test_calling(visitor):

    _campaign, pledge, _first, _second = to_call()
    visitor.open(f"/p/{manage_token(pledge)}/thanks/")
    both(visitor, "thanks")
    visitor.page.get_by_role("link", name="Call my representatives").click()
    both(visitor, "calls")
    visitor.page.get_by_label("I left a message").check()
    visitor.page.get_by_role("button", name="Tell how it went").click()
    visitor.page.get_by_text("It is counted with the calls").wait_for()
    visitor.look("calls-told")
    assert Call.objects.get().outcome == "voicemail"
