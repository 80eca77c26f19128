"""Letters that stopped, and an office before a meeting, in a real browser."""

import pytest

from contacts import clock
from tests import factories as make
from tests.campaigns.console import Desk
from tests.journeys.test_coalition import as_somebody

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_organizer_sees_why_letters_stopped_and_decides_about_some(visitor, client):
    desk = Desk(client)
    drive = make.DriveFactory(
        campaign=make.CampaignFactory(organization=desk.organization, title="Care within four weeks")
    )
    post = make.reachable(email="kim@assembly.example")
    version = make.LetterVersionFactory(group__campaign=drive.campaign)

    def letter(**fields):
        return make.LetterFactory(
            drive=drive, post=post, version=version, legislator=post.memberships.get().legislator, **fields
        )

    for _ in range(3):
        letter(state="held", note="its worker died 5 times")
    letter(state="held", note="no working contact point")
    letter(state="failed", note="550 5.1.1 User unknown", sent_at=clock.now())
    make.InboundMailFactory(letter=letter(state="closed", sent_at=clock.now()))
    as_somebody(visitor, desk.user)
    visitor.open(desk.url("drive", drive.pk))
    visitor.look("drive")
    page = visitor.page
    # What is pressed while the page makes itself fresh is not taken from under the finger.
    asked = []
    page.route("**/board/", lambda route: asked.append(route))
    while not asked:
        page.wait_for_timeout(50)
    page.get_by_role("link", name="3 (Sending it broke off again and again)").hover()
    page.mouse.down()
    with page.expect_response("**/board/") as fresh:
        asked[0].continue_()
    fresh.value.finished()
    page.wait_for_timeout(200)
    page.mouse.up()
    page.wait_for_url("**/letters/?**")
    boxes = page.get_by_role("checkbox")
    boxes.first.check()
    visitor.look("held")
    page.get_by_role("button", name="Release the chosen").click()
    visitor.look("release")
    page.get_by_role("button", name="Release 1 letter").click()
    assert "1 letter is released." in visitor.text()
    visitor.open(desk.url("drive", drive.pk))
    page.get_by_role("link", name=post.label, exact=True).click()
    assert "What came back" in visitor.text() and "Your letter" in visitor.text()
    visitor.look("office")
    visitor.open(desk.url("letter", drive.letters.get(state="failed").pk))
    visitor.look("failed")
