from datetime import date

import pytest
from django.core.management import call_command

from contacts.models import (
    Chamber,
    ContactPoint,
    Identifier,
    Jurisdiction,
    Legislator,
    Membership,
    Office,
    Post,
)
from tests.contacts.importing import changes, refused, run

MEMBERS = "legislators-current.yaml"
OFFICES = "legislators-district-offices.yaml"


def imported(files, *args):
    return run("import_legislators", "us-congress", files.path, *args)


def test_members_with_their_offices_and_committees_come_in(congress):
    summary = imported(congress)
    assert summary["people"] == summary["posts"] == summary["memberships_current"] == 6
    assert (summary["offices"], summary["capitol_offices"], summary["district_offices"]) == (8, 5, 3)
    assert (summary["committees"], summary["subcommittees"], summary["committee_memberships"]) == (3, 1, 4)
    assert (summary["unresolved_members"], summary["bad_rows"]) == (1, 0)


def test_a_member_sits_in_the_seat_of_the_term_that_spans_today(congress):
    imported(congress)
    seat = Membership.objects.get(legislator__name="Adaeze Árnadóttir", post__isnull=False)
    assert seat.post.division.ocd_id == "ocd-division/country:us/state:wa/cd:7"
    assert seat.post.label == "Representative for Washington, 7th district"
    assert (seat.start_on, seat.term_ends_on, seat.end_on) == (date(2025, 1, 3), date(2027, 1, 3), None)
    assert seat.post.division.parent.ocd_id == "ocd-division/country:us/state:wa"
    assert not Legislator.objects.filter(name="Finn Former").exists()


def test_an_earlier_term_counts_when_the_next_has_not_begun(congress):
    congress.edit(
        MEMBERS,
        "- id:\n    bioguide: B000902",
        "  - type: rep\n    start: '2027-01-03'\n    end: '2029-01-03'\n    state: WA\n    district: 8\n"
        "- id:\n    bioguide: B000902",
    )
    imported(congress)
    assert Membership.objects.get(
        legislator__family_name="Árnadóttir", post__isnull=False
    ).post.division.ocd_id.endswith("cd:7")


def test_two_senators_of_a_state_have_a_seat_each(congress):
    imported(congress)
    seats = Post.objects.filter(chamber__code="upper", division__ocd_id="ocd-division/country:us/state:wa")
    assert sorted(seats.values_list("seat", flat=True)) == ["class 1", "class 3"]
    assert Legislator.objects.filter(name="Cem Calder Jr.").exists()


def test_an_appointed_senator_sits_past_the_day_of_the_special_election(congress):
    imported(congress)
    assert Membership.objects.current(date(2026, 8, 15)).filter(legislator__name="Gia Garro").exists()


def test_at_large_seats_and_territories_use_the_division_itself(congress):
    imported(congress)
    for name, place, role in (
        ("Dilnoza Dent", "state:wy", "Representative"),
        ("Efua Ek", "territory:gu", "Delegate"),
    ):
        post = Membership.objects.get(legislator__name=name, post__isnull=False).post
        assert (post.division.ocd_id, post.role) == (f"ocd-division/country:us/{place}", role)


def test_identifiers_of_the_source_are_kept(congress):
    imported(congress)
    kept = Identifier.objects.filter(legislator__family_name="Árnadóttir").values_list("scheme", "value")
    assert set(kept) == {("bioguide", "A000901"), ("govtrack", "900901"), ("wikidata", "Q900901")}


def test_offices_have_their_contact_points_and_their_own_time_zone(congress):
    imported(congress)
    office = Office.objects.get(key="A000901-seaton")
    assert office.time_zone == "America/Los_Angeles"
    assert dict(office.contact_points.values_list("kind", "value")) == {
        "postal": "1 Quay St., Suite 2, Harbour House, Seaton, WA 98999",
        "phone": "360-555-0111",
        "fax": "360-555-0112",
    }
    capitol = Office.objects.get(key="capitol", legislator__family_name="Árnadóttir")
    assert capitol.time_zone == Jurisdiction.objects.get().time_zone == "America/New_York"
    assert capitol.contact_points.get(kind="web_form").value == "https://arnadottir.example.org/contact"


