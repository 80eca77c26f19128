# ruff: noqa: F811  # the campaign is the one of single briefs
"""A version that prints what its writer has withdrawn loses its bytes; its number and who has copies stay."""

import io
import zipfile
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils.html import strip_tags

from campaigns import brief_sets
from campaigns.actions.brief_sets import request_set, resume_set
from campaigns.actions.briefs import request_brief
from campaigns.actions.confirmations import NOTHING, as_signed, confirm_pledge
from campaigns.actions.erasing import erase_supporter
from campaigns.actions.merges import merge_supporters
from campaigns.actions.pledges import withdraw_pledge
from campaigns.links import confirm_token, manage_token
from contacts.clock import now
from contacts.models import AuditEntry, Consent
from policy.briefs import build, pdf
from policy.models import Brief, BriefCopy, BriefMention, BriefState, ItemState
from tests import factories as make
from tests.campaigns.console import Desk
from tests.campaigns.test_brief_sets import quick  # noqa: F401
from tests.campaigns.test_briefs import (  # noqa: F401
    WORDS,
    address,
    ask,
    campaign,
    holder,
    signed,
    staff,
)
from tests.pdf_text import pages

pytestmark = pytest.mark.django_db
QUOTED = [("story", True)]
NAMED = [("name", True)]
OTHER_WORDS = "Nobody would ask a person with a broken leg to call again in March."


@pytest.fixture
def writer(campaign):
    """Somebody who is quoted in the campaign's briefs, beside another."""
    signed(campaign, "North Harbor 7", comment=OTHER_WORDS, consents=QUOTED)
    return signed(campaign, "North Harbor 7", comment=WORDS, consents=QUOTED)


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def text_of(brief):
    return " ".join(pages(bytes(brief.pdf)))


def page_of(client, campaign, brief):
    return " ".join(
        strip_tags(client.get(address("brief-detail", campaign, brief_id=brief.pk)).content.decode()).split()
    )


def test_a_withdrawn_pledge_takes_back_the_briefs_that_quote_it(client, campaign, staff, writer, commits):
    with commits():
        first = request_brief(campaign=campaign, kind="issue", actor=staff)
    first.refresh_from_db()
    assert WORDS in text_of(first)
    link = address("brief-download", campaign, brief_id=first.pk)
    assert client.post(link).status_code == 200
    with commits():
        client.post(reverse("campaigns:withdraw", args=[manage_token(writer)]))
    first.refresh_from_db()
    assert (first.state, first.pdf, first.content) == (BriefState.RECALLED, None, {})
    assert client.post(link).status_code == 404
    page = page_of(client, campaign, first)
    assert WORDS not in page
    assert "has taken their pledge back" in page
    assert first.content_hash[:16] in page
    assert f"Downloaded – {staff}" in page
    assert AuditEntry.objects.filter(verb="recall brief", object_id=str(first.pk)).exists()


def test_it_is_made_anew_without_the_quote_and_the_page_leads_there(client, campaign, staff, writer, commits):
    with commits():
        first = request_brief(campaign=campaign, kind="issue", paper="a4", actor=staff)
    with commits():
        withdraw_pledge(pledge=writer)
    anew = Brief.objects.get(state=BriefState.READY)
    assert (anew.kind, anew.paper) == ("issue", "a4")
    assert WORDS not in text_of(anew)
    assert OTHER_WORDS in text_of(anew)
    page = client.get(address("brief-detail", campaign, brief_id=first.pk)).content.decode()
    assert address("brief-detail", campaign, brief_id=anew.pk) in page
    client.logout()
    public = client.get(f"/briefs/{first.content_hash[:16]}/").content.decode()
    assert "This version was taken back" in public
    assert "This version is current" in client.get(f"/briefs/{anew.content_hash[:16]}/").content.decode()


