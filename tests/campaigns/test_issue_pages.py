"""The page of an issue: facts with sources, myths marked as such, what can be done, what to pass on and take along."""

import io
import re
import zipfile
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from contacts import clock
from policy.models import Myth, Toolkit
from tests.campaigns.console import Desk
from tests.factories import (
    CampaignFactory,
    EventFactory,
    EvidenceFactory,
    IssueFactory,
    MythFactory,
    ResourceFactory,
    RoleFactory,
    ToolkitFactory,
)

pytestmark = pytest.mark.django_db


def page(issue, tail=""):
    return f"/issues/{issue.organization.slug}/{issue.slug}/{tail}"


def heard(answer):
    """What somebody who listens is read, in one line."""
    return " ".join(strip_tags(answer.content.decode()).split())


@pytest.fixture
def issue():
    return IssueFactory(is_public=True, title="Waiting for care")


def test_facts_stand_with_their_sources_and_old_ones_say_so(client, issue):
    EvidenceFactory(
        issue=issue, claim="People wait too long", figure="41", unit="days", source_title="Survey"
    )
    EvidenceFactory(
        issue=issue, position=1, claim="Beds are few", published_on=date(2001, 1, 1), is_example=True
    )
    answer = client.get(page(issue))
    shown = heard(answer)
    assert not answer.cookies
    assert "People wait too long" in shown and "Survey" in shown
    assert re.search(r"Beds are few old invented example \[2\]", shown)


def test_a_myth_is_announced_as_one_and_its_fact_points_to_its_source(client, issue):
    EvidenceFactory(issue=issue, position=0)
    second = EvidenceFactory(issue=issue, position=1)
    MythFactory(evidence=second, myth="It passes by itself.", fact="Most people need help.")
    shown = heard(client.get(page(issue)))
    assert "Myth People say, wrongly: It passes by itself. Fact Most people need help. [2] source" in shown


def test_the_database_keeps_no_fact_without_evidence(issue):
    with pytest.raises(IntegrityError), transaction.atomic():
        Myth.objects.create(issue=issue, myth="It passes.", fact="It does not.", evidence=None)
    myth = MythFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Myth.objects.filter(pk=myth.pk).update(fact="")


def test_what_can_be_done_stands_there_and_what_is_over_or_a_test_does_not(client, issue):
    organization = issue.organization
    CampaignFactory(issue=issue, organization=organization, title="Four weeks")
    CampaignFactory(issue=issue, organization=organization, title="Only a test", is_test=True)
    CampaignFactory(issue=issue, organization=organization, title="Closed one", state="closed")
    EventFactory(issue=issue, organization=organization, title="Next week")
    past = clock.now() - timedelta(days=9)
    EventFactory(issue=issue, organization=organization, title="Last week", starts_at=past)
    EventFactory(issue=issue, organization=organization, title="A draft", state="draft")
    ResourceFactory(organization=organization, name="Night Line", verified_on=clock.today())
    shown = heard(client.get(page(issue)))
    assert "Four weeks" in shown and "Next week" in shown and "Night Line" in shown
    assert not any(words in shown for words in ("Only a test", "Closed one", "Last week", "A draft"))


def test_the_list_has_public_issues_only_and_a_page_in_the_making_is_its_peoples_own(client, issue):
    hidden = IssueFactory(organization=issue.organization, title="Not yet")
    shown = heard(client.get(f"/issues/{issue.organization.slug}/"))
    assert "Waiting for care" in shown and "Not yet" not in shown
    toolkit = ToolkitFactory(issue=hidden)
    for tail in ("", f"toolkits/{toolkit.pk}/", "picture-en.png"):
        assert client.get(page(hidden, tail)).status_code == 404
    client.force_login(RoleFactory(organization=issue.organization).user)
    assert b"Not public yet" in client.get(page(hidden)).content
    client.force_login(RoleFactory().user)
    assert client.get(page(hidden)).status_code == 404


