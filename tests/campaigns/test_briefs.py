"""Briefs through the front door: what staff ask for, what comes out, and what nobody else may see."""

import io
from datetime import timedelta

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from campaigns.actions.briefs import request_brief
from campaigns.actions.pledges import withdraw_pledge
from campaigns.constituents import pooled
from campaigns.errors import ActionRefused
from campaigns.models import CampaignState, Pledge
from campaigns.sections import campaign_facts
from contacts import clock
from contacts.clock import now, today
from contacts.models import AuditEntry, Consent, Post
from policy.briefs import build, pdf
from policy.briefs.pieces import people_everywhere, people_here
from policy.errors import BriefTooLarge
from policy.models import Brief, BriefState
from tests import factories as make
from tests.pdf_text import pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    """A campaign with two districts of one state, evidence, milestones, a helpline and a position."""
    state = make.DivisionFactory(name="Meridian", parent=make.DivisionFactory(name="Union", level="national"))
    campaign = make.campaign_with_targets(posts=0)
    chamber = campaign.target_groups.get().rules.get().chamber
    for name in ("North Harbor 7", "Lakeland 2"):
        make.reachable(
            make.PostFactory(chamber=chamber, division=make.DivisionFactory(name=name, parent=state))
        )
    make.EvidenceFactory(issue=campaign.issue, claim="to a first appointment", figure="41", unit="days")
    make.MeasureEventFactory(measure=campaign.measure)
    make.ResourceFactory(organization=campaign.organization)
    make.StanceFactory(measure=campaign.measure, legislator=holder(campaign, "North Harbor 7"), level=4)
    return campaign


def post_of(campaign, place):
    return Post.objects.get(division__name=place)


def holder(campaign, place):
    return post_of(campaign, place).memberships.get().legislator


def signed(campaign, place, *, town="Harborview", comment="", consents=(), **fields):
    """A confirmed pledge of somebody who lives in a district; `consents` as (purpose, given)."""
    pledge = make.PledgeFactory(campaign=campaign, city=town, comment=comment, **fields)
    make.ResidenceFactory(supporter=pledge.supporter, division=post_of(campaign, place).division)
    for purpose, given in consents:
        Consent.objects.create(
            supporter=pledge.supporter, purpose=purpose, given=given, text="You may.", text_version="1",
            language="en", source="page", at=now(),
        )  # fmt: skip
    pledge.history.create(to_state="confirmed", from_state="pending", at=now())
    return pledge


@pytest.fixture
def staff(campaign, client):
    role = make.RoleFactory(organization=campaign.organization, name="staff")
    client.force_login(role.user)
    return role.user


def address(name, campaign, **kwargs):
    return reverse(f"campaigns:{name}", kwargs={"org": campaign.organization.slug, **kwargs})


def facts_for(campaign, place=None):
    posts = [post_of(campaign, place)] if place else []
    return campaign_facts(campaign, posts=posts, on=today())


def figures_for(campaign, place):
    facts = facts_for(campaign, place)
    figures = people_here(facts, place) if place else people_everywhere(facts)
    return [f"{one.value} {one.label} ({one.beside})" for one in figures]


# Numbers ----------------------------------------------------------------------------------------


def test_people_are_counted_where_they_live(campaign):
    for _ in range(4):
        signed(campaign, "North Harbor 7")
    signed(campaign, "Lakeland 2", town="Millbrook")
    facts = facts_for(campaign, "North Harbor 7")
    assert (facts.people_here, facts.people) == (4, 5)
    assert [(place.name, place.people) for place in facts.places] == [("Harborview", 4)]


def test_tests_and_withdrawn_pledges_are_in_no_number(campaign):
    signed(campaign, "North Harbor 7", is_test=True)
    signed(campaign, "North Harbor 7", state="withdrawn")
    assert facts_for(campaign, "North Harbor 7").people_here == 0


def test_a_state_counts_the_people_of_its_districts(campaign):
    signed(campaign, "North Harbor 7")
    signed(campaign, "Lakeland 2")
    state = post_of(campaign, "Lakeland 2").division.parent
    senate = make.PostFactory(division=state, role="Senator")
    assert campaign_facts(campaign, posts=[senate], on=today()).people_here == 2


