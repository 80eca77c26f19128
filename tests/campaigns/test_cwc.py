"""Letters to the US Congress: what is built, what is refused before it leaves, and what each answer means."""

import threading
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from lxml import etree

from campaigns.actions.drives import pause_drive
from campaigns.actions.pledges import withdraw_pledge
from campaigns.channels import cwc
from campaigns.channels.base import Unfit
from campaigns.channels.print import address_lines
from campaigns.delivery import dispatcher, ledger, posting, reaper, reconcile
from campaigns.delivery.rehearsal import rehearse
from campaigns.forms.pledge import PledgeForm
from campaigns.models import Attempt, Letter
from campaigns.reports import campaign_numbers
from contacts import clock
from contacts.models import ContactPoint, Post, Recess
from tests import factories as make
from tests.campaigns.test_channels import the
from tests.contacts.importing import run, set_day

pytestmark = pytest.mark.django_db


class Stub:
    """An endpoint on this machine that keeps what it gets and answers as a test asks."""

    def __init__(self):
        self.kept, self.status, self.said, self.hang_up = [], 200, "taken", False
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                stub.kept.append((dict(self.headers), body))
                if stub.hang_up:
                    self.connection.close()
                    return
                answer = stub.said.encode()
                self.send_response(stub.status)
                if stub.status == 302:
                    self.send_header("Location", f"http://127.0.0.1:{stub.port}/elsewhere")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def bodies(self):
        return [etree.fromstring(body) for _headers, body in self.kept]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def configured(settings, url):
    settings.CWC_URL, settings.CWC_KEY = url, "a key of ours"
    settings.CWC_AGENT, settings.CWC_AGENT_EMAIL = "Harbour Delivery", "cwc@harbour.example"
    settings.CWC_CONTACT, settings.CWC_PHONE = "Robin Person", "202-555-0100"


@pytest.fixture
def stub(settings):
    stub = Stub()
    configured(settings, f"http://127.0.0.1:{stub.port}/v2/message")
    yield stub
    stub.close()


def house(place="state:va/cd:4", kind="lower", seat=""):
    """A seat of Congress with its holder."""
    congress = make.JurisdictionFactory._meta.model.objects.filter(ocd_id=cwc.CONGRESS).first()
    congress = congress or make.JurisdictionFactory(ocd_id=cwc.CONGRESS, name="Congress")
    chamber = make.ChamberFactory(jurisdiction=congress, kind=kind)
    division = make.DivisionFactory(ocd_id=f"ocd-division/country:us/{place}", country="us")
    post = make.PostFactory(chamber=chamber, division=division, seat=seat)
    make.OfficeFactory(legislator=make.MembershipFactory(post=post).legislator)
    return post


def letter(post=None, drive=None, **pledge):
    drive = drive or make.DriveFactory(campaign=make.CampaignFactory(topic="Health"))
    measure = drive.campaign.measure
    measure.identifier, measure.jurisdiction = "H.R. 2519", (post := post or house()).chamber.jurisdiction
    measure.save()
    given = {
        "name": "Ada Mary Lovelace",
        "prefix": "Ms.",
        "street": "12 Harbour Lane",
        "city": "Arlington",
        "postal_code": "22201",
        "country": "us",
        "phone": "(703) 555-0100",
    }
    return make.LetterFactory(
        drive=drive,
        post=post,
        pledge=make.PledgeFactory(campaign=drive.campaign, **{**given, **pledge}),
        similarity=0.4,
        body="My own words about <waiting> & hope.",
    )


def post_all():
    """Tick until the letters' moments have come, and post them."""
    for _ in range(3):
        dispatcher.prepare()
        posting.post_letters(seconds=5)
        clock.move(timedelta(minutes=1))


# What is built ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place, kind, seat, code",
    [
        ("state:va/cd:4", "lower", "", "HVA04"),
        ("state:wy", "lower", "", "HWY00"),
        ("state:tx/cd:30", "lower", "", "HTX30"),
        ("state:wy", "upper", "class 1", "SWY01"),
        ("district:dc", "lower", "", "HDC00"),
        ("territory:pr", "lower", "", "HPR00"),
        ("state:va/sldl:4", "lower", "", ""),
    ],
)
def test_an_offices_code_follows_from_its_district(place, kind, seat, code):
    assert cwc.office_code(house(place, kind, seat)) == code


