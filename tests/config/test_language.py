"""Whoever reads another language than their browser's chooses it at the foot of the page."""

from uuid import UUID

import pytest
from django.urls import is_valid_path, resolve, reverse
from django.urls.converters import UUIDConverter

from campaigns.urls import (
    endorsement_urls,
    public_urls,
    registration_urls,
    rush_urls,
    story_urls,
    supporter_urls,
)
from config.language import SENT_TO, page_address
from tests import factories as make

pytestmark = pytest.mark.django_db


def choose(client, language, back="/how-we-count/", **said):
    return client.post("/language/", {"language": language, "next": back}, **said)


def test_a_language_is_chosen_at_the_foot_of_a_page_and_stays(client):
    page = client.get("/how-we-count/").content.decode()
    assert 'value="es" lang="es">Español</button>' in page and not client.cookies
    answer = choose(client, "es")
    assert (answer.status_code, answer.url) == (302, "/how-we-count/")
    page = client.get("/how-we-count/", headers={"accept-language": "en"}).content.decode()
    assert 'lang="es" dir="ltr"' in page and "Cómo contamos" in page
    assert 'lang="es" aria-current="true"' in page


def test_a_language_that_is_not_offered_changes_nothing(client):
    assert choose(client, "xx").status_code == 302
    assert not client.cookies


@pytest.mark.parametrize(
    "back",
    ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "campaigns:help", "abc"],
)
def test_it_leads_to_no_other_site(client, back):
    assert choose(client, "fr", back).url == "/"


def test_another_site_chooses_nothing(client):
    assert choose(client, "fr", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert choose(client, "fr", headers={"origin": "https://elsewhere.example"}).status_code == 403


def test_a_page_that_does_not_say_where_it_stands_chooses_all_the_same(client):
    assert choose(client, "fr", headers={"origin": "null"}).status_code == 302
    assert client.cookies["django_language"].value == "fr"


def test_opening_the_address_changes_nothing(client):
    assert client.get("/language/?language=fr").status_code == 405


def test_a_page_with_an_error_has_the_languages_too_and_they_lead_to_its_form(client):
    campaign = make.campaign_with_targets()
    page = f"/c/{campaign.organization.slug}/{campaign.slug}/"
    answer = client.post(f"{page}sign/", {"name": ""})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert f'name="next" value="{page}"' in shown and "Español</button>" in shown
    assert (
        "without what you typed" in shown
        and "without what you typed" not in client.get(page).content.decode()
    )
    here = f"{page}send-link/"
    assert f'name="next" value="{here}"' in client.post(here, {"email": "no"}).content.decode()


def test_every_public_address_that_cannot_be_opened_is_known_with_the_page_of_its_form(client, rf):
    """Read from the addresses themselves: a new one that only takes what is sent is added to SENT_TO."""
    sent_to = set()
    for one in [
        *rush_urls,
        *public_urls,
        *supporter_urls,
        *story_urls,
        *registration_urls,
        *endorsement_urls,
    ]:
        given = {
            name: UUID(int=1) if isinstance(kind, UUIDConverter) else "x"
            for name, kind in one.pattern.converters.items()
        }
        address = reverse(f"campaigns:{one.name}", kwargs=given)
        if client.get(address).status_code == 405:
            sent_to.add(one.name)
            request = rf.post(address)
            request.resolver_match = resolve(address)
            steps = address.split("/")
            above = ("/".join(steps[:-n]) + "/" for n in range(2, len(steps)))
            assert page_address(request) == next(page for page in above if is_valid_path(page))
    assert sent_to == set(SENT_TO)
