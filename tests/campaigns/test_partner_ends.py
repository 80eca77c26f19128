"""A partnership that was agreed until a day: it ends with that day at the lead, and both sides hear of it in time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.urls import reverse

from campaigns.delivery.outbox import send_due
from campaigns.models import Partnership
from campaigns.tasks import housekeeping
from contacts import clock
from tests import factories as make
from tests.campaigns.console import Desk, told, words
from tests.campaigns.visitor import url

pytestmark = pytest.mark.django_db

LAST = date(2027, 3, 10)


def set_clock(at):
    clock.move(at - clock.now())


def moment(zone, day=LAST, at=time(12)):
    return datetime.combine(day, at, ZoneInfo(zone))


@pytest.fixture(autouse=True)
def _in_february():
    set_clock(datetime(2027, 2, 1, 12, tzinfo=UTC))


def agreed(zone="UTC", **fields):
    """A part that ends on the tenth of March, in a campaign of an organisation with a clock of its own."""
    lead = make.OrganizationFactory(name="Quay Coalition", time_zone=zone)
    partner = make.OrganizationFactory(name="Lantern Club", is_partner_only=True)
    campaign = make.CampaignFactory(organization=lead, title="Care within four weeks", state="open")
    return make.PartnershipFactory(
        campaign=campaign, organization=partner, source_code="lantern", until=LAST, **fields
    )


@pytest.mark.parametrize(
    "zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles", "Pacific/Pago_Pago", "nowhere"]
)
def test_it_ends_with_the_last_day_on_the_leads_clock(zone, client):
    known = "UTC" if zone == "nowhere" else zone
    midnight = moment(known, LAST + timedelta(days=1), time())
    part = agreed(zone)
    desk = Desk(client, part.organization, role="owner")
    for at, ends in [(midnight - timedelta(minutes=1), False), (midnight + timedelta(minutes=1), True)]:
        set_clock(at.astimezone(UTC))
        assert Partnership.objects.in_force(clock.now()).exists() is not ends
        assert part.is_in_force(clock.now()) is not ends
        assert desk.get("joint-campaign", part.pk).status_code == (404 if ends else 200)
        page = client.get(url(part.campaign, "with/lantern/"))
        assert page.status_code == (302 if ends else 200)


def test_every_zone_agrees_with_its_own_calendar():
    parts = [agreed(zone) for zone in ["Asia/Tokyo", "Asia/Kathmandu", "Europe/Lisbon", "America/St_Johns"]]
    for hour in range(0, 72, 3):
        at = datetime(2027, 3, 9, 7, 50, tzinfo=UTC) + timedelta(hours=hour)
        found = set(Partnership.objects.in_force(at))
        assert found == {one for one in parts if one.is_in_force(at)}


def test_the_forms_and_pages_say_which_clock(client):
    lead = make.OrganizationFactory(name="Quay Coalition", time_zone="America/Chicago")
    desk = Desk(client, lead, role="owner")
    campaign = make.CampaignFactory(organization=lead)
    assert "to its end on your organisation’s clock" in desk.read("partner-invite", campaign.pk)
    part = make.PartnershipFactory(campaign=campaign, until=LAST)
    assert "10 March 2027, to the end of the day" in desk.read("partner-list", campaign.pk)
    page = Desk(client, part.organization, role="owner").read("joint-campaign", part.pk)
    assert "10 March 2027, to the end of the day on the clock of Quay Coalition (America/Chicago)" in page


def test_a_day_that_goes_on_at_the_lead_can_still_be_agreed(client):
    desk = Desk(client, make.OrganizationFactory(time_zone="America/Los_Angeles"), role="owner")
    campaign = make.CampaignFactory(organization=desk.organization)
    set_clock(datetime(2027, 3, 11, 3, tzinfo=UTC))  # the evening of the tenth there
    asked = {
        "organization_name": "Lantern Club",
        "email": "chair@lantern.example",
        "language": "en",
        "role": "Invites its members",
        "terms": "The partner invites its members. Either side may end this.",
    }
    assert "on its way" in told(desk.post("partner-invite", campaign.pk, **asked, until="2027-03-10"))
    late = {**asked, "email": "other@lantern.example", "until": "2027-03-09"}
    assert "The last day is over already" in words(desk.post("partner-invite", campaign.pk, **late))


@pytest.fixture
def both():
    """A part with an owner on each side."""
    part = agreed("Europe/Lisbon")
    for organization, who in [(part.campaign.organization, "lead"), (part.organization, "partner")]:
        make.RoleFactory(
            organization=organization, name="owner", user=make.UserFactory(email=f"{who}@owner.example")
        )
    return part


def mailed():
    """Whom the mails since the last look were to, with their subjects."""
    housekeeping()
    housekeeping()
    send_due()
    found = {one.to[0].partition("@")[0]: one for one in mail.outbox}
    assert len(found) == len(mail.outbox)  # nobody got one twice
    mail.outbox.clear()
    return found


def test_both_sides_hear_of_it_a_week_before_and_when_it_is_over_each_once(both):
    set_clock(moment("Europe/Lisbon", LAST - timedelta(days=8)))
    assert mailed() == {}
    set_clock(moment("Europe/Lisbon", LAST - timedelta(days=7)))
    soon = mailed()
    assert soon["lead"].subject == "The part of Lantern Club ends on 10 March 2027"
    assert "invite it again" in soon["lead"].body and "/campaigns/" in soon["lead"].body
    assert (
        "on the clock of Quay Coalition" in soon["partner"].body and "export before" in soon["partner"].body
    )
    set_clock(moment("Europe/Lisbon", LAST, time(23, 30)))
    assert mailed() == {}
    set_clock(moment("Europe/Lisbon", LAST + timedelta(days=1), time(0, 30)))
    over = mailed()
    assert over["lead"].subject == "The part of Lantern Club in your campaign is over"
    assert "ask Quay Coalition for a new invitation" in over["partner"].body
    set_clock(moment("Europe/Lisbon", LAST + timedelta(days=3)))
    assert mailed() == {}


def test_of_a_campaign_that_is_closed_nobody_is_told_to_go_on_together(both):
    both.campaign.state = "closed"
    both.campaign.save()
    set_clock(moment("Europe/Lisbon", LAST - timedelta(days=7)))
    soon = mailed()
    assert "export before" in soon["partner"].body
    assert all("invit" not in one.body for one in soon.values())


def test_a_part_that_ran_out_is_not_ended_once_more(client, both):
    owner = both.campaign.organization.roles.get().user
    client.force_login(owner)
    url = reverse("campaigns:partner-end", args=[both.campaign.organization.slug, both.campaign_id, both.pk])
    set_clock(moment("Europe/Lisbon", LAST + timedelta(days=1), time(0, 30)))
    over = mailed()
    client.post(url, {"reason": "", "confirm": "yes"})
    assert Partnership.objects.get().left_at is None and mailed() == {} and len(over) == 2


def test_a_part_that_ran_out_keeps_its_last_day_when_its_partner_comes_back(client, both):
    client.force_login(both.campaign.organization.roles.get().user)
    page = reverse("campaigns:partner-list", args=[both.campaign.organization.slug, both.campaign_id])
    set_clock(moment("Europe/Lisbon", LAST + timedelta(days=1)))
    ended = "10 Mar 2027, when its time was over"
    assert ended in words(client.get(page))
    Partnership.objects.update(left_at=moment("Europe/Lisbon", LAST + timedelta(days=40)))  # signed anew
    assert ended in words(client.get(page))
    Partnership.objects.update(left_at=moment("Europe/Lisbon", LAST - timedelta(days=4)))
    assert "6 Mar 2027" in words(client.get(page)) and "when its time" not in words(client.get(page))


def test_a_mail_that_waited_until_it_is_no_longer_so_is_not_sent(both):
    set_clock(moment("Europe/Lisbon", LAST - timedelta(days=2)))
    housekeeping()
    Partnership.objects.update(left_at=clock.now())
    assert mailed() == {}


def test_who_signed_for_a_few_days_is_not_reminded_of_them_and_old_ends_are_no_news(both):
    Partnership.objects.update(joined_at=moment("Europe/Lisbon", LAST - timedelta(days=5)))
    set_clock(moment("Europe/Lisbon", LAST - timedelta(days=3)))
    assert mailed() == {}
    set_clock(moment("Europe/Lisbon", LAST + timedelta(days=30)))
    assert mailed() == {}


def test_the_lead_reads_what_a_partner_was_called_before(both, client):
    desk = Desk(client, both.organization, role="owner")
    said = {
        "name": "Lantern Alliance",
        "email": "hello@lantern.example",
        "country": "us",
        "time_zone": "America/Chicago",
        "privacy_url": "https://lantern.example/privacy",
    }
    assert desk.post("settings", **said).status_code == 302
    lead = Desk(client, both.campaign.organization)
    page = lead.read("partner-list", both.campaign.pk)
    assert "Lantern Alliance" in page and "Called beforeLantern Club, until 1 Feb 2027" in page
    desk = Desk(client, both.organization, role="owner")
    desk.post("settings", **said)  # the same name again
    page = Desk(client, both.campaign.organization).read("partner-list", both.campaign.pk)
    assert page.count("Called before") == 1