def test_a_state_legislature_has_no_code():
    assert cwc.office_code(make.PostFactory(division__ocd_id="ocd-division/country:us/state:va")) == ""


@pytest.mark.parametrize(
    "number, bill",
    [
        ("H.R. 2519", ("119", "hr", "2519")),
        ("S. 45", ("119", "s", "45")),
        ("H.J.Res. 7", ("119", "hjres", "7")),
        ("S.Con.Res. 3", ("119", "sconres", "3")),
        ("HB 2217", None),
    ],
)
def test_a_bill_is_told_by_its_number(number, bill):
    measure = letter().drive.campaign.measure
    measure.identifier = number
    assert cwc.bill_of(measure, date(2026, 5, 1)) == bill


def test_a_message_says_who_writes_to_whom_about_what(stub):
    sent = letter()
    post_all()
    [message] = stub.bodies
    assert message.findtext("Recipient/MemberOffice") == "HVA04"
    assert message.findtext("Delivery/DeliveryId") == sent.pk.hex
    for field, value in {
        "Prefix": "Ms.",
        "FirstName": "Ada Mary",
        "LastName": "Lovelace",
        "Address1": "12 Harbour Lane",
        "City": "Arlington",
        "StateAbbreviation": "VA",
        "Zip": "22201",
        "Phone": "703-555-0100",
        "Email": sent.pledge.email,
    }.items():
        assert message.findtext(f"Constituent/{field}") == value
    assert message.findtext("Message/LibraryOfCongressTopics/LibraryOfCongressTopic") == "Health"
    assert message.findtext("Message/Bill/BillTypeAbbreviation") == "hr"
    assert message.findtext("Message/ProOrCon") == "Pro"


def test_own_words_are_the_constituents_and_unedited_text_is_the_organisations(stub):
    drive = make.DriveFactory(campaign=make.CampaignFactory(topic="Health"))
    post = house()
    letter(post, drive)
    plain = letter(post, drive)
    plain.similarity, plain.body = 1, "The suggested text."
    plain.save()
    post_all()
    own, suggested = sorted(stub.bodies, key=lambda m: m.findtext("Message/OrganizationStatement") or "")
    assert own.findtext("Message/ConstituentMessage") == "My own words about <waiting> & hope."
    assert own.find("Message/OrganizationStatement") is None
    assert suggested.findtext("Message/OrganizationStatement") == "The suggested text."
    assert suggested.find("Message/ConstituentMessage") is None


def test_one_campaign_id_for_each_drive_and_version():
    drive = make.DriveFactory()
    one, two = letter(drive=drive), letter(house("state:va/cd:5"), drive)
    two.version = one.version
    other = letter(house("state:va/cd:6"))
    assert cwc.campaign_id(one) == cwc.campaign_id(two) != cwc.campaign_id(other)


def test_bills_may_stand_in_an_element_of_their_own(stub, settings):
    settings.CWC_WRAP_BILLS = True
    letter()
    post_all()
    assert stub.bodies[0].findtext("Message/Bills/Bill/BillNumber") == "2519"


def test_a_message_that_the_schema_does_not_allow_never_leaves(stub, settings):
    settings.CWC_PHONE = "call me"
    held = letter()
    post_all()
    assert (the(held).state, stub.kept) == ("held", [])
    assert "DeliveryAgentContactPhone" in the(held).note


def test_the_schema_names_the_field_and_never_what_was_typed():
    with pytest.raises(Unfit) as fault:
        cwc.check(b"<CWC><CWCVersion>secret words</CWCVersion></CWC>")
    assert "CWCVersion" in str(fault.value) and "secret words" not in str(fault.value)


