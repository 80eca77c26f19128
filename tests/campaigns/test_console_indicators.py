"""Local figures: from a file to a ranking, a map and a sentence; what is missing is said and never a zero."""

import csv
import io
import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from contacts.models import AuditEntry
from policy.indicator_map import short_codes
from policy.models import Indicator, IndicatorValue
from tests import factories as make
from tests.campaigns.console import Desk, told, words

pytestmark = pytest.mark.django_db

HEAD = "division,period,value,unit,source,source_url\n"
COUNTIES = "ocd-division/country:zz/region:north/county:"


@pytest.fixture
def desk(client):
    return Desk(client)


@pytest.fixture
def region():
    return make.DivisionFactory(ocd_id="ocd-division/country:zz/region:north", name="Northland")


@pytest.fixture
def counties(region):
    return [
        make.DivisionFactory(ocd_id=f"{COUNTIES}{name.lower()}", name=name, parent=region)
        for name in ("Alder", "Birch", "Cedar", "Dogwood")
    ]


@pytest.fixture
def indicator(desk, counties):
    return make.IndicatorFactory(
        organization=desk.organization,
        key="waiting",
        name="Days of waiting",
        target=28,
        target_source="Care plan",
    )


def lines(*rows):
    return HEAD + "".join(f"{row}\n" for row in rows)


def row(county, value, period="2025", unit="days", source="Survey", url=""):
    return f"{COUNTIES}{county},{period},{value},{unit},{source},{url}"


def upload(desk, indicator, content, **more):
    data = content if isinstance(content, bytes) else content.encode()
    return desk.post("figures-import", indicator.pk, file=SimpleUploadedFile("figures.csv", data), **more)


def filled(desk, indicator):
    upload(
        desk,
        indicator,
        lines(
            row("alder", "41", url="https://survey.example.org/2025"),
            row("birch", "28"),
            row("cedar", ""),
            row("alder", "43.5", "2024"),
            row("birch", "20", "2024"),
        ),
    )


def test_an_indicator_is_added_and_a_target_needs_its_source(desk):
    data = {"name": "Days of waiting", "unit": "days", "better": "lower", "target": "28"}
    without = desk.post("indicator-new", **data)
    assert without.status_code == 422 and "A target is a figure too" in words(without)
    answer = desk.post("indicator-new", target_source="Care plan 2030", **data)
    indicator = Indicator.objects.get()
    assert answer.url == desk.url("indicator", indicator.pk) and indicator.key == "days-of-waiting"
    assert "No figures yet" in desk.read("indicator", indicator.pk)
    again = desk.post("indicator-new", target_source="x", **data)
    assert again.status_code == 422 and "You have an indicator with this name already." in words(again)


def test_no_figure_without_a_source_gets_into_the_database(indicator, counties):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.IndicatorValueFactory(indicator=indicator, division=counties[0], source="")
    with pytest.raises(IntegrityError), transaction.atomic():
        make.IndicatorFactory(target=3, target_source="")


def test_a_file_is_tried_imported_and_imported_again(desk, indicator):
    content = lines(row("alder", "41"), row("birch", "28"))
    page = words(upload(desk, indicator, content, **{"try": "1"}))
    assert "Nothing is changed yet." in page and "2 new, 0 changed, 0 the same" in page
    assert "+ Alder, 2025: 41" in page
    assert not IndicatorValue.objects.exists()
    assert not AuditEntry.objects.filter(verb="import figures").exists()
    assert "2 new, 0 changed, 0 the same" in told(upload(desk, indicator, content))
    assert "0 new, 0 changed, 2 the same" in told(upload(desk, indicator, content))
    page = words(upload(desk, indicator, lines(row("alder", "40.5")), **{"try": "1"}))
    assert "~ Alder, 2025: 40.5 (was 41)" in page
    upload(desk, indicator, lines(row("alder", "40.5")))
    assert [v.value for v in IndicatorValue.objects.order_by("division__name")] == [
        Decimal("40.5"),
        Decimal(28),
    ]
    assert AuditEntry.objects.filter(verb="import figures").count() == 3


