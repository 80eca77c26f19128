# ruff: noqa: F811  # the campaign is the one of single briefs
"""Leave-behinds for everybody at once: counted alike, made once, stopped, taken up again, and bundled."""

import io
import zipfile
from datetime import timedelta

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from campaigns import brief_sets
from campaigns.actions.brief_sets import cancel_set, request_set, resume_set
from campaigns.actions.briefs import request_brief
from campaigns.documents import leave_behinds
from campaigns.errors import ActionRefused, BadMove
from contacts import clock
from contacts.clock import now
from policy.briefs import pdf
from policy.errors import BriefTooLarge
from policy.models import Brief, BriefSet, ItemState, SetState
from tests import factories as make
from tests.campaigns.test_briefs import (  # noqa: F401  # the same campaign
    WORDS,
    address,
    campaign,
    holder,
    post_of,
    signed,
    staff,
)
from tests.pdf_text import pages

pytestmark = pytest.mark.django_db


def people(campaign):
    return [holder(campaign, place) for place in ("Lakeland 2", "North Harbor 7")]


def made(campaign, legislators, language="en"):
    ids = [person.pk for person in legislators]
    with translation.override(language):
        return leave_behinds(campaign, ids, language=language, paper="letter")


@pytest.fixture
def quick(monkeypatch):
    """A press that gives a tiny PDF at once, and counts."""
    pressed = []
    blank = io.BytesIO()
    with pikepdf.new() as file:
        file.add_blank_page()
        file.save(blank)

    def render(document, version, renderer=None, logo=b""):
        pressed.append(document)
        return pdf.Pdf(blank.getvalue(), 1)

    monkeypatch.setattr(pdf, "render", render)
    return pressed


def asked(campaign, **fields):
    return request_set(campaign=campaign, actor=None, **fields)


# Numbers ----------------------------------------------------------------------------------------


def test_each_legislator_gets_the_numbers_of_their_own_people(campaign):
    for _ in range(4):
        signed(campaign, "North Harbor 7", comment=WORDS, consents=[("story", True)])
    signed(campaign, "Lakeland 2", town="Millbrook")
    # A person who lives in both a district and its state, and one who has signed something else too.
    both = signed(campaign, "North Harbor 7")
    state = post_of(campaign, "Lakeland 2").division.parent
    make.ResidenceFactory(supporter=both.supporter, division=state)
    make.PledgeFactory(supporter=both.supporter, state="confirmed")
    senator = make.reachable(make.PostFactory(division=state, role="Senator"))
    senators = senator.memberships.get().legislator
    together = made(campaign, [*people(campaign), senators])
    for person, here in [(people(campaign)[0], 1), (people(campaign)[1], 5), (senators, 6)]:
        figures = next(part for part in together[person.pk].sections if part.kind == "key_figures").figures
        assert figures[0].value == str(here)


def test_for_all_together_the_same_documents_come_out_as_for_each_alone(campaign):
    for place, town in [("North Harbor 7", "Harborview"), ("North Harbor 7", "Old Quay"), ("Lakeland 2", "")]:
        for n in range(4):
            signed(campaign, place, town=town, comment=f"{WORDS} {n}", consents=[("story", True)])
    together = made(campaign, people(campaign))
    for person in people(campaign):
        assert made(campaign, [person])[person.pk] == together[person.pk]


def test_all_are_asked_for_in_as_many_queries_as_one(campaign):
    def queries(legislators):
        with CaptureQueriesContext(connection) as caught:
            made(campaign, legislators)
        return len(caught)

    signed(campaign, "North Harbor 7", comment=WORDS, consents=[("story", True)])
    chamber = campaign.target_groups.get().rules.get().chamber
    parent = post_of(campaign, "Lakeland 2").division.parent
    queries(people(campaign)[1:])  # what a campaign keeps of itself is read once
    one = queries(people(campaign)[1:])  # who has words to quote
    more = []
    for n in range(20):
        post = make.PostFactory(chamber=chamber, division=make.DivisionFactory(name=f"D {n}", parent=parent))
        more.append(make.reachable(post).memberships.get().legislator)
        signed(campaign, f"D {n}", comment=WORDS, consents=[("story", True)])
    assert queries([*people(campaign), *more]) == one


# Making a set -------------------------------------------------------------------------------------


