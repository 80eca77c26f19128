# ruff: noqa: F811  # the campaign is the one of single briefs
"""Reports, petitions and district sheets: what they say, what they keep to themselves, and what people write."""

import html
import re

import pytest
from django.utils import translation
from django.utils.html import strip_tags

from campaigns import documents
from campaigns.actions.briefs import request_brief, save_wording
from campaigns.results import signer_facts
from contacts.clock import now
from contacts.models import Consent
from policy.briefs import build
from policy.briefs.html import body
from policy.briefs.plain import from_plain
from policy.models import Brief, BriefKind, BriefWording
from tests import factories as make
from tests.campaigns.test_briefs import (  # noqa: F401
    WORDS,
    address,
    ask,
    campaign,
    holder,
    post_of,
    signed,
    staff,
)
from tests.pdf_tags import faults
from tests.pdf_text import pages

pytestmark = pytest.mark.django_db
NAMED = [("name", True)]


def built(campaign, kind, legislator=None, language="en"):
    brief = request_brief(campaign=campaign, kind=kind, legislator=legislator, language=language, actor=None)
    build.build(brief.pk)
    brief.refresh_from_db()
    return brief


def words(brief):
    return squeezed(" ".join(pages(bytes(brief.pdf))))


def squeezed(text):
    """Letters and digits alone: where a line breaks and how a mark is set is no difference in what is said."""
    return "".join(filter(str.isalnum, text))


def test_a_report_says_what_became_of_every_letter(campaign):
    signed(campaign, "North Harbor 7")
    drive = make.DriveFactory(campaign=campaign)
    for n, state in enumerate(("sent", "sent", "failed")):
        make.LetterFactory(
            drive=drive, post=post_of(campaign, "North Harbor 7"), state=state,
            sent_at=now() if state == "sent" else None, message_id=f"<{n}@x.example>", legislator=holder(campaign, "North Harbor 7"),
        )  # fmt: skip
    make.OutcomeFactory(campaign=campaign, changed="The act is in force.")
    text = words(built(campaign, "report"))
    for said in (
        "The act is in force.",
        "Accepted by a mail server or an office's system 2",
        "Refused or without a way to the office 1",
        "The position of 1 of 2 who decide is known",
    ):
        assert squeezed(said) in text


def test_a_petition_names_only_those_who_agreed_and_only_where_three_signed(campaign):
    for n in range(3):
        signed(campaign, "North Harbor 7", name=f"Shown Person {n}", consents=NAMED)
    signed(campaign, "North Harbor 7", name="Quiet Person")
    signed(campaign, "North Harbor 7", name="Regretful Person", consents=[*NAMED, ("name", False)])
    signed(campaign, "Lakeland 2", town="Millbrook", name="Lonely Person", consents=NAMED)
    # Named alone beside Harborview, the three of Old Quay would give Millbrook's one away.
    for _ in range(3):
        signed(campaign, "Lakeland 2", town="Old Quay", name="Careful Person", consents=NAMED)
    text = words(built(campaign, "delivery"))
    for said in ("9 people ask", "Shown Person 0", "Shown Person 2", "and 2 more", "Who signed"):
        assert squeezed(said) in text
    for hidden in ("Quiet Person", "Regretful Person", "Lonely Person", "Millbrook", "Careful Person"):
        assert squeezed(hidden) not in text


@pytest.mark.parametrize("kind", ["report", "delivery"])
def test_reports_and_petitions_name_the_organisations_that_stand(campaign, kind):
    signed(campaign, "North Harbor 7")
    for name, state in (("River Trust", "approved"), ("Hill School", "approved"), ("Left Us", "withdrawn")):
        make.EndorsementFactory(campaign=campaign, name=name, state=state)
    text = words(built(campaign, kind))
    assert squeezed("2 organisations support this") in text
    assert squeezed("Hill School, River Trust") in text
    assert squeezed("Left Us") not in text


def test_an_erased_supporter_is_counted_and_not_named(campaign):
    for n in range(3):
        pledge = signed(campaign, "North Harbor 7", name=f"Shown Person {n}", consents=NAMED)
    pledge.supporter.erased_at = now()
    pledge.supporter.save()
    (group,) = signer_facts(campaign).groups
    assert (group.names, group.more) == (("Shown Person 0", "Shown Person 1"), 1)


def test_a_petition_for_thousands_asks_few_queries(campaign, django_assert_max_num_queries):
    for n in range(30):
        signed(campaign, "North Harbor 7", name=f"P {n}", consents=NAMED)
    with django_assert_max_num_queries(1):
        signer_facts(campaign)


