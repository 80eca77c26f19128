"""Signing through the page: good and bad input, places, floods, and what a stranger can find out."""

import re
import time
from datetime import timedelta

import pytest

from campaigns.delivery import outbox
from campaigns.limits import client_address
from campaigns.models import OutboxMail, Pledge
from contacts import clock
from contacts.addresses import address_hash
from contacts.models import PostalArea, Suppression
from tests.campaigns.visitor import HIDDEN_TOKEN, entries, sign, token_of, url
from tests.factories import (
    ChamberFactory,
    PostalAreaFactory,
    PostFactory,
    SupporterFactory,
    TargetRuleFactory,
    campaign_with_targets,
    reachable,
)

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "Win http://spam.example", "not an address"),
        ("name", "www.spam.example", "not an address"),
        ("name", "ada@people.example", "not an address"),
        ("name", "Ada\u202eevil", "invisible character"),
        ("name", "Ada\x07", "invisible character"),
        ("name", "Ada\x00", "Null characters"),
        ("name", "=1+1", "with letters"),
        ("name", "A" * 81, "at most 80"),
        ("name", "\u0344" * 79 + "a", "at most 80"),
        ("name", "", "required"),
        ("email", "ada at people", "valid email"),
        ("email", "ada@-people.example", "valid email"),
        ("email", "", "required"),
        ("email", f"{'a' * 250}@people.example", "at most 254"),
        ("postal_code", "!!", "not a postal code"),
        ("postal_code", "1" * 13, "at most 12"),
        ("postal_code", "", "required"),
        ("postal_code", "99999", "know this postal code"),
        ("city", "Harbour\u2066Town", "invisible character"),
        ("comment", "x" * 1001, "at most 1000"),
        ("token", "forged", "open for a long time"),
        ("token", "", "open for a long time"),
    ],
)
def test_a_mistake_is_named_and_nothing_typed_is_lost(client, field, value, words):
    campaign = campaign_with_targets()
    data = {**entries(client, campaign), "city": "Harbour Town", field: value}
    page = client.post(url(campaign, "sign/"), data)
    assert page.status_code == 422
    assert words in text(page).replace("&#x27;", "'") and 'id="errors"' in text(page)
    for name, typed in data.items():
        if name not in {field, "token"}:
            assert typed in text(page)
    assert Pledge.objects.count() == 0


@pytest.mark.parametrize(
    "name", ["O'Brien-Łukasz", "St. John", "محمد علی‌پور", "李小龍", "Ñandú", "Nguyễn Thị"]
)
def test_names_of_the_world_are_welcome(client, name):
    campaign = campaign_with_targets()
    assert sign(client, campaign, name=name).status_code == 302
    assert Pledge.objects.get().name == name


def test_a_page_sent_faster_than_a_person_types_is_shown_once_more(client):
    campaign = campaign_with_targets()
    token = HIDDEN_TOKEN.search(text(client.get(url(campaign)))).group(1)
    data = {"name": "Ada", "email": "ada@people.example", "postal_code": "20000", "token": token}
    page = client.post(url(campaign, "sign/"), data)
    assert page.status_code == 422 and "very quick" in text(page) and "ada@people.example" in text(page)
    clock.move(timedelta(seconds=2))
    again = {**data, "token": HIDDEN_TOKEN.search(text(page)).group(1)}
    assert client.post(url(campaign, "sign/"), again).status_code == 302


def test_a_page_left_open_for_a_day_is_sent_again_without_losing_anything(client):
    campaign = campaign_with_targets()
    data = entries(client, campaign, comment="I waited a year.")
    clock.move(timedelta(days=1))
    page = client.post(url(campaign, "sign/"), data)
    assert (
        page.status_code == 422 and "open for a long time" in text(page) and "I waited a year." in text(page)
    )
    clock.move(timedelta(seconds=2))
    fresh = {**data, "token": HIDDEN_TOKEN.search(text(page)).group(1)}
    assert client.post(url(campaign, "sign/"), fresh).status_code == 302


