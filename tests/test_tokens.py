"""The sheets keep their promises: readable colours in both themes, raw values in one place, flat selectors."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

SHEETS = Path(__file__).resolve().parent.parent / "static" / "css"
FONTS = SHEETS.parent / "fonts"
OURS = ("base", "layout", "forms", "components", "charts", "print")
LEAST = 4.5  # WCAG 2.2, 1.4.3, for text of any size
LEAST_SHAPE = 3.0  # WCAG 2.2, 1.4.11, for what is drawn: focus ring, borders of fields, bars

BACKGROUNDS = ("paper", "surface", "sunken")
TEXTS = ("ink", "muted", "accent", "accent-deep", "warm", "good", "warn", "bad", "info")
PAIRS = [(text, ground) for text in TEXTS for ground in BACKGROUNDS] + [
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
    *[
        (text, f"{tint}-tint")
        for tint in ("accent", "good", "warn", "bad", "info")
        for text in ("ink", "muted", "accent")
    ],
    *[(tint, f"{tint}-tint") for tint in ("good", "warn", "bad", "info")],
    ("accent-deep", "accent-tint"),
]


def without_comments(css):
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


def sheet(name):
    return without_comments((SHEETS / f"{name}.css").read_text())


def theme(media):
    """The custom properties of one `:root`: the first (light) one, or the one in a media query."""
    css = sheet("tokens")
    start = css.index(f"@media {media}") if media else 0
    block = css[css.index(":root", start) :]
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", block[: block.index("}")]))


def luminance(colour):
    assert re.fullmatch(r"#[0-9a-f]{6}", colour), colour
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


THEMES = {"light": theme(""), "dark": theme("(prefers-color-scheme: dark)"), "print": theme("print")}


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read_on_its_ground(name, text, ground):
    tokens = THEMES[name]
    assert contrast(tokens[text], tokens[ground]) >= LEAST, f"{text} on {ground} in the {name} theme"


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("ground", BACKGROUNDS)
def test_rings_and_borders_of_fields_can_be_seen(name, ground):
    tokens = THEMES[name]
    for shape in ("accent", "muted", "bad"):
        assert contrast(tokens[shape], tokens[ground]) >= LEAST_SHAPE


def test_every_theme_sets_every_colour():
    colours = {key for key, value in THEMES["light"].items() if value.startswith("#")} - {"qr-paper"}
    for name in ("dark", "print"):
        assert colours <= THEMES[name].keys(), name


@pytest.mark.parametrize("name", OURS)
def test_no_sheet_but_the_tokens_names_a_colour(name):
    css = re.sub(r"url\([^)]*\)", "", sheet(name))
    named = r"(?<![\w-])(?:white|black|red|green|blue|gr[ae]y|orange|silver)(?![\w-])"
    assert not re.findall(rf"#[0-9a-fA-F]{{3,8}}\b|\b(?:rgba?|hsla?|oklch|lab|lch)\(|{named}", css)


@pytest.mark.parametrize("name", [*OURS, "brief"])
def test_every_custom_property_that_is_used_exists(name):
    css = sheet(name)
    known = THEMES["light"].keys() | set(re.findall(r"--([\w-]+)\s*:", css)) | {"cell"}
    assert set(re.findall(r"var\(--([\w-]+)", css)) <= known


def selectors(css):
    """Every single selector of the sheet, rules inside media queries included."""
    for prelude in re.findall(r"([^{};]+)\{", css):
        prelude = prelude.strip()
        if not prelude.startswith("@"):
            # A comma inside :not(…) or :is(…) does not part two selectors.
            yield from (one.strip() for one in re.split(r",(?![^(]*\))", prelude))


@pytest.mark.parametrize("name", ["layout", "forms", "components", "charts"])
def test_selectors_are_one_class_deep(name):
    """One class names the part; only a part of a part, its state, or the plain elements of a text may follow."""
    for selector in selectors(sheet(name)):
        assert "#" not in selector, selector
        steps = re.split(r"\s*[>+~]\s*|\s+(?![^(]*\))", selector)
        assert steps[0].startswith((".", ":root")), f"{name}: {selector} does not start with a class"
        block = re.match(r"\.[a-z]+|:root", steps[0])[0]
        for _, later in pairwise(steps):
            classes = re.findall(r"\.[\w-]+", re.sub(r"\([^)]*\)", "", later))
            assert all(c.startswith(block) or c in {".done", ".field"} for c in classes), (
                f"{name}: {selector}"
            )
        assert len(steps) <= 2, f"{name}: {selector} goes deeper than one level"


def test_every_font_that_is_named_is_here_with_its_licence():
    named = set(re.findall(r"\.\./fonts/([\w-]+\.woff2)", sheet("fonts")))
    here = {path.name for path in FONTS.glob("*.woff2")}
    assert named == here
    for family in ("source-serif-4", "atkinson-hyperlegible-next", "noto-sans-arabic"):
        assert "SIL OPEN FONT LICENSE" in (FONTS / f"LICENSE-{family}.txt").read_text().upper()
    assert all(path.stat().st_size <= 52_000 for path in FONTS.glob("*.woff2"))


def test_nothing_is_fetched_from_elsewhere():
    for path in [*SHEETS.glob("*.css"), *(SHEETS.parent / "js").glob("*.js")]:
        assert not re.search(r"(?:url\(|from |import\()\s*[\"']?(?:https?:)?//", path.read_text()), path.name
