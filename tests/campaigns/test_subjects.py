"""Two subjects of a letter tried against each other: who gets which is settled once, and the numbers say what they can."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from campaigns.actions.campaigns import save_version
from campaigns.actions.copies import copy_campaign
from campaigns.actions.corrections import fingerprint
from campaigns.actions.subjects import try_subject
from campaigns.findings.chance import difference, wilson
from campaigns.findings.subjects import Arm, Trial, trials_of
from campaigns.letters.compose import letter_text
from campaigns.letters.subjects import arm_of
from campaigns.letters.wave import write_letters_of_drive
from campaigns.letters.write import letters_of
from campaigns.models import Letter, LetterVersion, SubjectArm
from contacts import clock
from contacts.models import AuditEntry
from tests import factories as make
from tests.campaigns.console import Desk
from tests.campaigns.test_results import table

pytestmark = pytest.mark.django_db
FIRST, SECOND = SubjectArm.FIRST, SubjectArm.SECOND


@pytest.fixture
def desk(client):
    return Desk(client)


@pytest.fixture
def version(desk):
    campaign = make.campaign_with_targets(posts=1, organization=desk.organization)
    make.DriveFactory(campaign=campaign)
    return campaign.target_groups.get().versions.get()


def begin(version, subject="Four weeks, not four months", share=50):
    return try_subject(version=version, subject=subject, share=share, actor=None)


def sign(version, n=1):
    """People who live where the group's only seat is for."""
    campaign = version.group.campaign
    division = version.group.rules.get().chamber.posts.get().division
    made = []
    for _ in range(n):
        pledge = make.PledgeFactory(campaign=campaign)
        make.ResidenceFactory(supporter=pledge.supporter, division=division)
        made.append(pledge)
    return made


def sent(version, arm, n, *, answered=0, personal=0, **fields):
    for at in range(n):
        make.LetterFactory(
            drive=version.group.campaign.drives.get(),
            version=version,
            subject_arm=arm,
            state="settled",
            sent_at=clock.now(),
            message_id=f"<{uuid4()}@x.example>",
            legislator=make.LegislatorFactory(),
            replied_at=clock.now() if at < answered else None,
            similarity=0.3 if at < personal else 1,
            **fields,
        )


def test_an_organizer_tries_a_second_subject_and_ends_it(desk, version):
    url = (version.group_id, version.pk)
    assert "Try a second subject" in desk.read("target-group", version.group_id)
    answer = desk.post("subject-trial", *url, subject="Four weeks for {{district}}", share=40)
    assert answer.status_code == 302
    assert "40 % write under “Four weeks for {{district}}”." in desk.read("target-group", version.group_id)
    version.refresh_from_db()
    assert version.compared_from and version.compared_until is None
    desk.post("subject-trial", *url, subject="Four weeks for {{district}}", share=0)
    version.refresh_from_db()
    assert version.compared_until and not version.is_tried


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"subject": "Hello {{nobody}}", "share": 50}, "There is no field {{nobody}}"),
        ({"subject": "Please vote for {{measure}}", "share": 50}, "This is the first subject"),
        ({"subject": "Other", "share": 101}, "less than or equal to 100"),
        ({"subject": "", "share": 50}, "This field is required"),
    ],
)
def test_a_mistake_is_said_and_nothing_is_kept(desk, version, fields, said):
    page = desk.post("subject-trial", version.group_id, version.pk, **fields)
    assert page.status_code == 422 and said in page.content.decode()
    version.refresh_from_db()
    assert version.second_subject == "" and version.compared_from is None


def test_bundles_have_no_subjects_to_compare(desk, version):
    version.group.campaign.__class__.objects.update(bundle_similar=True)
    page = desk.post("subject-trial", version.group_id, version.pk, subject="Other", share=50)
    assert page.status_code == 422 and "go in bundles" in page.content.decode()


@pytest.mark.parametrize("page", ["campaign-edit", "campaign-signing"])
def test_bundles_can_not_begin_while_two_subjects_are_compared(desk, version, page):
    campaign = begin(version).group.campaign
    form = desk.get(page, campaign.pk).context["form"]
    data = {k: v for k, v in form.initial.items() if v is not None and k in form.fields and v is not False}
    data |= {"channel_choice": ["print"], "bundle_similar": "on"}
    answer = desk.post(page, campaign.pk, **data)
    assert answer.status_code == 422
    assert "bundles have no subjects to compare" in str(answer.context["form"].errors["bundle_similar"])
    campaign.refresh_from_db()
    assert campaign.bundle_similar is False
    begin(version, share=100)
    assert desk.post(page, campaign.pk, **data).status_code == 302
    campaign.refresh_from_db()
    assert campaign.bundle_similar is True


