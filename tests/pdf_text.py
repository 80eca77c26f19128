"""The text of a PDF that was made here, read without any outside tool."""

import io
import re

import pikepdf


def pages(content: bytes) -> list[str]:
    """The words of each page, in the order they were drawn, with single spaces."""
    with pikepdf.open(io.BytesIO(content)) as file:
        return [" ".join(_drawn(page).split()) for page in file.pages]


def _drawn(page: pikepdf.Page) -> str:
    letters = {name: _letters(font) for name, font in page.Resources.Font.items()}
    found: list[str] = []
    current: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BT":
                found.append("\n")
            case "Tf":
                current = letters[str(operands[0])]
            case "Tj":
                found.append(_text(bytes(operands[0]), current))
            case "TJ":
                strings = [part for part in operands[0] if isinstance(part, pikepdf.String)]
                found += [_text(bytes(part), current) for part in strings]
    return "".join(found)


def _text(raw: bytes, letters: dict[int, str]) -> str:
    return "".join(
        letters.get(int.from_bytes(raw[at : at + 2], "big"), "\ufffd") for at in range(0, len(raw), 2)
    )


def _letters(font: pikepdf.Object) -> dict[int, str]:
    """Glyph → letters, from the font's ToUnicode table."""
    rows = re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]+)>\n", font.ToUnicode.read_bytes())
    return {int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in rows}
