"""A campaign's page is made once in some seconds for all who would be shown the same, and is each one's own."""

import re

import pytest

from campaigns.models import Campaign, CampaignState, Pledge
from tests import factories as make
from tests.campaigns.visitor import entries, token_of, url

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="token" value="([^"]+)"')


@pytest.fixture(autouse=True)
def kept(settings):
    settings.KEPT_SECONDS = 60


@pytest.fixture
def campaign():
    return make.campaign_with_targets(posts=1, is_test=False)


def test_the_second_visitor_costs_no_query_and_gets_a_form_of_their_own(
    client, campaign, django_assert_num_queries
):
    first = client.get(url(campaign)).content.decode()
    with django_assert_num_queries(0):
        second = client.get(url(campaign)).content.decode()
    tokens = [TOKEN.search(page)[1] for page in (first, second)]
    assert tokens[0] != tokens[1]
    assert TOKEN.sub("", first) == TOKEN.sub("", second)


def test_a_kept_page_sets_no_cookie_and_has_every_header_of_a_fresh_one(client, campaign):
    fresh, again = (client.get(url(campaign)) for _ in range(2))
    assert not fresh.cookies and not again.cookies
    for page in (fresh, again):  # a token may be a character longer than another
        assert page["Content-Length"] == str(len(page.content))
        del page["Content-Length"]
    assert dict(fresh.items()) == dict(again.items())
    assert "frame-ancestors" in again["Content-Security-Policy"]


def test_a_form_of_a_kept_page_signs(client, campaign):
    client.get(url(campaign))
    answer = client.post(url(campaign, "sign/"), entries(client, campaign))
    assert answer.status_code == 302
    assert Pledge.objects.count() == 1


def test_languages_and_sources_are_kept_apart(client, campaign):
    english = client.get(url(campaign), headers={"accept-language": "en"}).content.decode()
    spanish = client.get(url(campaign), headers={"accept-language": "es"}).content.decode()
    poster = client.get(url(campaign, "?source=poster")).content.decode()
    assert ('lang="en"' in english, 'lang="es"' in spanish) == (True, True)
    assert 'name="source" value="poster"' in poster and "poster" not in english


def test_whoever_is_signed_in_sees_the_page_as_it_is(client, campaign):
    client.get(url(campaign))
    Campaign.objects.update(title="Two doctors for the harbour")
    assert "Two doctors for the harbour" not in client.get(url(campaign)).content.decode()
    client.force_login(make.UserFactory())
    assert "Two doctors for the harbour" in client.get(url(campaign)).content.decode()


def test_a_campaign_that_was_paused_takes_no_signature_though_its_page_still_shows_the_form(client, campaign):
    token = token_of(client, campaign)
    client.post(url(campaign, "sign/"), entries(client, campaign, token=token, email="first@people.example"))
    Campaign.objects.update(state=CampaignState.PAUSED)
    late = client.post(
        url(campaign, "sign/"), entries(client, campaign, token=token, email="late@people.example")
    )
    assert late.status_code in {409, 422}
    assert [pledge.email for pledge in Pledge.objects.all()] == ["first@people.example"]


def test_whoever_signs_right_after_the_test_mode_ended_counts(client):
    campaign = make.campaign_with_targets(posts=1, is_test=True)
    token = token_of(client, campaign)
    client.post(url(campaign, "sign/"), entries(client, campaign, token=token, email="test@people.example"))
    Campaign.objects.update(is_test=False)
    client.post(url(campaign, "sign/"), entries(client, campaign, token=token, email="real@people.example"))
    assert dict(Pledge.objects.values_list("email", "is_test")) == {
        "test@people.example": True,
        "real@people.example": False,
    }


@pytest.mark.parametrize(
    "said",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
    ],
)
def test_another_sites_page_can_have_nobody_sign(client, campaign, said):
    token = token_of(client, campaign)
    answer = client.post(url(campaign, "sign/"), entries(client, campaign, token=token), headers=said)
    assert answer.status_code == 403
    assert not Pledge.objects.exists()
