"""The press: a process of its own that sets HTML into PDF. Started by `renderer`; knows nothing of Django.

It gets no secrets (its environment is bare), opens no connection, starts no program, reads only installed
libraries and the packaged fonts and stylesheets, and lives under limits of memory and processor time. Frames go
in on standard input and out on standard output: eight bytes of length, then so many bytes.
"""

import base64
import contextlib
import gc
import json
import os
import resource
import shutil
import struct
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any, BinaryIO

# The stylesheets ask for fonts below this address, which nobody can own (RFC 2606); nothing else is answered.
ASSETS = "https://assets.invalid/static/"
# The accent of tokens.css, as charts carry it; a test compares them.
ACCENT = "#0b6e5f"
MEDIA_TYPES = {".woff2": "font/woff2", ".png": "image/png", ".jpg": "image/jpeg"}
# How much more than its pages hold a text may be for a closer setting to be worth a try: what each saves at best.
# Trying costs a whole layout; above the last one a second sheet is worth its paper.
SAVES = {"css/brief_dense.css": 1.14, "css/brief_tight.css": 1.36}
# Never done while setting type; each would be a way out for a text that found a hole in the engine.
FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "ctypes.")


# How the process ends when there is no memory left to answer with.
OUT_OF_MEMORY = 77


class TooLarge(Exception):
    """More pages than asked for at most."""


def send(pipe: BinaryIO, frame: bytes) -> None:
    pipe.write(struct.pack(">Q", len(frame)) + frame)
    pipe.flush()


def receive(pipe: BinaryIO) -> bytes | None:
    """The next frame; None when the other side is gone."""
    head = pipe.read(8)
    if len(head) < 8:
        return None
    length = struct.unpack(">Q", head)[0]
    frame = pipe.read(length)
    return frame if len(frame) == length else None


