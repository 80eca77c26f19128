"""Somebody signs on another site's page: that site has its own origin, and the browser gives our frame no cookie."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from campaigns.models import Pledge
from tests.factories import OrganizationFactory, campaign_with_targets
from tests.journeys.test_my_data import both

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = """<!doctype html><html lang="en"><head><title>Partner</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><script>window.heard = []; addEventListener("message", (e) => window.heard.push([e.origin, e.data]));</script>
<main><h1>Our partner's page</h1><p><a id="plain" href="{site}/c/{campaign}/">Sign it here</a>
<script src="{site}/embed.js" data-campaign="{campaign}" data-title="Petition"></script></p></main>
</body></html>"""


@pytest.fixture
def partner():
    """Another site, at 127.0.0.1 where ours is at localhost; `page` is what it serves."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(server.page.encode())

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.page = ""
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def embedding(visitor, partner, *, allowed=True):
    sites = [partner.url] if allowed else []
    campaign = campaign_with_targets(organization=OrganizationFactory(embed_origins=sites))
    name = f"{campaign.organization.slug}/{campaign.slug}"
    partner.page = PAGE.format(site=visitor.server.url, campaign=name)
    visitor.open(partner.url)
    return campaign


def settled(visitor):
    """The form in its frame, once the frame is as tall as the form with its letters drawn; gives that height, too."""
    frame = visitor.page.frame_locator("iframe[title=Petition]")
    frame.get_by_label("Your name").wait_for()
    inside = next(one for one in visitor.page.frames if "/embed/" in one.url)
    inside.wait_for_load_state()
    inside.evaluate("document.fonts.ready")
    height = inside.evaluate("Math.ceil(document.documentElement.getBoundingClientRect().height)")
    visitor.until(f"document.querySelector('iframe').style.height === '{height}px'")
    return frame, inside, height


def test_signing_inside_another_sites_page(visitor, partner):
    campaign = embedding(visitor, partner)
    frame, inside, _height = settled(visitor)
    assert not visitor.page.locator("#plain").is_visible()
    # Only our own origin was heard, and the frame is as tall as its form: nothing scrolls inside it.
    assert visitor.page.evaluate("[...new Set(window.heard.map((m) => m[0]))]") == [visitor.server.url]
    inner, outer = inside.evaluate("[document.documentElement.scrollHeight, innerHeight]")
    assert inner <= outer + 1
    both(visitor, "embed")
    frame.get_by_label("Your name").fill("Ada Example")
    frame.get_by_label("Mail address").fill("ada@people.example")
    frame.get_by_label("Postal code").fill("20000")
    visitor.page.wait_for_timeout(1600)  # a person does not type faster
    frame.get_by_role("button", name="Sign and write").click()
    frame.get_by_role("heading", name="Check your mail").wait_for()
    both(visitor, "embed-signed")
    pledge = Pledge.objects.get()
    assert (pledge.campaign_id, pledge.source) == (campaign.pk, "embed")
    assert visitor.page.context.cookies(visitor.server.url) == []


def test_a_site_that_may_not_embed_keeps_its_plain_link(visitor, partner):
    embedding(visitor, partner, allowed=False)
    visitor.page.wait_for_timeout(1500)
    assert visitor.page.locator("#plain").is_visible()
    assert visitor.page.frame_locator("iframe").get_by_label("Your name").count() == 0
    assert visitor.page.evaluate("window.heard") == []


def test_a_height_that_somebody_else_says_changes_nothing(visitor, partner):
    embedding(visitor, partner)
    _frame, _inside, height = settled(visitor)
    # Who listens after the page's own script hears it when that has heard it.
    visitor.page.evaluate("""() => new Promise((heard) => {
      addEventListener("message", (event) => { if (event.data.outspokenHeight === 5) heard(); });
      window.postMessage({ outspokenHeight: 5 }, "*");
    })""")
    assert visitor.page.evaluate("document.querySelector('iframe').style.height") == f"{height}px"
