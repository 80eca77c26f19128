"""Whoever confirms reads everything they agree to, and agrees to nothing else: a stranger may have signed for them."""

from datetime import timedelta

import pytest

from campaigns.delivery import outbox
from campaigns.models import Letter, Pledge
from contacts import clock
from contacts.models import Consent, Supporter
from tests.campaigns.partners import joint, text
from tests.campaigns.visitor import confirm_as_shown, entries, left_ticked, link_in, sign, url
from tests.factories import CampaignFactory

pytestmark = pytest.mark.django_db
EVERYTHING = {"contact": "on", "show_name": "on", "quote": "on", "send_untouched": "on"}
WORDS = {
    "contact": "You may write to me about this campaign and others like it.",
    "name": "You may show my name among those who signed.",
    "story": "You may quote my words, with my first name and town, in briefs to representatives.",
    "send_untouched": "Send the suggested letter if I do not change it.",
}


@pytest.fixture
def campaign():
    """Its letters are written when somebody confirms."""
    return joint()


def mailed(mailoutbox):
    outbox.send_due()
    return link_in(mailoutbox[-1])


def boxes_of(page):
    """What stands between the heading of the boxes and the button."""
    shown = text(page)
    return shown[shown.index("What you agree to") : shown.index("Yes, confirm my pledge")]


def agreed():
    """What the newest words of the one supporter allow."""
    newest = {row.purpose: row.given for row in Consent.objects.order_by("id")}
    return {purpose for purpose, given in newest.items() if given}


def test_what_a_stranger_replaced_before_it_was_confirmed_is_read_first_and_can_be_taken_away(
    client, mailoutbox, campaign
):
    sign(client, campaign)
    first = mailed(mailoutbox)
    opened = left_ticked(client.get(first))
    clock.move(timedelta(minutes=11))
    stranger = {"name": "Ada Byron", "comment": "I wrote none of this.", "city": "Elsewhere"}
    sign(client, campaign, **stranger, **EVERYTHING)  # somebody who knows her address
    # The page she had open confirms nothing of it.
    assert client.get(first).status_code == 410 and client.post(first, opened).status_code == 410
    page = client.get(mailed(mailoutbox))
    for entered in stranger.values():
        assert entered in text(page)
    for words in WORDS.values():
        assert words in boxes_of(page)
    assert left_ticked(page) == dict.fromkeys(WORDS, "on")
    client.post(link_in(mailoutbox[-1]), {"contact": "on"})
    assert agreed() == {"deliver", "contact"}
    assert Pledge.objects.counted().count() == 1 and Letter.objects.get().state == "draft"


def test_who_leaves_all_marks_agrees_to_all_as_they_were_worded(client, mailoutbox, campaign):
    sign(client, campaign, **EVERYTHING)
    assert not Consent.objects.exists()
    confirm_as_shown(client, mailed(mailoutbox))
    assert agreed() == {"deliver", "contact", "name", "story"} and Letter.objects.get().state == "ready"
    for row in Consent.objects.exclude(purpose="deliver"):
        assert (row.text, row.source) == (WORDS[row.purpose], f"campaign {campaign.pk}")


def test_the_button_alone_agrees_to_nothing_beside_it(client, mailoutbox, campaign):
    sign(client, campaign, **EVERYTHING)
    client.post(mailed(mailoutbox))
    assert Pledge.objects.counted().count() == 1
    assert agreed() == {"deliver"} and Letter.objects.get().state == "draft"


def test_nothing_is_agreed_to_that_was_not_marked_at_signing(client, mailoutbox, campaign):
    sign(client, campaign, contact="on")
    page = client.get(mailed(mailoutbox))
    assert left_ticked(page) == {"contact": "on"} and WORDS["name"] not in text(page)
    client.post(link_in(mailoutbox[-1]), dict.fromkeys(WORDS, "on"))
    assert agreed() == {"deliver", "contact"} and Letter.objects.get().state == "draft"


def test_a_page_to_confirm_where_nothing_was_marked_asks_nothing(client, mailoutbox, campaign):
    sign(client, campaign)
    page = client.get(mailed(mailoutbox))
    assert "What you agree to" not in text(page) and left_ticked(page) == {}


def test_a_signature_without_marks_takes_back_nothing_that_its_owner_agreed_to_before(
    client, mailoutbox, campaign
):
    sign(client, campaign, **EVERYTHING)
    confirm_as_shown(client, mailed(mailoutbox))
    clock.move(timedelta(minutes=11))
    another = CampaignFactory(organization=campaign.organization)
    sign(client, another)  # by anybody who knows her address
    confirm_as_shown(client, mailed(mailoutbox))
    assert Pledge.objects.counted().count() == 2 and agreed() == {"deliver", "contact", "name", "story"}


def test_words_are_shown_and_kept_in_the_language_in_which_they_were_marked(client, mailoutbox, campaign):
    client.post(url(campaign, "sign/"), entries(client, campaign, language="es", contact="on"))
    link = mailed(mailoutbox)
    page = client.get(link, headers={"accept-language": "en"})
    (kept,) = (one["text"] for one in Pledge.objects.get().consents if one["purpose"] == "contact")
    assert kept != WORDS["contact"] and kept in text(page)[text(page).index('<div lang="es">') :]
    client.post(link, left_ticked(page))
    said = Consent.objects.get(purpose="contact")
    assert (said.given, said.text, said.language) == (True, kept, "es")


def test_a_mark_taken_away_takes_back_what_was_agreed_to_before(client, mailoutbox, campaign):
    sign(client, campaign, **EVERYTHING)
    confirm_as_shown(client, mailed(mailoutbox))
    clock.move(timedelta(minutes=11))
    sign(client, CampaignFactory(organization=campaign.organization), **EVERYTHING)
    client.post(mailed(mailoutbox), {"story": "on"})
    assert Supporter.objects.count() == 1 and agreed() == {"deliver", "story"}
