"""Briefs: what a leave-behind costs beside a bare call of the engine, and all of Congress in one go.

Both sides of each ratio run in turn in one run; the last line is JSON. `make bench-briefs`.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

from bench import brief_world

DATA = Path(os.environ.get("OUTSPOKEN_PUBLIC_DATA", "../shared/data"))
# A process of its own that imports the engine, reads fonts and stylesheets, sets one document and ends.
COLD = (
    "import sys; from pathlib import Path; from policy.briefs.press import Press, set_pages\n"
    "order = {'pages': [sys.stdin.read()], 'sheets': sys.argv[2:], 'closer': [], 'most_pages': 99,"
    " 'tagged': True, 'identifier': ''}\n"
    "sys.stdout.buffer.write(set_pages(Press(Path(sys.argv[1])), order)[1])\n"
)
Times = dict[str, list[float]]


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def one_brief(document: Any, rounds: int) -> dict[str, float | None]:
    """Ratios for one leave-behind: the median of each round's."""
    from django.conf import settings

    from policy.briefs import pdf
    from policy.briefs.build import version_of_hash
    from policy.briefs.html import print_page
    from policy.briefs.plain import content_hash
    from policy.briefs.press import Press, set_pages

    static = Path(settings.BASE_DIR) / "static"
    version = version_of_hash(content_hash(document))
    page = print_page(document, version)
    press = Press(static)
    bare = {"pages": [page], "sheets": list(pdf.STYLES), "closer": [], "most_pages": 99, "identifier": ""}
    settings_needed = len(pdf.CLOSER) and _is_set_again(press, bare, pdf.render(document, version))
    say(
        f"the leave-behind measured is set {'twice' if settings_needed else 'once'} by us, once by the bare call"
    )
    cold = [sys.executable, "-c", COLD, str(static), *pdf.STYLES]
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    folder = Path(tempfile.mkdtemp())
    printed = folder / "brief.html"
    style = "".join((static / name).read_text() for name in pdf.STYLES).replace(
        "../fonts/", f"{static.as_uri()}/fonts/"
    )
    printed.write_text(page.replace("</head>", f"<style>{style}</style></head>"))
    chromium = [
        str(browser), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile",
        "--no-pdf-header-footer", f"--print-to-pdf={folder}/brief.pdf", printed.as_uri(),
    ]  # fmt: skip
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True}
    sides: dict[str, Callable[[], object]] = {
        "ours": lambda: pdf.render(document, version),
        "bare": lambda: set_pages(press, {**bare, "tagged": True}),
        "untagged": lambda: set_pages(press, {**bare, "tagged": False}),
        "cold": lambda: subprocess.run(cold, input=page.encode(), **quiet),
    }
    if browser:
        sides["chromium"] = lambda: subprocess.run(chromium, **quiet)
    for work in sides.values():
        work()
    times: Times = {name: [] for name in sides}
    for number in range(rounds):
        names = list(sides)[number % len(sides) :] + list(sides)[: number % len(sides)]
        for name in names:
            times[name].append(seconds(sides[name]))
        say("  ".join(f"{name} {times[name][-1] * 1000:,.0f} ms" for name in sides))
    shutil.rmtree(folder, ignore_errors=True)

    def ratio(one: str, other: str) -> float | None:
        if other not in times:
            return None
        return round(median(a / b for a, b in zip(times[one], times[other], strict=True)), 3)

    return {
        "ratio_bare": ratio("ours", "bare"),
        "ratio_cold": ratio("ours", "cold"),
        "ratio_ua": ratio("bare", "untagged"),
        "ratio_chromium": ratio("ours", "chromium"),
        "ms_ours": round(median(times["ours"]) * 1000),
        "ms_bare": round(median(times["bare"]) * 1000),
        "ms_cold": round(median(times["cold"]) * 1000),
    }


def _is_set_again(press: Any, bare: dict[str, Any], ours: Any) -> bool:
    from policy.briefs.press import set_pages

    return bool(set_pages(press, {**bare, "tagged": True})[0][0] != ours.page_count)


def two_presses(documents: list[Any], rounds: int) -> float:
    """How many times as many briefs two presses set in the same time as one."""
    from concurrent.futures import ThreadPoolExecutor

    from policy.briefs import pdf
    from policy.briefs.build import version_of_hash
    from policy.briefs.plain import content_hash
    from policy.briefs.renderer import Renderer

    presses = [Renderer(), Renderer()]

    def batch(renderer: Renderer, some: list[Any]) -> None:
        for document in some:
            pdf.render(document, version_of_hash(content_hash(document)), renderer)

    def both() -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(batch, presses, (documents[::2], documents[1::2])))

    for press in presses:
        batch(press, documents[:1])
    ratios = [seconds(lambda: batch(presses[0], documents)) / seconds(both) for _round in range(rounds)]
    for press in presses:
        press.stop()
    return round(median(ratios), 2)