def test_a_district_sheet_says_who_represents_a_place(
    campaign, client, staff, django_capture_on_commit_callbacks
):
    state = post_of(campaign, "Lakeland 2").division.parent
    senator = make.reachable(make.PostFactory(division=state, role="Senator")).memberships.get().legislator
    for _ in range(3):
        signed(campaign, "North Harbor 7")
    person = holder(campaign, "North Harbor 7")
    ask(client, campaign, django_capture_on_commit_callbacks, kind="district", legislator=person.pk)
    brief = Brief.objects.get()
    assert brief.kind == BriefKind.DISTRICT
    text = words(brief)
    for said in (
        "North Harbor 7",
        person.name,
        senator.name,
        "3 people in North Harbor 7 have signed",
        "Supports",
    ):
        assert squeezed(said) in text
    assert squeezed(f"{holder(campaign, 'Lakeland 2').name} Representative") not in text


def test_what_people_write_is_printed_and_cleaned(campaign, client, staff):
    url = address("brief-wording", campaign, campaign_id=campaign.pk, language="en")
    answer = client.post(
        url, {"summary": "Two weeks are **enough**.", "points": "- One number <script>x</script>"}
    )
    assert answer.status_code == 302
    text = words(built(campaign, "issue"))
    assert squeezed("Two weeks are enough.") in text
    assert "Talkingpoints" in text
    page = client.get(address("brief-detail", campaign, brief_id=Brief.objects.get().pk)).content.decode()
    assert "<strong>enough</strong>" in page
    assert "<script>x" not in page


def test_talking_points_without_end_are_refused(campaign, client, staff):
    url = address("brief-wording", campaign, campaign_id=campaign.pk, language="en")
    answer = client.post(url, {"summary": "", "points": "word " * 2_000})
    assert answer.status_code == 422
    assert "at most 5000 characters" in answer.content.decode()
    assert client.post(url, {"points": "word " * 2_000_000}).status_code == 413
    assert not BriefWording.objects.exists()


def test_words_are_kept_for_the_languages_of_briefs_only(campaign, client, staff):
    url = address("brief-wording", campaign, campaign_id=campaign.pk, language="xx")
    assert client.get(url).status_code == 404


def test_another_organisations_words_are_not_found(campaign, client):
    stranger = make.RoleFactory(name="owner")
    client.force_login(stranger.user)
    url = f"/console/{stranger.organization.slug}/briefs/words/{campaign.pk}/en/"
    assert client.get(url).status_code == 404


def test_the_page_says_which_fact_changed(campaign, client, staff, django_capture_on_commit_callbacks):
    ask(client, campaign, django_capture_on_commit_callbacks)
    save_wording(campaign=campaign, language="en", summary="A new sentence.", points="", actor=None)
    signed(campaign, "North Harbor 7")
    ask(client, campaign, django_capture_on_commit_callbacks)
    newest = Brief.objects.order_by("-created_at").first()
    page = strip_tags(client.get(address("brief-detail", campaign, brief_id=newest.pk)).content.decode())
    assert "What changed since the version before" in page
    assert "A new sentence." in page
    assert "Who has acted" in page


@pytest.mark.parametrize("kind", [kind for kind, _name in BriefKind.of_campaigns()])
def test_the_page_and_the_paper_say_the_same(campaign, kind):
    for n in range(4):
        signed(
            campaign,
            "North Harbor 7",
            name=f"Shown Person {n}",
            comment=f"{WORDS} {n}",
            consents=[*NAMED, ("story", True)],
        )
    brief = built(
        campaign, kind, holder(campaign, "North Harbor 7") if BriefKind(kind).is_of_a_seat else None
    )
    page = re.sub("<svg.*?</svg>", "", body(from_plain(brief.content), build.version_of(brief)), flags=re.S)
    page = html.unescape(strip_tags(page))
    letters = words(brief)
    assert brief.page_count <= 4
    for sentence in filter(None, (line.strip() for line in page.splitlines())):
        if not sentence.startswith("Version"):
            assert all(squeezed(word) in letters for word in sentence.split())


@pytest.mark.parametrize("kind", [kind for kind, _name in BriefKind.of_campaigns()])
def test_every_kind_is_made_for_screen_readers(campaign, kind):
    for n in range(4):
        signed(campaign, "North Harbor 7", comment=f"{WORDS} {n}", consents=[*NAMED, ("story", True)])
    brief = built(
        campaign, kind, holder(campaign, "North Harbor 7") if BriefKind(kind).is_of_a_seat else None
    )
    assert faults(bytes(brief.pdf)) == []


def test_consent_stands_behind_every_name(campaign):
    for n in range(3):
        signed(campaign, "North Harbor 7", name=f"Shown Person {n}", consents=NAMED)
    Consent.objects.update(text_version="7")
    with translation.override("en"):
        document = documents.delivery_pack(campaign, language="en", paper="letter")
    (names,) = [part for part in document.sections if part.kind == "names"]
    assert names.consent == "name, words 7"
