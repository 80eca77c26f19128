"""Real headless Chromium at phone and desktop size; every page visited is looked at by axe and photographed."""

import os
import shutil
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.conftest import missing

SHOTS = Path(__file__).parents[2] / "ci-output" / "screenshots"
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}
# Each page is seen on dark and on light ground without being opened twice; LOOK=light or LOOK=dark shows all in one.
GROUND = {size: os.environ.get("LOOK") or look for size, look in (("phone", "dark"), ("desktop", "light"))}
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium():
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        missing("no Chromium found; Debian: apt-get install chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("Playwright is not installed; run make test-browser")
    # Playwright's own loop runs in the thread of the test; Django must not take it for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


class Visitor:
    """A person at a browser: what they see is checked for accessibility and kept as a picture."""

    def __init__(self, page, server, size, journey):
        self.page, self.server, self.size, self.journey = page, server, size, journey
        self.seen = 0

    def open(self, path):
        self.page.goto(path if path.startswith("http") else self.server.url + path)

    def look(self, name):
        """Axe finds nothing, the page does not scroll sideways, and there is a picture of it."""
        from axe_playwright_python.sync_playwright import Axe

        self.seen += 1
        self.page.wait_for_load_state()
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(
            path=SHOTS / f"{self.journey}-{self.size}-{self.seen:02}-{name}.png", full_page=True
        )
        self.page.evaluate(Axe().axe_script)
        # What axe found in order is much, and would be read by nobody.
        found = self.page.evaluate("axe.run({resultTypes: ['violations']}).then(all => all.violations)")
        assert found == [], [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found]
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= SIZES[self.size]["width"], f"{name} is {wide} px wide"

    def text(self):
        """What the whole page says: after a press its first half may be there before its second."""
        self.page.wait_for_load_state()
        return self.page.inner_text("body")

    def until(self, expression):
        """Wait until it is so in the page: as a function, because a text is evaluated anew at each look, which our pages forbid."""
        self.page.wait_for_function(f"() => {expression}")


@contextmanager
def script_comes_late(page, name):
    """As on a slow line: what is done inside happens on a page that has not got this script yet."""
    held = []
    page.route(f"**/js/{name}*", lambda route: held.append(route))
    yield
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    page.unroute(f"**/js/{name}*")


@pytest.fixture
def site(live_server, settings):
    """The running server, which has answered once."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    # The first answer of a server that has just started takes long: it reads the whole program.
    with urlopen(f"{live_server.url}/robots.txt", timeout=60):
        pass
    return live_server


@contextmanager
def at_size(size, request, chromium, site):
    context = chromium.new_context(viewport=SIZES[size], color_scheme=GROUND[size], reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(
        60_000
    )  # the first brief of a process reads its fonts, and a machine may be busy
    yield Visitor(page, site, size, request.node.path.stem.removeprefix("test_"))
    context.close()


@pytest.fixture(params=list(SIZES))
def visitor(request, chromium, site):
    with at_size(request.param, request, chromium, site) as visitor:
        yield visitor


@pytest.fixture
def visitors(request, chromium, site):
    """One for each size, for what takes too long to happen twice."""
    with ExitStack() as opened:
        yield [opened.enter_context(at_size(size, request, chromium, site)) for size in SIZES]
