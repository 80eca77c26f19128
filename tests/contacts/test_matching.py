from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.matching import CHOSEN, POSTAL_CODE, match_postal_code, normal_code
from contacts.models import Chamber, Division, Post, PostalArea
from tests.contacts.importing import SAMPLES, run, set_day
from tests.factories import (
    ChamberFactory,
    DivisionFactory,
    JurisdictionFactory,
    MembershipFactory,
    PostalAreaFactory,
    PostFactory,
)

DAY = date(2026, 8, 15)


@pytest.fixture
def congress(db):
    set_day()
    run("import_legislators", "us-congress", SAMPLES / "us-congress")
    run("import_districts", "us-zip", SAMPLES / "us-zip")


def places(match):
    """Per chamber: the places with their confidence and who sits there."""
    return {
        m.chamber.code: {
            c.division.ocd_id.partition("country:us/")[2]: (
                c.confidence,
                [s.membership.legislator.family_name if s.membership else None for s in c.seats],
            )
            for c in m.candidates
        }
        for m in match.chambers
    }


def test_a_postal_code_gives_the_house_member_and_both_senators(congress):
    match = match_postal_code("us", "98997", DAY)
    assert match.is_known and not match.is_ambiguous
    assert places(match) == {
        "lower": {"state:wa/cd:7": (1.0, ["Árnadóttir"])},
        "upper": {"state:wa": (1.0, ["Brink", "Calder"])},
    }


def test_a_split_code_asks_for_the_house_and_knows_the_senators(congress):
    match = match_postal_code("us", "98998", DAY)
    assert match.is_ambiguous
    found = places(match)
    assert found["lower"] == {"state:wa/cd:3": (0.5, [None]), "state:wa/cd:7": (0.5, ["Árnadóttir"])}
    assert list(found["upper"]) == ["state:wa"]
    assert [m.is_ambiguous for m in match.chambers] == [True, False]


def test_a_vacant_seat_is_shown_as_vacant(congress):
    match = match_postal_code("us", "98996", DAY)
    (candidate,) = next(m for m in match.chambers if m.chamber.code == "lower").candidates
    assert [seat.is_vacant for seat in candidate.seats] == [True]


def test_one_division_serves_the_house_and_the_senate_at_large(congress):
    assert places(match_postal_code("us", "82999", DAY)) == {"lower": {"state:wy": (1.0, ["Dent"])}}
    PostFactory(
        chamber=Chamber.objects.get(code="upper"), division=Division.objects.get(ocd_id__endswith="state:wy")
    )
    assert set(places(match_postal_code("us", "82999", DAY))) == {"lower", "upper"}


def test_a_code_in_two_states_is_ambiguous_for_the_senate_too(congress):
    upper = Chamber.objects.get(code="upper")
    for state in ("wy", "mt"):
        PostFactory(chamber=upper, division=Division.objects.get(ocd_id__endswith=f"state:{state}"))
    match = match_postal_code("us", "82998", DAY)
    assert [m.is_ambiguous for m in match.chambers] == [True, True]
    assert set(places(match)["lower"]) == {"state:mt/cd:2", "state:wy"}
    assert set(places(match)["upper"]) == {"state:mt", "state:wy"}


def test_where_a_chamber_has_no_seat_the_place_is_still_possible(congress):
    # Seats of the Senate are known for Montana only: whoever lives on the Wyoming side has none there.
    montana = Division.objects.get(ocd_id__endswith="state:mt")
    PostFactory(chamber=Chamber.objects.get(code="upper"), division=montana)
    upper = next(m for m in match_postal_code("us", "82998", DAY).chambers if m.chamber.code == "upper")
    assert upper.is_ambiguous
    assert [(c.division.ocd_id[-2:], len(c.seats), c.confidence) for c in upper.candidates] == [
        ("mt", 1, 0.5),
        ("wy", 0, 0.5),
    ]