def test_one_opened_page_cannot_be_sent_for_ever(client):
    campaign, other = campaign_with_targets(), campaign_with_targets(posts=0)
    token = token_of(client, campaign)
    codes = [sign(client, campaign, token=token, email=f"p{n}@people.example").status_code for n in range(7)]
    assert codes == [302] * 5 + [422] * 2
    assert Pledge.objects.count() == 5
    assert sign(client, other, token=token).status_code == 422


def test_what_comes_in_the_address_of_the_page_is_kept_when_it_is_a_code_of_ours(client):
    campaign = campaign_with_targets()
    assert 'value="partner-7"' in text(client.get(url(campaign, "?source=partner-7")))
    sign(client, campaign, source="partner-7")
    sign(client, campaign, email="bo@people.example", source="<b>")
    assert set(Pledge.objects.values_list("source", flat=True)) == {"partner-7", ""}


def test_a_campaign_may_ask_for_title_and_street(client):
    campaign = campaign_with_targets(ask_street=True)
    page = client.get(url(campaign))
    assert 'name="title"' in text(page) and 'name="street"' in text(page)
    assert sign(client, campaign).status_code == 422
    assert sign(client, campaign, title="Dr.", street="1 Quay Street").status_code == 302
    pledge = Pledge.objects.get()
    assert (pledge.prefix, pledge.street) == ("Dr.", "1 Quay Street")


def test_consents_start_unticked_and_are_kept_in_the_words_shown(client):
    campaign = campaign_with_targets()
    assert " checked" not in text(client.get(url(campaign)))
    sign(client, campaign, quote="on")
    given = {c["purpose"]: c["given"] for c in Pledge.objects.get().consents}
    assert given == {"deliver": True, "contact": False, "name": False, "story": True}
    assert all(c["text"] and c["version"] for c in Pledge.objects.get().consents)


# Where the signer lives --------------------------------------------------------------------------


def test_an_unknown_postal_code_may_sign_without_a_letter(client):
    campaign = campaign_with_targets()
    assert "Sign without a letter" in text(sign(client, campaign, postal_code="99999"))
    answer = sign(client, campaign, postal_code="99999", sign_anyway="on")
    assert answer.status_code == 302
    assert Pledge.objects.get().matched == []
    assert "there is no letter yet" in text(client.get(answer.url))


def split_campaign():
    campaign = campaign_with_targets(posts=2)
    second = PostalArea.objects.get(code="20001").division
    PostalAreaFactory(code="20000", division=second)
    return campaign, second


def test_a_split_postal_code_asks_and_never_guesses(client):
    campaign, second = split_campaign()
    page = sign(client, campaign, comment="I waited.", quote="on", send_untouched="on")
    assert page.status_code == 200 and "Which of these is you?" in text(page)
    assert Pledge.objects.count() == 0
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text(page)))
    name = re.search(r'type="radio" name="(place-[^"]+)"', text(page)).group(1)
    answer = client.post(url(campaign, "sign/"), {**hidden, name: str(second.pk)})
    assert answer.status_code == 302
    pledge = Pledge.objects.get()
    assert [m["division"] for m in pledge.matched] == [str(second.pk)]
    assert pledge.comment == "I waited." and pledge.send_untouched
    assert {c["purpose"]: c["given"] for c in pledge.consents}["story"] is True
    assert {c["purpose"]: c["given"] for c in pledge.consents}["contact"] is False


def test_two_chambers_with_the_same_places_are_asked_about_once(client):
    campaign, second = split_campaign()
    house = campaign.target_groups.get().rules.get().chamber
    senate = ChamberFactory(name="Senate")
    for post in list(house.posts.all()):
        reachable(PostFactory(chamber=senate, division=post.division), f"{post.pk}@assembly.example")
    TargetRuleFactory(group=campaign.target_groups.get(), chamber=senate)
    page = sign(client, campaign)
    names = set(re.findall(r'type="radio" name="(place-[^"]+)"', text(page)))
    assert len(names) == 1
    answer = sign(client, campaign, asked="1", **{names.pop(): str(second.pk)})
    assert text(client.get(answer.url)).count("Kim Legislator") == 2


