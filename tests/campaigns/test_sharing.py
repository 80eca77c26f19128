"""Passing a campaign on: what other sites read of it, its picture, links with their source, and calls."""

import io
import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.conf import settings
from PIL import Image

from campaigns import share_picture as drawing
from campaigns.links import manage_token
from campaigns.models import Call, Pledge
from campaigns.share_picture import share_picture
from tests.campaigns.visitor import confirmed, sign, url
from tests.factories import (
    CampaignFactory,
    ContactPointFactory,
    PledgeFactory,
    ResidenceFactory,
    RoleFactory,
    campaign_with_targets,
)

pytestmark = pytest.mark.django_db
WORDS = {"headline": "Care", "organization": "Harbour", "line": "Sign", "accent": "#0b6e5f"}


def text(response):
    return " ".join(response.content.decode().split())


def meta(page, name):
    return re.search(rf'<meta (?:property|name)="{name}" content="([^"]*)"', page).group(1)


# For other sites ----------------------------------------------------------------------------------


def test_other_sites_read_whose_page_it_is_and_find_its_picture(client):
    campaign = campaign_with_targets(title="Care in time", ask='Vote "yes"')
    page = client.get(url(campaign)).content.decode()
    assert meta(page, "og:title") == "Care in time" and meta(page, "og:description") == "Vote &quot;yes&quot;"
    assert meta(page, "og:url") == settings.SITE_URL + url(campaign)
    assert f'rel="canonical" href="{settings.SITE_URL}{url(campaign)}"' in page
    assert meta(page, "twitter:card") == "summary_large_image"
    assert 'itemtype="https://schema.org/WebPage"' in page and "<script>" not in page
    answer = client.get(meta(page, "og:image").removeprefix(settings.SITE_URL))
    image = Image.open(io.BytesIO(answer.content))
    assert answer["Content-Type"] == "image/png" and image.size == (1200, 630)
    assert len(answer.content) < 100_000
    again = client.get(url(campaign, "picture.png"), headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    campaign.title = "Care at last"
    campaign.save()
    assert meta(client.get(url(campaign)).content.decode(), "og:image") != meta(page, "og:image")
    assert client.get(url(CampaignFactory(state="draft"), "picture.png")).status_code == 404


def ink(content):
    """Where the headline stands: the first and the last column with ink between the two coloured lines."""
    image = Image.open(io.BytesIO(content)).convert("L").crop((0, 140, 1200, 520))
    box = image.point(lambda v: 255 if v < 100 else 0).getbbox()
    return box[0], box[2]


def test_a_headline_begins_where_its_language_begins():
    left, _right = ink(share_picture(**WORDS))
    assert left < 100
    _left, right = ink(share_picture(**{**WORDS, "headline": "رعاية نفسية"}))
    assert right > 1100


@pytest.mark.parametrize(
    "headline", ["Atención psicológica", "Łódź Őrség", "رعاية HB 42 نفسية", "X" * 140, "word " * 28, "漢字"]
)
def test_every_headline_stays_inside_the_picture(headline):
    left, right = ink(share_picture(**{**WORDS, "headline": headline}))
    assert left >= drawing.MARGIN - 12 and right <= drawing.WIDTH - drawing.MARGIN + 12


def test_letters_of_every_language_are_drawn_and_not_boxes():
    one, other = (share_picture(**{**WORDS, "headline": h}) for h in ("őőőő", "łłłł"))
    assert one != other


def test_the_picture_has_the_colours_of_the_pages():
    tokens = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text()
    for name, colour in (("paper", drawing.PAPER), ("ink", drawing.INK), ("muted", drawing.MUTED)):
        assert f"--{name}: {colour};" in tokens


# Links --------------------------------------------------------------------------------------------


def test_who_shares_keeps_the_source_they_came_by_and_who_follows_is_counted_for_it(
    client, mailoutbox, settings
):
    campaign, mine = confirmed(client, mailoutbox, settings, typed={"source": "night-line"})
    page = client.get(f"{mine}thanks/").content.decode()
    links = [unquote(link.replace("&amp;", "&")) for link in re.findall(r'class="chip" href="([^"]+)"', page)]
    assert len(links) == 4 and all(f"{url(campaign)}?source=night-line" in link for link in links)
    assert [urlsplit(link).scheme for link in links] == ["mailto", "https", "https", "sms"]
    assert not re.search(r'src="https?://', page)
    client.get(f"{url(campaign)}?source=night-line")
    sign(client, campaign, email="bo@people.example", source="night-line")
    assert Pledge.objects.get(email="bo@people.example").source == "night-line"


def test_anybody_finds_the_texts_to_pass_on(client):
    campaign = campaign_with_targets()
    page = client.get(url(campaign, "share/")).content.decode()
    assert f"{url(campaign)}?source=shared" in page
    link = re.search(r'href="(https://wa\.me[^"]+)"', page).group(1)
    assert parse_qs(urlsplit(link).query)["text"][0].startswith(campaign.title)


# Calls --------------------------------------------------------------------------------------------


def to_call(script="Hello, my name is {{name}} from {{city}}. Please tell {{title}} {{representative}} …"):
    campaign = campaign_with_targets(posts=2, call_script=script)
    first, second = campaign.target_groups.get().rules.get().chamber.posts.order_by("label")
    office = first.memberships.get().legislator.offices.get()
    ContactPointFactory(office=office, kind="phone", value="+1 202 555 0100")
    pledge = PledgeFactory(campaign=campaign, name="Ada Example")
    for post in (first, second):
        ResidenceFactory(supporter=pledge.supporter, division=post.division)
    return campaign, pledge, first, second


def test_a_call_has_a_number_words_to_say_and_is_counted_by_what_is_said_of_it(client):
    campaign, pledge, post, without_number = to_call()
    mine = f"/p/{manage_token(pledge)}/"
    assert f"{mine}calls/" in text(client.get(mine)) and f"{mine}calls/" in text(client.get(f"{mine}thanks/"))
    page = text(client.get(f"{mine}calls/"))
    assert 'href="tel:+12025550100"' in page and "my name is Ada Example from Harbour Town" in page
    assert post.memberships.get().legislator.name in page
    assert without_number.memberships.get().legislator.name not in page
    assert not Call.objects.exists()
    for outcome in ("no_answer", "reached"):
        client.post(f"{mine}calls/", {"post": str(post.pk), "outcome": outcome})
    assert Call.objects.get().outcome == "reached"
    page = text(client.get(url(campaign)))
    assert "1 person told us of calls: 1 reached somebody, 0 left a message" in page
    assert 'id="calls"' in text(client.get("/how-we-count/"))


@pytest.mark.parametrize(
    "said",
    [{"outcome": "shouted"}, {"outcome": "reached", "post": "x"}, {"outcome": "reached", "other": True}],
)
def test_nothing_else_can_be_said_of_a_call_and_of_no_other_office(client, said):
    _campaign, pledge, post, without_number = to_call()
    target = without_number if said.pop("other", False) else post
    answer = client.post(f"/p/{manage_token(pledge)}/calls/", {"post": str(target.pk), **said})
    assert answer.status_code == 422 and not Call.objects.exists()


def test_calls_of_tests_and_of_people_who_took_it_back_do_not_count(client):
    campaign, pledge, post, _other = to_call()
    Call.objects.create(pledge=pledge, post=post, outcome="reached", at=pledge.signed_at)
    Pledge.objects.update(state="withdrawn")
    assert "told us of calls" not in text(client.get(url(campaign)))
    assert f"/p/{manage_token(pledge)}/calls/" not in text(client.get(f"/p/{manage_token(pledge)}/"))


def test_a_campaign_without_words_for_the_phone_offers_no_call(client):
    _campaign, pledge, post, _other = to_call(script="")
    mine = f"/p/{manage_token(pledge)}/"
    assert "calls/" not in text(client.get(mine))
    client.post(f"{mine}calls/", {"post": str(post.pk), "outcome": "reached"})
    assert not Call.objects.exists()


def test_a_field_that_does_not_exist_is_refused_when_the_words_are_written(client):
    campaign = campaign_with_targets()
    client.force_login(RoleFactory(organization=campaign.organization).user)
    page = f"/console/{campaign.organization.slug}/campaigns/{campaign.pk}/edit/"
    answer = client.post(page, {"call_script": "Hello {{colour}}"})
    assert "There is no field {{colour}}" in answer.content.decode()
