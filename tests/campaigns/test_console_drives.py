"""Drives on the console: rehearse, schedule, pause, resume, cancel, watch; and letters that need a person."""

import html
import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.formats import date_format

from campaigns.models import Attempt, Drive, Heartbeat, Letter, LetterState, Pledge
from contacts import clock
from contacts.models import AuditEntry, ContactPoint
from tests import factories as make
from tests.campaigns.console import Desk, told, words
from tests.campaigns.test_console_campaigns import drive_data

pytestmark = pytest.mark.django_db
# Session, person, organisation, roles, drive, numbers of the drive, count of the offices, the offices; switch, breakers.
OFFICE_QUERIES = 13
# The first five and the last two of them, and letters by state, by what keeps them, their count, and the letters.
LETTER_QUERIES = 12


@pytest.fixture
def desk(client):
    return Desk(client)


@pytest.fixture
def drive(desk):
    """A draft that rests a day ahead, with three letters to one office."""
    campaign = make.campaign_with_targets(organization=desk.organization)
    at = clock.now()
    drive = make.DriveFactory(
        campaign=campaign, state="draft", starts_at=at + timedelta(days=1), ends_at=at + timedelta(days=8)
    )
    add_letters(drive, 3)
    return drive


def test_a_drive_says_when_it_starts_when_it_would_be_done_and_when_the_next_letters_leave(desk, drive):
    desk.organization.time_zone = "America/Chicago"
    desk.organization.save()
    page = desk.read("drive", drive.pk)
    assert "As it stands, 3 letters would leave, the last by about" in page and "starts by itself" not in page
    desk.post("drive-move", drive.pk, "start")
    begins = date_format(drive.starts_at.astimezone(ZoneInfo("America/Chicago")), "DATETIME_FORMAT")
    assert f"It starts by itself on {begins}, on your organisation’s clock." in desk.read("drive", drive.pk)
    Drive.objects.update(state="running")
    leaves = (drive.starts_at + timedelta(hours=5)).replace(minute=0, second=0, microsecond=0)
    Letter.objects.update(send_after=leaves)
    leaves = date_format(leaves.astimezone(ZoneInfo("America/Chicago")), "DATETIME_FORMAT")
    assert f"The next letters leave from {leaves} on" in desk.read("drive", drive.pk)


def test_no_estimate_is_made_while_other_drives_have_so_much_to_send_that_it_would_take_long(
    desk, drive, monkeypatch
):
    monkeypatch.setattr("campaigns.views.console.drives._ESTIMATED", 3)
    other = make.DriveFactory(campaign=make.campaign_with_targets(slug="other"))
    add_letters(other, 4, send_after=drive.starts_at - timedelta(hours=2))
    assert "As it stands, 3 letters" in desk.read("drive", drive.pk)  # those leave before this one starts
    Letter.objects.filter(drive=other).update(send_after=drive.starts_at + timedelta(hours=2))
    page = desk.read("drive", drive.pk)
    assert "So many letters take a while to plan." in page and "As it stands" not in page
    Drive.objects.filter(pk=other.pk).update(state="cancelled")
    assert "As it stands, 3 letters" in desk.read("drive", drive.pk)


def wave_of(desk, drive):
    found = re.search(r"The (?:next|last of the) letters [^.]+\.", desk.read("drive", drive.pk))
    return found.group() if found else ""


def planned(desk, drive):
    """What the table of hours says is planned, added up; None where there is no table."""
    page = desk.get("drive", drive.pk).content.decode()
    table = re.search(r'id="hours-table".*?</details>', page, re.DOTALL)
    return sum(map(int, re.findall(r'class="number"[^>]*>(\d+)<', table.group())[::2])) if table else None