def test_no_answer_about_the_place_is_asked_again_with_an_error(client):
    campaign, _second = split_campaign()
    page = sign(client, campaign, asked="1")
    assert page.status_code == 422 and 'id="errors"' in text(page)


@pytest.mark.parametrize("forged", ["00000000-0000-0000-0000-000000000000", "' OR 1=1", "", "\x00"])
def test_a_place_that_was_not_offered_is_no_answer(client, forged):
    campaign, _second = split_campaign()
    name = re.search(r'name="(place-[^"]+)"', text(sign(client, campaign))).group(1)
    assert sign(client, campaign, asked="1", **{name: forged}).status_code == 422
    assert Pledge.objects.count() == 0


def test_who_does_not_know_signs_and_nobody_is_guessed(client):
    campaign, _second = split_campaign()
    name = re.search(r'name="(place-[^"]+)"', text(sign(client, campaign))).group(1)
    sign(client, campaign, asked="1", **{name: "unknown"})
    assert Pledge.objects.get().matched == []


def test_a_vacant_seat_is_said_plainly_and_who_else_is_written_to(client):
    campaign = campaign_with_targets(posts=1)
    chamber = campaign.target_groups.get().rules.get().chamber
    division = PostalArea.objects.get(code="20000").division
    PostFactory(chamber=chamber, division=division, seat="2", label="Second seat for Nowhere")
    page = text(client.get(sign(client, campaign).url))
    assert "One of your seats is vacant" in page and "Second seat for Nowhere" in page
    assert "Kim Legislator" in page and "Your other letters do not wait" in page


def test_the_only_seat_being_vacant_is_said_plainly(client):
    campaign = campaign_with_targets(posts=1)
    chamber = campaign.target_groups.get().rules.get().chamber
    PostFactory(chamber=chamber, division=PostalAreaFactory(code="30000").division, label="Seat for Nowhere")
    page = text(client.get(sign(client, campaign, postal_code="30000").url))
    assert "Seat for Nowhere" in page and "Nobody sits there to write to" in page


# The mail ----------------------------------------------------------------------------------------


def test_a_slip_in_the_address_is_mended_without_typing_again(client):
    campaign, second = split_campaign()
    name = re.search(r'name="(place-[^"]+)"', text(sign(client, campaign))).group(1)
    typed = {"asked": "1", name: str(second.pk), "comment": "I waited."}
    check = sign(client, campaign, email="ada@poeple.example", **typed).url
    assert "ada@poeple.example" in text(client.get(check))
    bad = client.post(check, {"email": "nonsense"})
    assert bad.status_code == 422 and "ada@poeple.example" in text(bad)
    assert client.post(check, {"email": "ada@people.example"}).url == check
    assert "ada@people.example" in text(client.get(check))
    right = Pledge.objects.get(email="ada@people.example")
    assert right.comment == "I waited." and right.matched[0]["division"] == str(second.pk)


def test_nobody_mends_an_address_without_having_signed_here(client):
    campaign = campaign_with_targets()
    answer = client.post(url(campaign, "check-mail/"), {"email": "ada@people.example"})
    assert answer.status_code == 302 and answer.url == url(campaign)
    assert Pledge.objects.count() == 0


@pytest.mark.parametrize("email", ["ada@people.example", "nobody@people.example"])
def test_asking_for_the_link_again_says_the_same_to_everyone(client, email):
    campaign = campaign_with_targets()
    sign(client, campaign)
    clock.move(timedelta(minutes=11))
    page = client.post(url(campaign, "send-link/"), {"email": email})
    assert page.status_code == 200
    assert "If this address signed" in text(page) and email not in text(page)
    assert OutboxMail.objects.count() == (2 if email.startswith("ada") else 1)


