"""A campaign in test mode never tells a signer or an organizer that anything of it is real."""

import html
from datetime import time, timedelta

import pytest
from django.test import Client

from campaigns.delivery import outbox
from campaigns.models import Pledge
from campaigns.sharing import picture_words
from contacts import clock
from tests import factories as make
from tests.campaigns.console import Desk, words
from tests.campaigns.test_api_organization import Caller
from tests.campaigns.test_console_drives import sent
from tests.campaigns.visitor import link_in, sign, signed, url, written

pytestmark = pytest.mark.django_db

REAL = ["your pledge counts", "counts when you confirm", "passes it on to the office", "each office gets"]


def is_honest(said, *, banner="This is a test"):
    """Whether something says that it is a test, and nothing that is true of real letters only."""
    plain = " ".join(html.unescape(said).split())
    return banner in plain and not [claim for claim in REAL if claim.lower() in plain.lower()]


def test_every_page_and_mail_of_a_test_says_that_it_is_one(client, mailoutbox, settings):
    campaign, confirm = signed(client, mailoutbox, settings, is_test=True)
    mail = mailoutbox[-1]
    assert mail.subject.startswith("[TEST] ")
    assert is_honest(mail.body) and is_honest(mail.alternatives[0].content)
    assert is_honest(words(client.get(url(campaign, "check-mail/"))))
    assert is_honest(words(client.get(confirm)))
    editor = client.post(confirm).url
    assert is_honest(words(client.get(editor)))
    client.post(editor, written("I waited eleven weeks."))
    page = editor.removesuffix("letter/")
    assert is_honest(words(client.get(f"{editor}check/")))
    thanks = client.post(f"{editor}send/").url
    for invites in (thanks, url(campaign, "share/")):
        said = client.get(invites).content.decode()
        assert "please invite nobody" in said and "wa.me" not in said and "I have signed" not in said
    assert is_honest(words(client.get(thanks)))
    assert is_honest(words(client.get(page)))
    Pledge.objects.get().letters.update(state="settled", sent_at=clock.now())
    said = words(client.get(page))
    assert is_honest(said) and "no office got it" in said
    assert is_honest(words(client.get(confirm)), banner="It does not count.")  # the link is spent


def test_the_picture_of_a_test_invites_nobody():
    real, test = make.CampaignFactory(), make.CampaignFactory(is_test=True)
    assert picture_words(real, "en")["line"] == "Sign and write to your representatives"
    assert picture_words(test, "en")["line"] == "This campaign is in test mode"


def test_a_real_signature_is_told_nothing_of_tests(client, mailoutbox, settings):
    campaign, confirm = signed(client, mailoutbox, settings)
    mail = mailoutbox[-1]
    assert "test" not in mail.body.replace("testserver", "") + mail.subject and "[TEST]" not in mail.subject
    assert "This is a test" not in words(client.get(url(campaign, "check-mail/")))
    page = words(client.get(client.post(confirm).url))
    assert "your pledge counts" in page and "This is a test" not in page


def test_a_test_that_was_made_before_the_campaign_left_test_mode_stays_one_on_its_pages(
    client, mailoutbox, settings
):
    campaign, confirm = signed(client, mailoutbox, settings, is_test=True)
    campaign.is_test = False
    campaign.save()
    assert is_honest(words(client.get(confirm)))
    sign(client, campaign, email="grace@people.example")
    outbox.send_due()
    assert "This is a test" not in words(client.get(link_in(mailoutbox[-1])))


@pytest.fixture
def desk(client):
    return Desk(client)


@pytest.fixture
def trial(desk):
    """A running drive of a campaign in test mode, three letters an hour, with five test letters: two have left."""
    organizer = desk.user
    drive = make.DriveFactory(
        campaign__organization=desk.organization,
        campaign__is_test=True,
        campaign__test_recipient=organizer,
        all_day=True,
        opens=time(0),
        closes=time(0),
        per_office_hour=3,
    )
    post = make.reachable()
    for state in ["ready", "ready", "ready", "settled", "settled"]:
        left = {"sent_at": clock.now()} if state == "settled" else {}
        make.LetterFactory(drive=drive, post=post, is_test=True, state=state, pledge__is_test=True, **left)
    return drive


def test_a_rehearsal_in_test_mode_shows_the_plan_that_real_letters_would_have(desk, trial):
    page = desk.read("rehearsal", trial.pk)
    assert "5 letters have a moment" in page
    assert "the plan of its test letters as if they were real" in page and "to the organizer alone" in page
    call = Caller(Client(), desk.organization, desk.user)
    plan = call("get", f"/drives/{trial.pk}/rehearsal/").json()
    assert plan["of_tests"] and plan["planned"] == 5
    assert max(hour["letters"] for hour in plan["by_hour"]) <= 3
    assert trial.letters.filter(is_test=True).count() == 5  # as they were


