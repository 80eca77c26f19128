"""A campaign that opens by itself: what people see before, that it opens once, and what happens when it can't."""

import json
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.core.cache import caches
from django.db import IntegrityError, transaction

from campaigns.actions.campaigns import ask_review
from campaigns.actions.openings import change_opening, schedule_opening
from campaigns.delivery import openings, outbox
from campaigns.delivery.dispatcher import prepare
from campaigns.errors import ActionRefused, BadMove, CampaignNotReady
from campaigns.models import Campaign, OutboxMail
from campaigns.review import fingerprint_of
from contacts import clock, lookups
from contacts.actions.members import make_token
from tests import factories as make
from tests.campaigns.api import sign as sign_by_api
from tests.campaigns.console import Desk, told, words
from tests.campaigns.visitor import entries, url

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def text(response):
    return unescape(" ".join(response.content.decode().split()))


@pytest.fixture
def campaign():
    """A draft that lacks nothing, of an organisation an hour east of Greenwich in winter."""
    made = make.campaign_with_targets(
        posts=1, state="draft", opened_at=None, organization__time_zone="Europe/Madrid", title="Care in time"
    )
    make.DriveFactory(campaign=made, state="draft", ends_at=clock.now() + timedelta(days=400))
    return made


@pytest.fixture
def soon(campaign):
    """The same, opening in a day."""
    schedule_opening(campaign=campaign, actor=None, opens_at=clock.now() + timedelta(days=1))
    return campaign


def state(campaign):
    campaign.refresh_from_db()
    return campaign.state


# What people see ----------------------------------------------------------------------------------


def test_before_its_hour_the_page_says_what_comes_and_when_and_takes_no_signature(client, campaign):
    assert client.get(url(campaign)).status_code == 404
    at = datetime(2026, 12, 3, 8, 0, tzinfo=UTC)
    clock.move(at - timedelta(days=3) - clock.now())
    schedule_opening(campaign=campaign, actor=None, opens_at=at)
    page = text(client.get(url(campaign)))
    assert "Care in time" in page and "Not open yet" in page
    assert "You can sign from 3 December 2026, 09:00 (Europe/Madrid)." in page
    assert 'datetime="2026-12-03T09:00:00+01:00"' in page
    assert 'itemprop="creativeWorkStatus" content="Opens soon"' in page
    assert 'name="email"' not in page and "Send me my link" not in page


def test_a_signature_before_the_hour_is_refused_in_words(client, soon):
    Campaign.objects.filter(pk=soon.pk).update(state="open", opens_at=None, opened_at=clock.now())
    typed = entries(client, soon)
    Campaign.objects.filter(pk=soon.pk).update(state="scheduled", opens_at=clock.now() + HOUR)
    lookups.forget()
    answer = client.post(url(soon, "sign/"), typed)
    assert answer.status_code == 409 and "Not open yet" in text(answer)
    by_api = sign_by_api(client, soon)
    assert by_api.status_code == 409 and by_api.json()["detail"] == "This campaign is not open yet."
    assert not soon.pledges.exists()


def test_frames_pictures_and_programs_know_that_it_is_not_open_yet(client, soon):
    frame = text(client.get(f"/embed/{soon.organization.slug}/{soon.slug}/"))
    assert "Not open yet" in frame and 'name="email"' not in frame
    before = client.get(url(soon, "picture.png")).content
    told = client.get(f"/api/v1/campaigns/{soon.pk}/").json()
    assert told["state"] == "scheduled" and told["opens_at"]
    assert client.get("/api/v1/campaigns/").json()["count"] == 0
    assert "opens soon" in text(client.get(url(soon, "share/")))
    assert "Care in time" not in text(client.get("/"))
    clock.move(timedelta(days=2))
    openings.open_due()
    assert client.get(url(soon, "picture.png")).content != before
    assert client.get(f"/api/v1/campaigns/{soon.pk}/").json()["opens_at"] is None


# The hour -----------------------------------------------------------------------------------------


