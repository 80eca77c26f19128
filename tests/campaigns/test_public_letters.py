"""Writing a letter and following it: the editor, the exact preview, the check, sending, and what became of it."""

import html
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format

from campaigns.actions import letters as actions
from campaigns.delivery import outbox
from campaigns.errors import LetterFrozen
from campaigns.letters.compose import letter_text
from campaigns.letters.reasons import MOVED, TAKEN_BACK
from campaigns.letters.words import for_supporter
from campaigns.models import Attempt, Drive, Letter, LetterVersion, Pledge
from contacts import clock
from contacts.models import ContactPoint, Post
from tests.campaigns.console import Desk, words
from tests.campaigns.visitor import confirmed, link_in, sign, signed, written
from tests.factories import (
    DriveFactory,
    LetterFactory,
    LetterVersionFactory,
    PostFactory,
    TargetRuleFactory,
    campaign_with_targets,
    reachable,
)

pytestmark = pytest.mark.django_db

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "</textarea><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{7919*7907}}",
    "{{ settings.SECRET_KEY }}",
    "{% load i18n %}{% debug %}",
    "${7919*7907} #{7919*7907} <%= 7919*7907 %>",
    "{{na{{name}}me}}",
    "{{ name }}",
    "Bcc: victim@people.example\r\nSubject: other",
    "\u202etxt.exe\u200b",
]


def text(response):
    return response.content.decode()


def put(state, **changes):
    """The one letter, in a state, with what the database asks of such a letter."""
    letter = Letter.objects.get()
    at = clock.now()
    Letter.objects.update(
        state=state,
        legislator=letter.post.memberships.get().legislator,
        message_id="<1@harbour.example>",
        lease_until=at,
        queued_at=at,
        sent_at=at,
        **changes,
    )
    return letter


def test_a_supporter_signs_confirms_writes_and_sends(client, mailoutbox, settings):
    _campaign, link = signed(client, mailoutbox, settings)
    assert "Ada Lovelace" in text(client.get(link))
    assert Pledge.objects.get().state == "pending"
    editor = client.post(link)
    page = text(client.get(editor.url))
    assert "How long did you wait?" in page and "Dear Representative Kim Legislator" in page
    assert "This reads like the suggested letter" in page
    own = written("I waited for a year.")
    checked = text(client.post(editor.url, own, follow=True))
    assert "I waited for a year." in checked and "Send my letters" in checked
    assert Letter.objects.get().state == "draft"
    mine = editor.url.removesuffix("letter/")
    thanks = client.post(f"{mine}letter/send/", follow=True)
    assert "Your letter is ready to leave" in text(thanks)
    letter = Letter.objects.get()
    assert letter.state == "ready" and letter.body == "I waited for a year." and letter.similarity < 0.5
    page = text(client.get(mine))
    assert "It leaves with the next wave" in page
    steps = ["Written with the suggested text", "Changed by you", "Ready to leave"]
    assert sorted(steps, key=page.index) == steps


