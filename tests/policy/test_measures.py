"""Measures as a policy team tracks them: milestones that stay, a status that follows, positions with a history."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from contacts import clock
from policy import append_only, search_sqlite
from policy.actions.measures import add_event, save_measure, strike_event
from policy.errors import MeasureRefused
from policy.models import Issue, Measure, MeasureEvent, MeasurePosition, status_of
from tests import factories as make

pytestmark = pytest.mark.django_db
SOURCE = "https://assembly.example/record"


def happened(measure, kind, on, **more):
    return add_event(
        event=MeasureEvent(measure=measure, kind=kind, on=date.fromisoformat(on), source_url=SOURCE, **more),
        actor=None,
    )


def status(measure, on="2026-12-31"):
    found = status_of(measure.events.standing(), date.fromisoformat(on))
    return found.kind if found else None


def test_the_status_is_how_far_a_measure_has_come():
    measure = make.MeasureFactory()
    assert status(measure) is None
    happened(measure, "introduced", "2026-01-05")
    happened(measure, "passed_chamber", "2026-03-01")
    happened(measure, "referred", "2026-03-02")
    happened(measure, "heard", "2026-04-01")
    assert status(measure) == "passed_chamber"
    assert status(measure, "2026-02-01") == "introduced"
    happened(measure, "in_force", "2027-01-01")
    assert status(measure) == "passed_chamber", "what lies ahead is no status yet"


@pytest.mark.parametrize("end", ["failed", "withdrawn", "vetoed"])
def test_an_end_is_the_status_until_something_newer_happens(end):
    measure = make.MeasureFactory()
    happened(measure, "passed", "2026-03-01")
    happened(measure, end, "2026-04-01")
    assert status(measure) == end
    happened(measure, "passed_chamber", "2026-05-01")
    assert status(measure) == "passed_chamber"


@pytest.mark.parametrize(
    "deed",
    [
        lambda rows: rows.update(on=date(2020, 1, 1)),
        lambda rows: rows.update(source_url="https://other.example/"),
        lambda rows: rows.delete(),
    ],
)
@pytest.mark.parametrize("rows_of", ["MeasureEvent", "MeasurePosition"])
def test_the_database_itself_keeps_what_was_recorded(deed, rows_of):
    event, position = make.MeasureEventFactory(), make.MeasurePositionFactory()
    rows = {"MeasureEvent": MeasureEvent.objects.all(), "MeasurePosition": MeasurePosition.objects.all()}
    if rows_of == "MeasurePosition":
        deed = {"<lambda>": lambda found: found.update(reasons="Never said")}.get(deed.__name__, deed)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        deed(rows[rows_of])
    event.refresh_from_db()
    position.refresh_from_db()


def test_the_database_keeps_it_after_a_table_was_made_anew():
    """As migrations on SQLite do; PostgreSQL changes tables in place."""
    append_only.take_away(using="default")
    append_only.keep(using="default")
    append_only.keep(using="default")
    make.MeasureEventFactory()
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        MeasureEvent.objects.all().delete()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite makes tables anew")
def test_a_migration_may_make_the_table_of_measures_anew():
    field = Measure._meta.get_field("title")
    wider = field.clone()
    wider.max_length, wider.null = 300, True
    wider.set_attributes_from_name("title")
    for take_away in (append_only.take_away, search_sqlite.take_away):
        take_away(using="default")
    with connection.schema_editor() as editor:
        editor.alter_field(Measure, field, wider)
    with connection.schema_editor() as editor:
        editor.alter_field(Measure, wider, field)
    for keep in (append_only.keep, search_sqlite.keep):
        keep(using="default")
    test_the_database_keeps_it_after_a_table_was_made_anew()


def test_an_account_may_go_and_the_milestone_it_wrote_stays():
    user = make.UserFactory()
    event = make.MeasureEventFactory(recorded_by=user)
    user.delete()
    event.refresh_from_db()
    assert event.recorded_by is None


def test_a_correction_strikes_the_wrong_milestone_and_both_stay():
    measure = make.MeasureFactory()
    happened(measure, "introduced", "2026-01-05")
    wrong = happened(measure, "passed", "2026-02-01")
    strike_event(wrong=wrong, reason="It was another bill", source_url=SOURCE, actor=None)
    assert status(measure) == "introduced"
    assert measure.events.count() == 3
    with pytest.raises(MeasureRefused):
        strike_event(wrong=wrong, reason="Again", source_url=SOURCE, actor=None)


def test_a_correction_can_say_what_is_right_instead():
    measure = make.MeasureFactory()
    wrong = happened(measure, "heard", "2026-02-01")
    right = MeasureEvent(kind="heard", on=date(2026, 2, 2))
    strike_event(wrong=wrong, reason="A day later", source_url=SOURCE, actor=None, instead=right)
    assert [event.on for event in measure.events.standing()] == [date(2026, 2, 2)]


@pytest.mark.parametrize(
    "wrong",
    [{"source_url": ""}, {"kind": "struck"}, {"kind": "nonsense"}],
)
def test_a_milestone_without_source_or_of_no_kind_is_refused(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.MeasureEventFactory(**wrong)


def test_a_strike_without_a_reason_is_refused():
    event = make.MeasureEventFactory()
    with pytest.raises(MeasureRefused):
        strike_event(wrong=event, reason="  ", source_url=SOURCE, actor=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.MeasureEventFactory(measure=event.measure, kind="struck", strikes=event)


def test_a_changed_position_leaves_a_dated_history():
    measure = make.MeasureFactory.build(
        issue=make.IssueFactory(), jurisdiction=make.JurisdictionFactory(), position="watch", reasons="New"
    )
    save_measure(measure=measure, actor=None)
    measure.title = "Another title"
    save_measure(measure=measure, actor=None)
    measure.position, measure.reasons = "support", "It was mended"
    save_measure(measure=measure, actor=None, since=clock.today() - timedelta(days=3))
    said = [(row.position, row.reasons, (clock.today() - row.on).days) for row in measure.positions.all()]
    assert said == [("support", "It was mended", 3), ("watch", "New", 0)]


def test_an_issue_has_measures_at_every_level_and_one_number_in_two_sessions():
    issue = make.IssueFactory()
    for level, kind in [
        ("local", "bylaw"),
        ("regional", "bill"),
        ("national", "regulation"),
        ("national", "budget_line"),
        ("international", "treaty"),
    ]:
        make.MeasureFactory(issue=issue, kind=kind, jurisdiction__level=level)
    assert Issue.objects.get().measures.count() == 5
    first = make.MeasureFactory(issue=issue, session="2025", identifier="HB 1")
    again = {"issue": issue, "jurisdiction": first.jurisdiction, "identifier": "HB 1"}
    make.MeasureFactory(session="2027", **again)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.MeasureFactory(session="2025", **again)
