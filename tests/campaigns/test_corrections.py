"""A mistake found in a suggested text while its letters wait."""

from datetime import timedelta

import pytest
from django.urls import reverse

from campaigns.actions.corrections import correct_version, fingerprint
from campaigns.actions.letters import write_letters
from campaigns.delivery import dispatcher
from campaigns.letters.compose import suggested_body, writer_values
from campaigns.letters.correct import Passage, passages
from campaigns.letters.write import letters_of, save_letters
from campaigns.links import manage_token
from campaigns.models import Letter, LetterVersion
from contacts import clock
from contacts.models import AuditEntry
from policy.actions.translations import save_texts
from tests import factories as make
from tests.campaigns.console import Desk, told, words

pytestmark = pytest.mark.django_db

WRONG = "The bill has a budgett of five million. People in {{city}} wait for it."
RIGHT = "The bill has a budget of five million. People in {{city}} wait for it."


@pytest.fixture
def desk(client):
    return Desk(client)


@pytest.fixture
def version(desk):
    campaign = make.CampaignFactory(organization=desk.organization)
    make.DriveFactory(campaign=campaign)
    return make.LetterVersionFactory(group__campaign=campaign, opening=WRONG)


def letter(version, own="{}", post=None, **fields):
    """A letter with the version's text, or with what its writer made of it."""
    drive = version.group.campaign.drives.get()
    pledge = make.PledgeFactory(campaign=drive.campaign)
    text = suggested_body(version, writer_values(pledge, drive.campaign, version.language))
    post = post or make.reachable()
    body = own.replace("{}", text)
    return make.LetterFactory(drive=drive, pledge=pledge, post=post, version=version, body=body, **fields)


def the(one):
    return Letter.objects.get(pk=one.pk)


def edited(desk, version, **changes):
    """Save the version in the editor with other texts."""
    names = ("language", "subject", "salutation", "opening", "talking_points", "closing")
    data = {name: getattr(version, name) for name in names} | {"opening": RIGHT} | changes
    return desk.post("version-edit", version.group_id, version.pk, **data)


def test_letters_that_nobody_touched_are_corrected_after_their_measure_was_translated(desk, version):
    campaign = version.group.campaign
    campaign.measure = make.MeasureFactory(issue=campaign.issue, title="Care in four weeks")
    campaign.save()
    LetterVersion.objects.update(language="es", opening=f"{WRONG} {{{{measure_title}}}}")
    version.refresh_from_db()
    waiting = letter(version)
    assert "Care in four weeks" in waiting.body
    save_texts(row=campaign.measure, language="es", actor=None, texts={"title": "En cuatro semanas"})
    version.opening = f"{RIGHT} {{{{measure_title}}}}"
    effect = correct_version(version=version, seen=fingerprint(LetterVersion.objects.get()), actor=None)
    assert (effect.corrected, effect.reworded, effect.left) == (1, 0, 0)
    assert "a budget of five million" in the(waiting).body and "En cuatro semanas" in the(waiting).body


def test_nothing_is_saved_before_a_page_said_what_it_means_for_letters(desk, version):
    for _ in range(2):
        letter(version)
    letter(version, own="I am a nurse. {}")
    letter(version, own="They say it has a budgett of five million!")
    queued = letter(version)
    clock.move(timedelta(minutes=1))
    Letter.objects.exclude(pk=queued.pk).update(not_before=clock.now() + timedelta(days=1))
    while the(queued).state != "queued":
        dispatcher.prepare()
        clock.move(timedelta(minutes=1))
    letter(version, is_test=True)

    page = words(edited(desk, version))
    assert "2 letters that nobody touched get the new text" in page
    assert "1 letter with own words has these sentences word for word" in page
    assert "1 letter says it in its supporter’s own words" in page
    assert "In the queue, text fixed 1" in page
    assert "Now The bill has a budgett of five million. Then The bill has a budget of five million." in page
    assert LetterVersion.objects.get().opening == WRONG and "budgett" in the(queued).body