def test_staff_get_a_brief_for_everybody_as_a_zip_and_as_one_file(
    client,
    campaign,
    staff,
    django_capture_on_commit_callbacks,
):
    signed(campaign, "North Harbor 7")
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            address("brief-new", campaign),
            {"kind": "for_all", "campaign": campaign.pk, "language": "en", "paper": "letter"},
        )
    brief_set = BriefSet.objects.get()
    assert answer.url == address("brief-set", campaign, set_id=brief_set.pk)
    assert brief_set.state == SetState.DONE
    page = client.get(answer.url).content.decode()
    assert "2 of 2 ready" in page
    answer = client.post(address("brief-set-zip", campaign, set_id=brief_set.pk))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        names = archive.namelist()
        texts = [" ".join(pages(archive.read(name))) for name in names]
    assert [name[:3] for name in names] == ["001", "002"]
    for person in people(campaign):
        assert any(person.name in text for text in texts)
    answer = client.post(address("brief-set-print", campaign, set_id=brief_set.pk))
    with pikepdf.open(io.BytesIO(b"".join(answer.streaming_content))) as file, file.open_outline() as outline:
        assert len(file.pages) == sum(item.brief.page_count for item in brief_set.items.all())
        assert len(outline.root) == 2
    assert "For everybody at once" in client.get(address("brief-list", campaign)).content.decode()


def test_a_set_gives_the_same_brief_as_asking_for_one(campaign):
    brief_set = asked(campaign)
    brief_sets.work(brief_set.pk, seconds=60)
    person = people(campaign)[0]
    single = request_brief(
        campaign=campaign, kind="leave_behind", legislator=person, language="en", actor=None
    )
    assert brief_set.items.get(legislator=person).brief == single


def test_unchanged_briefs_are_not_set_again(campaign, quick):
    brief_sets.work(asked(campaign).pk, seconds=60)
    assert len(quick) == 2
    clock.move(timedelta(minutes=1))
    again = asked(campaign)
    brief_sets.work(again.pk, seconds=60)
    assert len(quick) == 2
    assert again.items.filter(state=ItemState.READY, is_unchanged=True).count() == 2
    make.StanceFactory(measure=campaign.measure, legislator=people(campaign)[0], level=2)
    third = asked(campaign)
    brief_sets.work(third.pk, seconds=60)
    assert len(quick) == 3
    assert Brief.objects.count() == 3


def test_the_second_district_comes_before_the_tenth(campaign):
    chamber = campaign.target_groups.get().rules.get().chamber
    for number in (10, 2):
        make.reachable(
            make.PostFactory(chamber=chamber, division=make.DivisionFactory(name=f"Ostland {number}"))
        )
    labels = list(asked(campaign).items.order_by("position").values_list("label", flat=True))
    assert labels[-2:] == ["Representative for Ostland 2", "Representative for Ostland 10"]


def test_a_set_being_made_is_not_begun_twice(campaign):
    assert asked(campaign) == asked(campaign)
    assert asked(campaign, paper="a4") != asked(campaign)


def test_a_campaign_that_writes_to_nobody_has_no_set(campaign):
    campaign.target_groups.all().delete()
    with pytest.raises(ActionRefused, match="writes to nobody"):
        asked(campaign)


def test_vacant_seats_are_said(client, campaign, staff, quick):
    chamber = campaign.target_groups.get().rules.get().chamber
    make.PostFactory(chamber=chamber, division=make.DivisionFactory(name="Empty 1"))
    brief_set = asked(campaign)
    assert (
        "1 seat is vacant" in client.get(address("brief-set", campaign, set_id=brief_set.pk)).content.decode()
    )


def test_one_that_can_not_be_made_says_why_and_the_others_are(campaign, quick, monkeypatch):
    person = people(campaign)[0]
    real = pdf.render

    def render(document, version, renderer=None, logo=b""):
        if person.name in document.kind_label:
            raise BriefTooLarge
        return real(document, version, renderer, logo)

    monkeypatch.setattr(pdf, "render", render)
    brief_set = asked(campaign)
    assert brief_sets.work(brief_set.pk, seconds=60) is False
    brief_set.refresh_from_db()
    assert brief_set.state == SetState.DONE
    failed = brief_set.items.get(state=ItemState.FAILED)
    assert (failed.legislator, failed.error) == (person, str(BriefTooLarge.message))
    monkeypatch.setattr(pdf, "render", real)
    resume_set(brief_set=brief_set, actor=None)
    brief_sets.work(brief_set.pk, seconds=60)
    assert brief_set.items.filter(state=ItemState.READY).count() == 2


