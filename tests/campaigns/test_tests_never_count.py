"""Test letters are in no number: every page, the API and the briefs say the same with and without them."""

import re
from difflib import SequenceMatcher

import pytest
from django.test import Client
from django.urls import reverse

from campaigns import drive_reports, reports
from campaigns.delivery.rehearsal import rehearse
from campaigns.models import ChannelName, Drive, Letter, LetterState
from campaigns.sections import campaign_facts
from contacts import clock
from tests import factories as make
from tests.campaigns.console import words
from tests.campaigns.test_api_organization import Caller
from tests.campaigns.test_console_rights import PAGES, address, world

__all__ = ["world"]

pytestmark = pytest.mark.django_db

# Pages that hold no letters of others, or show one thing by itself.
SINGLE = {
    "supporter-import-report",
    "tokens",
    "letter",
    "reply",
    "print-download",
    "print-run",
    "supporter",
    "supporter-list",
    "audit",
}
# What a page says of tests, and that it says of nothing else.
OF_TESTS = [
    re.compile(r"\d+ test letters?, not counted\. See them"),
    re.compile(r"\d+ for (?:a test letter|test letters), not counted"),
]


def everything(client, call, organization, ids):
    """All that is said in numbers: the words of every page, what the API answers, what briefs are made of."""
    drive = Drive.objects.get(pk=ids["drive_id"])
    campaign = drive.campaign
    said = {}
    for name in PAGES:
        if name in SINGLE or "-new" in name or "-edit" in name:
            continue
        page = client.get(address(name, organization, ids))
        said[name] = _plain(words(page))
    for url in (
        reverse("campaigns:home"),
        reverse("campaigns:campaign", args=[organization.slug, campaign.slug]),
        reverse("campaigns:api-campaigns"),
        reverse("campaigns:api-campaign", args=[campaign.pk]),
        reverse("campaigns:api-counts", args=[campaign.pk]),
    ):
        said[url] = _plain(words(client.get(url)))
    for path in (f"/campaigns/{campaign.pk}/", f"/drives/{drive.pk}/", f"/drives/{drive.pk}/rehearsal/"):
        answer = call("get", path)
        assert answer.status_code == 200
        said[f"own {path}"] = {k: v for k, v in answer.json().items() if k not in {"start", "last_at"}}
    said["numbers"] = reports.campaign_numbers(campaign)
    said["people"] = reports.people_of([campaign])
    said["drive"] = drive_reports.drive_numbers(drive)
    said["days"] = reports.signed_by_day(campaign)
    said["sent"], said["planned"] = drive_reports.sent_by_hour(drive), drive_reports.planned_by_hour(drive)
    said["offices"] = drive_reports.offices_of(drive)
    said["by office"] = drive_reports.counted_at(drive, said["offices"])
    said["needs"] = reports.needs_person(organization)
    said["towns"] = reports.by_locality(campaign)
    said["facts"] = campaign_facts(campaign, on=clock.today())
    plan = rehearse(drive)
    said["plan"] = (plan.planned, plan.by_hour, plan.by_hand, plan.stuck, plan.being_written, plan.moments)
    return said


def _news(name, before, after):
    """What a page says that it did not say before."""
    if isinstance(after, str):
        old, new = before.split(), after.split()
        steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        return [
            f"{name}: {' '.join(old[a - 3 : b])} → {' '.join(new[c - 3 : d])}"
            for tag, a, b, c, d in steps
            if tag != "equal"
        ]
    return [] if before == after else [f"{name}: {before} → {after}"]


def _plain(text):
    text = re.sub(r"\d\d:\d\d:\d\d", "", text)
    for pattern in OF_TESTS:
        text = pattern.sub("", text)
    return " ".join(text.split())


def add_tests(letter):
    """Test letters of a test pledge, by every way and in every state, with answers and questions."""
    at = clock.now()
    for channel in ChannelName.values:
        for state in LetterState.values:
            pledge = make.PledgeFactory(
                campaign=letter.drive.campaign, supporter=letter.pledge.supporter, is_test=True
            )
            test = make.LetterFactory(
                drive=letter.drive,
                post=letter.post,
                version=letter.version,
                pledge=pledge,
                is_test=True,
                state=state,
                channel=channel,
                legislator=make.LegislatorFactory() if state == "held" else letter.legislator,
                note="no working contact point" if state in {"ready", "held"} else "",
                message_id=f"<{channel}-{state}@example.org>",
                send_after=at,
                sent_at=at,
                queued_at=at,
                replied_at=at,
                lease_until=at,
                attempt_count=3,
            )
            make.OfficeQuestionFactory(letter=test, answer="answered", answered_at=at)
            make.InboundMailFactory(letter=test, coding="supports", coded_at=at)


def test_no_page_no_api_and_no_brief_counts_a_test(client, world):
    organization, ids = world
    letter = Letter.objects.get(pk=ids["letter_id"])
    letter.legislator = make.MembershipFactory(post=letter.post).legislator
    letter.save()
    ids["legislator_id"] = letter.legislator_id
    real = make.LetterFactory(
        drive=letter.drive,
        post=letter.post,
        version=letter.version,
        state="settled",
        sent_at=clock.now(),
        legislator=letter.legislator,
        message_id="<real@example.org>",
    )
    make.OfficeQuestionFactory(letter=real, answer="nothing", answered_at=clock.now())
    person = make.RoleFactory(organization=organization, name="owner").user
    make.RoleFactory(organization=organization, name="organizer", user=person)
    client.force_login(person)
    call = Caller(Client(), organization, person)
    before = everything(client, call, organization, ids)
    add_tests(letter)
    after = everything(client, call, organization, ids)
    assert [line for name in after for line in _news(name, before[name], after[name])] == []
    assert Letter.objects.filter(is_test=True).count() == len(ChannelName) * len(LetterState)
