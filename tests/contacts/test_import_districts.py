import pytest

from contacts.models import Division, Post, PostalArea
from tests.contacts.importing import SAMPLES, changes, refused, run


def imported(path, *args):
    return run("import_districts", "us-zip", path, *args)


def test_areas_districts_and_vacant_seats_come_in(zips):
    summary = imported(zips.path)
    assert (summary["rows"], summary["zip_areas"], summary["districts"]) == (7, 5, 4)
    assert (summary["split_zip_areas"], summary["zip_areas_in_several_states"]) == (2, 1)
    assert PostalArea.objects.filter(code="98998").count() == 2
    assert Post.objects.filter(memberships__isnull=True).count() == 4
    assert Division.objects.get(ocd_id__endswith="state:mt/cd:2").parent.name == "Montana"


def test_the_file_may_be_named_itself_and_a_second_run_changes_nothing(zips):
    imported(zips.path / "zccd.csv")
    assert changes(imported(zips.path)) == (0, 0, 0)


@pytest.mark.parametrize("people_first", [True, False])
def test_people_take_the_seats_in_either_order(zips, people_first):
    if not people_first:
        imported(zips.path)
    run("import_legislators", "us-congress", SAMPLES / "us-congress")
    imported(zips.path)
    house = Post.objects.filter(chamber__code="lower")
    assert house.count() == 5  # WA-3, WA-7, WY, MT-2 and Guam, which has no postal areas
    assert (
        house.get(division__ocd_id__endswith="wa/cd:7").memberships.get().legislator.family_name
        == "Árnadóttir"
    )
    assert not house.get(division__ocd_id__endswith="wa/cd:3").memberships.exists()
    assert changes(imported(zips.path)) == (0, 0, 0)
    assert changes(run("import_legislators", "us-congress", SAMPLES / "us-congress")) == (0, 0, 0)


def test_an_area_no_longer_named_is_taken_out(zips):
    imported(zips.path)
    zips.edit("zccd.csv", "53,WA,98998,3\n", "")
    assert changes(imported(zips.path)) == (0, 0, 1)
    assert PostalArea.objects.get(code="98998").division.ocd_id.endswith("cd:7")


def test_areas_of_other_countries_are_left_alone(zips):
    elsewhere = Division.objects.create(
        ocd_id="ocd-division/country:zz", name="Veland", level="national", country="zz"
    )
    PostalArea.objects.create(country="zz", code="10000", division=elsewhere)
    imported(zips.path)
    assert PostalArea.objects.filter(country="zz").exists()


def test_a_dry_run_writes_nothing(zips):
    assert imported(zips.path, "--dry-run")["created"] > 0
    assert not PostalArea.objects.exists()


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("53,WA,98995", "3 fields instead of 4"),
        ("53,QQ,98995,1", "state_abbr: there is no state or territory 'QQ'"),
        ("54,WA,98995,1", "state_fips: '54' is not the number of WA"),
        ("53,WA,9899,1", "zcta: '9899' is not five digits"),
        ("53,WA,٩٨٩٩٥,1", "zcta: '٩٨٩٩٥' is not five digits"),
        ("53,WA,98995,x", "cd: 'x' is not the number of a district"),
        ("53,WA,98995,99", "cd: '99' is not the number of a district"),
        ("53,WA,98995,-1", "cd: '-1' is not the number of a district"),
        ("53,WA,98997,7", "the row for 98997 and WA-7 stands twice"),
    ],
)
def test_a_bad_row_is_named_by_line_and_field_and_nothing_is_written(zips, row, problem):
    with (zips.path / "zccd.csv").open("a") as file:
        file.write(f"{row}\n")
    message, listed = refused("import_districts", "us-zip", zips.path)
    assert "1 bad row" in message
    assert listed == [f"zccd.csv:9: {problem}"]
    assert not PostalArea.objects.exists()
    summary = imported(zips.path, "--skip-bad")
    assert (summary["bad_rows"], summary["zip_areas"] >= 5) == (1, True)


def test_every_bad_row_is_listed(zips):
    zips.edit("zccd.csv", "53,WA,", "53,XX,")
    assert len(refused("import_districts", "us-zip", zips.path)[1]) == 4


def test_with_bad_rows_left_out_no_area_is_taken_out(zips):
    imported(zips.path)
    zips.edit("zccd.csv", "53,WA,98996,3", "53,WA,98996,three")
    assert changes(imported(zips.path, "--skip-bad")) == (0, 0, 0)
    assert PostalArea.objects.filter(code="98996").exists()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "zccd.csv:1: the first line must be"),
        (b"a,b,c,d\n", "zccd.csv:1: the first line must be"),
        (b"state_fips,state_abbr,zcta,cd\n", "has no rows"),
        (b"state_fips,state_abbr,zcta,cd\n53,WA,98997,\xff\n", "not text in UTF-8"),
        (b'state_fips,state_abbr,zcta,cd\n53,WA,"98997,7\n', "not valid CSV"),
    ],
)
def test_a_file_that_is_something_else_is_refused(zips, content, problem):
    (zips.path / "zccd.csv").write_bytes(content)
    assert problem in refused("import_districts", "us-zip", zips.path)[0]


def test_a_file_cut_short_is_refused(zips):
    rows = "".join(f"06,CA,{90000 + n},{n % 50 + 1}\n" for n in range(100))
    whole = (zips.path / "zccd.csv").read_text()
    (zips.path / "zccd.csv").write_text(whole + rows)
    imported(zips.path)
    (zips.path / "zccd.csv").write_text(whole)
    assert (
        "100 of 107 postal areas are no longer listed" in refused("import_districts", "us-zip", zips.path)[0]
    )
    assert PostalArea.objects.count() == 107


def test_a_missing_file_is_named(db, tmp_path):
    assert "zccd.csv" in refused("import_districts", "us-zip", tmp_path)[0]