def test_a_trial_leaves_what_the_letter_cites_as_it_was_saved(desk, version):
    evidence = make.EvidenceFactory(issue=version.group.campaign.issue, key="waiting")
    version.opening = "People wait {{evidence:waiting}}."
    cited = save_version(version=version).cited
    evidence.__class__.objects.update(figure="99")
    assert begin(version).compared_from
    assert LetterVersion.objects.get().cited == cited
    evidence.delete()
    answer = desk.post(
        "subject-trial", version.group_id, version.pk, subject="Four weeks, not four months", share=0
    )
    assert answer.status_code == 302
    stored = LetterVersion.objects.get()
    assert stored.compared_until and not stored.is_tried and stored.cited == cited


def test_the_database_refuses_a_share_of_no_subject(version):
    with pytest.raises(IntegrityError), transaction.atomic():
        LetterVersion.objects.filter(pk=version.pk).update(second_share=50)


def test_a_person_gets_the_same_subject_whoever_writes_the_letters(version):
    version = begin(version, share=30)
    pledges = sign(version, 60)
    drive = version.group.campaign.drives.get()
    alone = {p.pk: [letter.subject_arm for letter in letters_of(p, drive, clock.now())] for p in pledges}
    assert write_letters_of_drive(drive, clock.now()) == 60
    together = {letter.pledge_id: [letter.subject_arm] for letter in Letter.objects.all()}
    assert together == alone
    assert {arm for [arm] in together.values()} == {FIRST, SECOND}
    assert all(together[p.pk] == [arm_of(version, p.pk)] for p in pledges)


@pytest.mark.parametrize("share", [1, 37, 50, 99])
def test_the_share_is_what_was_asked_for(share):
    version = LetterVersion(second_subject="Other", second_share=share)
    every = [arm_of(version, UUID(int=n)) for n in range(16**4)]
    assert every.count(SECOND) == share * 16**4 // 100
    assert every.count(None) == 0


def test_at_the_ends_there_is_no_choice(version):
    (pledge,) = sign(version)
    assert arm_of(version, pledge.pk) is None
    assert arm_of(begin(version, share=100), pledge.pk) == SECOND
    assert arm_of(begin(version, share=0), pledge.pk) is None


def test_letters_go_under_their_subject_and_ones_own_goes_first(version):
    version = begin(version, subject="For {{district}}")
    first, second = (
        make.LetterFactory(drive=version.group.campaign.drives.get(), version=version, subject_arm=arm)
        for arm in (FIRST, SECOND)
    )
    assert letter_text(first, None).subject.startswith("Please vote for")
    assert letter_text(second, None).subject == f"For {second.post.division.name}"
    second.subject = "Mine"
    assert letter_text(second, None).subject == "Mine"


def test_a_subject_that_letters_wait_under_is_not_changed_behind_their_backs(desk, version):
    version = begin(version)
    make.LetterFactory(drive=version.group.campaign.drives.get(), version=version, subject_arm=SECOND)
    page = desk.post("subject-trial", version.group_id, version.pk, subject="Another", share=50)
    assert page.status_code == 422 and "wait to leave" in page.content.decode()
    answer = desk.post("subject-trial", version.group_id, version.pk, subject=version.second_subject, share=0)
    assert answer.status_code == 302


def test_a_test_letter_keeps_nobody_from_mending_a_second_subject(desk, version):
    version = begin(version)
    test = make.PledgeFactory(campaign=version.group.campaign, is_test=True)
    make.LetterFactory(
        drive=version.group.campaign.drives.get(),
        version=version,
        subject_arm=SECOND,
        pledge=test,
        is_test=True,
    )
    answer = desk.post("subject-trial", version.group_id, version.pk, subject="Another", share=50)
    assert answer.status_code == 302


def test_numbers_stand_under_the_subjects_that_were_compared(desk, version):
    was = version.subject
    begin(version)
    sent(version, FIRST, 2)
    clock.move(timedelta(hours=1))
    version = begin(version, share=0)
    version.subject = "Nobody was sent this"
    save_version(version=version)
    rows = table(desk, version.group.campaign, "subjects")[1:]
    assert [row[0] for row in rows] == [was, "Four weeks, not four months"]


def test_a_trial_that_ends_with_another_subject_says_nothing_of_that(version):
    begin(version)
    sent(version, SECOND, 2)
    begin(version, subject="Nobody was sent this", share=0)
    assert trials_of(version.group.campaign) == []