def test_at_its_hour_it_opens_by_the_tick_once(client, soon):
    prepare()
    assert state(soon) == "scheduled"
    clock.move(timedelta(days=1))
    prepare()
    assert state(soon) == "open" and soon.opened_at and soon.opens_at is None
    prepare()
    assert openings.open_due() == 0
    assert [row.to_state for row in soon.history.all()] == ["scheduled", "open"]
    caches["pages"].clear()
    assert 'name="email"' in text(client.get(url(soon)))


def test_what_is_missing_at_its_hour_keeps_it_shut_and_organizers_are_told_once(
    client, soon, mailoutbox, settings
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    desk = Desk(client, soon.organization)
    make.RoleFactory(organization=soon.organization, name="staff")
    soon.drives.all().delete()
    clock.move(timedelta(days=1))
    for _ in range(3):
        prepare()
    assert state(soon) == "scheduled"
    outbox.send_due()
    outbox.send_due()
    (mail,) = mailoutbox
    assert mail.to == [desk.user.email]
    assert mail.subject == "It did not open: Care in time"
    assert "Set up a drive" in mail.body and f"/campaigns/{soon.pk}/steps/review/" in mail.body
    assert "did not open at its hour" in desk.read("console-home")
    assert "It did not open." in desk.read("campaign-review", soon.pk)
    client.logout()
    assert "It was to open on" in text(client.get(url(soon)))
    # Mended, it waits for a person: nobody is surprised in the night.
    make.DriveFactory(campaign=soon, state="draft", ends_at=clock.now() + timedelta(days=9))
    prepare()
    assert state(soon) == "scheduled"
    change_opening(campaign=soon, actor=None, opens_at=clock.now() + HOUR)
    clock.move(HOUR)
    prepare()
    assert state(soon) == "open"


def test_who_mended_it_before_the_mail_left_gets_none(soon, mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    make.RoleFactory(organization=soon.organization, name="owner")
    soon.drives.all().delete()
    clock.move(timedelta(days=1))
    openings.open_due()
    assert OutboxMail.objects.filter(kind="not_opened").count() == 1
    make.DriveFactory(campaign=soon, state="draft", ends_at=clock.now() + timedelta(days=9))
    soon.refresh_from_db()
    change_opening(campaign=soon, actor=None, opens_at=clock.now() + HOUR)
    outbox.send_due()
    assert mailoutbox == []


# A second person ----------------------------------------------------------------------------------


@pytest.fixture
def reviewed(campaign):
    campaign.organization.second_person_opens = True
    campaign.organization.save()
    asking, looking = (make.RoleFactory(organization=campaign.organization).user for _ in range(2))
    with pytest.raises(ActionRefused):
        schedule_opening(campaign=campaign, actor=looking, opens_at=clock.now() + HOUR)
    ask_review(campaign=campaign, actor=asking)
    with pytest.raises(ActionRefused):
        schedule_opening(campaign=campaign, actor=asking, opens_at=clock.now() + HOUR)
    with pytest.raises(ActionRefused):
        schedule_opening(campaign=campaign, actor=looking, opens_at=clock.now() + HOUR, seen="something else")
    schedule_opening(
        campaign=campaign, actor=looking, opens_at=clock.now() + HOUR, seen=fingerprint_of(campaign)
    )
    return campaign


def test_what_a_second_person_looked_at_opens_at_its_hour(reviewed):
    clock.move(HOUR)
    assert openings.open_due() == 1


def test_what_was_changed_after_a_second_person_looked_stays_shut(reviewed):
    reviewed.why = "Something else"
    reviewed.save()
    with pytest.raises(ActionRefused, match="No second person looked"):
        change_opening(campaign=reviewed, actor=None, opens_at=clock.now() + 2 * HOUR)
    clock.move(HOUR)
    assert openings.open_due() == 0 and state(reviewed) == "scheduled"
    assert openings.why_not(reviewed)[0].startswith("No second person looked")


def test_a_rule_of_two_people_that_came_later_holds_too(soon):
    soon.organization.second_person_opens = True
    soon.organization.save()
    clock.move(timedelta(days=1))
    assert openings.open_due() == 0


# The console and programs -------------------------------------------------------------------------


def test_an_organizer_sets_changes_and_takes_back_the_hour(client, campaign):
    desk = Desk(client, campaign.organization)
    clock.move(datetime(2026, 12, 1, 12, tzinfo=UTC) - clock.now())
    campaign.drives.update(starts_at=clock.now(), ends_at=clock.now() + timedelta(days=90))
    review = text(desk.get("campaign-review", campaign.pk))
    assert "Open it later" in review
    page = desk.read("campaign-move", campaign.pk, "open-later")
    assert "takes no signature before" in page
    wrong = desk.post("campaign-move", campaign.pk, "open-later", opens_at="")
    assert wrong.status_code == 422 and "id_opens_at_error" in text(wrong)
    past = desk.post("campaign-move", campaign.pk, "open-later", opens_at="2026-11-01T09:00")
    assert "lies ahead" in told(past) and state(campaign) == "draft"
    desk.post("campaign-move", campaign.pk, "open-later", opens_at="2026-12-03T09:00")
    assert state(campaign) == "scheduled"
    assert campaign.opens_at == datetime(2026, 12, 3, 8, tzinfo=UTC)  # on the organisation's clock
    for name in ("campaign-review", "campaign-detail"):
        assert "It opens by itself. 3 December 2026, 09:00" in desk.read(name, campaign.pk)
    assert 'value="2026-12-03T09:00"' in text(desk.get("campaign-move", campaign.pk, "open-later"))
    desk.post("campaign-move", campaign.pk, "open-later", opens_at="2026-12-04T10:30")
    campaign.refresh_from_db()
    assert campaign.opens_at == datetime(2026, 12, 4, 9, 30, tzinfo=UTC)
    desk.post("campaign-move", campaign.pk, "not-yet")
    assert state(campaign) == "draft" and campaign.opens_at is None
    client.logout()
    assert client.get(url(campaign)).status_code == 404


def test_it_can_be_opened_earlier_by_hand(client, soon):
    desk = Desk(client, soon.organization)
    desk.post("campaign-move", soon.pk, "open", seen=fingerprint_of(soon))
    assert state(soon) == "open" and soon.opens_at is None
    clock.move(timedelta(days=2))
    assert openings.open_due() == 0


def test_an_open_campaign_has_no_opening_to_set_or_take_back(client):
    campaign = make.campaign_with_targets(posts=1)
    desk = Desk(client, campaign.organization)
    for verb in ("open-later", "not-yet"):
        assert "no longer possible" in words(desk.get("campaign-move", campaign.pk, verb))
    with pytest.raises(BadMove):
        change_opening(campaign=campaign, actor=None, opens_at=clock.now() + HOUR)


def test_what_lacks_something_gets_no_hour(campaign):
    campaign.drives.all().delete()
    with pytest.raises(CampaignNotReady, match="drive"):
        schedule_opening(campaign=campaign, actor=None, opens_at=clock.now() + HOUR)


def test_programs_set_and_take_back_the_hour(client, campaign):
    organizer = make.RoleFactory(organization=campaign.organization).user
    _token, secret = make_token(organization=campaign.organization, name="a program", actor=organizer)
    headers = {"authorization": f"Bearer {secret}"}
    address = f"/api/v1/organization/campaigns/{campaign.pk}/opening/"
    at = (clock.now() + HOUR).isoformat()

    def put(**data):
        return client.put(address, json.dumps(data), content_type="application/json", headers=headers)

    assert put(opens_at=at).json()["state"] == "scheduled"
    assert put(opens_at="2001-01-01T00:00:00Z").status_code in {400, 409}
    assert put().status_code == 400
    assert client.delete(address, headers=headers).json()["state"] == "draft"
    assert client.delete(address, headers=headers).status_code == 409


def test_the_database_knows_when_a_campaign_opens(campaign):
    for fields in ({"state": "scheduled"}, {"opens_at": clock.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Campaign.objects.filter(pk=campaign.pk).update(**fields)
