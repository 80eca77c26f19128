"""The trial run: its crowd, its browser, its steps in words, and what it can tell apart."""

import hashlib
import re
from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command

from campaigns.delivery.rehearsal import rehearse
from campaigns.demo.browser import Browser, Line, LostVisitor, Page
from campaigns.demo.check import verdict
from campaigns.demo.crowd import crowd, link_in
from campaigns.demo.organizer import Organizer
from campaigns.demo.sink import Received
from campaigns.demo.stage import set_up
from campaigns.demo.trial import Steps, in_words
from campaigns.models import (
    Letter,
)
from contacts import clock
from contacts.models import Organization, User
from tests.factories import (
    PASSWORD,
    ChamberFactory,
    DriveFactory,
    LetterFactory,
    OrganizationFactory,
    reachable,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def data_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_a_rehearsal_in_words_keeps_to_the_grammar_and_leaves_out_what_there_is_none_of():
    drive = DriveFactory()
    assert in_words(rehearse(drive)) == "Rehearsal: no letter waits."
    post = reachable()
    LetterFactory(drive=drive, post=post)
    assert re.fullmatch(r"Rehearsal: 1 letter to 1 office by \d\d:\d\d:\d\d UTC\.", in_words(rehearse(drive)))
    LetterFactory(drive=drive, post=post)
    LetterFactory(drive=drive)
    line = in_words(rehearse(drive))
    assert line.startswith("Rehearsal: 2 letters to 1 office by ") and line.endswith(" UTC, 1 vacant seat.")


def test_nobody_in_a_crowd_shares_an_address_or_a_neighbourhood():
    people = crowd(1000, [f"{n:05}" for n in range(400)])
    assert len({p.email for p in people}) == 1000
    assert len({p.address.rpartition(".")[0] for p in people}) == 1000
    assert max(Counter(p.postal_code for p in people).values()) == 3
    assert people == crowd(1000, [f"{n:05}" for n in range(400)])


# What the trial run can tell apart


@pytest.fixture
def sent():
    """A drive with three letters that were frozen and accepted."""
    organization = OrganizationFactory()
    drive = DriveFactory(campaign__organization=organization)
    letters = []
    for n in range(3):
        post = reachable(email=f"office{n}@assembly.example")
        holder = post.memberships.get().legislator
        raw = f"letter {n}".encode()
        letters.append(
            LetterFactory(
                drive=drive,
                post=post,
                state="sent",
                sent_at=clock.now(),
                legislator=holder,
                recipient=f"office{n}@assembly.example",
                message_id=f"<{n}@{organization.mail_domain}>",
                raw=raw,
                content_sha256=hashlib.sha256(raw).hexdigest(),
            )
        )
    return drive, letters


def line(drive, letter, **changes):
    sender = f"letters@{drive.campaign.organization.mail_domain}"
    whole = {
        "message_id": letter.message_id,
        "sender": sender,
        "recipient": letter.recipient,
        "sha256": letter.content_sha256,
        "at": "",
    }
    return Received(**{**whole, **changes})


def test_letters_that_arrived_once_as_they_were_are_clean(sent):
    drive, letters = sent
    log = [line(drive, letter) for letter in letters]
    mail = Received("<x>", "no-reply@outspoken.example", "ada@people.example", "", "")
    assert verdict(drive, [*log, mail]).is_clean


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda log: log[1:], "lost"),
        (lambda log: [*log, log[0]], "doubled"),
        (lambda log: [Received(**{**vars(log[0]), "sha256": "0"}), *log[1:]], "altered"),
        (lambda log: [Received(**{**vars(log[0]), "recipient": "b@b.example"}), *log[1:]], "altered"),
        (lambda log: [*log, Received(**{**vars(log[0]), "message_id": "<other>"})], "unexpected"),
    ],
)
def test_what_went_wrong_is_named(sent, spoil, what):
    drive, letters = sent
    found = verdict(drive, spoil([line(drive, letter) for letter in letters]))
    assert getattr(found, what) == 1
    assert not found.is_clean


