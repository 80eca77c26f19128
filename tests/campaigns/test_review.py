"""Signatures that may not be a person's: held, looked at, let go on or not counted; nobody can tell from outside."""

import base64
import json
import re
from datetime import timedelta
from html import unescape

import pytest
from altcha.v1 import Challenge, solve_challenge
from django.core.cache import cache

from campaigns import tasks
from campaigns.delivery import outbox
from campaigns.limits import Limit
from campaigns.models import OutboxMail, Pledge, PledgeChange
from contacts import clock
from contacts.models import AuditEntry, PostalArea
from tests import factories as make
from tests.campaigns.console import Desk, told, words
from tests.campaigns.visitor import entries, link_in, sign, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def campaign():
    return make.campaign_with_targets()


@pytest.fixture
def desk(client, campaign):
    return Desk(client, campaign.organization)


def signed_by(client, campaign, n, **changes):
    """So many people sign from one address."""
    return [
        sign(
            client,
            campaign,
            email=f"person{k}@people.example",
            name=f"Ada {'abcdefghijklmnopqrstuvwxyz'[k]}",
            **changes,
        )
        for k in range(n)
    ]


def test_more_signatures_from_one_place_than_usual_are_held_and_none_is_lost(client, campaign, mailoutbox):
    answers = signed_by(client, campaign, 12)
    assert len({(a.status_code, a.url) for a in answers}) == 1
    assert Pledge.objects.filter(state="pending").count() == 10
    held = Pledge.objects.filter(state="held", held_for="place")
    assert held.count() == 2 and not OutboxMail.objects.filter(pledge__in=held).exists()


def test_a_field_that_people_do_not_see_and_a_throw_away_address_are_held(client, campaign):
    sign(client, campaign, website="https://spam.example")
    sign(client, campaign, email="x@mailinator.com", name="Bo Bot")
    sign(client, campaign, email="x@mail.mailinator.com", name="Bo Bot")
    assert sorted(Pledge.objects.values_list("state", "held_for")) == [
        ("held", "disposable"),
        ("held", "disposable"),
        ("held", "robot"),
    ]
    assert not OutboxMail.objects.exists()


def test_a_flood_beyond_what_anybody_would_look_at_leaves_nothing(client, campaign, monkeypatch):
    monkeypatch.setattr("campaigns.limits.HELD", Limit(3, 86400))
    answers = [sign(client, campaign, website="x", email=f"p{n}@people.example") for n in range(6)]
    assert {a.status_code for a in answers} == {302}
    assert Pledge.objects.filter(state="held").count() == 3