def test_a_tests_own_page_and_the_rehearsal_agree_on_the_way_a_real_letter_would_go(desk, trial):
    post = make.PostFactory()
    office = make.OfficeFactory(legislator=make.MembershipFactory(post=post).legislator)
    make.ContactPointFactory(office=office, kind="postal", value="1 Hill Street, Larkhaven 10101")
    letter = make.LetterFactory(drive=trial, post=post, is_test=True, pledge__is_test=True)
    plan = desk.read("rehearsal", trial.pk)
    assert "1 letter without hours: Printed and posted" in plan
    assert "by the way that real ones would go. In fact they go by mail to the organizer alone" in plan
    said = "By mail to the organizer alone, as a test. A real letter would go: "
    assert f"{said}Printed and posted." in desk.read("letter", letter.pk)
    by_mail = trial.letters.filter(state="ready").exclude(pk=letter.pk).first()
    assert f"{said}Mail." in desk.read("letter", by_mail.pk)
    unreached = make.LetterFactory(drive=trial, post=make.PostFactory(), is_test=True, pledge__is_test=True)
    assert "A real letter could not leave now." in desk.read("letter", unreached.pk)


def test_a_letter_that_is_not_planned_yet_names_the_way_it_would_go(desk, trial):
    post = make.PostFactory()
    office = make.OfficeFactory(legislator=make.MembershipFactory(post=post).legislator)
    make.ContactPointFactory(office=office, kind="postal", value="1 Hill Street, Larkhaven 10101")
    letter = make.LetterFactory(drive=trial, post=post)
    assert "Its way Printed and posted" in desk.read("letter", letter.pk)
    office.contact_points.update(health="failing")
    assert "Its way None that it could leave by now" in desk.read("letter", letter.pk)


def test_a_vacant_seat_is_said_not_to_be_written_to_in_a_test_either(desk, trial):
    assert "vacant seat wait" not in desk.read("rehearsal", trial.pk)
    make.LetterFactory(drive=trial, post=make.PostFactory(), is_test=True, pledge__is_test=True)
    assert "Test letters to a vacant seat wait" in desk.read("rehearsal", trial.pk)


def test_a_rehearsal_with_nobody_to_plan_for_says_how_to_get_one(desk):
    drive = make.DriveFactory(campaign__organization=desk.organization, campaign__is_test=True)
    assert "Sign the campaign as a supporter would" in desk.read("rehearsal", drive.pk)
    drive.campaign.is_test = False
    drive.campaign.save()
    page = desk.read("rehearsal", drive.pk)
    assert "No letter is ready to leave" in page and "Sign the campaign as a supporter" not in page


def test_the_review_says_how_many_of_the_seats_letters_reach(desk):
    campaign = make.campaign_with_targets(organization=desk.organization, state="draft", opened_at=None)
    chamber = campaign.target_groups.get().rules.first().chamber
    make.MembershipFactory(post=make.PostFactory(chamber=chamber))  # somebody without any address
    make.PostFactory(chamber=chamber)  # nobody
    page = desk.read("campaign-review", campaign.pk)
    assert "5 seats, 3 of them reached by letters now" in page
    assert "1 office can't be reached in any way your letters may go" in page and "1 seat is vacant" in page


def test_resuming_a_test_drive_promises_no_hours(desk, trial):
    desk.post("drive-move", trial.pk, "pause")
    clock.move(timedelta(minutes=1))
    page = desk.read("drive-move", trial.pk, "resume")
    assert "test letters go to the organizer as soon as the drive runs" in page


def test_the_way_to_real_letters_leads_by_a_signature_and_a_rehearsal_to_a_test_letter_that_arrived(client):
    desk = Desk(client, role="organizer")
    campaign = make.campaign_with_targets(organization=desk.organization, is_test=True)
    drive = make.DriveFactory(campaign=campaign, state="draft")
    page = desk.read("campaign-detail", campaign.pk)
    way = ["Open the campaign", "Sign it yourself", "Rehearse", "Look at the test letters", "Leave test mode"]
    places = [page.index(step, page.index("The way to real letters")) for step in way]
    assert places == sorted(places)

    def is_done(words):
        steps = desk.get("campaign-detail", campaign.pk).context["tasks"]
        return next(step.is_done for step in steps if words in step.text)

    test = {"drive": drive, "pledge__is_test": True, "is_test": True}
    test["version"] = campaign.target_groups.get().versions.get()
    make.LetterFactory(**test, state="draft")
    assert not is_done("Sign it yourself")
    make.LetterFactory(**test)
    assert is_done("Sign it yourself") and not is_done("Look at the test letters")
    make.LetterFactory(**test, state="sent", **sent(drive))
    assert is_done("Look at the test letters")


def test_nobody_is_led_to_a_rehearsal_of_nothing(client):
    desk = Desk(client, role="organizer")
    campaign = make.campaign_with_targets(organization=desk.organization, is_test=True)
    page = desk.read("campaign-detail", campaign.pk)
    assert (
        page.index("Set up a drive") < page.index("Sign it yourself") < page.index("Look at the test letters")
    )
    assert "Rehearse the drive" not in page
