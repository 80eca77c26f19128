"""What is wrong with something that is typed or uploaded for tracking is said beside it, and nothing half is kept."""

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from policy.models import IndicatorValue, Issue, Measure, MeasureImport
from tests import factories as make
from tests.campaigns.console import Desk, words
from tests.campaigns.test_console_indicators import HEAD, row, upload

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
PLACE = "ocd-division/country:zz/region:north/county:"


@pytest.fixture
def desk(client):
    return Desk(client)


@pytest.fixture
def indicator(desk):
    for name in ("alder", "birch"):
        make.DivisionFactory(ocd_id=f"{PLACE}{name}", name=name.title())
    return make.IndicatorFactory(
        organization=desk.organization, key="waiting", target=28, target_source="Plan"
    )


def choose(desk, data, name="measures.csv", source="csv"):
    file = SimpleUploadedFile(name, data if isinstance(data, bytes) else data.encode())
    return desk.post("measure-import", source=source, file=file)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [row("alder", "41"), row("nowhere", "3")],
            f"figures.csv:3 division: there is no place '{PLACE}nowhere'",
        ),
        ([row("alder", "41"), row("birch", "3", source="")], "figures.csv:3 source is missing"),
        ([row("alder", "41"), row("birch", "many")], "figures.csv:3 value: 'many' is not a number"),
        ([row("alder", "41"), row("birch", "3", unit="weeks")], "figures.csv:3 unit: 'weeks'"),
        (
            [row("alder", "41"), row("birch", "3", url="javascript:alert(1)")],
            "figures.csv:3 source_url is no web address",
        ),
        (
            [row("alder", "41"), row("birch", "3", source="x" * 300)],
            "figures.csv:3 source has 300 characters",
        ),
    ],
)
def test_one_bad_figure_stops_the_file_and_is_named_with_its_line_and_field(desk, indicator, rows, said):
    answer = upload(desk, indicator, HEAD + "\n".join(rows))
    assert answer.status_code == 422 and said in words(answer), words(answer)
    assert not IndicatorValue.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"x" * 10_000_001, "figures.csv is larger than 10 MB."),
        (
            (HEAD + row("alder", "41", source="Enqu\u00eate")).encode("latin-1"),
            "figures.csv:2: not text in UTF-8.",
        ),
        ((HEAD + row("alder", "41")).encode("utf-16"), "figures.csv:1: not text in UTF-8."),
        (b"\x00" * 100, "figures.csv"),
        (b"PK\x03\x04 a spreadsheet \xff", "figures.csv:1: not text in UTF-8."),
        ((HEAD + '"' + "x" * 200_000).encode(), "figures.csv"),
        (b"", "empty"),
    ],
)
def test_a_file_that_is_no_table_of_figures_is_refused_whole(desk, indicator, data, said):
    answer = upload(desk, indicator, data)
    assert answer.status_code == 422 and said in words(answer), words(answer)
    assert not IndicatorValue.objects.exists()


@pytest.mark.parametrize(
    ("data", "source", "said"),
    [
        ('[{"id": "ocd-bill/1", "identifier": "HB 1"', "openstates", "not valid JSON"),
        ('{"results": [{"identifier": "HB 1"}]} {', "openstates", "not valid JSON"),
        ("[" * 50_000, "openstates", "nested too deeply"),
        ("jurisdiction,number,title\nNorthland,HB 1,T\u00eate".encode("latin-1"), "csv", "UTF-8"),
        ("jurisdiction,number,title\n".encode("utf-16"), "csv", ""),
        (b"\x00\x01\x02", "csv", ""),
        (b"\xff" * 1000, "openstates", "UTF-8"),
    ],
)
def test_a_broken_file_of_measures_is_refused_with_where(desk, data, source, said):
    answer = choose(desk, data, "measures.json" if source == "openstates" else "measures.csv", source)
    assert answer.status_code == 422 and said in words(answer), words(answer)
    assert not MeasureImport.objects.exists() and not Measure.objects.exists()