def test_the_audit_log_keeps_what_was_compared_and_when(version):
    first, second = version.subject, "Four weeks, not four months"
    begun = begin(version).compared_from.isoformat()
    clock.move(timedelta(hours=1))
    version = LetterVersion.objects.get()
    version.subject = "Corrected"
    changed = save_version(version=version).compared_from.isoformat()
    clock.move(timedelta(hours=1))
    ended = begin(version, share=100).compared_until.isoformat()
    assert list(AuditEntry.objects.order_by("at").values_list("detail", flat=True)) == [
        {"share": 50, "begun": [first, second, begun]},
        {"ended": [first, second, begun, changed], "begun": ["Corrected", second, changed]},
        {"share": 100, "ended": ["Corrected", second, changed, ended]},
    ]


def test_another_share_or_subject_begins_the_comparison_anew(version):
    version = begin(version)
    sent(version, FIRST, 2)
    sent(version, SECOND, 3)
    clock.move(timedelta(hours=1))
    version = begin(version, share=20)
    assert trials_of(version.group.campaign)[0].first.people == 0
    sent(version, FIRST, 1)
    clock.move(timedelta(hours=1))
    version.subject = "Corrected"
    save_version(version=version, seen=fingerprint(LetterVersion.objects.get()))
    assert trials_of(version.group.campaign)[0].first.people == 0


def test_letters_after_the_end_are_not_compared(version):
    version = begin(version)
    sent(version, FIRST, 2)
    clock.move(timedelta(hours=1))
    version = begin(version, share=100)
    clock.move(timedelta(hours=1))
    sent(version, SECOND, 5)
    trial = trials_of(version.group.campaign)[0]
    assert (trial.first.people, trial.second.people) == (2, 0)


def test_each_subject_says_its_people_answers_and_own_words_with_bounds(desk, version):
    version = begin(version)
    sent(version, FIRST, 8, answered=2, personal=4)
    sent(version, SECOND, 6, answered=3, personal=1)
    waiting = make.LetterFactory(
        drive=version.group.campaign.drives.get(), version=version, subject_arm=SECOND
    )
    test = make.PledgeFactory(campaign=waiting.pledge.campaign, is_test=True)
    sent(version, SECOND, 1, answered=1, pledge=test, is_test=True)
    rows = table(desk, version.group.campaign, "subjects")[1:]
    assert [row[2:6] for row in rows] == [["8", "8", "2", "25.0"], ["7", "6", "3", "50.0"]]
    assert [row[8] for row in rows] == ["4", "1"]
    low, high = wilson(2, 8)
    assert rows[0][6:8] == [str(round(100 * low, 2)), str(round(100 * high, 2))]
    page = desk.read("campaign-results", version.group.campaign.pk)
    assert "Too few to say anything: 2 of 8 people were answered" in page
    assert not re.search("significan|winner|better", page)


def test_two_letters_of_one_person_are_one_person(version):
    version = begin(version)
    (pledge,) = sign(version)
    for _ in range(2):
        sent(version, FIRST, 1, pledge=pledge)
    assert trials_of(version.group.campaign)[0].first.left == 1


def test_with_enough_people_the_words_give_the_numbers_and_no_more(version):
    near = Trial(version, Arm("a", 500, 500, 50), Arm("b", 500, 500, 60)).verdict()
    assert "50 of 500 people were answered under the first subject, 60 of 500 people" in near
    assert "No difference at all lies there, too." in near
    far = Trial(version, Arm("a", 500, 500, 20), Arm("b", 500, 500, 90)).verdict()
    assert "between +10.2 and +17.9 points" in far and "No difference" not in far


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    # Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_bounds_are_those_of_the_literature(hits, n, low, high):
    assert wilson(hits, n) == pytest.approx((low, high), abs=0.00006)


def test_the_bounds_of_a_difference_are_those_of_the_literature():
    # Newcombe 1998, "Interval estimation for the difference", table II, method 10: 56/70 less 48/80.
    assert difference(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=0.00006)


def test_a_copied_campaign_begins_with_one_subject(version, desk):
    begin(version)
    copy = copy_campaign(campaign=version.group.campaign, title="Copy", slug="copy", actor=desk.user)
    copied = copy.target_groups.get().versions.get()
    assert (copied.second_subject, copied.second_share, copied.compared_from) == ("", 0, None)


def test_the_page_asks_as_much_for_many_trials_as_for_one(desk, version):
    sent(begin(version), FIRST, 2)
    campaign = version.group.campaign

    def asked():
        with CaptureQueriesContext(connection) as queries:
            desk.get("campaign-results", campaign.pk)
        return len(queries)

    asked()
    one = asked()
    for _ in range(5):
        other = make.LetterVersionFactory(group=make.TargetGroupFactory(campaign=campaign))
        sent(begin(other), SECOND, 3)
    assert asked() == one