def test_an_uncertain_letter_is_not_clean(sent):
    drive, letters = sent
    Letter.objects.filter(pk=letters[0].pk).update(state="uncertain")
    found = verdict(drive, [line(drive, letter) for letter in letters])
    assert found.uncertain == 1
    assert not found.is_clean


def test_a_mail_without_a_link_is_named(tmp_path):
    mail = tmp_path / "a.eml"
    mail.write_bytes(b"Subject: hello\r\n\r\nNothing here\r\n")
    with pytest.raises(LostVisitor, match=r"a\.eml"):
        link_in(mail)


def test_forms_are_read_as_a_browser_reads_them():
    page = Page(
        200,
        "http://site.example/c/one/",
        """<form method="post" action="sign/"><input name="a" value="1"><input type="checkbox" name="b">
        <input type="checkbox" name="c" checked><input type="radio" name="d" value="x"><input type="radio" name="d" value="y">
        <textarea name="e">\nTwo
lines</textarea><select name="f"><option value="1">1<option value="2" selected>2</select>
        <button name="g" value="h">Go</button></form><input name="outside">""",
    )
    form = page.form_to("/sign/")
    assert form.values == {"a": ["1"], "c": ["on"], "e": ["Two\nlines"], "f": ["2"]}
    assert form.choices["d"] == ["x", "y"]
    with pytest.raises(LostVisitor):
        page.form_with("outside")


def test_an_organisation_starts_with_a_link_for_its_owner(client, capsys):
    call_command("create_organization", "Quiet Harbour", owner="ida@harbour.example")
    said = capsys.readouterr().out
    organization = Organization.objects.get()
    assert (organization.slug, organization.mail_domain) == ("quiet-harbour", "harbour.example")
    link = next(word for word in said.split() if "/password/reset/key/" in word)
    page = client.get(link.removeprefix("http://testserver"), follow=True)
    assert page.status_code == 200
    where = page.redirect_chain[-1][0]
    client.post(where, {"password1": PASSWORD, "password2": PASSWORD})
    assert User.objects.get().check_password(PASSWORD)
    with pytest.raises(CommandError, match="already"):
        call_command("create_organization", "quiet harbour", owner="ida@harbour.example")
    with pytest.raises(CommandError, match="not a mail address"):
        call_command("create_organization", "Other", owner="ida")


def test_a_new_organisation_takes_the_only_country_with_legislators_or_says_that_there_are_none(capsys):
    call_command("create_organization", "First", owner="ida@harbour.example")
    assert "No legislators of its country, 'us', are known here (there are none" in capsys.readouterr().out
    ChamberFactory(jurisdiction__division__country="zz")
    call_command("create_organization", "Second", owner="ida@harbour.example")
    assert Organization.objects.get(name="Second").country == "zz"
    assert "Legislators of 'zz' are there" in capsys.readouterr().out
    call_command("create_organization", "Third", owner="ida@harbour.example", country="CA")
    assert Organization.objects.get(name="Third").country == "ca"
    said = capsys.readouterr().out
    assert "'ca', are known here (there are only those of zz)" in said and "same PORT (or SITE_URL)" in said


def test_each_step_of_a_trial_is_said_with_its_share_and_long_ones_by_quarters():
    said = []
    steps = Steps(said.append)
    steps.at(30, "1,000 people sign …")
    more = steps.quarters(30, 70, 1000, "have confirmed")
    for _ in range(100):
        more(10)
    assert said == [
        "[ 30 %] 1,000 people sign …",
        "[ 40 %] 250 of 1,000 have confirmed",
        "[ 50 %] 500 of 1,000 have confirmed",
        "[ 60 %] 750 of 1,000 have confirmed",
    ]


@pytest.mark.django_db(transaction=True)
def test_the_organizer_of_a_trial_opens_a_campaign_whose_letters_leave_at_once(live_server, data_folder):
    place = urlsplit(live_server.url)
    stage = set_up(None, lambda _line: None)
    organizer = Organizer(Browser(Line(place.hostname, place.port), "10.0.0.1"), stage)
    organizer.sign_in()
    campaign, drive = organizer.set_up()
    assert campaign.is_open and not campaign.is_test and campaign.editing_minutes == 0
    assert drive.state == "draft" and campaign.target_groups.count() == 2