BAD = {
    row("nowhere", "41"): "division: there is no place",
    row("alder", "forty"): "value: 'forty' is not a number",
    row("alder", "1,5").replace("1,5", '"1,5"'): "value: '1,5' is not a number",
    row("alder", "NaN"): "value: 'NaN' is not a number",
    row("alder", "1e99"): "value: '1e99' is not a number",
    row("alder", "41", "25"): "period: '25' is not like 2024, 2024-Q3 or 2024-07",
    row("alder", "41", "2025-13"): "period: '2025-13'",
    row("alder", "41", unit="weeks"): "unit: 'weeks', but waiting is counted in 'days'",
    row("alder", "41", source=""): "source is missing",
    row("alder", "41", url="javascript:alert(1)"): "source_url is no web address",
    row("alder", "41") + ",more": "7 fields instead of 6",
    row("birch", "3"): "division and period: the same as in line 2",
}


def test_every_bad_row_is_listed_with_its_line_and_nothing_is_stored(desk, indicator):
    answer = upload(desk, indicator, lines(row("birch", "28"), *BAD))
    page = words(answer)
    assert answer.status_code == 422 and f"{len(BAD)} rows can’t be used, so nothing was imported." in page
    for line, problem in enumerate(BAD.values(), start=3):
        assert f"figures.csv:{line} {problem}" in page, problem
    assert not IndicatorValue.objects.exists()


def test_bad_rows_can_be_left_out(desk, indicator):
    page = words(upload(desk, indicator, lines(row("birch", "28"), row("nowhere", "1")), skip_bad="on"))
    assert "1 row was left out" in page and "1 new" in page
    assert IndicatorValue.objects.get().value == 28


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "figures.csv"),
        (b"division,period,value\n", "missing: unit, source"),
        (HEAD.replace("source_url", "colour").encode(), "there is no column 'colour'"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (HEAD.encode(), "has no rows"),
        (HEAD.encode() + b'"x', "not valid CSV"),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(desk, indicator, content, problem):
    answer = upload(desk, indicator, content)
    assert answer.status_code == 422
    assert problem in words(answer) or "empty" in words(answer)


def test_places_may_be_named_where_one_place_has_the_name(desk, indicator, region):
    make.DivisionFactory(name="Birch", country="zz")
    page = words(upload(desk, indicator, HEAD + "Alder,2025,1,days,Survey,\nBirch,2025,2,days,Survey,\n"))
    assert "2 places are called 'Birch'" in page and "figures.csv:2" not in page


def test_the_command_does_the_same(desk, indicator, tmp_path, capsys):
    file = tmp_path / "figures.csv"
    file.write_text(lines(row("alder", "41"), row("cedar", "")), encoding="utf-8-sig")
    slug = desk.organization.slug

    def run(*options):
        call_command("import_indicators", slug, "waiting", str(file), "--json", *options)
        return json.loads(capsys.readouterr().out.splitlines()[-1])

    assert run("--dry-run")["created"] == 2 and not IndicatorValue.objects.exists()
    first = run()
    assert (first["values"], first["without_figure"], first["periods"]) == (1, 1, 1)
    assert (run()["created"], run()["updated"]) == (0, 0)
    file.write_text(lines(row("nowhere", "41")))
    with pytest.raises(CommandError, match="1 bad row; nothing was imported"):
        call_command("import_indicators", slug, "waiting", str(file))
    assert "figures.csv:2: division: there is no place" in capsys.readouterr().err
    with pytest.raises(CommandError, match="has no indicator zebra"):
        call_command("import_indicators", slug, "zebra", str(file))


def test_places_are_ranked_and_the_missing_ones_are_said_to_be_missing(desk, indicator):
    filled(desk, indicator)
    page = desk.read("indicator", indicator.pk)
    assert "In 2025, 1 of 2 places misses the target of 28 days. 2 places have no figure." in page
    assert "Birch 1 28 days 0 +8 Survey" in page
    assert "Alder 2 41 days 13 -2.5 Survey" in page
    assert "Cedar – no figure – – Survey" in page
    assert "Dogwood – no figure – – –" in page  # never in a file, but beside the others
    assert "In 2024" in desk.read("indicator", indicator.pk, period="2024")
    assert desk.get("indicator", indicator.pk, period="zebra", within="zebra").status_code == 200


def test_where_more_is_better_the_highest_ranks_first(desk, indicator):
    Indicator.objects.update(better="higher", target=40)
    filled(desk, indicator)
    page = desk.read("indicator", indicator.pk)
    assert "Alder 1 41 days -1" in page and "Birch 2 28 days 12" in page


def test_the_table_can_be_downloaded_with_empty_cells_for_what_is_missing(desk, indicator):
    filled(desk, indicator)
    IndicatorValue.objects.update(source="=1+1")
    answer = desk.get("indicator", indicator.pk, format="csv")
    rows = {row["place"]: row for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))}
    assert rows["Alder"]["value"] == "41.0" and rows["Cedar"]["value"] == "" and rows["Dogwood"]["rank"] == ""
    assert rows["Alder"]["change since 2024"] == "-2.5"  # a number, not a formula
    assert rows["Alder"]["source"] == "'=1+1"