def test_letters_that_nobody_touched_get_the_new_text(desk, version):
    written = letter(version)
    assert "1 waiting letter corrected" in told(edited(desk, version, how="correct"))
    assert the(written).body.startswith("The bill has a budget of five million. People in Harbour Town wait")
    assert the(written).similarity == 1
    change = written.history.last()
    assert (change.from_state, change.to_state, change.actor) == ("ready", "ready", desk.user)
    entry = AuditEntry.objects.get(verb="correct letters")
    assert entry.detail == {"corrected": 1, "with_own_words": 0, "left": 0, "fixed_before": 0}
    page = words(desk.client.get(f"/p/{manage_token(written.pledge)}/"))
    assert "A mistake in the suggested text was corrected by the organisation" in page


def test_in_a_letter_with_own_words_only_the_sentence_is_replaced(desk, version):
    own = letter(version, own="I am a nurse on nights.\n\n{}\n\nThank you for reading this.")
    edited(desk, version, how="correct")
    body = the(own).body
    assert body.startswith("I am a nurse on nights.\n\nThe bill has a budget of five million.")
    assert body.endswith("Thank you for reading this.") and "budgett" not in body
    assert 0.5 < the(own).similarity < 1


@pytest.mark.parametrize(
    "own",
    [
        "The bill has a budgett of five million, they say. People wait.",
        "The bill has a budgett of five million. The bill has a budgett of five million.",
        "Nothing of what was suggested.",
    ],
)
def test_a_sentence_in_the_writers_own_words_is_left_and_listed(desk, version, own):
    left = letter(version, own=own)
    Letter.objects.update(similarity=0.9)
    edited(desk, version, how="correct")
    assert the(left).body == own and the(left).similarity != 0.9
    assert left.pledge.name in desk.read("letter-list", version=version.pk, left=1)
    page = words(desk.client.get(f"/p/{manage_token(left.pledge)}/"))
    assert "Your letter has words of your own and stayed as it is" in page
    assert "Changed by you" not in page


def test_of_two_mistakes_a_letter_with_one_of_its_own_keeps_both(desk, version):
    own = "The bill has a budgett of five million. People in our town wait."
    half = letter(version, own=own)
    edited(desk, version, opening=RIGHT.replace("wait", "still wait"), how="correct")
    assert the(half).body == own


def test_letters_in_the_queue_keep_every_byte(desk, version):
    gone = letter(version)
    while the(gone).state != "queued":
        dispatcher.prepare()
        clock.move(timedelta(minutes=1))
    waiting = letter(version)
    before = the(gone)
    edited(desk, version, how="correct")
    after = the(gone)
    assert (after.body, bytes(after.raw), after.history.count()) == (
        before.body,
        bytes(before.raw),
        before.history.count(),
    )
    assert "budgett" not in the(waiting).body


def test_the_corrected_letter_is_what_the_office_gets(desk, version, sink):
    written = letter(version)
    edited(desk, version, how="correct")
    while the(written).state != "sent":
        dispatcher.prepare()
        dispatcher.send_window()
        clock.move(timedelta(minutes=1))
    text = sink.mails()[0].message.get_content()
    assert "has a budget of five million" in text and "budgett" not in text


def test_the_change_can_be_kept_to_new_letters(desk, version):
    written = letter(version)
    edited(desk, version, how="new")
    assert LetterVersion.objects.get().opening == RIGHT and "budgett" in the(written).body


def test_without_waiting_letters_a_text_is_saved_at_once(desk, version):
    assert edited(desk, version).status_code == 302
    assert LetterVersion.objects.get().opening == RIGHT


