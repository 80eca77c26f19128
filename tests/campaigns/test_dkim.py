"""Letters signed with the organisation's key, verified by another implementation (dkimpy) as an office's server would."""

import re
import stat
from io import StringIO

import dkim as verifier
import pytest
from django.core import checks
from django.core.management import CommandError, call_command

from campaigns.models import Letter
from tests.campaigns.test_drives import letters, send_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def keys(settings, tmp_path):
    settings.DKIM_KEYS = str(tmp_path / "keys")
    return tmp_path / "keys"


def dkim(domain):
    out = StringIO()
    call_command("dkim", domain, stdout=out)
    return out.getvalue()


def published(printed):
    """What a name server would answer after the printed record was entered."""
    name, _in, strings = re.search(r"^(\S+) (IN TXT) \( (.*) \)$", printed, re.MULTILINE).groups()
    text = "".join(re.findall(r'"([^"]*)"', strings)).encode()
    return lambda asked, timeout=5: text if asked.decode() == name else None


def sent(sink):
    return [mail.content for mail in sink.mails()]


def test_a_letter_is_signed_for_the_sending_domain_and_verifies(keys, sink):
    letter = letters(1, body="Zwei  Wörter .\n\n\nUnd eine lange Zeile " + "von Worten " * 30 + "\n\n")[0]
    domain = letter.pledge.campaign.organization.mail_domain
    dns = published(dkim(domain))
    send_all()
    [content] = sent(sink)
    assert content.startswith(b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=" + domain.encode())
    assert verifier.verify(content, dnsfunc=dns)
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert bytes(Letter.objects.get(pk=letter.pk).raw) == content


@pytest.mark.parametrize(
    ("old", "new", "holds"),
    [
        (b"Subject: ", b"Subject:   ", True),  # what relays may do to a letter on its way
        (b"\r\nTo: ", b"\r\nSubject: Something else\r\nTo: ", False),
        (b"\r\nTo: ", b"\r\nFrom: someone@else.example\r\nTo: ", False),
        (b"family", b"enemies", False),
    ],
)
def test_a_letter_that_was_changed_does_not_verify(keys, sink, old, new, holds):
    letter = letters(1, body="It matters to my family.")[0]
    dns = published(dkim(letter.pledge.campaign.organization.mail_domain))
    send_all()
    [content] = sent(sink)
    assert old in content
    assert verifier.verify(content.replace(old, new, 1), dnsfunc=dns) is holds


def test_without_a_key_for_its_domain_a_letter_leaves_unsigned(keys, sink):
    letters(1)
    dkim("another.example")
    send_all()
    assert b"DKIM-Signature" not in sent(sink)[0]


def test_a_key_is_made_once_for_its_owner_only(keys):
    first = dkim("harbour.example")
    file = keys / "harbour.example.pem"
    assert "New key" in first and stat.S_IMODE(file.stat().st_mode) == 0o600
    again = dkim("Harbour.example.")
    assert "New key" not in again and again.splitlines()[-1] == first.splitlines()[-1]


@pytest.mark.parametrize("domain", ["../harbour", "harbour", "", "har bour.example", "/etc/x.example"])
def test_what_is_no_domain_gets_no_key(keys, domain):
    with pytest.raises(CommandError, match="is not a domain"):
        dkim(domain)
    assert not keys.exists()


def test_a_key_that_cannot_be_read_is_said_at_start_and_holds_letters_back(keys, sink):
    letter = letters(1)[0]
    domain = letter.pledge.campaign.organization.mail_domain
    keys.mkdir()
    (keys / f"{domain}.pem").write_text("no key")
    assert [f"{domain}.pem holds no private key" in error.msg for error in checks.run_checks()] == [True]
    send_all()
    letter.refresh_from_db()
    assert letter.state == "held" and f"{domain}.pem" in letter.note
    assert sink.mails() == []


def test_without_a_folder_for_keys_the_command_says_so():
    with pytest.raises(CommandError, match="DKIM_KEYS"):
        dkim("harbour.example")
