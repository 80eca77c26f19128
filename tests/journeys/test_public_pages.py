"""Every other page a supporter may come to: what is over, what was spent, what is taken back, and hostile words."""

import re
from datetime import timedelta

import pytest

from campaigns.letters.write import open_drive
from campaigns.links import confirm_token, manage_token
from campaigns.models import Letter, Pledge
from contacts import clock
from tests.factories import (
    DAY_ONE,
    CampaignUpdateFactory,
    DriveFactory,
    LetterFactory,
    MembershipFactory,
    OutcomeFactory,
    PledgeFactory,
    PostFactory,
    ResourceFactory,
    StanceFactory,
    TargetGroupFactory,
    TargetRuleFactory,
    campaign_with_targets,
    reachable,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOSTILE = (
    "\"'><script>window.hit=1</script><img src=x onerror=window.hit=1><svg onload=window.hit=1>{{7919*7907}}"
)


def path(campaign, tail=""):
    return f"/c/{campaign.organization.slug}/{campaign.slug}/{tail}"


def test_pages_that_explain(visitor):
    visitor.open("/")
    visitor.look("home-empty")
    for name in ("how-we-count", "privacy"):
        visitor.open(f"/{name}/")
        visitor.look(name)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "scheduled", "opens_at": DAY_ONE + timedelta(days=36_500), "opened_at": None},
        {"state": "paused"},
        {"state": "closed", "result": "won", "closed_at": DAY_ONE},
        {"state": "closed", "result": "lost"},
        {"state": "closed", "closed_at": DAY_ONE},
        {},
        {"is_test": True, "ask_street": True},
    ],
    ids=["scheduled", "paused", "won", "lost", "over", "open", "test"],
)
def test_a_campaign_in_each_of_its_states(visitor, request, fields):
    result = fields.get("result")
    campaign = campaign_with_targets(**{name: value for name, value in fields.items() if name != "result"})
    if result:
        OutcomeFactory(campaign=campaign, result=result, on=DAY_ONE.date())
    ResourceFactory(organization=campaign.organization)
    group = TargetGroupFactory(campaign=campaign, name="Chairs")
    seated = reachable(PostFactory())
    for post in (seated, PostFactory(label="Chair of the committee")):
        TargetRuleFactory(group=group, kind="fixed", chamber=None, post=post)
    StanceFactory(measure=campaign.measure, legislator=seated.memberships.get().legislator)
    CampaignUpdateFactory(
        campaign=campaign,
        published_at=clock.now(),
        edited_at=clock.now(),
        text="Eight members voted **for** it, three against:\n\n- the chair\n- both deputies",
    )
    visitor.open(path(campaign))
    name = f"campaign-{request.node.callspec.id.split('-')[-1]}"
    visitor.look(name)
    visitor.page.emulate_media(color_scheme="dark")
    visitor.look(f"{name}-dark")
    if fields.get("state") == "closed":
        assert visitor.page.get_by_label("Your name").count() == 0


def test_asking_for_the_link_again(visitor):
    campaign = campaign_with_targets()
    visitor.open(path(campaign, "send-link/"))
    visitor.look("send-link")
    visitor.page.get_by_label("Mail address").fill("ada@people.example")
    visitor.page.get_by_role("button", name="Send the link").click()
    visitor.page.get_by_text("If this address signed").wait_for()
    visitor.look("send-link-done")


def test_links_that_are_spent_say_so_kindly(visitor):
    campaign = campaign_with_targets()
    pledge = PledgeFactory(campaign=campaign, state="pending", supporter=None, confirmed_at=None)
    link = f"/p/{confirm_token(pledge)}/confirm/"
    Pledge.objects.update(state="withdrawn")
    visitor.open(link)
    visitor.look("spent-withdrawn")
    Pledge.objects.update(state="pending", expires_at=clock.now() - timedelta(hours=1))
    visitor.open(link)
    visitor.look("spent-expired")
    confirmed = PledgeFactory(campaign=campaign)
    used = f"/p/{confirm_token(confirmed)}/confirm/"
    Pledge.objects.filter(pk=confirmed.pk).update(confirm_counter=1)
    visitor.open(used)
    visitor.look("spent-confirmed")
    visitor.page.get_by_role("button", name="Mail me a fresh link").click()
    visitor.page.get_by_text("is on its way").wait_for()
    visitor.open("/p/nonsense/")
    visitor.look("spent-nonsense")
    visitor.open("/c/nobody/nothing/")
    visitor.look("not-found")


