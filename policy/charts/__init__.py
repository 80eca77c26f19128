"""Numbers → accessible SVG, used by pages and PDFs alike.

Every chart is `role="img"` with a `<title>` that states the finding (it becomes the alternative text of
the PDF) and a `<desc>` with the numbers. Colours stand in presentation attributes, which print as they
are; on pages the classes `chart-*` of `charts.css` take over and follow the theme. Print the same numbers
as a table beside it.
"""

from policy.charts.bar import Bar, bar_chart
from policy.charts.hours import Hour, hours_chart
from policy.charts.intervals import Interval, interval_chart
from policy.charts.line import Point, line_chart
from policy.charts.parts import Part, parts_bar
from policy.charts.scale import scale_chart
from policy.charts.seats import Block, seat_chart
from policy.charts.tiles import Tile, tile_map, us_states
from policy.charts.trend import trend_line

__all__ = [
    "Bar",
    "Block",
    "Hour",
    "Interval",
    "Part",
    "Point",
    "Tile",
    "bar_chart",
    "hours_chart",
    "interval_chart",
    "line_chart",
    "parts_bar",
    "scale_chart",
    "seat_chart",
    "tile_map",
    "trend_line",
    "us_states",
]