def shared_pages(documents: list[Any], behind: Any) -> dict[str, float | bool]:
    """A leave-behind with the same issue brief behind each: its pages laid out once ÷ each time, and what is lost."""
    import pikepdf
    from django.conf import settings

    from policy.briefs import pdf
    from policy.briefs.build import version_of_hash
    from policy.briefs.html import print_page
    from policy.briefs.plain import content_hash
    from policy.briefs.press import Press

    press = Press(Path(settings.BASE_DIR) / "static")
    order, tagged = {"most_pages": 99}, {"pdf_variant": "pdf/ua-1"}

    def lay_out(document: Any) -> Any:
        page = print_page(document, version_of_hash(content_hash(document)))
        return press.lay_out(press.html(page), list(pdf.STYLES), order, tagged)

    def written(document: Any, shared: Any) -> bytes:
        own = lay_out(document)
        return bytes(own.copy([*own.pages, *shared.pages]).write_pdf(**tagged))

    kept = lay_out(behind)
    made = written(documents[0], kept)
    ratios = []
    for document in documents:
        once = seconds(lambda document=document: written(document, kept))
        ratios.append(once / seconds(lambda document=document: written(document, lay_out(behind))))
    count = len(lay_out(documents[0]).pages) + len(kept.pages)
    text = subprocess.run(
        ["pdftotext", "-", "-"], input=made, capture_output=True, check=True
    ).stdout.decode()
    with pikepdf.open(BytesIO(made)) as joined:
        is_tagged = "/StructTreeRoot" in joined.Root
    return {
        "ratio_shared_pages": round(median(ratios), 3),
        "shared_pages_tagged": is_tagged,
        "shared_pages_counted": f"1 of {count}" in text and f"{count} of {count}" in text,
    }


def everybody(campaign: Any, members: int) -> dict[str, float | int]:
    """The whole chamber through the product: asked for, made, asked for again with the same facts."""
    from campaigns import brief_sets
    from campaigns.actions.brief_sets import request_set
    from policy.briefs import renderer as module
    from policy.models import ItemState

    kept: dict[int, list[int]] = {}
    real = module.Renderer.render

    def noted(self: Any, order: Any) -> Any:
        made = real(self, order)
        kept.setdefault(id(self), []).append(self.memory)
        return made

    module.Renderer.render = noted  # type: ignore[method-assign]

    def run() -> tuple[float, Any]:
        brief_set = request_set(campaign=campaign, actor=None)
        brief_set.items.filter(position__gt=members).delete()

        def work() -> None:
            while brief_sets.work(brief_set.pk, seconds=10_000):
                pass

        return seconds(work), brief_set

    first, brief_set = run()
    ready = brief_set.items.filter(state=ItemState.READY)
    made = ready.count()
    pages = sum(
        item.brief.page_count for item in ready.select_related("brief").defer("brief__pdf", "brief__content")
    )
    second, again = run()
    unchanged = again.items.filter(is_unchanged=True).count()
    if unchanged != made:
        raise SystemExit(f"error: of {made} briefs {unchanged} were found unchanged")
    growth = [some[-1] / some[len(some) // 10] - 1 for some in kept.values() if len(some) > 20]
    say(f"{made} briefs, {pages} pages in {first:.1f} s; again in {second:.2f} s")
    return {
        "seconds_537": round(first, 1),
        "members": made,
        "pages": pages,
        "ratio_second_run": round(second / first, 4),
        "memory_growth": round(max(growth, default=0), 3),
        "memory_mb": max(max(some) for some in kept.values()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.briefs", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--members", type=int, default=537, help="fewer than all of Congress, when there is no time"
    )
    parser.add_argument("--quick", action="store_true", help="one round, twelve members: does it run at all?")
    given = parser.parse_args()
    rounds, members = (1, 12) if given.quick else (given.rounds, given.members)
    if not (DATA / "us-congress").is_dir():
        raise SystemExit(
            f"error: no us-congress in {DATA}. Set OUTSPOKEN_PUBLIC_DATA; see docs/importing.md."
        )
    with tempfile.TemporaryDirectory() as folder:
        brief_world.set_up(Path(folder))
        campaign = brief_world.congress(DATA)

        from django.utils import translation

        from campaigns.documents import issue_brief, leave_behinds
        from contacts.models import Legislator

        with translation.override("en"):
            ids = list(Legislator.objects.order_by("pk").values_list("pk", flat=True)[:24])
            documents = list(leave_behinds(campaign, ids, language="en", paper="letter").values())
            figures: dict[str, object] = dict(one_brief(documents[0], rounds))
            figures["ratio_two_processes"] = two_presses(
                documents[: 4 if given.quick else 16], min(rounds, 3)
            )
            behind = issue_brief(campaign, language="en", paper="letter")
            figures |= shared_pages(documents[1 : 2 * rounds], behind)
        figures |= everybody(campaign, members)
    print(json.dumps({**figures, "rounds": rounds}))


if __name__ == "__main__":
    main()