def test_a_second_run_changes_nothing(congress):
    imported(congress)
    before = list(Membership.objects.order_by("pk").values())
    assert changes(imported(congress)) == (0, 0, 0)
    assert list(Membership.objects.order_by("pk").values()) == before


def test_a_dry_run_says_what_would_change_and_changes_nothing(congress, capsys):
    call_command("import_legislators", "us-congress", str(congress.path), "--dry-run")
    out = capsys.readouterr().out
    assert "+ legislator Adaeze Árnadóttir" in out
    assert "Would change: people 6" in out
    assert not Legislator.objects.exists()
    assert not Chamber.objects.exists()
    imported(congress)
    congress.cut(MEMBERS, "- id:\n    bioguide: B000902", "- id:\n    bioguide: C000903")
    call_command("import_legislators", "us-congress", str(congress.path), "--dry-run")
    assert "- Bo Brink, Senator" in capsys.readouterr().out
    assert Membership.objects.get(legislator__name="Bo Brink", post__isnull=False).end_on is None


def test_a_person_no_longer_listed_is_ended_and_stays(congress):
    imported(congress)
    congress.cut(MEMBERS, "- id:\n    bioguide: B000902", "- id:\n    bioguide: C000903")
    summary = imported(congress)
    assert summary["people"] == 5
    bo = Legislator.objects.get(name="Bo Brink")
    assert set(bo.memberships.values_list("end_on", flat=True)) == {date(2026, 8, 15)}
    assert set(ContactPoint.objects.filter(office__legislator=bo).values_list("health", flat=True)) == {
        "retired"
    }
    assert changes(imported(congress)) == (0, 0, 0)


def test_a_successor_takes_the_seat_in_the_same_run(congress):
    imported(congress)
    congress.edit(MEMBERS, "bioguide: B000902", "bioguide: H000908")
    congress.edit(MEMBERS, "first: Bo\n    last: Brink", "first: Hanne\n    last: Holt")
    imported(congress)
    post = Post.objects.get(seat="class 1")
    assert post.memberships.get(end_on__isnull=True).legislator.name == "Hanne Holt"
    assert post.memberships.get(end_on__isnull=False).legislator.name == "Bo Brink"


def test_two_members_may_swap_their_seats(congress):
    imported(congress)
    congress.edit(MEMBERS, "class: 1", "class: 9")
    congress.edit(MEMBERS, "class: 3", "class: 1")
    congress.edit(MEMBERS, "class: 9", "class: 3")
    imported(congress)
    assert Post.objects.get(seat="class 3").memberships.get(end_on__isnull=True).legislator.name == "Bo Brink"
    assert (
        Post.objects.get(seat="class 1").memberships.get(end_on__isnull=True).legislator.name
        == "Cem Calder Jr."
    )


def test_somebody_who_comes_back_gets_a_new_membership(congress):
    imported(congress)
    whole = (congress.path / MEMBERS).read_text()
    congress.cut(MEMBERS, "- id:\n    bioguide: B000902", "- id:\n    bioguide: C000903")
    imported(congress)
    (congress.path / MEMBERS).write_text(whole)
    imported(congress)
    ends = Membership.objects.filter(legislator__name="Bo Brink", post__isnull=False).values_list(
        "end_on", flat=True
    )
    assert sorted(ends, key=str) == [date(2026, 8, 15), None]
    assert not ContactPoint.objects.filter(office__legislator__name="Bo Brink", health="retired").exists()


def test_a_changed_party_or_name_is_an_update(congress):
    imported(congress)
    congress.edit(MEMBERS, "official_full: Adaeze Árnadóttir", "official_full: Adaeze R. Árnadóttir")
    congress.edit(MEMBERS, "district: 0\n    party: Harbour", "district: 0\n    party: Unity")
    assert changes(imported(congress)) == (0, 2, 0)


