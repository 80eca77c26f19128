"""Importing measures in the console: choose a file, look, import."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.tasks import housekeeping
from contacts import clock
from contacts.models import AuditEntry
from policy.models import Measure, MeasureImport
from tests import factories as make
from tests.campaigns.console import Desk, told, words

pytestmark = pytest.mark.django_db
GOOD = "Assembly of X,HB 1,Care,introduced,2026-01-05,https://assembly.example/1"
BAD = "Assembly of X,HB 2,Beds,passed,soon,https://assembly.example/2"


@pytest.fixture
def desk(client):
    make.JurisdictionFactory(name="Assembly of X")
    return Desk(client)


def choose(desk, *lines, head="jurisdiction,number,title,milestone,milestone_date,milestone_source", **more):
    issue = make.IssueFactory(organization=desk.organization)
    file = SimpleUploadedFile("measures.csv", "\n".join([head, *lines]).encode())
    return desk.post("measure-import", file=file, source="csv", issue=issue.pk, only="", **more)


def test_a_file_is_looked_at_before_it_is_imported(desk):
    answer = choose(desk, GOOD)
    plan = MeasureImport.objects.get()
    assert answer.url == desk.url("import-preview", plan.pk) and not Measure.objects.exists()
    page = desk.read("import-preview", plan.pk)
    assert "+ HB 1: Care" in page and "+ HB 1: Introduced, 2026-01-05" in page and "1 measure" in page
    assert "Imported: 2 changes." in told(desk.post("import-apply", plan.pk))
    assert Measure.objects.get().organization == desk.organization
    assert AuditEntry.objects.filter(verb="import measures", actor=desk.user).count() == 1
    plan.refresh_from_db()
    assert plan.data is None and plan.applied_at
    desk.post("import-apply", plan.pk)
    assert Measure.objects.count() == 1
    choose(desk, GOOD)
    again = MeasureImport.objects.order_by("created_at").last()
    assert "everything in it is here already" in desk.read("import-preview", again.pk)


def test_bad_rows_are_listed_and_left_out_only_when_somebody_says_so(desk):
    choose(desk, GOOD, BAD)
    plan = MeasureImport.objects.get()
    page = desk.read("import-preview", plan.pk)
    assert "1 row can’t be used" in page and "measures.csv:3: milestone_date: 'soon' is not a date" in page
    assert "The file has bad rows" in told(desk.post("import-apply", plan.pk))
    assert not Measure.objects.exists()
    desk.post("import-apply", plan.pk, skip_bad="on")
    assert [measure.identifier for measure in Measure.objects.all()] == ["HB 1"]


@pytest.mark.parametrize(
    ("head", "said"),
    [("number,title", "jurisdiction are missing"), ("jurisdiction,number,title,<b>", "is no column we know")],
)
def test_a_file_that_is_no_table_is_refused_with_why(desk, head, said):
    answer = choose(desk, head=head)
    assert answer.status_code == 422 and said in words(answer) and not MeasureImport.objects.exists()


def test_a_huge_file_is_refused(desk):
    answer = choose(desk, "x" * 5_000_001)
    assert answer.status_code == 422 and "larger than 5 MB" in words(answer)


def test_markup_in_a_file_is_shown_as_text(desk):
    choose(desk, "Assembly of X,HB 1,<script>alert(1)</script>,,,")
    page = desk.get("import-preview", MeasureImport.objects.get().pk).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_a_file_that_nobody_imports_is_gone_after_a_day(desk):
    choose(desk, GOOD)
    clock.move(timedelta(days=2))
    housekeeping()
    plan = MeasureImport.objects.get()
    assert plan.data is None and "Choose it again" in desk.read("import-preview", plan.pk)
    assert "kept too long" in told(desk.post("import-apply", plan.pk))
