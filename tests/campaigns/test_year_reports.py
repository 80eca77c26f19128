"""The report of a year: only what happened in it, on the organisation's clock, in the numbers of the pages themselves."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.html import strip_tags

from campaigns.models import Story
from campaigns.reports import campaign_numbers
from campaigns.year import year_facts, years_of
from contacts import clock
from policy.briefs import build
from policy.briefs.year_facts import YearFacts
from policy.models import Brief
from tests import factories as make
from tests.campaigns.console import Desk
from tests.pdf_tags import faults
from tests.pdf_text import pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def year():
    """Last year: it is over."""
    return clock.today().year - 1


def during(year, month=6, day=10, hour=12):
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.fixture
def campaign(year):
    """It ran last year from March to September."""
    return make.CampaignFactory(
        state="closed", opened_at=during(year, 3), closed_at=during(year, 9), created_at=during(year, 2)
    )


def sent(campaign, at, state="sent", channel="email", **fields):
    drive = campaign.drives.first() or make.DriveFactory(campaign=campaign, state="finished")
    number = campaign.drives.get().letters.count()
    return make.LetterFactory(
        drive=drive, state=state, channel=channel, sent_at=at, message_id=f"<{number}@x.example>",
        legislator=make.LegislatorFactory(), **fields,
    )  # fmt: skip


def squeezed(text):
    return "".join(filter(str.isalnum, text))


def made(client, campaign, year, language="en", paper="a4"):
    """What staff get who ask for it: the version that was made."""
    desk = Desk(client, campaign.organization, role="staff")
    answer = desk.post("brief-year", year=year, language=language, paper=paper)
    assert answer.status_code == 302, strip_tags(answer.content.decode())
    brief = Brief.objects.get(pk=answer["Location"].rstrip("/").split("/")[-1])
    build.build(brief.pk)
    brief.refresh_from_db()
    assert brief.state == "ready", brief.error
    return brief


def printed(brief):
    return squeezed(" ".join(pages(bytes(brief.pdf))))


def test_it_says_what_ran_who_signed_what_was_sent_and_what_came_of_it(client, campaign, year):
    for month in (4, 4, 5):
        make.PledgeFactory(campaign=campaign, confirmed_at=during(year, month))
    letter = sent(campaign, during(year))
    sent(campaign, during(year), channel="print")
    make.InboundMailFactory(letter=letter, received_at=during(year, 7))
    make.OutcomeFactory(
        campaign=campaign, result="partly_won", learned="Ask *earlier* next time.", on=date(year, 9, 12),
        published_at=during(year, 9),
    )  # fmt: skip
    text = printed(made(client, campaign, year))
    for said in (
        f"{year}: what we did, and what came of it",
        "1 campaign ran",
        "3 people signed and confirmed",
        "1 letter accepted by a mail server or an office's system",
        "1 answer came back",
        "Partly won",
        "Ask earlier next time.",
        "Most signatures were confirmed in",
        "Letters posted",
        "Who confirmed a signature in the year and has not taken it back.",
    ):
        assert squeezed(said) in text, said
    assert squeezed("is not over") not in text


def test_its_numbers_are_those_of_the_pages_they_come_from(client, campaign, year):
    for month in (4, 5, 6):
        make.PledgeFactory(campaign=campaign, confirmed_at=during(year, month))
    make.PledgeFactory(campaign=campaign, state="withdrawn", confirmed_at=during(year))
    letters = [
        sent(campaign, during(year), state=state, pledge__confirmed_at=during(year))
        for state in ("sent", "settled", "closed", "failed")
    ]
    sent(campaign, during(year), channel="print", pledge__confirmed_at=during(year))
    sent(campaign, during(year), channel="link", pledge__confirmed_at=during(year))
    make.InboundMailFactory(letter=letters[2], received_at=during(year))
    (row,) = year_facts(campaign.organization, year, "en").campaigns
    page = campaign_numbers(campaign)
    assert (row.people, row.accepted, row.posted, row.reported) == (
        page.people,
        page.letters_accepted,
        page.letters_posted,
        page.letters_reported,
    )
    assert (row.people, row.accepted, row.posted, row.reported, row.answers) == (9, 3, 1, 1, 1)
    shown = strip_tags(client.get(f"/c/{campaign.organization.slug}/{campaign.slug}/").content.decode())
    assert str(row.people) in shown


def test_only_the_year_counts_on_the_organisation_s_own_clock(campaign, year):
    organization = campaign.organization
    organization.time_zone = "America/New_York"
    organization.save()
    # Three in the morning in Greenwich is still the evening before in New York.
    make.PledgeFactory(campaign=campaign, confirmed_at=during(year, 1, 1, 3))
    make.PledgeFactory(campaign=campaign, confirmed_at=during(year + 1, 1, 1, 3))
    sent(campaign, during(year + 1, 1, 1, 3), pledge__confirmed_at=during(year + 1, 2))
    make.OutcomeFactory(campaign=campaign, on=date(year + 1, 1, 1))
    facts = year_facts(organization, year, "en")
    assert (facts.people, dict(facts.months)[date(year, 12, 1)], facts.campaigns[0].accepted) == (1, 1, 1)
    assert facts.outcomes == ()
    assert sum(n for _month, n in facts.months) == facts.campaigns[0].people == facts.people
    assert [one.ran for one in year_facts(organization, year + 1, "en").campaigns] == [False]
    before = year_facts(organization, year - 1, "en")
    assert (before.people, before.campaigns) == (0, ())


def test_somebody_who_signed_twice_is_one_person_and_two_signatures(campaign, year):
    first = make.PledgeFactory(campaign=campaign, confirmed_at=during(year))
    other = make.CampaignFactory(
        organization=campaign.organization, issue=campaign.issue, opened_at=during(year, 5)
    )
    make.PledgeFactory(campaign=other, supporter=first.supporter, confirmed_at=during(year))
    facts = year_facts(campaign.organization, year, "en")
    assert (facts.people, sum(n for _month, n in facts.months)) == (1, 2)


def test_tests_and_other_organisations_are_in_no_number(campaign, year):
    make.PledgeFactory(campaign=campaign, is_test=True, confirmed_at=during(year))
    sent(campaign, during(year), is_test=True, pledge__is_test=True)
    trial = make.CampaignFactory(
        organization=campaign.organization, issue=campaign.issue, is_test=True, opened_at=during(year)
    )
    make.PledgeFactory(campaign=trial, confirmed_at=during(year))
    make.OutcomeFactory(campaign=trial, on=date(year, 5, 5))
    make.EndorsementFactory(campaign=trial).history.create(to_state="approved", at=during(year))
    make.EventFactory(organization=campaign.organization, campaign=trial, starts_at=during(year))
    make.PledgeFactory(confirmed_at=during(year), campaign__opened_at=during(year))
    facts = year_facts(campaign.organization, year, "en")
    (row,) = facts.campaigns
    assert (facts.people, row.people, row.accepted, facts.outcomes) == (0, 0, 0, ())
    assert (facts.events, facts.organizations) == (0, 0)


def test_positions_events_stories_and_support_of_the_year(client, campaign, year):
    for before, after in ((2, 4), (3, 3), (None, 5)):
        person = make.LegislatorFactory()
        for level, on in ((before, date(year - 1, 5, 1)), (after, date(year, 8, 1))):
            if level:
                make.StanceFactory(measure=campaign.measure, legislator=person, level=level, on=on)
    event = make.EventFactory(organization=campaign.organization, starts_at=during(year))
    make.RegistrationFactory(event=event, checked_in_at=during(year))
    make.RegistrationFactory(event=event)
    make.EventFactory(organization=campaign.organization, starts_at=during(year), state="cancelled")
    make.EventFactory(organization=campaign.organization, starts_at=during(year + 1))
    told = [
        make.StoryFactory(campaign.organization, text=f"Words that stay sealed in every report, {n}.")
        for n in range(3)
    ]
    Story.objects.filter(pk__in=[one.pk for one in told[:2]]).update(confirmed_at=during(year))
    other = make.CampaignFactory(
        organization=campaign.organization, issue=campaign.issue, opened_at=during(year)
    )
    for one in (campaign, other):  # one organisation, in two campaigns
        make.EndorsementFactory(campaign=one, name="River Trust").history.create(
            to_state="approved", at=during(year)
        )
    make.EndorsementFactory(campaign=campaign).history.create(to_state="approved", at=during(year + 1))
    text = printed(made(client, campaign, year))
    for said in (
        "1 position moved",
        "Leans against",
        "Supports",
        "Positions that became known 1",
        "Events that took place 1",
        "People who came to them, as noted at the door 1",
        "Stories told and confirmed 2",
        "Organisations that joined in support 1",
    ):
        assert squeezed(said) in text, said
    assert squeezed("stay sealed") not in text


def test_figures_afterwards_are_those_of_the_page_of_impact(client, campaign, year):
    issue = campaign.issue
    campaign.opened_at, campaign.closed_at = during(year - 2, 3), during(year - 1, 5)
    campaign.save()
    make.OutcomeFactory(campaign=campaign, on=date(year - 1, 5, 1))
    indicator = make.IndicatorFactory(
        organization=issue.organization, issue=issue, name="Days of waiting", unit="days"
    )
    for period, value in ((year - 3, 50), (year - 1, 40), (year, 30)):
        make.IndicatorValueFactory(
            indicator=indicator, period=str(period), value=value, source=f"Waiting lists of {period}"
        )
    (row,) = year_facts(campaign.organization, year, "en").afterwards
    page = strip_tags(client.get(f"/impact/{issue.organization.slug}/{issue.slug}/").content.decode())
    assert f"50 days in {year - 3}" in page and f"30 days in {year}" in page
    assert [one.replace("\u00a0", " ") for one in (row.before, row.after)] == [
        f"50 days ({year - 3})",
        f"30 days ({year})",
    ]
    text = printed(made(client, campaign, year))
    assert squeezed("After, and not because of") in text and squeezed(f"30 days ({year})") in text
    assert squeezed(f"Waiting lists of {year - 3}") in text and squeezed(f"Waiting lists of {year}") in text
    assert squeezed(f"Waiting lists of {year - 1}") not in text


def test_a_year_without_anything_says_so_kindly(client, campaign, year):
    campaign.opened_at, campaign.closed_at = during(year - 2), during(year - 2, 9)
    campaign.save()
    assert years_of(campaign.organization) == [year + 1, year, year - 1, year - 2]
    text = printed(made(client, campaign, year))
    assert squeezed("A quiet year") in text and squeezed(f"Nothing of {year} is on record here") in text


def test_a_year_that_goes_on_says_so_and_others_can_t_be_asked_for(client, campaign, year):
    assert squeezed(f"{year + 1} is not over") in printed(made(client, campaign, year + 1))
    desk = Desk(client, campaign.organization, role="staff")
    for bad in (year + 2, year - 1, "x"):
        assert desk.post("brief-year", year=bad, language="en", paper="a4").status_code == 422
    assert Brief.objects.count() == 1


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_it_is_the_same_for_everybody_in_each_language(client, campaign, year, language):
    make.PledgeFactory(campaign=campaign, confirmed_at=during(year))
    sent(campaign, during(year))
    make.OutcomeFactory(campaign=campaign, on=date(year, 9, 12), learned="Ask earlier.")
    brief = made(client, campaign, year, language)
    first = bytes(brief.pdf)
    assert faults(first) == []
    Brief.objects.filter(pk=brief.pk).update(pdf=None, built_at=None, state="building")
    build.build(brief.pk)
    brief.refresh_from_db()
    assert bytes(brief.pdf) == first
    desk = Desk(client, campaign.organization, role="staff")
    assert squeezed("Ask earlier.") in squeezed(desk.read("brief-detail", brief.pk))
    clock.move(timedelta(hours=3))
    assert desk.post("brief-renew", brief.pk)["Location"].rstrip("/").endswith(str(brief.pk))
    titles = {"en": "what we did", "es": "lo que hicimos", "fr": "ce que nous avons fait"}
    assert titles[language] in brief.title


def test_only_those_who_make_briefs_get_it(client, campaign):
    reviewer = Desk(client, campaign.organization, role="reviewer")
    assert reviewer.get("brief-year").status_code in (403, 404)
    assert "Report of a year" in Desk(client, campaign.organization, role="staff").read("brief-list")


def test_a_year_of_nothing_is_empty():
    at = during(2020)
    assert YearFacts(2020, True, 0, (), (), (), at, "", "").is_empty
