"""Stories before a reviewer: only they read them, each reading is written down, and words stay as they were written."""

import pytest
from django.urls import reverse

from campaigns.models import Story, StoryKey
from campaigns.stories import ending
from contacts.models import AuditEntry
from tests import factories as make
from tests.campaigns.console import Desk, told, words
from tests.campaigns.story_teller import TEXT, approve, confirmed, entries, later, sent

pytestmark = pytest.mark.django_db
NAMES = TEXT + " My son Daniel Ortiz called Dr. Wells at 802 555 0142."


@pytest.fixture
def organization():
    return make.OrganizationFactory()


@pytest.fixture
def waiting(client, mailoutbox, settings, organization):
    return confirmed(client, mailoutbox, settings, organization, text=NAMES)


def reviewer(client, organization):
    return Desk(client, organization, "reviewer")


@pytest.mark.parametrize("role", ["owner", "organizer", "staff"])
def test_only_a_reviewer_reads_it(client, organization, waiting, role):
    story, _page = waiting
    desk = Desk(client, organization, role)
    assert desk.get("story-list").status_code == 403
    assert desk.post("story-read", story.pk).status_code == 403
    assert desk.post("story-decide", story.pk, verb="approve", revision=1).status_code == 403
    assert "waits to be reviewed" not in desk.read("console-home")
    assert not AuditEntry.objects.filter(object_kind="story").exists()


def test_a_reviewer_of_another_organisation_finds_nothing(client, waiting):
    story, _page = waiting
    desk = reviewer(client, make.OrganizationFactory())
    assert desk.post("story-read", story.pk).status_code == 404
    assert desk.post("story-decide", story.pk, verb="approve", revision=1).status_code == 404


def test_each_reading_is_written_down_and_opening_the_page_reads_nothing(client, organization, waiting):
    story, _page = waiting
    desk = reviewer(client, organization)
    assert "1 story waits to be reviewed" in desk.read("console-home")
    assert "eleven weeks" not in desk.read("story-list") + desk.read("story-read", story.pk)
    assert not AuditEntry.objects.filter(verb="read story").exists()
    page = desk.post("story-read", story.pk)
    assert "eleven weeks" in words(page) and page["Cache-Control"] == "no-store"
    row = AuditEntry.objects.get(verb="read story")
    assert (row.actor, row.object_id) == (desk.user, str(story.pk))
    desk.post("story-read", story.pk)
    assert AuditEntry.objects.filter(verb="read story").count() == 2


def test_what_the_checks_mark_stands_with_the_guideline_it_follows(client, organization, waiting):
    story, _page = waiting
    page = words(reviewer(client, organization).post("story-read", story.pk))
    assert "Somebody’s name: “My son Daniel Ortiz”" in page and "A phone number: “802 555 0142”" in page
    assert "45 CFR 164.514(b)(2)" in page


def test_marked_details_are_blacked_out_and_the_writer_is_told(
    client, organization, waiting, mailoutbox, settings
):
    story, page = waiting
    at = NAMES.index("802 555 0142")
    approve(client, story, black=[f"{at}-{at + 12}"], black_words="Daniel Ortiz\nlibrary")
    public = words(client.get(reverse("campaigns:story", args=[organization.slug, story.pk])))
    for hidden in ("802 555", "Daniel", "library"):
        assert hidden not in public
    assert public.count("█████") == 3 and "eleven weeks" in public
    assert "3 places in it were blacked out" in sent(mailoutbox, settings).body
    assert "█████" in words(client.get(page))
    assert "Daniel Ortiz" in client.get(f"{page}change/").content.decode()  # their own words are as they were


def test_words_that_do_not_stand_in_it_are_an_error_and_nothing_is_decided(client, organization, waiting):
    story, _page = waiting
    answer = reviewer(client, organization).post(
        "story-decide", story.pk, verb="approve", revision=1, black_words="Daniela"
    )
    assert answer.status_code == 422 and "does not stand in the story" in words(answer)
    assert Story.objects.get().state == "waiting"


