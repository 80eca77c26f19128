"""Numbers on pages are sums of strokes: the same as a count, at every moment, whatever happens to what is counted."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone

from campaigns import drive_reports, reports, tallies, tasks
from campaigns.actions.confirmations import confirm_pledge
from campaigns.actions.details import FIELDS, correct_details
from campaigns.actions.erasing import erase_supporter
from campaigns.actions.pledges import Matched, Signing, sign_pledge, withdraw_pledge
from campaigns.delivery import upkeep
from campaigns.links import confirm_token
from campaigns.models import Letter, LetterState, Pledge, PledgeState, Tally
from campaigns.models.moves import move, move_many
from contacts import clock
from contacts.models import Residence
from tests import factories as make
from tests.campaigns.console import Desk

pytestmark = pytest.mark.django_db


def sign(campaign, n, city="Harbour Town", postal_code="20000", divisions=()):
    signing = Signing(
        name=f"Ada {n}",
        email=f"signer{n}@people.example",
        city=city,
        postal_code=postal_code,
        country="zz",
        divisions=[Matched(division.pk, "postal code") for division in divisions],
    )
    return sign_pledge(campaign=campaign, signing=signing)


def confirm(pledge):
    return confirm_pledge(token=confirm_token(pledge))


def counted_of_drive(drive):
    """Letters of a drive by seat, and mailed ones by the hour in which they left or may leave."""
    letters = list(Letter.objects.counted().filter(drive=drive))
    mailed = [letter for letter in letters if letter.channel not in {"print", "link"}]
    waiting = {*Letter.WAITING, *Letter.LEAVING}
    return (
        Counter(letter.post_id for letter in letters),
        Counter(
            letter.post_id
            for letter in letters
            if letter.state in Letter.ACCEPTED and letter.channel != "link"
        ),
        Counter(full_hour(letter.sent_at) for letter in mailed if letter.sent_at),
        Counter(
            full_hour(letter.send_after) for letter in mailed if letter.send_after and letter.state in waiting
        ),
    )


def shown_of_drive(drive):
    offices = drive_reports.offices_of(drive)
    for office in offices:
        groups = drive_reports.counted_at(drive, offices)[office.post]
        assert office.letters == sum(groups[group] for group in reports.GROUPS)
        assert office.delivered == groups["accepted"] + groups["posted"]
    return (
        {office.post: office.letters for office in offices},
        {office.post: office.delivered for office in offices if office.delivered},
        dict(drive_reports.sent_by_hour(drive)),
        dict(drive_reports.planned_by_hour(drive)),
    )


def full_hour(moment):
    return moment.replace(minute=0, second=0, microsecond=0)


def counted(campaign):
    """What the pages' numbers must be, counted row by row."""
    people = Pledge.objects.counted().filter(campaign=campaign)
    letters = Letter.objects.counted().filter(drive__campaign=campaign)
    days = (
        people.annotate(day=TruncDate("confirmed_at")).values("day").annotate(n=Count("pk")).order_by("day")
    )
    reached = letters.filter(state__in=Letter.ACCEPTED).exclude(reports.REPORTED)
    homes = Residence.objects.filter(supporter__pledges__in=people).values_list("division")
    return {
        "people": people.count(),
        "pending": Pledge.objects.filter(campaign=campaign, is_test=False, state="pending").count(),
        "letters": reports.in_groups(reports.by_way(letters)),
        "offices": reached.values("post").distinct().count(),
        "drives": {drive: counted_of_drive(drive) for drive in campaign.drives.all()},
        "days": list(days.values_list("day", "n")),
        "towns": dict(Counter(p.city.strip() or p.postal_code for p in people)),
        "divisions": {pk.hex: n for pk, n in homes.annotate(n=Count("pk")).order_by()},
    }