def test_somebody_who_left_office_meanwhile_is_named(campaign, quick):
    brief_set = asked(campaign)
    person = people(campaign)[0]
    person.memberships.update(end_on=now().date() - timedelta(days=1))
    brief_sets.work(brief_set.pk, seconds=60)
    assert brief_set.items.get(legislator=person).error == "Holds no seat now."
    assert brief_set.items.filter(state=ItemState.READY).count() == 1


# Stopping and going on ----------------------------------------------------------------------------


def test_a_cancelled_set_keeps_what_is_ready_and_goes_on_when_asked(client, campaign, staff, quick):
    brief_set = asked(campaign)
    client.post(address("brief-set-move", campaign, set_id=brief_set.pk, verb="cancel"))
    assert brief_sets.work(brief_set.pk, seconds=60) is False
    assert not quick
    assert "Cancelled" in client.get(address("brief-set", campaign, set_id=brief_set.pk)).content.decode()
    with pytest.raises(BadMove):
        cancel_set(brief_set=brief_set, actor=None)
    client.post(address("brief-set-move", campaign, set_id=brief_set.pk, verb="resume"))
    brief_sets.work(brief_set.pk, seconds=60)
    brief_set.refresh_from_db()
    assert brief_set.state == SetState.DONE
    with pytest.raises(BadMove):
        resume_set(brief_set=brief_set, actor=None)


def test_cancelling_while_it_is_made_stops_it(campaign, quick, monkeypatch):
    chamber = campaign.target_groups.get().rules.get().chamber
    for n in range(10):
        make.reachable(make.PostFactory(chamber=chamber, division=make.DivisionFactory(name=f"D {n}")))
    brief_set = asked(campaign)
    monkeypatch.setattr(brief_sets, "RENEW_SECONDS", 0)
    real = brief_sets._store_next

    def store(*args):
        real(*args)
        BriefSet.objects.update(state=SetState.CANCELLED, finished_at=now())

    monkeypatch.setattr(brief_sets, "_store_next", store)
    assert brief_sets.work(brief_set.pk, seconds=60, presses=1) is False
    assert 0 < brief_set.items.filter(state=ItemState.READY).count() < 12
    brief_set.refresh_from_db()
    assert brief_set.state == SetState.CANCELLED


def test_a_set_whose_worker_died_is_taken_up_where_it_stopped(campaign, quick):
    brief_set = asked(campaign)
    assert brief_sets.waiting_sets() == [brief_set.pk]
    # What a worker that was killed leaves behind: its lease, and the items it had not done.
    BriefSet.objects.update(lease_until=now() + brief_sets.LEASE)
    assert brief_sets.waiting_sets() == []
    assert brief_sets.work(brief_set.pk, seconds=60) is False
    assert not quick
    clock.move(brief_sets.LEASE + timedelta(seconds=1))
    assert brief_sets.waiting_sets() == [brief_set.pk]
    brief_sets.work(brief_set.pk, seconds=60)
    brief_set.refresh_from_db()
    assert brief_set.state == SetState.DONE


# Who may --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["brief-set", "brief-set-state", "brief-set-zip", "brief-set-print"])
def test_another_organisation_finds_no_set(client, campaign, quick, name):
    brief_set = asked(campaign)
    brief_sets.work(brief_set.pk, seconds=60)
    client.force_login(make.RoleFactory(name="owner").user)
    assert client.get(address(name, campaign, set_id=brief_set.pk)).status_code == 404


def test_looking_at_a_set_changes_nothing(client, campaign, staff):
    brief_set = asked(campaign)
    before = list(BriefSet.objects.values())
    for name in ("brief-set", "brief-set-state"):
        assert client.get(address(name, campaign, set_id=brief_set.pk)).status_code == 200
    assert client.post(address("brief-set-zip", campaign, set_id=brief_set.pk)).status_code == 404
    assert (
        client.get(address("brief-set-move", campaign, set_id=brief_set.pk, verb="cancel")).status_code == 405
    )
    assert list(BriefSet.objects.values()) == before


def test_the_page_of_a_set_asks_as_much_for_twenty_as_for_two(client, campaign, staff):
    def queries():
        brief_set = asked(campaign)
        with CaptureQueriesContext(connection) as caught:
            client.get(address("brief-set", campaign, set_id=brief_set.pk))
        brief_set.delete()
        return len(caught)

    queries()
    few = queries()
    chamber = campaign.target_groups.get().rules.get().chamber
    for n in range(18):
        make.reachable(make.PostFactory(chamber=chamber, division=make.DivisionFactory(name=f"D {n}")))
    assert queries() == few
