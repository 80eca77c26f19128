"""Signatures that should not count: looked at, taken out with their letters, and brought back as they were."""

from datetime import timedelta

import pytest

from campaigns import reports
from campaigns.delivery import upkeep
from campaigns.jobs import invalidation, steps
from campaigns.links import manage_token
from campaigns.models import Invalidation, Letter, Pledge, PledgeChange
from contacts import clock
from contacts.models import AuditEntry, Job
from tests import factories as make
from tests.campaigns.console import Desk, told, words

pytestmark = pytest.mark.django_db

WHY = "Made by a program on 5 January"


@pytest.fixture
def desk(client):
    return Desk(client)


@pytest.fixture
def campaign(desk):
    return make.CampaignFactory(organization=desk.organization)


def signed(campaign, name="Ada", **fields):
    email = fields.pop("email", f"{name.lower()}@people.example")
    return make.PledgeFactory(campaign=campaign, name=name, email=email, canonical_email=email, **fields)


def fits(desk, campaign, **query):
    page = desk.get("signatures", campaign=campaign.pk, **query)
    assert page.status_code == 200, words(page)
    return {pledge.name for pledge in page.context["sample"]}


def stopped(desk, campaign, reason=WHY, **query):
    """Stop counting what fits; gives the page that says what came of it."""
    asked = "&".join(f"{name}={value}" for name, value in {"campaign": campaign.pk, **query}.items())
    answer = desk.client.post(f"{desk.url('signatures')}?{asked}", {"reason": reason})
    assert answer.status_code == 302, words(answer)
    return words(desk.client.get(answer.url))