def shown(campaign):
    """The same as the pages say it."""
    numbers = reports.campaign_numbers(campaign)
    assert reports.people_of([campaign]).get(campaign.pk, 0) == numbers.people
    return {
        "people": numbers.people,
        "pending": numbers.pending,
        "letters": numbers.letters_in,
        "offices": numbers.offices_reached,
        "drives": {drive: shown_of_drive(drive) for drive in campaign.drives.all()},
        "days": reports.signed_by_day(campaign),
        "towns": dict(tallies.sums("towns", [campaign.pk])),
        "divisions": dict(tallies.sums("divisions", [campaign.pk])),
    }


def assert_true(*campaigns):
    for campaign in campaigns:
        assert shown(campaign) == counted(campaign)
    assert tallies.differences() == []


def test_a_pledge_is_counted_from_signing_to_withdrawal():
    campaign = make.campaign_with_targets(posts=2)
    make.DriveFactory(campaign=campaign)
    here, there = make.DivisionFactory(), make.DivisionFactory()
    pledge = sign(campaign, 1, divisions=[here, there])
    assert shown(campaign)["pending"] == 1
    assert_true(campaign)
    pledge = confirm(pledge)
    assert shown(campaign) | {"people": 1, "pending": 0, "towns": {"Harbour Town": 1}} == shown(campaign)
    assert shown(campaign)["divisions"] == {here.pk.hex: 1, there.pk.hex: 1}
    assert_true(campaign)
    tallies.fold()
    assert_true(campaign)
    withdraw_pledge(pledge=pledge)
    assert shown(campaign)["people"] == 0
    assert_true(campaign)


def test_somebody_who_takes_it_back_and_signs_again_from_elsewhere_is_counted_there_once():
    campaign = make.campaign_with_targets(posts=1)
    pledge = confirm(sign(campaign, 1, city="Harbour Town"))
    withdraw_pledge(pledge=pledge)
    clock.move(timedelta(days=3))
    confirm(sign(campaign, 1, city="Millbrook", divisions=[make.DivisionFactory()]))
    assert shown(campaign)["towns"] == {"Millbrook": 1}
    assert_true(campaign)


def test_who_moves_is_counted_where_they_live_now_in_every_campaign():
    first = make.campaign_with_targets(posts=1)
    second = make.campaign_with_targets(posts=1, organization=first.organization)
    old, new = make.DivisionFactory(), make.DivisionFactory()
    confirm(sign(first, 1, divisions=[old]))
    confirm(sign(second, 1, divisions=[new]))
    assert shown(first)["divisions"] == shown(second)["divisions"] == {new.pk.hex: 1}
    assert_true(first, second)


def test_who_has_their_data_erased_is_counted_nowhere_and_who_corrects_their_town_is_counted_there():
    campaign = make.campaign_with_targets(posts=1)
    pledges = [confirm(sign(campaign, n, divisions=[make.DivisionFactory()])) for n in range(3)]
    details = {name: getattr(pledges[0], name) for name in FIELDS} | {"city": "Millbrook"}
    correct_details(pledge=pledges[0], details=details, places={})
    assert shown(campaign)["towns"] == {"Millbrook": 1, "Harbour Town": 2}
    assert_true(campaign)
    erase_supporter(pledge=pledges[1])
    assert (shown(campaign)["people"], sum(shown(campaign)["divisions"].values())) == (2, 2)
    assert_true(campaign)


def test_late_confirmations_expired_held_and_invalidated_pledges_and_tests_are_counted_as_what_they_are():
    campaign = make.campaign_with_targets(posts=1)
    make.PledgeFactory(campaign=campaign, is_test=True)
    for n in range(4):
        sign(campaign, n)
    clock.move(timedelta(days=6, hours=23))
    late = confirm(Pledge.objects.get(canonical_email="signer0@people.example"))
    held = confirm(Pledge.objects.get(canonical_email="signer1@people.example"))
    clock.move(timedelta(hours=2))
    assert upkeep.expire_pledges() == 2
    assert_true(campaign)
    move(held, PledgeState.HELD, at=clock.now(), held_for="place")
    move(late, PledgeState.INVALIDATED, at=clock.now())
    assert (shown(campaign)["people"], shown(campaign)["pending"]) == (0, 0)
    assert_true(campaign)
    move(held, PledgeState.CONFIRMED, at=clock.now())
    move_many(Pledge.objects.filter(pk=late.pk), PledgeState.CONFIRMED, at=clock.now())
    assert shown(campaign)["people"] == 2
    assert_true(campaign)


