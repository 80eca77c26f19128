"""The signed links: what they open, what they never do by being looked at, and what a spent one says."""

import base64
import secrets
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.delivery import outbox
from campaigns.links import confirm_token, manage_token
from campaigns.models import Letter, OutboxMail, Pledge
from contacts import clock
from contacts.models import Suppression
from tests.campaigns.visitor import confirmed, entries, link_in, page_link_in, sign, signed, url, written
from tests.factories import LetterFactory, PledgeFactory, campaign_with_targets

pytestmark = pytest.mark.django_db

PAGES = ["", "letter/", "letter/check/", "thanks/", "withdraw/", "stop/"]


def text(response):
    return response.content.decode()


def everything():
    return [
        list(model.objects.order_by("pk").values()) for model in (Pledge, Letter, OutboxMail, Suppression)
    ]


def test_looking_at_links_changes_nothing_however_often(client, mailoutbox, settings):
    _campaign, link = signed(client, mailoutbox, settings)
    before = everything()
    with CaptureQueriesContext(connection) as queries:
        for _ in range(200):
            assert client.get(link).status_code == 200
            assert client.head(link).status_code == 200
    assert everything() == before
    assert not [q for q in queries if q["sql"].split(" ", 1)[0] in {"INSERT", "UPDATE", "DELETE"}]


