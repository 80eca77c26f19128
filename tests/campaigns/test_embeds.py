"""A campaign's form inside other sites' pages: only where its organisation says so, and without cookies."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from campaigns.models import Pledge
from contacts import clock
from contacts.origins import BadOrigin, origin_of
from tests.campaigns.visitor import HIDDEN_TOKEN, url
from tests.factories import CampaignFactory, OrganizationFactory, RoleFactory, campaign_with_targets

pytestmark = pytest.mark.django_db
PARTNER = "https://www.partner.example"


def text(response):
    return " ".join(response.content.decode().split())


def a_campaign(**fields):
    return campaign_with_targets(organization=OrganizationFactory(embed_origins=[PARTNER]), **fields)


def frame(campaign, tail="", query=f"?host={PARTNER}&source=partner"):
    return f"/embed/{campaign.organization.slug}/{campaign.slug}/{tail}{query}"


def typed(client, campaign, **changes):
    token = HIDDEN_TOKEN.search(client.get(frame(campaign)).content.decode()).group(1)
    clock.move(timedelta(seconds=3))
    return {
        "name": "Ada Lovelace",
        "email": "ada@people.example",
        "postal_code": "20000",
        "source": "partner",
        "token": token,
        **changes,
    }


def ancestors(answer):
    return re.search(r"frame-ancestors ([^;]+)", answer["Content-Security-Policy"]).group(1)


def test_only_the_sites_of_the_organisation_may_show_it_and_everything_else_stays_closed(client):
    campaign, other = a_campaign(), campaign_with_targets()
    answer = client.get(frame(campaign))
    assert answer.status_code == 200 and ancestors(answer) == PARTNER
    assert "X-Frame-Options" not in answer
    assert ancestors(client.get(frame(other))) == "'none'"
    for page in (url(campaign), "/", url(campaign, "send-link/"), "/accounts/login/"):
        answer = client.get(page)
        assert ancestors(answer) == "'none'" and answer["X-Frame-Options"] == "DENY"


def test_somebody_signs_inside_without_any_cookie():
    campaign = a_campaign()
    strict = Client(enforce_csrf_checks=True)
    data = typed(strict, campaign)
    assert not strict.cookies
    answer = strict.post(frame(campaign), data, headers={"origin": "http://testserver"})
    assert answer.status_code == 302 and answer.url.startswith(frame(campaign, "signed/", ""))
    page = strict.get(answer.url)
    assert "Check your mail" in text(page) and ancestors(page) == PARTNER
    assert f'data-host="{PARTNER}"' in text(page) and not strict.cookies
    assert Pledge.objects.get().source == "partner"


def test_a_form_sent_from_another_site_or_without_our_signature_is_refused():
    campaign = a_campaign()
    strict = Client(enforce_csrf_checks=True)
    data = typed(strict, campaign)
    assert strict.post(frame(campaign), data, headers={"origin": PARTNER}).status_code == 403
    lured = {"origin": "null", "sec-fetch-site": "cross-site"}
    assert strict.post(frame(campaign), data, headers=lured).status_code == 403
    for token in ("", "x", data["token"][:-2]):
        assert strict.post(frame(campaign), {**data, "token": token}).status_code == 422
    other = a_campaign()
    assert strict.post(frame(other), data).status_code == 422  # made for another campaign
    assert Pledge.objects.count() == 0


def test_mistakes_and_questions_stay_inside_the_frame():
    campaign = a_campaign(posts=2)
    strict = Client(enforce_csrf_checks=True)
    data = typed(strict, campaign)
    answer = strict.post(frame(campaign), {**data, "email": "nonsense"})
    assert answer.status_code == 422 and ancestors(answer) == PARTNER
    assert 'class="topbar"' not in text(answer) and f'data-host="{PARTNER}"' in text(answer)
    assert frame(campaign, query="") in text(answer)


def test_a_frame_on_a_site_that_is_not_named_is_told_to_talk_to_nobody(client):
    assert 'data-host=""' in text(client.get(frame(a_campaign(), query="?host=https://evil.example")))


@pytest.mark.parametrize(("state", "words"), [("paused", "Paused"), ("closed", "has ended")])
def test_a_campaign_that_is_over_says_so_in_the_frame(client, state, words):
    campaign = a_campaign(state=state)
    page = client.get(frame(campaign))
    assert words in text(page) and 'name="email"' not in text(page)
    assert client.post(frame(campaign), {"name": "Ada"}).status_code == 409


def test_the_script_is_at_an_address_that_never_changes_and_listens_to_our_site_only(client):
    answer = client.get("/embed.js")
    assert answer["Content-Type"].startswith("text/javascript") and not answer.cookies
    script = answer.content.decode()
    assert "event.origin !== site" in script and "event.source !== frame.contentWindow" in script
    assert 'postMessage({ outspokenHeight: height }, "*")' not in script


def test_owners_name_the_sites_and_a_wrong_address_is_shown(client):
    campaign = campaign_with_targets()
    organization = campaign.organization
    client.force_login(RoleFactory(organization=organization, name="owner").user)
    page = f"/console/{organization.slug}/settings/"
    fields = dict(re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', client.get(page).content.decode()))
    fields.update(postal_address="1 Quay Street", about="")
    fields.pop("csrfmiddlewaretoken", None)
    answer = client.post(page, {**fields, "embed_sites": "http://partner.example"})
    assert answer.status_code == 422 and "begins with https://: http://partner.example" in text(answer)
    client.post(page, {**fields, "embed_sites": "www.partner.example/page\n\nhttps://www.partner.example"})
    organization.refresh_from_db()
    assert organization.embed_origins == [PARTNER]
    assert ancestors(client.get(frame(campaign))) == PARTNER


def test_organizers_find_what_another_site_puts_into_its_page(client):
    campaign = a_campaign(title='Care "now"')
    client.force_login(RoleFactory(organization=campaign.organization).user)
    page = client.get(
        f"/console/{campaign.organization.slug}/campaigns/{campaign.pk}/embed/"
    ).content.decode()
    code = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL).group(1))
    assert PARTNER in page
    assert f'<a href="{settings.SITE_URL}{url(campaign)}?source=embed">Sign: Care &quot;now&quot;</a>' in code
    assert (
        f'src="{settings.SITE_URL}/embed.js" data-campaign="{campaign.organization.slug}/{campaign.slug}"'
        in code
    )


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("example.org", "https://example.org"),
        (" https://Example.org/a?b#c ", "https://example.org"),
        ("https://example.org:8443", "https://example.org:8443"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://localhost:9000", "http://localhost:9000"),
    ],
)
def test_an_address_is_kept_as_its_origin(written, origin):
    assert origin_of(written) == origin


@pytest.mark.parametrize(
    "written",
    ["http://example.org", "*", "https://*.example.org", "'self'", "javascript:alert(1)", "data:", "example",
     "https://a.example; script-src *", "https://u:p@a.example", "https://", "//"],
)  # fmt: skip
def test_what_is_no_safe_site_is_refused(written):
    with pytest.raises(BadOrigin):
        origin_of(written)


def test_programs_learn_how_to_show_a_campaign(client):
    campaign = a_campaign(title="Care <in> time")
    page = client.get(url(campaign)).content.decode()
    link = re.search(r'application/json\+oembed"[^>]* href="([^"]+)"', page).group(1).replace("&amp;", "&")
    answer = client.get(link.removeprefix(settings.SITE_URL) + "&maxwidth=300")
    found = json.loads(answer.content)
    assert (found["type"], found["version"], found["width"]) == ("rich", "1.0", 300)
    assert f"{settings.SITE_URL}/embed/" in found["html"] and "&lt;in&gt;" in found["html"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    closed = json.loads(
        client.get("/oembed", {"url": settings.SITE_URL + url(campaign_with_targets())}).content
    )
    assert closed["type"] == "link" and "html" not in closed
    for address in ("", "https://evil.example" + url(campaign), settings.SITE_URL + "/", "x", "http://["):
        assert client.get("/oembed", {"url": address}).status_code == 404
    draft = settings.SITE_URL + url(CampaignFactory(state="draft"))
    assert client.get("/oembed", {"url": draft}).status_code == 404
    assert (
        client.get("/oembed", {"url": settings.SITE_URL + url(campaign), "format": "xml"}).status_code == 501
    )
