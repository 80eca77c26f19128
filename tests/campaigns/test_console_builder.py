"""From nothing to an open campaign step by step: what is done and missing, the review, a second person, and copies."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Campaign, LetterVersion, Pledge, TargetGroup, outcome_of
from contacts.models import AuditEntry, ContactPoint
from policy.models import Issue
from tests import factories as make
from tests.campaigns.console import Desk, told, words
from tests.campaigns.test_console_campaigns import drive_data, letter_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    return Desk(client)


@pytest.fixture
def colleague(desk):
    """Somebody else of the same organisation; signs in when called."""
    user = make.RoleFactory(organization=desk.organization, name="organizer").user

    def sits_down():
        desk.client.force_login(user)

    return sits_down


def draft(desk, **fields):
    return make.CampaignFactory(organization=desk.organization, state="draft", opened_at=None, **fields)


def ready(desk, **fields):
    """A draft that lacks nothing."""
    campaign = make.campaign_with_targets(
        organization=desk.organization, state="draft", opened_at=None, **fields
    )
    make.DriveFactory(campaign=campaign, state="draft")
    return campaign


ASK = {
    "new_issue": "Waiting for care",
    "title": "Care within four weeks",
    "ask": "Vote for care within four weeks",
    "why": "Waiting makes people worse.",
    "goal": 500,
}


def test_an_empty_organisation_names_its_issue_on_the_way(desk):
    answer = desk.post("campaign-new", **ASK, onward="1")
    campaign = Campaign.objects.get()
    assert answer.url == desk.url("campaign-targets", campaign.pk)
    assert (campaign.issue.title, campaign.issue.slug) == ("Waiting for care", "waiting-for-care")
    assert (campaign.language, campaign.slug) == (desk.organization.language, "care-within-four-weeks")
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))[-2:] == [
        "save issue",
        "create campaign",
    ]


def test_an_issue_is_chosen_or_named_not_both_and_not_neither(desk):
    issue = make.IssueFactory(
        organization=desk.organization, title="Waiting for care", slug="waiting-for-care"
    )
    other = {**ASK, "new_issue": "Too few beds"}
    assert "not both" in words(desk.post("campaign-new", **other, issue=issue.pk))
    page = desk.read("campaign-new")
    assert "Issue (choose one or name a new one)" in page and "new issue (needed if you choose none)" in page
    neither = desk.post("campaign-new", **{**ASK, "new_issue": ""})
    assert '<a href="#id_issue">Issue: Choose one or name a new one.</a>' in neither.content.decode()
    taken = words(desk.post("campaign-new", **ASK))
    assert "an issue with this title already" in taken and "Choose one or name" not in taken
    measure = make.MeasureFactory(issue=issue)
    assert "has no measure yet" in words(desk.post("campaign-new", **other, measure=measure.pk))
    assert not Campaign.objects.exists() and Issue.objects.count() == 1


def test_the_bar_says_what_is_done_and_leads_to_what_is_missing(desk):
    campaign = draft(desk)
    page = desk.read("campaign-targets", campaign.pk)
    assert "Issue and ask (done)" in page and "Pledge form (done)" not in page
    assert "Targets (done)" not in page and "add a target group" in page
    make.TargetGroupFactory(campaign=campaign, name="Senators")
    page = desk.get("campaign-letters", campaign.pk).content.decode()
    assert "The group “Senators” has no letter" in page
    group = TargetGroup.objects.get()
    assert f'href="{desk.url("target-group", group.pk)}">Targets</a>' in page


def test_the_step_letters_leads_to_their_list_as_soon_as_there_is_one(desk):
    campaign = draft(desk)
    first = make.TargetGroupFactory(campaign=campaign, order=0)
    make.TargetGroupFactory(campaign=campaign, order=1)
    bar = '<a href="{}">Letters</a>'
    page = desk.get("campaign-targets", campaign.pk).content.decode()
    assert bar.format(desk.url("version-new", first.pk)) in page
    make.LetterVersionFactory(group=first, language=campaign.language)
    page = desk.get("campaign-targets", campaign.pk).content.decode()
    assert bar.format(desk.url("campaign-letters", campaign.pk)) in page


def test_a_rule_by_stance_is_offered_only_where_there_is_a_measure(desk):
    make.ChamberFactory(jurisdiction__division__country=desk.organization.country)
    without, about = draft(desk, measure=None), draft(desk)
    assert about.measure is not None
    by_stance = "whose stance on the measure"
    assert by_stance in desk.read("campaign-targets", about.pk)
    assert by_stance not in desk.read("campaign-targets", without.pk)
    group = make.TargetGroupFactory(campaign=without)
    assert by_stance not in desk.read("target-group", group.pk)
    refused = desk.post("rule-add", group.pk, "undecided")  # from a page that was open before
    assert "this campaign has none" in words(refused) and not group.rules.exists()


def test_a_letter_is_offered_the_evidence_of_its_own_issue(desk):
    campaign = draft(desk)
    group = make.TargetGroupFactory(campaign=campaign)
    make.EvidenceFactory(organization=desk.organization, issue=campaign.issue, key="own-wait")
    make.EvidenceFactory(organization=desk.organization, key="other-rents")
    page = desk.read("version-new", group.pk)
    assert "{{evidence:own-wait}}" in page and "other-rents" not in page


def test_the_first_rule_makes_its_group(desk):
    campaign = draft(desk)
    chamber = make.ChamberFactory(jurisdiction=campaign.measure.jurisdiction)
    make.reachable(make.PostFactory(chamber=chamber))
    chosen = {"my_representatives-chamber": chamber.pk}
    asked = desk.post("rule-reach", campaign.pk, "my_representatives", **chosen)
    assert "1 seat" in words(asked) and "Kim Legislator" in words(asked)
    assert not TargetGroup.objects.exists()
    answer = desk.post("targets-start", campaign.pk, "my_representatives", **chosen)
    group = TargetGroup.objects.get()
    assert answer.url == desk.url("target-group", group.pk)
    assert (group.name, group.rules.get().chamber) == ("Your representatives", chamber)
    page = desk.get("target-group", group.pk).content.decode()
    assert f'href="{desk.url("version-new", group.pk)}">Next: Letters' in page
    assert "Kim Legislator" in desk.read("campaign-targets", campaign.pk)


def on_paper(chamber, n=1):
    """Members of a chamber that no mail reaches."""
    for _ in range(n):
        office = make.OfficeFactory(
            legislator=make.MembershipFactory(post=make.PostFactory(chamber=chamber)).legislator
        )
        make.ContactPointFactory(office=office, kind="postal", value="1 Quay; Harbour Town 10101")


def test_every_step_says_by_which_way_letters_go_and_what_staff_have_to_print(desk):
    campaign = ready(desk, is_test=True)
    group = campaign.target_groups.get()
    chamber = group.rules.get().chamber
    campaign.measure.jurisdiction = chamber.jurisdiction
    campaign.measure.save()
    on_paper(chamber, 2)
    ways = "3 by mail, 2 to be printed and posted by you"
    chosen = {"my_representatives-chamber": chamber.pk}
    assert ways in words(desk.post("rule-reach", campaign.pk, "my_representatives", **chosen))
    for page in ("campaign-targets", "campaign-review"):
        assert ways in desk.read(page, campaign.pk)
    assert ways in desk.read("target-group", group.pk)
    assert ways in desk.read("campaign-move", campaign.pk, "go-live")


def test_near_identical_letters_that_go_in_bundles_are_named_with_the_ways(desk):
    campaign = ready(desk, bundle_similar=True)
    office = ContactPoint.objects.first().office
    make.ContactPointFactory(office=office, kind="postal", value="1 Quay; Harbour Town 10101")
    page = desk.read("campaign-review", campaign.pk)
    assert "3 by mail, near-identical letters to 1 of them in bundles on paper" in page


def test_the_street_is_advised_where_letters_go_on_paper(desk):
    campaign = ready(desk)
    assert "ask for the street address" not in desk.read("campaign-review", campaign.pk)
    on_paper(campaign.target_groups.get().rules.get().chamber, 2)
    page = desk.read("campaign-review", campaign.pk)
    assert "2 offices get letters on paper: ask for the street address" in page
    campaign.ask_street = True
    campaign.save()
    assert "ask for the street address" not in desk.read("campaign-review", campaign.pk)


def test_whom_a_rule_reaches_takes_the_same_queries_for_one_and_for_twenty(desk):
    campaign = draft(desk)
    chamber = make.ChamberFactory(jurisdiction=campaign.measure.jurisdiction)
    counts = []
    for n in (1, 19):
        on_paper(chamber, n)
        with CaptureQueriesContext(connection) as asked:
            desk.post(
                "rule-reach",
                campaign.pk,
                "my_representatives",
                **{"my_representatives-chamber": chamber.pk},
            )
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_first_rule_without_a_chamber_is_refused_where_it_was_sent(desk):
    campaign = draft(desk)
    answer = desk.post("targets-start", campaign.pk, "committee")
    assert answer.status_code == 422 and not TargetGroup.objects.exists()
    assert words(desk.post("rule-reach", campaign.pk, "committee")) == ""
    assert desk.post("targets-start", campaign.pk, "everyone").status_code == 404
    assert desk.post("rule-reach", campaign.pk, "everyone").status_code == 404


def test_a_new_letter_begins_with_the_ask_and_leads_on(desk):
    campaign = draft(desk, ask="Vote for care within four weeks")
    group = make.TargetGroupFactory(campaign=campaign)
    form = desk.get("version-new", group.pk).context["form"]
    assert form["subject"].value() == "Vote for care within four weeks"
    answer = desk.post("version-new", group.pk, **letter_data(), onward="1")
    assert answer.url == desk.url("campaign-signing", campaign.pk)  # nobody has looked at it
    stays = desk.post("version-edit", group.pk, LetterVersion.objects.get().pk, **letter_data())
    assert "letters" in stays.url


def test_a_new_letter_greets_in_its_own_language_and_goes_along_with_another_that_is_chosen(desk):
    group = make.TargetGroupFactory(campaign=draft(desk, ask="Votez pour des soins", language="fr"))
    form = desk.get("version-new", group.pk).context["form"]
    begun = {name: form[name].value() for name in ("subject", "salutation", "closing")}
    assert begun["salutation"] == "Madame, Monsieur,"
    desk.post("version-new", group.pk, **letter_data(**{**begun, "language": "es", "closing": "¿Qué hará?"}))
    spanish = LetterVersion.objects.get()
    assert "{{representative}}" in spanish.salutation and spanish.closing == "¿Qué hará?"
    assert "greets its office in another language" not in desk.read("campaign-review", group.campaign.pk)
    LetterVersion.objects.update(salutation="Madame, Monsieur,")
    assert "greets its office in another language" in desk.read("campaign-review", group.campaign.pk)


def test_the_pledge_form_is_a_step_of_its_own(desk):
    campaign = draft(desk, goal=700)
    data = {"language": "es", "ask_street": "on", "editing_minutes": 5, "channel_choice": ["print", "email"]}
    answer = desk.post("campaign-signing", campaign.pk, **data, onward="1")
    campaign.refresh_from_db()
    assert (campaign.language, campaign.ask_street, campaign.goal) == ("es", True, 700)
    assert campaign.channels == ["email", "print"]
    assert answer.url == desk.url("drive-new", campaign.pk)
    assert "Pledge form (done)" in desk.read("campaign-targets", campaign.pk)
    assert desk.post("campaign-signing", campaign.pk, **{**data, "language": "xx"}).status_code == 422


def test_the_review_lists_what_blocks_and_what_is_only_advised(desk):
    campaign = draft(desk, measure=None)
    page = desk.get("campaign-review", campaign.pk)
    assert "No measure is named" in words(page) and "Set up a drive" in words(page)
    assert b'disabled aria-describedby="not-yet"' in page.content
    assert f'href="{desk.url("drive-new", campaign.pk)}">Set up a drive'.encode() in page.content


def test_nothing_is_missing_and_the_review_opens_the_campaign(desk):
    campaign = ready(desk)
    page = desk.get("campaign-review", campaign.pk)
    assert "3 seats, 3 of them reached by letters now" in words(page) and "English" in words(page)
    assert b"disabled" not in page.content
    answer = desk.client.post(
        desk.url("campaign-move", campaign.pk, "open"), {"seen": page.context["seen"]}, follow=True
    )
    campaign.refresh_from_db()
    assert campaign.is_open and answer.redirect_chain[-1][0] == desk.url("campaign-detail", campaign.pk)
    assert "Issue and ask" not in words(answer)  # the bar is for the way to here


def test_what_was_changed_while_it_was_looked_at_is_not_opened(desk):
    campaign = ready(desk)
    seen = desk.get("campaign-review", campaign.pk).context["seen"]
    version = LetterVersion.objects.get()
    desk.post("version-edit", version.group_id, version.pk, **letter_data(closing="Other words."))
    assert "Look at it again" in told(desk.post("campaign-move", campaign.pk, "open", seen=seen))
    campaign.refresh_from_db()
    assert campaign.state == "draft"


def test_a_second_person_opens_where_the_organisation_wants_it(desk, colleague):
    make.RoleFactory(organization=desk.organization, user=desk.user, name="owner")
    desk.organization.second_person_opens = True
    desk.organization.save()
    campaign = ready(desk)
    assert "ask for the review" in desk.read("campaign-review", campaign.pk)
    assert "ask for the review" in told(desk.post("campaign-move", campaign.pk, "open"))
    desk.post("campaign-move", campaign.pk, "ask-review")
    assert "Somebody other than who asked" in desk.read("campaign-review", campaign.pk)
    assert "Somebody other than who asked" in told(desk.post("campaign-move", campaign.pk, "open"))
    assert "waits for your review" not in desk.read("console-home")
    public = reverse("campaigns:campaign", args=[desk.organization.slug, campaign.slug])
    assert "Not open yet" in words(desk.client.get(public))

    colleague()
    assert f"“{campaign.title}” waits for your review" in desk.read("console-home")
    desk.post("campaign-move", campaign.pk, "give-back", reason="Name the vote.")
    campaign.refresh_from_db()
    assert campaign.state == "draft" and "Name the vote." in desk.read("campaign-review", campaign.pk)
    desk.client.force_login(desk.user)
    desk.post("campaign-move", campaign.pk, "ask-review")
    colleague()
    seen = desk.get("campaign-review", campaign.pk).context["seen"]
    desk.post("campaign-move", campaign.pk, "open", seen=seen)
    campaign.refresh_from_db()
    assert campaign.is_open
    desk.post("campaign-move", campaign.pk, "pause")
    desk.post("campaign-move", campaign.pk, "open")  # once it was open nobody needs to look again
    campaign.refresh_from_db()
    assert campaign.is_open


def test_an_unfinished_campaign_is_not_handed_in(desk):
    campaign = draft(desk)
    assert "add a target group" in told(desk.post("campaign-move", campaign.pk, "ask-review"))
    assert "It is a draft already." in told(desk.post("campaign-move", campaign.pk, "give-back", reason=""))


def test_an_owner_says_that_a_second_person_looks(client):
    desk = Desk(client, role="owner")
    form = desk.get("settings").context["form"]
    data = {field.name: field.value() for field in form if field.value() is not None}
    desk.post("settings", **{**data, "second_person_opens": "on"})
    desk.organization.refresh_from_db()
    assert desk.organization.second_person_opens


def test_a_copy_has_everything_but_people_letters_and_numbers(desk):
    campaign = make.campaign_with_targets(
        organization=desk.organization, ask_street=True, call_script="Hello {{name}}"
    )
    make.OutcomeFactory(campaign=campaign)
    drive = make.DriveFactory(campaign=campaign, per_office_hour=7, hours_before_vote=None)
    make.LetterFactory(drive=drive, pledge__campaign=campaign, version=LetterVersion.objects.get())
    assert desk.read("campaign-copy", campaign.pk)
    answer = desk.post("campaign-copy", campaign.pk, title="Care in every town")
    copy = Campaign.objects.exclude(pk=campaign.pk).get(title="Care in every town")
    assert answer.url == desk.url("campaign-review", copy.pk)
    assert (copy.state, copy.is_test, outcome_of(copy), copy.opened_at) == ("draft", True, None, None)
    assert (copy.slug, copy.ask_street, copy.call_script) == ("care-in-every-town", True, "Hello {{name}}")
    assert copy.test_recipient == desk.user
    group, origin = copy.target_groups.get(), campaign.target_groups.get()
    assert group.rules.get().chamber == origin.rules.get().chamber
    assert group.versions.get().opening == origin.versions.get().opening
    made = copy.drives.get()
    assert (made.state, made.per_office_hour, made.name) == ("draft", 7, drive.name)
    assert made.ends_at - made.starts_at == drive.ends_at - drive.starts_at
    assert not Pledge.objects.filter(campaign=copy).exists() and not made.letters.exists()
    assert b"disabled" not in desk.get("campaign-review", copy.pk).content


def test_two_copies_have_addresses_of_their_own(desk):
    campaign = draft(desk, title="Care within four weeks", slug="care-within-four-weeks")
    for _ in range(2):
        desk.post("campaign-copy", campaign.pk, title=campaign.title)
    slugs = Campaign.objects.filter(organization=desk.organization).values_list("slug", flat=True)
    assert set(slugs) == {f"care-within-four-weeks{n}" for n in ("", "-2", "-3")}


def test_the_steps_of_others_are_not_found(desk):
    theirs = make.CampaignFactory(state="draft")
    for name in ("ask", "targets", "letters", "signing", "review", "copy"):
        assert desk.get(f"campaign-{name}", theirs.pk).status_code == 404, name
    assert desk.post("targets-start", theirs.pk, "committee").status_code == 404


def test_the_letters_lead_on_to_the_form_that_nobody_looked_at_and_opening_does_not_wait_for_it(desk):
    campaign = ready(desk)
    page = desk.get("campaign-letters", campaign.pk).content.decode()
    assert f'href="{desk.url("campaign-signing", campaign.pk)}">Next: Pledge form' in page
    review = words(desk.get("campaign-review", campaign.pk))
    assert "This step has not been saved yet. It works as it stands." in review and "Not yet" not in review
    desk.post("campaign-signing", campaign.pk, language="en", editing_minutes=60, channel_choice=["email"])
    assert "has not been saved yet" not in desk.read("campaign-review", campaign.pk)


def test_a_letter_has_no_hole_where_a_campaign_has_no_measure(desk):
    campaign = draft(desk, measure=None)
    group = make.TargetGroupFactory(campaign=campaign)
    assert "{{measure" not in desk.get("version-new", group.pk).content.decode()
    refused = desk.post("version-new", group.pk, **letter_data(opening="It concerns {{measure}}."))
    assert "where {{measure}} stands, letters would have a hole" in words(refused)
    assert not LetterVersion.objects.exists()
    older = make.LetterVersionFactory(group=group)  # from when the campaign had one
    assert "has a hole where {{measure}} stands" in desk.read("version-edit", group.pk, older.pk)


def test_a_drive_of_a_campaign_without_a_measure_speaks_of_none(desk):
    campaign = draft(desk, measure=None)
    page = desk.read("drive-new", campaign.pk)
    assert "Your campaign names no measure" in page and "The measure has no day" not in page
    answer = desk.post("drive-new", campaign.pk, **drive_data(), hours_before_vote=24)
    assert "Name the day of the vote." in words(answer)


def test_a_drive_leads_on_to_the_review(desk):
    campaign = make.campaign_with_targets(organization=desk.organization, state="draft", opened_at=None)
    answer = desk.post("drive-new", campaign.pk, **drive_data(), onward="1")
    assert answer.url == desk.url("campaign-review", campaign.pk)