def test_only_accepted_letters_are_counted_and_per_office(campaign):
    drive = make.DriveFactory(campaign=campaign)
    post = post_of(campaign, "North Harbor 7")
    for state in ("sent", "ready", "failed"):
        make.LetterFactory(
            drive=drive, post=post, state=state, sent_at=now(), message_id=f"<{state}@x.example>",
            legislator=holder(campaign, "North Harbor 7"),
        )  # fmt: skip
    facts = facts_for(campaign, "North Harbor 7")
    assert (facts.letters_here, facts.letters_accepted, facts.offices) == (1, 1, 1)
    assert facts_for(campaign, "Lakeland 2").letters_here == 0


def test_letters_of_people_who_stand_behind_them_no_more_are_said_to_be_so(campaign):
    drive = make.DriveFactory(campaign=campaign)
    post = post_of(campaign, "North Harbor 7")
    people = [signed(campaign, "North Harbor 7") for _ in range(3)]
    for n, pledge in enumerate(people):
        make.LetterFactory(
            drive=drive, post=post, pledge=pledge, state="sent", sent_at=now(), message_id=f"<{n}@x.example>",
            legislator=holder(campaign, "North Harbor 7"),
        )  # fmt: skip
    assert "no longer counted" not in str(figures_for(campaign, "North Harbor 7"))
    before = facts_for(campaign, "North Harbor 7").facts_at
    clock.move(timedelta(minutes=1))
    withdraw_pledge(pledge=people[0])
    facts = facts_for(campaign, "North Harbor 7")
    assert (facts.people_here, facts.letters_here, facts.facts_at > before) == (2, 3, True)
    figures = figures_for(campaign, "North Harbor 7")
    assert "2 people you represent" in " ".join(figures)
    said = "letters to your office accepted by a mail server"
    assert f"3 {said} (1 of them from a person who is no longer counted)" in figures
    Pledge.objects.filter(pk=people[1].pk).update(state="invalidated")
    assert any("(2 of them from people who are no longer counted)" in x for x in figures_for(campaign, ""))
    assert facts_for(campaign, "Lakeland 2").letters_here_uncounted == 0


def test_towns_are_one_whatever_their_capitals(campaign):
    for town in ("Harborview", "HARBORVIEW", "harborview "):
        signed(campaign, "North Harbor 7", town=town)
    assert [place.people for place in facts_for(campaign, "North Harbor 7").places] == [3]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([("A", 9), ("B", 2), ("C", 1)], [("A", 9), ("Other places", 3)]),
        ([("A", 9), ("B", 4), ("C", 1)], [("A", 9), ("Other places", 5)]),
        ([("A", 2), ("B", 1)], []),
        ([("A", 3)], [("A", 3)]),
        ([], []),
    ],
)
def test_places_with_few_people_can_not_be_told_apart(counts, shown):
    assert [(place.name, place.people) for place in pooled(counts)] == shown


# Quotes -----------------------------------------------------------------------------------------

WORDS = "I waited nine weeks for a first appointment."


def test_words_are_quoted_with_first_name_and_town_when_their_writer_agreed(campaign):
    signed(campaign, "North Harbor 7", comment=WORDS, consents=[("story", True)])
    (quote,) = facts_for(campaign, "North Harbor 7").quotes
    assert (quote.text, quote.attribution, quote.place) == (WORDS, "Ada", "Harborview")
    assert quote.consent


@pytest.mark.parametrize(
    "consents", [[], [("story", False)], [("story", True), ("story", False)], [("name", True)]]
)
def test_words_are_not_quoted_without_consent_in_force(campaign, consents):
    signed(campaign, "North Harbor 7", comment=WORDS, consents=consents)
    assert facts_for(campaign, "North Harbor 7").quotes == ()


def test_quotes_come_from_as_many_places_as_there_are(campaign):
    for n, town in enumerate(["Harborview"] * 6 + ["Old Quay"]):
        signed(campaign, "North Harbor 7", town=town, comment=f"{WORDS} {n}", consents=[("story", True)])
    quotes = facts_for(campaign, "North Harbor 7").quotes
    assert [quote.place for quote in quotes[:2]] == ["Harborview", "Old Quay"]
    assert len(quotes) == 5