def test_a_consent_taken_back_takes_back_the_briefs_that_rest_on_it(client, campaign, writer, commits):
    with commits():
        quoting = request_brief(campaign=campaign, kind="issue", actor=None)
        person = holder(campaign, "Lakeland 2")
        of_others = request_brief(campaign=campaign, kind="leave_behind", legislator=person, actor=None)
    wishes = reverse("campaigns:my-wishes", args=[manage_token(writer)])
    with commits():
        client.post(wishes, {"ask": "on"})  # the box of the story is empty
    quoting.refresh_from_db()
    of_others.refresh_from_db()
    assert (quoting.state, quoting.recall_reason) == (BriefState.RECALLED, "words")
    assert of_others.state == BriefState.READY


@pytest.mark.parametrize(
    ("is_marked", "state"), [(True, BriefState.RECALLED), (False, BriefState.READY)]
)  # a mark that its owner takes away is their last word; none made by whoever signed is no word of theirs
def test_the_last_word_counts_whichever_campaign_it_was_said_in(campaign, commits, is_marked, state):
    with commits():
        pledge = _signed_up(campaign)
        brief = request_brief(campaign=campaign, kind="issue", actor=None)
    brief.refresh_from_db()
    assert brief.state == BriefState.READY and WORDS in text_of(brief)
    other = make.CampaignFactory(organization=campaign.organization, issue=campaign.issue)
    with commits():
        assert _signed_up(other, is_marked=is_marked, is_left=False).supporter == pledge.supporter
    brief.refresh_from_db()
    assert brief.state == state


def _signed_up(campaign, *, is_marked=True, is_left=True):
    shown = [
        {"purpose": "story", "given": is_marked, "text": "You may.", "version": "1", "language": "en"},
        {"purpose": "deliver", "given": True, "text": "Send it.", "version": "1", "language": "en"},
    ]
    pledge = make.PledgeFactory(
        campaign=campaign, state="pending", supporter=None, email="ada@example.org",
        canonical_email="ada@example.org", comment=WORDS, consents=shown, confirmed_at=None,
    )  # fmt: skip
    confirm_pledge(token=confirm_token(pledge), left=as_signed(pledge) if is_left else NOTHING)
    pledge.refresh_from_db()
    return pledge


def test_erasing_takes_back_what_quotes_the_person(campaign, writer, commits):
    with commits():
        brief = request_brief(campaign=campaign, kind="issue", actor=None)
    with commits():
        erase_supporter(pledge=writer)
    brief.refresh_from_db()
    assert (brief.state, brief.recall_reason, brief.content) == (BriefState.RECALLED, "erased", {})
    assert WORDS not in text_of(Brief.objects.get(state=BriefState.READY))


def test_a_no_found_by_merging_two_records_takes_back_what_was_printed(campaign, staff, writer, commits):
    with commits():
        brief = request_brief(campaign=campaign, kind="issue", actor=None)
    other = make.SupporterFactory(organization=campaign.organization)
    Consent.objects.create(
        supporter=other, purpose="story", given=False, text="No.", text_version="1", language="en",
        source="page", at=now(),
    )  # fmt: skip
    merge_supporters(kept=writer.supporter, gone=other, actor=staff)
    brief.refresh_from_db()
    assert (brief.state, brief.recall_reason) == (BriefState.RECALLED, "words")


def test_a_petition_loses_the_name_of_somebody_who_took_their_pledge_back(campaign, commits):
    people = [signed(campaign, "North Harbor 7", name=f"Shown Person {n}", consents=NAMED) for n in range(4)]
    with commits():
        pack = request_brief(campaign=campaign, kind="delivery", actor=None)
    with commits():
        withdraw_pledge(pledge=people[0])
    pack.refresh_from_db()
    assert pack.state == BriefState.RECALLED
    names = text_of(Brief.objects.get(state=BriefState.READY))
    assert "Shown Person 0" not in names
    assert "Shown Person 1" in names