# What offices demand ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lacking", [{"prefix": ""}, {"street": ""}, {"city": ""}, {"name": "Ada"}, {"postal_code": "2220"}]
)
def test_without_what_the_office_demands_a_letter_waits_and_says_so(stub, lacking):
    waits = letter(**lacking)
    assert rehearse(waits.drive).lacking_details == 1
    post_all()
    assert (the(waits).state, stub.kept) == ("ready", [])
    assert "asks for more about the writer" in the(waits).note


def test_it_takes_another_way_where_there_is_one(stub):
    post = house()
    office = ContactPoint._meta.get_field("office").related_model.objects.get()
    make.ContactPointFactory(
        office=office, kind="postal", value="1 Example House Office Building Washington DC 20515"
    )
    other = letter(post, street="")
    post_all()
    assert the(other).channel == "print"


def test_the_form_asks_for_title_street_and_city_where_a_target_needs_them(stub):
    campaign = make.CampaignFactory(topic="Health")
    rule = make.TargetRuleFactory(group__campaign=campaign)
    assert "title" not in PledgeForm(campaign=campaign).fields
    rule.chamber = house().chamber
    rule.save()
    form = PledgeForm({"name": "Ada"}, campaign=campaign)
    form.is_valid()
    assert {"title", "street", "city", "name"} <= set(form.errors)


def test_without_a_topic_or_an_endpoint_nothing_goes_that_way(stub, settings):
    no_topic = letter(drive=make.DriveFactory())
    settings_gone = letter(house("state:va/cd:5"))
    settings_gone.drive.campaign.channels = ["email", "link"]
    settings_gone.drive.campaign.save()
    post_all()
    assert {the(x).note for x in (no_topic, settings_gone)} == {"no working contact point"}
    settings.CWC_URL = ""
    assert not posting.is_anything_waiting() and posting.post_letters(1) == 0


# What each answer means --------------------------------------------------------------------------


def test_an_accepted_message_is_sent_once_with_its_key_and_counted(stub):
    sent = letter()
    post_all()
    assert (the(sent).state, the(sent).channel) == ("sent", "cwc")
    assert the(sent).get_state_display() == "Accepted by the office's system"
    assert the(sent).accepted_by == f"127.0.0.1:{stub.port}" and the(sent).accepted_reply == "200 taken"
    [(headers, _body)] = stub.kept
    assert headers["Idempotency-Key"] == str(sent.pk)
    assert headers["Authorization"] == "Bearer a key of ours"
    assert [c.to_state for c in sent.history.all()] == ["queued", "claimed", "committing", "sent"]
    assert Attempt.objects.get().outcome == "accepted"
    assert campaign_numbers(sent.drive.campaign).letters_accepted == 1
    assert ContactPoint.objects.get().value == "HVA04"


def test_a_refused_message_fails_with_the_endpoints_reason(stub):
    stub.status, stub.said = 422, "Zip is not in the district"
    refused = letter()
    post_all()
    assert the(refused).state == "failed" and "Zip is not in the district" in the(refused).note
    assert len(stub.kept) == 1


@pytest.mark.parametrize("status", [500, 503, 429, 302])
def test_trouble_there_puts_a_letter_off_and_the_same_bytes_go_later(stub, status):
    stub.status = status
    later = letter()
    post_all()
    assert (the(later).state, len(stub.kept)) == ("deferred", 1)
    stub.status = 200
    clock.move(timedelta(hours=1))
    post_all()
    assert the(later).state == "sent"
    assert len({body for _headers, body in stub.kept}) == 1
    assert len({headers["Idempotency-Key"] for headers, _body in stub.kept}) == 1


def test_a_lost_answer_is_uncertain_and_nothing_goes_again_by_itself(stub, settings, tmp_path):
    stub.hang_up = True
    lost = letter()
    post_all()
    assert (the(lost).state, len(stub.kept)) == ("uncertain", 1)
    # The mail relay's log knows nothing of it, and that is no evidence.
    settings.RELAY_LOG = str(tmp_path / "mail.log")
    (tmp_path / "mail.log").write_text("2020-01-01T00:00:00+00:00 relay\n2040-01-01T00:00:00+00:00 relay\n")
    clock.move(timedelta(hours=2))
    reconcile.reconcile()
    post_all()
    assert (the(lost).state, len(stub.kept)) == ("uncertain", 1)