def test_nobody_is_quoted_twice_with_the_same_words(campaign):
    for _ in range(3):
        signed(campaign, "North Harbor 7", comment=WORDS, consents=[("story", True)])
    assert len(facts_for(campaign, "North Harbor 7").quotes) == 1


def test_a_campaign_over_several_regions_counts_by_region(campaign):
    chamber = campaign.target_groups.first().rules.get().chamber
    union = post_of(campaign, "Lakeland 2").division.parent.parent
    north = make.DivisionFactory(name="Norland", parent=union)
    make.PostFactory(chamber=chamber, division=make.DivisionFactory(name="Norland 1", parent=north))
    for place, people in (("Norland 1", 3), ("Lakeland 2", 2), ("North Harbor 7", 2)):
        for n in range(people):
            signed(campaign, place, town=f"{place} town {n}")
    assert [(row.name, row.people) for row in facts_for(campaign).places] == [("Meridian", 4), ("Norland", 3)]


# Making one -------------------------------------------------------------------------------------


def ask(client, campaign, django_capture_on_commit_callbacks, **fields):
    data = {"kind": "issue", "campaign": campaign.pk, "language": "en", "paper": "letter", **fields}
    with django_capture_on_commit_callbacks(execute=True):
        return client.post(address("brief-new", campaign), data)


def test_staff_ask_for_an_issue_brief_and_download_it(
    client, campaign, staff, django_capture_on_commit_callbacks
):
    signed(campaign, "North Harbor 7", comment=WORDS, consents=[("story", True)])
    answer = ask(client, campaign, django_capture_on_commit_callbacks)
    brief = Brief.objects.get()
    assert answer.status_code == 302
    assert answer.url == address("brief-detail", campaign, brief_id=brief.pk)
    assert brief.state == BriefState.READY
    file = client.post(address("brief-download", campaign, brief_id=brief.pk))
    assert file["Content-Type"] == "application/pdf"
    assert file["Cache-Control"] == "no-store"
    assert file["Content-Disposition"] == f'attachment; filename="issue-en-{brief.content_hash[:16]}.pdf"'
    with pikepdf.open(io.BytesIO(file.content)) as opened:
        assert len(opened.pages) == brief.page_count
    text = " ".join(pages(file.content))
    for words in (
        "Vote for care within four weeks",
        "41 days",
        "Example survey",
        "Night Line",
        WORDS,
        "Kim Legislator",
    ):
        assert words in text
    assert AuditEntry.objects.filter(verb="request brief", object_id=str(brief.pk)).exists()


def test_a_leave_behind_asks_for_whom_and_names_them(
    client, campaign, staff, django_capture_on_commit_callbacks
):
    signed(campaign, "North Harbor 7")
    question = ask(client, campaign, django_capture_on_commit_callbacks, kind="leave_behind")
    assert question.status_code == 200
    assert "North Harbor 7" in question.content.decode()
    assert not Brief.objects.exists()
    person = holder(campaign, "North Harbor 7")
    ask(client, campaign, django_capture_on_commit_callbacks, kind="leave_behind", legislator=person.pk)
    brief = Brief.objects.get()
    assert brief.legislator == person
    text = " ".join(pages(bytes(brief.pdf)))
    for words in (person.name, "North Harbor 7", "Supports", "Said so at a hearing", "person you represent"):
        assert words in text
    assert brief.page_count <= 2


def test_a_leave_behind_for_nobody_is_asked_again(
    client, campaign, staff, django_capture_on_commit_callbacks
):
    answer = ask(client, campaign, django_capture_on_commit_callbacks, kind="leave_behind", legislator="")
    assert answer.status_code == 422
    assert not Brief.objects.exists()


def test_a_leave_behind_for_somebody_without_a_seat_is_refused(campaign):
    with pytest.raises(ActionRefused, match="holds no seat"):
        request_brief(campaign=campaign, kind="leave_behind", legislator=make.LegislatorFactory(), actor=None)


def test_the_same_facts_are_built_once(
    client, campaign, staff, django_capture_on_commit_callbacks, monkeypatch
):
    ask(client, campaign, django_capture_on_commit_callbacks)
    monkeypatch.setattr(pdf, "render", lambda *args, **more: pytest.fail("built twice"))
    ask(client, campaign, django_capture_on_commit_callbacks)
    assert Brief.objects.count() == 1


