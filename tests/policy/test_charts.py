"""Charts: what a picture says without colour, without sight, and whatever a label holds."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from contacts.importers.us_places import PLACES
from policy.charts import (
    Bar,
    Block,
    Hour,
    Part,
    Point,
    Tile,
    bar_chart,
    hours_chart,
    line_chart,
    parts_bar,
    scale_chart,
    seat_chart,
    svg,
    tile_map,
    trend_line,
    us_states,
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
    "trend": lambda text: trend_line(title=text, description=text, values=[3, 0, 1]),
    "scale": lambda text: scale_chart(title=text, level=4),
    "seats": lambda text: seat_chart(
        title=text,
        description=text,
        blocks=[Block("champion", text, 3), Block("unknown", "b", 7)],
        needed=6,
        needed_label=text,
        middle=(text, text),
    ),
    "tiles": lambda text: tile_map(
        title=text,
        description=text,
        tiles=[Tile(text, 3, text, True), Tile("b", None)],
        short_words=text,
    ),
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
    assert tags <= {"svg", "title", "desc", "text", "rect", "line", "polyline", "circle", "path", "g"}


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


def test_a_trend_rises_from_zero_to_its_highest_day_and_one_day_alone_is_a_dot():
    line = ElementTree.fromstring(trend_line(title="t", values=[0, 10, 5], height=30)).find(f"{SVG}polyline")
    heights = [float(place.split(",")[1]) for place in line.get("points").split()]
    assert heights[0] - heights[2] == pytest.approx((heights[0] - heights[1]) / 2, abs=0.02)
    alone = ElementTree.fromstring(trend_line(title="t", values=[4]))
    assert alone.find(f"{SVG}polyline") is None and alone.find(f"{SVG}circle") is not None


@pytest.mark.parametrize(
    "empty",
    [
        lambda: bar_chart(title="t", bars=[]),
        lambda: line_chart(title="t", points=[]),
        lambda: line_chart(title="t", points=[Point("1 May", 0, "0")]),
        lambda: hours_chart(title="t", hours=[]),
        lambda: parts_bar(title="t", parts=[]),
        lambda: trend_line(title="t", values=[]),
        lambda: trend_line(title="t", values=[0, 0]),
        lambda: scale_chart(title="t", level=None),
        lambda: seat_chart(title="t", blocks=[]),
        lambda: tile_map(title="t", tiles=[]),
        lambda: tile_map(title="t", tiles=[Tile("AK", None)], places=us_states()),
        lambda: seat_chart(title="t", blocks=[Block("vacant", "Vacant", 1)], needed=1),
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


STANCES = ["champion", "supports", "undecided", "unknown", "leans_against", "opposed", "vacant"]


def drawn(picture):
    """Seats per path: each seat begins with a move. The legend's own shape is a path of one."""
    paths = [path.get("d").count("M") for path in ElementTree.fromstring(picture).iter(f"{SVG}path")]
    return paths


@pytest.mark.parametrize("seats", [1, 2, 7, 15, 16, 40, 100, 435, 1000])
def test_a_chamber_shows_every_seat_once_and_inside_the_picture(seats):
    blocks = [Block(sign, sign, seats // 7 + (at < seats % 7)) for at, sign in enumerate(STANCES)]
    picture = seat_chart(title="t", blocks=blocks, needed=seats // 2 + 1, needed_label="needed")
    shown = [block.count for block in blocks if block.count]
    assert sum(drawn(picture)) == seats + len(shown)
    tree = ElementTree.fromstring(picture)
    _x, _y, width, height = map(float, tree.get("viewBox").split())
    starts = re.findall(r"M(-?[\d.]+) (-?[\d.]+)", picture)
    assert all(0 <= float(x) <= width and 0 <= float(y) <= height for x, y in starts)


def test_stances_differ_by_shape_or_filling_not_by_colour_alone():
    looks = set()
    for sign in STANCES:
        path = next(
            ElementTree.fromstring(seat_chart(title="t", blocks=[Block(sign, "x", 1)])).iter(f"{SVG}path")
        )
        outline = re.sub(r"-?[\d.]+", "", path.get("d"))
        looks.add((outline, path.get("fill") == "none", sign == "unknown"))
    assert len(looks) == len(STANCES)


def test_seats_of_a_full_house_do_not_touch_on_a_phone():
    picture = seat_chart(title="t", blocks=[Block("champion", "x", 435)])
    path = next(ElementTree.fromstring(picture).iter(f"{SVG}path")).get("d")
    radius = float(re.search(r"a([\d.]+) ", path)[1])
    centres = [(float(x) + radius, float(y)) for x, y in re.findall(r"M(-?[\d.]+) (-?[\d.]+)", path)]
    nearest = min(
        ((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5
        for at, (ax, ay) in enumerate(centres)
        for bx, by in centres[at + 1 :]
    )
    assert nearest > 2 * radius and radius > 3


def texts(picture):
    return [text.text for text in ElementTree.fromstring(picture).iter(f"{SVG}text")]


def boxes(picture):
    """Each tile's look by its code: the class of the box drawn before it."""
    looks, last = {}, None
    for element in ElementTree.fromstring(picture).iter():
        if element.tag == f"{SVG}rect":
            last = element.get("class")
        elif element.tag == f"{SVG}text" and last:
            looks[element.text], last = last, None
    return looks


def test_every_state_and_the_capital_has_a_place_of_its_own():
    places = us_states()
    assert len(places) == 51 and len(set(places.values())) == 51
    assert places["ME"][0] > places["WA"][0] and places["FL"][1] > places["NY"][1]
    assert set(places) <= set(PLACES)


def test_a_place_without_a_figure_is_not_the_lowest():
    looks = boxes(tile_map(title="t", tiles=[Tile("AK", None), Tile("ME", 0, "0"), Tile("TX", 5, "5")]))
    assert looks["AK"] == "chart-tile-none" and looks["ME"] == "chart-tile-1"


def test_equal_figures_look_the_same():
    tiles = [
        Tile(code, value, str(value))
        for code, value in zip("ABCDEFGH", [1, 1, 1, 1, 1, 9, 9, 9], strict=True)
    ]
    looks = boxes(tile_map(title="t", tiles=tiles))
    assert {looks[code] for code in "ABCDE"} == {"chart-tile-1"}
    assert len({looks[code] for code in "FGH"}) == 1


def test_figures_stand_in_the_tiles_and_are_never_cut():
    short = tile_map(title="t", tiles=[Tile("AK", 4, "4"), Tile("ME", 5, "5")], places=us_states())
    assert {"4", "5"} <= set(texts(short))
    long = tile_map(title="t", tiles=[Tile("AK", 4, "1,234,567.8"), Tile("ME", 5, "5")], places=us_states())
    assert not any("…" in text for text in texts(long))
    assert {"1: 1,234,567.8", "3: 5"} <= set(texts(long))


def test_places_outside_the_layout_follow_below():
    picture = tile_map(title="t", tiles=[Tile("AK", 1, "1"), Tile("GU", 2, "2")], places=us_states())
    assert {"AK", "GU"} <= set(texts(picture))
    tree = ElementTree.fromstring(picture)
    rows = {t.text: float(t.get("y")) for t in tree.iter(f"{SVG}text")}
    assert rows["GU"] > rows["AK"]
