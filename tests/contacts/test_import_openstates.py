from contacts.models import Chamber, Legislator, Membership, Office, Post
from tests.contacts.importing import SAMPLES, changes, refused, run


def imported(path, *args):
    return run("import_legislators", "openstates", path, *args)


def seats_of(division):
    rows = Membership.objects.filter(post__division__ocd_id__endswith=division, end_on__isnull=True)
    return dict(rows.values_list("legislator__name", "post__seat"))


def test_one_state_or_several_come_from_their_folder_or_its_parent(states):
    assert imported(states.path / "vt")["people"] == 4
    summary = imported(states.path)
    assert (summary["people"], summary["posts"], summary["committees"]) == (5, 5, 2)
    assert (summary["committee_memberships"], summary["unresolved_members"]) == (3, 1)
    assert changes(imported(states.path)) == (0, 0, 0)


def test_several_members_of_one_district_have_a_seat_each(states):
    imported(states.path / "vt")
    assert seats_of("state:vt/sldl:lake-1") == {"Ada Hollis": "1", "Bram Iversen": "2"}
    assert seats_of("state:vt/sldl:river-2") == {"Cora Jović": ""}


def test_a_successor_takes_the_free_seat_and_the_other_member_keeps_theirs(states):
    imported(states.path / "vt")
    states.edit("vt/legislature/hollis-ada.yml", "ocd-person/201aaaaa", "ocd-person/299zzzzz")
    states.edit("vt/legislature/hollis-ada.yml", "name: Ada Hollis", "name: Ana Newcomer")
    states.edit("vt/committees/lower-tides.yml", "ocd-person/201aaaaa", "ocd-person/299zzzzz")
    imported(states.path / "vt")
    assert seats_of("sldl:lake-1") == {"Ana Newcomer": "1", "Bram Iversen": "2"}
    assert Post.objects.filter(division__ocd_id__endswith="sldl:lake-1").count() == 2


def test_a_district_that_gets_a_second_member_gets_a_second_seat(states):
    imported(states.path / "vt")
    states.edit("vt/legislature/hollis-ada.yml", "district: Lake-1", "district: River-2")
    imported(states.path / "vt")
    assert set(seats_of("sldl:river-2").values()) == {"", "1"}
    assert changes(imported(states.path / "vt")) == (0, 0, 0)


def test_a_role_that_ended_is_no_seat(states):
    imported(states.path / "vt")
    assert not Legislator.objects.filter(name="Fay Moss").exists()
    assert not Post.objects.filter(division__ocd_id__endswith="old-1").exists()


def test_members_have_their_mail_address_at_the_capitol(states):
    imported(states.path / "vt")
    office = Office.objects.get(legislator__name="Ada Hollis")
    assert (office.kind, office.contact_points.get(kind="email").value) == (
        "capitol",
        "hollis-ada@statehouse.example",
    )
    assert Chamber.objects.get(code="lower").jurisdiction.time_zone == "America/New_York"


def test_committees_belong_to_their_chamber_and_joint_ones_to_none(states):
    imported(states.path / "vt")
    assert Chamber.objects.get(name="Tides").parent.name == "Vermont House"
    assert Chamber.objects.get(name="Joint Rivers").parent is None


def test_importing_one_source_ends_nobody_of_another(states):
    run("import_legislators", "us-congress", SAMPLES / "us-congress")
    imported(states.path / "vt")
    states.cut("vt/legislature/kay-dov.yml", "- start_date: 2025-01-08", "offices:")
    assert imported(states.path / "vt")["ended"] == 5  # the seat, the committee and three ways to reach him
    imported(states.path / "wy")
    ended = Membership.objects.filter(end_on__isnull=False)
    assert set(ended.values_list("legislator__name", flat=True)) == {"Dov Kay"}


def test_a_folder_that_is_no_state_is_refused(db, tmp_path):
    assert "no state’s folder" in refused("import_legislators", "openstates", tmp_path)[0]
    (tmp_path / "zz" / "legislature").mkdir(parents=True)
    assert (
        "'zz' is not the two letters of a state" in refused("import_legislators", "openstates", tmp_path)[0]
    )