def test_a_held_signature_goes_on_when_a_person_says_so(client, campaign, desk, mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    sign(client, campaign, website="filled by a password manager")
    assert "1 signature waits to be reviewed" in desk.read("console-home")
    page = desk.read("review")
    assert "Ada Lovelace" in page and "A field was filled that people don’t see" in page
    pledge = Pledge.objects.get()
    step = desk.url("review-move", "let-sign") + f"?one={pledge.pk}"
    assert "1 person gets the mail with the link to confirm." in words(client.get(step))
    assert Pledge.objects.get().state == "held"  # looking changes nothing
    assert "1 signature goes on" in told(client.post(step))
    outbox.send_due()
    client.post(link_in(mailoutbox[-1]))
    pledge.refresh_from_db()
    assert pledge.state == "confirmed"
    assert AuditEntry.objects.get(verb="let signatures go on").actor == desk.user


def test_what_is_turned_down_is_not_counted_and_can_go_on_after_all(client, campaign, desk):
    sign(client, campaign, website="x")
    sign(client, campaign, email="y@mailinator.com", name="Bo Bot")
    assert "2 signatures are not counted." in told(client.post(desk.url("review-move", "turn-down")))
    assert set(Pledge.objects.values_list("state", flat=True)) == {"invalidated"}
    assert not OutboxMail.objects.exists() and "No signature waits" in desk.read("review")
    page = desk.read("review", turned_down=1, reason="robot")
    assert "Ada Lovelace" in page and "Bo Bot" not in page
    client.post(desk.url("review-move", "let-sign") + "?turned_down=1&reason=robot")
    assert sorted(Pledge.objects.values_list("state", flat=True)) == ["invalidated", "pending"]


def test_a_person_who_signs_again_without_doubt_gets_their_mail(client, campaign):
    sign(client, campaign, website="x", city="Wrong")
    sign(client, campaign, city="Harbour")
    pledge = Pledge.objects.get()
    assert (pledge.state, pledge.city) == ("pending", "Harbour")
    assert pledge.mails.count() == 1


def test_a_doubtful_signature_changes_nothing_of_one_that_is_known(client, campaign):
    sign(client, campaign)
    sign(client, campaign, website="x", city="Elsewhere")
    pledge = Pledge.objects.get()
    assert (pledge.state, pledge.city, pledge.mails.count()) == ("pending", "", 1)


def test_nobody_reviews_it_for_a_month_and_it_expires(client, campaign):
    sign(client, campaign, website="x")
    clock.move(timedelta(days=31))
    tasks.housekeeping()
    assert Pledge.objects.get().state == "expired"


def test_another_organisation_and_staff_see_and_move_none_of_it(client, campaign):
    sign(client, campaign, website="x")
    stranger = Desk(client)
    assert "Ada" not in stranger.read("review")
    client.post(stranger.url("review-move", "let-sign") + f"?one={Pledge.objects.get().pk}")
    assert Pledge.objects.get().state == "held"
    assert Desk(client, campaign.organization, role="staff").get("review").status_code == 403


def test_where_signatures_come_from_is_counted_by_source(client, campaign, desk):
    sign(client, campaign, source="newsletter")
    sign(client, campaign, source="newsletter", email="b@people.example", website="x")
    sign(client, campaign, email="c@people.example")
    assert "newsletter 2 – 0 1 " in desk.read("review") and "in the link 1 – 0 0" in desk.read("review")


def test_garbage_in_the_filter_is_no_error(desk):
    assert desk.get("review", campaign="nonsense").status_code == 404
    assert desk.get("review", one="nonsense").status_code == 404
    assert desk.get("review", reason="nonsense").status_code == 200
    assert desk.get("review-move", "nonsense").status_code == 404


# While very many sign -----------------------------------------------------------------------------


@pytest.fixture
def rush(settings):
    settings.SIGNING_PROOF_ABOVE = 0


def puzzle_on(page):
    found = re.search(r'data-puzzle="([^"]+)"', page.content.decode())
    return json.loads(unescape(found.group(1)))


def solved(puzzle):
    number = solve_challenge(
        Challenge(*(puzzle[k] for k in ("algorithm", "challenge", "maxNumber", "salt", "signature")))
    ).number
    return base64.b64encode(json.dumps({**puzzle, "number": number}).encode()).decode()


def test_in_a_rush_a_browser_proves_itself_and_signs(client, campaign, rush):
    puzzle = puzzle_on(client.get(url(campaign)))
    sign(client, campaign, proof=solved(puzzle))
    assert Pledge.objects.get().state == "pending"


def test_a_proof_is_good_for_one_signature(client, campaign, rush):
    proof = solved(puzzle_on(client.get(url(campaign))))
    sign(client, campaign, proof=proof)
    page = sign(client, campaign, proof=proof, email="b@people.example")
    assert page.status_code == 422 and "Please send it once more" in words(page)
    assert Pledge.objects.count() == 1
    sign(client, campaign, proof=solved(puzzle_on(page)), email="b@people.example")
    assert list(Pledge.objects.values_list("state", "held_for")) == [("pending", "")] * 2


def test_a_page_that_was_open_for_long_is_shown_again_with_a_fresh_puzzle_and_counts_for_nothing(
    client, campaign, rush
):
    proof = solved(puzzle_on(client.get(url(campaign))))
    clock.move(timedelta(minutes=31))
    pages = [sign(client, campaign, proof=proof, comment="I waited a year.") for _ in range(11)]
    assert "I waited a year." in pages[-1].content.decode() and not Pledge.objects.exists()
    sign(client, campaign, proof=solved(puzzle_on(pages[-1])))
    assert Pledge.objects.get().state == "pending"


def test_who_has_no_scripts_and_lives_in_a_split_postal_code_signs_in_a_rush_too(client, campaign, rush):
    place = PostalArea.objects.get(code="20001").division
    make.PostalAreaFactory(code="20000", division=place)
    page = sign(client, campaign, proof="").content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', page))
    assert "proof" in hidden
    name = re.search(r'type="radio" name="(place-[^"]+)"', page).group(1)
    assert client.post(url(campaign, "sign/"), {**hidden, name: str(place.pk)}).status_code == 302
    assert Pledge.objects.get().held_for == "unproven"


@pytest.mark.parametrize(
    "proof", ["", "nonsense", "W10=", "MTIz", base64.b64encode(b'{"algorithm":"SHA-256"}').decode()]
)
def test_without_a_proof_a_signature_waits_for_a_person(client, campaign, rush, proof):
    sign(client, campaign, proof=proof)
    assert Pledge.objects.get().held_for == "unproven"


def test_a_proof_for_another_puzzle_is_none(client, campaign, rush):
    puzzle = puzzle_on(client.get(url(campaign)))
    easy = {**puzzle, "maxNumber": 1, "number": 0}
    sign(client, campaign, proof=base64.b64encode(json.dumps(easy).encode()).decode())
    assert Pledge.objects.get().held_for == "unproven"


def test_a_page_from_before_the_rush_is_shown_again_with_all_that_was_typed(client, campaign, settings):
    typed = entries(client, campaign, comment="I waited a year.")
    settings.SIGNING_PROOF_ABOVE = 0
    page = client.post(url(campaign, "sign/"), typed)
    assert page.status_code == 422 and "Very many people are signing right now" in words(page)
    assert "I waited a year." in page.content.decode() and puzzle_on(page)
    assert not Pledge.objects.exists()


def test_what_was_confirmed_once_is_not_among_the_turned_down_and_does_not_go_on(client, campaign, desk):
    pledge = make.PledgeFactory(campaign=campaign, state="invalidated", held_for="place", name="Ada Twice")
    assert "Ada Twice" not in desk.read("review", turned_down=1)
    client.post(desk.url("review-move", "let-sign") + f"?turned_down=1&one={pledge.pk}")
    assert Pledge.objects.get().state == "invalidated"


@pytest.mark.parametrize("state", ["expired", "withdrawn"])
def test_who_signs_anew_in_doubt_after_their_pledge_ended_waits_for_a_person(client, campaign, desk, state):
    sign(client, campaign)
    Pledge.objects.update(state=state, confirmed_at=clock.now() if state == "withdrawn" else None)
    OutboxMail.objects.all().delete()
    sign(client, campaign, website="x", city="Harbour")
    pledge = Pledge.objects.get()
    assert (pledge.state, pledge.held_for, pledge.city) == ("held", "robot", "Harbour")
    assert pledge.expires_at > clock.now() + timedelta(days=29) and not OutboxMail.objects.exists()
    client.post(desk.url("review-move", "turn-down"))
    assert "Ada Lovelace" in desk.read("review", turned_down=1)


def test_those_who_signed_first_go_on_first(client, campaign, desk, monkeypatch):
    monkeypatch.setattr("campaigns.actions.review.MOST_AT_ONCE", 2)
    for n in range(4):
        sign(client, campaign, website="x", email=f"p{n}@people.example")
    client.post(desk.url("review-move", "let-sign"))
    went = PledgeChange.objects.filter(to_state="pending", from_state="held").order_by("pk")
    assert list(went.values_list("pledge__email", flat=True)) == ["p0@people.example", "p1@people.example"]


def test_a_place_with_a_null_sign_is_no_error(desk):
    page = desk.get("review", place="\0a")
    assert page.status_code == 200 and page.context["place"] == "a"
