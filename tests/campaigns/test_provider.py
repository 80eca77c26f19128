"""Letters through a mail service over HTTP, with a service of our own that says what it is told to."""

import json
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from campaigns.delivery import dispatcher, inbound, outbox, owed
from campaigns.models import Attempt, ChannelName, InboundMail, Letter, MailKind, OutboxMail
from contacts.clock import now
from contacts.models import ContactPoint
from tests.campaigns.test_drives import letters, queue_all
from tests.campaigns.test_inbound import basic
from tests.factories import PledgeFactory

pytestmark = pytest.mark.django_db

FINE = {"To": "", "MessageID": "b7bc2f4a-e38e-4336-af7d-e6c392c2f817", "ErrorCode": 0, "Message": "OK"}


class Service:
    """Postmark's interface as far as sending one mail goes."""

    def __init__(self):
        self.code, self.says, self.hangs_up, self.taken = 200, FINE, False, []
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                mail = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                service.taken.append((self.headers["X-Postmark-Server-Token"], mail))
                if service.hangs_up:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                said = json.dumps({**service.says, "To": mail["To"]}).encode()
                self.send_response(service.code)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def service(settings):
    service = Service()
    settings.MAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {
        **settings.ANYMAIL,
        "POSTMARK_SERVER_TOKEN": "our token",
        "POSTMARK_API_URL": service.url,
    }
    yield service
    service.close()


def queued(count=1):
    made = letters(count)
    queue_all()
    return [Letter.objects.get(pk=letter.pk) for letter in made]


def sent_one(service):
    (letter,) = queued()
    dispatcher.send_window()
    letter.refresh_from_db()
    return letter


def test_a_letter_reaches_the_service_with_its_own_words_and_names_and_is_recorded(service):
    letter = sent_one(service)
    ((token, mail),) = service.taken
    assert token == "our token"
    assert mail["To"].endswith("<office0@assembly.example>") and "Cc" not in mail and "Bcc" not in mail
    assert mail["From"].endswith(f"<letters@{letter.drive.campaign.organization.mail_domain}>")
    assert mail["ReplyTo"] and mail["Subject"]
    assert letter.body.splitlines()[0] in mail["TextBody"] and "HtmlBody" not in mail
    assert {"Name": "Message-ID", "Value": letter.message_id} in mail["Headers"]
    assert mail["Metadata"] == {"letter": letter.message_id}
    assert (mail["TrackOpens"], mail["TrackLinks"]) == (False, "None")
    assert (letter.state, letter.accepted_by) == ("sent", "Postmark (HTTP)")
    assert FINE["MessageID"] in letter.accepted_reply
    assert [c.to_state for c in letter.history.all()] == ["queued", "claimed", "committing", "sent"]


@pytest.mark.parametrize(
    ("code", "says", "state"),
    [
        (429, {"ErrorCode": 429, "Message": "slow down"}, "deferred"),
        (503, {"ErrorCode": 100, "Message": "maintenance"}, "deferred"),
        (422, {"ErrorCode": 300, "Message": "Invalid 'To' address: 'office0@assembly.example'."}, "failed"),
        (422, {"ErrorCode": 300, "Message": "Invalid 'To' address, whichever"}, "deferred"),
        (422, {"ErrorCode": 300, "Message": "Invalid metadata content."}, "deferred"),
        (402, {"ErrorCode": 405, "Message": "Not allowed to send: out of credits"}, "deferred"),
        (413, {"ErrorCode": 0, "Message": "too large"}, "failed"),
        (500, {"ErrorCode": 0, "Message": "oops"}, "uncertain"),
        (504, {"ErrorCode": 0, "Message": "gateway"}, "uncertain"),
        (
            200,
            {
                "ErrorCode": 0,
                "Message": "Message OK, but will not deliver to these inactive addresses: "
                "office0@assembly.example. Inactive recipients",
                "MessageID": "x",
            },
            "failed",
        ),
    ],
)
def test_what_the_service_says_decides_what_becomes_of_the_letter(service, code, says, state):
    service.code, service.says = code, says
    assert sent_one(service).state == state


