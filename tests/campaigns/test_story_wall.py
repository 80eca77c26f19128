"""The public stories: pages, feed, embed and API; what was taken back is on none of them."""

import pytest
from django.urls import reverse

from campaigns.models import Story
from contacts.models import Organization
from tests import factories as make
from tests.campaigns.console import words
from tests.campaigns.story_teller import TEXT, approve, confirmed, later, on_the_wall

pytestmark = pytest.mark.django_db
SECRET = "eleven weeks"


@pytest.fixture
def organization():
    return make.OrganizationFactory(embed_origins=["https://partner.example"])


def places(organization, story):
    """Every address that a public story may be read at."""
    slug = organization.slug
    return [
        reverse("campaigns:stories", args=[slug]),
        reverse("campaigns:stories-feed", args=[slug]),
        reverse("campaigns:stories-embed", args=[slug]),
        reverse("campaigns:story", args=[slug, story.pk]),
        f"{reverse('campaigns:api-stories')}?organization={slug}",
        reverse("campaigns:api-story", args=[story.pk]),
    ]


def read(client, url):
    return client.get(url).content.decode()


def test_a_public_story_is_everywhere_and_sets_no_cookie(client, organization, mailoutbox, settings):
    story, _page = on_the_wall(client, mailoutbox, settings, organization)
    client.cookies.clear()
    for url in places(organization, story):
        answer = client.get(url)
        assert answer.status_code == 200 and SECRET in answer.content.decode(), url
        assert not answer.cookies and "no-store" in answer["Cache-Control"], url
        assert "marisol@people.example" not in answer.content.decode()


@pytest.mark.parametrize("how", ["taken back", "ended", "narrowed", "declined", "changed"])
def test_what_may_no_longer_be_read_is_nowhere_at_once(client, organization, mailoutbox, settings, how):
    settings.KEPT_SECONDS = 60  # pages are kept, as in real life
    story, page = on_the_wall(client, mailoutbox, settings, organization, years="1")
    for url in places(organization, story):
        read(client, url)
    if how == "taken back":
        client.post(f"{page}take-back/")
    elif how == "ended":
        later(days=367)
    elif how == "narrowed":
        client.post(f"{page}agree/", {"where": "none", "in_briefs": "on", "years": ""})
    elif how == "changed":
        client.post(f"{page}change/", {"text": TEXT, "shown_as": "nobody"})
    else:
        Story.objects.update(state="declined")
    client.cookies.clear()
    for url in places(organization, story):
        assert SECRET not in read(client, url), url
    assert SECRET not in read(client, reverse("campaigns:home"))


def test_a_private_story_is_never_public(client, organization, mailoutbox, settings):
    story, _page = confirmed(client, mailoutbox, settings, organization, where="none", in_briefs="on")
    approve(client, story)
    assert story.state == "approved"
    for url in places(organization, story):
        assert SECRET not in read(client, url), url


def test_initials_and_no_name_are_kept_to(client, organization, mailoutbox, settings):
    for how, shown in [
        ({"shown_as": "initials"}, "M. Q."),
        ({"shown_as": "nobody", "name": ""}, "Somebody"),
        ({"where": "unnamed"}, "Somebody"),
    ]:
        story, page = on_the_wall(
            client, mailoutbox, settings, organization, email=f"p{len(shown)}{len(how)}@people.example", **how
        )
        for url in places(organization, story):
            assert "Quintero" not in read(client, url), url
        assert shown in read(client, reverse("campaigns:story", args=[organization.slug, story.pk]))
        client.post(f"{page}take-back/")


def test_what_it_speaks_of_is_said_before_it_is_read(client, organization, mailoutbox, settings):
    story, _page = on_the_wall(client, mailoutbox, settings, organization, notes=["suicide", "death"])
    wall, feed, _embed, page, *_api = places(organization, story)
    text = words(client.get(wall))
    assert "Speaks of suicide, death and grief" in text and SECRET not in text
    assert SECRET not in read(client, feed)
    body = read(client, page)
    assert body.index("<details") < body.index(SECRET) and "<details open" not in body