def test_a_set_leaves_out_what_was_taken_back_and_makes_it_anew(client, campaign, staff, writer, quick):
    brief_set = request_set(campaign=campaign, actor=None)
    brief_sets.work(brief_set.pk, seconds=60)
    withdraw_pledge(pledge=writer)
    item = brief_set.items.get(state=ItemState.FAILED)
    assert item.legislator == holder(campaign, "North Harbor 7")
    assert "taken their pledge back" in item.error
    answer = client.post(address("brief-set-zip", campaign, set_id=brief_set.pk))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert len(archive.namelist()) == 1
    assert client.post(address("brief-set-print", campaign, set_id=brief_set.pk)).status_code == 200
    resume_set(brief_set=brief_set, actor=None)
    brief_sets.work(brief_set.pk, seconds=60)
    item.refresh_from_db()
    assert item.state == ItemState.READY
    assert WORDS not in str(item.brief.content)


def test_a_brief_is_not_finished_once_it_was_taken_back(campaign, writer):
    brief = request_brief(campaign=campaign, kind="issue", actor=None)
    withdraw_pledge(pledge=writer)
    build.build(brief.pk)
    brief.refresh_from_db()
    assert (brief.state, brief.pdf) == (BriefState.RECALLED, None)


def test_words_taken_back_while_a_set_is_pressed_are_not_stored(campaign, writer, quick, monkeypatch):
    real = pdf.render
    seats = {holder(campaign, "North Harbor 7").name}

    def render(document, *args):
        if any(name in document.kind_label for name in seats) and writer.state == "confirmed":
            withdraw_pledge(pledge=writer)
        return real(document, *args)

    monkeypatch.setattr(brief_sets, "ThreadPoolExecutor", OneThread)
    monkeypatch.setattr(pdf, "render", render)
    brief_set = request_set(campaign=campaign, actor=None)
    brief_sets.work(brief_set.pk, seconds=60)
    assert "taken back while it was made" in brief_set.items.get(state=ItemState.FAILED).error
    assert all(WORDS not in str(brief.content) for brief in Brief.objects.all())


class OneThread:
    """Does at once what it is given, in the thread (and the transaction) of the test."""

    def __init__(self, _threads):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False

    def submit(self, work, *args):
        from concurrent.futures import Future

        done = Future()
        done.set_result(work(*args))
        return done


def test_a_version_is_whole_again_when_its_writer_signs_again(campaign, writer, commits):
    with commits():
        first = request_brief(campaign=campaign, kind="issue", actor=None)
    with commits():
        withdraw_pledge(pledge=writer)
    type(writer).objects.filter(pk=writer.pk).update(state="confirmed")
    writer.history.filter(to_state="withdrawn").delete()
    with commits():
        again = request_brief(campaign=campaign, kind="issue", actor=None)
    again.refresh_from_db()
    assert again == first
    assert WORDS in text_of(again)
    with commits():
        withdraw_pledge(pledge=type(writer).objects.get(pk=writer.pk))
    again.refresh_from_db()
    assert again.state == BriefState.RECALLED


def test_versions_from_before_their_people_were_noted_are_taken_back_once(
    campaign, staff, writer, quick, commits
):
    signed(campaign, "Lakeland 2", name="Shown Person", consents=NAMED)
    with commits():
        kept = request_brief(campaign=campaign, kind="issue", actor=staff)
        pack = request_brief(campaign=campaign, kind="delivery", actor=None)
    brief_set = request_set(campaign=campaign, actor=None)
    brief_sets.work(brief_set.pk, seconds=60)
    quoting = brief_set.items.get(legislator=holder(campaign, "North Harbor 7"))
    BriefMention.objects.exclude(brief=kept).delete()
    import_module("policy.migrations.0014_older_versions_with_quotes_are_recalled").recall_older(apps, None)
    for brief in (pack, quoting.brief):
        before = brief.content_hash
        brief.refresh_from_db()
        assert (brief.state, brief.pdf, brief.content) == (BriefState.RECALLED, None, {})
        assert (brief.get_recall_reason_display(), brief.content_hash) == (
            "It was made before versions knew whose words and names they print.",
            before,
        )
    quoting.refresh_from_db()
    assert quoting.state == ItemState.FAILED and "Taken back" in quoting.error
    kept.refresh_from_db()
    others = brief_set.items.get(legislator=holder(campaign, "Lakeland 2"))
    assert kept.state == others.brief.state == BriefState.READY


