"""Bad files are refused whole: every problem with its file and line, and nothing written."""

import pytest

from contacts.importers import values
from contacts.importers.yaml_items import BadYaml, load
from contacts.models import (
    Chamber,
    ContactPoint,
    Division,
    Identifier,
    Legislator,
    Membership,
    Office,
    Post,
)
from tests.contacts.importing import changes, refused, run

MEMBERS = "legislators-current.yaml"
OFFICES = "legislators-district-offices.yaml"
COMMITTEES = "committees-current.yaml"
ON_COMMITTEES = "committee-membership-current.yaml"


def nothing_was_written():
    return not any(
        model.objects.exists() for model in (Division, Chamber, Post, Legislator, Membership, Office)
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "listed"),
    [
        (MEMBERS, "    last: Brink\n", "", f"{MEMBERS}:28: last is missing"),
        (MEMBERS, "    last: Brink\n", "    last: null\n", f"{MEMBERS}:28: last is missing"),
        (
            MEMBERS,
            "    last: Brink\n",
            "    last: [Brink]\n",
            f"{MEMBERS}:28: last must be a text, not a list",
        ),
        (
            MEMBERS,
            "    last: Brink\n",
            f"    last: {'B' * 81}\n",
            f"{MEMBERS}:28: last has 81 characters, more than 80: '{'B' * 59}…'",
        ),
        (
            MEMBERS,
            "    last: Brink\n",
            '    last: "Brink\\0"\n',
            f"{MEMBERS}:28: last has a control character in it: 'Brink\\x00'",
        ),
        (MEMBERS, "    bioguide: B000902\n", "    thomas: '1'\n", f"{MEMBERS}:28: bioguide is missing"),
        (
            MEMBERS,
            "bioguide: B000902",
            "bioguide: A000901",
            f"{MEMBERS}:28: bioguide A000901 stands at {MEMBERS}:2 already",
        ),
        (
            MEMBERS,
            "class: 3",
            "class: 1",
            f"{MEMBERS}:44: the seat “Senator for Washington, class 1” stands at {MEMBERS}:28 already",
        ),
        (MEMBERS, "class: 3", "class: 4", f"{MEMBERS}:44: class: '4' is not a number from 0 to 3"),
        (MEMBERS, "state: GU", "state: QQ", f"{MEMBERS}:71: state: there is no state or territory 'QQ'"),
        (
            MEMBERS,
            "state: WY\n    district: 0",
            "state: WY\n    district: x",
            f"{MEMBERS}:58: district: 'x' is not a number from 0 to 60",
        ),
        (
            MEMBERS,
            "end: '2031-01-03'",
            "end: '2031-13-03'",
            f"{MEMBERS}:28: terms[0].end: '2031-13-03' is not a date like 2025-01-03",
        ),
        (
            MEMBERS,
            "end: '2031-01-03'",
            "end: 2031-02-30",
            f"{MEMBERS}:28: terms[0].end: '2031-02-30' is not a date like 2025-01-03",
        ),
        (MEMBERS, "end: '2031-01-03'", "till: x", f"{MEMBERS}:28: terms[0].end is missing"),
        (
            MEMBERS,
            "type: sen\n    start: '2023",
            "type: mayor\n    start: '2023",
            f"{MEMBERS}:44: type is rep or sen, not 'mayor'",
        ),
        (
            MEMBERS,
            "https://brink.example.org",
            "javascript:alert(1)",
            f"{MEMBERS}:28: url is no web address: 'javascript:alert(1)'",
        ),
        (
            MEMBERS,
            "https://brink.example.org",
            "javascript://%0Aalert(1)",
            f"{MEMBERS}:28: url is no web address: 'javascript://%0Aalert(1)'",
        ),
        (OFFICES, "    city: Hill\n", "", f"{OFFICES}:1: offices: city is missing"),
        (
            OFFICES,
            "A000901-hill",
            "A000901-seaton",
            f"{OFFICES}:1: offices: office A000901-seaton stands at {OFFICES}:1 already",
        ),
        (OFFICES, "bioguide: B000902", "name: x", f"{OFFICES}:19: offices: bioguide is missing"),
        (
            COMMITTEES,
            "type: senate",
            "type: other",
            f"{COMMITTEES}:7: type is house, senate or joint, not 'other'",
        ),
        (
            COMMITTEES,
            "thomas_id: SSXX",
            "thomas_id: HSXX",
            f"{COMMITTEES}:7: thomas_id HSXX stands at {COMMITTEES}:1 already",
        ),
        (
            ON_COMMITTEES,
            "SSXX:",
            "NOXX:",
            f"{ON_COMMITTEES}:10: there is no committee 'NOXX' in {COMMITTEES}",
        ),
        (
            ON_COMMITTEES,
            "SSXX:\n",
            "SSXX:\n- Bo Brink\n",
            f"{ON_COMMITTEES}:10: a member of SSXX must be a mapping of fields, not 'Bo Brink'",
        ),
        (ON_COMMITTEES, "SSXX:", "HSXX:", f"{ON_COMMITTEES}:10: the key 'HSXX' stands twice"),
    ],
)
def test_a_bad_value_is_named_and_nothing_is_written(congress, file, old, new, listed):
    congress.edit(file, old, new)
    message, lines = refused("import_legislators", "us-congress", congress.path)
    assert listed in lines
    assert "nothing was imported" in message
    assert nothing_was_written()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "    first: Bo\n",
            "\tfirst: Bo\n",
            ":31: not valid YAML: found character that cannot start any token",
        ),
        ("    first: Bo\n", "    first: 'Bo\n", "not valid YAML"),
        (
            "    first: Bo\n",
            "    first: &a [x]\n    other: *a\n",
            ":32: not valid YAML: aliases are not allowed here",
        ),
        (
            "    first: Bo\n",
            "    first: !!python/object:os.system Bo\n",
            ":31: not valid YAML: tags are not allowed here",
        ),
        ("    first: Bo\n", f"    first: {'[' * 50}\n", ":31: not valid YAML: nested deeper than 20 levels"),
        (
            "    first: Bo\n",
            f"    first: {'[' * 500_000}\n",
            ":31: not valid YAML: nested deeper than 20 levels",
        ),
        (
            "    first: Bo\n",
            "    first: Bo\n    first: Ba\n",
            ":32: not valid YAML: the key 'first' stands twice",
        ),
        (
            "    first: Bo\n",
            "    first: Bo\n    ? [a]\n    : b\n",
            ":32: not valid YAML: a key must be a text",
        ),
    ],
)
def test_yaml_that_does_harm_is_named_by_its_line(congress, old, new, problem):
    congress.edit(MEMBERS, old, new)
    _, lines = refused("import_legislators", "us-congress", congress.path)
    assert any(line.startswith(MEMBERS) and problem in line for line in lines), lines
    assert nothing_was_written()


