"""A campaign's page on a slow line: how much it loads, that nothing moves while it does, and that no style is inline."""

import gzip

import pytest

from tests.factories import CampaignUpdateFactory, EvidenceFactory, campaign_with_targets

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_BYTES = 100_000  # compressed, as a proxy or WhiteNoise sends them; without pictures
MOST_REQUESTS = 20
SHIFTS = """() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const e of list.getEntries()) sum += e.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(sum), 500);
})"""


def test_a_campaign_page_is_light_calm_and_free_of_inline_code(visitor):
    campaign = campaign_with_targets()
    EvidenceFactory.create_batch(3, issue=campaign.issue)
    CampaignUpdateFactory(campaign=campaign, published_at=campaign.created_at)
    loaded = {}

    def weigh(response):
        kind = response.request.resource_type
        if kind not in {"image", "other"}:
            body = response.body()
            # Fonts are compressed already.
            loaded[response.url] = len(body) if kind == "font" else len(gzip.compress(body, 6))

    visitor.page.on("response", weigh)
    fonts = []
    visitor.page.route("**/*.woff2", lambda route: fonts.append(route))
    visitor.page.goto(
        f"{visitor.server.url}/c/{campaign.organization.slug}/{campaign.slug}/", wait_until="domcontentloaded"
    )
    visitor.page.wait_for_timeout(500)  # somebody reads already when the fonts come
    assert fonts
    for font in fonts:
        font.continue_()
    visitor.page.unroute("**/*.woff2")
    visitor.page.wait_for_load_state()
    visitor.page.evaluate("document.fonts.ready")
    assert visitor.page.evaluate(SHIFTS) < 0.02
    assert sum(loaded.values()) <= MOST_BYTES, loaded
    assert len(loaded) <= MOST_REQUESTS, sorted(loaded)
    assert all(address.startswith(visitor.server.url) for address in loaded), sorted(loaded)
    assert visitor.page.locator("[style], style, script:not([src])").count() == 0
