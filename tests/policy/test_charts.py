"""Charts: what a picture says without colour, without sight, and whatever a label holds."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from policy.charts import (
    Bar,
    Hour,
    Part,
    Point,
    bar_chart,
    hours_chart,
    line_chart,
    parts_bar,
    scale_chart,
    svg,
)

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "\"><script>alert(1)</script>'&amp;<image href='file:///etc/passwd'/>"

ALL = {
    "bar": lambda text: bar_chart(
        title=text, description=text, bars=[Bar(text, 3, text), Bar("b", 1, "1", True)]
    ),
    "line": lambda text: line_chart(
        title=text, description=text, points=[Point(text, 1, "1"), Point(text, 3, text)]
    ),
    "hours": lambda text: hours_chart(
        title=text, description=text, hours=[Hour(text, 3, 1), Hour("10:00", 0, 0)]
    ),
    "parts": lambda text: parts_bar(title=text, parts=[Part(text, 3, text), Part("b", 1, "1", "bad")]),
    "scale": lambda text: scale_chart(title=text, level=4),
}


@pytest.mark.parametrize("kind", ALL)
def test_a_chart_says_what_it_shows_in_words(kind):
    tree = ElementTree.fromstring(ALL[kind]("Most signers live in Ada"))
    assert tree.get("role") == "img"
    assert tree[0].tag == f"{SVG}title"
    assert tree[0].text == "Most signers live in Ada"
    assert tree[1].tag == f"{SVG}desc"
    assert tree[1].text


@pytest.mark.parametrize("kind", ALL)
def test_hostile_labels_stay_text(kind):
    tree = ElementTree.fromstring(ALL[kind](HOSTILE))
    tags = {element.tag.removeprefix(SVG) for element in tree.iter()}
    assert tags <= {"svg", "title", "desc", "text", "rect", "line", "polyline", "circle"}


@pytest.mark.parametrize("kind", ALL)
def test_nothing_needs_an_inline_style(kind):
    assert "style" not in ALL[kind]("words")


def test_bars_start_at_zero_and_keep_their_proportion():
    tree = ElementTree.fromstring(
        bar_chart(title="t", bars=[Bar("a", 10, "10"), Bar("b", 5, "5"), Bar("c", 0, "0")])
    )
    widths = [float(rect.get("width")) for rect in tree.iter(f"{SVG}rect")]
    assert len(widths) == 2
    assert widths[0] == pytest.approx(widths[1] * 2, abs=0.02)


@pytest.mark.parametrize(
    "empty",
    [
        lambda: bar_chart(title="t", bars=[]),
        lambda: line_chart(title="t", points=[]),
        lambda: line_chart(title="t", points=[Point("1 May", 0, "0")]),
        lambda: hours_chart(title="t", hours=[]),
        lambda: parts_bar(title="t", parts=[]),
        lambda: scale_chart(title="t", level=None),
    ],
)
def test_nothing_to_show_is_still_a_picture(empty):
    assert ElementTree.fromstring(empty()).get("role") == "img"


def test_the_same_numbers_give_the_same_drawing():
    assert ALL["line"]("x") == ALL["line"]("x")


def test_an_axis_ends_at_a_round_number():
    assert [svg.nice_top(n) for n in (1, 7, 11, 26, 1001)] == [1, 10, 20, 40, 2000]


def test_a_long_label_is_cut_with_a_sign_of_it():
    lines = svg.wrap(
        "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch and more words than fit", 13, 90
    )
    assert len(lines) == 2
    assert lines[0].endswith("…")


def test_print_colours_are_the_tokens_colours():
    known = set(re.findall(r"#[0-9a-f]{6}", Path("static/css/tokens.css").read_text().lower()))
    assert {svg.ACCENT, svg.INK, svg.MUTED, svg.LINE, svg.SUNKEN} <= known
