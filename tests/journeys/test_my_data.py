"""What supporters do with their own data: correct it, choose mails, take it along, erase it, end mails."""

import pytest

from campaigns.delivery.mail_texts import message
from campaigns.delivery.owed import owe_question
from campaigns.links import manage_token
from campaigns.models import Letter, MailKind, OutboxMail, Pledge
from contacts import clock
from tests.factories import (
    DriveFactory,
    LetterFactory,
    OfficeQuestionFactory,
    PledgeFactory,
    ResidenceFactory,
    campaign_with_targets,
)
from tests.journeys.conftest import script_comes_late

ENTRY = "Object.entries(localStorage).find(([k]) => k.startsWith('letter-'))"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def a_supporter():
    campaign = campaign_with_targets(posts=2)
    drive = DriveFactory(campaign=campaign)
    pledge = PledgeFactory(campaign=campaign, postal_code="20000", name="Ada Example")
    post = campaign.target_groups.get().rules.get().chamber.posts.order_by("label").first()
    ResidenceFactory(supporter=pledge.supporter, division=post.division)
    version = campaign.target_groups.get().versions.get()
    LetterFactory(
        drive=drive, pledge=pledge, post=post, version=version, body="I waited a year.", similarity=0.1
    )
    LetterFactory(drive=drive, pledge=pledge, version=version, state="settled", sent_at=clock.now())
    return f"/p/{manage_token(pledge)}/"


def both(visitor, name):
    """The page as it is by day and by night."""
    visitor.look(name)
    visitor.page.emulate_media(color_scheme="dark")
    visitor.look(f"{name}-dark")
    visitor.page.emulate_media(color_scheme="light")


def test_moving_house(visitor):
    visitor.open(a_supporter())
    both(visitor, "my-page")
    visitor.page.get_by_role("link", name="Correct my name, address or language").click()
    code = visitor.page.get_by_label("Postal code")
    code.fill("!")
    visitor.page.get_by_role("button", name="See what changes").click()
    visitor.look("details-wrong")
    assert visitor.page.evaluate("document.activeElement.id") == "errors"
    # On a slow line she is at the field before the script is there: it is not taken from under her hands.
    with script_comes_late(visitor.page, "page."):
        visitor.page.get_by_role("button", name="See what changes").click()
        code.click()
    visitor.page.wait_for_load_state()
    assert visitor.page.evaluate("document.activeElement.name") == "postal_code"
    code.fill("20001")
    visitor.page.get_by_label("Your name").fill("Ada King")
    visitor.page.get_by_role("button", name="See what changes").click()
    visitor.page.get_by_role("heading", name="Is this right?").wait_for()
    both(visitor, "details-check")
    visitor.page.get_by_role("button", name="Yes, correct it").click()
    visitor.page.get_by_text("are corrected").wait_for()
    assert Pledge.objects.get().name == "Ada King"
    assert Letter.objects.filter(state="withdrawn").count() == 1 and Letter.objects.count() == 3


def test_choosing_mails_taking_data_along_and_erasing_it(visitor):
    mine = a_supporter()
    visitor.open(f"{mine}mails/")
    both(visitor, "wishes")
    visitor.page.get_by_label("You may ask me whether").uncheck()
    visitor.page.get_by_role("button", name="Save my choices").click()
    visitor.page.get_by_text("It holds from now on").wait_for()
    visitor.open(f"{mine}data/")
    both(visitor, "export")
    for _again in range(2):
        with visitor.page.expect_download() as download:
            visitor.page.get_by_role("button", name="Download my data").click()
        assert download.value.suggested_filename.endswith(".zip")
    visitor.open(f"{mine}erase/")
    both(visitor, "erase")
    visitor.page.get_by_role("button", name="Erase my data").click()
    visitor.page.get_by_text("Say that you are sure").wait_for()
    visitor.look("erase-unsure")
    visitor.page.get_by_label("I am sure").check()
    visitor.page.get_by_role("button", name="Erase my data").click()
    visitor.page.get_by_role("heading", name="Your data is erased").wait_for()
    both(visitor, "erased")
    assert Pledge.objects.get().name == ""


