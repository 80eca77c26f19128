"""Whoever reads another language than their browser's chooses it at the foot of the page."""

import pytest

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
