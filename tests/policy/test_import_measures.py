"""Measures out of files: Open States' bills in both published forms, and a table of our own."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from contacts.models import Jurisdiction
from policy.actions.measures import save_measure, strike_event
from policy.models import Measure, MeasureEvent, MeasurePosition, RelatedMeasure, Sponsorship, status_of
from tests import factories as make

pytestmark = pytest.mark.django_db
API = Path(__file__).parents[1] / "data/measures/api.json"
PLACE = "ocd-jurisdiction/country:zz/region:x/government"


@pytest.fixture
def issue():
    make.JurisdictionFactory(ocd_id=PLACE, name="Assembly of X")
    return make.IssueFactory(slug="care", organization__slug="harbour")


def run(source, path, *options, **more):
    """The summary of a run."""
    out = io.StringIO()
    call_command(
        "import_measures", source, str(path), "--organization=harbour", "--json", *options, stdout=out, **more
    )
    return json.loads(out.getvalue().splitlines()[-1]) | {"text": out.getvalue()}


def refused(source, path, *options):
    """Why a file was refused, with the list of its bad rows."""
    err = io.StringIO()
    with pytest.raises(CommandError) as fault:
        call_command("import_measures", source, str(path), "--organization=harbour", *options, stderr=err)
    assert not Measure.objects.exists()
    return f"{err.getvalue()}{fault.value}"


def changes(summary):
    return summary["created"], summary["updated"]


def test_bills_of_the_api_become_measures_with_their_history(issue):
    committee = make.ChamberFactory(
        jurisdiction=issue.measures.model.jurisdiction.field.related_model.objects.get(),
        kind="committee",
        name="Committee on Health",
    )
    person = make.LegislatorFactory()
    person.identifiers.create(scheme="openstates", value="ocd-person/11111111-1111-4111-8111-111111111111")
    first = run("openstates", API, "--issue=care")
    assert (first["measures"], first["milestones"], first["sponsors"], first["related"]) == (2, 3, 2, 1)
    bill = Measure.objects.get(identifier="HB 7")
    assert (bill.session, bill.kind, bill.position) == ("2027", "bill", "watch")
    assert bill.url == "https://assembly.example/hb7" and bill.summary == "A right to an appointment."
    assert Measure.objects.get(identifier="SB 3").kind == "motion"
    events = list(bill.events.all())
    assert [(event.kind, event.on) for event in events] == [
        ("introduced", date(2027, 1, 12)),
        ("referred", date(2027, 1, 13)),
        ("passed_chamber", date(2027, 2, 20)),
    ]
    assert events[1].chamber == committee
    assert {event.source_url for event in events} == {"https://assembly.example/hb7"}
    assert status_of(events, date(2027, 3, 1)).kind == "passed_chamber"
    sponsors = {row.name: (row.legislator, row.kind) for row in Sponsorship.objects.all()}
    assert sponsors == {"Benari": (person, "primary"), "Raman": (None, "cosponsor")}
    assert RelatedMeasure.objects.get().kind == "companion"


def test_a_second_run_changes_nothing_and_a_dry_run_never_does(issue):
    dry = run("openstates", API, "--issue=care", "--dry-run")
    assert not Measure.objects.exists() and changes(dry)[0] == 8
    assert "+ HB 7 (2027): Care within four weeks" in dry["text"]
    assert changes(run("openstates", API, "--issue=care")) == changes(dry)
    rows = [MeasureEvent, Measure, Sponsorship, MeasurePosition]
    before = [model.objects.count() for model in rows]
    assert changes(run("openstates", API, "--issue=care")) == (0, 0)
    assert [model.objects.count() for model in rows] == before


def test_what_people_wrote_and_struck_stays(issue):
    run("openstates", API, "--issue=care")
    bill = Measure.objects.get(identifier="HB 7")
    bill.summary, bill.position = "In our own words", "support"
    save_measure(measure=bill, actor=None)
    wrong = bill.events.get(kind="passed_chamber")
    strike_event(wrong=wrong, reason="It was lost", source_url="https://assembly.example/journal", actor=None)
    assert changes(run("openstates", API)) == (0, 0)
    bill.refresh_from_db()
    assert (bill.summary, bill.position) == ("In our own words", "support")
    assert bill.events.standing().last().kind == "referred"


def test_only_chosen_numbers_or_only_what_is_followed(issue):
    assert run("openstates", API, "--issue=care", "--only=hb 7")["left_out"] == 1
    again = run("openstates", API, "--known-only")
    assert (again["measures"], again["left_out"]) == (1, 1)


def bulk(**changes):
    """A bill in the form of the bulk downloads."""
    return {
        "id": "ocd-bill/3",
        "legislative_session": "2027",
        "jurisdiction_name": "Assembly of X",
        "identifier": "HB 9",
        "title": "Beds in every district",
        "chamber": "lower",
        "classification": ["bill"],
        "abstracts": [],
        "sponsors": [{"name": "Oakes", "primary": True, "classification": "primary"}],
        "actions": [
            {
                "organization__name": "House",
                "description": "Vetoed",
                "date": "2027-03-01",
                "classification": ["executive-veto"],
                "order": 1,
            }
        ],
        "related_bills": [],
        "sources": [{"url": "https://assembly.example/hb9"}],
        "votes": [],
        "raw_text": "Long",
        **changes,
    }


def test_a_zip_of_the_bulk_downloads_is_read_too(issue, tmp_path):
    file = tmp_path / "zz_2027.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("README", "Open States Data Export")
        archive.writestr("zz/2027/zz_2027_bills.json", json.dumps([bulk(), bulk(identifier="HB 10")]))
    assert run("openstates", file, "--issue=care")["measures"] == 2
    assert MeasureEvent.objects.filter(kind="vetoed").count() == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": ""}, "title is missing"),
        ({"title": 7}, "title must be a text"),
        ({"identifier": "x" * 99}, "identifier has 99 characters"),
        ({"sources": [{"url": "javascript:alert(1)"}]}, "url is no web address"),
        ({"sources": []}, "sources: without one its actions have no source"),
        ({"jurisdiction_name": "Atlantis"}, "jurisdiction: Atlantis is not known here"),
        (
            {"actions": [{"date": "soon", "classification": ["passage"]}]},
            "actions[0].date: 'soon' is not a date",
        ),
        ({"actions": {"a": 1}}, "actions must be a list"),
        ({"sponsors": [{"name": ""}]}, "name is missing"),
    ],
)
def test_bad_rows_are_listed_with_line_and_field_and_nothing_is_imported(issue, tmp_path, changed, said):
    file = tmp_path / "bills.json"
    file.write_text(
        "[\n" + ",\n".join([json.dumps(bulk(identifier="HB 1")), json.dumps(bulk(**changed))]) + "]"
    )
    told = refused("openstates", file, "--issue=care")
    assert "bills.json:3: " in told and said in told and "1 bad row; nothing was imported" in told
    assert run("openstates", file, "--issue=care", "--skip-bad")["measures"] == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{'a': 1}", "not valid JSON"),
        (b"[" + b"[" * 100_000, "JSON"),
        (b"[{}", "ends in the middle"),
        (b"\xff\xfe", "not text in UTF-8"),
        (b"PK\x03\x04broken", "archive can't be read"),
        (b'["' + b"x" * 9_000_000, "more than 4,000,000 characters"),
    ],
)
def test_a_broken_or_hostile_file_is_refused(issue, tmp_path, content, said):
    file = tmp_path / "bills.json"
    file.write_bytes(content)
    told = refused("openstates", file, "--issue=care")
    assert said in told or "nested too deeply" in told


def test_a_zip_that_unpacks_to_far_more_is_refused(issue, tmp_path, monkeypatch):
    monkeypatch.setattr("policy.management.commands.import_measures.MOST_BYTES", 100_000)
    file = tmp_path / "bomb.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", " " * 10_000_000)
    assert file.stat().st_size < 100_000
    assert "larger than this import takes" in refused("openstates", file, "--issue=care")


def table(*lines):
    return "\n".join(
        [
            "jurisdiction,number,title,session,kind,position,position_since,reasons,milestone,milestone_date,milestone_source,issue",
            *lines,
        ]
    )


def test_a_table_is_read_and_a_second_run_changes_nothing(issue, tmp_path):
    file = tmp_path / "measures.csv"
    file.write_text(
        table(
            f"{PLACE},BL 4,Quiet rooms,,bylaw,support,2026-03-01,Cheap,drafted,2026-01-05,https://town.example/a,care",
            f"{PLACE},BL 4,Quiet rooms,,,,,,adopted,2026-02-05,https://town.example/b,",
            "Assembly of X,Line 21,Training posts,2027,budget_line,,,,,,,care",
        )
    )
    assert changes(run("csv", file)) == (4, 0)
    bylaw = Measure.objects.get(identifier="BL 4")
    assert (bylaw.kind, bylaw.position, bylaw.events.count()) == ("bylaw", "support", 2)
    assert MeasurePosition.objects.get(measure=bylaw).on == date(2026, 3, 1)
    assert Measure.objects.get(identifier="Line 21").position == "watch"
    assert changes(run("csv", file)) == (0, 0)
    file.write_text(file.read_text().replace("support", "oppose"))
    assert changes(run("csv", file)) == (0, 1)
    assert MeasurePosition.objects.filter(measure=bylaw).count() == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{PLACE},,T,,,,,,,,,care", "number is missing"),
        (f"{PLACE},B 1,T,,lawlike,,,,,,,care", "kind: 'lawlike' is none of bill"),
        (f"{PLACE},B 1,T,,,love,,,,,,care", "position: 'love' is none of"),
        (f"{PLACE},B 1,T,,,,,,passed,2026-99-01,https://a.example/,care", "milestone_date: '2026-99-01'"),
        (f"{PLACE},B 1,T,,,,,,passed,2026-01-01,,care", "milestone_source is missing"),
        (f"{PLACE},B 1,T,,,,,,struck,2026-01-01,https://a.example/,care", "milestone: 'struck' is none of"),
        (f"{PLACE},B 1,T,,,,,,,,,", "issue is missing"),
        (f"{PLACE},B 1,T,,,,,,,,,peace", "issue: there is none called peace"),
        (f"{PLACE},B 1", "more or fewer cells"),
        (f"{PLACE},B 0,Other,,,,,,,,,care", "title differs from that in measures.csv:2"),
    ],
)
def test_bad_lines_of_a_table_are_listed_with_line_and_column(issue, tmp_path, line, said):
    file = tmp_path / "measures.csv"
    file.write_text(table(f"{PLACE},B 0,T,,,,,,,,,care", line))
    told = refused("csv", file)
    assert "measures.csv:3: " in told and said in told


def test_one_measure_under_two_names_of_its_jurisdiction_is_told(issue, tmp_path):
    file = tmp_path / "measures.csv"
    named = Jurisdiction.objects.get(ocd_id=PLACE).name
    file.write_text(table(f"{PLACE},B 1,T,,,,,,,,,care", f"{named},B 1,T,,,,,,,,,care"))
    told = refused("csv", file)
    assert "measures.csv:3: number: B 1 stands in measures.csv:2 already" in told


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("number,title\n", "the columns jurisdiction are missing"),
        ("jurisdiction,number,title,mood\n", "'mood' is no column we know"),
        ("", "are missing"),
        ("jurisdiction,number,title,title\n", "stands twice"),
        ('jurisdiction,number,title\n"a,b', "not a table"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(issue, tmp_path, content, said):
    file = tmp_path / "measures.csv"
    file.write_text(content)
    assert said in refused("csv", file)


def test_another_organisations_measures_are_not_touched(issue):
    other = make.MeasureFactory(
        jurisdiction=make.JurisdictionFactory(), identifier="HB 7", session="2027", title="Theirs"
    )
    run("openstates", API, "--issue=care")
    other.refresh_from_db()
    assert other.title == "Theirs" and not other.events.exists()