# Who has a copy -----------------------------------------------------------------------------------


def test_looking_at_the_address_of_a_file_fetches_nothing_and_notes_nothing(client, campaign, staff, commits):
    with commits():
        brief = request_brief(campaign=campaign, kind="issue", actor=staff)
    answer = client.get(address("brief-download", campaign, brief_id=brief.pk))
    assert answer.url == address("brief-detail", campaign, brief_id=brief.pk)
    assert not BriefCopy.objects.exists()


def test_staff_note_whom_they_handed_a_brief_to(client, campaign, staff, commits):
    with commits():
        brief = request_brief(campaign=campaign, kind="issue", actor=staff)
    link = address("brief-hand-over", campaign, brief_id=brief.pk)
    assert client.post(link, {"to_whom": "", "on": "2026-02-03"}).status_code == 422
    assert client.post(link, {"to_whom": "Office of Kim Legislator", "on": "2026-02-03"}).status_code == 302
    assert "Handed over Office of Kim Legislator" in page_of(client, campaign, brief)
    copy = BriefCopy.objects.get()
    assert (copy.by, copy.to_whom, str(copy.on)) == (staff, "Office of Kim Legislator", "2026-02-03")


def test_nothing_is_handed_over_before_it_is_ready(client, campaign, staff):
    brief = request_brief(campaign=campaign, kind="issue", actor=staff)
    link = address("brief-hand-over", campaign, brief_id=brief.pk)
    assert client.post(link, {"to_whom": "Somebody", "on": "2026-02-03"}).status_code == 422
    assert not BriefCopy.objects.exists()


def test_a_zip_is_noted_for_each_brief_in_it(client, campaign, staff, quick):
    brief_set = request_set(campaign=campaign, actor=None)
    brief_sets.work(brief_set.pk, seconds=60)
    client.post(address("brief-set-zip", campaign, set_id=brief_set.pk))
    assert sorted(BriefCopy.objects.values_list("kind", "by")) == [("zip", staff.pk)] * 2


def test_another_organisation_hands_nothing_over(client, campaign, commits):
    with commits():
        brief = request_brief(campaign=campaign, kind="issue", actor=None)
    client.force_login(make.RoleFactory(name="owner").user)
    link = address("brief-hand-over", campaign, brief_id=brief.pk)
    assert client.post(link, {"to_whom": "Somebody", "on": "2026-02-03"}).status_code == 404


def test_a_signature_that_is_not_counted_any_more_takes_back_the_briefs_that_quote_it(
    client, campaign, staff, writer, commits
):
    with commits():
        first = request_brief(campaign=campaign, kind="issue", actor=None)
    with commits():
        desk = Desk(client, campaign.organization, "owner")
        asked = f"{desk.url('signatures')}?campaign={campaign.pk}&text={WORDS[:20]}"
        assert client.post(asked, {"reason": "Made by a program"}).status_code == 302
    first.refresh_from_db()
    assert (first.state, first.recall_reason) == (BriefState.RECALLED, "count")
    assert WORDS not in text_of(Brief.objects.get(state=BriefState.READY))


def test_a_signature_that_a_merge_takes_out_is_quoted_no_more(campaign, staff, writer, commits):
    with commits():
        first = request_brief(campaign=campaign, kind="issue", actor=None)
    older = make.PledgeFactory(campaign=campaign, confirmed_at=writer.confirmed_at - timedelta(days=1))
    with commits():
        merge_supporters(kept=older.supporter, gone=writer.supporter, actor=staff)
    first.refresh_from_db()
    assert (first.state, first.recall_reason) == (BriefState.RECALLED, "count")