def test_a_changed_fact_makes_a_new_version_and_the_old_one_says_so(
    client, campaign, staff, django_capture_on_commit_callbacks
):
    ask(client, campaign, django_capture_on_commit_callbacks)
    first = Brief.objects.get()
    clock.move(timedelta(minutes=1))
    signed(campaign, "Lakeland 2")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address("brief-renew", campaign, brief_id=first.pk))
    second = Brief.objects.exclude(pk=first.pk).get()
    client.logout()
    assert "There is a newer version" in client.get(f"/briefs/{first.content_hash[:16]}/").content.decode()
    assert "This version is current" in client.get(f"/briefs/{second.content_hash}/").content.decode()


def test_a_version_is_current_again_when_the_facts_are(campaign, client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = request_brief(campaign=campaign, kind="issue", actor=None)
        clock.move(timedelta(minutes=1))
        campaign.ask = "Vote for something else"
        second = request_brief(campaign=campaign, kind="issue", actor=None)
        clock.move(timedelta(minutes=1))
        campaign.ask = "Vote for care within four weeks"
        third = request_brief(campaign=campaign, kind="issue", actor=None)
    assert first == third != second
    assert "This version is current" in client.get(f"/briefs/{first.content_hash[:16]}/").content.decode()
    assert "There is a newer version" in client.get(f"/briefs/{second.content_hash[:16]}/").content.decode()


def test_the_other_paper_does_not_make_a_version_old(campaign, client):
    letter = request_brief(campaign=campaign, kind="issue", actor=None)
    clock.move(timedelta(minutes=1))
    request_brief(campaign=campaign, kind="issue", paper="a4", actor=None)
    assert "This version is current" in client.get(f"/briefs/{letter.content_hash[:16]}/").content.decode()


def test_the_version_page_says_nothing_of_what_is_in_the_brief(campaign, client):
    signed(campaign, "North Harbor 7", comment=WORDS, consents=[("story", True)])
    person = holder(campaign, "North Harbor 7")
    brief = request_brief(campaign=campaign, kind="leave_behind", legislator=person, actor=None)
    page = client.get(f"/briefs/{brief.content_hash[:16]}/").content.decode()
    assert person.name not in page
    assert WORDS not in page
    assert client.get("/briefs/0123456789abcdef/").status_code == 404
    assert client.get("/briefs/0123/").status_code == 404


# Building ---------------------------------------------------------------------------------------


def test_a_brief_that_can_not_be_set_says_why_and_may_be_asked_for_again(
    client, campaign, staff, django_capture_on_commit_callbacks, monkeypatch
):
    def refuse(*args, **more):
        raise BriefTooLarge

    with monkeypatch.context() as patched:
        patched.setattr(pdf, "render", refuse)
        ask(client, campaign, django_capture_on_commit_callbacks)
    brief = Brief.objects.get()
    assert brief.state == BriefState.FAILED
    page = client.get(address("brief-detail", campaign, brief_id=brief.pk)).content.decode()
    assert str(BriefTooLarge.message) in page
    ask(client, campaign, django_capture_on_commit_callbacks)
    brief.refresh_from_db()
    assert brief.state == BriefState.READY


def test_an_unexpected_error_is_not_swallowed(campaign, monkeypatch):
    brief = request_brief(campaign=campaign, kind="issue", actor=None)

    def break_down(*args, **more):
        raise KeyError("layout")

    monkeypatch.setattr(pdf, "render", break_down)
    with pytest.raises(KeyError):
        build.build(brief.pk)
    brief.refresh_from_db()
    assert brief.state == BriefState.FAILED


def test_a_brief_whose_message_was_lost_is_built_after_all_or_given_up(campaign):
    brief = request_brief(campaign=campaign, kind="issue", actor=None)
    assert build.give_up_or_ring() == []
    clock.move(timedelta(minutes=2))
    assert build.give_up_or_ring() == [brief.pk]
    clock.move(timedelta(minutes=20))
    assert build.give_up_or_ring() == []
    brief.refresh_from_db()
    assert brief.state == BriefState.FAILED


def test_the_page_shows_the_brief_while_its_pdf_is_being_made(client, campaign, staff):
    brief = request_brief(campaign=campaign, kind="issue", actor=staff)
    page = client.get(address("brief-detail", campaign, brief_id=brief.pk)).content.decode()
    assert "Vote for care within four weeks" in strip_tags(page)
    assert f'data-refresh="{address("brief-state", campaign, brief_id=brief.pk)}"' in page
    assert "X-Refresh" not in client.get(address("brief-state", campaign, brief_id=brief.pk))
    assert page.count("<h1") == 1
    assert "· ·" not in " ".join(strip_tags(page).split())
    assert f'<a href="{address("brief-list", campaign)}">Briefs</a>' in page
    assert client.post(address("brief-download", campaign, brief_id=brief.pk)).status_code == 404
    build.build(brief.pk)
    answer = client.get(address("brief-state", campaign, brief_id=brief.pk))
    assert answer["X-Refresh"] == "over"
    state = answer.content.decode()
    assert address("brief-download", campaign, brief_id=brief.pk) in state


# Who may ----------------------------------------------------------------------------------------

PAGES = ["brief-detail", "brief-state", "brief-download"]


@pytest.mark.parametrize("name", PAGES)
def test_another_organisation_finds_nothing(client, campaign, name):
    brief = request_brief(campaign=campaign, kind="issue", actor=None)
    build.build(brief.pk)
    stranger = make.RoleFactory(name="owner")
    client.force_login(stranger.user)
    assert client.get(address(name, campaign, brief_id=brief.pk)).status_code == 404
    assert client.post(address("brief-download", campaign, brief_id=brief.pk)).status_code == 404
    own = reverse(f"campaigns:{name}", kwargs={"org": stranger.organization.slug, "brief_id": brief.pk})
    assert client.get(own).status_code == 404


def test_another_organisations_campaign_can_not_be_briefed(client, campaign):
    stranger = make.RoleFactory(name="owner")
    client.force_login(stranger.user)
    url = reverse("campaigns:brief-new", kwargs={"org": stranger.organization.slug})
    data = {"kind": "issue", "campaign": campaign.pk, "language": "en", "paper": "letter"}
    assert client.post(url, data).status_code == 422
    assert not Brief.objects.exists()


def test_a_reviewer_has_no_briefs(client, campaign):
    client.force_login(make.RoleFactory(organization=campaign.organization, name="reviewer").user)
    assert client.get(address("brief-list", campaign)).status_code == 403


def test_nobody_sees_briefs_without_signing_in(client, campaign):
    assert client.get(address("brief-list", campaign)).status_code == 302


def test_looking_changes_nothing(client, campaign, staff):
    brief = request_brief(campaign=campaign, kind="issue", actor=staff)
    before = list(Brief.objects.values())
    for name in ("brief-list", "brief-new"):
        client.get(address(name, campaign))
    for name in PAGES:
        client.get(address(name, campaign, brief_id=brief.pk))
    assert client.get(address("brief-renew", campaign, brief_id=brief.pk)).status_code == 405
    assert list(Brief.objects.values()) == before


def test_the_list_asks_as_much_for_twenty_as_for_one(client, campaign, staff, django_assert_num_queries):
    def brief():
        campaign.ask += "."
        campaign.state = CampaignState.OPEN
        return request_brief(
            campaign=campaign, kind="leave_behind", legislator=holder(campaign, "Lakeland 2"), actor=staff
        )

    brief()
    client.get(address("brief-list", campaign))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(address("brief-list", campaign))
    for _ in range(19):
        brief()
    with django_assert_num_queries(LIST_QUERIES):
        assert client.get(address("brief-list", campaign)).content.count(b'scope="row"') == 20


LIST_QUERIES = 11


def test_a_brief_asks_as_much_for_many_supporters_as_for_few(campaign):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            facts_for(campaign)
            facts_for(campaign, "North Harbor 7")
        return len(caught)

    signed(campaign, "North Harbor 7", comment=WORDS, consents=[("story", True)])
    queries()  # a campaign reads its own translations once
    few = queries()
    for n in range(19):
        signed(campaign, "North Harbor 7", town=f"Town {n % 4}", comment=WORDS, consents=[("story", True)])
    assert queries() == few
