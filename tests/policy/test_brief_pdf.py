"""The PDF: tagged, complete, the same bytes again, and deaf to everything outside it."""

import functools
import io
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import asdict, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pikepdf
import pytest

from policy.briefs import pdf
from policy.briefs.html import body
from policy.briefs.press import Press, set_pages
from policy.briefs.sections import Paragraphs, Table
from policy.errors import AssetRefused, BriefTooLarge
from tests.pdf_text import pages
from tests.policy.facts import CAMPAIGN, ISSUE, a_leave_behind, an_issue_brief, version_of

BRIEFS = [a_leave_behind, an_issue_brief]


def rendered(document):
    return pdf.render(document, version_of(document))


@functools.cache
def made(document):
    """A document set once, for all tests that only look at what came out."""
    return rendered(document)


def opened(document):
    return pikepdf.open(io.BytesIO(made(document).content))


def tags(node, found):
    """Every structure element below a node, as (tag, alternative text)."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            tags(child, found)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        found.append((str(node["/S"]), str(node.get("/Alt", ""))))
        if "/K" in node:
            tags(node["/K"], found)
    return found


def words(document):
    return " ".join(pages(made(document).content))


@pytest.mark.parametrize("make", BRIEFS)
def test_a_brief_is_tagged_titled_and_in_a_language(make):
    document = make()
    with opened(document) as file:
        assert file.Root.Lang == "en"
        assert file.Root.MarkInfo.Marked
        assert file.docinfo["/Title"] == document.title
        assert file.Root.ViewerPreferences.DisplayDocTitle
        with file.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        found = Counter(tag for tag, _alt in tags(file.Root.StructTreeRoot.K, []))
        assert found["/H1"] == 1
        assert found["/H2"] >= 5
        assert (
            found["/Table"] and found["/THead"] and found["/TH"] and found["/BlockQuote"] and found["/Link"]
        )


@pytest.mark.parametrize("make", BRIEFS)
def test_every_picture_has_an_alternative_text(make):
    with opened(make()) as file:
        figures = [alt for tag, alt in tags(file.Root.StructTreeRoot.K, []) if tag == "/Figure"]
    assert figures
    assert all(figures)


def test_bookmarks_lead_to_the_sections():
    with opened(an_issue_brief()) as file, file.open_outline() as outline:
        assert [item.title for item in outline.root] == ["Nobody should wait six weeks for help"]
        assert "Sources" in [item.title for item in outline.root[0].children]


@pytest.mark.parametrize("make", BRIEFS)
def test_all_fonts_are_embedded(make):
    with opened(make()) as file:
        fonts = [font for page in file.pages for font in page.Resources.Font.values()]
        assert fonts
        for font in fonts:
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor


def test_a_leave_behind_has_one_or_two_pages_and_an_issue_brief_two_to_four():
    assert made(a_leave_behind()).page_count in {1, 2}
    assert made(an_issue_brief()).page_count in {2, 3, 4}


@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595, 842))])
def test_the_paper_is_the_one_asked_for(paper, size):
    with opened(a_leave_behind(paper=paper)) as file:
        _left, _bottom, width, height = (round(float(edge)) for edge in file.pages[0].MediaBox)
    assert (width, height) == size


@pytest.mark.parametrize("make", BRIEFS)
def test_the_same_facts_give_the_same_bytes(make):
    assert rendered(make()).content == made(make()).content


def test_another_process_makes_the_same_bytes(tmp_path):
    script = (
        "import sys, django; django.setup()\n"
        "from tests.policy.facts import a_leave_behind, version_of\n"
        "from policy.briefs import pdf\n"
        "sys.stdout.buffer.write(pdf.render(a_leave_behind(), version_of(a_leave_behind())).content)\n"
    )
    other = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=True,
        env={
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "OUTSPOKEN_DATA_DIR": str(tmp_path),
            "PYTHONHASHSEED": "7",
        },
    )
    assert other.stdout == made(a_leave_behind()).content


def test_each_page_carries_its_number_and_the_version():
    document = an_issue_brief()
    sheets = pages(made(document).content)
    for number, page in enumerate(sheets, start=1):
        assert f"Page {number} of {len(sheets)}" in page
        assert version_of(document).short in page
    assert version_of(document).url in words(document)


def test_letters_beyond_latin_print_as_themselves():
    assert "Farid Ő. Şimşek" in words(an_issue_brief())


def test_a_long_table_repeats_its_head_on_each_page():
    rows = tuple((f"Member {n}", f"Seat {n}") for n in range(120))
    table = Table("Members", "All members", ("Name", "Seat of the member"), rows, "campaign")
    sheets = pages(made(replace(an_issue_brief(), sections=(table,))).content)
    assert len(sheets) >= 3
    assert all("Seat of the member" in sheet for sheet in sheets[:3])


HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)><link rel=stylesheet href='{0}'>"
    "<svg><image href='{0}'/></svg><iframe src='{0}'></iframe><object data='{0}'></object> {{{{ settings.SECRET_KEY }}}}"
    "\n\n![picture]({0})\n\n[click](javascript:alert(1))\n\n<style>@import '{0}';</style>"
)


@pytest.fixture
def canary():
    """A server that notes whoever knocks."""
    knocks = []

    class Note(BaseHTTPRequestHandler):
        def do_GET(self):
            knocks.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Note)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/canary.png", knocks
    server.shutdown()


def hostile(text):
    quote = replace(CAMPAIGN.quotes[0], text=text, attribution=text, place=text)
    campaign = replace(CAMPAIGN, title=text[:140], ask=text, quotes=(quote,))
    return a_leave_behind(
        campaign=campaign, issue=replace(ISSUE, measure=replace(ISSUE.measure, summary=text))
    )


def test_hostile_text_stays_text(canary):
    address, knocks = canary
    document = hostile(HOSTILE.format(address))
    html = body(document, version_of(document))
    for tag in ("<script", "<img", "<link", "<iframe", "<object", "<style", "<image", 'javascript:alert(1)"'):
        assert tag not in html
    assert "<script>alert(1)</script>" in words(document)
    assert knocks == []


@pytest.fixture(scope="module")
def engine():
    """The press without its process, which it would leave at each refusal."""
    return Press(Path("static"))


def test_nothing_outside_the_packaged_assets_is_ever_fetched(canary, monkeypatch):
    """Should a tag ever slip through the cleaning, the whole document stops."""
    address, knocks = canary
    monkeypatch.setattr(pdf, "print_page", lambda *args: f'<title>t</title><img alt="a" src="{address}">')
    with pytest.raises(AssetRefused):
        rendered(a_leave_behind())
    assert knocks == []


@pytest.mark.parametrize(
    "tag",
    [
        '<img alt="a" src="{0}">',
        '<img alt="a" src="file:///etc/hostname">',
        '<img alt="a" src="https://assets.invalid/static/css/../../etc/passwd">',
        '<img alt="a" src="data:image/svg+xml,<svg xmlns=\'http://www.w3.org/2000/svg\'/>">',
        '<link rel="stylesheet" href="{0}">',
        '<link rel="attachment" href="{0}">',
        "<style>@import '{0}'; p {{ background: url({0}) }}</style><p>x</p>",
    ],
)
def test_no_picture_no_stylesheet_and_no_attachment_is_fetched(tag, canary, engine):
    address, knocks = canary
    order = pdf.order(a_leave_behind(), version_of(a_leave_behind()))
    page = f"<title>t</title>{tag.format(address)}"
    with pytest.raises(engine.asset_refused):
        set_pages(engine, {**asdict(order), "pages": [page]})
    assert knocks == []


def test_more_text_than_a_brief_can_hold_is_refused():
    with pytest.raises(BriefTooLarge):
        rendered(replace(a_leave_behind(), sections=(Paragraphs("Much", "word " * 50_000),)))


def test_more_pages_than_a_brief_can_have_is_refused(monkeypatch):
    monkeypatch.setattr(pdf, "PAGE_LIMIT", 2)
    with pytest.raises(BriefTooLarge):
        rendered(replace(a_leave_behind(), sections=(Paragraphs("Much", "a\n\n" * 300),)))


def test_deep_nesting_does_not_break_the_press():
    assert made(replace(a_leave_behind(), sections=(Paragraphs("Deep", "> " * 60 + "end"),))).page_count >= 1


def test_the_page_on_screen_says_the_same_as_the_paper():
    document = an_issue_brief()
    html = body(document, version_of(document))
    assert html.count("<h1") == 1
    assert "style=" not in html
    for text in ("Nobody should wait", "Three myths", "Champion", "Register by region", "Invented example"):
        assert text in html