def test_each_language_has_a_text_a_picture_and_words_that_describe_it(client, issue):
    desk = Desk(client, issue.organization)
    for language, headline in (("en", "Nobody should wait"), ("es", "Nadie debería esperar")):
        typed = {"language": language, "headline": headline, "text": f"{headline}:"}
        assert desk.post("share-text", issue.pk, **typed).status_code == 302
    client.logout()
    shown = client.get(page(issue)).content.decode()
    assert 'lang="es"' in shown and f'alt="Nadie debería esperar. {issue.organization.name}"' in shown
    pictures = {
        language: client.get(page(issue, f"picture-{language}.png")).content for language in ("en", "es")
    }
    assert all(content.startswith(b"\x89PNG") for content in pictures.values())
    assert pictures["en"] != pictures["es"]
    assert client.get(page(issue, "picture-fr.png")).status_code == 404
    desk = Desk(client, issue.organization)
    assert desk.post("share-text", issue.pk, language="es", headline="Only one").status_code == 422
    desk.post("share-text", issue.pk, language="es", headline="", text="")
    assert [one.language for one in issue.share_texts.all()] == ["en"]


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def _made_by_version_99(content):
    """A zip file whose directory says that it takes a program of the year 2099 to unpack it."""
    entry = content.index(b"PK\x01\x02")
    return content[: entry + 6] + bytes([99]) + content[entry + 7 :]


def send(desk, issue, content, name="posters.pdf"):
    file = SimpleUploadedFile(name, content)
    return desk.post("toolkit-new", issue.pk, title="Posters", language="en", file=file)


def test_a_toolkit_is_downloaded_and_never_shown_by_the_browser(client, issue):
    desk = Desk(client, issue.organization)
    content = b"%PDF-1.7 posters"
    send(desk, issue, content)
    send(desk, issue, content)
    toolkit = Toolkit.objects.get()
    client.logout()
    answer = client.get(page(issue, f"toolkits/{toolkit.pk}/"))
    assert answer.content == content
    assert answer["Content-Disposition"] == 'attachment; filename="posters-en.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert str(toolkit.pk) in client.get(page(issue)).content.decode()
    elsewhere = IssueFactory(is_public=True)
    assert client.get(page(elsewhere, f"toolkits/{toolkit.pk}/")).status_code == 404
    Desk(client, issue.organization).post("issue-show", issue.pk)  # taken down, for its own people to see
    assert client.get(page(issue, f"toolkits/{toolkit.pk}/"))["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<script>alert(1)</script>", "no PDF and no zip"),
        (b"%PDF-" + b"x" * 5_000_001, "larger than 5 MB"),
        (zipped(bomb=b"\0" * 51_000_000), "Unpacked, it is larger"),
        (b"PK\x03\x04broken", "no PDF and no zip"),
        (b"MZ a program" + zipped(poster=b"a"), "no PDF and no zip"),
        (_made_by_version_99(zipped(poster=b"a")), "no PDF and no zip"),
    ],
    ids=["html", "large", "bomb", "broken", "program", "version"],
)
def test_what_is_no_toolkit_is_refused_by_what_stands_in_it(client, issue, content, words):
    answer = send(Desk(client, issue.organization), issue, content)
    assert answer.status_code == 422 and words in heard(answer)
    assert not Toolkit.objects.exists()


def test_a_zip_file_is_taken(client, issue):
    send(Desk(client, issue.organization), issue, zipped(poster=b"a"), "kit.zip")
    assert Toolkit.objects.get().kind == "zip"


def test_an_issues_page_is_made_in_the_console(client, issue):
    desk = Desk(client, issue.organization)
    evidence = EvidenceFactory(issue=issue)
    foreign = EvidenceFactory(issue=IssueFactory(organization=issue.organization))
    typed = {"myth": "It passes.", "fact": "It does not."}
    assert desk.post("myth-new", issue.pk, **typed, evidence=foreign.pk).status_code == 422
    assert desk.post("myth-new", issue.pk, **typed, evidence="").status_code == 422
    desk.post("myth-new", issue.pk, **typed, evidence=evidence.pk)
    assert "It does not." in desk.read("issue", issue.pk)
    desk.post("issue-show", issue.pk, show="0")
    client.logout()
    assert client.get(page(issue)).status_code == 404
    desk = Desk(client, issue.organization)
    desk.post("issue-show", issue.pk, show="1")
    desk.post("myth-remove", issue.pk, Myth.objects.get().pk)
    assert not Myth.objects.exists()


def test_the_page_asks_the_database_no_more_for_many_of_everything(client, issue):
    def grow(n):
        for _ in range(n):
            MythFactory(evidence=EvidenceFactory(issue=issue))
            ToolkitFactory(issue=issue)
            CampaignFactory(issue=issue, organization=issue.organization)
            EventFactory(issue=issue, organization=issue.organization)

    grow(1)
    client.get(page(issue))
    with CaptureQueriesContext(connection) as few:
        client.get(page(issue))
    grow(10)
    with CaptureQueriesContext(connection) as many:
        client.get(page(issue))
    assert len(many) == len(few)