def test_a_contact_point_that_vanishes_is_retired_and_the_others_keep_their_health(congress):
    imported(congress)
    points = ContactPoint.objects.filter(office__key="A000901-seaton")
    points.filter(kind="phone").update(health="failing", health_reason="nobody answers")
    congress.edit(OFFICES, "    fax: 360-555-0112\n", "")
    assert changes(imported(congress)) == (0, 0, 1)
    assert points.get(kind="fax").health == "retired"
    assert points.get(kind="phone").health == "failing"
    congress.edit(OFFICES, "    phone: 360-555-0111\n", "    phone: 360-555-0111\n    fax: 360-555-0112\n")
    assert changes(imported(congress)) == (0, 1, 0)
    assert points.get(kind="fax").health == "ok"


def test_a_point_that_an_office_asked_us_to_stop_using_stays_retired(congress):
    imported(congress)
    points = ContactPoint.objects.filter(value="360-555-0111")
    points.update(health="retired", health_reason="the office asked us to stop")
    assert changes(imported(congress)) == (0, 0, 0)
    assert points.get().health == "retired"


def test_a_contact_point_added_by_hand_is_left_alone(congress):
    imported(congress)
    office = Office.objects.get(key="capitol", legislator__name="Bo Brink")
    by_hand = ContactPoint.objects.create(office=office, kind="email", value="brink@senate.example")
    assert changes(imported(congress)) == (0, 0, 0)
    by_hand.refresh_from_db()
    assert by_hand.health == "ok"


def test_a_time_zone_corrected_by_hand_is_left_alone(congress):
    imported(congress)
    Office.objects.filter(key="A000901-hill").update(time_zone="America/Boise")
    assert changes(imported(congress)) == (0, 0, 0)
    assert Office.objects.get(key="A000901-hill").time_zone == "America/Boise"


def test_an_office_that_closed_is_no_longer_counted(congress):
    imported(congress)
    congress.cut(OFFICES, "  - id: A000901-hill", "- id:\n    bioguide: B000902")
    assert imported(congress)["district_offices"] == 2
    assert Office.objects.filter(key="A000901-hill").exists()


def test_a_committee_that_is_gone_ends_with_its_memberships(congress):
    imported(congress)
    congress.cut("committees-current.yaml", "- type: senate", "- type: joint")
    congress.cut("committee-membership-current.yaml", "SSXX:")
    summary = imported(congress)
    assert (summary["committees"], summary["committee_memberships"]) == (2, 3)
    gone = Chamber.objects.get(code="SSXX")
    assert gone.ended_on == gone.memberships.get().end_on == date(2026, 8, 15)


def test_files_that_would_end_most_of_congress_are_refused(congress):
    members = "".join(
        f"- id:\n    bioguide: X{n:06}\n  name:\n    first: Xu\n    last: Number {n}\n  terms:\n  - type: rep\n"
        f"    start: '2025-01-03'\n    end: '2027-01-03'\n    state: CA\n    district: {n}\n    party: Unity\n"
        for n in range(1, 31)
    )
    whole = (congress.path / MEMBERS).read_text()
    (congress.path / MEMBERS).write_text(whole + members)
    assert imported(congress)["people"] == 36
    (congress.path / MEMBERS).write_text(whole)
    message, _ = refused("import_legislators", "us-congress", congress.path)
    assert "30 of 36 people in office are no longer listed" in message
    assert Membership.objects.filter(end_on__isnull=False).count() == 0
    assert imported(congress, "--allow-many-endings")["people"] == 6


def test_a_folder_without_the_files_is_named(db, tmp_path):
    message, _ = refused("import_legislators", "us-congress", tmp_path)
    assert MEMBERS in message


@pytest.mark.parametrize("rows", [1, 6])
def test_the_number_of_queries_does_not_grow_with_the_rows(congress, rows, django_assert_max_num_queries):
    if rows == 1:
        congress.cut(MEMBERS, "- id:\n    bioguide: B000902")
    with django_assert_max_num_queries(45):
        imported(congress)
