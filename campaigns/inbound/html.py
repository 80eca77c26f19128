"""HTML mail → its words. Nothing of it is ever shown as HTML."""

from html.parser import HTMLParser

_SILENT = {"style", "script", "head", "title", "template"}
_BLOCKS = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol", "hr"}
_EMPTY = {"br", "hr", "img", "meta", "link", "input", "wbr", "col", "area", "base"}
# What mail programs wrap the mail they answer in.
_QUOTE_CLASSES = {"gmail_quote", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote"}
_QUOTE_IDS = {"divRplyFwdMsg", "appendonsend", "mail-editor-reference-message-container"}


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.open: list[tuple[str, bool]] = []  # each open element, and whether it is left out
        self.cut = False

    @property
    def is_silent(self) -> bool:
        return self.cut or any(silent for _tag, silent in self.open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        classes = set((named.get("class") or "").split())
        if tag in _BLOCKS:
            self.pieces.append("\n")
        if named.get("id") in _QUOTE_IDS:
            self.cut = True  # all below it is the mail that is answered
        if tag not in _EMPTY and len(self.open) < 500:
            self.open.append((tag, tag in _SILENT or tag == "blockquote" or bool(classes & _QUOTE_CLASSES)))

    def handle_endtag(self, tag: str) -> None:
        if tag in (name for name, _silent in self.open):
            while self.open.pop()[0] != tag:
                pass
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.is_silent:
            self.pieces.append(" ".join(f"_{data}_".split())[1:-1])  # edges keep their space


def text_of_html(html: str) -> str:
    """The words of an HTML mail, a line for each block, without what it quotes."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.pieces).split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()