def a_pledge_with_letters():
    campaign = campaign_with_targets(posts=0)
    drive = DriveFactory(campaign=campaign)
    pledge = PledgeFactory(campaign=campaign)
    for state in ("draft", "ready", "sent", "failed", "uncertain", "held", "deferred"):
        seat = MembershipFactory()
        at = clock.now()
        letter = LetterFactory(
            drive=drive,
            pledge=pledge,
            post=seat.post,
            state=state,
            legislator=seat.legislator,
            message_id=f"<{state}@harbour.example>",
            sent_at=at,
            version__group__name=f"For {seat.post.label}",
        )
        letter.history.create(to_state="draft", at=at)
        outcome = {
            "sent": "accepted",
            "failed": "refused",
            "uncertain": "uncertain",
            "deferred": "deferred",
        }.get(state)
        if outcome:
            letter.attempts.create(
                number=1,
                lease_token=1,
                outcome=outcome,
                host="relay.example (192.0.2.1:25)",
                reply_code=250 if outcome == "accepted" else 550,
                reply_text="words of the server",
                started_at=at,
                ended_at=at,
            )
    assert open_drive(campaign) == drive
    return pledge


def test_ones_own_page_with_letters_in_every_situation(visitor):
    pledge = a_pledge_with_letters()
    mine = f"/p/{manage_token(pledge)}/"
    visitor.open(mine)
    visitor.look("my-page-many")
    visitor.page.get_by_role("link", name="Take this letter back").first.click()
    visitor.look("withdraw-letter")
    visitor.open(f"{mine}letter/")
    visitor.look("letter-two-groups")
    visitor.open(f"{mine}withdraw/")
    visitor.look("withdraw")
    visitor.open(f"{mine}stop/")
    visitor.look("stop")
    visitor.page.get_by_role("button", name="Never write to me again").click()
    visitor.page.get_by_role("heading", name="We will not write again").wait_for()
    visitor.look("stop-done")
    assert Letter.objects.filter(state="withdrawn").count() == 0


def test_hostile_words_run_nowhere(visitor):
    """Scripts in every field a stranger can fill: none runs, and the browser has nothing to block."""
    campaign = campaign_with_targets(posts=1, title=HOSTILE[:140], why=HOSTILE)
    DriveFactory(campaign=campaign)
    pledge = PledgeFactory(campaign=campaign, name=HOSTILE[:80], city=HOSTILE[:80], comment=HOSTILE)
    post = campaign.target_groups.get().rules.get().chamber.posts.get()
    LetterFactory(
        drive=campaign.drives.get(),
        pledge=pledge,
        post=post,
        version=campaign.target_groups.get().versions.get(),
        body=HOSTILE,
        subject=HOSTILE[:140],
    )
    said = []
    visitor.page.on("console", lambda message: said.append(message.text))
    mine = f"/p/{manage_token(pledge)}/"
    for page in (
        "/",
        path(campaign),
        mine,
        f"{mine}letter/",
        f"{mine}letter/check/",
        f"{mine}thanks/",
        f"{mine}withdraw/",
    ):
        visitor.open(page)
        assert visitor.page.evaluate("window.hit") is None, page
    visitor.open(f"{mine}letter/")
    visitor.page.locator("textarea").first.fill(HOSTILE + " again")
    visitor.page.locator("#preview").get_by_text(re.compile("again$", re.M)).first.wait_for()
    assert visitor.page.evaluate("window.hit") is None
    assert "62615533" not in visitor.page.locator("#preview").inner_text()
    assert not [words for words in said if "Content Security Policy" in words]