def test_it_goes_back_to_its_writer_who_changes_it(client, organization, waiting, mailoutbox, settings):
    story, page = waiting
    desk = reviewer(client, organization)
    bare = desk.post("story-decide", story.pk, verb="changes", revision=1)
    assert bare.status_code == 422 and "what to change" in words(bare)
    answer = "Could you leave out the name of your son?"
    said = desk.post("story-decide", story.pk, verb="changes", revision=1, answer=answer)
    assert "is back with its writer" in told(said)
    assert answer in sent(mailoutbox, settings).body
    client.logout()
    assert answer in words(client.get(page))
    client.post(f"{page}change/", {**entries(), "text": TEXT})
    assert Story.objects.get().state == "waiting"
    assert answer not in words(client.get(page))


def test_a_declined_story_is_kept_a_month_for_its_writer_and_then_destroyed(
    client, organization, waiting, mailoutbox, settings
):
    story, page = waiting
    reviewer(client, organization).post(
        "story-decide", story.pk, verb="decline", revision=1, answer="It names a child."
    )
    assert "It names a child." in sent(mailoutbox, settings).body
    client.logout()
    assert "eleven weeks" in words(client.get(page))
    assert client.get(reverse("campaigns:story", args=[organization.slug, story.pk])).status_code == 404
    later(days=30)
    ending.end_due()
    assert Story.objects.get().state == "ended" and not StoryKey.objects.exists()


def test_what_was_changed_while_it_was_read_is_not_approved_unread(client, organization, waiting):
    story, page = waiting
    desk = reviewer(client, organization)
    desk.post("story-read", story.pk)
    client.post(f"{page}change/", {**entries(), "text": TEXT.replace("eleven", "ninety")})
    said = desk.post("story-decide", story.pk, verb="approve", revision=1)
    assert "something else happened first" in told(said)
    assert Story.objects.get().state == "waiting"


def test_what_was_taken_back_while_it_was_read_stays_gone(client, organization, waiting):
    story, page = waiting
    desk = reviewer(client, organization)
    desk.post("story-read", story.pk)
    client.post(f"{page}take-back/")
    assert desk.post("story-decide", story.pk, verb="approve", revision=1).status_code == 404
    assert Story.objects.get().state == "withdrawn"


def test_a_public_story_is_taken_off_the_pages(client, organization, waiting):
    story, _page = waiting
    approve(client, story)
    desk = reviewer(client, organization)
    desk.post("story-decide", story.pk, verb="decline", revision=1, answer="Somebody knew you by it.")
    assert client.get(reverse("campaigns:story", args=[organization.slug, story.pk])).status_code == 404


def test_a_long_list_asks_no_more_than_a_short_one(
    client, organization, mailoutbox, settings, django_assert_max_num_queries
):
    for n in range(3):
        confirmed(client, mailoutbox, settings, organization, email=f"p{n}@people.example")
    desk = reviewer(client, organization)
    desk.get("story-list")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as few:
        desk.get("story-list")
    for n in range(3, 8):
        confirmed(client, mailoutbox, settings, organization, email=f"p{n}@people.example")
    client.force_login(desk.user)
    desk.get("story-list")
    with CaptureQueriesContext(connection) as more:
        desk.get("story-list")
    assert len(more) == len(few)


def test_a_name_that_the_reviewer_never_saw_is_not_published(client, organization, waiting):
    story, _page = waiting
    desk = reviewer(client, organization)
    page = desk.post("story-read", story.pk).content.decode()
    assert f'name="terms" value="{story.terms}"' in page
    Story.objects.filter(pk=story.pk).update(with_name=not story.with_name)
    desk.post("story-decide", story.pk, verb="approve", revision=1, terms=story.terms)
    assert Story.objects.get(pk=story.pk).state == "waiting"


def test_a_story_whose_key_is_missing_can_still_be_taken_back(client, organization, waiting):
    story, page = waiting
    StoryKey.objects.filter(story=story).delete()
    assert "take-back" in client.get(page).content.decode()
    client.post(f"{page}take-back/")
    assert Story.objects.get(pk=story.pk).state == "withdrawn"