def test_a_file_cut_off_in_the_middle_of_a_member_is_refused(congress):
    text = (congress.path / MEMBERS).read_text()
    (congress.path / MEMBERS).write_text(text[: text.index("start: '2023-01-03'\n    end: '2029") + 9])
    _, lines = refused("import_legislators", "us-congress", congress.path)
    assert lines
    assert nothing_was_written()


@pytest.mark.parametrize("text", ["a: 1\n", "just words\n", "3\n"])
def test_a_file_of_another_shape_is_refused(congress, text):
    (congress.path / MEMBERS).write_text(text)
    message, lines = refused("import_legislators", "us-congress", congress.path)
    assert any("must be a list of items" in line for line in lines), (message, lines)
    (congress.path / ON_COMMITTEES).write_text("- a\n")
    assert any(
        "must be a mapping" in line for line in refused("import_legislators", "us-congress", congress.path)[1]
    )


def test_an_empty_file_ends_nobody(congress):
    run("import_legislators", "us-congress", congress.path)
    (congress.path / MEMBERS).write_text("")
    assert "names nobody in office" in refused("import_legislators", "us-congress", congress.path)[0]
    assert not Membership.objects.filter(end_on__isnull=False).exists()


def test_a_file_that_is_no_text_is_refused_by_line(congress):
    (congress.path / MEMBERS).write_bytes(b"- id:\n    bioguide: \xff\n")
    assert "not text in UTF-8" in refused("import_legislators", "us-congress", congress.path)[0]


def test_one_endless_item_does_not_fill_the_memory(congress):
    (congress.path / MEMBERS).write_text("- id: " + "x" * 2_100_000)
    assert "one item is larger than" in refused("import_legislators", "us-congress", congress.path)[0]


def test_all_bad_rows_of_all_files_are_listed_at_once(congress):
    congress.edit(MEMBERS, "    last: Brink\n", "")
    congress.edit(MEMBERS, "state: GU", "state: QQ")
    congress.edit(OFFICES, "    city: Hill\n", "")
    message, lines = refused("import_legislators", "us-congress", congress.path)
    assert len(lines) == 3
    assert message.startswith("3 bad rows")