def test_a_bad_address_for_the_link_is_a_field_error(client):
    campaign = campaign_with_targets()
    for email in ("nonsense", "a@b", "ada@people..example", "ada@" + "x" * 64 + ".example"):
        assert client.post(url(campaign, "send-link/"), {"email": email}).status_code == 422


def test_one_victim_is_not_mailed_again_and_again(client, mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.TRUSTED_PROXY_COUNT = 1
    for n in range(12):
        client.defaults["HTTP_X_FORWARDED_FOR"] = f"10.0.{n}.1"
        sign(client, campaign_with_targets(posts=1), sign_anyway="on", postal_code=f"{40000 + n}")
        outbox.send_due()
        clock.move(timedelta(minutes=30))
    assert len(mailoutbox) <= 3


# What a stranger can find out --------------------------------------------------------------------


def masked(client, campaign, email):
    """Everything a signer is shown, without what differs by chance."""
    answer = sign(client, campaign, email=email)
    page = client.get(answer.url)
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text(page)).replace(email, "EMAIL")
    return answer.status_code, answer.url, page.status_code, body


def test_new_repeated_held_and_suppressed_signatures_look_the_same(client, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    campaign = campaign_with_targets()
    new = masked(client, campaign, "new@people.example")
    assert masked(client, campaign, "new@people.example") == new  # repeated at once, over the cap of mails
    for state in ("confirmed", "held", "invalidated", "withdrawn", "expired"):
        email = f"{state}@people.example"
        client.defaults["HTTP_X_FORWARDED_FOR"] = f"10.0.{len(email)}.1"
        sign(client, campaign, email=email)
        pledge = Pledge.objects.get(email=email)
        supporter = None
        if state == "confirmed":
            supporter = SupporterFactory(organization=campaign.organization, email=email)
        Pledge.objects.filter(pk=pledge.pk).update(
            state=state,
            held_for="robot" if state == "held" else "",
            confirmed_at=clock.now(),
            supporter=supporter,
        )
        clock.move(timedelta(minutes=20))
        assert masked(client, campaign, email) == new, state
    Suppression.objects.create(
        address_hash=address_hash("never@people.example"), reason="asked", created_at=clock.now()
    )
    assert masked(client, campaign, "never@people.example") == new


def test_a_flood_from_one_address_stops_and_looks_the_same(client, settings):
    settings.TRUSTED_PROXY_COUNT = 0
    campaign = campaign_with_targets()
    answers = set()
    for n in range(14):
        client.defaults["HTTP_X_FORWARDED_FOR"] = f"10.0.{n}.1"  # what a client writes itself is not believed
        answers.add(masked(client, campaign, f"ada{n}@people.example"))
    assert Pledge.objects.filter(state="pending").count() == 10
    assert len(answers) == 1


def test_behind_one_proxy_only_what_the_proxy_saw_counts(client, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    campaign = campaign_with_targets()
    for n in range(14):
        client.defaults["HTTP_X_FORWARDED_FOR"] = f"10.0.{n}.1, 192.0.2.7"
        sign(client, campaign, email=f"ada{n}@people.example")
    assert Pledge.objects.filter(state="pending").count() == 10


def test_a_neighbourhood_is_limited_too(client, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    campaign = campaign_with_targets()
    for n in range(50):
        client.defaults["HTTP_X_FORWARDED_FOR"] = f"192.0.2.{n}"
        sign(client, campaign, email=f"ada{n}@people.example")
    assert Pledge.objects.filter(state="pending").count() == 40


def test_a_flood_spread_over_campaigns_is_limited_too(client):
    for _n in range(4):
        campaign = campaign_with_targets(posts=0)
        for n in range(10):
            sign(client, campaign, email=f"ada{n}@people.example", sign_anyway="on")
    assert Pledge.objects.filter(state="pending").count() == 30


def test_without_redis_signing_goes_on_and_stays_limited(client, settings):
    campaign = campaign_with_targets()
    settings.REDIS_URL = "redis://127.0.0.1:1"
    settings.CACHES = {
        **settings.CACHES,
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        },
    }
    for n in range(12):
        assert sign(client, campaign, email=f"ada{n}@people.example").status_code == 302
    assert Pledge.objects.filter(state="pending").count() == 10


@pytest.mark.parametrize(
    ("proxies", "forwarded", "peer", "address"),
    [
        (0, "198.51.100.1", "192.0.2.1", "192.0.2.1"),
        (1, "198.51.100.1", "192.0.2.1", "198.51.100.1"),
        (1, "203.0.113.9, 198.51.100.1", "192.0.2.1", "198.51.100.1"),
        (2, "203.0.113.9, 198.51.100.1, 10.0.0.1", "192.0.2.1", "198.51.100.1"),
        (2, "198.51.100.1", "192.0.2.1", "192.0.2.1"),
        (1, "", "192.0.2.1", "192.0.2.1"),
        (1, "nonsense", "192.0.2.1", "0.0.0.0"),
        (1, "198.51.100.1:4711", "192.0.2.1", "198.51.100.1"),
        (1, "[2001:db8::1]:4711", "192.0.2.1", "2001:db8::1"),
        (0, "", "::ffff:192.0.2.1", "192.0.2.1"),
        (0, "", "2001:DB8:0::1%eth0", "2001:db8::1"),
        (0, "", "", "0.0.0.0"),
    ],
)
def test_whose_address_it_is(rf, settings, proxies, forwarded, peer, address):
    settings.TRUSTED_PROXY_COUNT = proxies
    request = rf.get("/", HTTP_X_FORWARDED_FOR=forwarded, REMOTE_ADDR=peer)
    assert client_address(request) == address


def test_network_addresses_are_kept_as_hashes_only(client):
    campaign = campaign_with_targets()
    sign(client, campaign)
    pledge = Pledge.objects.values().get()
    assert len(pledge["signer_hash"]) == 64 and "127.0.0.1" not in str(pledge)


def test_a_robot_that_fills_the_hidden_field_gets_the_same_page_and_no_mail(client):
    campaign = campaign_with_targets()
    answer = sign(client, campaign, website="http://spam.example")
    assert answer.status_code == 302 and answer.url == url(campaign, "check-mail/")
    assert Pledge.objects.exclude(state="held").count() == 0


def test_repeated_signatures_take_as_long_as_new_ones(client, settings):
    """Not to the microsecond: a new one may not stand out by more than the noise of a page."""
    settings.TRUSTED_PROXY_COUNT = 1
    campaign = campaign_with_targets()
    times = {"new": [], "repeated": []}
    for n in range(30):
        for kind in times:
            client.defaults["HTTP_X_FORWARDED_FOR"] = f"10.{n}.0.1"
            data = entries(client, campaign, email=f"ada{n}@people.example")
            begun = time.perf_counter()
            client.post(url(campaign, "sign/"), data)
            times[kind].append(time.perf_counter() - begun)
    middle = {kind: sorted(each)[len(each) // 2] for kind, each in times.items()}
    assert 0.4 < middle["new"] / middle["repeated"] < 2.5, middle


def test_a_campaign_with_a_least_age_asks_for_it_and_takes_no_signature_without(client):
    campaign = campaign_with_targets(minimum_age=16)
    assert "I am at least 16 years old." in client.get(url(campaign)).content.decode()
    answer = sign(client, campaign)
    assert answer.status_code == 422 and Pledge.objects.count() == 0
    assert sign(client, campaign, old_enough="on").status_code == 302
    assert Pledge.objects.count() == 1
    assert "years old" not in client.get(url(campaign_with_targets())).content.decode()