def limit_memory(megabytes: int) -> None:
    """Allocations beyond it fail, which ends the document and not the machine."""
    # macOS knows the limit and does not keep it; the wall clock of the other side holds there too.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_seconds(seconds: int) -> None:
    """So much more processor time from now on; then the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))


class Memory:
    """Resident memory in MB, told by a file that is opened before everything is shut.

    Where there is none (macOS) it is the highest so far. Linux would count what the process had before it became
    the press, which is all that its parent has.
    """

    def __init__(self) -> None:
        self._file: int | None = None
        with contextlib.suppress(OSError):
            self._file = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)

    def now(self) -> int:
        if self._file is None:
            highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            return highest >> (20 if sys.platform == "darwin" else 10)
        return int(os.pread(self._file, 200, 0).split()[1]) * resource.getpagesize() >> 20


def shut_in(static: Path, folder: str) -> None:
    """From here on: no connection, no program, no file but libraries, packaged assets and its own folder."""
    libraries = {os.path.realpath(path) for path in (sys.prefix, sys.base_prefix, *sys.path) if path}
    readable = (*libraries, os.path.realpath(static))
    own = os.path.realpath(folder)

    def is_inside(path: str, *folders: str) -> bool:
        return any(path == one or path.startswith(one.rstrip(os.sep) + os.sep) for one in folders)

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(FORBIDDEN):
            raise PermissionError(event)
        if event in {"open", "os.remove"} and not isinstance(arguments[0], int):
            path = os.path.realpath(os.fsdecode(arguments[0]))
            reads = event == "open" and not (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR)
            if not is_inside(path, own, *(readable if reads else ())):
                raise PermissionError(event)

    sys.addaudithook(refuse)


class Press:
    """The engine with fonts and stylesheets ready, which take long to set up and are the same for every brief."""

    def __init__(self, static: Path) -> None:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

        known = {f"{ASSETS}fonts/{path.name}": path for path in sorted((static / "fonts").glob("*.woff2"))}
        files: dict[str, bytes] = {}

        class PackagedOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
            """Answers from the map of packaged assets; stops the whole document at anything else."""

            def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
                if url in files:
                    content = files[url]
                elif url in known:
                    content = known[url].read_bytes()
                else:
                    raise FatalURLFetchingError("not a packaged asset")
                return URLFetcherResponse(url, content, {"Content-Type": MEDIA_TYPES[Path(url).suffix]})

        self.static = static
        self.files = files
        self.asset_refused: type[BaseException] = FatalURLFetchingError
        self._html = weasyprint.HTML
        self._css = weasyprint.CSS
        self._fetcher = PackagedOnly(allowed_protocols=set(), allow_redirects=False, fail_on_errors=True)
        self._fonts = FontConfiguration()
        self._sheets: dict[str, Any] = {}

    def sheet(self, name: str) -> Any:
        if name not in self._sheets:
            self._sheets[name] = self._css(
                string=(self.static / name).read_text(),
                base_url=ASSETS + name,
                url_fetcher=self._fetcher,
                font_config=self._fonts,
            )
        return self._sheets[name]

    def colour(self, colour: str) -> Any:
        """A stylesheet that gives the accent, of pages and of charts, another colour."""
        rule = f":root {{ --accent: {colour}; }} .chart [fill='{ACCENT}'] {{ fill: {colour}; }}"
        rule += f" .chart [stroke='{ACCENT}'] {{ stroke: {colour}; }}"
        return self._css(string=rule, url_fetcher=self._fetcher, font_config=self._fonts)

    def html(self, text: str) -> Any:
        return self._html(string=text, base_url=ASSETS, url_fetcher=self._fetcher)

    def lay_out(self, page: Any, sheets: list[str], order: dict[str, Any], options: dict[str, Any]) -> Any:
        styles = [self.sheet(name) for name in sheets]
        if order.get("colour"):
            styles.append(self.colour(order["colour"]))
        laid_out = page.render(stylesheets=styles, font_config=self._fonts, **options)
        if len(laid_out.pages) > order["most_pages"]:
            raise TooLarge
        return laid_out


def set_pages(press: Press, order: dict[str, Any]) -> tuple[list[int], bytes]:
    """The page count of each document of an order, and one PDF of them all.

    `closer` names stylesheets that set it closer, tried in turn when the last page holds little; the first that
    saves a page is taken.
    """
    options = {"pdf_variant": "pdf/ua-1"} if order["tagged"] else {}
    laid_out = []
    for text in order["pages"]:
        page = press.html(text)
        document = press.lay_out(page, order["sheets"], order, options)
        fewer = len(document.pages) - 1
        used = _pages_used(document) if fewer and order["closer"] else 0
        for closer in order["closer"]:
            if fewer and used <= fewer * SAVES[closer]:
                other = press.lay_out(page, [*order["sheets"], closer], order, options)
                if len(other.pages) < len(document.pages):
                    document = other
                    break
        laid_out.append(document)
    whole = laid_out[0]
    if len(laid_out) > 1:
        whole = whole.copy([page for document in laid_out for page in document.pages])
    identifier = {"pdf_identifier": order["identifier"].encode()} if order["identifier"] else {}
    return [len(document.pages) for document in laid_out], whole.write_pdf(**identifier, **options)


def _pages_used(document: Any) -> float:
    """How many pages the sections of a document would fill without gaps."""
    used = 0.0
    for page in document.pages:
        sheet = page._page_box
        ends = [
            box.position_y + box.height
            for box in sheet.children[0].descendants()
            if box.element_tag in ("section", "footer")
        ]
        used += (max(ends, default=sheet.content_box_y()) - sheet.content_box_y()) / sheet.height
    return used


def answer(press: Press, frame: bytes, memory: Memory) -> tuple[dict[str, Any], bytes]:
    """What became of an order: page counts or the kind of error, and the PDF."""
    order = json.loads(frame)
    limit_seconds(order["seconds"])
    press.files.clear()
    press.files.update({ASSETS + name: base64.b64decode(text) for name, text in order["files"].items()})
    pages: list[int] = []
    content, error, trace = b"", "", ""
    try:
        pages, content = set_pages(press, order)
    except press.asset_refused:
        error = "asset"
    except (TooLarge, RecursionError):
        error = "large"
    except MemoryError:
        error = "memory"
    except Exception:
        error, trace = "broken", traceback.format_exc()
    gc.collect()
    return {"pages": pages, "error": error, "trace": trace, "memory": memory.now()}, content


def main() -> None:
    static, folder, megabytes = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    pipe_in, pipe_out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no frame
    limit_memory(megabytes)
    tempfile.tempdir = folder
    memory = Memory()
    try:
        press = Press(static)
        # Once through everything: what is loaded late is loaded now, while it still may be.
        warm = {"pages": ["<title>t</title><p>a"], "sheets": sys.argv[4:], "closer": [], "most_pages": 9}
        set_pages(press, {**warm, "tagged": True, "identifier": ""})
        shut_in(static, folder)
        send(pipe_out, json.dumps({"memory": memory.now()}).encode())
        while (frame := receive(pipe_in)) is not None:
            facts, content = answer(press, frame, memory)
            send(pipe_out, json.dumps(facts).encode())
            send(pipe_out, content)
            if facts["error"]:
                break  # whatever happened in here, the next document gets a fresh process
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # the other side removes the folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
