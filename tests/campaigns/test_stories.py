"""Telling a story, changing it, and taking it back: nothing personal of it is anywhere but sealed."""

import io
import json
import re
import sqlite3
import zipfile
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from PIL import Image

from campaigns.actions.stories import change_story
from campaigns.models import OutboxMail, Story, StoryConsent, StoryKey
from campaigns.stories import ending, vault
from campaigns.stories.content import opened, opened_picture
from contacts.models import AuditEntry
from tests import factories as make
from tests.campaigns.console import words
from tests.campaigns.story_teller import (
    LINK,
    TEXT,
    approve,
    confirmed,
    entries,
    later,
    on_the_wall,
    sent,
    tell,
)
from tests.campaigns.visitor import confirmed as signed_and_confirmed

pytestmark = pytest.mark.django_db
SECRET = "eleven weeks"


@pytest.fixture
def organization():
    return make.OrganizationFactory()


def photo():
    """A JPEG that says where and when it was taken."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Nikonette 9000"
    Image.new("RGB", (2400, 1200), "navy").save(out, "JPEG", exif=exif)
    return out.getvalue()


# Telling


def test_a_story_is_told_confirmed_by_mail_and_waits_for_a_reviewer(
    client, organization, mailoutbox, settings
):
    page = client.get(reverse("campaigns:story-tell", args=[organization.slug]))
    assert "Tell your story" in words(page) and not page.cookies
    answer = tell(client, organization)
    assert (answer.status_code, bool(answer.cookies)) == (302, False)
    assert "check your mail" in words(client.get(answer.url))
    mail = sent(mailoutbox, settings)
    assert mail.to == ["marisol@people.example"] and "Confirm my story" in mail.body
    link = LINK.search(mail.body)[1] + "confirm/"
    assert "Is this your story?" in words(client.get(link))  # GET changes nothing
    assert Story.objects.get().state == "pending"
    own = client.post(link)
    assert Story.objects.get().state == "waiting"
    assert SECRET in words(client.get(own.url))
    assert client.post(link).status_code == 410  # a link works once
    kept = sent(mailoutbox, settings)
    assert "waits to be read" in kept.subject and "take-back/" in kept.body


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_kept(client, organization):
    answer = tell(client, organization, text="Too short", name="", email="nobody")
    assert answer.status_code == 422 and not Story.objects.exists()
    said = words(answer)
    assert "Write the name to show" in said and "at least 40 characters" in said and "mail address" in said


def test_how_short_a_story_may_be_is_said_before_and_after(client, organization):
    page = client.get(reverse("campaigns:story-tell", args=[organization.slug]))
    assert "At least 40 characters" in words(page)
    assert "at least 40 characters. You have 14." in words(tell(client, organization, text="I had to wait."))


def test_the_page_to_confirm_leads_by_its_head_to_the_organisation(
    client, organization, mailoutbox, settings
):
    tell(client, organization)
    link = LINK.search(sent(mailoutbox, settings).body)[1] + "confirm/"
    assert f'<a class="brand" href="/issues/{organization.slug}/">' in client.get(link).content.decode()


def test_another_sites_page_tells_nothing(client, organization):
    url = reverse("campaigns:story-tell", args=[organization.slug])
    answer = client.post(url, entries(), headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403 and not Story.objects.exists()


def test_nothing_personal_stands_in_any_table_but_sealed(client, organization, mailoutbox, settings):
    story, _page = on_the_wall(client, mailoutbox, settings, organization)
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = repr([[bytes(v) if isinstance(v, memoryview) else v for v in r] for r in cursor])
    everything = " ".join(found.values())
    assert str(story.pk) in everything or story.pk.hex in everything  # the look is a real one
    for secret in (SECRET, "Marisol", "Quintero", "marisol@people.example"):
        assert [table for table, rows in found.items() if secret.lower() in rows.lower()] == []


def test_nothing_personal_is_logged(client, organization, mailoutbox, settings, caplog):
    caplog.set_level("DEBUG")
    story, page = on_the_wall(client, mailoutbox, settings, organization)
    client.post(f"{page}take-back/")
    sent(mailoutbox, settings)
    said = " ".join(
        f"{r.getMessage()} {r.__dict__}" for r in caplog.records if not r.name.startswith("django.template")
    )
    assert SECRET not in said and "Quintero" not in said and "marisol@" not in said


def test_the_place_is_the_state_and_never_a_district(client, organization):
    state = make.DivisionFactory(name="Vermont")
    for name in ("North", "South"):
        district = make.DivisionFactory(name=name, parent=state, level="local")
        make.PostalAreaFactory(country=organization.country, code="05401", division=district)
    tell(client, organization, postal_code="05401")
    assert Story.objects.get().division == state


def test_a_code_in_two_states_names_none(client, organization):
    for name in ("Vermont", "Maine"):
        make.PostalAreaFactory(
            country=organization.country, code="05401", division=make.DivisionFactory(name=name)
        )
    tell(client, organization, postal_code="05401")
    assert Story.objects.get().division is None


def test_a_picture_is_drawn_anew_without_what_its_file_told(client, organization, mailoutbox, settings):
    file = SimpleUploadedFile("me-at-home.jpg", photo(), "image/jpeg")
    assert b"Nikonette" in photo()
    story, page = confirmed(
        client, mailoutbox, settings, organization, picture=file, picture_alt="A blue door"
    )
    kept = opened_picture(story)
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.format == "JPEG" and max(picture.size) <= 1440 and not picture.getexif()
    assert b"Nikonette" not in kept and kept not in bytes(story.picture)
    assert client.get(f"{page}picture.jpg").content == kept


@pytest.mark.parametrize("content", [b"GIF89a no picture", b"<svg/>", photo()[:200], b""])
def test_a_file_that_is_no_picture_is_refused(client, organization, content):
    file = SimpleUploadedFile("x.jpg", content, "image/jpeg")
    answer = tell(client, organization, picture=file, picture_alt="x")
    assert answer.status_code == 422 and not Story.objects.exists()


def test_a_picture_with_damaged_exif_is_a_picture_still(client, organization):
    out = io.BytesIO()
    # Orientation said to be text, far behind the end of the file.
    damaged = (
        b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x02\x01\x12\x00\x02\x00\x00\xff\xff\x00\x00\xff\xff\x01"
    )
    Image.new("RGB", (400, 200), "navy").save(out, "JPEG", exif=damaged)
    file = SimpleUploadedFile("x.jpg", out.getvalue(), "image/jpeg")
    assert tell(client, organization, picture=file, picture_alt="A door").status_code == 302
    assert opened_picture(Story.objects.get())


def test_a_picture_stands_as_its_camera_was_held(client, organization):
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (2400, 1200), "navy").save(out, "JPEG", exif=exif)
    file = SimpleUploadedFile("x.jpg", out.getvalue(), "image/jpeg")
    tell(client, organization, picture=file, picture_alt="A door")
    with Image.open(io.BytesIO(opened_picture(Story.objects.get()))) as picture:
        assert picture.size == (720, 1440)


def test_a_small_file_of_very_many_pixels_is_refused_and_the_text_stays(client, organization):
    out = io.BytesIO()
    Image.new("1", (7700, 7700)).save(out, "PNG")
    file = SimpleUploadedFile("x.png", out.getvalue(), "image/png")
    answer = tell(client, organization, picture=file, picture_alt="x")
    assert answer.status_code == 422 and "25 million" in words(answer) and SECRET in words(answer)


def test_a_picture_needs_words_for_those_who_cannot_see_it(client, organization):
    file = SimpleUploadedFile("x.jpg", photo(), "image/jpeg")
    answer = tell(client, organization, picture=file)
    assert answer.status_code == 422 and "what the picture shows" in words(answer)


def test_without_a_key_of_the_installation_nobody_is_asked(client, organization, settings):
    settings.STORY_KEYS = []
    assert client.get(reverse("campaigns:story-tell", args=[organization.slug])).status_code == 404
    assert "Tell your story" not in words(client.get(reverse("campaigns:stories", args=[organization.slug])))


def test_after_signing_it_is_offered_and_its_mail_waits_for_the_caps(client, mailoutbox, settings):
    campaign, page = signed_and_confirmed(client, mailoutbox, settings, is_test=False)
    link = f"/stories/{campaign.organization.slug}/tell/?campaign={campaign.slug}"
    assert link in client.get(page).content.decode()
    tell(client, campaign.organization, f"?campaign={campaign.slug}", email="ada@people.example")
    story = Story.objects.get()
    assert (story.campaign, story.issue) == (campaign, campaign.issue)
    before = len(mailoutbox)
    sent(mailoutbox, settings)
    assert len(mailoutbox) == before  # one mail in ten minutes to one address
    later(minutes=10)
    assert "Confirm your story" in sent(mailoutbox, settings).subject
    client.post(LINK.search(mailoutbox[-1].body)[1] + "confirm/")
    assert "The story you told on" in words(client.get(page))


def test_the_link_is_sent_again_and_the_page_tells_a_stranger_nothing(
    client, organization, mailoutbox, settings
):
    _story, page = confirmed(client, mailoutbox, settings, organization)
    sent(mailoutbox, settings)
    later(days=1)
    url = reverse("campaigns:story-link", args=[organization.slug])
    known = client.post(url, {"email": "Marisol@People.example"})
    unknown = client.post(url, {"email": "nobody@people.example"})
    assert known.content == unknown.content
    mail = sent(mailoutbox, settings)
    assert "The link of your story" in mail.subject and page in mail.body


def test_stories_told_in_a_row_get_their_mails_one_after_another(client, organization):
    for _story in range(8):
        tell(client, organization)
    leaves = OutboxMail.objects.order_by("not_before").values_list("not_before", flat=True)
    minutes = [round((one - leaves[0]).total_seconds() / 60) for one in leaves]
    assert minutes == [0, 10, 20, 24 * 60]  # one in ten minutes, three in a day


def test_the_link_of_each_story_is_sent_again_and_none_is_hidden_by_one_nobody_confirmed(
    client, organization, mailoutbox, settings
):
    _first, page = confirmed(client, mailoutbox, settings, organization)
    later(days=1)
    _second, shown = on_the_wall(client, mailoutbox, settings, organization)
    later(days=2)
    tell(client, organization, text=TEXT + " Told by somebody else.")
    sent(mailoutbox, settings)
    later(days=2)
    mailoutbox.clear()
    url = reverse("campaigns:story-link", args=[organization.slug])
    for _again in range(2):  # what is on its way is not owed anew
        client.post(url, {"email": "marisol@people.example"})
    for _wait in range(3):
        sent(mailoutbox, settings)
        later(minutes=10)
    links = [LINK.search(mail.body)[1] for mail in mailoutbox]
    assert links[:2] == [shown, page] and len(links) == 3
    assert "Confirm your story" in mailoutbox[2].subject


def test_another_sites_page_has_no_link_sent(client, organization):
    url = reverse("campaigns:story-link", args=[organization.slug])
    answer = client.post(url, {"email": "a@people.example"}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


# Consent


def test_what_was_agreed_is_kept_in_the_words_that_were_shown_with_its_end(client, organization):
    tell(client, organization, where="unnamed", in_briefs="on", years="1")
    rows = {row.scope: row for row in StoryConsent.objects.all()}
    assert {scope: row.given for scope, row in rows.items()} == {
        "public": False,
        "unnamed": True,
        "briefs": True,
        "private": True,
    }
    assert rows["briefs"].text == "You may also quote it in letters and briefs to legislators."
    story = Story.objects.get()
    assert (story.is_public, story.with_name, story.in_briefs) == (True, False, True)
    assert (story.until.year - story.told_at.year, rows["briefs"].until) == (1, story.until)


def test_less_holds_at_once_and_more_is_read_again_first(client, organization, mailoutbox, settings):
    story, page = on_the_wall(client, mailoutbox, settings, organization)
    public = reverse("campaigns:story", args=[organization.slug, story.pk])
    client.post(f"{page}agree/", {"where": "unnamed", "years": ""})
    assert "Marisol" not in words(client.get(public)) and SECRET in words(client.get(public))
    client.post(f"{page}agree/", {"where": "none", "years": ""})
    assert client.get(public).status_code == 404
    story.refresh_from_db()
    assert story.state == "approved"
    client.post(f"{page}agree/", {"where": "public", "years": "5"})
    story.refresh_from_db()
    assert story.state == "waiting" and client.get(public).status_code == 404
    said = [(row.scope, row.given) for row in story.consents.order_by("id")]
    assert said[4:7] == [("public", False), ("unnamed", True), ("unnamed", False)]


def test_when_its_time_is_over_it_is_on_no_page_and_its_key_is_destroyed(
    client, organization, mailoutbox, settings
):
    story, page = on_the_wall(client, mailoutbox, settings, organization, years="1")
    public = reverse("campaigns:story", args=[organization.slug, story.pk])
    later(days=364)
    assert client.get(public).status_code == 200
    later(days=3)
    assert client.get(public).status_code == 404  # at once, before anything has run
    ending.end_due()
    story.refresh_from_db()
    assert (story.state, story.sealed, StoryKey.objects.count()) == ("ended", None, 0)
    assert "The time you agreed to is over" in words(client.get(page))


def test_a_story_nobody_confirms_is_deleted_after_a_week(client, organization, mailoutbox, settings):
    tell(client, organization)
    link = LINK.search(sent(mailoutbox, settings).body)[1] + "confirm/"
    later(days=7)
    assert client.post(link).status_code == 410
    ending.end_due()
    assert Story.objects.get().state == "expired" and not StoryKey.objects.exists()


# Changing and taking back


def test_changed_words_are_read_by_a_reviewer_before_anybody_else(client, organization, mailoutbox, settings):
    story, page = on_the_wall(client, mailoutbox, settings, organization)
    public = reverse("campaigns:story", args=[organization.slug, story.pk])
    client.post(f"{page}change/", {**entries(), "text": TEXT.replace("eleven", "twelve")})
    assert client.get(public).status_code == 404
    approve(client, story)
    assert "twelve weeks" in words(client.get(public))


def test_taking_it_back_is_one_press_and_one_last_mail(client, organization, mailoutbox, settings):
    story, page = on_the_wall(client, mailoutbox, settings, organization)
    public = reverse("campaigns:story", args=[organization.slug, story.pk])
    assert "can’t be read" in words(client.get(f"{page}take-back/"))
    assert client.get(public).status_code == 200  # GET changes nothing
    done = client.post(f"{page}take-back/", follow=True)
    assert "You took this story back" in words(done) and SECRET not in words(done)
    assert client.get(public).status_code == 404
    story.refresh_from_db()
    assert (story.state, story.sealed, StoryKey.objects.count()) == ("withdrawn", None, 0)
    assert set(story.consents.filter(given=False).values_list("scope", flat=True)) >= {"public", "private"}
    mail = sent(mailoutbox, settings)
    assert mail.to == ["marisol@people.example"] and "taken back" in mail.subject
    assert not OutboxMail.objects.exclude(address="").exists()
    client.post(f"{page}take-back/")  # twice is fine
    assert client.post(f"{page}change/", entries()).status_code == 302
    assert len(StoryConsent.objects.filter(given=False, scope="private")) == 1


def test_a_backup_without_the_keys_opens_nothing(client, organization, mailoutbox, settings):
    """What an older backup still holds of a story that was taken back is noise: its key was in no table of it."""
    story, page = on_the_wall(client, mailoutbox, settings, organization)
    sealed = Story.objects.get().sealed  # as an older backup has it
    client.post(f"{page}take-back/")
    Story.objects.filter(pk=story.pk).update(sealed=sealed, state="approved")  # restored
    with pytest.raises(vault.Unreadable):
        opened(Story.objects.get())
    assert words(client.get(reverse("campaigns:stories", args=[organization.slug])))  # and no page breaks


def test_words_of_one_story_open_in_no_other_and_no_older_ones_in_their_place(
    client, organization, mailoutbox, settings
):
    one, _page = confirmed(client, mailoutbox, settings, organization)
    other, _page = confirmed(client, mailoutbox, settings, organization, email="other@people.example")
    before = Story.objects.get(pk=one.pk).sealed
    change_story(story=one, words=opened(one))
    for swapped in (before, Story.objects.get(pk=other.pk).sealed):
        Story.objects.filter(pk=one.pk).update(sealed=swapped)
        with pytest.raises(vault.Unreadable):
            opened(Story.objects.get(pk=one.pk))


def test_a_new_key_of_the_installation_wraps_the_old_stories(client, organization, mailoutbox, settings):
    story, page = on_the_wall(client, mailoutbox, settings, organization)
    old, new = settings.STORY_KEYS[0], "n" * 40
    settings.STORY_KEYS = [new, old]
    call_command("rewrap_story_keys", stdout=io.StringIO())
    settings.STORY_KEYS = [new]
    assert SECRET in words(client.get(page))
    settings.STORY_KEYS = [old]
    with pytest.raises(CommandError, match="1 stories"):
        call_command("rewrap_story_keys", stdout=io.StringIO())


def test_the_database_keeps_no_words_of_a_story_that_has_ended(client, organization):
    tell(client, organization)
    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.update(state="withdrawn")


def test_a_writer_takes_the_story_along(client, organization, mailoutbox, settings):
    _story, page = confirmed(client, mailoutbox, settings, organization, in_briefs="on")
    kept = json.loads(client.post(f"{page}data/").content)
    assert kept["text"] == TEXT and kept["mail_address"] == "marisol@people.example"
    assert {row["words"] for row in kept["agreed"] if row["given"]} >= {
        "On your public pages, with the name I choose."
    }
    assert client.get(f"{page}data/").status_code == 405


def test_never_writing_again_holds_for_stories_too(client, organization, mailoutbox, settings):
    story, page = confirmed(client, mailoutbox, settings, organization)
    sent(mailoutbox, settings)
    client.post(f"{page}stop/")
    before = len(mailoutbox)
    approve(client, story)
    sent(mailoutbox, settings)
    assert len(mailoutbox) == before and Story.objects.get().state == "approved"


# A supporter's rights


def test_erasing_a_supporter_takes_their_stories_and_an_export_has_them(client, mailoutbox, settings):
    campaign, page = signed_and_confirmed(client, mailoutbox, settings, is_test=False)
    later(days=1)
    story, own = confirmed(client, mailoutbox, settings, campaign.organization, email="Ada@people.example")
    archive = zipfile.ZipFile(io.BytesIO(client.post(f"{page}data/").content))
    assert SECRET in archive.read("stories.csv").decode()
    client.post(f"{page}erase/", {"sure": "1"})
    story.refresh_from_db()
    assert (story.state, story.sealed, StoryKey.objects.count()) == ("withdrawn", None, 0)
    assert SECRET not in words(client.get(own))


@pytest.mark.skipif("sqlite" not in site.DATABASES["default"]["ENGINE"], reason="reads SQLite's file")
@pytest.mark.django_db(transaction=True)
def test_no_byte_of_a_story_is_in_the_database_file(client, mailoutbox, settings):
    organization = make.OrganizationFactory()
    _story, page = on_the_wall(client, mailoutbox, settings, organization)
    client.post(f"{page}take-back/")
    sent(mailoutbox, settings)
    name = str(connection.settings_dict["NAME"])
    whole = b"".join(Path(name + end).read_bytes() for end in ("", "-wal"))
    assert organization.name.encode() in whole
    assert SECRET.encode() not in whole and b"Quintero" not in whole
    dump = "\n".join(sqlite3.connect(name).iterdump())
    assert organization.name in dump and SECRET not in dump and "Quintero" not in dump


def test_the_audit_log_names_a_story_by_its_id_alone(client, organization, mailoutbox, settings):
    story, _page = on_the_wall(client, mailoutbox, settings, organization)
    rows = AuditEntry.objects.filter(object_kind="story")
    assert {row.object_id for row in rows} == {str(story.pk)} and str(story) == f"story {story.pk}"
    assert not re.search("Quintero|eleven", repr(list(rows.values())))


def test_beyond_the_limit_the_text_stays_and_nobody_is_told_that_a_mail_comes(
    client, mailoutbox, settings, organization, monkeypatch
):
    monkeypatch.setattr("campaigns.limits.may_sign", lambda *_about: False)
    where = f"/stories/{organization.slug}/tell/"
    page = client.post(where, entries())
    assert page.status_code == 429 and not Story.objects.exists()
    assert "eleven weeks" in page.content.decode()
    assert "wait a few minutes" in page.content.decode()