def test_a_new_subject_is_announced_and_goes_to_all_that_is_not_queued(desk, version):
    written = letter(version)
    page = words(edited(desk, version, opening=WRONG, subject="Vote for {{measure}}"))
    assert "A new subject or greeting goes by itself" in page and "correct 1 letter" not in page
    edited(desk, version, opening=WRONG, subject="Vote for {{measure}}", how="new")
    assert "Subject: Vote for HB" in desk.read("letter", written.pk)
    assert "corrected" not in desk.read("letter", written.pk)


def test_a_text_that_somebody_else_changed_meanwhile_is_not_overwritten(desk, version):
    written = letter(version)
    seen = desk.get("version-edit", version.group_id, version.pk).context["seen"]
    LetterVersion.objects.update(closing="Please answer me.")
    for how in ("correct", "new"):
        answer = edited(desk, version, seen=seen, how=how)
        # What was typed stays on the page.
        assert "Somebody else changed this letter meanwhile" in words(answer)
        assert RIGHT in answer.content.decode()
    assert LetterVersion.objects.get().closing == "Please answer me." and "budgett" in the(written).body


def test_the_editor_gets_back_what_was_typed(desk, version):
    letter(version)
    assert RIGHT in edited(desk, version, show="1").content.decode()


def test_staff_correct_nothing(client, version):
    letter(version)
    assert edited(Desk(client, version.group.campaign.organization, role="staff"), version).status_code == 403


def test_a_letter_written_while_its_text_was_corrected_has_the_corrected_one(version):
    campaign = make.campaign_with_targets(posts=1, organization=version.group.campaign.organization)
    drive = make.DriveFactory(campaign=campaign)
    text = LetterVersion.objects.get(group__campaign=campaign)
    pledge = make.PledgeFactory(campaign=campaign)
    division = campaign.target_groups.get().rules.get().chamber.posts.get().division
    make.ResidenceFactory(supporter=pledge.supporter, division=division)
    written = letters_of(pledge, drive, clock.now())
    LetterVersion.objects.filter(pk=text.pk).update(opening="Mended.")
    save_letters(written)
    assert Letter.objects.get(drive=drive).body == "Mended.\n\nPlease tell me how you will vote."


def test_a_supporter_edits_on_from_the_corrected_text(desk, version):
    written = letter(version, state="draft")
    edited(desk, version, how="correct")
    version.refresh_from_db()
    body = f"{the(written).body} I wait too."
    write_letters(pledge=written.pledge, version=version, subject="", body=body)
    assert 0.9 < the(written).similarity < 1


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("One is wrong. Two.", "One is right. Two.", [("One is wrong.", "One is right.")]),
        ("A a. B b. C c.", "A x. B b. C y.", [("A a.", "A x."), ("C c.", "C y.")]),
        ("A a. B b.", "A a. New. B b.", [("A a.", "A a. New.")]),
        ("A a. Old. B b.", "A a. B b.", [("A a. Old.", "A a.")]),
        ("B b.", "New. B b.", [("B b.", "New. B b.")]),
        ("Line one\nLine two", "Line one\nLine 2", [("Line two", "Line 2")]),
        ("He said “No.” Then left.", "He said “Yes.” Then left.", [("He said “No.”", "He said “Yes.”")]),
        ("Same. Same.", "Same. Same.", []),
        ("All.", "", [("All.", "")]),
    ],
)
def test_what_changed_is_told_in_whole_sentences(before, after, found):
    assert passages(before, after) == [Passage(*pair) for pair in found]


def test_pages_show_a_letter_that_has_left_as_it_left(desk, client, version, sink):
    sent = letter(version)
    while the(sent).state != "sent":
        dispatcher.prepare()
        dispatcher.send_window()
        clock.move(timedelta(minutes=1))
    version.subject, version.salutation = "Another subject altogether", "Ahoy {{representative}},"
    version.save()
    mine = client.get(reverse("campaigns:my-page", args=[manage_token(sent.pledge)]))
    for text in (words(mine), desk.read("letter", sent.pk)):
        assert "Another subject" not in text and "Ahoy" not in text
        assert sink.mails()[0].message["Subject"] in text