def test_bad_rows_may_be_left_out_and_then_nobody_is_ended(congress):
    run("import_legislators", "us-congress", congress.path)
    congress.edit(MEMBERS, "state: WA\n    class: 1", "state: QQ\n    class: 1")
    summary = run("import_legislators", "us-congress", congress.path, "--skip-bad")
    assert (summary["bad_rows"], summary["people"], changes(summary)) == (1, 6, (0, 0, 0))
    assert not ContactPoint.objects.filter(health="retired").exists()


def test_a_successor_still_takes_the_seat_when_bad_rows_are_left_out(congress):
    run("import_legislators", "us-congress", congress.path)
    congress.edit(MEMBERS, "state: GU", "state: QQ")
    congress.edit(MEMBERS, "bioguide: B000902", "bioguide: H000908")
    run("import_legislators", "us-congress", congress.path, "--skip-bad")
    assert Post.objects.get(seat="class 1").memberships.filter(end_on__isnull=True).count() == 1


def test_a_newcomer_does_not_push_out_a_member_whose_row_is_bad(states):
    run("import_legislators", "openstates", states.path / "vt")
    states.edit("vt/legislature/hollis-ada.yml", "name: Ada Hollis", "name: ''")
    text = (states.path / "vt/legislature/iversen-bram.yml").read_text()
    newcomer = text.replace("202bbbbb", "207ggggg").replace("Bram Iversen", "Gil Newcomer")
    (states.path / "vt/legislature/newcomer.yml").write_text(newcomer)
    run("import_legislators", "openstates", states.path / "vt", "--skip-bad")
    here = Membership.objects.filter(post__division__ocd_id__endswith="sldl:lake-1", end_on__isnull=True)
    assert here.count() == 3
    assert here.filter(legislator__name="Ada Hollis").exists()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("name: Ada Hollis", "name: ''", "1: name is missing"),
        (
            "id: ocd-person/201aaaaa",
            "id: ocd-person/202bbbbb",
            "1: id ocd-person/202bbbbb stands in vt/legislature/hollis-ada.yml:1 already",
        ),
        (
            "start_date: 2025-01-08",
            "start_date: 2025-99-08",
            "1: roles[1].start_date: '2025-99-08' is not a date like 2025-01-03",
        ),
        ("hollis-ada@statehouse.example", "hollis ada", "1: email is no mail address: 'hollis ada'"),
        (
            "hollis-ada@statehouse.example",
            '"a@b.example\\nBcc: c@d.example"',
            "1: email is no mail address: 'a@b.example Bcc: c@d.example'",
        ),
        ("name: Ada Hollis", "name: [", "not valid YAML"),
        ("name: Ada Hollis", "name: Ada\n---\nname: Hollis", "a second document begins here"),
    ],
)
def test_a_bad_state_file_is_named_with_its_folder(states, old, new, problem):
    states.edit("vt/legislature/hollis-ada.yml", old, new)
    _, lines = refused("import_legislators", "openstates", states.path)
    assert any(line.startswith("vt/legislature/") and problem in line for line in lines), lines
    assert nothing_was_written()


def test_a_bad_state_keeps_the_good_ones_out_too(states):
    states.edit("wy/legislature/lark-eli.yml", "name: Eli Lark", "name: ''")
    refused("import_legislators", "openstates", states.path)
    assert nothing_was_written()


def test_values_stay_the_text_that_was_written():
    assert load("a: no\nb: 012\nc: 2025-02-31\nd: ~\ne: '~'\nf: 1e3\n") == {
        "a": "no",
        "b": "012",
        "c": "2025-02-31",
        "d": None,
        "e": "~",
        "f": "1e3",
    }
    assert load("") is None
    with pytest.raises(BadYaml, match="aliases"):
        load("a: &x [1]\nb: [*x, *x]\n")


def test_values_fit_the_columns_they_go_to():
    def size(model, field):
        return model._meta.get_field(field).max_length

    assert size(Legislator, "name") >= values.NAME and size(Legislator, "family_name") >= values.PART
    assert size(Legislator, "website") >= values.URL and size(ContactPoint, "value") >= values.URL
    assert size(Membership, "party") >= values.PARTY and size(Membership, "role") >= values.ROLE
    assert size(Chamber, "name") >= values.LINE and size(Chamber, "code") >= values.KEY
    assert size(Identifier, "value") >= values.KEY and size(Office, "key") >= values.KEY
    assert size(Office, "name") >= values.NAME and size(Identifier, "scheme") >= values.SHORT // 2