def test_a_closed_door_touches_no_letter(stub, settings):
    settings.CWC_URL = "http://127.0.0.1:9/none"
    waits = letter()
    post_all()
    assert (the(waits).state, the(waits).crash_count) == ("queued", 0)
    assert not Attempt.objects.exists()


def test_a_key_that_is_not_known_there_touches_no_letter(stub):
    stub.status = 401
    waits = letter()
    dispatcher.prepare()
    posting.post_letters(seconds=5)
    clock.move(timedelta(minutes=1))
    post_all()
    assert (the(waits).state, the(waits).window_closes) == ("queued", None)


# Pauses, hours, deaths ---------------------------------------------------------------------------


def claimed_one():
    waits = letter()
    while the(waits).state != "queued":
        dispatcher.prepare()
        clock.move(timedelta(minutes=1))
    return waits, posting.claim()


def test_a_pause_or_a_pledge_taken_back_stops_it_before_the_body(stub):
    waits, claim = claimed_one()
    pause_drive(drive=waits.drive, actor=None)
    assert not ledger.intend([claim])
    ledger.release([claim], "paused")
    assert (the(waits).state, stub.kept) == ("queued", [])
    second = letter(house("state:va/cd:5"))
    while the(second).state != "queued":
        dispatcher.prepare()
        clock.move(timedelta(minutes=1))
    claim = posting.claim()
    withdraw_pledge(pledge=second.pledge)
    assert not ledger.intend([claim])


def test_nothing_is_posted_outside_the_offices_hours(stub):
    waits, claim = claimed_one()
    ledger.release([claim], "not now")
    waits.drive.all_day, waits.drive.weekdays = False, [(clock.now().weekday() + 3) % 7]
    waits.drive.save()
    assert posting.claim() is None


def test_nothing_is_posted_while_the_chamber_is_in_recess(stub):
    waits, claim = claimed_one()
    ledger.release([claim], "not now")
    today = clock.today()
    recess = Recess.objects.create(
        organization=waits.drive.campaign.organization,
        chamber=waits.post.chamber,
        name="Recess",
        starts_on=today - timedelta(days=2),
        ends_on=today + timedelta(days=2),
    )
    waits.drive.skips_recess = True
    waits.drive.save()
    assert posting.claim() is None
    recess.delete()
    assert posting.claim() is not None


def test_two_workers_never_claim_the_same_letter(stub):
    _waits, claim = claimed_one()
    assert claim is not None and posting.claim() is None


def test_a_worker_that_died_leaves_what_it_had_begun_uncertain_and_the_rest_queued(stub):
    waits, claim = claimed_one()
    clock.move(timedelta(minutes=20))
    reaper.reap()
    assert (the(waits).state, ledger.claim("mail", 100)) == ("queued", [])
    claim = posting.claim()
    assert ledger.intend([claim])
    clock.move(timedelta(minutes=20))
    reaper.reap()
    assert (the(waits).state, Letter.objects.get().window_closes) == ("uncertain", None)


# The real Congress --------------------------------------------------------------------------------


def test_every_seat_of_the_real_congress_has_a_code_of_its_own(public_data):
    set_day()
    run("import_legislators", "us-congress", public_data / "us-congress")
    seats = Post.objects.filter(chamber__jurisdiction__ocd_id=cwc.CONGRESS, chamber__parent=None)
    seats = seats.select_related("chamber__jurisdiction", "division")
    codes = [cwc.office_code(seat) for seat in seats]
    assert len(set(codes)) == len(codes) == 537
    assert {"HVA04", "HWY00", "HDC00", "SWY01", "SWY02"} <= set(codes)
    assert sum(bool(cwc.derived_code(seat)) for seat in seats) == 437
    address = ContactPoint.objects.filter(kind="postal", office__kind="capitol", value__contains="Building")
    for value in address.values_list("value", flat=True):
        lines = address_lines("The Honorable", value)
        assert lines[-1].startswith("Washington DC 205") and len(lines) <= 4, value