def test_saving_a_letter_as_it_is_is_no_change_in_its_history(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    suggested = Letter.objects.get().body
    client.post(f"{mine}letter/", written(suggested))
    assert "Changed by you" not in text(client.get(mine))
    for subject in ("My year", "My  year ", "My two years"):
        client.post(f"{mine}letter/", written(suggested, subject))
    assert text(client.get(mine)).count("Changed by you") == 2


def test_the_organisation_sees_in_the_history_that_the_supporter_changed_a_letter(
    client, mailoutbox, settings
):
    campaign, mine = confirmed(client, mailoutbox, settings)
    client.post(f"{mine}letter/", written("I waited for a year."))
    page = Desk(client, organization=campaign.organization).read("letter", Letter.objects.get().pk)
    assert "(changed by the supporter)" in page


def two_offices(client, mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    campaign = campaign_with_targets(posts=1)
    first = Post.objects.get(chamber=campaign.target_groups.get().rules.get().chamber)
    second = PostFactory(chamber=first.chamber, division=first.division, seat="2", label="Second seat")
    reachable(second, "two@assembly.example")
    DriveFactory(campaign=campaign)
    sign(client, campaign)
    outbox.send_due()
    return client.post(link_in(mailoutbox[-1])).url


def test_every_office_has_its_exact_letter_in_the_preview(client, mailoutbox, settings):
    editor = two_offices(client, mailoutbox, settings)
    typed = written("I waited.\n\nFor a year & <more>.", "My year")
    shown = html.unescape(text(client.post(f"{editor}preview/", typed)))
    client.post(editor, typed)
    letters = Letter.objects.select_related("post", "version", "pledge__campaign__organization").all()
    assert len(letters) == 2
    for letter in letters:
        holder = letter.post.memberships.get().legislator
        exact = letter_text(letter, holder)
        assert exact.full in shown and exact.subject in shown and exact.to in shown
    assert "Partly in your own words" in shown or "Your own words" in shown


def test_a_preview_stores_nothing_and_works_without_scripts(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    before = Letter.objects.values().get()
    typed = written("Not yet sure.")
    page = text(client.post(f"{mine}letter/", {**typed, "preview": "1"}))
    assert page.count("Not yet sure.") == 2  # in the editor and in the letter
    client.post(f"{mine}letter/preview/", typed)
    assert Letter.objects.values().get() == before


@pytest.mark.parametrize(
    ("body", "words"), [("", "required"), ("   \r\n ", "required"), ("x" * 8001, "at most 8000")]
)
def test_a_letter_that_cannot_go_is_refused_with_a_field_error(client, mailoutbox, settings, body, words):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    page = client.post(f"{mine}letter/", written(body))
    assert page.status_code == 422 and words in text(page)
    assert Letter.objects.get().body != body


def test_mistakes_stand_in_one_summary_on_top_and_in_the_title(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    letter = Letter.objects.get()
    assert "Please mend" not in text(client.get(f"{mine}letter/"))
    page = text(client.post(f"{mine}letter/", written("")))
    assert "<title>Please mend:" in page and ">Your letter: This field is required.</a>" in page
    group = LetterVersionFactory(group__campaign=letter.drive.campaign).group
    LetterFactory(
        pledge=letter.pledge,
        drive=letter.drive,
        post=PostFactory(label="The chair"),
        version=group.versions.get(),
        state="draft",
    )
    both = {name: "" for one in Letter.objects.all() for name in written("", letter=one)}
    page = text(client.post(f"{mine}letter/", both))
    ids = re.findall(r' id="([^"]+)"', page)
    links = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', page)
    assert len(ids) == len(set(ids)) and ids.count("errors") == 1
    assert {link for link, _words in links} == {
        name for name in ids if re.fullmatch("id_letter-.*-body", name)
    }
    assert any("The chair" in words for _link, words in links) and len(links) == 2


def test_line_breaks_count_as_one_character_each(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    assert client.post(f"{mine}letter/", written("ab\r\n" * 2600)).status_code == 302


def test_the_sentence_of_the_sign_form_is_offered_as_a_start(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings, typed={"comment": "My brother waited a year."})
    before = Letter.objects.get().body
    page = text(client.get(f"{mine}letter/"))
    assert page.count("My brother waited a year.") == 2  # in the editor and in the preview
    assert "starts with what you wrote when you signed" in page
    # Shown is not stored: without saving, the letter stays as suggested.
    assert Letter.objects.get().body == before
    assert "My brother" not in text(client.get(f"{mine}letter/check/"))
    client.post(f"{mine}letter/", written(f"My brother waited a year.\n\n{before}"))
    assert Letter.objects.get().body.startswith("My brother waited a year.")
    assert "starts with what you wrote" not in text(client.get(f"{mine}letter/"))


def test_a_letter_already_written_gets_no_second_start(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings, typed={"comment": "My brother waited a year."})
    client.post(f"{mine}letter/", written("All my own."))
    assert "My brother" not in text(client.get(f"{mine}letter/"))


def test_a_frozen_letter_is_no_longer_edited(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    put("queued")
    for tail in ("letter/", "letter/check/"):
        assert client.get(mine + tail).url == mine
    assert client.post(f"{mine}letter/", written(Letter.objects.get().body)).url == mine  # nothing is lost
    answer = client.post(f"{mine}letter/", written("Too late."))
    page = words(answer)
    assert answer.status_code == 409 and "can’t be changed any more" in page and "Saved" not in page
    assert "This is what you wrote for it." in page and "Too late." in page
    assert "Too late." not in Letter.objects.get().body and "can no longer change" in text(client.get(mine))


def two_versions(client, mailoutbox, settings):
    """The address of an editor of two letters, each of a version of its own."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    campaign = campaign_with_targets(posts=1)
    named = PostFactory(label="The chair")
    reachable(named, "chair@assembly.example")
    group = LetterVersionFactory(group__campaign=campaign).group
    TargetRuleFactory(group=group, kind="fixed", chamber=None, post=named)
    DriveFactory(campaign=campaign)
    sign(client, campaign)
    outbox.send_due()
    return client.post(link_in(mailoutbox[-1])).url


def queue(letter):
    Letter.objects.filter(pk=letter.pk).update(
        state="queued",
        message_id="<1@harbour.example>",
        queued_at=clock.now(),
        legislator=letter.post.memberships.get().legislator,
    )


def test_a_page_that_was_left_open_puts_its_words_into_no_other_letter(client, mailoutbox, settings):
    editor = two_versions(client, mailoutbox, settings)
    fixed, other = Letter.objects.order_by("created_at", "pk")
    page = {**written("For the one.", letter=fixed), **written("For the other.", letter=other)}
    queue(fixed)
    before = other.body
    stale = client.post(editor, written("For the one.", letter=fixed))
    assert stale.status_code == 422 and "can’t be changed any more" in text(stale)
    other.refresh_from_db()
    assert other.body == before
    said = words(client.post(editor, page))
    holder = fixed.post.memberships.get().legislator.name
    assert (
        f"The letter to {fixed.post.role} {holder} can’t be changed any more" in said
        and "For the one." in said
    )
    assert "Saved: your letter to" in said and "For the other." not in said
    other.refresh_from_db()
    fixed.refresh_from_db()
    assert other.body == "For the other." and "For the one." not in fixed.body


def test_where_one_of_several_letters_is_refused_none_is_saved_and_every_word_stays(
    client, mailoutbox, settings, monkeypatch
):
    editor = two_versions(client, mailoutbox, settings)
    first, second = Letter.objects.order_by("version__group__order", "version__group__name", "post__label")
    before = [first.body, second.body]
    # The second is put in the queue between the reading of the page's letters and their saving.
    real = actions.write_letters

    def write(**given):
        if given["version"] == second.version:
            raise LetterFrozen
        return real(**given)

    monkeypatch.setattr(actions, "write_letters", write)
    page = {**written("Mine for the first.", letter=first), **written("Mine for the second.", letter=second)}
    answer = client.post(editor, page)
    assert answer.status_code == 422 and "is already on its way" in words(answer)
    assert "Mine for the first." in text(answer) and "Mine for the second." in text(answer)
    for letter, was in zip((first, second), before, strict=True):
        letter.refresh_from_db()
        assert letter.body == was and not letter.history.filter(reason="changed by the supporter").exists()


def test_a_mistake_in_another_letter_hides_no_words_that_came_too_late(client, mailoutbox, settings):
    editor = two_versions(client, mailoutbox, settings)
    fixed, other = Letter.objects.order_by("created_at", "pk")
    queue(fixed)
    answer = client.post(editor, {**written("Too late.", letter=fixed), **written("", letter=other)})
    page = words(answer)
    assert answer.status_code == 422 and "can’t be changed any more" in page and "Too late." in page


def test_a_pledge_without_letters_is_thanked_and_told_why(client, mailoutbox, settings):
    typed = {"postal_code": "99999", "sign_anyway": "on"}
    _campaign, link = signed(client, mailoutbox, settings, typed=typed)
    page = text(client.post(link, follow=True))
    assert "confirmed and counts" in page and "we could not tell who represents you" in page


def test_before_a_wave_is_set_up_the_supporter_is_told_so(client, mailoutbox, settings):
    _campaign, link = signed(client, mailoutbox, settings, drive=False)
    page = text(client.post(link, follow=True))
    assert "when the next wave of letters is set up" in page


def test_each_try_is_told_with_server_words_and_time_and_claims_nothing_more(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    letter = Letter.objects.get()
    at = clock.now()
    for number, outcome, code, said in (
        (1, "deferred", 451, "4.7.1 come back later"),
        (2, "accepted", 250, "2.0.0 kept as 4711"),
    ):
        when = at + timedelta(minutes=number)
        Attempt.objects.create(
            letter=letter,
            number=number,
            lease_token=1,
            outcome=outcome,
            host="relay.example (192.0.2.1:25)",
            reply_code=code,
            reply_text=said,
            started_at=when,
            ended_at=when,
        )
        letter.history.create(
            from_state="committing", to_state="sent" if code == 250 else "deferred", at=when
        )
    put("sent")
    page = text(client.get(mine))
    assert (
        "Put off by the mail server" in page
        and "relay.example (192.0.2.1:25): 451" in page
        and "451 4.7.1 come back later" in page
    )
    assert "Taken over by our mail server" in page and "250 2.0.0 kept as 4711" in page
    assert page.count("<summary>Technical evidence</summary>") == 2
    assert page.index("Put off by") < page.index("Taken over by")
    assert page.count("2.0.0 kept") == 1
    for claim in ("delivered", "Delivered", "read by the office", "was read"):
        assert claim not in page


def test_a_failed_letter_shows_its_text_openly(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    put("failed", body="My own words.")
    page = text(client.get(mine))
    assert re.search(r"<details open>.*My own words\.", page, re.DOTALL)


def test_a_letter_taken_back_is_said_to_its_writer_as_what_they_did(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    letter = put("withdrawn")
    for reason, says in ((TAKEN_BACK, ">Taken back by you<"), (MOVED, ">Taken back<")):
        letter.history.create(from_state="ready", to_state="withdrawn", at=clock.now(), reason=reason)
        page = text(client.get(mine))
        assert says in page and "by the supporter" not in page


@pytest.mark.parametrize("state", list(Letter.MOVES))
def test_every_state_has_its_sentence_on_my_page(client, mailoutbox, settings, state):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    letter = put(state)
    letter.history.create(from_state="ready", to_state=state, at=clock.now())
    page = client.get(mine)
    assert page.status_code == 200
    letter.refresh_from_db()
    assert html.escape(for_supporter(letter, clock.now())) in text(page)


def test_a_letter_that_fits_no_hour_is_not_promised_the_last_moment(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    letter = put("ready")
    Letter.objects.update(send_after=letter.drive.ends_at)
    page = text(client.get(mine))
    assert "It has no hour yet" in page and "leaves with the next wave" not in page
    Letter.objects.update(send_after=letter.drive.ends_at - timedelta(hours=1))
    assert "It leaves with the next wave, from" in text(client.get(mine))


def by_post_only(post):
    """An office that no mail reaches."""
    points = ContactPoint.objects.filter(office__legislator__memberships__post=post)
    points.update(kind="postal", value="12 Assembly Square; Harbour Town 10101")


def test_a_letter_that_is_printed_is_not_promised_to_leave_by_itself(client, mailoutbox, settings):
    campaign, mine = confirmed(client, mailoutbox, settings)
    letter = Letter.objects.get()
    by_post_only(letter.post)
    printed = f"It goes on paper: {campaign.organization.name} prints and posts it."
    editor = f"{mine}letter/"
    checked = text(client.get(f"{editor}check/"))
    thanked = text(client.post(f"{editor}send/", follow=True))
    for page in (checked, thanked, text(client.get(mine))):
        assert html.escape(printed) in page and "leaves with the next wave" not in page
        assert "its office’s hours" not in page
    assert "Until it is made ready for printing you can still change it" in thanked
    Drive.objects.update(state="running", starts_at=clock.now() + timedelta(days=2))
    page = text(client.get(mine))
    assert re.search(r"prints and posts it\. Until .{8,40} you can still change it", page)
    assert "made ready for printing" not in page


def test_a_sentence_that_many_letters_share_is_said_once(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    first = Letter.objects.get()
    others = [reachable(PostFactory(chamber=first.post.chamber)) for _ in range(3)]
    for post in others:
        LetterFactory(
            pledge=first.pledge,
            drive=first.drive,
            version=first.version,
            post=post,
            state="draft",
            is_test=first.is_test,
        )
    by_post_only(others[0])
    editor = f"{mine}letter/"
    for page in (text(client.get(f"{editor}check/")), text(client.post(f"{editor}send/", follow=True))):
        assert page.count("It leaves with the next wave") == 1 and page.count("It goes on paper") == 1
        assert page.count("For each of these letters:") == 1
        assert "Letters by mail leave in their office’s hours" in page


def test_a_test_letter_waits_for_a_holder_of_its_seat_and_for_nothing_else(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings, is_test=True)
    letter = put("ready", note="no working contact point")
    page = text(client.get(mine))
    assert "as soon as the drive runs" in page and "because the seat is vacant" not in page
    letter.post.memberships.update(end_on=clock.today() - timedelta(days=1))
    page = text(client.get(mine))
    assert "because the seat is vacant" in page and "as soon as the drive runs" not in page


def vacate(letter):
    """Make it a letter that was written while nobody held its seat."""
    letter.post.memberships.update(end_on=clock.today() - timedelta(days=1))
    Letter.objects.filter(pk=letter.pk).update(legislator=None)


def test_a_letter_to_a_vacant_seat_is_not_promised_to_leave_at_any_step(client, mailoutbox, settings):
    campaign, mine = confirmed(client, mailoutbox, settings)
    version = LetterVersion.objects.get()
    LetterVersion.objects.update(salutation="Dear {{title}} {{ representative }},")
    letter = Letter.objects.get()
    Post.objects.filter(pk=letter.post_id).update(role="Delegate", label="Delegate for Millbeck")
    vacate(letter)
    editor = f"{mine}letter/"
    shown = text(client.get(editor))
    assert "Dear Delegate for Millbeck," in shown and "The seat is vacant: the letter waits" in shown
    checked = text(client.get(f"{editor}check/"))
    assert "exactly what each office gets" not in checked and "Dear Delegate for Millbeck," in checked
    assert "It waits: the seat is vacant." in checked
    thanked = text(client.post(f"{editor}send/", follow=True))
    assert "Your letter can’t leave yet." in thanked and "It waits: the seat is vacant." in thanked
    page = text(client.get(mine))
    assert "Can’t leave yet" in page and "It waits: the seat is vacant." in page
    assert "next wave" not in page and ">Ready<" not in page
    desk = Desk(client, organization=campaign.organization)
    written_as = desk.read("version-edit", version.group_id, version.pk)
    assert (
        "Dear Delegate for Millbeck," in written_as and "The seat is vacant: the letter waits" in written_as
    )
    assert "Dear Delegate for Millbeck," in desk.read("letter", letter.pk)


def test_one_vacant_seat_keeps_no_other_letter_from_leaving(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    first = Letter.objects.get()
    vacate(first)
    LetterFactory(
        pledge=first.pledge, drive=first.drive, version=first.version, post=reachable(), state="draft"
    )
    thanked = text(client.post(f"{mine}letter/send/", follow=True))
    assert "Your letter is ready to leave. One more can’t leave yet." in thanked


def test_a_letter_that_waits_for_its_office_says_so(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    put("ready", note="its seat is vacant")
    assert "It waits: the office" in text(client.get(mine))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_people_type_is_text_and_nothing_else(client, mailoutbox, settings, hostile):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    campaign = campaign_with_targets()
    DriveFactory(campaign=campaign)
    assert sign(client, campaign, comment=hostile, city="<b>Harbour</b> {{7919*7907}}").status_code == 302
    outbox.send_due()
    assert hostile not in mailoutbox[-1].body and "<b>Harbour" not in mailoutbox[-1].alternatives[0][0]
    editor = client.post(link_in(mailoutbox[-1])).url
    mine = editor.removesuffix("letter/")
    typed = written(hostile, hostile[:140])
    pages = [client.post(f"{editor}preview/", typed), client.post(editor, typed, follow=True)]
    client.post(f"{editor}send/")
    pages += [client.get(editor), client.get(mine)]
    kept = Letter.objects.get().body
    assert kept == hostile.replace("\r\n", "\n").strip()
    for page in pages:
        shown = text(page)
        for tag in ("<script>alert", "<img src=x", "<svg/onload", "<b>Harbour"):
            assert tag not in shown
        assert html.escape(kept) in shown  # byte for byte, escaped: neither run nor filled in
        assert "62615533" not in re.sub(r"<[^>]+>", "", shown)


def test_a_hostile_name_is_shown_as_text(client, mailoutbox, settings):
    name = "Ada <b>x</b> {{7919*7907}} {% now 'Y' %}"
    _campaign, link = signed(client, mailoutbox, settings, typed={"name": name})
    mail = mailoutbox[-1]
    assert name in mail.body and "<b>x</b>" not in mail.alternatives[0][0]
    page = text(client.get(link))
    assert html.escape(name) in page and "<b>x</b>" not in page


def test_a_letter_that_can_not_leave_is_not_called_ready(client, mailoutbox, settings):
    campaign, mine = confirmed(client, mailoutbox, settings)
    Letter.objects.update(state="ready", note="the seat is vacant")
    page = text(client.get(mine))
    assert "Can’t leave yet" in page and "or its seat is vacant" in page and ">Ready<" not in page
    desk = Desk(client, organization=campaign.organization)
    assert "Can’t leave yet" in desk.read("supporter", Pledge.objects.get().supporter_id)


def test_the_editor_says_how_long_a_letter_should_be_on_each_way_and_checks_spelling_in_its_language(
    client, mailoutbox, settings
):
    campaign, mine = confirmed(client, mailoutbox, settings, posts=1, channels=["email", "print"])
    page = html.unescape(text(client.get(f"{mine}letter/")))
    assert "any length that the field takes" in page and "fit on one page" in page and "Congress" not in page
    body = re.search(r"<textarea[^>]*>", page).group(0)
    assert 'lang="en"' in body and 'spellcheck="true"' in body and 'dir="auto"' in body
    assert campaign.target_groups.get().versions.update(language="es") == 1
    assert 'lang="es"' in text(client.get(f"{mine}letter/"))


@pytest.mark.parametrize(
    ("opening", "says"),
    [
        ("Please act. " * 35, "which is enough. Offices usually read up to 300 to the end."),
        ("Please act. " * 170, "It need not be longer."),
    ],
)
def test_the_advice_on_length_never_speaks_against_the_letter_that_is_suggested(
    client, mailoutbox, settings, opening, says
):
    campaign, mine = confirmed(client, mailoutbox, settings, posts=1, channels=["email"])
    campaign.target_groups.get().versions.update(opening=opening, closing="")
    page = words(client.get(f"{mine}letter/"))
    assert re.search(r"The suggested letter has \d+ words[.,] " + re.escape(says), page), page
    assert "150" not in page and ("up to 300" in page) == ("enough" in says)


def test_the_editor_says_where_what_is_typed_is_kept_and_for_how_long(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings, posts=1)
    page = text(client.get(f"{mine}letter/"))
    assert "for this letter only, a day at most" in page and "On a computer that others use" in page


def test_a_supporters_pages_read_the_same_for_one_letter_and_for_twenty(client, mailoutbox, settings):
    _campaign, link = signed(client, mailoutbox, settings)
    editor = client.post(link).url
    letter = Letter.objects.get()
    pages = [editor, editor.replace("/letter/", "/")]

    def reads(page):
        with CaptureQueriesContext(connection) as found:
            client.get(page)
        return len(found)

    one = [reads(page) for page in pages]
    for _ in range(19):
        post = PostFactory(chamber=letter.post.chamber)
        LetterFactory(
            drive=letter.drive,
            pledge=letter.pledge,
            post=post,
            version=letter.version,
            state=letter.state,
            body=letter.body,
        )
    assert [reads(page) for page in pages] == one
    assert text(client.get(pages[1])).count('<article class="card">') == 20


@pytest.mark.parametrize(
    ("domain", "replies", "first"),
    [("", "us", False), ("in.harbour.example", "supporter", False), ("in.harbour.example", "us", True)],
)
def test_where_answers_come_to_is_said_as_it_is_here(client, mailoutbox, settings, domain, replies, first):
    settings.INBOUND_DOMAIN, settings.INBOUND_REPLIES = domain, replies
    campaign, mine = confirmed(client, mailoutbox, settings)
    by_us = f"the office’s answer comes to {campaign.organization.name} first"
    for tail in ("letter/check/", "thanks/"):
        page = text(client.get(f"{mine}{tail}"))
        assert (by_us in page) == first
        assert ("Answers come to ada@people.example." in page) != first
    assert ("comes to the organisation first" in text(client.get("/privacy/"))) == first


def test_when_letters_leave_is_said_before_and_after_they_are_sent(client, mailoutbox, settings):
    campaign, mine = confirmed(client, mailoutbox, settings, organization__time_zone="Pacific/Auckland")

    starts = clock.now() + timedelta(days=2)
    campaign.drives.update(state="scheduled", starts_at=starts)
    moment = f"from {date_format(starts.astimezone(ZoneInfo('Pacific/Auckland')), 'DATETIME_FORMAT')} on"
    page = text(client.get(f"{mine}letter/check/"))
    assert moment in page and "Times are in the zone Pacific/Auckland." in page
    assert "It waits for you" not in page
    page = text(client.post(f"{mine}letter/send/", follow=True))
    assert "Your letter is ready to leave" in page and moment in page
    assert "Times are in the zone Pacific/Auckland." in page
    planned = starts + timedelta(hours=5)
    Letter.objects.update(send_after=planned)
    assert date_format(planned.astimezone(ZoneInfo("Pacific/Auckland")), "DATETIME_FORMAT") in text(
        client.get(f"{mine}thanks/")
    )


def test_the_page_of_thanks_asks_the_database_no_more_for_many_letters(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    letter = put("ready")

    def asked():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"{mine}thanks/").status_code == 200
        return len(asked)

    asked()
    one = asked()
    for _ in range(20):
        LetterFactory(pledge=letter.pledge, drive=letter.drive, version=letter.version)
    assert asked() == one
    # Nobody holds the seats of the others.
    assert "Your letter is ready to leave. 20 more can’t leave yet." in text(client.get(f"{mine}thanks/"))