def test_issue_and_place_narrow_it_down(client, organization, mailoutbox, settings):
    found = {}
    for n, name in enumerate(("Vermont", "Maine")):
        place, issue = (
            make.DivisionFactory(name=name),
            make.IssueFactory(organization=organization, title=f"On {name}"),
        )
        story, _page = on_the_wall(
            client,
            mailoutbox,
            settings,
            organization,
            text=f"{TEXT} It was in {n + 7} towns.",
            email=f"p{n}@people.example",
        )
        Story.objects.filter(pk=story.pk).update(division=place, issue=issue)
        found[name] = (place, issue)
    url = reverse("campaigns:stories", args=[organization.slug])
    place, issue = found["Maine"]
    for asked in ({"place": place.pk}, {"issue": issue.pk}):
        text = words(client.get(url, asked))
        assert "8 towns" in text and "7 towns" not in text
    for nonsense in ("x", "\x00", str(organization.pk)):
        assert "7 towns" in words(client.get(url, {"place": nonsense}))


def test_help_of_the_place_and_a_way_out_stand_on_every_page(client, organization, mailoutbox, settings):
    vermont, maine = make.DivisionFactory(name="Vermont"), make.DivisionFactory(name="Maine")
    make.ResourceFactory(organization=organization, name="Maine Line", division=maine, phone="000 222")
    make.ResourceFactory(organization=organization, name="Vermont Line", division=vermont, phone="000 111")
    story, own = on_the_wall(client, mailoutbox, settings, organization)
    Story.objects.update(division=vermont)
    tell = reverse("campaigns:story-tell", args=[organization.slug])
    page = reverse("campaigns:story", args=[organization.slug, story.pk])
    for url in (places(organization, story)[0], page, tell, own):
        text = read(client, url)
        assert "data-quick-exit" in text and "Vermont Line" in text, url
    assert "Maine Line" not in read(client, page)
    assert "aria-keyshortcuts" not in read(client, tell)  # Escape would throw away what is being written


def test_only_the_sites_that_were_named_show_it_in_a_frame(client, organization, mailoutbox, settings):
    story, _page = on_the_wall(client, mailoutbox, settings, organization)
    embed = client.get(places(organization, story)[2])
    assert "frame-ancestors https://partner.example" in embed["Content-Security-Policy"]
    assert "X-Frame-Options" not in embed
    Organization.objects.update(embed_origins=[])
    assert "frame-ancestors 'none'" in client.get(places(organization, story)[2])["Content-Security-Policy"]


def test_stories_of_another_organisation_are_not_here(client, organization, mailoutbox, settings):
    story, _page = on_the_wall(client, mailoutbox, settings, organization)
    other = make.OrganizationFactory()
    assert client.get(reverse("campaigns:story", args=[other.slug, story.pk])).status_code == 404
    assert SECRET not in read(client, reverse("campaigns:stories", args=[other.slug]))


def test_a_long_wall_asks_no_more_than_a_short_one(client, organization, mailoutbox, settings):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    url = reverse("campaigns:stories", args=[organization.slug])
    counts = []
    for n in range(6):
        on_the_wall(client, mailoutbox, settings, organization, email=f"p{n}@people.example")
        if n in (0, 5):
            client.get(url)
            with CaptureQueriesContext(connection) as asked:
                client.get(url)
            counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_api_gives_what_the_pages_show(client, organization, mailoutbox, settings):
    story, _page = on_the_wall(client, mailoutbox, settings, organization, notes=["death"])
    found = client.get(f"{reverse('campaigns:api-stories')}?organization={organization.slug}").json()
    assert found["count"] == 1
    row = found["results"][0]
    assert (row["id"], row["by"], row["speaks_of"]) == (
        str(story.pk),
        "Marisol Quintero",
        ["death and grief"],
    )
    assert row["text"] == TEXT and row["url"].endswith(f"/stories/{organization.slug}/{story.pk}/")
    assert set(row) == {"id", "url", "text", "by", "place", "issue", "speaks_of", "approved_at", "language"}
    assert client.get(f"{reverse('campaigns:api-stories')}?organization=nobody").status_code == 404
    assert client.get(reverse("campaigns:api-stories")).status_code == 400