def test_ending_mails(visitor):
    question = OfficeQuestionFactory()
    owe_question(question.letter.pledge, MailKind.QUESTION, str(question.pk), clock.now())
    address = message(OutboxMail.objects.get()).extra_headers["List-Unsubscribe"].strip("<>")
    visitor.open(address)
    both(visitor, "unsubscribe")
    visitor.page.get_by_role("button", name="No more of these").click()
    visitor.page.get_by_role("heading", name="Done").wait_for()
    visitor.look("unsubscribed")


def test_what_was_typed_is_there_again_and_is_forgotten_when_it_is_saved(visitor):
    mine = a_supporter()
    visitor.open(f"{mine}letter/")
    box = visitor.page.locator("textarea").first
    box.fill("I waited a year and a day.")
    visitor.open(f"{mine}letter/")
    assert box.input_value() == "I waited a year and a day."
    # Looking at it makes it no younger: after a day it is gone, however often it was opened.
    visitor.page.evaluate(f"""() => {{ const [k, v] = {ENTRY};
        localStorage.setItem(k, JSON.stringify({{ ...JSON.parse(v), at: Date.now() - 23 * 3600 * 1000 }})); }}""")
    visitor.open(f"{mine}letter/")
    assert box.input_value() == "I waited a year and a day."
    age = visitor.page.evaluate(f"Date.now() - JSON.parse({ENTRY}[1]).at")
    assert age >= 23 * 3600 * 1000
    both(visitor, "letter-kept")
    visitor.page.get_by_role("button", name="Forget it and start over").click()
    visitor.page.wait_for_load_state()
    assert box.input_value() == "I waited a year."
    # Shown, refused or lost on the way is not saved.
    kept = "Object.keys(localStorage).filter((k) => k.startsWith('letter-')).length"
    box.fill("I waited a whole year.")
    visitor.page.get_by_role("button", name="Show preview").click()
    visitor.page.wait_for_load_state()
    assert box.input_value() == "I waited a whole year." and visitor.page.evaluate(kept) == 1
    assert visitor.page.locator("[data-draft-note]").is_hidden()
    box.fill(" ")
    visitor.page.get_by_role("button", name="Save and check").click()
    visitor.page.locator("#errors:focus").wait_for()
    assert visitor.page.title().startswith("Please mend:") and visitor.page.evaluate(kept) == 1
    both(visitor, "letter-refused")
    box.fill("I waited two years.")
    visitor.page.route("**/letter/", lambda route: route.abort())
    visitor.page.get_by_role("button", name="Save and check").click()
    visitor.page.wait_for_url("chrome-error://**")
    visitor.page.unroute("**/letter/")
    visitor.open(f"{mine}letter/")
    assert box.input_value() == "I waited two years."
    visitor.page.get_by_role("button", name="Save and check").click()
    visitor.page.get_by_role("heading", name="Check your letters").wait_for()
    visitor.until("!Object.keys(localStorage).some((k) => k.startsWith('letter-'))")
    # On a slow line she writes before the script is there: newer words than those kept.
    visitor.open(f"{mine}letter/")
    box.fill("I waited three years.")
    with script_comes_late(visitor.page, "letter."):
        visitor.page.goto(f"{visitor.server.url}{mine}letter/", wait_until="commit")
        box.fill("I waited four years.")
    visitor.page.locator("#preview", has_text="four years").wait_for()
    visitor.open(f"{mine}letter/")
    assert box.input_value() == "I waited four years."
    visitor.page.get_by_role("button", name="Save and check").click()
    visitor.page.get_by_role("heading", name="Check your letters").wait_for()
    visitor.until("!Object.keys(localStorage).some((k) => k.startsWith('letter-'))")
    # A day later nothing is left, whoever looks.
    visitor.page.evaluate(
        "localStorage.setItem('letter-old', JSON.stringify({at: Date.now() - 90000000, words: {}}))"
    )
    visitor.open(f"{mine}letter/")
    assert visitor.page.evaluate("localStorage.getItem('letter-old')") is None
