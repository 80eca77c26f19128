# ruff: noqa: F811  # the campaign is the one of single briefs
"""Passages of stories in briefs: chosen by a person, only where the writer agreed, and gone when they take it back."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.html import strip_tags

from campaigns import documents
from campaigns.actions.briefs import request_brief
from campaigns.actions.stories import erase_stories
from campaigns.actions.story_reviews import approve_story
from campaigns.models import Story, StoryQuote
from campaigns.stories.content import Words, opened
from campaigns.stories.links import manage_token
from campaigns.stories.quotes import find_passage
from campaigns.tasks import housekeeping
from contacts import clock
from contacts.models import AuditEntry
from policy.models import Brief, BriefMention
from tests import factories as make
from tests.campaigns.console import Desk, told, words
from tests.campaigns.story_teller import later
from tests.campaigns.test_brief_recalls import commits, text_of  # noqa: F401
from tests.campaigns.test_briefs import address, campaign, staff  # noqa: F401

pytestmark = pytest.mark.django_db
TEXT = "I waited eleven weeks for a counsellor.\n\nNobody should have to wait so long for a talk. My sister Ines knew."
PASSAGE = "Nobody should have to wait so long for a talk."


@pytest.fixture
def story(campaign):
    """An approved story that may be quoted in briefs."""
    story = make.StoryFactory(campaign.organization, text=TEXT, campaign=campaign)
    reviewer = make.RoleFactory(organization=campaign.organization, name="reviewer").user
    at = TEXT.index("Ines")
    approve_story(story=story, actor=reviewer, revision=1, black=[(at, at + 4)])
    return Story.objects.get()


@pytest.fixture
def desk(client, campaign):
    return Desk(client, campaign.organization, "staff")


def choose(desk, story, campaign, passage=PASSAGE):
    return desk.post("story-quote", story.pk, campaign=campaign.pk, passage=passage)


def made(campaign, commits, kind="issue"):
    with commits():
        brief = request_brief(campaign=campaign, kind=kind, actor=None)
    brief.refresh_from_db()
    return brief


def test_staff_choose_a_passage_and_briefs_print_it(desk, campaign, story, commits):
    assert PASSAGE not in text_of(made(campaign, commits))
    assert "eleven weeks" not in desk.read("story-quotes")
    opened_page = words(desk.post("story-quote", story.pk))
    assert "eleven weeks" in opened_page and "Ines" not in opened_page
    assert AuditEntry.objects.filter(verb="read story", actor=desk.user).count() == 1
    assert "may print it" in told(choose(desk, story, campaign))
    assert PASSAGE in desk.read("story-quotes")
    brief = made(campaign, commits)
    assert PASSAGE in text_of(brief) and "Marisol Quintero" in text_of(brief)
    assert BriefMention.objects.get(brief=brief, of=f"story:{story.pk}").kind == "words"


def test_a_passage_is_kept_as_a_place_and_not_as_words(desk, campaign, story):
    choose(desk, story, campaign)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM campaigns_storyquote")
        assert "Nobody" not in repr(cursor.fetchall())


@pytest.mark.parametrize(
    ("passage", "why"),
    [
        ("Nobody should wait so long for any talk, ever again.", "do not stand in the story"),
        ("Nobody should have", "30 to 340 characters"),
        ("wait so long for a talk. My sister Ines knew.", "do not stand in the story"),
        ("", "required"),
    ],
)
def test_what_is_no_passage_is_said_beside_it(desk, campaign, story, passage, why):
    answer = choose(desk, story, campaign, passage)
    assert answer.status_code == 422 and why in words(answer) and not StoryQuote.objects.exists()


def test_line_breaks_do_not_matter():
    assert (
        find_passage_text("weeks for a\r\ncounsellor. Nobody   should")
        == "weeks for a counsellor.\n\nNobody should"
    )


def find_passage_text(typed):
    start, end = find_passage(Words(text=TEXT, name="", email=""), typed)
    return TEXT[start:end]


def test_a_place_that_can_be_read_is_found_behind_one_that_is_blacked_out():
    words_of = Words(text="so long, so long", name="", email="", blacked=[[0, 7]])
    assert find_passage(words_of, "so long") == (9, 16)


@pytest.mark.parametrize("where", ["none", "unnamed"])
def test_who_narrows_to_no_name_is_named_in_no_brief(client, desk, campaign, story, commits, where):
    choose(desk, story, campaign)
    client.post(f"/story/{manage_token(story)}/agree/", {"where": where, "in_briefs": "on", "years": ""})
    text = text_of(made(campaign, commits))
    assert PASSAGE in text and "Quintero" not in text


def test_a_brief_gathered_before_its_name_was_taken_off_is_not_stored_with_it(
    monkeypatch, desk, campaign, story, commits
):
    choose(desk, story, campaign)
    gather, tries = documents.document_of, []

    def gather_and_narrow(*args, **kwargs):
        document = gather(*args, **kwargs)
        tries.append(Story.objects.update(with_name=False))
        return document

    monkeypatch.setattr(documents, "document_of", gather_and_narrow)
    text = text_of(made(campaign, commits))
    assert PASSAGE in text and "Quintero" not in text and len(tries) == 2


def test_a_story_whose_writer_allows_more_takes_its_briefs_back_until_it_is_read(
    client, desk, campaign, story, commits
):
    page = f"/story/{manage_token(story)}/agree/"
    client.post(page, {"where": "none", "in_briefs": "on", "years": ""})
    choose(desk, story, campaign)
    brief = made(campaign, commits)
    with commits():
        client.post(page, {"where": "public", "in_briefs": "on", "years": ""})
    brief.refresh_from_db()
    assert brief.state == "recalled"


def test_a_story_whose_writer_did_not_agree_to_briefs_is_not_offered(desk, campaign, story):
    Story.objects.update(in_briefs=False)
    assert "No story was approved whose writer agreed" in desk.read("story-quotes")
    assert desk.post("story-quote", story.pk).status_code == 404


def test_a_story_of_another_organisation_is_not_found(client, story):
    other = Desk(client, make.OrganizationFactory(), "staff")
    assert other.post("story-quote", story.pk).status_code == 404


@pytest.mark.parametrize(
    "how", ["taken back", "no briefs", "no name", "changed", "declined", "ended", "erased"]
)
def test_briefs_that_quote_it_are_taken_back_and_made_anew_without_it(
    client, desk, campaign, story, commits, how
):
    choose(desk, story, campaign)
    brief = made(campaign, commits)
    link = address("brief-download", campaign, brief_id=brief.pk)
    assert client.post(link).status_code == 200  # somebody has a copy now
    page = f"/story/{manage_token(story)}/"
    with commits():
        if how == "taken back":
            client.post(f"{page}take-back/")
        elif how == "no briefs":
            client.post(f"{page}agree/", {"where": "public", "years": ""})
        elif how == "no name":
            client.post(f"{page}agree/", {"where": "unnamed", "in_briefs": "on", "years": ""})
        elif how == "changed":
            client.post(f"{page}change/", {"text": f"{TEXT} And so on.", "shown_as": "nobody"})
        elif how == "declined":
            reviewer = Desk(client, campaign.organization, "reviewer")
            reviewer.post("story-decide", story.pk, verb="decline", revision=1, answer="Sorry.")
        elif how == "ended":
            later(days=367)
            housekeeping()
        else:
            erase_stories(campaign.organization, [story.address_hash])
    brief.refresh_from_db()
    assert (brief.state, brief.pdf, brief.content) == ("recalled", None, {})
    assert brief.recall_reason == ("erased" if how == "erased" else "words")
    client.force_login(desk.user)
    assert client.post(link).status_code == 404
    shown = re.sub(
        r"\s+",
        " ",
        strip_tags(client.get(address("brief-detail", campaign, brief_id=brief.pk)).content.decode()),
    )
    assert PASSAGE not in shown and f"Downloaded – {desk.user}" in shown
    if how != "ended":  # a year later the facts of the brief are others
        anew = Brief.objects.get(state="ready")
        assert (PASSAGE in text_of(anew)) == (how == "no name")
        assert "Quintero" not in text_of(anew)


def test_no_brief_made_after_its_last_day_quotes_it(desk, campaign, story, commits):
    choose(desk, story, campaign)
    Story.objects.update(until=clock.today())
    assert PASSAGE in text_of(made(campaign, commits))
    later(days=1)
    Story.objects.update(until=clock.today() - timedelta(days=1))
    assert PASSAGE not in text_of(made(campaign, commits))
    assert "No longer printed" in desk.read("story-quotes")


def test_a_passage_that_is_dropped_is_in_no_newer_brief(desk, campaign, story, commits):
    choose(desk, story, campaign)
    desk.post("story-quote-drop", StoryQuote.objects.get().pk)
    assert not StoryQuote.objects.exists() and PASSAGE not in text_of(made(campaign, commits))
    assert opened(story).text == TEXT


def test_the_page_of_a_campaign_leads_to_the_stories(client, campaign, story):
    page = client.get(reverse("campaigns:campaign", args=[campaign.organization.slug, campaign.slug]))
    assert "Read what people lived through" in words(page)
