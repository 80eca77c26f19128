"""Who may open which console page, whose things they find there, and that long lists ask no more than short ones."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils.html import strip_tags

from campaigns.models import Invalidation, Letter, LetterState, StoryQuote, SupporterMerge
from campaigns.permissions import ALLOWED, may
from contacts.models import ApiToken, AuditEntry, Suppression
from tests import factories as make

pytestmark = pytest.mark.django_db

ROLES = ["owner", "organizer", "staff", "reviewer"]
# Pages by URL name -> the right they need.
PAGES = {
    "console-home": "look",
    "issue-list": "look",
    "issue": "look",
    "issue-new": "policy",
    "issue-edit": "policy",
    "myth-new": "policy",
    "myth-edit": "policy",
    "share-text": "policy",
    "issue-languages": "look",
    "issue-language": "policy",
    "toolkit-new": "policy",
    "search": "look",
    "evidence-list": "look",
    "evidence": "look",
    "evidence-new": "policy",
    "evidence-edit": "policy",
    "resource-list": "look",
    "resource-new": "policy",
    "resource-edit": "policy",
    "resource-import": "policy",
    "resource-csv": "look",
    "resource-hsds": "look",
    "measure-list": "look",
    "measure": "look",
    "measure-new": "policy",
    "indicator-list": "look",
    "indicator": "look",
    "indicator-new": "policy",
    "indicator-edit": "policy",
    "local-figures": "look",
    "whip": "look",
    "stance-correct": "stances",
    "measure-edit": "policy",
    "milestone-strike": "policy",
    "sponsor-add": "policy",
    "agenda": "look",
    "following": "look",
    "measure-import": "policy",
    "import-preview": "policy",
    "date-new": "policy",
    "date-edit": "policy",
    "date-cancel": "policy",
    "measure-relate": "policy",
    "jurisdiction-new": "policy",
    "legislator-list": "look",
    "legislator": "look",
    "calendar-list": "look",
    "calendar": "look",
    "campaign-list": "look",
    "campaign-detail": "look",
    "campaign-new": "campaigns",
    "campaign-edit": "campaigns",
    "campaign-ask": "campaigns",
    "campaign-targets": "campaigns",
    "campaign-letters": "campaigns",
    "campaign-signing": "campaigns",
    "campaign-review": "campaigns",
    "campaign-copy": "campaigns",
    "campaign-move": "campaigns",
    "campaign-embed": "look",
    "campaign-results": "look",
    "campaign-results-file": "look",
    "campaign-languages": "look",
    "campaign-language": "campaigns",
    "campaign-language-remove": "campaigns",
    "campaign-library": "policy",
    "update-language": "campaigns",
    "issue-impact": "look",
    "campaign-outcome": "look",
    "outcome-edit": "campaigns",
    "outcome-move": "campaigns",
    "thanks-preview": "people",
    "endorsement-list": "look",
    "endorsement": "look",
    "endorsement-new": "campaigns",
    "endorsement-edit": "campaigns",
    "endorsement-import": "campaigns",
    "endorsement-move": "campaigns",
    "partner-list": "look",
    "partner-invite": "partners",
    "partner-reissue": "partners",
    "partner-withdraw": "partners",
    "partner-end": "partners",
    "joint-campaigns": "look",
    "joint-campaign": "look",
    "joint-welcome": "campaigns",
    "joint-people": "people",
    "joint-export": "export",
    "joint-leave": "partners",
    "update-list": "look",
    "update-new": "campaigns",
    "update-edit": "campaigns",
    "update-move": "campaigns",
    "target-group-new": "campaigns",
    "target-group": "look",
    "target-group-edit": "campaigns",
    "target-group-remove": "campaigns",
    "version-new": "campaigns",
    "version-edit": "campaigns",
    "subject-trial": "campaigns",
    "drive-new": "campaigns",
    "drive": "look",
    "drive-board": "look",
    "drive-offices": "look",
    "drive-edit": "campaigns",
    "rehearsal": "look",
    "drive-move": "campaigns",
    "print-batches": "people",
    "print-batch": "people",
    "print-download": "people",
    "print-run": "people",
    "print-move": "campaigns",
    "print-run-posted": "campaigns",
    "departures": "people",
    "drive-office": "look",
    "letters-move": "campaigns",
    "letter-cancel": "campaigns",
    "address-list": "look",
    "address-works": "campaigns",
    "review": "people",
    "review-move": "people",
    "departure-move": "campaigns",
    "office-stop": "campaigns",
    "point-stop": "campaigns",
    "office-allow": "campaigns",
    "letter-list": "people",
    "letter": "people",
    "supporter-list": "people",
    "supporter": "people",
    "tag-list": "people",
    "tag-delete": "people",
    "tag-all": "people",
    "supporter-export": "export",
    "supporter-import": "people",
    "supporter-import-plan": "people",
    "supporter-import-report": "people",
    "supporter-import-undo": "people",
    "duplicate-list": "people",
    "supporter-merge": "people",
    "supporter-merge-with": "people",
    "signatures": "people",
    "signatures-undo": "people",
    "job-list": "people",
    "job": "people",
    "job-state": "people",
    "letterhead": "briefs",
    "reply-list": "replies",
    "reply": "replies",
    "responsiveness": "replies",
    "story-list": "stories",
    "story-read": "stories",
    "story-quotes": "briefs",
    "sending": "look",
    "sending-move": "stop",
    "channel-resume": "brakes",
    "domain-resume": "campaigns",
    "console-events": "look",
    "console-event": "look",
    "event-new": "campaigns",
    "event-edit": "campaigns",
    "event-move": "campaigns",
    "event-outcome": "campaigns",
    "participants": "check_in",
    "participant-move": "people",
    "meetings": "stances",
    "settings": "settings",
    "members": "settings",
    "tokens": "settings",
    "token-revoke": "settings",
    "audit": "settings",
}
# Addresses that only take a POST -> the right they need.
DEEDS = {
    "issue-show": "policy",
    "myth-remove": "policy",
    "toolkit-remove": "policy",
    "resource-verify": "policy",
    "milestone-add": "policy",
    "feed-renew": "policy",
    "follow-move": "look",
    "import-apply": "policy",
    "sponsor-remove": "policy",
    "measure-part": "policy",
    "stance-add": "stances",
    "figures-import": "policy",
    "majority-set": "stances",
    "stance-decline": "stances",
    "recess-add": "campaigns",
    "recess-import": "campaigns",
    "recess-remove": "campaigns",
    "targets-start": "campaigns",
    "rule-reach": "campaigns",
    "rule-add": "campaigns",
    "rule-remove": "campaigns",
    "version-preview": "campaigns",
    "version-preview-new": "campaigns",
    "letter-decide": "campaigns",
    "print-make": "campaigns",
    "letterhead-remove": "briefs",
    "endorsement-approve": "campaigns",
    "story-decide": "stories",
    "story-quote": "briefs",
    "story-quote-drop": "briefs",
    "reply-code": "replies",
    "reply-stance": "stances",
    "reply-aside": "replies",
    "reply-match": "people",
    "supporter-tag": "people",
    "supporter-import-apply": "people",
    "merge-undo": "people",
    "supporter-untag": "people",
    "job-move": "people",
    "job-file": "export",
    "participant-tick": "check_in",
    "participants-file": "export",
    "meeting-stance": "stances",
    "meeting-decline": "stances",
    "member-remove": "settings",
}
ELSEWHERE = {"console"}
# Of the campaign below, which is open already, this page leads on to its own.
LEADS_ON = {"campaign-review"}


@pytest.fixture
def world():
    return one_of_everything()


def one_of_everything():
    """An organisation that has one of everything it can have, and the ids by the names of blanks in addresses."""
    letter = make.LetterFactory(state=LetterState.READY, drive__state="paused")
    campaign = letter.drive.campaign
    organization = campaign.organization
    token = ApiToken.objects.create(
        organization=organization,
        name="Site",
        token_hash=ApiToken.hash_of(ApiToken.new_secret()),
        created_at=campaign.created_at,
    )
    group = letter.version.group
    point = make.ContactPointFactory(health="failing")
    Letter.objects.filter(pk=letter.pk).update(legislator=point.office.legislator)
    evidence = make.EvidenceFactory(issue=campaign.issue)
    return organization, {
        "issue_id": campaign.issue_id,
        "evidence_id": evidence.pk,
        "myth_id": make.MythFactory(evidence=evidence).pk,
        "toolkit_id": make.ToolkitFactory(issue=campaign.issue).pk,
        "resource_id": make.ResourceFactory(organization=organization).pk,
        "measure_id": campaign.measure_id,
        "import_id": make.MeasureImportFactory(organization=organization).pk,
        "date_id": make.MeasureDateFactory(measure=campaign.measure).pk,
        "event_id": make.MeasureEventFactory(measure=campaign.measure).pk,
        "sponsor_id": make.SponsorshipFactory(measure=campaign.measure).pk,
        "related_id": make.RelatedMeasureFactory(measure=campaign.measure).pk,
        "indicator_id": make.IndicatorFactory(organization=organization).pk,
        "division_id": letter.post.division_id,
        "legislator_id": point.office.legislator_id,
        "point_id": point.pk,
        "stop_id": Suppression.objects.create(
            organization=organization, contact_point=point, reason="asked", created_at=campaign.created_at
        ).pk,
        "stance_id": make.StanceFactory(measure=campaign.measure).pk,
        "chamber_id": letter.post.chamber_id,
        "recess_id": make.RecessFactory(organization=organization, chamber=letter.post.chamber).pk,
        "campaign_id": campaign.pk,
        "language": make.CampaignTranslationFactory(campaign=campaign).language,
        "invitation_id": make.PartnerInvitationFactory(campaign=campaign).pk,
        "partnership_id": make.PartnershipFactory(campaign=campaign).pk,
        "joint_id": make.PartnershipFactory(organization=organization).pk,
        "update_id": make.CampaignUpdateFactory(campaign=campaign).pk,
        "group_id": group.pk,
        "rule_id": make.TargetRuleFactory(group=group).pk,
        "kind": "committee",
        "version_id": letter.version_id,
        "drive_id": letter.drive_id,
        "letter_id": letter.pk,
        "batch_id": make.PrintBatchFactory(organization=organization, drive=letter.drive).pk,
        "part": "list",
        "key": "sources",
        "ending": "csv",
        "post_id": letter.post_id,
        "supporter_id": letter.pledge.supporter_id,
        "tag_id": make.TagFactory(organization=organization).pk,
        "other_id": make.SupporterFactory(organization=organization).pk,
        "merge_id": SupporterMerge.objects.create(
            kept=letter.pledge.supporter,
            gone=make.SupporterFactory(organization=organization),
            created_at=campaign.created_at,
        ).pk,
        "invalidation_id": Invalidation.objects.create(
            campaign=campaign, condition={"source": "bot"}, reason="asked", created_at=campaign.created_at
        ).pk,
        "outcome": make.OutcomeFactory(campaign=campaign).pk,
        "job_id": make.ImportJobFactory(organization=organization).pk,
        "role_id": make.RoleFactory(organization=organization, name="owner").pk,
        "token_id": token.pk,
        "channel": "email",
        "domain": "assembly.example",
        **story_of(campaign),
        "endorsement_id": make.EndorsementFactory(campaign=campaign, state="confirmed").pk,
        "reply_id": make.InboundMailFactory(letter=letter).pk,
        **_an_event(organization, campaign.measure, point.office.legislator),
    }


def story_of(campaign):
    """A story with a passage that was chosen."""
    story = make.StoryFactory(organization=campaign.organization)
    quote = StoryQuote.objects.create(
        story=story, campaign=campaign, revision=1, start=0, end=9, chosen_at=campaign.created_at
    )
    return {"story_id": story.pk, "quote_id": quote.pk}


def _an_event(organization, measure, legislator):
    """A lobby day with somebody who came and met a legislator."""
    event = make.EventFactory(organization=organization, measure=measure, asks_reports=True)
    guest = make.RegistrationFactory(event=event)
    report = make.MeetingReportFactory(registration=guest, legislator=legislator)
    return {"public_event_id": event.pk, "registration_id": guest.pk, "report_id": report.pk}


def address(name, organization, ids):
    """The page's address, with one of the organisation's things for each blank in it."""
    (_pattern, names), *_rest = get_resolver("campaigns.urls").reverse_dict.getlist(name)[0][0]
    verb = {
        "drive-move": "resume",
        "print-move": "posted",
        "sending-move": "stop",
        "departure-move": "cancel",
        "review-move": "turn-down",
        "update-move": "publish",
        "outcome-move": "publish",
        "job-move": "cancel",
        "tag-all": "tag",
        "event-move": "cancel",
        "endorsement-move": "decline",
        "participant-move": "admit",
        "participant-tick": "here",
    }.get(name, "pause")
    blanks = {"org": organization.slug, "verb": verb, "decision": "release", **ids}
    if name.startswith("joint-"):
        blanks["partnership_id"] = ids["joint_id"]
    return reverse(f"campaigns:{name}", kwargs={n: blanks[n] for n in names})


def sign_in(client, organization, role):
    client.force_login(make.RoleFactory(organization=organization, name=role).user)


def test_every_console_page_is_in_these_tables():
    names = get_resolver("campaigns.urls").reverse_dict
    console = {
        name
        for name in names
        if isinstance(name, str)
        and names.getlist(name)[0][0][0][0].startswith("console/")
        and "brief" not in name
    }
    assert console == set(PAGES) | set(DEEDS) | ELSEWHERE


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_pages_and_no_others(client, world, role):
    organization, ids = world
    sign_in(client, organization, role)
    for name, right in PAGES.items():
        page = client.get(address(name, organization, ids))
        opened = 302 if name in LEADS_ON else 200
        assert page.status_code == (opened if role in ALLOWED[right] else 403), name


@pytest.mark.parametrize("role", ROLES)
def test_a_role_does_its_deeds_and_no_others(client, world, role):
    organization, ids = world
    sign_in(client, organization, role)
    for name, right in DEEDS.items():
        if role not in ALLOWED[right]:
            assert client.post(address(name, organization, ids)).status_code == 403, name
        assert client.get(address(name, organization, ids)).status_code == 405, name


def test_a_refused_page_says_whose_role_allows_it(client, world):
    organization, ids = world
    sign_in(client, organization, "staff")
    page = strip_tags(client.get(address("settings", organization, ids)).content.decode())
    assert "the role owner" in page
    page = strip_tags(client.get(address("campaign-new", organization, ids)).content.decode())
    assert "owner or organizer" in page


def test_strangers_are_asked_to_sign_in(client, world):
    organization, ids = world
    for name in {**PAGES, **DEEDS}:
        answer = client.get(address(name, organization, ids))
        assert answer.status_code in {302, 405}, name
        answer = client.post(address(name, organization, ids))
        assert answer.status_code in {302, 405}, name
        if answer.status_code == 302:
            assert answer.url.startswith("/accounts/login/"), name


def test_an_owner_of_another_organisation_finds_nothing(client, world):
    organization, ids = world
    sign_in(client, make.OrganizationFactory(), "owner")
    for name in {**PAGES, **DEEDS}:
        assert client.get(address(name, organization, ids)).status_code in {404, 405}, name
        assert client.post(address(name, organization, ids)).status_code in {404, 405}, name


def test_things_of_another_organisation_are_not_found_under_ones_own(client, world):
    _organization, ids = world
    mine = make.OrganizationFactory()
    me = make.RoleFactory(organization=mine, name="owner").user
    make.RoleFactory(organization=mine, name="reviewer", user=me)
    client.force_login(me)
    # Legislators, chambers, channels and mail domains belong to nobody; what is written down about them does.
    public = {
        "legislator",
        "local-figures",
        "office-stop",
        "point-stop",
        "stance-add",
        "calendar",
        "recess-add",
        "recess-import",
        "channel-resume",
        "domain-resume",
    }
    for name in {**PAGES, **DEEDS}:
        url = address(name, mine, ids)
        if name in public or not any(str(value) in url.split("/") for value in ids.values()):
            continue
        assert client.get(url).status_code in {404, 405}, name
        assert client.post(url).status_code in {404, 405}, name


def test_looking_changes_nothing(client, world):
    organization, ids = world
    sign_in(client, organization, "owner")
    client.get(address("console-home", organization, ids))
    with CaptureQueriesContext(connection) as asked:
        for name in PAGES:
            client.get(address(name, organization, ids))
            client.head(address(name, organization, ids))
    writes = [q["sql"] for q in asked if q["sql"].split(" ")[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert writes == []


def test_pages_are_not_kept_by_caches(client, world):
    organization, ids = world
    sign_in(client, organization, "owner")
    assert client.get(address("supporter-list", organization, ids))["Cache-Control"] == "no-store"


def test_one_organisation_opens_at_once_and_several_are_offered(client):
    role = make.RoleFactory()
    client.force_login(role.user)
    assert client.get("/console/").url == f"/console/{role.organization.slug}/"
    other = make.RoleFactory(user=role.user).organization
    page = client.get("/console/").content.decode()
    assert role.organization.name in page and other.name in page


def test_somebody_without_a_role_is_told_so(client):
    client.force_login(make.UserFactory())
    assert "no role" in client.get("/console/").content.decode()


def test_no_role_gives_nothing():
    assert not any(may(frozenset(), right) for right in ALLOWED)


def grow(organization, n):
    """`n` more of everything that stands in a list."""
    for _ in range(n):
        issue = make.IssueFactory(organization=organization)
        measure = make.MeasureFactory(issue=issue)
        make.MeasureEventFactory(measure=measure)
        make.EvidenceFactory(issue=issue)
        make.IndicatorValueFactory(indicator__organization=organization)
        make.ResourceFactory(organization=organization)
        membership = make.MembershipFactory()
        make.RecessFactory(organization=organization, chamber=make.ChamberFactory())
        make.StanceFactory(measure=measure, legislator=membership.legislator)
        campaign = make.CampaignFactory(issue=issue, measure=measure, organization=organization)
        drive = make.DriveFactory(campaign=campaign)
        make.LetterFactory(drive=drive, note="no working contact point")
        held = make.LetterFactory(drive=drive, state="held", note="its worker died five times")
        make.InboundMailFactory(letter=held)
        make.OfficeQuestionFactory(letter=held, answer="answered", answered_at=campaign.created_at)
        make.TaggingFactory(supporter=held.pledge.supporter, tag__organization=organization)
        make.JobFactory(organization=organization)
        AuditEntry.objects.create(
            organization=organization,
            actor=make.RoleFactory(organization=organization).user,
            verb="save issue",
            object_kind="issue",
            object_id=str(issue.pk),
            at=campaign.created_at,
        )


@pytest.mark.parametrize(
    "name",
    [
        "issue-list",
        "measure-list",
        "indicator-list",
        "evidence-list",
        "resource-list",
        "calendar-list",
        "legislator-list",
        "campaign-list",
        "letter-list",
        "reply-list",
        "responsiveness",
        "supporter-list",
        "tag-list",
        "job-list",
        "members",
        "audit",
    ],
)
def test_a_list_of_twenty_asks_as_much_as_one_of_one(client, name):
    role = make.RoleFactory(name="owner")
    organization = role.organization
    client.force_login(role.user)
    url = reverse(f"campaigns:{name}", args=[organization.slug])
    grow(organization, 1)
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        assert client.get(url).status_code == 200
    grow(organization, 19)
    with CaptureQueriesContext(connection) as twenty:
        assert client.get(url).status_code == 200
    assert len(twenty) == len(one), [q["sql"] for q in twenty]


def test_the_pages_of_one_thing_ask_as_much_for_twenty_parts_as_for_one(client):
    role = make.RoleFactory(name="owner")
    campaign = make.CampaignFactory(organization=role.organization)
    drive = make.DriveFactory(campaign=campaign, skips_holidays=True, skips_recess=True)
    group = make.TargetGroupFactory(campaign=campaign)
    rule = make.TargetRuleFactory(group=group)
    version = make.LetterVersionFactory(group=group)
    client.force_login(role.user)

    def grow_parts(n):
        for _ in range(n):
            post = make.reachable(make.PostFactory(chamber=rule.chamber))
            pledge = make.PledgeFactory(campaign=campaign)
            make.LetterFactory(drive=drive, pledge=pledge, post=post, version=version)
            make.RecessFactory(organization=role.organization, chamber=rule.chamber)
            make.EvidenceFactory(issue=campaign.issue)
            event = make.MeasureEventFactory(
                measure=campaign.measure, note=str(post.pk), chamber=post.chamber
            )
            make.MeasureEventFactory(measure=campaign.measure, kind="struck", strikes=event, reason="Wrong")
            legislator = post.memberships.get().legislator
            make.SponsorshipFactory(measure=campaign.measure, legislator=legislator)
            make.RelatedMeasureFactory(measure=campaign.measure)
            make.MeasurePositionFactory(measure=campaign.measure)
            make.MeasureDateFactory(measure=campaign.measure, chamber=post.chamber)
            make.StanceFactory(measure=campaign.measure, legislator=legislator)

    slug = role.organization.slug
    urls = [
        reverse("campaigns:issue", args=[slug, campaign.issue_id]),
        reverse("campaigns:measure", args=[slug, campaign.measure_id]),
        reverse("campaigns:campaign-detail", args=[slug, campaign.pk]),
        reverse("campaigns:campaign-results", args=[slug, campaign.pk]),
        reverse("campaigns:target-group", args=[slug, group.pk]),
        reverse("campaigns:version-edit", args=[slug, group.pk, version.pk]),
        reverse("campaigns:drive", args=[slug, drive.pk]),
        reverse("campaigns:drive-board", args=[slug, drive.pk]),
        reverse("campaigns:drive-offices", args=[slug, drive.pk]),
        reverse("campaigns:rehearsal", args=[slug, drive.pk]),
        reverse("campaigns:calendar", args=[slug, rule.chamber_id]),
    ]
    grow_parts(2)

    def asked():
        counts = {}
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            counts[url] = len(queries)
        return counts

    asked()
    few = asked()
    grow_parts(18)
    assert asked() == few


def test_home_asks_as_much_for_twenty_campaigns_as_for_one(client):
    role = make.RoleFactory(name="owner")
    client.force_login(role.user)
    url = reverse("campaigns:console-home", args=[role.organization.slug])
    grow(role.organization, 1)
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    grow(role.organization, 19)
    with CaptureQueriesContext(connection) as twenty:
        client.get(url)
    assert len(twenty) == len(one)