def test_rows_that_are_anonymised_deleted_or_made_in_bulk_are_counted_too():
    campaign = make.CampaignFactory()
    pledges = [make.PledgeFactory(campaign=campaign, city=city) for city in ("Harbour Town", "Millbrook", "")]
    home = make.ResidenceFactory(supporter=pledges[0].supporter)
    assert_true(campaign)
    Pledge.objects.filter(pk=pledges[1].pk).update(city="", postal_code="")
    home.delete()
    assert_true(campaign)
    tallies.fold()
    Pledge.objects.filter(pk=pledges[2].pk).delete()
    more = [make.PledgeFactory.build(campaign=campaign, supporter=make.SupporterFactory()) for _ in range(5)]
    Pledge.objects.bulk_create(more)
    assert shown(campaign)["people"] == 7
    assert_true(campaign)


def test_letters_are_counted_through_all_their_states_and_their_offices_once():
    drive = make.DriveFactory()
    at = clock.now()
    sent = {"state": "sent", "sent_at": at, "legislator": make.LegislatorFactory()}
    post = make.PostFactory()
    letters = [make.LetterFactory(drive=drive, post=post) for _ in range(3)]
    make.LetterFactory(drive=drive, is_test=True)
    assert_true(drive.campaign)
    for n, letter in enumerate(letters[:2]):
        Letter.objects.filter(pk=letter.pk).update(message_id=f"<{n}@x.example>", **sent)
    assert (shown(drive.campaign)["offices"], shown(drive.campaign)["letters"]["accepted"]) == (1, 2)
    assert_true(drive.campaign)
    move_many(Letter.objects.filter(state="sent"), LetterState.BOUNCED, at=at)
    assert shown(drive.campaign)["offices"] == 0
    Letter.objects.filter(pk=letters[2].pk).update(message_id="<9@x.example>", channel="link", **sent)
    assert (shown(drive.campaign)["offices"], shown(drive.campaign)["letters"]["reported"]) == (0, 1)
    assert_true(drive.campaign)


@pytest.mark.parametrize(
    "zone", ["UTC", "America/Los_Angeles", "Asia/Kathmandu", "Pacific/Chatham", "Asia/Kolkata"]
)
def test_days_begin_when_they_begin_in_the_readers_time_zone(zone):
    campaign = make.CampaignFactory()
    start = datetime(2026, 3, 7, 0, 0, 0, tzinfo=UTC)
    for n in range(60):
        make.PledgeFactory(campaign=campaign, confirmed_at=start + timedelta(minutes=53 * n, microseconds=n))
    with timezone.override(ZoneInfo(zone)):
        assert len(shown(campaign)["days"]) >= 3
        assert_true(campaign)


def test_after_any_mixture_of_changes_and_folding_the_sums_are_counts():
    chance = random.Random(7)
    campaigns = [make.CampaignFactory() for _ in range(2)]
    divisions = [make.DivisionFactory() for _ in range(3)]
    pledges = [
        make.PledgeFactory(
            campaign=chance.choice(campaigns), city=chance.choice(["Harbour Town", "harbour town", ""])
        )
        for _ in range(25)
    ]
    for _ in range(150):
        pledge = Pledge.objects.get(pk=chance.choice(pledges).pk)
        match chance.randrange(4):
            case 0:
                to = chance.choice(sorted(Pledge.MOVES[pledge.state]))
                move(pledge, to, at=clock.now(), held_for="place" if to == PledgeState.HELD else "")
            case 1:
                Residence.objects.filter(supporter=pledge.supporter).delete()
                for division in chance.sample(divisions, 2):
                    make.ResidenceFactory(supporter=pledge.supporter, division=division)
            case 2:
                Pledge.objects.filter(pk=pledge.pk).update(city=chance.choice(["Millbrook", "Harbour Town"]))
            case 3:
                tallies.fold(most=chance.choice([3, 20, 1000]))
    assert_true(*campaigns)