def test_signatures_are_found_by_source_domain_time_words_tag_and_address(desk, campaign):
    at = clock.now()
    signed(campaign, "Ada", source="fair", signer_hash="a" * 64, signed_at=at - timedelta(days=2))
    signed(campaign, "Bea", email="bea@spam.example", comment="BUY cheap things", signer_hash="b" * 64)
    cy = signed(campaign, "Cy", email="cy@not-spam.example", signer_hash="b" * 64)
    signed(campaign, "Dee", state="withdrawn", source="fair")
    signed(campaign, "Eve", is_test=True, source="fair")
    signed(make.CampaignFactory(organization=desk.organization), "Flo", source="fair")
    tag = make.TaggingFactory(supporter=cy.supporter, tag__organization=desk.organization).tag
    assert fits(desk, campaign, source="fair") == {"Ada"}
    assert fits(desk, campaign, mail_domain="Spam.example") == {"Bea"}
    assert fits(desk, campaign, text="buy") == {"Bea"}
    assert fits(desk, campaign, tag=tag.pk) == {"Cy"}
    assert fits(desk, campaign, same_address_as=cy.pk) == {"Bea", "Cy"}
    before = (at - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    assert fits(desk, campaign, signed_to=before) == {"Ada"}
    assert fits(desk, campaign, signed_from=before, mail_domain="spam.example") == {"Bea"}


def test_a_condition_must_say_something(desk, campaign):
    page = desk.get("signatures", campaign=campaign.pk)
    assert page.status_code == 422 and "fill at least one of these" in words(page)
    asked = f"{desk.url('signatures')}?campaign={campaign.pk}"
    signed(campaign)
    assert desk.client.post(asked, {"reason": WHY}).status_code == 422
    asked += "&text=Ada"
    page = desk.client.post(asked, {"reason": " "})
    assert page.status_code == 422 and Pledge.objects.get().state == "confirmed" and not Job.objects.exists()


def test_the_page_says_first_how_many_people_and_letters(desk, campaign):
    drive = make.DriveFactory(campaign=campaign)
    for name, state in (("Ada", "ready"), ("Bea", "sent")):
        pledge = signed(campaign, name, source="bot")
        fields = {"legislator": make.LegislatorFactory(), "message_id": f"<{name}@x>", "sent_at": clock.now()}
        make.LetterFactory(drive=drive, pledge=pledge, state=state, **(fields if state == "sent" else {}))
    signed(campaign, "Cy", source="bot", state="pending", supporter=None)
    page = desk.read("signatures", campaign=campaign.pk, source="bot")
    assert "3 signatures fit" in page and "counts 2 people fewer" in page
    assert "1 letter that has not left is held back." in page and "1 letter has left" in page
    assert Pledge.objects.filter(state="invalidated").count() == 0


def test_counts_follow_at_once_letters_are_held_and_all_comes_back(desk, campaign):
    drive = make.DriveFactory(campaign=campaign)
    bot, pending = (
        signed(campaign, "Bot", source="bot"),
        signed(campaign, "New", source="bot", state="pending"),
    )
    ada = signed(campaign, "Ada", source="fair")
    letters = {
        state: make.LetterFactory(drive=drive, pledge=bot, state=state) for state in ("ready", "draft")
    }
    other = make.LetterFactory(drive=drive, pledge=ada)
    page = stopped(desk, campaign, source="bot")
    assert "2 signatures are not counted any more. 1 letter is held back." in page
    assert reports.campaign_numbers(campaign).people == 1
    assert "1 person of" in words(desk.client.get(f"/c/{desk.organization.slug}/{campaign.slug}/"))
    states = dict(Letter.objects.values_list("pk", "state"))
    assert states == {letters["ready"].pk: "held", letters["draft"].pk: "draft", other.pk: "ready"}
    assert not reports.needs_person(desk.organization).held  # it was decided; nobody need look
    # What its supporter sends meanwhile is held back, too, and nothing is cancelled.
    Letter.objects.filter(pk=letters["draft"].pk).update(state="ready")
    upkeep.stop_leftovers()
    assert Letter.objects.filter(state="held", pledge=bot).count() == 2
    change = PledgeChange.objects.filter(pledge=bot).last()
    assert (change.to_state, change.reason, change.actor) == ("invalidated", WHY, desk.user)
    made = Invalidation.objects.get()
    page = desk.read("signatures-undo", made.pk)
    assert "2 signatures count again." in page and "2 letters that were held back go on." in page
    answer = desk.post("signatures-undo", made.pk)
    assert "2 signatures count again. 2 letters go on." in words(desk.client.get(answer.url))
    bot.refresh_from_db()
    pending.refresh_from_db()
    assert (bot.state, pending.state) == ("confirmed", "pending")
    assert Letter.objects.filter(state="ready", pledge=bot, note="").count() == 2
    assert reports.campaign_numbers(campaign).people == 2
    assert "taken back already" in told(desk.post("signatures-undo", made.pk))
    assert [e.verb for e in AuditEntry.objects.order_by("pk")] == ["start invalidate", "start restore"]


def test_the_supporters_own_page_tells_the_truth(desk, campaign, client):
    pledge = signed(campaign, "Ada", source="bot")
    letter = make.LetterFactory(drive=make.DriveFactory(campaign=campaign), pledge=pledge)
    stopped(desk, campaign, source="bot")
    page = words(client.get(f"/p/{manage_token(pledge)}/"))
    assert f"{desk.organization.name} does not count this pledge" in page and WHY in page
    assert "this letter is held back. It has not been sent." in page and desk.organization.email in page
    desk.post("signatures-undo", Invalidation.objects.get().pk)
    page = words(client.get(f"/p/{manage_token(pledge)}/"))
    assert (
        "does not count this pledge" not in page
        and "Goes on: the organisation counts your pledge again" in page
    )
    letter.refresh_from_db()
    assert letter.state == "ready"


def test_what_somebody_else_decided_meanwhile_stands(desk, campaign):
    pledge = signed(campaign, "Ada", source="bot")
    stopped(desk, campaign, source="bot")
    stopped(desk, campaign, text="Bea") if signed(campaign, "Bea") else None
    first = Invalidation.objects.get(condition={"source": "bot"})
    Pledge.objects.filter(pk=pledge.pk).update(state="withdrawn")
    desk.post("signatures-undo", first.pk)
    pledge.refresh_from_db()
    assert pledge.state == "withdrawn" and Pledge.objects.get(name="Bea").state == "invalidated"


def test_many_are_taken_out_in_portions_and_those_who_sign_later_are_not(desk, campaign, monkeypatch):
    monkeypatch.setattr(invalidation, "_PORTION", 2)
    for n in range(5):
        signed(campaign, f"Bot{n}", source="bot")
    monkeypatch.setattr("campaigns.actions.jobs.AT_ONCE_SECONDS", 0)
    monkeypatch.setattr("campaigns.tasks.do_job.delay", lambda job_id: None)
    stopped(desk, campaign, source="bot")
    assert Pledge.objects.filter(state="invalidated").count() == 2
    clock.move(timedelta(minutes=1))
    signed(campaign, "Later", source="bot", signed_at=clock.now())
    while steps.work(Job.objects.get().pk, seconds=9):
        pass
    assert Pledge.objects.filter(state="invalidated").count() == 5
    assert Pledge.objects.get(name="Later").state == "confirmed"


def test_signatures_of_others_are_out_of_reach(client, desk, campaign):
    signed(campaign, "Ada", source="bot")
    stopped(desk, campaign, source="bot")
    made = Invalidation.objects.get()
    for role in ("staff", "reviewer"):
        other = Desk(client, desk.organization, role)
        assert (
            other.get("signatures").status_code == other.post("signatures-undo", made.pk).status_code == 403
        )
    stranger = Desk(client, role="owner")
    assert stranger.get("signatures-undo", made.pk).status_code == 404
    assert stranger.get("signatures", campaign=campaign.pk, source="bot").status_code == 422
    mine = make.CampaignFactory(organization=stranger.organization)
    assert (
        stranger.get("signatures", campaign=mine.pk, same_address_as=Pledge.objects.get().pk).context["n"]
        == 0
    )


def test_who_was_erased_meanwhile_stays_erased_and_the_others_count_again(desk, campaign, client):
    ada, bea = signed(campaign, "Ada", source="bot"), signed(campaign, "Bea", source="bot")
    stopped(desk, campaign, source="bot")
    client.post(f"/p/{manage_token(ada)}/erase/", {"sure": "1"})
    made = Invalidation.objects.get()
    assert "1 signature counts again." in desk.read("signatures-undo", made.pk)
    desk.post("signatures-undo", made.pk)
    assert dict(Pledge.objects.values_list("pk", "state")) == {ada.pk: "invalidated", bea.pk: "confirmed"}
    assert Job.objects.get(kind="restore").state == "done"


def test_what_a_job_left_that_broke_off_is_counted_again_on_a_second_press(desk, campaign, monkeypatch):
    monkeypatch.setattr(invalidation, "_PORTION", 2)
    for n in range(3):
        signed(campaign, f"Ada{n}", source="bot")
    stopped(desk, campaign, source="bot")
    made = Invalidation.objects.get()
    monkeypatch.setattr("campaigns.actions.jobs.AT_ONCE_SECONDS", 0)
    monkeypatch.setattr("campaigns.tasks.do_job.delay", lambda job_id: None)
    desk.post("signatures-undo", made.pk)
    job = Job.objects.get(kind="restore")
    assert "still under way" in told(desk.post("signatures-undo", made.pk))
    desk.post("job-move", job.pk, "cancel")
    assert Pledge.objects.filter(state="invalidated").count() == 1
    assert "Count the rest again" in desk.read("job", job.pk)
    assert "1 signature counts again." in desk.read("signatures-undo", made.pk)
    desk.post("signatures-undo", made.pk)
    assert set(Pledge.objects.values_list("state", flat=True)) == {"confirmed"}
    assert "taken back already" in told(desk.post("signatures-undo", made.pk))


def test_what_was_brought_back_and_taken_out_anew_is_left_to_the_newer_decision(desk, campaign):
    signed(campaign, "Ada", source="bot")
    stopped(desk, campaign, source="bot")
    first = Invalidation.objects.get()
    desk.post("signatures-undo", first.pk)
    stopped(desk, campaign, text="Ada")
    assert "taken back already" in told(desk.post("signatures-undo", first.pk))
    assert Pledge.objects.get().state == "invalidated"