def test_what_it_means_here_is_one_sentence_with_its_source(desk, indicator, counties, region):
    filled(desk, indicator)
    page = desk.read("local-figures", counties[0].pk)
    assert (
        "Alder: 41 days in 2025, 13 above the target of 28 days, rank 2 of 2, where 1 is best, "
        "2.5 less than in 2024. Source: Survey" in page
    )
    assert "There is no figure for Cedar in 2025." in desk.read("local-figures", counties[2].pk)
    make.IndicatorValueFactory(indicator=indicator, division=region, value=33)
    assert "Dogwood has no figure of its own. Northland: 33 days in 2025" in desk.read(
        "local-figures", counties[3].pk
    )


def test_a_legislators_page_leads_to_their_places_figures(desk, counties):
    seat = make.MembershipFactory(post__division=counties[0])
    page = desk.get("legislator", seat.legislator_id).content.decode()
    assert desk.url("local-figures", counties[0].pk) in page


def test_the_states_lie_as_on_a_map_and_others_in_rows(desk, indicator):
    state = make.DivisionFactory(ocd_id="ocd-division/country:us/state:vt", name="Vermont", country="us")
    make.IndicatorValueFactory(indicator=indicator, division=state)
    page = desk.get("indicator", indicator.pk).content.decode()
    assert 'role="img"' in page and ">VT<" in page


def test_the_unit_of_a_series_with_figures_stays(desk, indicator):
    filled(desk, indicator)
    data = {"name": "Days", "unit": "weeks", "better": "lower", "target": "4", "target_source": "x"}
    answer = desk.post("indicator-edit", indicator.pk, **data)
    assert answer.status_code == 422 and "It has figures in the old unit." in words(answer)


def test_another_organisations_figures_do_not_show(desk, counties):
    make.IndicatorValueFactory(division=counties[0], indicator__name="Theirs")
    assert "Theirs" not in desk.read("indicator-list")
    assert "Theirs" not in desk.read("local-figures", counties[0].pk)


@pytest.mark.parametrize("name", ["indicator", "local-figures"])
def test_many_places_ask_as_much_as_few(desk, indicator, counties, region, name):
    def grow(n):
        for _ in range(n):
            place = make.DivisionFactory(
                ocd_id=f"{COUNTIES}{name}{IndicatorValue.objects.count()}", parent=region
            )
            for period in ("2024", "2025"):
                make.IndicatorValueFactory(indicator=indicator, division=place, period=period)
            make.IndicatorValueFactory(indicator__organization=desk.organization, division=counties[0])

    pk = indicator.pk if name == "indicator" else counties[0].pk
    grow(2)
    desk.get(name, pk)
    with CaptureQueriesContext(connection) as few:
        desk.get(name, pk)
    grow(18)
    with CaptureQueriesContext(connection) as many:
        desk.get(name, pk)
    assert len(few) == len(many), [q["sql"] for q in many]


def test_no_two_tiles_share_a_code_so_that_no_place_is_lost():
    names = ["long-name-one", "long-name-two", "long2", "long3", "x"]
    places = [make.DivisionFactory(ocd_id=f"{COUNTIES}{name}") for name in names]
    codes = short_codes(places)
    assert len(set(codes.values())) == len(places)
    assert codes[places[-1].pk] == "X"
