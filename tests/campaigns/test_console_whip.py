"""The whip count: every seat once, the votes still needed, and corrections that leave the wrong entry readable."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import InboundMail
from contacts import clock
from policy.models import Stance
from tests import factories as make
from tests.campaigns.console import Desk, told, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    return Desk(client, role="staff")


@pytest.fixture
def measure(desk):
    return make.MeasureFactory(issue__organization=desk.organization, identifier="HB 7", position="support")


@pytest.fixture
def house(measure):
    return make.ChamberFactory(jurisdiction=measure.jurisdiction, name="House of Quays")


def vacant(chamber, n):
    for _ in range(n):
        make.PostFactory(chamber=chamber)


def test_more_than_half_of_all_seats_are_needed_unless_somebody_says_otherwise(desk, measure, house):
    make.seats(house, [5, 4, 3, 1, None, None], measure)
    vacant(house, 4)
    page = desk.read("whip", measure.pk)
    assert "2 are for HB 7. It passes with 6: 4 more needed." in page
    assert "Of them held 6 (4 vacant)" in page
    assert "4 of 10 seats are vacant. The rule counts all seats, so they work like votes against." in page
    rules = {"simple": 4, "fifths_held": 4, "thirds_held": 4, "three_fifths": 6, "absolute": 6}
    for rule, needed in rules.items():
        desk.post("majority-set", measure.pk, house.pk, majority=rule)
        assert f"It passes with {needed}:" in desk.read("whip", measure.pk), rule
    desk.post("majority-set", measure.pk, house.pk, majority="simple")
    page = desk.read("whip", measure.pk)
    assert "4 of 10 seats are vacant and left out of the rule." in page
    assert "More than half of the members in office: 4 of 6" in page


def test_a_rule_that_asks_for_more_than_sit_there_is_out_of_reach(desk, measure, house):
    make.seats(house, [5] * 6, measure)
    vacant(house, 4)
    desk.post("majority-set", measure.pk, house.pk, majority="two_thirds")
    assert "6 are for HB 7. It needs 7, and only 6 seats are held." in desk.read("whip", measure.pk)
    measure.position = "oppose"
    measure.save()
    page = desk.read("whip", measure.pk)
    assert "HB 7 can't pass: it needs 7, and 6 seats are held." in page
    assert "Still needed 0" in page


def test_a_rule_nobody_knows_is_refused(desk, measure, house):
    make.seats(house, [5], measure)
    assert "Choose one of the rules." in told(
        desk.post("majority-set", measure.pk, house.pk, majority="most")
    )


def test_a_rule_holds_for_its_chamber_only(desk, measure, house):
    senate = make.ChamberFactory(jurisdiction=measure.jurisdiction, kind="upper", name="Senate of Quays")
    make.seats(house, [None] * 10)
    make.seats(senate, [None] * 10)
    desk.post("majority-set", measure.pk, senate.pk, majority="two_thirds")
    assert "It passes with 7:" in desk.read("whip", measure.pk)  # the upper chamber stands first
    assert "It passes with 6:" in desk.read("whip", measure.pk, chamber=str(house.pk))


def test_who_opposes_a_measure_counts_the_votes_that_stop_it(desk, house, measure):
    measure.position = "oppose"
    measure.save()
    make.seats(house, [1, 2, 5, None], measure)
    assert "2 are against HB 7; with 2 it can't pass." in desk.read("whip", measure.pk)
    make.seats(house, [None, None], measure)
    assert "It can't pass with 3 against it: 1 more needed." in desk.read("whip", measure.pk)
    vacant(house, 2)  # eight seats: five pass it, of six who can vote, so two stop it
    assert "2 are against HB 7; with 2 it can't pass." in desk.read("whip", measure.pk)


def test_only_who_sits_now_is_counted_and_only_the_newest_word(desk, measure, house):
    left, stays = make.seats(house, [5, 5], measure)
    left.end_on = clock.today()
    left.save()
    make.StanceFactory(
        measure=measure, legislator=stays.legislator, level=1, on=clock.today() + timedelta(days=1)
    )
    page = desk.read("whip", measure.pk)
    assert "0 are for HB 7" in page and "Opposed 1" in page and "Vacant 1" in page


def test_another_organisations_stances_are_not_counted(desk, measure, house):
    make.seats(house, [None], measure)
    theirs = make.MeasureFactory(jurisdiction=measure.jurisdiction, identifier="HB 7")
    make.StanceFactory(measure=theirs, legislator=house.posts.get().memberships.get().legislator, level=5)
    assert "0 are for HB 7" in desk.read("whip", measure.pk)


def test_delegates_without_a_vote_are_not_counted_and_the_page_says_so(desk):
    country = make.JurisdictionFactory(ocd_id="ocd-jurisdiction/country:us/government")
    measure = make.MeasureFactory(issue__organization=desk.organization, jurisdiction=country)
    house = make.ChamberFactory(jurisdiction=country)
    make.seats(house, [5, 5, None], measure)
    delegate = make.MembershipFactory(
        post__chamber=house, post__division__ocd_id="ocd-division/country:us/territory:gu"
    )
    make.StanceFactory(measure=measure, legislator=delegate.legislator, level=5)
    page = desk.read("whip", measure.pk)
    assert "2 are for" in page and "it passes with 2" in page
    assert "Without a vote 1, not counted here" in page


def test_it_is_told_by_party_and_by_committee(desk, measure, house):
    meadow = make.seats(house, [5, 4], measure, party="Meadow")
    make.seats(house, [1], measure, party="Quay")
    care = make.ChamberFactory(jurisdiction=measure.jurisdiction, kind="committee", parent=house, name="Care")
    make.MembershipFactory(legislator=meadow[0].legislator, post=None, chamber=care)
    page = desk.read("whip", measure.pk)
    assert "Meadow 1 1 0 0 0 0 2" in page
    assert "Quay 0 0 0 0 0 1 1" in page
    assert "Care 1 0 0 0 0 0 1" in page


def test_members_can_be_listed_by_stance(desk, measure, house):
    champion, unknown = make.seats(house, [5, None], measure)
    page = desk.read("whip", measure.pk, stance="unknown")
    assert unknown.legislator.name in page and champion.legislator.name not in page
    assert desk.get("whip", measure.pk, stance="nonsense", chamber="nonsense").status_code == 200


def test_a_measure_of_a_place_without_known_seats_says_so(desk, measure):
    assert "No seats of" in desk.read("whip", measure.pk)


def test_the_whole_chamber_can_be_downloaded_and_no_cell_is_a_formula(desk, measure, house):
    (seat,) = make.seats(house, [5], measure)
    Stance.objects.update(evidence="=HYPERLINK(1)")
    make.seats(house, [None] * 30)
    answer = desk.get("whip", measure.pk, format="csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 31
    told_row = next(row for row in rows if row["legislator"] == seat.legislator.name)
    assert told_row["stance"] == "Champion" and told_row["evidence"] == "'=HYPERLINK(1)"


def test_a_large_chamber_asks_as_much_as_a_small_one(desk, measure, house):
    committee = make.ChamberFactory(jurisdiction=measure.jurisdiction, kind="committee")

    def grow(n):
        for seat in make.seats(house, [5, None] * n, measure):
            make.MembershipFactory(legislator=seat.legislator, post=None, chamber=committee)

    grow(1)
    desk.get("whip", measure.pk)
    with CaptureQueriesContext(connection) as small:
        desk.get("whip", measure.pk)
    grow(19)
    with CaptureQueriesContext(connection) as large:
        desk.get("whip", measure.pk)
    assert len(small) == len(large), [q["sql"] for q in large]


def test_a_stance_can_not_be_dated_in_the_future(desk, measure):
    answer = desk.post(
        "stance-add",
        make.LegislatorFactory().pk,
        measure=measure.pk,
        level=3,
        on=clock.today() + timedelta(days=2),
        evidence="x",
    )
    assert answer.status_code == 422 and "This day has not come yet." in words(answer)


def test_a_wrong_entry_is_corrected_by_another_that_counts_in_its_place(desk, measure, house):
    (seat,) = make.seats(house, [5], measure)
    wrong = Stance.objects.get()
    data = {"level": 2, "on": "2026-01-01", "evidence": "Heard the recording again", "source_url": ""}
    assert "The entry is corrected." in told(desk.post("stance-correct", wrong.pk, **data))
    page = desk.read("legislator", seat.legislator_id)
    assert "corrected Champion" in page and "correction Leans against" in page
    assert "Leans against 1" in desk.read("whip", measure.pk)
    again = desk.post("stance-correct", wrong.pk, **data)
    assert "Somebody corrected this entry already." in told(again)
    assert Stance.objects.count() == 2


def test_an_entry_taken_back_leaves_what_was_known_before(desk, measure, house):
    (seat,) = make.seats(house, [4], measure)
    wrong = make.StanceFactory(
        measure=measure, legislator=seat.legislator, level=1, on=make.DAY_ONE.date() + timedelta(days=9)
    )
    assert "Opposed 1" in desk.read("whip", measure.pk)
    desk.post("stance-correct", wrong.pk, level="", on="2026-01-20", evidence="Was said by another member")
    assert "Supports 1" in desk.read("whip", measure.pk)
    assert "taken back Was said by another member" in desk.read("legislator", seat.legislator_id)


def test_a_legislators_page_tells_each_measure_apart(desk, measure):
    person = make.LegislatorFactory()
    other = make.MeasureFactory(issue=measure.issue, identifier="SB 9", title="Beds")
    make.StanceFactory(measure=measure, legislator=person, level=5)
    make.StanceFactory(measure=other, legislator=person, level=1)
    page = desk.read("legislator", person.pk)
    assert "SB 9: Beds" in page and "HB 7: Champion" in page and "SB 9: Opposed" in page


def test_a_proposed_stance_can_be_declined_until_somebody_judges_anew(desk):
    letter = make.LetterFactory(
        drive__campaign__organization=desk.organization,
        state="closed",
        sent_at=clock.now(),
        legislator=make.LegislatorFactory(),
    )
    mail = make.InboundMailFactory(letter=letter)
    desk.post("reply-code", mail.pk, coding="supports")
    assert "Accept the stance" in desk.read("reply", mail.pk)
    assert "No stance is recorded" in told(desk.post("stance-decline", mail.pk))
    page = desk.read("reply", mail.pk)
    assert "was declined on" in page and "Accept the stance" not in page
    assert not Stance.objects.exists()
    desk.post("reply-code", mail.pk, coding="opposes")
    assert "Accept the stance" in desk.read("reply", mail.pk)
    assert InboundMail.objects.get().stance_declined_at is None