def test_only_the_chambers_asked_for_are_answered(congress):
    chambers = Chamber.objects.filter(code="upper")
    assert list(places(match_postal_code("us", "98998", DAY, chambers))) == ["upper"]
    assert match_postal_code("us", "98998", DAY, []).chambers == ()


@pytest.mark.parametrize(
    "code", ["98997", " 98997 ", "98997-1234", "98997 - 1234", "989971234", "９８９９７"]
)
def test_the_spelling_of_a_code_does_not_matter(congress, code):
    assert match_postal_code("US", code, DAY).postal_code == "98997"
    assert match_postal_code("US", code, DAY).is_known


@pytest.mark.parametrize(
    "code", ["00000", "", "9899", "989970", "98997-12", "98997\x00x", "'; --", "x" * 1000]
)
def test_an_unknown_code_is_said_to_be_unknown_and_nothing_is_guessed(congress, code):
    match = match_postal_code("us", code, DAY)
    assert (match.is_known, match.is_ambiguous, match.divisions, match.chambers) == (False, False, (), ())


def test_a_code_of_another_country_is_another_code(congress):
    assert not match_postal_code("ca", "98997", DAY).is_known
    assert normal_code("ca", "k1a 0b1") == "K1A0B1"


def test_who_holds_the_seat_is_asked_for_the_day(congress):
    def holder(on):
        found = places(match_postal_code("us", "98997", on))
        return found["lower"]["state:wa/cd:7"][1]

    assert holder(date(2025, 1, 2)) == [None]
    assert holder(date(2027, 1, 3)) == ["Árnadóttir"]
    assert holder(date(2027, 1, 4)) == [None]
    assert match_postal_code("us", "98997").chambers  # today by the installation's clock


def test_all_members_of_a_district_with_several_are_found(db):
    chamber, division = ChamberFactory(), DivisionFactory()
    for seat in ("1", "2"):
        MembershipFactory(post=PostFactory(chamber=chamber, division=division, seat=seat))
    PostalAreaFactory(code="20000", division=division)
    (match,) = match_postal_code("zz", "20000", DAY).chambers
    assert len(match.candidates[0].seats) == 2 and not match.is_ambiguous


def test_weights_order_the_places_by_how_likely_they_are(db):
    chamber = ChamberFactory()
    for weight in (0.2, 0.6):
        post = PostFactory(chamber=chamber)
        PostalAreaFactory(code="20000", division=post.division, weight=weight)
    (match,) = match_postal_code("zz", "20000", DAY).chambers
    assert [round(c.confidence, 6) for c in match.candidates] == [0.75, 0.25]


def test_house_and_senate_districts_of_one_code_are_no_alternatives(db):
    jurisdiction = JurisdictionFactory()
    for kind in ("sldl", "sldu"):
        division = DivisionFactory(ocd_id=f"ocd-division/country:zz/region:n/{kind}:1")
        PostFactory(chamber=ChamberFactory(name=kind, jurisdiction=jurisdiction), division=division)
        PostalAreaFactory(code="20000", division=division)
    match = match_postal_code("zz", "20000", DAY)
    assert not match.is_ambiguous
    assert [m.candidates[0].confidence for m in match.chambers] == [1, 1]


def test_members_at_large_belong_to_every_ward_of_their_council(db):
    council = ChamberFactory(kind="council")
    city = DivisionFactory(ocd_id="ocd-division/country:zz/place:harbour")
    PostFactory(chamber=council, division=city, seat="at large")
    for n in (1, 2):
        ward = DivisionFactory(ocd_id=f"ocd-division/country:zz/place:harbour/ward:{n}", parent=city)
        PostFactory(chamber=council, division=ward)
        PostalAreaFactory(code="20000", division=ward)
    (match,) = match_postal_code("zz", "20000", DAY).chambers
    assert [(c.division.ocd_id[-6:], len(c.seats), c.confidence) for c in match.candidates] == [
        ("ward:1", 2, 0.5),
        ("ward:2", 2, 0.5),
    ]