@pytest.fixture
def running(drive):
    """The drive while it runs, an hour before its last moment, which is in the middle of an hour."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
    Drive.objects.update(
        state="running", starts_at=hour - timedelta(days=1), ends_at=hour + timedelta(minutes=30)
    )
    drive.refresh_from_db()
    return drive


@pytest.mark.parametrize(
    "change",
    [
        {"state": "held", "note": "its worker died five times"},
        {"note": "the seat is vacant"},
        {"state": "cancelled"},
    ],
)
def test_no_hour_is_named_for_letters_that_do_not_leave_in_it(desk, running, change):
    leaves = running.ends_at - timedelta(minutes=20)
    Letter.objects.update(send_after=leaves)
    assert "from" in wave_of(desk, running)
    assert planned(desk, running) == 3
    Letter.objects.update(**change)
    assert wave_of(desk, running) == ""
    assert planned(desk, running) is None
    Letter.objects.update(send_after=clock.now() - timedelta(days=1))
    assert wave_of(desk, running) == ""


@pytest.mark.parametrize("minutes", [0, 30])
def test_no_hour_is_named_for_letters_that_fit_no_hour(desk, running, minutes):
    end = running.ends_at.replace(minute=minutes)
    Drive.objects.update(ends_at=end)
    first = Letter.objects.first()
    Letter.objects.update(send_after=end)
    assert wave_of(desk, running) == ""
    assert planned(desk, running) is None
    Letter.objects.filter(pk=first.pk).update(send_after=end - timedelta(minutes=10))
    assert wave_of(desk, running).endswith(
        f"the last of those planned by {date_format(end, 'DATETIME_FORMAT')}, on your organisation’s clock."
    )
    assert planned(desk, running) == 1
    assert "2 letters are in no hour: they are held or can’t leave as things stand." in desk.read(
        "drive", running.pk
    )


def test_letters_in_the_queue_are_said_to_be_the_last_planned(desk, running):
    Letter.objects.all().delete()
    before = clock.now() - timedelta(hours=3)
    add_letters(running, 1, "queued", **sent(running, sent_at=None), send_after=before)
    add_letters(running, 1, "held", send_after=before)
    assert wave_of(desk, running) == "The last of the letters planned so far leave now."


def test_a_drive_whose_start_is_past_does_not_promise_to_start_then(desk, drive):
    clock.move(timedelta(days=2))
    page = desk.read("drive-move", drive.pk, "start")
    assert "which is past: it starts within a minute" in page and "starts by itself" not in page


def add_letters(drive, n, state="ready", **fields):
    group = drive.campaign.target_groups.get()
    post = group.rules.get().chamber.posts.order_by("label").first()
    for _ in range(n):
        pledge = make.PledgeFactory(campaign=drive.campaign)
        make.LetterFactory(
            drive=drive, pledge=pledge, post=post, version=group.versions.get(), state=state, **fields
        )
    return post


def sent(drive, **fields):
    post = drive.campaign.target_groups.get().rules.get().chamber.posts.order_by("label").first()
    return {
        "message_id": f"<{make.LegislatorFactory().pk}@harbour.example>",
        "legislator": post.memberships.get().legislator,
        "sent_at": clock.now(),
        **fields,
    }


def state_of(drive):
    return Drive.objects.values_list("state", flat=True).get(pk=drive.pk)


def test_a_drive_is_set_up_as_a_draft_with_the_letters_of_everyone(desk):
    campaign = make.campaign_with_targets(organization=desk.organization)
    pledge = make.PledgeFactory(campaign=campaign)
    home = campaign.target_groups.get().rules.get().chamber.posts.first().division
    make.ResidenceFactory(supporter=pledge.supporter, division=home)
    answer = desk.post("drive-new", campaign.pk, **drive_data())
    drive = Drive.objects.get()
    assert answer.url == desk.url("drive", drive.pk)
    assert (drive.state, drive.letters.count()) == ("draft", 1)


def test_times_are_read_and_shown_on_the_organisations_clock(desk):
    desk.organization.time_zone = "America/Chicago"
    desk.organization.save()
    campaign = make.campaign_with_targets(organization=desk.organization)
    desk.post(
        "drive-new", campaign.pk, **drive_data(starts_at="2027-01-15T09:30", ends_at="2027-02-15T09:30")
    )
    drive = Drive.objects.get()
    assert f"{drive.starts_at:%H:%M}" == "15:30"  # Chicago is six hours behind in January
    assert "15 Jan 2027, 09:30" in desk.read("drive", drive.pk)
    assert "America/Chicago" in desk.read("drive-edit", drive.pk)


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"ends_at": "2020-01-01T10:00"}, "ends_at", "must be after the start"),
        ({"closes": "08:00"}, "closes", "must end after they begin"),
        ({"weekdays": []}, "weekdays", "Choose at least one day"),
        ({"per_office_hour": 0}, "per_office_hour", "greater than or equal to 1"),
        ({"starts_at": "soon"}, "starts_at", "Enter a valid date/time"),
    ],
)
def test_a_drive_that_can_not_be_is_refused_at_its_field(desk, change, field, says):
    campaign = make.campaign_with_targets(organization=desk.organization)
    answer = desk.post("drive-new", campaign.pk, **drive_data(**change))
    assert answer.status_code == 422
    assert says in words(answer)
    assert f"id_{field}_error" in answer.content.decode()
    assert not Drive.objects.exists()


def test_around_the_clock_needs_no_hours_in_order(desk):
    campaign = make.campaign_with_targets(organization=desk.organization)
    assert desk.post("drive-new", campaign.pk, **drive_data(closes="08:00", all_day="on")).status_code == 302


def test_a_drive_keeps_its_calendar_and_the_pace_of_the_day(desk):
    campaign = make.campaign_with_targets(organization=desk.organization)
    fields = drive_data(
        starts_on="2027-03-01",
        ends_on="2027-03-31",
        skips_holidays="on",
        skips_recess="on",
        pace="mornings",
    )
    assert desk.post("drive-new", campaign.pk, **fields).status_code == 302
    drive = Drive.objects.get()
    assert (drive.skips_holidays, drive.skips_recess, drive.ends_on) == (True, True, date(2027, 3, 31))
    assert drive.hour_weights[10] == 100 and drive.hour_weights[15] == 40
    page = desk.get("drive-edit", drive.pk)
    assert '<option value="mornings" selected>' in page.content.decode()
    desk.post("drive-edit", drive.pk, **{**fields, "pace": "even"})
    drive.refresh_from_db()
    assert drive.hour_weights == []


def test_a_pace_set_by_a_program_is_kept(desk, drive):
    weights = list(range(24))
    Drive.objects.filter(pk=drive.pk).update(hour_weights=weights)
    assert "As it was set through the API" in desk.read("drive-edit", drive.pk)
    desk.post("drive-edit", drive.pk, **drive_data(pace="kept"))
    drive.refresh_from_db()
    assert drive.hour_weights == weights


def test_a_drive_ends_before_the_measures_vote(desk):
    campaign = make.campaign_with_targets(organization=desk.organization)
    measure = campaign.measure
    measure.vote_on = clock.now().date() + timedelta(days=30)
    measure.save()
    desk.post("drive-new", campaign.pk, **drive_data(ends_at="", hours_before_vote=24))
    drive = Drive.objects.get()
    assert drive.ends_at.date() == measure.vote_on - timedelta(days=1)
    assert f"{drive.ends_at:%H:%M}" == "00:00"


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"ends_at": ""}, "ends_at", "Say when the last letter may leave"),
        ({"ends_at": "", "hours_before_vote": 24}, "vote_on", "Name the day of the vote"),
        ({"hours_before_vote": 24, "vote_on": "2020-01-01"}, "hours_before_vote", "must be after the start"),
        ({"hours_before_vote": 9999}, "hours_before_vote", "less than or equal to 2160"),
        ({"starts_on": "2027-03-02", "ends_on": "2027-03-01"}, "ends_on", "must not be before the first"),
        ({"pace": "hectic"}, "pace", "Select a valid choice"),
    ],
)
def test_a_calendar_that_can_not_be_is_refused_at_its_field(desk, change, field, says):
    campaign = make.campaign_with_targets(organization=desk.organization)
    answer = desk.post("drive-new", campaign.pk, **drive_data(**change))
    assert answer.status_code == 422 and says in words(answer)
    assert f"id_{field}_error" in answer.content.decode()
    assert not Drive.objects.exists()


def test_a_second_open_drive_is_refused_in_words(desk, drive):
    answer = desk.post("drive-new", drive.campaign_id, **drive_data())
    assert answer.status_code == 422 and "This campaign has an open drive." in words(answer)


def test_the_vote_stands_beside_the_last_moment(desk, drive):
    measure = drive.campaign.measure
    measure.vote_on = clock.today() + timedelta(days=9)
    measure.save()
    assert "The vote is on" in desk.read("drive-edit", drive.pk)


def test_a_rehearsal_shows_the_plan_and_changes_nothing(desk, drive):
    before = list(Letter.objects.order_by("pk").values())
    page = desk.get("rehearsal", drive.pk)
    text = words(page)
    assert "3 letters have a moment" in text and "Hour by hour" in text
    assert b"<svg" in page.content
    assert list(Letter.objects.order_by("pk").values()) == before


def test_a_rehearsal_names_offices_without_address_and_vacant_seats(desk, drive):
    group = drive.campaign.target_groups.get()
    chamber, version = group.rules.get().chamber, group.versions.get()
    silent = make.MembershipFactory(post__chamber=chamber, legislator__name="Silent Sam")
    vacant = make.PostFactory(chamber=chamber, label="Delegate for Nowhere")
    for post in (silent.post, vacant):
        make.LetterFactory(
            drive=drive, pledge=make.PledgeFactory(campaign=drive.campaign), post=post, version=version
        )
    text = desk.read("rehearsal", drive.pk)
    assert "Silent Sam" in text and "Delegate for Nowhere" in text
    assert "1 office without a working address" in text and "1 vacant seat" in text
    assert "3 letters have a moment" in text and "2 letters can’t leave yet" in text
    assert "0 confirmed supporters without a letter" in text


def test_a_rehearsal_says_what_comes_too_late_and_who_is_flooded(desk, drive):
    Drive.objects.filter(pk=drive.pk).update(
        per_office_hour=1, ends_at=drive.starts_at + timedelta(minutes=20)
    )
    assert "not fit before the last moment" in desk.read("rehearsal", drive.pk)
    Drive.objects.filter(pk=drive.pk).update(ends_at=drive.starts_at + timedelta(days=3))
    add_letters(drive, 6)
    assert "more than a working day" in desk.read("rehearsal", drive.pk)


def test_a_rehearsal_shows_each_offices_hours_on_its_own_clock(desk, drive):
    post = Letter.objects.first().post
    post.chamber.jurisdiction.time_zone = "Asia/Kathmandu"
    post.chamber.jurisdiction.save()
    make.RecessFactory(organization=desk.organization, chamber=post.chamber, name="Spring recess")
    Drive.objects.filter(pk=drive.pk).update(skips_recess=True)
    page = desk.read("rehearsal", drive.pk)
    assert "Asia/Kathmandu" in page and "+0545" in page
    assert "Days without letters" in page and "Spring recess recess" in page
    assert "Hour from (Asia/Kathmandu)" in page
    assert "0 offices overloaded" in page


def test_a_drive_is_scheduled_taken_back_and_paused(desk, drive):
    page = desk.read("drive-move", drive.pk, "start")
    assert "3 letters wait in it now" in page
    assert "Scheduled. 3 letters wait." in told(desk.post("drive-move", drive.pk, "start"))
    assert state_of(drive) == "scheduled"
    desk.post("drive-move", drive.pk, "draft")
    assert state_of(drive) == "draft"
    desk.post("drive-move", drive.pk, "start")
    desk.post("drive-move", drive.pk, "pause")
    assert state_of(drive) == "paused"
    assert "3 letters go on at the set rates" in desk.read("drive-move", drive.pk, "resume")
    desk.post("drive-move", drive.pk, "resume")
    assert state_of(drive) == "running"
    verbs = list(AuditEntry.objects.values_list("verb", flat=True).order_by("pk"))
    assert verbs == ["schedule drive", "unschedule drive", "schedule drive", "pause drive", "resume drive"]


def test_resuming_says_what_goes_on_as_the_rehearsal_does_and_what_does_not(desk, drive):
    Drive.objects.filter(pk=drive.pk).update(state="paused")
    add_letters(drive, 2, "draft")
    group = drive.campaign.target_groups.get()
    vacant = make.PostFactory(chamber=group.rules.get().chamber, label="Delegate for Nowhere")
    pledge = make.PledgeFactory(campaign=drive.campaign)
    make.LetterFactory(drive=drive, pledge=pledge, post=vacant, version=group.versions.get())
    assert "3 letters have a moment" in desk.read("rehearsal", drive.pk)
    page = desk.read("drive-move", drive.pk, "resume")
    assert "3 letters go on at the set rates." in page
    assert "2 letters are still with their supporters" in page
    assert "1 letter can't leave yet: its office has no working address, or nobody in it." in page
    assert "queue" not in page and "last moment" not in page  # nothing of either: nothing to say


def test_resuming_a_drive_of_which_nothing_can_leave_says_so(desk, drive):
    Drive.objects.filter(pk=drive.pk).update(state="paused")
    Letter.objects.update(state="draft")
    page = desk.read("drive-move", drive.pk, "resume")
    assert "No letter can leave at the moment." in page and "at the set rates" not in page
    assert "3 letters are still with their supporters" in page


def test_letters_in_the_queue_are_said_to_go_first(desk, drive):
    Drive.objects.filter(pk=drive.pk).update(state="paused")
    add_letters(drive, 1, "queued", **sent(drive, sent_at=None))
    page = desk.read("drive-move", drive.pk, "resume")
    assert "1 letter was in the queue already and goes first." in page
    assert "3 letters go on at the set rates." in page


def test_a_number_of_none_is_not_said(desk, drive):
    for verb in ("pause", "cancel"):
        Drive.objects.filter(pk=drive.pk).update(state="running")
        assert "leaving already" not in desk.read("drive-move", drive.pk, verb)
    assert told(desk.post("drive-move", drive.pk, "pause")) == "Paused."
    Letter.objects.all().delete()
    Drive.objects.filter(pk=drive.pk).update(state="draft")
    assert "0 letters" not in desk.read("drive-move", drive.pk, "start")
    assert told(desk.post("drive-move", drive.pk, "start")) == "Scheduled."
    assert "Cancel 0 letters" not in desk.read("drive-move", drive.pk, "cancel")


def test_a_drive_of_a_draft_campaign_is_not_scheduled(desk):
    campaign = make.campaign_with_targets(organization=desk.organization, state="draft")
    drive = make.DriveFactory(campaign=campaign, state="draft")
    assert "Open the campaign first." in desk.read("drive-move", drive.pk, "start")
    assert "Open the campaign first." in told(desk.post("drive-move", drive.pk, "start"))
    assert state_of(drive) == "draft"


def test_cancelling_says_the_number_and_what_is_leaving_already(desk, drive):
    Drive.objects.filter(pk=drive.pk).update(state="running")
    add_letters(
        drive, 1, "committing", lease_until=clock.now() + timedelta(hours=1), **sent(drive, sent_at=None)
    )
    page = desk.get("drive-move", drive.pk, "cancel")
    assert "Cancel 3 letters" in words(page)
    assert "1 letter is leaving already and will finish." in words(page)
    assert Letter.objects.filter(state="ready").count() == 3
    assert "Cancelled 3 letters. 1 letter is leaving already" in told(
        desk.post("drive-move", drive.pk, "cancel")
    )
    assert Letter.objects.filter(state="cancelled").count() == 3
    assert state_of(drive) == "cancelled"


@pytest.mark.parametrize("verb", ["start", "pause", "resume", "draft", "cancel"])
def test_looking_at_a_move_does_not_make_it(desk, drive, verb):
    for method in (desk.client.get, desk.client.head):
        method(desk.url("drive-move", drive.pk, verb))
    assert state_of(drive) == "draft"


def test_a_cancelled_drive_can_not_be_resumed(desk, drive):
    desk.post("drive-move", drive.pk, "cancel")
    page = desk.get("drive-move", drive.pk, "resume")
    assert "no longer possible" in words(page) and b"Resume the drive</button>" not in page.content
    assert "no longer possible" in told(desk.post("drive-move", drive.pk, "resume"))


@pytest.mark.parametrize(
    ("verb", "state", "said"),
    [
        ("start", "running", "It is under way already."),
        ("pause", "paused", "It is paused already."),
        ("resume", "running", "It is under way already."),
        ("cancel", "cancelled", "It is cancelled already."),
    ],
)
def test_a_drive_that_is_moved_twice_is_said_to_be_so_already(desk, drive, verb, state, said):
    drive.state = state
    drive.save()
    page = desk.get("drive-move", drive.pk, verb)
    assert said in words(page) and "Not yet" not in words(page)
    again = desk.client.post(desk.url("drive-move", drive.pk, verb), follow=True)
    assert said in words(again) and "no longer possible" not in words(again)
    assert state_of(drive) == state


def test_the_board_counts_letters_by_state_without_tests(desk, drive):
    for _ in range(2):
        add_letters(drive, 1, "sent", **sent(drive))
    add_letters(drive, 1, "held", note="its worker died five times")
    add_letters(drive, 1, is_test=True)
    text = desk.read("drive-board", drive.pk)
    assert "Accepted by a mail server: 2" in text
    assert "Waiting to leave: 3" in text
    assert "Held for a person: 1" in text and "1 letter is held or can’t leave yet." in text
    assert "1 test letter, not counted." in text


def test_the_board_says_when_nothing_is_being_sent(desk, drive):
    Drive.objects.filter(pk=drive.pk).update(state="running")
    silent = "the worker has not answered for two minutes"
    assert silent in desk.read("drive-board", drive.pk)
    Heartbeat.objects.create(name="tick", beaten_at=clock.now())
    assert silent not in desk.read("drive-board", drive.pk)
    clock.move(timedelta(minutes=3))
    assert silent in desk.read("drive-board", drive.pk)


def test_the_board_stops_refreshing_when_there_is_nothing_to_come(desk, drive):
    Drive.objects.filter(pk=drive.pk).update(state="running")
    assert "X-Refresh" not in desk.get("drive-board", drive.pk)
    assert b"data-refresh" in desk.get("drive", drive.pk).content
    Drive.objects.filter(pk=drive.pk).update(state="finished")
    assert desk.get("drive-board", drive.pk)["X-Refresh"] == "over"
    assert b"data-refresh" not in desk.get("drive", drive.pk).content


def test_the_board_draws_more_hours_than_fit_around_now(desk, drive):
    at = clock.now()
    for n in range(60):
        add_letters(drive, 1, send_after=at + timedelta(hours=n))
    page = desk.get("drive-board", drive.pk)
    assert "and 24 more hours in the table" in words(page)
    assert page.content.count(b"<tr ") == 61


def test_staff_see_numbers_and_no_names(client, drive):
    desk = Desk(client, organization=drive.campaign.organization, role="staff")
    page = desk.get("drive", drive.pk).content.decode()
    assert "Waiting to leave: 3" in page
    assert desk.url("letter-list") not in page


def of_every_kind(drive):
    """Two letters in each state in which a letter can be, beside the three that are ready."""
    for state in LetterState.values:
        now = {"lease_until": clock.now() + timedelta(hours=1)} if state in Letter.LEAVING else {}
        for _ in range(2):
            post = add_letters(drive, 1, state, **sent(drive, **now))
    return post


GROUPED = [
    ("Accepted", 6),
    ("Leaving", 4),
    ("Waiting", 9),
    ("With supporters", 2),
    ("Uncertain", 2),
    ("Held", 2),
    ("Failed", 6),
    ("Stopped", 6),
]


def test_the_numbers_of_an_office_add_up_to_its_letters(desk, drive):
    post = of_every_kind(drive)
    text = desk.read("drive-offices", drive.pk)
    assert " ".join(["Letters", *(column for column, _ in GROUPED), "Last one"]) in text
    assert " ".join([post.label, "37", *(str(n) for _, n in GROUPED)]) in text
    assert sum(n for _, n in GROUPED) == 37
    delivered = sum(n for column, n in GROUPED if column in {"Accepted", "Posted"})
    assert f"All others {post.label} 37 {delivered} {37 - delivered} " in desk.read("drive", drive.pk)


def test_waiting_is_one_number_on_every_page(desk, drive):
    of_every_kind(drive)
    Drive.objects.filter(pk=drive.pk).update(state="paused")
    board = desk.read("drive", drive.pk)
    assert "Waiting to leave: 9" in board and "Still with their supporters: 2" in board
    assert "6 more were withdrawn or stopped and are not in the bar." in board
    campaign = desk.read("campaign-detail", drive.campaign_id)
    assert "9 letters waiting to leave" in campaign and "2 letters still with their supporters" in campaign
    home = desk.read("console-home")
    assert "9 letters wait, 2 letters are still with their supporters" in home
    assert "6 of 31 letters accepted (not counting 6 withdrawn or stopped)" in home
    closing = desk.read("campaign-move", drive.campaign_id, "close")
    assert "9 letters still wait" in closing and "2 letters are still with their supporters" in closing
    Drive.objects.filter(pk=drive.pk).update(state="draft")
    starting = desk.read("drive-move", drive.pk, "start")
    assert "9 letters wait in it now" in starting and "2 letters are still with their supporters" in starting
    assert "Scheduled. 9 letters wait." in told(desk.post("drive-move", drive.pk, "start"))


def test_what_people_carry_has_numbers_of_its_own(desk, drive):
    for channel, state in (("print", "sent"), ("link", "sent"), ("link", "queued"), ("print", "queued")):
        add_letters(drive, 1, state, channel=channel, **sent(drive))
    Drive.objects.filter(pk=drive.pk).update(state="paused")
    columns = "Letters Accepted Posted By supporters Waiting With supporters Failed"
    page = desk.read("drive", drive.pk)
    assert " 7 1 6 " in page
    offices = desk.read("drive-offices", drive.pk)
    assert columns in offices and " 7 0 1 1 4 1 0 " in offices
    assert "Waiting to leave: 4" in page and "Still with their supporters: 1" in page
    assert "0 of 7 letters accepted · 2 posted or sent by their supporters" in desk.read("console-home")


def test_a_drive_without_letters_counts_none(desk, drive):
    Letter.objects.all().delete()
    Drive.objects.filter(pk=drive.pk).update(state="running")
    home = desk.read("console-home")
    assert "No letter yet" in home and "0 of 0" not in home


def test_the_offices_take_the_same_queries_for_one_and_for_twenty(desk, drive, django_assert_num_queries):
    with django_assert_num_queries(OFFICE_QUERIES):
        desk.get("drive-offices", drive.pk)
    group = drive.campaign.target_groups.get()
    for _ in range(19):
        post = make.PostFactory(chamber=group.rules.get().chamber)
        pledge = make.PledgeFactory(campaign=drive.campaign)
        make.LetterFactory(drive=drive, pledge=pledge, post=post, version=group.versions.get())
    with django_assert_num_queries(OFFICE_QUERIES):
        assert len(desk.get("drive-offices", drive.pk).context["offices"]) == 20


def test_offices_are_listed_with_their_numbers_and_found(desk, drive):
    post = add_letters(drive, 1)
    assert f"{post.label} 4 0 4" in desk.read("drive-offices", drive.pk)
    assert post.label in desk.read("drive-offices", drive.pk, q=post.label[-6:])
    assert "No office fits." in desk.read("drive-offices", drive.pk, q="zebra")


def test_letters_are_filtered_by_state_office_and_words(desk, drive):
    post = add_letters(drive, 1, "held", note="its worker died five times")
    Pledge.objects.filter(letters__state="held").update(name="Grace Held")
    everything = desk.read("letter-list", drive=str(drive.pk))
    assert "All 4" in everything and "Held for a person 1" in everything
    held = desk.read("letter-list", drive=str(drive.pk), state="held")
    assert "Grace Held" in held and "its worker died five times" in held
    assert desk.get("letter-list", state="held").context["page"].paginator.count == 1
    office = desk.read("letter-list", post=str(post.pk))
    assert f"Letters to {post.label}" in office and "office0@assembly.example" in office
    assert desk.get("letter-list", q="grace").context["page"].paginator.count == 1
    assert "No letter fits." in desk.read("letter-list", q="zebra")


@pytest.mark.parametrize(
    "query", [{"drive": "x"}, {"post": "1 or 1=1"}, {"drive": "00000000-0000-0000-0000-000000000000"}]
)
def test_a_filter_that_names_nothing_is_not_found(desk, query):
    assert desk.get("letter-list", **query).status_code == 404


def test_a_state_that_does_not_exist_filters_nothing(desk, drive):
    assert desk.get("letter-list", state="nonsense").context["page"].paginator.count == 3


def test_letters_that_can_not_leave_are_one_press_away(desk, drive):
    Letter.objects.filter(pk=Letter.objects.first().pk).update(note="no working contact point")
    assert "1 letter is held or can’t leave yet." in desk.read("drive", drive.pk)
    assert desk.get("letter-list", stuck="1").context["page"].paginator.count == 1


@pytest.mark.parametrize("role", ["organizer", "staff"])
def test_each_reason_why_letters_stopped_is_said_once_and_one_alarm_leads_there(client, drive, role):
    desk = Desk(client, drive.campaign.organization, role)
    letters = list(Letter.objects.order_by("pk"))
    Letter.objects.filter(pk=letters[0].pk).update(note="the seat is vacant")
    Letter.objects.filter(pk=letters[1].pk).update(note="no working contact point")
    Letter.objects.filter(pk=letters[2].pk).update(state="held", note="its worker died five times")
    raw = desk.get("drive", drive.pk).content.decode()
    page = desk.read("drive", drive.pk)
    assert page.count("3 letters are held or can’t leave yet. Why, and what to do") == 1
    assert raw.count('href="#stopped"') == 1 and raw.count('id="stopped"') == 1
    for reason in ("The seat is vacant", "No working contact point", "Sending it broke off again and again"):
        assert len(re.findall(rf"<td[^>]*>{reason}</td>", raw)) == 1
    assert "letters wait:" not in page and "letter waits:" not in page


def test_each_reason_why_letters_can_not_leave_leads_to_its_own_letters(desk, drive):
    letters = list(Letter.objects.order_by("pk"))
    for name, letter in zip(("Vera Vacant", "Una Unreached", "Wilma Well"), letters, strict=True):
        Pledge.objects.filter(pk=letter.pledge_id).update(name=name)
    Letter.objects.filter(pk=letters[0].pk).update(note="the seat is vacant")
    Letter.objects.filter(pk=letters[1].pk).update(note="no working contact point")
    links = re.findall(r'href="([^"]+stuck=1&amp;reason[^"]*)"', desk.get("drive", drive.pk).content.decode())
    listed = [words(desk.client.get(html.unescape(link))) for link in sorted(set(links))]
    assert len(listed) == 2
    for name, note in (("Vera Vacant", "the seat is vacant"), ("Una Unreached", "no working contact point")):
        (page,) = [page for page in listed if name in page]
        assert f"{name} Can’t leave yet {note}" in page
        assert sum(other in page for other in ("Vera Vacant", "Una Unreached", "Wilma Well")) == 1
    both = desk.read("letter-list", drive=str(drive.pk), stuck="1")
    assert "Vera Vacant" in both and "Una Unreached" in both and "Wilma Well" not in both
    assert "Can’t leave yet 2" in both and "the seat is vacant 1" in both
    everything = desk.read("letter-list", drive=str(drive.pk))
    assert "All 3 Ready 1 Can’t leave yet 2" in everything and "Wilma Well Ready" in everything
    assert "Ready: 1 Can’t leave yet: 2" in desk.read("drive", drive.pk)
    ready = desk.read("letter-list", drive=str(drive.pk), state="ready")
    assert "Wilma Well" in ready and "Vera Vacant" not in ready
    assert "Can’t leave yet the seat is vacant" in desk.read("letter", letters[0].pk)


def stuck_letter(note):
    """One of the drive's letters that can't leave for a reason."""
    letter = Letter.objects.select_related("pledge", "post").order_by("pk").first()
    Letter.objects.filter(pk=letter.pk).update(note=note)
    return letter


def test_letters_that_can_not_leave_are_a_part_of_their_own_in_bar_table_and_file(desk, drive):
    stuck_letter("the seat is vacant")
    page = desk.read("drive", drive.pk)
    assert "Waiting to leave: 2Can’t leave yet: 1Still" in page
    board = desk.get("drive", drive.pk).content.decode()
    assert "chart-part-dashed" in board and "legend-dashed" in board
    taken = desk.client.get(desk.url("drive", drive.pk), {"format": "csv", "table": "letters"})
    rows = taken.content.decode("utf-8-sig").splitlines()
    assert "Waiting to leave,2" in rows and "Can’t leave yet,1" in rows


def test_where_nothing_is_stuck_the_board_has_no_such_part(desk, drive):
    page = desk.read("drive", drive.pk)
    assert "Waiting to leave: 3" in page and "Can’t leave yet" not in page


def test_uncertain_letters_do_not_look_like_held_ones(desk, drive):
    add_letters(drive, 1, "held", note="its worker died five times")
    add_letters(drive, 1, "uncertain", **sent(drive))
    page = desk.get("drive", drive.pk).content.decode()
    assert "legend-open" in page and "legend-warn" in page
    assert re.search(r'fill="none"[^>]*chart-part-open', page)


@pytest.mark.parametrize(
    ("note", "said", "leads_to"),
    [
        ("the seat is vacant", "Nothing. When somebody takes the seat before the drive ends", ""),
        ("no working contact point", "Say that an address that failed works again", "address-list"),
        ("the office asks for more about the writer than we know", "Ask the writer to add", ""),
        ("the office's time zone is not known", "to enter the time zone of the office", ""),
    ],
)
def test_each_reason_why_letters_can_not_leave_says_what_comes_next(desk, drive, note, said, leads_to):
    letter = stuck_letter(note)
    listed = desk.get("letter-list", stuck="1", reason=note).content.decode()
    board = desk.get("drive", drive.pk).content.decode()
    for page in (listed, board, desk.get("letter", letter.pk).content.decode()):
        assert said in html.unescape(page)
    if leads_to:
        assert f'href="{desk.url(leads_to)}"' in listed and f'href="{desk.url(leads_to)}"' in board


def test_a_letter_that_can_not_leave_leads_to_whom_it_waits_for(desk, drive):
    letter = stuck_letter("no working contact point")
    holder = letter.post.memberships.get().legislator
    legislator, failed = desk.url("legislator", holder.pk), desk.url("address-list")
    remedy = desk.get("letter", letter.pk).context["remedy"]
    assert remedy.url == legislator
    ContactPoint.objects.filter(office__legislator=holder).update(health="failing")
    assert desk.get("letter", letter.pk).context["remedy"].url == failed
    stuck_letter("the office asks for more about the writer than we know")
    supporter = make.SupporterFactory(organization=desk.organization)
    Pledge.objects.filter(pk=letter.pledge_id).update(supporter=supporter)
    assert desk.get("letter", letter.pk).context["remedy"].url == desk.url("supporter", supporter.pk)
    stuck_letter("the office's time zone is not known")
    assert desk.get("letter", letter.pk).context["remedy"].url == ""
    desk.user.is_staff = True
    desk.user.save()
    assert "/contacts/office/" in desk.get("letter", letter.pk).context["remedy"].url


def test_a_letter_to_a_vacant_seat_says_what_comes_next_before_it_is_planned(desk, drive):
    letter = Letter.objects.first()
    letter.post.memberships.update(end_on=clock.today() - timedelta(days=1))
    Letter.objects.update(legislator=None)
    assert "When somebody takes the seat" in desk.read("letter", letter.pk)


def test_staff_are_not_told_that_all_goes_on_where_letters_can_not_leave(desk, drive, client):
    stuck_letter("the seat is vacant")
    staff = Desk(client, desk.organization, role="staff")
    page = staff.read("console-home")
    assert "Nothing for you. 1 letter can’t leave yet" in page and "goes on by itself" not in page
    Letter.objects.update(note="")
    assert "Whatever is under way goes on by itself." in staff.read("console-home")


def test_reasons_are_read_in_the_readers_language_and_asked_for_as_they_are_stored(desk, drive):
    letter, other, _third = Letter.objects.order_by("pk")
    Letter.objects.filter(pk=letter.pk).update(note="no working contact point")
    desk.post("drive-move", drive.pk, "start")
    spanish = {"accept-language": "es"}
    assert "Ninguna vía de contacto que funcione" in words(
        desk.client.get(desk.url("drive", drive.pk), headers=spanish)
    )
    listed = desk.client.get(desk.url("letter-list"), {"stuck": "1"}, headers=spanish)
    assert "ninguna vía de contacto que funcione 1" in words(listed)
    assert "reason=no+working+contact+point" in listed.content.decode()
    Letter.objects.filter(pk=other.pk).update(state="held")
    desk.post("letter-cancel", other.pk)
    page = words(desk.client.get(desk.url("letter", other.pk), headers=spanish))
    assert "(cancelada por la organización)" in page and "cancelled by" not in page
    assert "(cancelled by the organisation)" in desk.read("letter", other.pk)


def test_a_search_among_letters_that_can_not_leave_stays_among_them(desk, drive):
    Letter.objects.filter(pk=Letter.objects.first().pk).update(note="the seat is vacant")
    page = desk.get("letter-list", stuck="1", reason="the seat is vacant").content.decode()
    assert '<input type="hidden" name="stuck" value="1">' in page
    assert '<input type="hidden" name="reason" value="the seat is vacant">' in page
    assert "No letter fits." in desk.read("letter-list", stuck="1", reason="no\x00 such reason")


def test_letters_take_the_same_queries_for_one_and_for_twenty(desk, drive, django_assert_num_queries):
    Letter.objects.exclude(pk=Letter.objects.first().pk).delete()
    Letter.objects.update(note="the seat is vacant")
    with django_assert_num_queries(LETTER_QUERIES):
        desk.get("letter-list", drive=str(drive.pk))
    add_letters(drive, 19, note="the seat is vacant")
    with django_assert_num_queries(LETTER_QUERIES):
        assert len(desk.get("letter-list", drive=str(drive.pk)).context["rows"]) == 20


@pytest.fixture
def uncertain(desk, drive):
    """A letter whose answer was lost, with the try that lost it."""
    add_letters(drive, 1, "uncertain", recipient="office0@assembly.example", **sent(drive, sent_at=None))
    letter = Letter.objects.get(state="uncertain")
    Attempt.objects.create(
        letter=letter,
        number=1,
        lease_token=1,
        outcome="uncertain",
        host="relay.example",
        started_at=clock.now(),
    )
    return letter


def test_an_uncertain_letter_shows_its_evidence_and_three_ways_out(desk, uncertain):
    page = desk.read("letter", uncertain.pk)
    assert "Did it arrive?" in page
    assert uncertain.message_id in page and "relay.example" in page and "office0@assembly.example" in page
    assert "It arrived" in page and "Send it again" in page and "Give it up" in page


@pytest.mark.parametrize(
    ("verb", "state"),
    [("sent", LetterState.SENT), ("resend", LetterState.QUEUED), ("abandon", LetterState.ABANDONED)],
)
def test_a_person_decides_what_became_of_it(desk, uncertain, verb, state):
    desk.post("letter-decide", uncertain.pk, verb)
    uncertain.refresh_from_db()
    assert uncertain.state == state
    change = uncertain.history.last()
    assert change.actor == desk.user
    assert f"settle uncertain letter: {verb}" in AuditEntry.objects.values_list("verb", flat=True)
    assert desk.user.name in desk.read("letter", uncertain.pk)


def test_what_somebody_else_decided_first_is_told(desk, uncertain):
    desk.post("letter-decide", uncertain.pk, "abandon")
    assert "no longer possible" in told(desk.post("letter-decide", uncertain.pk, "sent"))


@pytest.mark.parametrize(
    ("deed", "state"),
    [(("letter-decide", "release"), LetterState.READY), (("letter-cancel",), LetterState.CANCELLED)],
)
def test_a_held_letter_is_released_or_cancelled(desk, drive, deed, state):
    add_letters(drive, 1, "held", note="its worker died five times")
    letter = Letter.objects.get(state="held")
    assert "Why: its worker died five times." in desk.read("letter", letter.pk)
    name, *verb = deed
    desk.post(name, letter.pk, *verb)
    letter.refresh_from_db()
    assert letter.state == state


def test_one_waiting_letter_is_cancelled_after_a_page_that_says_so(desk, drive):
    letter = Letter.objects.first()
    link = desk.url("letter-cancel", letter.pk)
    assert f'href="{link}"' in desk.get("letter", letter.pk).content.decode()
    asks = desk.read("letter-cancel", letter.pk)
    assert f"The letter from {letter.pledge.name} to {letter.post.label} is never sent." in asks
    letter.refresh_from_db()
    assert letter.state == "ready"
    assert "will not be sent" in told(desk.client.post(link))
    letter.refresh_from_db()
    assert letter.state == "cancelled"
    assert "It is cancelled already." in desk.read("letter-cancel", letter.pk)


def test_there_is_no_other_verdict(desk, uncertain):
    assert desk.post("letter-decide", uncertain.pk, "burn").status_code == 404


def test_a_letters_page_shows_the_text_tries_and_history(desk, drive):
    raw = b"To: a@b.example\r\nSubject: Hello\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nCaf=C3=A9 & <care>\r\n"
    add_letters(
        drive, 1, "sent", raw=raw, accepted_by="mx.assembly.example", accepted_reply="250 kept", **sent(drive)
    )
    letter = Letter.objects.get(state="sent")
    Attempt.objects.create(
        letter=letter, number=1, lease_token=1, outcome="deferred", host="mx.assembly.example",
        reply_code=451, enhanced_code="4.7.1", reply_text="greylisted", started_at=clock.now(),
    )  # fmt: skip
    text = desk.read("letter", letter.pk)
    assert "Café & <care>" in text  # decoded for reading
    assert "Caf=C3=A9" in text  # and as it was sent
    assert "451 4.7.1 greylisted" in text and "mx.assembly.example: 250 kept" in text


def test_supporters_are_found_with_their_pledges_letters_and_consents(desk, drive):
    letter = Letter.objects.first()
    person = letter.pledge.supporter
    assert person.name in desk.read("supporter-list", q=person.email)
    assert person.name in desk.read("supporter-list", campaign=str(drive.campaign_id))
    assert "Nobody fits." in desk.read("supporter-list", q="zebra")
    page = desk.read("supporter", person.pk)
    assert drive.campaign.title in page and letter.post.label in page and "Publish my name Not asked" in page
    assert desk.get("supporter-list", campaign="x").status_code == 404


def test_an_erased_supporter_is_gone_from_the_console(desk, drive):
    person = Letter.objects.first().pledge.supporter
    person.erased_at = clock.now()
    person.save()
    assert desk.get("supporter", person.pk).status_code == 404
    assert person.email not in desk.read("supporter-list")


def test_home_lists_what_needs_a_person_nearest_deadline_first(desk, drive, uncertain):
    Drive.objects.filter(pk=drive.pk).update(state="paused")
    Letter.objects.filter(pk=uncertain.pk).update(deadline=clock.now() + timedelta(hours=1))
    make.CampaignFactory(organization=desk.organization, title="Half done", state="draft")
    page = desk.read("console-home")
    first = page.index("1 letter may or may not have arrived")
    second = page.index("“First wave” is paused, 3 letters wait")
    third = page.index("“Half done” has no letter yet")
    assert first < second < third


def test_home_warns_of_a_drive_that_ends_soon(desk, drive):
    Drive.objects.filter(pk=drive.pk).update(state="running")
    assert "ends soon" not in desk.read("console-home")
    clock.move(timedelta(days=6))
    assert "“First wave” ends soon, 3 letters wait" in desk.read("console-home")


def test_a_quiet_home_says_so(desk):
    assert "Begin with one ask" in desk.read("console-home")
    make.CampaignFactory(organization=desk.organization)
    assert "Nothing. Whatever is under way goes on by itself." in desk.read("console-home")