def test_a_refused_address_goes_on_to_the_next_or_fails_and_marks_the_contact_point(service):
    service.code = 422
    service.says = {
        "ErrorCode": 406,
        "Message": "Found inactive addresses: office0@assembly.example.\nInactive recipients",
    }
    letter = sent_one(service)
    assert letter.state == "failed"
    assert ContactPoint.objects.get(value="office0@assembly.example").health == "failing"


def test_an_answer_that_is_lost_leaves_the_letter_uncertain_and_is_not_tried_again(service):
    service.hangs_up = True
    letter = sent_one(service)
    assert letter.state == "uncertain"
    dispatcher.prepare()
    dispatcher.send_window()
    assert len(service.taken) == 1


def test_a_service_that_can_not_be_reached_touches_no_letter(service, settings):
    with socket.create_server(("127.0.0.1", 0)) as door:
        free = door.getsockname()[1]
    settings.ANYMAIL = {**settings.ANYMAIL, "POSTMARK_API_URL": f"http://127.0.0.1:{free}/"}
    letter = sent_one(service)
    assert (letter.state, letter.crash_count) == ("queued", 0)
    assert Attempt.objects.get().outcome == "released"


def test_a_refused_key_pauses_the_channel_and_every_letter_stays_in_the_queue(service):
    queued(3)
    service.code, service.says = 401, {"ErrorCode": 10, "Message": "Bad or missing API token"}
    assert dispatcher.send_window() == 0
    assert set(Letter.objects.values_list("state", "crash_count")) == {("queued", 0)}
    assert [b.name for b in dispatcher.breaker.open_channels()] == [ChannelName.EMAIL]
    assert dispatcher.send_window() == 0 and len(service.taken) == 1


def test_several_connections_to_a_service_send_each_letter_once(service, settings):
    settings.SMTP_CONNECTIONS_PER_WORKER = 4
    queued(9)
    assert dispatcher.send_window() == 9
    identities = [mail["Metadata"]["letter"] for _token, mail in service.taken]
    assert len(identities) == len(set(identities)) == 9


def test_news_of_a_letter_finds_it_by_what_the_service_was_told(service, settings, client):
    letter = sent_one(service)
    settings.INBOUND_PROVIDER = "postmark"
    settings.ANYMAIL = {**settings.ANYMAIL, "WEBHOOK_SECRET": "outside:a long word"}
    bounce = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "TypeCode": 1,
        "MessageID": FINE["MessageID"],
        "Metadata": {"letter": letter.message_id},
        "Email": "office0@assembly.example",
        "Description": "The server was unable to deliver your message",
        "Details": "smtp;550 5.1.1 no such mailbox",
        "BouncedAt": "2026-01-13T10:00:00Z",
    }
    answer = client.post(
        "/inbound/postmark/tracking/",
        bounce,
        content_type="application/json",
        headers={"authorization": basic("outside:a long word")},
    )
    assert answer.status_code == 200
    inbound.read_kept()
    letter.refresh_from_db()
    assert (letter.state, InboundMail.objects.get().letter) == ("failed", letter)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (
            422,
            {
                "ErrorCode": 406,
                "Message": "Found inactive addresses: ada@people.example, bob@people.example.\nInactive recipients",
            },
        ),
        (401, {"ErrorCode": 10, "Message": "Bad or missing API token"}),
    ],
)
def test_a_mail_that_the_service_refuses_is_tried_later_and_stops_no_other(service, settings, code, says):
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    first, second = (
        PledgeFactory(email=f"{name}@people.example", state="pending") for name in ("ada", "bob")
    )
    for pledge in (first, second):
        owed.owe(pledge, MailKind.CONFIRM, now())
    service.code, service.says = code, says
    assert outbox.send_due() == 0
    assert len(service.taken) == 2
    assert set(OutboxMail.objects.values_list("state", "attempts")) == {("queued", 1)}
