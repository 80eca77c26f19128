"""What a brief says: every figure with its source, quotes only with consent, the ask first."""

from dataclasses import replace
from datetime import date

import pytest

from policy.briefs.plain import content_hash, from_plain, same_facts, to_plain
from policy.briefs.sections import (
    Ask,
    BarChart,
    ChartRow,
    Figure,
    KeyFigures,
    Paragraphs,
    Person,
    Places,
    Quote,
    Quotes,
    Table,
    Timeline,
)
from policy.errors import FigureWithoutSource, QuoteWithoutConsent
from tests.policy.facts import CAMPAIGN, EVIDENCE, ISSUE, a_leave_behind, an_issue_brief

BRIEFS = [a_leave_behind, an_issue_brief]


def kinds(document):
    return [type(section) for section in document.sections]


def section(document, kind):
    return next(part for part in document.sections if isinstance(part, kind))


@pytest.mark.parametrize("make", BRIEFS)
def test_the_ask_comes_first(make):
    assert kinds(make())[0] is Ask


def test_a_leave_behind_says_who_acted_where_the_legislator_was_elected():
    document = a_leave_behind()
    assert kinds(document)[1] is Person
    people, letters, local = section(document, KeyFigures).figures
    assert (people.value, letters.value) == ("210", "38")
    assert people.beside == "1,204 in all places together"
    assert (local.value, local.unit) == ("47", "%")
    assert local.beside == "24% overall"
    assert section(document, Places).total == "210"
    assert len(section(document, Quotes).quotes) == 3


def test_an_issue_brief_holds_the_chart_that_argues_and_who_decides():
    document = an_issue_brief()
    chart = section(document, BarChart)
    assert [row.shown for row in chart.rows] == ["47%", "33%", "24%"]
    assert [row.emphasis for row in chart.rows] == [True, False, False]
    assert chart.heading.endswith("47% in North Harbor County")
    assert [row[0] for row in section(document, Table).rows] == ["Ada Quill", "Farid Ő. Şimşek"]
    assert section(document, Timeline).milestones[-1].is_ahead
    assert "Three myths" in [part.heading for part in document.sections if isinstance(part, Paragraphs)]


def test_no_figure_is_printed_twice_as_key_figure_and_in_the_chart():
    document = an_issue_brief()
    assert [figure.value for figure in section(document, KeyFigures).figures] == ["54", "41", "38"]


def test_sources_are_numbered_in_reading_order_and_only_those_used_are_listed():
    document = an_issue_brief()
    assert [number for number, _source in document.notes()] == list(range(1, len(document.notes()) + 1))
    assert document.notes()[0][1].title == "Survey of care"
    assert {source.key for _number, source in document.notes()} == set(document.numbers())


@pytest.mark.parametrize(
    "part",
    [
        KeyFigures("Numbers", (Figure("41", "days", ""),)),
        KeyFigures("Numbers", (Figure("41", "days", "campaign", beside="12 elsewhere"),)),
        BarChart("Chart", (ChartRow("Here", 1, "1"),), "Place", "Days"),
        Table("Table", "Caption", ("Place",), (("Here",),), ""),
        Places("Places", "Caption", "Place", "People", (), "Together", "0", ""),
    ],
)
def test_a_figure_without_a_source_is_refused(part):
    with pytest.raises(FigureWithoutSource):
        replace(a_leave_behind(), sections=(part,))


def test_a_source_that_is_not_in_the_list_is_refused():
    with pytest.raises(FigureWithoutSource, match="nowhere"):
        replace(a_leave_behind(), sections=(KeyFigures("Numbers", (Figure("41", "days", "nowhere"),)),))


def test_a_quote_without_consent_is_refused():
    with pytest.raises(QuoteWithoutConsent):
        replace(a_leave_behind(), sections=(Quotes("Words", (Quote("I waited.", "Ada", "", ""),)),))


@pytest.mark.parametrize("make", BRIEFS)
def test_a_document_survives_the_database(make):
    document = make()
    assert from_plain(to_plain(document)) == document


def test_the_hash_changes_with_a_fact_and_with_nothing_else():
    assert content_hash(a_leave_behind()) == content_hash(a_leave_behind())
    changed = a_leave_behind(campaign=replace(CAMPAIGN, people=1205))
    assert content_hash(changed) != content_hash(a_leave_behind())


def test_two_papers_are_two_versions_of_the_same_facts():
    letter, a4 = a_leave_behind(), a_leave_behind(paper="a4")
    assert content_hash(letter) != content_hash(a4)
    assert same_facts(to_plain(letter), to_plain(a4))


def test_a_brief_is_written_in_its_language():
    assert "1\u00a0204" in section(a_leave_behind(language="es"), KeyFigures).figures[0].beside


def test_a_campaign_with_no_numbers_yet_still_makes_a_brief():
    empty = replace(
        CAMPAIGN, people=0, people_here=0, letters_accepted=0, letters_here=0, places=(), quotes=()
    )
    document = an_issue_brief(
        campaign=empty, issue=replace(ISSUE, evidence=(), measure=None, help=(), body="")
    )
    assert kinds(document)[0] is Ask
    assert "0" not in [
        figure.value for part in document.sections if isinstance(part, KeyFigures) for figure in part.figures
    ]


def test_where_no_place_may_be_named_the_district_stands_beside_everywhere_else():
    document = a_leave_behind(campaign=replace(CAMPAIGN, places=()))
    assert [row.shown for row in section(document, Places).rows] == ["210", "994"]


def test_of_a_whole_chamber_only_known_positions_are_listed():
    many = tuple(replace(CAMPAIGN.deciders[1], name=f"Member {n}") for n in range(99))
    table = section(an_issue_brief(campaign=replace(CAMPAIGN, deciders=(CAMPAIGN.deciders[0], *many))), Table)
    assert [row[0] for row in table.rows] == ["Ada Quill"]
    assert "1 of 100" in table.note


def test_where_no_position_is_known_a_whole_chamber_is_only_counted():
    many = tuple(replace(CAMPAIGN.deciders[1], name=f"Member {n}") for n in range(435))
    table = section(an_issue_brief(campaign=replace(CAMPAIGN, deciders=many)), Table)
    assert table.rows == (("Not known yet", "435"),)


def test_a_brief_dates_from_its_newest_fact():
    assert a_leave_behind().facts_at == CAMPAIGN.facts_at
    assert EVIDENCE[0].source.retrieved_on == date(2026, 10, 2)
