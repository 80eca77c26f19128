"""The embedded mailbox: a mail server that keeps everything, and the pages that show what came."""

import os
import re
import smtplib
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

from config.mailbox import store
from tests.config.processes import free_port, until

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


def mail(subject="Please confirm", to="ada@example.org"):
    message = EmailMessage()
    message["From"] = "Harbour <no-reply@harbour.example>"
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = "Tue, 06 Jan 2026 10:00:00 +0000"
    message.set_content("Hello Ada <b>& all</b>\n\nhttp://127.0.0.1:8000/p/abc/confirm/\n")
    message.add_alternative("<p style='color:red'>Hello</p><script>alert(1)</script>", subtype="html")
    return message


@pytest.fixture(autouse=True)
def empty_mailbox(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def test_an_empty_mailbox_says_how_mail_gets_there(client):
    assert "No mail yet" in client.get("/mailbox/").text


def test_the_list_shows_the_newest_first_and_can_be_narrowed_to_one_address(client):
    store.add(mail("First").as_bytes())
    store.add(mail("Second", to="ben@example.org").as_bytes())
    page = client.get("/mailbox/").text
    assert page.index("Second") < page.index("First")
    narrowed = client.get("/mailbox/", {"to": "Ada@example.org"}).text
    assert "First" in narrowed and "Second" not in narrowed


def test_a_mail_shows_its_text_its_html_in_a_frame_and_its_source(client):
    key = store.add(mail().as_bytes())
    page = client.get(f"/mailbox/{key}/")
    assert "Hello Ada &lt;b&gt;&amp; all&lt;/b&gt;" in page.text
    assert 'href="http://127.0.0.1:8000/p/abc/confirm/"' in page.text
    assert "multipart/alternative" in page.text
    assert re.search(r'<iframe[^>]+sandbox="allow-popups', page.text)
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "<script>alert" not in page.text


def test_the_html_part_can_run_nothing_and_fetch_nothing(client):
    key = store.add(mail().as_bytes())
    policy = client.get(f"/mailbox/{key}/html")["Content-Security-Policy"]
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy


def test_a_mail_that_is_not_there_is_not_found(client):
    assert client.get("/mailbox/no-such-mail/").status_code == 404
    assert client.get("/mailbox/..%2F..%2Fsecret-key/").status_code == 404


def test_production_has_no_mailbox(client, settings):
    key = store.add(mail().as_bytes())
    settings.EMBEDDED = False
    for path in ("/mailbox/", f"/mailbox/{key}/", f"/mailbox/{key}/html"):
        assert client.get(path).status_code == 404


def test_the_mail_server_keeps_what_it_is_given_byte_for_byte(tmp_path):
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "manage.py", "mailbox"],
        cwd=ROOT,
        env={**os.environ, "OUTSPOKEN_DATA_DIR": str(tmp_path), "MAILBOX_PORT": str(port)},
    )
    try:
        until(lambda: smtplib.SMTP("127.0.0.1", port, timeout=2).quit())
        with smtplib.SMTP("127.0.0.1", port, timeout=5) as session:
            session.send_message(mail("Über den Hafen"))
        line = store.newest(10)[0]
        assert line.subject == "Über den Hafen" and line.recipient == "ada@example.org"
    finally:
        server.terminate()
        assert server.wait(60) == 0  # by itself; a busy machine lets it wait for its turn