def test_looking_at_ones_own_pages_changes_nothing(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    letter = Letter.objects.get()
    before = everything()
    for tail in [*PAGES, f"letters/{letter.pk}/withdraw/"]:
        for ask in (client.get, client.head):
            assert ask(mine + tail).status_code == 200, tail
    assert everything() == before


@pytest.mark.parametrize("tail", ["letter/send/", "letter/preview/", "fresh/"])
def test_what_only_does_something_cannot_be_opened(client, mailoutbox, settings, tail):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    assert client.get(mine + tail).status_code == 405


def test_pages_behind_a_link_are_kept_from_caches_searches_and_other_sites(client, mailoutbox, settings):
    _campaign, link = signed(client, mailoutbox, settings)
    answers = [client.get(link), client.post(link), client.post(link), client.get("/p/nonsense/")]
    mine = answers[1].url.removesuffix("letter/")
    answers += [client.get(mine + tail) for tail in PAGES]
    for answer in answers:
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "same-origin"
        assert "noindex" in answer["X-Robots-Tag"]


def test_a_browser_that_names_no_origin_may_still_confirm(mailoutbox, settings):
    """Pages without a referrer post with the origin "null"; the link is the proof, no cookie is needed."""
    strict = Client(enforce_csrf_checks=True)
    _campaign, link = signed(Client(), mailoutbox, settings)
    answer = strict.get(link)
    assert not answer.cookies
    answer = strict.post(link, headers={"origin": "null"})
    assert answer.status_code == 302
    body = written("I waited.")
    assert strict.post(answer.url, body, headers={"origin": "null"}).status_code == 302


def test_signing_from_another_site_is_refused():
    campaign = campaign_with_targets()
    strict = Client(enforce_csrf_checks=True)
    data = entries(Client(), campaign)
    assert (
        strict.post(url(campaign, "sign/"), data, headers={"origin": "https://evil.example"}).status_code
        == 403
    )
    assert Pledge.objects.count() == 0


def test_a_confirming_link_works_once_and_offers_a_fresh_one(client, mailoutbox, settings):
    _campaign, link = signed(client, mailoutbox, settings)
    assert client.post(link).status_code == 302
    for again in (client.get(link), client.post(link)):
        assert again.status_code == 410 and "You have confirmed already" in text(again)
    clock.move(timedelta(minutes=11))
    page = client.post(link.replace("/confirm/", "/fresh/"))
    assert "a mail with the link is on its way" in text(page) and "ada@people.example" not in text(page)
    outbox.send_due()
    assert client.get(page_link_in(mailoutbox[-1])).status_code == 200
    assert Pledge.objects.filter(state="confirmed").count() == 1


def test_a_newer_link_makes_the_older_worthless(client, mailoutbox, settings):
    campaign, old = signed(client, mailoutbox, settings)
    clock.move(timedelta(minutes=11))
    client.post(url(campaign, "send-link/"), {"email": "ada@people.example"})
    outbox.send_due()
    page = client.post(old)
    assert page.status_code == 410 and "There is a newer link" in text(page)
    assert client.post(link_in(mailoutbox[-1])).status_code == 302


def test_a_link_runs_out_after_a_week_and_says_how_to_go_on(client, mailoutbox, settings):
    campaign, link = signed(client, mailoutbox, settings)
    clock.move(timedelta(days=7))
    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 410 and "This link has run out" in text(answer)
        assert f'href="{url(campaign)}"' in text(answer)
    assert Pledge.objects.get().state == "pending"


def test_forged_links_open_nothing_and_tell_nothing(client):
    campaign = campaign_with_targets()
    pledge = PledgeFactory(campaign=campaign)
    good = manage_token(pledge)
    raw = base64.urlsafe_b64decode(good + "=" * (-len(good) % 4))
    forged = [
        "x",
        good[:-1],
        good[: len(good) // 2],
        base64.urlsafe_b64encode(raw[:16] + secrets.token_bytes(16)).rstrip(b"=").decode(),
        base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode(),
        confirm_token(pledge),
        "é" * 43,
        "%00",
        good + "=",
    ]
    for n in range(8 * 32):  # every single bit
        flipped = bytearray(raw)
        flipped[n // 8] ^= 1 << (n % 8)
        forged.append(base64.urlsafe_b64encode(bytes(flipped)).rstrip(b"=").decode())
    for token in forged:
        answer = client.get(f"/p/{token}/")
        if token in {good + "="}:
            continue  # padding that says nothing is no other token
        assert answer.status_code in {404, 410}, token
        assert pledge.name not in text(answer) and pledge.email not in text(answer)
        if token != confirm_token(pledge):
            assert campaign.title not in text(answer)
            assert client.post(f"/p/{token}/fresh/").status_code == 404
    assert OutboxMail.objects.count() == 0


def test_one_supporters_link_does_not_reach_anothers_letter(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    other = LetterFactory()
    for ask in (client.get, client.post):
        assert ask(f"{mine}letters/{other.pk}/withdraw/").status_code == 404
    other.refresh_from_db()
    assert other.state == "ready"


def test_taking_the_pledge_back_asks_first(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    assert "1 letter that has not left is stopped" in text(client.get(f"{mine}withdraw/"))
    assert Pledge.objects.get().state == "confirmed"
    assert "You took this pledge back" in text(client.post(f"{mine}withdraw/", follow=True))
    assert Pledge.objects.get().state == "withdrawn"
    assert Letter.objects.get().state == "withdrawn"
    again = client.post(f"{mine}withdraw/", follow=True)
    assert again.status_code == 200 and "You have taken it back already." in text(again)


def test_taking_one_letter_back_leaves_the_pledge(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    letter = Letter.objects.get()
    page = text(client.post(f"{mine}letters/{letter.pk}/withdraw/", follow=True))
    assert "You took it back" in page and "Taken back by you" in page
    assert Pledge.objects.get().state == "confirmed"
    again = client.post(f"{mine}letters/{letter.pk}/withdraw/", follow=True)
    assert again.status_code == 200 and "You have taken it back already." in text(again)


def test_never_write_again_asks_first_and_holds_for_every_campaign(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    assert "Never write to you again?" in text(client.get(f"{mine}stop/"))
    assert Suppression.objects.count() == 0
    for _ in range(2):
        client.post(f"{mine}stop/")
    kept = Suppression.objects.values().get()
    assert "ada@people.example" not in str(kept)
    clock.move(timedelta(days=1))
    sent = len(mailoutbox)
    assert (
        sign(client, campaign_with_targets(posts=0), postal_code="55555", sign_anyway="on").status_code == 302
    )
    outbox.send_due()
    assert len(mailoutbox) == sent


def test_what_was_typed_is_forgotten_here_once_it_is_confirmed(client, mailoutbox, settings):
    campaign, link = signed(client, mailoutbox, settings)
    page = url(campaign, "check-mail/")
    assert "ada@people.example" in client.get(page).content.decode()
    key = client.cookies[f"signed-{campaign.pk.hex}"].value
    client.post(link)
    assert "ada@people.example" not in client.get(page).content.decode()
    client.cookies[f"signed-{campaign.pk.hex}"] = key  # a browser that kept the cookie all the same
    assert "ada@people.example" not in client.get(page).content.decode()
