"""What came of a campaign, from the organizer's draft to the page anybody reads and the thanks."""

from datetime import timedelta

import pytest

from campaigns.delivery import outbox
from campaigns.models import Outcome
from contacts import clock
from contacts.models import Consent
from tests import factories as make
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def campaign():
    opened = clock.now() - timedelta(days=80)
    campaign = make.CampaignFactory(
        state="closed", opened_at=opened, closed_at=clock.now(), title="A counsellor in every school",
        ask="Vote for one counsellor for every 500 pupils",
    )  # fmt: skip
    measure = campaign.measure
    for kind, days, note in (("heard", 40, "23 witnesses"), ("passed", 3, "31 to 18")):
        make.MeasureEventFactory(
            measure=measure, kind=kind, note=note, on=clock.today() - timedelta(days=days)
        )
    for name, before, after in (
        ("Delegate Yusuf Benari", 3, 4),
        ("Senator Marta Ojala", 2, 3),
        ("Delegate Ida Holm", None, 5),
    ):
        person = make.LegislatorFactory(name=name)
        for level, days in ((before, 90), (after, 10)):
            if level:
                make.StanceFactory(
                    measure=measure, legislator=person, level=level, on=clock.today() - timedelta(days=days),
                    source_url="https://assembly.example.org/minutes",
                )  # fmt: skip
    make.EvidenceFactory(
        issue=campaign.issue, claim="Pupils for each counsellor", figure="1,900", unit="pupils",
        published_on=clock.today(), retrieved_on=clock.today(), is_example=True,
    )  # fmt: skip
    drive = make.DriveFactory(campaign=campaign)
    for n in range(5):
        pledge = make.PledgeFactory(campaign=campaign)
        Consent.objects.create(
            supporter=pledge.supporter, purpose="contact", given=n != 4, text_version="1", at=clock.now()
        )
        seat = make.MembershipFactory(legislator__name="Delegate Yusuf Benari")
        make.LetterFactory(
            drive=drive, pledge=pledge, post=seat.post, legislator=seat.legislator, state="sent",
            sent_at=clock.now(), message_id=f"<{n}@x.example>",
        )  # fmt: skip
    return campaign


def test_what_came_of_a_campaign_is_written_published_thanked_for_and_read(visitor, campaign):
    organizer = make.RoleFactory(organization=campaign.organization).user
    visitor.open("/accounts/login/")
    visitor.page.get_by_label("Email").fill(organizer.email)
    visitor.page.get_by_label("Password").fill(PASSWORD)
    visitor.page.locator("form[action='/accounts/login/'] button[type=submit]").first.click()
    console = f"/console/{campaign.organization.slug}/campaigns/{campaign.pk}/outcome/"
    visitor.open(console)
    visitor.look("nothing-yet")
    visitor.page.get_by_role("link", name="Write it").click()
    visitor.page.wait_for_load_state()
    visitor.page.get_by_label("What came of it").select_option("partly_won")
    visitor.page.get_by_label("Day of the outcome").fill(clock.today().isoformat())
    visitor.page.locator("#id_headline").fill("A counsellor for every 800 pupils, from autumn")
    visitor.page.locator("#id_changed").fill(
        "The house voted **31 to 18** for one counsellor for every 800 pupils.\n\n- 34 posts this year\n- the rest by 2028"
    )
    visitor.page.locator("#id_learned").fill(
        "The finance committee decides before the house does. Begin there."
    )
    for box in visitor.page.get_by_role("checkbox").all():
        box.check()
    visitor.look("form")
    visitor.page.get_by_role("button", name="Save as a draft").click()
    visitor.page.get_by_role("link", name="Publish").wait_for()
    visitor.look("draft")
    visitor.page.get_by_role("link", name="Publish").click()
    visitor.look("publish")
    visitor.page.get_by_role("button", name="Publish it").click()
    visitor.page.get_by_role("link", name="The mail to those who acted").click()
    visitor.look("mail-preview")
    visitor.open(console)
    visitor.page.get_by_role("link", name="Thank the people who acted").click()
    visitor.look("thank")
    visitor.page.get_by_role("button", name="Thank 4 people").click()
    outbox.send_due()
    visitor.open(console)
    visitor.look("thanked")
    outcome = Outcome.objects.get()
    make.OutcomeFactory(
        campaign__organization=campaign.organization, result="lost", headline="Night buses to the clinic: lost by two votes",
        on=clock.today() - timedelta(days=400),
    )  # fmt: skip
    visitor.page.context.clear_cookies()
    page = f"/c/{campaign.organization.slug}/{campaign.slug}/"
    for name, address in (
        ("outcome", f"{page}outcome/"),
        ("wins", f"/wins/{campaign.organization.slug}/"),
        ("campaign", page),
        ("home", "/"),
    ):
        visitor.open(address)
        assert outcome.headline in visitor.text()
        visitor.look(name)
    visitor.open(f"/wins/{make.OrganizationFactory().slug}/")
    visitor.look("wins-empty")


def test_what_changed_on_an_issue_is_read_by_anybody(visitor, campaign):
    make.OutcomeFactory(campaign=campaign, result="partly_won", headline="A counsellor for every 800 pupils")
    indicator = make.IndicatorFactory(
        organization=campaign.organization, issue=campaign.issue, name="Pupils for each counsellor", unit="pupils",
        target=500, target_source="The school act",
    )  # fmt: skip
    for year, values in (
        ("2024", (1700, 1900, 2100)),
        ("2025", (1600, 1850, 2000)),
        ("2027", (700, 800, 1100)),
    ):
        for value in values:
            make.IndicatorValueFactory(indicator=indicator, period=year, value=value)
    visitor.open(f"/impact/{campaign.organization.slug}/{campaign.issue.slug}/")
    visitor.page.get_by_text("As a table").first.click()
    visitor.look("impact")
