"""A story that was taken back is in no dump of the database, and an older dump without the keys opens nothing; whoever
takes theirs back while a reviewer approves it has the last word."""

import os
import subprocess
import threading
import time

import pytest
from django.db import connection, connections
from django.urls import reverse

from campaigns import brief_requests
from campaigns.actions.briefs import request_brief
from campaigns.actions.stories import withdraw_story
from campaigns.actions.story_quotes import choose_passage
from campaigns.actions.story_reviews import approve_story
from campaigns.errors import BadMove
from campaigns.models import Story, StoryKey
from policy.models import Brief
from tests import factories as make
from tests.campaigns.console import words
from tests.campaigns.story_teller import on_the_wall, sent

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
SECRET = "eleven weeks"
PASSAGE = "Nobody should have to wait so long for a talk."
TEXT = f"I waited eleven weeks for a counsellor.\n\n{PASSAGE}"


def dump(*options):
    """The database as pg_dump writes it."""
    given = connection.settings_dict
    env = {**os.environ, "PGPASSWORD": given["PASSWORD"]}
    where = ["-h", given["HOST"], "-p", str(given["PORT"]), "-U", given["USER"], given["NAME"]]
    # Told to leave the large tables of other tests alone, it takes a second.
    tables = ["--table=campaigns_*", "--table=contacts_*", "--table=policy_brief*"]
    return subprocess.run(
        ["pg_dump", *tables, *options, *where], env=env, check=True, capture_output=True
    ).stdout


def test_a_story_is_in_no_dump_and_an_older_one_without_keys_opens_nothing(client, mailoutbox, settings):
    organization = make.OrganizationFactory()
    story, page = on_the_wall(client, mailoutbox, settings, organization)
    before = dump("--exclude-table-data=campaigns_storykey")
    wrapped = bytes(StoryKey.objects.get().wrapped).hex().encode()
    sealed = bytes(Story.objects.get().sealed)
    assert sealed.hex().encode() in before and wrapped not in before
    client.post(f"{page}take-back/")
    sent(mailoutbox, settings)
    after = dump()
    assert str(story.pk).encode() in after
    for content in (before, after):
        assert SECRET.encode() not in content and b"Quintero" not in content and b"marisol@" not in content
    assert sealed.hex().encode() not in after and wrapped not in after
    # The older dump is restored: the row is back, and no page shows a word of it.
    Story.objects.filter(pk=story.pk).update(sealed=sealed, state="approved")
    wall = client.get(reverse("campaigns:stories", args=[organization.slug]))
    assert wall.status_code == 200 and SECRET not in words(wall)


def test_taken_back_while_it_is_approved_it_stays_gone(settings):
    """Many times at once: whichever comes first, the words and the key are gone at the end."""
    organization = make.OrganizationFactory()
    reviewer = make.RoleFactory(organization=organization, name="reviewer").user
    for n in range(8):
        story = make.StoryFactory(organization)
        Story.objects.filter(pk=story.pk).update(address_hash=f"{n:064}")
        together = threading.Barrier(2)

        def act(work, together=together):
            try:
                together.wait()
                work()
            except BadMove:
                pass
            finally:
                connections.close_all()

        def approve(story=story):
            approve_story(story=story, actor=reviewer, revision=1)

        def withdraw(story=story):
            withdraw_story(story=story)

        threads = [threading.Thread(target=act, args=[work]) for work in (approve, withdraw)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        story.refresh_from_db()
        assert (story.state, story.sealed) == ("withdrawn", None)
        assert not StoryKey.objects.filter(pk=story.pk).exists()


def test_who_takes_a_story_back_while_a_brief_that_quotes_it_is_stored_takes_the_brief_back_too(monkeypatch):
    campaign = make.campaign_with_targets()
    story = make.StoryFactory(campaign.organization, text=TEXT, campaign=campaign)
    reviewer = make.RoleFactory(organization=campaign.organization, name="reviewer").user
    approve_story(story=story, actor=reviewer, revision=1)
    choose_passage(story=story, campaign=campaign, typed=PASSAGE, actor=reviewer)
    real, threads = brief_requests.briefs.request_brief, []

    def withdraw():
        try:
            withdraw_story(story=story)
        finally:
            connections.close_all()

    def store(**fields):
        """The brief is checked and its story is held; now its writer takes it back."""
        if not threads:
            threads.append(threading.Thread(target=withdraw))
            threads[0].start()
            time.sleep(1)
            assert threads[0].is_alive()
        return real(**fields)

    monkeypatch.setattr(brief_requests.briefs, "request_brief", store)
    brief = request_brief(campaign=campaign, kind="issue", actor=None)
    monkeypatch.undo()
    threads[0].join(30)
    brief.refresh_from_db()
    assert brief.state == "recalled"
    assert [b for b in Brief.objects.exclude(state="recalled") if PASSAGE in str(b.content)] == []
