"""A supporter's way through the pages, from the campaign to the sent letter."""

import re
from datetime import timedelta

import pytest

from campaigns.delivery import outbox
from campaigns.models import Letter, Pledge
from contacts import clock
from contacts.models import PostalArea, Suppression
from tests.factories import (
    CampaignFactory,
    DriveFactory,
    EvidenceFactory,
    MeasureEventFactory,
    PostalAreaFactory,
    PostFactory,
    campaign_with_targets,
)

pytestmark = pytest.mark.django_db


def url(campaign, tail=""):
    return f"/c/{campaign.organization.slug}/{campaign.slug}/{tail}"


def entries(client, campaign, **changes):
    page = client.get(url(campaign)).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page).group(1)
    return {"name": "Ada Lovelace", "email": "ada@people.example", "postal_code": "20000", "token": token, **changes}


def sign(client, campaign, **changes):
    return client.post(url(campaign, "sign/"), entries(client, campaign, **changes))


def link_in(mail):
    return re.search(r"(/p/\S+/confirm/)", mail.body).group(1)


def signed(client, mailoutbox, settings, **changes):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    campaign = campaign_with_targets(**changes)
    DriveFactory(campaign=campaign)
    sign(client, campaign)
    outbox.send_due()
    return campaign, link_in(mailoutbox[-1])


def test_a_supporter_signs_confirms_writes_and_sends(client, mailoutbox, settings):
    campaign, link = signed(client, mailoutbox, settings)
    assert "Ada Lovelace" in client.get(link).content.decode()
    assert Pledge.objects.get().state == "pending"
    editor = client.post(link)
    page = client.get(editor.url)
    assert "How long did you wait?" in page.content.decode()
    assert "Dear Representative Kim Legislator" in page.content.decode()
    checked = client.post(editor.url, {"letter0-subject": "", "letter0-body": "I waited for a year."}, follow=True)
    assert "I waited for a year." in checked.content.decode()
    token = editor.url.split("/")[2]
    thanks = client.post(f"/p/{token}/letter/send/", follow=True)
    assert "Thank you" in thanks.content.decode()
    letter = Letter.objects.get()
    assert letter.state == "ready" and letter.body == "I waited for a year." and letter.similarity < 0.5
    mine = client.get(f"/p/{token}/")
    assert "It leaves with the next wave" in mine.content.decode()
    assert mine["Referrer-Policy"] == "no-referrer" and mine["Cache-Control"] == "no-store"


def test_looking_at_links_changes_nothing_however_often(client, mailoutbox, settings):
    campaign, link = signed(client, mailoutbox, settings)
    before = list(Pledge.objects.values())
    for _ in range(5):
        client.get(link)
        client.head(link)
    assert list(Pledge.objects.values()) == before


def test_a_link_confirms_once_and_says_so_kindly(client, mailoutbox, settings):
    campaign, link = signed(client, mailoutbox, settings)
    client.post(link)
    again = client.post(link)
    assert again.status_code == 410
    assert "no longer works" in again.content.decode()


def test_signing_again_looks_the_same_as_signing(client):
    campaign = campaign_with_targets()
    first, second = sign(client, campaign), sign(client, campaign)
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert client.get(first.url).content == client.get(second.url).content


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "Win http://spam.example", "not an address"),
        ("name", "Ada\u202eevil", "letters only"),
        ("name", "", "required"),
        ("email", "ada at people", "valid email"),
        ("postal_code", "!!", "not a postal code"),
        ("postal_code", "99999", "know this postal code"),
        ("token", "forged", "open for a long time"),
    ],
)
def test_a_mistake_is_named_and_nothing_typed_is_lost(client, field, value, words):
    campaign = campaign_with_targets()
    page = sign(client, campaign, **{"comment": "I waited.", field: value})
    assert page.status_code == 422
    text = page.content.decode()
    assert words in text and "I waited." in text and 'id="errors"' in text
    assert Pledge.objects.count() == 0


def test_an_unknown_postal_code_may_sign_without_a_letter(client):
    campaign = campaign_with_targets()
    assert sign(client, campaign, postal_code="99999", sign_anyway="on").status_code == 302
    assert Pledge.objects.get().matched == []