def test_folding_leaves_one_row_a_number():
    campaign = make.CampaignFactory()
    for _ in range(30):
        make.PledgeFactory(campaign=campaign, confirmed_at=datetime(2026, 3, 7, 12, tzinfo=UTC))
    assert Tally.objects.filter(owner=campaign.pk).count() >= 90
    tasks.fold_tallies()
    assert Tally.objects.filter(owner=campaign.pk).count() == 3
    assert not Tally.objects.filter(is_folded=False).exists()
    assert_true(campaign)


def test_recount_says_which_numbers_differ_and_corrects_them():
    pledge = make.PledgeFactory()
    said = StringIO()
    call_command("recount", stdout=said)
    assert "Every number is what a count says." in said.getvalue()
    Tally.objects.filter(kind="towns").update(n=3)
    with pytest.raises(CommandError, match="1 numbers differ"):
        call_command("recount", stdout=said)
    assert f"{pledge.campaign_id} towns 'Harbour Town': -2 missing" in said.getvalue()
    call_command("recount", "--mend", stdout=said)
    assert_true(pledge.campaign)


def test_the_campaign_page_names_districts_and_the_drives_table_its_letters(client):
    campaign = make.campaign_with_targets(posts=2)
    drive = make.DriveFactory(campaign=campaign, state="running")
    districts = campaign.target_groups.get().rules.get().chamber.posts.all()
    for n in range(3):
        confirm(sign(campaign, n, divisions=[districts[0].division]))
    desk = Desk(client, campaign.organization)
    assert f"{districts[0].division.name} has the most supporters" in desk.read(
        "campaign-detail", campaign.pk
    )
    assert f"0 of {Letter.objects.filter(drive=drive).count()} letters accepted" in desk.read("console-home")


@pytest.mark.parametrize("page", ["campaign", "campaign-detail", "console-home"])
def test_pages_ask_as_much_of_three_hundred_pledges_as_of_three(client, page, django_assert_num_queries):
    campaign = make.campaign_with_targets(posts=2, state="open", is_test=False)
    drive = make.DriveFactory(campaign=campaign, state="running")
    desk = Desk(client, campaign.organization)
    url = {
        "campaign": reverse("campaigns:campaign", args=[campaign.organization.slug, campaign.slug]),
        "campaign-detail": desk.url("campaign-detail", campaign.pk),
        "console-home": desk.url("console-home"),
    }[page]

    def more(n):
        for _ in range(n):
            supporter = make.ResidenceFactory().supporter
            pledge = make.PledgeFactory(
                campaign=campaign, supporter=supporter, city=f"Town {Pledge.objects.count()}"
            )
            make.LetterFactory(drive=drive, pledge=pledge)

    more(3)
    client.get(url)
    with connection.execute_wrapper(_no_counting_of_rows), _counting() as few:
        client.get(url)
    more(60)
    with connection.execute_wrapper(_no_counting_of_rows), _counting() as many:
        client.get(url)
    assert len(many) == len(few)


def _no_counting_of_rows(execute, sql, params, many, context):
    """Numbers of people come from tallies: no page counts pledges."""
    assert not ("COUNT(" in sql and 'FROM "campaigns_pledge"' in sql), sql
    return execute(sql, params, many, context)


def _counting():
    from django.test.utils import CaptureQueriesContext

    return CaptureQueriesContext(connection)
