"""Organisations that support a campaign, as a visitor of its pages sees them."""

import hashlib
import io

import pytest
from PIL import Image

from campaigns.endorsement_links import endorsement_token
from tests.factories import EndorsementFactory, campaign_with_targets

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_organisations_stand_on_the_page_and_one_more_asks(visitor):
    campaign = campaign_with_targets(state="open", is_test=False)
    out = io.BytesIO()
    Image.new("RGB", (320, 160), "teal").save(out, "PNG")
    for n in range(9):
        logo = (
            {"logo": out.getvalue(), "logo_hash": hashlib.sha256(out.getvalue()).hexdigest()} if n % 2 else {}
        )
        EndorsementFactory(campaign=campaign, website=f"https://ngo{n}.example.org/", **logo)
    page = f"/c/{campaign.organization.slug}/{campaign.slug}/organizations/"
    visitor.open(page)
    visitor.look("organisations")
    visitor.open(f"{page}join/")
    visitor.look("organisation-joins")
    for state in ("asked", "confirmed", "approved", "declined"):
        own = EndorsementFactory(campaign=campaign, state=state, reason="Please name your town.")
        visitor.open(f"/e/{endorsement_token(own)}/")
        visitor.look(f"organisation-own-{state}")