def test_a_split_postal_code_asks_and_never_guesses(client):
    campaign = campaign_with_targets(posts=2)
    second = PostalArea.objects.get(code="20001").division
    PostalAreaFactory(code="20000", division=second)
    page = sign(client, campaign)
    assert page.status_code == 200 and "Which of these is you?" in page.content.decode()
    assert Pledge.objects.count() == 0
    name = re.search(r'name="(place-[^"]+)"', page.content.decode()).group(1)
    sign(client, campaign, **{name: str(second.pk), "asked": "1"})
    assert [m["division"] for m in Pledge.objects.get().matched] == [str(second.pk)]


def test_a_vacant_seat_is_said_plainly(client):
    campaign = campaign_with_targets(posts=1)
    chamber = campaign.target_groups.get().rules.get().chamber
    PostFactory(chamber=chamber, division=PostalAreaFactory(code="30000").division, label="Representative for Nowhere")
    page = client.get(sign(client, campaign, postal_code="30000").url)
    assert "vacant" in page.content.decode() and "Representative for Nowhere" in page.content.decode()


def test_a_flood_from_one_address_stops_and_looks_the_same(client, settings):
    settings.TRUSTED_PROXY_COUNT = 0
    campaign = campaign_with_targets()
    answers = set()
    for n in range(14):
        client.defaults["HTTP_X_FORWARDED_FOR"] = f"10.0.{n}.1"  # what a client writes itself is not believed
        answers.add(sign(client, campaign, email=f"ada{n}@people.example").url)
    assert Pledge.objects.count() == 10
    assert len(answers) == 1


def test_a_robot_that_fills_the_hidden_field_gets_the_same_page_and_no_pledge(client):
    campaign = campaign_with_targets()
    assert sign(client, campaign, website="http://spam.example").status_code == 302
    assert Pledge.objects.count() == 0


def test_taking_the_pledge_back_asks_first(client, mailoutbox, settings):
    campaign, link = signed(client, mailoutbox, settings)
    token = client.post(link).url.split("/")[2]
    assert "1 letter that has not left is stopped" in client.get(f"/p/{token}/withdraw/").content.decode()
    assert Pledge.objects.get().state == "confirmed"
    client.post(f"/p/{token}/withdraw/")
    assert Pledge.objects.get().state == "withdrawn"
    assert Letter.objects.get().state == "withdrawn"


def test_never_write_again_holds_for_everyone(client, mailoutbox, settings):
    campaign, link = signed(client, mailoutbox, settings)
    token = client.post(link).url.split("/")[2]
    client.post(f"/p/{token}/stop/")
    assert Suppression.objects.count() == 1
    clock.move(timedelta(days=1))
    sent = len(mailoutbox)
    sign(client, campaign_with_targets(posts=0), postal_code="20000", sign_anyway="on")
    outbox.send_due()
    assert len(mailoutbox) == sent


@pytest.mark.parametrize("state", ["paused", "closed"])
def test_a_campaign_that_is_not_open_says_so_and_takes_nothing(client, state):
    campaign = campaign_with_targets(state=state, outcome="won" if state == "closed" else "")
    page = client.get(url(campaign))
    assert page.status_code == 200
    assert ("Paused" if state == "paused" else "Won") in page.content.decode()
    assert 'name="email"' not in page.content.decode()


def test_a_draft_is_seen_by_its_own_organisation_only(client):
    assert client.get(url(CampaignFactory(state="draft"))).status_code == 404


def test_what_people_type_is_text_and_nothing_else(client, mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    campaign = campaign_with_targets()
    DriveFactory(campaign=campaign)
    hostile = "<script>alert(1)</script> {{ name }} {% load i18n %} {{7*7}}"
    sign(client, campaign, name="Ada <b>x</b>", comment=hostile)
    outbox.send_due()
    editor = client.post(link_in(mailoutbox[-1]))
    page = client.post(editor.url, {"letter0-body": hostile}, follow=True).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page
    assert "{{7*7}}" in page and "{{ name }}" in page
    assert "<b>x</b>" not in page


def test_the_campaign_page_asks_the_same_number_of_questions_of_the_database(client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    campaign = campaign_with_targets(posts=1)
    with CaptureQueriesContext(connection, ) as few:
        client.get(url(campaign))
    EvidenceFactory.create_batch(5, issue=campaign.issue)
    MeasureEventFactory(measure=campaign.measure)
    for n in range(20):
        sign(client, campaign, email=f"p{n}@people.example")
    with CaptureQueriesContext(connection) as many:
        client.get(url(campaign))
    assert len(few) == len(many)
