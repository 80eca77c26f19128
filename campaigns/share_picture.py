"""The picture that other sites show beside a link to a campaign: its headline in our own type, on our own paper."""

import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageColor, ImageDraw, ImageFont

# What sites ask for (Open Graph), in pixels.
WIDTH, HEIGHT = 1200, 630
MARGIN = 76
# The light tokens of tokens.css; a test compares them.
PAPER, INK, MUTED = "#fbfaf7", "#1d2430", "#55606e"
# Headlines are at most 140 characters: the largest size at which one fits is taken.
SIZES = (92, 82, 72, 64, 56, 48)
LEADING = 1.16
_ROOM = 330
SERIF, SANS, ARABIC = ("Source Serif 4", 600), ("Atkinson Hyperlegible Next", 400), ("Noto Sans Arabic", 700)
_FACE = re.compile(
    r'font-family: "(?P<family>[^"]+)";\s+font-weight: (?P<weight>\d+);\s+font-style: normal;.*?'
    r'url\("\.\./(?P<file>[^"]+)"\).*?unicode-range: (?P<ranges>[^;]+);',
    re.DOTALL,
)


@dataclass(frozen=True)
class Run:
    """Letters of one line that one font file has."""

    text: str
    font: ImageFont.FreeTypeFont
    is_rtl: bool

    @property
    def width(self) -> float:
        return self.font.getlength(self.text, direction="rtl" if self.is_rtl else "ltr")


@cache
def _cuts(family: str, weight: int) -> tuple[tuple[tuple[tuple[int, int], ...], Path], ...]:
    """The files of a family with the letters that each has, as the style sheet for browsers divides them."""
    static = Path(settings.BASE_DIR) / "static"
    found = []
    for match in _FACE.finditer((static / "css" / "fonts.css").read_text()):
        if (match["family"], int(match["weight"])) == (family, weight):
            ends = [part.strip()[2:].split("-") for part in match["ranges"].split(",")]
            found.append((tuple((int(e[0], 16), int(e[-1], 16)) for e in ends), static / match["file"]))
    return tuple(found)


@cache
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.RAQM)


def _file_for(letter: str, face: tuple[str, int]) -> Path:
    for ranges, path in (*_cuts(*face), *_cuts(*ARABIC)):
        if any(first <= ord(letter) <= last for first, last in ranges):
            return path
    return _cuts(*face)[0][1]


def is_rtl(text: str) -> bool:
    """Whether a text is read from right to left: its first letter says so."""
    sides = (unicodedata.bidirectional(letter) for letter in text)
    return next((side in {"R", "AL"} for side in sides if side in {"L", "R", "AL"}), False)


def _passages(text: str) -> list[str]:
    """A line in pieces that are read one way each; the space between two of them is a piece, too."""
    pieces: list[str] = []
    for word in text.split():
        if pieces and is_rtl(pieces[-1]) == is_rtl(word):
            pieces[-1] += f" {word}"
        else:
            pieces += [" ", word] if pieces else [word]
    return pieces


def _runs(passage: str, face: tuple[str, int], size: int) -> Iterator[Run]:
    """A passage in the parts that one file has, in the order in which they are read."""
    start = 0
    way = is_rtl(passage)
    files = [_file_for(letter, face) for letter in passage]
    for at in range(1, len(passage) + 1):
        if at == len(passage) or files[at] != files[start]:
            yield Run(passage[start:at], _font(files[start], size), way)
            start = at


def _width(text: str, face: tuple[str, int], size: int) -> float:
    return sum(run.width for passage in _passages(text) for run in _runs(passage, face, size))


def _lines(text: str, face: tuple[str, int], size: int, room: int) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        while _width(word, face, size) > room:  # no word of a language, but somebody may write one
            cut = next(n for n in range(len(word), 0, -1) if _width(word[:n], face, size) <= room)
            lines += [line] if line else []
            lines.append(word[:cut])
            line, word = "", word[cut:]  # what is left of it
        longer = f"{line} {word}".strip()
        if line and _width(longer, face, size) > room:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines


@dataclass(frozen=True)
class Pen:
    """How a text is written: from the side where its language begins, in one face, size and colour."""

    canvas: ImageDraw.ImageDraw
    face: tuple[str, int]
    size: int
    colour: str
    from_right: bool

    def write(self, line: str, baseline: int) -> None:
        x: float = WIDTH - MARGIN if self.from_right else MARGIN
        for passage in _passages(line):
            runs = list(_runs(passage, self.face, self.size))
            width = sum(run.width for run in runs)
            left = x - width if self.from_right else x
            for run in reversed(runs) if is_rtl(passage) else runs:
                way = "rtl" if run.is_rtl else "ltr"
                at = (left, baseline)
                self.canvas.text(at, run.text, fill=self.colour, font=run.font, anchor="ls", direction=way)
                left += run.width
            x += -width if self.from_right else width


def share_picture(*, headline: str, organization: str, line: str, accent: str) -> bytes:
    """A PNG of 1200 by 630 pixels. `accent` is a colour such as #0b6e5f; it colours no text, so any will do."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((0, 0, WIDTH, 22), fill=ImageColor.getrgb(accent))
    room = WIDTH - 2 * MARGIN
    Pen(canvas, SANS, 34, MUTED, is_rtl(organization)).write(_shortened(organization, 34, room), 112)
    size = next((s for s in SIZES if len(_lines(headline, SERIF, s, room)) * s * LEADING <= _ROOM), SIZES[-1])
    lines = _lines(headline, SERIF, size, room)
    # In the middle of what is left between the name and the line below.
    top = 150 + max(0, int((_ROOM - len(lines) * size * LEADING) / 2))
    pen = Pen(canvas, SERIF, size, INK, is_rtl(headline))
    for n, text in enumerate(lines):
        pen.write(text, int(top + size + n * size * LEADING))
    canvas.rectangle((MARGIN, 532, WIDTH - MARGIN, 534), fill=ImageColor.getrgb(accent))
    Pen(canvas, SANS, 32, INK, is_rtl(line)).write(_shortened(line, 32, room), 582)
    out = io.BytesIO()
    image.quantize(64, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


def _shortened(text: str, size: int, room: int) -> str:
    text = " ".join(text.split())
    while _width(text, SANS, size) > room:
        text = f"{text[:-2].rstrip()}…"
    return text