def test_markup_in_figures_evidence_and_titles_is_shown_as_the_text_it_is(desk, indicator):
    upload(desk, indicator, HEAD + row("alder", "41", source=SCRIPT))
    issue = make.IssueFactory(organization=desk.organization, title=SCRIPT, summary=SCRIPT)
    measure = make.MeasureFactory(
        issue=issue, title=SCRIPT, reasons=SCRIPT, summary=f"{SCRIPT}\n\n<img src=x onerror=hit>"
    )
    make.EvidenceFactory(issue=issue, claim=SCRIPT, unit="<b>", source_title=SCRIPT)
    make.MeasureDateFactory(measure=measure, place=SCRIPT)
    make.StanceFactory(measure=measure, evidence=SCRIPT)
    pages = [
        ("indicator", indicator.pk),
        ("issue", issue.pk),
        ("measure", measure.pk),
        ("issue-list",),
        ("measure-list",),
        ("evidence-list",),
        ("agenda",),
    ]
    for name, *ids in pages:
        page = desk.get(name, *ids)
        assert page.status_code == 200
        text = page.content.decode()
        assert "<script>alert" not in text and "<img src=x" not in text and "<b>" not in text, name


@pytest.mark.parametrize("field", ["body", "summary"])
def test_ten_megabytes_of_words_are_refused_by_a_page_that_says_how_much_fits(desk, field):
    fields = {"title": "Waiting", "summary": "Too long", "body": ""}
    answer = desk.post("issue-new", **{**fields, field: "word " * 2_000_000})
    assert answer.status_code == 413
    page = words(answer)
    assert "holds more text than a form takes, which is 1.0" in page and "Nothing was saved" in page
    assert not Issue.objects.exists()


@pytest.mark.parametrize("text", ["\x00", "a\x00b"])
def test_characters_that_no_database_stores_are_refused_beside_their_field(desk, text):
    answer = desk.client.post(
        desk.url("issue-new"),
        f"title=Waiting{''.join(f'%{b:02X}' for b in text.encode('utf-8', 'surrogatepass'))}&summary=x&body=",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 422 and "characters" in words(answer), (answer.status_code, words(answer))
    assert not Issue.objects.exists()


def test_a_hundred_thousand_figures_are_read_in_bounded_time_and_the_next_one_is_too_many(
    desk, indicator, tmp_path
):
    def table(n):
        lines = (f"{PLACE}alder,{1900 + i // 16 % 100}-Q{i % 4 + 1},{i},days,Survey {i},\n" for i in range(n))
        file = tmp_path / f"{n}.csv"
        file.write_text(HEAD + "".join(lines))
        return file

    begun = time.process_time()
    with pytest.raises(CommandError, match="bad rows; nothing was imported"):
        call_command("import_indicators", desk.organization.slug, indicator.key, table(100_000))
    assert time.process_time() - begun < 30
    with pytest.raises(CommandError, match="has more than 100,000 rows"):
        call_command("import_indicators", desk.organization.slug, indicator.key, table(100_001))
    assert not IndicatorValue.objects.exists()


def test_measures_are_imported_in_sets_however_many_there_are(desk, django_assert_max_num_queries):
    place = make.JurisdictionFactory(name="Northland")
    issue = make.IssueFactory(organization=desk.organization, slug="waiting")
    table = "jurisdiction,number,title,issue\n" + "".join(
        f"{place.ocd_id},HB {n},Care within {n} weeks,waiting\n" for n in range(1200)
    )
    choose(desk, table)
    plan = MeasureImport.objects.get()
    with django_assert_max_num_queries(100):
        desk.post("import-apply", plan.pk)
    assert issue.measures.count() == 1200
    choose(desk, table.replace("weeks", "days"))
    with django_assert_max_num_queries(100):
        desk.post("import-apply", MeasureImport.objects.latest("created_at").pk)
    assert issue.measures.filter(title__endswith="days").count() == 1200


def test_bad_rows_are_left_out_only_when_somebody_says_so(desk, indicator):
    upload(desk, indicator, HEAD + row("alder", "41") + "\n" + row("nowhere", "3"), skip_bad="on")
    assert [str(value.value) for value in IndicatorValue.objects.all()] == ["41.0000"]