def test_the_number_of_queries_is_the_same_for_one_place_and_for_twenty(db, django_assert_max_num_queries):
    chamber = ChamberFactory()
    for n in range(21):
        post = PostFactory(chamber=chamber)
        MembershipFactory(post=post)
        PostalAreaFactory(code="20000" if n else "20001", division=post.division)
    for code, count in (("20001", 1), ("20000", 20)):
        with django_assert_max_num_queries(4):
            (match,) = match_postal_code("zz", code, DAY).chambers
        assert len(match.candidates) == count


def test_methods_of_a_match_have_stable_names():
    assert (POSTAL_CODE, CHOSEN) == ("postal code", "chosen by the supporter")


class World:
    """States with districts, areas in some of them, seats in the House (districts) and in the Senate (states)."""

    def __init__(self, states, areas, seated, weights):
        jurisdiction = JurisdictionFactory()
        self.lower = ChamberFactory(jurisdiction=jurisdiction, code="lower", name="House")
        self.upper = ChamberFactory(jurisdiction=jurisdiction, code="upper", name="Senate")
        self.parents, self.districts = {}, []
        for s, count in enumerate(states):
            state = Division.objects.create(
                ocd_id=f"ocd-division/country:zz/state:s{s}", name=f"S{s}", level="regional", country="zz"
            )
            if seated[s]:
                Post.objects.create(chamber=self.upper, division=state, role="Senator", label=f"Senator {s}")
            for d in range(count) or [None]:
                division = state
                if d is not None:
                    division = Division.objects.create(
                        ocd_id=f"{state.ocd_id}/cd:{d}",
                        name=f"S{s} {d}",
                        level="national",
                        country="zz",
                        parent=state,
                    )
                Post.objects.create(
                    chamber=self.lower, division=division, role="Representative", label=division.name
                )
                self.parents[division.pk] = state.pk
                self.districts.append(division)
        self.here = [self.districts[n] for n in sorted({n % len(self.districts) for n in areas})]
        PostalArea.objects.bulk_create(
            PostalArea(country="zz", code="1", division=d, weight=w)
            for d, w in zip(self.here, weights, strict=False)
        )
        self.here = self.here[: len(weights)]


@pytest.mark.django_db
@settings(deadline=None)  # a database is asked; a busy machine takes its time
@given(
    states=st.lists(st.integers(0, 4), min_size=1, max_size=4),
    areas=st.lists(st.integers(0, 40), min_size=1, max_size=6),
    seated=st.lists(st.booleans(), min_size=4, max_size=4),
    weights=st.lists(st.none() | st.floats(0.001, 1), min_size=1, max_size=6),
)
def test_no_place_is_lost_confidence_adds_up_and_certain_means_one_place(states, areas, seated, weights):
    with transaction.atomic():
        world = World(states, areas, seated, weights)
        match = match_postal_code("zz", "1", DAY + timedelta(days=1))
        transaction.set_rollback(True)
    assert match.is_known
    assert {division.pk for division, _ in match.divisions} == {d.pk for d in world.here}
    found = {m.chamber.pk: m for m in match.chambers}
    assert {c.division.pk for c in found[world.lower.pk].candidates} == {d.pk for d in world.here}
    states_here = {world.parents[d.pk] for d in world.here}
    if world.upper.pk in found:
        # Each possible state appears: with its senators, or as the place where there are none.
        named = {world.parents.get(c.division.pk, c.division.pk) for c in found[world.upper.pk].candidates}
        assert named == states_here
    for chamber in match.chambers:
        assert abs(sum(c.confidence for c in chamber.candidates) - 1) < 1e-6
        assert all(0 < c.confidence <= 1 for c in chamber.candidates)
        assert chamber.is_ambiguous == (len(chamber.candidates) > 1)
        if not chamber.is_ambiguous:
            assert chamber.candidates[0].seats


@given(st.text(max_size=20), st.sampled_from(["us", "zz", "ca"]))
def test_a_normal_code_stays_as_it_is(code, country):
    normal = normal_code(country, code)
    assert normal_code(country, normal) == normal
    assert all(c.isalnum() for c in normal)
