"""From nothing to an open campaign through the console: targets, letters, test mode, and what stands in the way."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from campaigns.models import Campaign, Drive, LetterVersion, TargetGroup, TargetRule
from contacts import clock
from contacts.models import AuditEntry
from tests import factories as make
from tests.campaigns.console import Desk, told, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    return Desk(client)


def campaign_data(desk, **changes):
    measure = make.MeasureFactory(issue__organization=desk.organization)
    return {
        "issue": measure.issue_id,
        "measure": measure.pk,
        "title": "Care within four weeks",
        "ask": "Vote for care within four weeks",
        "why": "Waiting makes people worse.",
        "language": "en",
        "goal": 500,
        "editing_minutes": 60,
        "channel_choice": ["email", "print", "link"],
        **changes,
    }


def made(desk, **changes):
    desk.post("campaign-new", **campaign_data(desk, **changes))
    return Campaign.objects.latest("created_at")


def mine(desk, **fields):
    return make.CampaignFactory(organization=desk.organization, **fields)


def letter_data(**changes):
    return {
        "language": "en",
        "subject": "Please vote for {{measure}}",
        "salutation": "Dear {{title}} {{representative}},",
        "opening": "I live in {{city}}.",
        "talking_points": "",
        "closing": "Please answer.",
        **changes,
    }


def drive_data(**changes):
    start = clock.now() + timedelta(hours=1)
    return {
        "name": "First wave",
        "starts_at": f"{start:%Y-%m-%dT%H:%M}",
        "ends_at": f"{start + timedelta(days=14):%Y-%m-%dT%H:%M}",
        "weekdays": [0, 1, 2, 3, 4],
        "opens": "09:00",
        "closes": "17:00",
        "per_office_hour": 30,
        "per_domain_hour": 600,
        "per_site_hour": 3000,
        **changes,
    }


def test_a_goal_of_nobody_is_said_at_its_field(desk):
    answer = desk.post("campaign-new", **campaign_data(desk, goal=0))
    assert answer.status_code == 422 and "The goal is one person at least." in words(answer)
    assert "Constraint" not in words(answer)


def test_a_campaign_starts_as_a_draft_in_test_mode(desk):
    campaign = made(desk)
    assert (campaign.state, campaign.is_test, campaign.test_recipient) == ("draft", True, desk.user)
    assert campaign.slug == "care-within-four-weeks"
    page = desk.read("campaign-detail", campaign.pk)
    assert f"Every letter goes to {desk.user.name}" in page
    assert AuditEntry.objects.get(organization=desk.organization).verb == "create campaign"


def test_the_address_is_made_from_the_headline_and_free(desk):
    assert made(desk).slug == "care-within-four-weeks"
    assert made(desk).slug == "care-within-four-weeks-2"
    answer = desk.post("campaign-new", **campaign_data(desk, slug="care-within-four-weeks"))
    assert answer.status_code == 422 and "has this address" in words(answer)


def test_a_campaign_can_not_use_what_belongs_to_others(desk):
    theirs = make.MeasureFactory()
    answer = desk.post("campaign-new", **campaign_data(desk, issue=theirs.issue_id, measure=theirs.pk))
    assert answer.status_code == 422 and not Campaign.objects.exists()


def test_measure_and_issue_must_belong_together(desk):
    other = make.MeasureFactory(issue__organization=desk.organization)
    answer = desk.post("campaign-new", **campaign_data(desk, measure=other.pk))
    assert answer.status_code == 422 and f"belongs to another issue: {other.issue.title}" in words(answer)


def test_measures_stand_under_their_issues(desk):
    mine = make.MeasureFactory(issue__organization=desk.organization, issue__title="Waiting times")
    theirs = make.MeasureFactory()
    page = desk.get("campaign-new").content.decode()
    group = page[page.index('<optgroup label="Waiting times">') :].split("</optgroup>")[0]
    assert f'value="{mine.pk}"' in group
    assert str(theirs.pk) not in page


def test_the_whole_way_from_a_draft_to_real_letters(desk):
    campaign = made(desk)
    jurisdiction = campaign.measure.jurisdiction
    chamber = make.ChamberFactory(jurisdiction=jurisdiction)
    make.reachable(make.PostFactory(chamber=chamber))
    refused = desk.post("campaign-move", campaign.pk, "open")
    assert "add a target group" in told(refused)

    desk.post("target-group-new", campaign.pk, name="Your representatives", order=0)
    group = TargetGroup.objects.get()
    desk.post("rule-add", group.pk, "my_representatives", **{"my_representatives-chamber": chamber.pk})
    desk.post("version-new", group.pk, **letter_data())
    page = desk.read("campaign-detail", campaign.pk)
    assert "Targets (done)" in page and "Letters (done)" in page and "Go on: Pledge form" in page

    desk.post("drive-new", campaign.pk, **drive_data())
    desk.post("campaign-move", campaign.pk, "open")
    campaign.refresh_from_db()
    assert campaign.is_open and campaign.is_test

    drive = Drive.objects.get()
    desk.post("drive-move", drive.pk, "start")
    desk.post("campaign-move", campaign.pk, "go-live")
    campaign.refresh_from_db()
    drive.refresh_from_db()
    assert (campaign.is_test, drive.state) == (False, "scheduled")
    told_by = set(AuditEntry.objects.filter(actor=desk.user).values_list("verb", flat=True))
    assert {
        "create campaign",
        "edit targets",
        "add target rule",
        "edit letter version",
        "create drive",
    } <= told_by
    assert {"open campaign", "schedule drive", "leave test mode"} <= told_by


def test_what_is_missing_is_said_before_the_button(desk):
    campaign = mine(desk, state="draft")
    page = desk.get("campaign-move", campaign.pk, "open")
    assert "Say who gets the letters" in words(page)
    assert b'<button type="submit" class="button">Open the campaign' not in page.content


def test_leaving_test_mode_lists_what_will_happen_in_numbers(desk):
    campaign = make.campaign_with_targets(organization=desk.organization, is_test=True)
    drive = make.DriveFactory(campaign=campaign, state="scheduled")
    make.LetterFactory(drive=drive, is_test=True, pledge__is_test=True)
    make.PledgeFactory(campaign=campaign, is_test=True)
    page = desk.read("campaign-move", campaign.pk, "go-live")
    assert "3 seats (reached by letters now: 3)" in page
    assert "2 pledges made in test mode stay tests" in page
    assert "1 test letter stays a test" in page
    assert "“First wave” is scheduled" in page
    campaign.refresh_from_db()
    assert campaign.is_test
    desk.post("campaign-move", campaign.pk, "go-live")
    campaign.refresh_from_db()
    assert not campaign.is_test
    assert campaign.pledges.filter(is_test=True).count() == 2
    assert "left test mode already" in desk.read("campaign-move", campaign.pk, "go-live")


def test_a_campaign_is_paused_closed_with_its_outcome_and_archived(desk):
    campaign = mine(desk)
    desk.post("campaign-move", campaign.pk, "pause")
    campaign.refresh_from_db()
    assert campaign.state == "paused"
    desk.post("campaign-move", campaign.pk, "close", outcome="won", outcome_text="Four weeks is **law**.")
    campaign.refresh_from_db()
    assert (campaign.state, campaign.outcome.result) == ("closed", "won")
    assert "Four weeks is <strong>law</strong>." in desk.get("campaign-detail", campaign.pk).content.decode()
    desk.post("campaign-move", campaign.pk, "archive")
    assert campaign.title not in desk.read("campaign-list")
    assert campaign.title in desk.read("campaign-list", state="archived")


def test_a_campaign_with_a_running_drive_is_not_archived(desk):
    campaign = mine(desk, state="closed")
    make.DriveFactory(campaign=campaign)
    assert "Finish or cancel the drive first." in told(desk.post("campaign-move", campaign.pk, "archive"))


def test_a_campaign_that_is_paused_twice_is_said_to_be_paused_already(desk):
    campaign = mine(desk, state="paused")
    assert "It is paused already." in words(desk.get("campaign-move", campaign.pk, "pause"))
    assert "It is paused already." in told(desk.post("campaign-move", campaign.pk, "pause"))


def test_a_move_that_is_over_is_refused_kindly(desk):
    campaign = mine(desk, state="archived")
    page = desk.get("campaign-move", campaign.pk, "pause")
    assert "no longer possible" in words(page) and b"Pause the campaign</button>" not in page.content
    assert "no longer possible" in told(desk.post("campaign-move", campaign.pk, "pause"))


def test_there_are_no_other_moves(desk):
    assert desk.get("campaign-move", mine(desk).pk, "explode").status_code == 404


def group_of(desk, **fields):
    campaign = mine(desk, **fields)
    return make.TargetGroupFactory(campaign=campaign)


def chamber_of(group, **fields):
    return make.ChamberFactory(jurisdiction=group.campaign.measure.jurisdiction, **fields)


def test_a_groups_page_counts_and_names_whom_its_rules_reach(desk):
    group = group_of(desk)
    chamber = chamber_of(group)
    post = make.reachable(make.PostFactory(chamber=chamber))
    make.PostFactory(chamber=chamber, label="Seat nobody holds")
    make.TargetRuleFactory(group=group, chamber=chamber)
    page = desk.read("target-group", group.pk)
    assert "2 seats" in page and "1 is vacant" in page
    assert post.memberships.get().legislator.name in page and "Seat nobody holds" in page


def test_rules_of_each_kind_are_added_and_taken_away(desk):
    group = group_of(desk)
    chamber, committee = chamber_of(group), chamber_of(group, kind="committee")
    post = make.PostFactory(chamber=chamber)
    for kind, field, value in [
        ("my_representatives", "chamber", chamber),
        ("committee", "chamber", committee),
        ("undecided", "chamber", chamber),
        ("fixed", "post", post),
    ]:
        answer = desk.post("rule-add", group.pk, kind, **{f"{kind}-{field}": value.pk})
        assert answer.status_code == 302, kind
    assert set(group.rules.values_list("kind", flat=True)) == {
        "my_representatives",
        "committee",
        "undecided",
        "fixed",
    }
    desk.post("rule-remove", group.pk, group.rules.get(kind="fixed").pk)
    assert not group.rules.filter(kind="fixed").exists()


def test_an_exception_takes_away_what_other_rules_give(desk):
    group = group_of(desk)
    chamber = chamber_of(group)
    post = make.PostFactory(chamber=chamber, label="Delegate for Elsewhere")
    make.PostFactory(chamber=chamber)
    make.TargetRuleFactory(group=group, chamber=chamber)
    desk.post("rule-add", group.pk, "fixed", **{"fixed-post": post.pk, "fixed-exclude": "on"})
    page = desk.read("target-group", group.pk)
    assert "1 seat" in page and "Without: One post: Delegate for Elsewhere" in page


@pytest.mark.parametrize(
    ("kind", "chamber_kind"),
    [("my_representatives", "committee"), ("committee", "lower"), ("undecided", "committee")],
)
def test_a_rule_takes_only_the_bodies_it_is_about(desk, kind, chamber_kind):
    group = group_of(desk)
    answer = desk.post(
        "rule-add", group.pk, kind, **{f"{kind}-chamber": chamber_of(group, kind=chamber_kind).pk}
    )
    assert answer.status_code == 422 and not TargetRule.objects.exists()


def test_bodies_of_other_governments_are_not_offered(desk):
    group = group_of(desk)
    answer = desk.post(
        "rule-add", group.pk, "my_representatives", **{"my_representatives-chamber": make.ChamberFactory().pk}
    )
    assert answer.status_code == 422


def test_the_same_rule_is_not_added_twice(desk):
    group = group_of(desk)
    chamber = chamber_of(group)
    for _ in range(2):
        answer = desk.post(
            "rule-add", group.pk, "my_representatives", **{"my_representatives-chamber": chamber.pk}
        )
    assert answer.status_code == 422 and "This rule is there already." in words(answer)


def test_stances_can_not_be_a_rule_without_a_measure(desk):
    group = group_of(desk, measure=None)
    chamber = make.ChamberFactory(jurisdiction__division__country=desk.organization.country)
    answer = desk.post("rule-add", group.pk, "undecided", **{"undecided-chamber": chamber.pk})
    assert answer.status_code == 422 and "this campaign has none" in words(answer)


def test_a_group_is_renamed_and_removed_until_letters_hang_on_it(desk):
    group = group_of(desk)
    make.LetterVersionFactory(group=group)
    desk.post("target-group-edit", group.pk, name="Senators", order=1)
    assert "Senators" in desk.read("target-group", group.pk)
    assert "1 suggested letter is deleted." in desk.read("target-group-remove", group.pk)
    desk.post("target-group-remove", group.pk)
    assert not TargetGroup.objects.filter(pk=group.pk).exists()
    letter = make.LetterFactory(drive__campaign=mine(desk))
    refused = desk.post("target-group-remove", letter.version.group_id)
    assert "Letters were written to this group already." in told(refused)
    assert TargetGroup.objects.filter(pk=letter.version.group_id).exists()


@pytest.mark.parametrize("field", ["subject", "salutation", "opening", "talking_points", "closing"])
def test_an_unknown_field_is_named_at_the_text_that_has_it(desk, field):
    group = group_of(desk)
    answer = desk.post("version-new", group.pk, **letter_data(**{field: "Dear {{shoe_size}}"}))
    assert answer.status_code == 422
    assert "There is no field {{shoe_size}}" in words(answer)
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not LetterVersion.objects.exists()


@pytest.mark.parametrize(
    ("role", "todo"), [("owner", "Change the organisation’s country"), ("organizer", "ask an owner")]
)
def test_without_legislators_of_its_country_an_organisation_is_told_what_to_do(client, role, todo):
    desk = Desk(client, role=role)
    desk.organization.country = "fr"
    desk.organization.save()
    make.ChamberFactory(jurisdiction__division__country="zz", ended_on=None)
    assert "No legislators of your organisation’s country are known here" in desk.read("console-home")
    campaign = mine(desk, measure=None, state="draft", opened_at=None)
    group = make.TargetGroupFactory(campaign=campaign)
    for page in (
        desk.get("target-group", group.pk),
        desk.get("campaign-targets", mine(desk, measure=None).pk),
    ):
        said = words(page)
        assert "The country of your organisation is “fr”" in said and "has legislators of: zz." in said
        assert todo in said and "docs/operators.md" in said and "Add this rule" not in said
    make.ChamberFactory(jurisdiction__division__country="fr")
    assert "Add this rule" in desk.read("target-group", group.pk)
    assert "Add this rule" in desk.read("campaign-targets", mine(desk, measure=None).pk)


def test_all_unknown_fields_are_named_at_once_with_those_that_this_campaign_offers(desk):
    group = group_of(desk, measure=None)
    typed = letter_data(
        opening="{{shoe_size}} {{district}} {{hat}} {{evidence:no-such}} {{hat}} {{evidence:nor-this}}"
    )
    said = words(desk.post("version-new", group.pk, **typed))
    offered = "{{name}}, {{city}}, {{postal_code}}, {{organisation}}."
    assert f"There are no fields {{{{shoe_size}}}}, {{{{hat}}}}. Fields are: {offered}" in said
    assert "{{district}} may stand only in the subject and the salutation." in said
    assert "There is no evidence with the short names no-such, nor-this." in said
    group.campaign.measure = make.MeasureFactory(organization=desk.organization)
    group.campaign.save()
    said = words(desk.post("version-new", group.pk, **letter_data(subject="{{hat}}")))
    assert "There is no field {{hat}}. Fields are: {{name}}, {{city}}, {{postal_code}}, {{measure}}," in said


def test_an_offices_field_may_not_stand_in_the_text(desk):
    answer = desk.post("version-new", group_of(desk).pk, **letter_data(opening="Dear {{representative}}"))
    assert answer.status_code == 422 and "only in the subject and the salutation" in words(answer)


def test_a_group_has_one_letter_per_language(desk):
    group = group_of(desk)
    make.LetterVersionFactory(group=group, language="en")
    assert desk.post("version-new", group.pk, **letter_data()).status_code == 422
    assert desk.post("version-new", group.pk, **letter_data(language="es")).status_code == 302


@pytest.fixture
def reach(desk):
    """A campaign that reaches two districts, with the group and its letter."""
    campaign = make.campaign_with_targets(posts=2, organization=desk.organization)
    group = campaign.target_groups.get()
    return campaign, group, group.versions.get()


def test_the_exact_letter_is_shown_for_a_sample_person(desk, reach):
    _campaign, group, version = reach
    page = desk.read("version-edit", group.pk, version.pk)
    assert "Dear Representative Kim Legislator" in page and "Sam Sample" in page
    assert "{{measure}}" in page  # in the editor, not in the letter
    assert f"Please vote for {group.campaign.measure.identifier}" in page


def test_a_sample_persons_postal_code_says_whom_they_write_to(desk, reach):
    _campaign, group, version = reach
    page = desk.get("version-edit", group.pk, version.pk, postal_code="20001").content.decode()
    chamber = group.rules.get().chamber
    here, there = (
        chamber.posts.get(division__postal_areas__code="20001"),
        chamber.posts.get(division__postal_areas__code="20000"),
    )
    assert f'<option value="{here.pk}" selected>' in page
    assert str(there.pk) not in page


def test_a_letter_is_shown_as_a_real_supporter_would_send_it(desk, reach):
    campaign, group, version = reach
    pledge = make.PledgeFactory(campaign=campaign, name="Ada Lovelace", city="Byron Bay")
    chamber = group.rules.get().chamber
    make.ResidenceFactory(supporter=pledge.supporter, division=chamber.posts.first().division)
    page = desk.read("version-edit", group.pk, version.pk, **{"from": str(pledge.pk)})
    assert "I live in Byron Bay and write about" in page and "Ada Lovelace" in page


def test_a_letter_can_be_looked_at_without_saving(desk, reach):
    _campaign, group, version = reach
    data = letter_data(opening="I never slept in {{city}}.", show="1")
    page = desk.post("version-edit", group.pk, version.pk, **data)
    assert "I never slept in Sampletown." in words(page)
    part = desk.post("version-preview", group.pk, version.pk, **letter_data(opening="Fresh words."))
    assert "Fresh words." in words(part) and b"<html" not in part.content
    version.refresh_from_db()
    assert "Sampletown" not in version.opening and "Fresh" not in version.opening


def test_the_preview_names_a_field_that_does_not_exist(desk, reach):
    _campaign, group, version = reach
    part = desk.post("version-preview", group.pk, version.pk, **letter_data(closing="{{nonsense}}"))
    assert "There is no field {{nonsense}}" in words(part)


@pytest.mark.parametrize("code", ["\x00", "' or 1=1 --", "9" * 500, "😀"])
def test_a_postal_code_that_is_none_shows_no_district(desk, reach, code):
    _campaign, group, version = reach
    assert desk.get("version-edit", group.pk, version.pk, postal_code=code).status_code == 200


@pytest.mark.parametrize("words_typed", ["\x00", "%", "' or 1=1 --", "9" * 500, "\u202eevil"])
def test_lists_bear_whatever_is_typed_into_their_search(desk, words_typed):
    for name in (
        "issue-list",
        "measure-list",
        "campaign-list",
        "letter-list",
        "supporter-list",
        "legislator-list",
    ):
        assert desk.get(name, q=words_typed, page="-1").status_code == 200, name


def test_what_is_typed_in_a_letter_is_never_run(desk, reach):
    _campaign, group, version = reach
    text = "{% if 1 %}<script>alert(1)</script>{% endif %} ${7*7} {{ city }}"
    part = desk.post("version-preview", group.pk, version.pk, **letter_data(opening=text)).content.decode()
    assert "{% if 1 %}" in part and "&lt;script&gt;" in part and "${7*7}" in part


def test_a_vacant_seat_is_addressed_by_its_label(desk):
    group = group_of(desk)
    chamber = chamber_of(group)
    make.PostFactory(chamber=chamber, label="Delegate for Millbeck")
    make.TargetRuleFactory(group=group, chamber=chamber)
    version = make.LetterVersionFactory(group=group)
    assert "To: Delegate for Millbeck" in desk.read("version-edit", group.pk, version.pk)


def test_campaigns_are_found_by_their_words_and_state(desk):
    mine(desk, title="Care for all", state="open")
    mine(desk, title="Lunch for all", state="paused")
    assert "Lunch for all" not in desk.read("campaign-list", q="care")
    assert "Care for all" not in desk.read("campaign-list", state="paused")
    assert "No campaign fits." in desk.read("campaign-list", q="zebra")


def signed(campaign, *days_ago, at=None):
    """Somebody confirmed on each of these days before today, or before `at`."""
    at = at or clock.now()
    return [
        make.PledgeFactory(campaign=campaign, confirmed_at=at - timedelta(days=days)) for days in days_ago
    ]


@pytest.mark.parametrize("name", ["console-home", "campaign-list"])
def test_lists_of_campaigns_draw_the_last_days_and_say_them(desk, name):
    campaign = mine(desk, opened_at=clock.now() - timedelta(days=90))
    signed(campaign, 0, 1, 1, 6, 7, 13, 14, 29, 30)
    page = desk.get(name)
    assert (
        page.content.decode().count("4 people in the last 7 days, 2 the week before") == 2
    )  # drawn, and read
    drawing = re.search(r"<desc>(.*?)</desc>.*?points=\"(.*?)\"", page.content.decode(), re.DOTALL)
    # Six days on which somebody confirmed: the thirtieth before is too old, and today is not over.
    assert drawing[1].count(";") == 5
    assert len(drawing[2].split()) == 29


def test_a_trend_goes_back_to_the_opening_and_ends_with_the_closing(desk):
    at = clock.now()
    signed(mine(desk, title="New", opened_at=at - timedelta(days=2)), 0, 2)
    signed(mine(desk, title="Today"), 0)
    closed = at - timedelta(days=200)
    over = mine(desk, title="Over", state="closed", opened_at=closed - timedelta(days=60), closed_at=closed)
    signed(over, 0, 3, 9, at=closed)
    mine(desk, title="Draft", state="draft", opened_at=None)
    rows = desk.get("console-home").content.decode().split("<tr")[2:]
    by_title = {
        title: row for row in rows for title in ("New", "Today", "Over", "Draft") if f">{title}<" in row
    }
    assert "2 people in the last 7 days" in by_title["New"] and "week before" not in by_title["New"]
    assert len(re.search(r'points="(.*?)"', by_title["New"])[1].split()) == 2
    assert "1 person in the last 7 days" in by_title["Today"] and "polyline" not in by_title["Today"]
    assert "2 people in its last 7 days, 1 the week before" in by_title["Over"]
    assert "<svg" not in by_title["Draft"]


def test_a_trend_counts_nobody_who_took_it_back_or_only_tried(desk):
    campaign = mine(desk, opened_at=clock.now() - timedelta(days=20))
    make.PledgeFactory(campaign=campaign, is_test=True)
    make.PledgeFactory(campaign=campaign, state="withdrawn")
    assert "0 people in the last 7 days, 0 the week before" in desk.read("console-home")


def test_the_campaigns_page_counts_people_and_draws_them_beside_a_table(desk):
    campaign = mine(desk)
    make.PledgeFactory(campaign=campaign, confirmed_at=clock.now() - timedelta(days=1), city="Larkhaven")
    make.PledgeFactory(campaign=campaign, city="Larkhaven")
    make.PledgeFactory(campaign=campaign, is_test=True)
    page = desk.get("campaign-detail", campaign.pk)
    assert "2 people confirmed, of 100" in words(page)
    assert "Larkhaven has the most supporters" in words(page)
    assert page.content.count(b"<svg") >= 2 and b"People by day" in page.content
    make.PledgeFactory.create_batch(2, campaign=campaign, city="Quayside")
    assert "2 places have the most supporters, 2 each" in desk.read("campaign-detail", campaign.pk)


def test_a_name_with_markup_is_shown_as_it_was_typed(desk):
    campaign = mine(desk, title="<script>alert(1)</script>")
    page = desk.get("campaign-detail", campaign.pk).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_the_public_page_of_a_draft_is_linked_for_its_organizers(desk):
    campaign = mine(desk, state="draft")
    link = reverse("campaigns:campaign", args=[desk.organization.slug, campaign.slug])
    assert link in desk.get("campaign-detail", campaign.pk).content.decode()
    assert desk.client.get(link).status_code == 200
