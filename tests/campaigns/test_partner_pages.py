"""A partner's own page of a joint campaign: in its name, with its code, and one number for all."""

import re
from datetime import timedelta

import pytest

from campaigns import page_views
from campaigns.delivery import outbox
from campaigns.models import Partnership, Pledge, Tally, TallyKind
from contacts import clock
from tests.campaigns.console import Desk
from tests.campaigns.partners import box, confirm, joint, partner, text
from tests.campaigns.visitor import HIDDEN_TOKEN, link_in, sign, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return joint()


def typed(page, **changes):
    """What somebody fills into the form of a page that was opened some seconds ago."""
    clock.move(timedelta(seconds=3))
    shown = page.content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(source|language)" value="([^"]*)"', shown))
    person = {"name": "Ada Lovelace", "email": "ada@people.example", "postal_code": "20000"}
    return {**person, "token": HIDDEN_TOKEN.search(shown).group(1), **hidden, **changes}


def where_to(page):
    return re.search(r'<form method="post" action="([^"]+)" target', page.content.decode()).group(1)


def test_the_page_is_in_the_partners_name_and_its_box_comes_first(client, campaign, harbour, lantern):
    Partnership.objects.filter(pk=lantern.pk).update(welcome="Young people <b>wait</b>.\n\nSign with us.")
    page = client.get(url(campaign, "with/lantern/"))
    shown = text(page)
    assert "Lantern Youth</strong>" in shown and "together with Quay Coalition" in shown
    assert "Young people &lt;b&gt;wait&lt;/b&gt;.</p> <p>Sign with us." in shown
    assert shown.index("Sign with us.") < shown.index('<form method="post"')  # above the form
    assert f'fill="{lantern.organization.accent}"' in shown
    first, second, third = re.findall(r">([\w ]+) may write to me about", shown)
    assert (first, second, third) == ("Lantern Youth", "Quay Coalition", "Harbour Voices")
    assert re.search(r'<link rel="canonical" href="https?://[^"]+?(/c/[^"]+)">', shown).group(1) == url(
        campaign
    )
    assert re.search(r'og:url" content="https?://[^"/]+(/c/[^"]+)">', shown).group(1) == url(
        campaign, "with/lantern/"
    )
    assert "One number for all who take part" in shown and "2 organisations take part" in shown


def test_signing_there_counts_as_come_by_the_partner_in_one_number(
    client, mailoutbox, campaign, harbour, lantern
):
    page = client.get(url(campaign, "with/harbour/"))
    answer = client.post(where_to(page), typed(page, **{box(harbour): "on"}))
    assert answer.status_code == 302 and answer.url == url(campaign, "check-mail/")
    mine = confirm(client, mailoutbox)
    clock.move(timedelta(days=1))
    page = client.get(url(campaign, "with/lantern/"))
    client.post(where_to(page), typed(page, **{box(lantern): "on"}))  # the same person by another partner
    assert list(Pledge.objects.counted().values_list("source", flat=True)) == ["harbour"]
    for tail in ("", "with/harbour/", "with/lantern/"):
        assert '<p class="progress-number">1 ' in text(client.get(url(campaign, tail)))
    thanks = text(client.get(f"{mine}thanks/"))
    assert f"{url(campaign, 'with/harbour/')}" in thanks  # whom they tell comes by the same partner


def test_what_follows_signing_there_says_who_asked_and_whose_campaign_it_is(
    client, mailoutbox, campaign, harbour
):
    page = client.get(url(campaign, "with/harbour/"))
    answer = client.post(where_to(page), typed(page))
    asked = "on the page of <strong>Harbour Voices</strong>, who carries this campaign together with"
    assert asked in text(client.get(answer.url)) and "Our mails come from Quay Coalition" in text(
        client.get(answer.url)
    )
    outbox.send_due()
    said = (
        "It was signed on the page of Harbour Voices, who carries this campaign together with Quay Coalition."
    )
    assert said in mailoutbox[-1].body and said in mailoutbox[-1].alternatives[0].content
    assert asked in text(client.get(link_in(mailoutbox[-1])))
    client.post(answer.url, {"email": "ada@home.example"})  # mended, and still by the partner
    assert set(Pledge.objects.values_list("source", flat=True)) == {"harbour"}
    clock.move(timedelta(seconds=3))
    sign(client, campaign, email="grace@people.example")
    outbox.send_due()
    assert "Harbour Voices" not in mailoutbox[-1].body
    assert "Harbour Voices" not in text(client.get(url(campaign, "check-mail/")))


def test_who_signs_again_before_confirming_still_came_by_the_first_page(
    client, mailoutbox, campaign, harbour, lantern
):
    page = client.get(url(campaign, "with/harbour/"))
    client.post(where_to(page), typed(page))
    clock.move(timedelta(minutes=11))
    page = client.get(url(campaign, "with/lantern/"))
    client.post(where_to(page), typed(page, name="Ada B. Lovelace"))
    confirm(client, mailoutbox)
    pledge = Pledge.objects.counted().get()
    assert (pledge.source, pledge.name) == ("harbour", "Ada B. Lovelace")


def test_what_has_to_be_mended_is_shown_on_the_partners_page(client, campaign, harbour):
    page = client.get(url(campaign, "with/harbour/"))
    again = client.post(where_to(page), typed(page, name=""))
    assert again.status_code == 422 and "Harbour Voices</strong>" in text(again)
    assert where_to(again) == where_to(page) == url(campaign, "with/harbour/sign/")


@pytest.mark.parametrize("end", ["left_at", "until"])
def test_of_a_partner_that_ended_the_page_leads_to_the_campaign_and_keeps_the_code(
    client, mailoutbox, campaign, harbour, end
):
    opened = client.get(url(campaign, "with/harbour/"))
    ended = {"left_at": clock.now(), "until": clock.today() - timedelta(days=1)}[end]
    Partnership.objects.update(**{end: ended})
    answer = client.get(url(campaign, "with/harbour/?lang=en"))
    assert answer.status_code == 302 and answer.url == url(campaign, "?lang=en&source=harbour")
    page = client.get(answer.url)
    assert 'value="harbour"' in text(page) and "Harbour Voices" not in text(page)
    # The page that was open before still signs.
    assert client.post(where_to(opened), typed(opened, **{box(harbour): "on"})).status_code == 302
    confirm(client, mailoutbox)
    assert Pledge.objects.counted().get().source == "harbour"
    assert client.get(url(campaign, "with/nobody/")).status_code == 404


def test_a_partner_that_asks_nobody_has_a_page_without_a_box(client, campaign):
    partner(campaign, "Numbers Only", "numbers", sees_supporters=False)
    shown = text(client.get(url(campaign, "with/numbers/")))
    assert "Numbers Only</strong>" in shown and "Who may write to you" not in shown


def test_opening_it_counts_as_a_view_by_the_partner(client, campaign, harbour):
    client.get(url(campaign, "with/harbour/"), headers={"user-agent": "Mozilla/5.0"})
    page_views.write()
    [key] = Tally.objects.filter(owner=campaign.pk, kind=TallyKind.VIEWS).values_list("key", flat=True)
    assert key.endswith(" harbour")


def test_sharing_and_the_form_on_the_partners_own_site_carry_its_code(client, campaign, harbour, lantern):
    page = text(client.get(url(campaign, "with/harbour/")))
    assert f'href="{url(campaign, "share/?source=harbour")}"' in page
    assert url(campaign, "with/harbour/") in text(client.get(url(campaign, "share/?source=harbour")))
    assert "/with/" not in text(client.get(url(campaign, "share/?source=newsletter")))
    frame = client.get(f"/embed/{campaign.organization.slug}/{campaign.slug}/?source=harbour")
    shown = text(frame)
    assert "Together with Harbour Voices." in shown
    assert shown.index("Harbour Voices may write") < shown.index("Quay Coalition may write")
    signed = client.post(where_to(frame), typed(frame))
    assert Pledge.objects.get().source == "harbour"
    after = text(client.get(signed.url))
    assert "on the page of <strong>Harbour Voices" in after and url(campaign, "with/harbour/") in after


def test_where_scripts_do_not_run_the_partners_code_is_a_link_to_its_own_page(client, campaign, harbour):
    desk = Desk(client, harbour.organization, role="owner")
    code = desk.get("joint-campaign", harbour.pk).context["code"]
    assert re.match(r'<a href="[^"]+/with/harbour/">', code) and 'data-source="harbour"' in code


def test_a_site_that_asks_how_to_show_the_partners_page_gets_a_form_with_its_code(client, campaign, harbour):
    campaign.organization.embed_origins = ["https://harbour.example.org"]
    campaign.organization.save()
    page = text(client.get(url(campaign, "with/harbour/")))
    discovered = re.search(r'application/json\+oembed"[^>]+href="https?://[^/]+([^"]+)"', page).group(1)
    shown = client.get(discovered.replace("&amp;", "&")).json()
    assert "source=harbour" in shown["html"]


def test_visitors_of_the_next_seconds_get_the_page_as_it_was_with_a_token_of_their_own(
    client, campaign, harbour, settings, django_assert_num_queries
):
    settings.KEPT_SECONDS = 60
    page = client.get(url(campaign, "with/harbour/"))
    with django_assert_num_queries(0):
        again = client.get(url(campaign, "with/harbour/"))
    tokens = {HIDDEN_TOKEN.search(one.content.decode()).group(1) for one in (page, again)}
    assert len(tokens) == 2 and "Harbour Voices" in text(again)
