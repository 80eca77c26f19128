"""Those who follow a measure hear what changed: once a day or a week, never twice, never of nothing."""

import re
from datetime import UTC, date, datetime, timedelta
from email.header import decode_header, make_header
from email.utils import parseaddr
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.message import sanitize_address

from campaigns.delivery import switch
from campaigns.tasks import send_digests
from contacts import clock
from policy.actions.calendar import cancel_date, save_date
from policy.actions.measures import add_event, save_measure, strike_event
from policy.models import Digest, DigestWish, Follow, MeasureDate, MeasureEvent
from tests import factories as make
from tests.campaigns.console import Desk, words

pytestmark = pytest.mark.django_db
SOURCE = "https://assembly.example/record"


@pytest.fixture
def desk(client):
    """Somebody on staff, on a Wednesday at noon."""
    found = Desk(client, role="staff")
    noon = datetime(2027, 3, 10, 12, tzinfo=UTC)
    clock.move(noon - clock.now())
    return found


@pytest.fixture
def measure(desk):
    found = make.MeasureFactory(issue__organization=desk.organization, identifier="HB 7")
    desk.post("follow-move", found.pk, do="follow")
    return found


def pass_time(**span):
    """Let time go by as beat would see it."""
    clock.move(timedelta(**span))
    send_digests()


def happens(measure, note="Many came"):
    event = MeasureEvent(measure=measure, kind="heard", on=date(2027, 3, 10), note=note, source_url=SOURCE)
    return add_event(event=event, actor=None)


def test_a_follower_gets_what_changed_on_monday_and_only_once(desk, measure):
    send_digests()
    pass_time(hours=1)
    wrong = happens(measure)
    strike_event(wrong=wrong, reason="Another bill", source_url=SOURCE, actor=None)
    vote = MeasureDate(measure=measure, kind="vote", on=date(2027, 4, 1), time_zone="UTC")
    save_date(date=vote, actor=None)
    measure.position = "oppose"
    save_measure(measure=measure, actor=None)
    pass_time(days=2)
    assert mail.outbox == []
    pass_time(days=3)  # Monday, one o'clock
    pass_time(minutes=5)
    pass_time(days=1)
    [found] = mail.outbox
    assert found.to == [desk.user.email] and found.subject == "News of HB 7"
    html = found.alternatives[0][0]
    for line in ("Heard", "Struck: Heard", "Another bill", "In the calendar: Vote", "Our position: Oppose"):
        assert line in found.body and line in html, line
    assert found.extra_headers["Auto-Submitted"] == "auto-generated"
    assert Digest.objects.filter(state="sent").count() == 1


def test_when_nothing_changed_no_mail_is_sent(desk, measure):
    for _ in range(20):
        pass_time(days=1)
    assert mail.outbox == []
    assert set(Digest.objects.values_list("state", flat=True)) == {"empty"}


def test_daily_is_a_morning_mail_of_the_day_before(desk, measure):
    desk.post("following", rhythm="daily")
    send_digests()
    pass_time(hours=1)
    happens(measure)
    pass_time(hours=10)
    assert mail.outbox == []
    pass_time(hours=9)  # eight in the morning
    assert len(mail.outbox) == 1
    vote = MeasureDate(measure=measure, kind="vote", on=date(2027, 4, 1), time_zone="UTC")
    save_date(date=vote, actor=None)
    cancel_date(date=vote, because="", actor=None)
    pass_time(days=1)
    assert "Cancelled: Vote" in mail.outbox[1].body and "Heard" not in mail.outbox[1].body


def test_what_happened_before_somebody_followed_is_no_news(desk):
    measure = make.MeasureFactory(issue__organization=desk.organization)
    happens(measure)
    clock.move(timedelta(hours=1))
    desk.post("follow-move", measure.pk, do="follow")
    pass_time(days=8)
    assert mail.outbox == []


def test_one_stops_by_a_click_in_the_mail_without_signing_in(desk, measure, client):
    send_digests()
    pass_time(hours=1)
    happens(measure)
    pass_time(days=6)
    client.logout()
    url = re.search(r"http://testserver(/digest/\S+)", mail.outbox[0].body)[1]
    assert f"<http://testserver{url}>" == mail.outbox[0].extra_headers["List-Unsubscribe"]
    assert "How often" in words(client.get(url)) and not DigestWish.objects.exists()
    client.post(url, {"rhythm": "daily"})
    assert DigestWish.objects.get().rhythm == "daily"
    client.post(url, {"List-Unsubscribe": "One-Click"})
    assert DigestWish.objects.get().rhythm == "off"
    happens(measure, "Again")
    pass_time(days=8)
    assert len(mail.outbox) == 1
    assert client.post(url, {"rhythm": "hourly"}).status_code == 422
    assert client.get(url[:-3] + "x/").status_code == 404


def test_somebody_without_a_role_or_account_gets_nothing(desk, measure):
    send_digests()
    happens(measure)
    desk.user.roles.all().delete()
    pass_time(days=8)
    assert mail.outbox == []


def test_one_who_no_longer_follows_gets_nothing(desk, measure):
    happens(measure)
    desk.post("follow-move", measure.pk, do="stop")
    pass_time(days=8)
    assert mail.outbox == [] and not Follow.objects.exists()


def test_a_line_that_breaks_while_sending_makes_no_second_mail_but_loses_nothing(desk, measure, monkeypatch):
    send_digests()
    pass_time(hours=1)
    happens(measure)
    sent = []

    def breaks(self, messages):
        sent.extend(messages)
        raise SMTPServerDisconnected

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", breaks)
        pass_time(days=6)
        pass_time(hours=1)
    pass_time(days=1)
    assert len(sent) == 1 and mail.outbox == []
    assert Digest.objects.filter(state="uncertain").count() == 1
    pass_time(days=7)
    assert "Heard" in mail.outbox[0].body, "the next covers the same time once more"


def test_a_worker_that_dies_while_sending_makes_no_second_mail(desk, measure):
    send_digests()
    pass_time(hours=1)
    happens(measure)
    at = clock.now()
    Digest.objects.create(
        user=desk.user,
        organization=desk.organization,
        period="2027-W11",
        since=at,
        until=at,
        state="sending",
        not_before=at,
        lease_until=at,
    )
    pass_time(days=6)
    assert mail.outbox == [] and Digest.objects.get(period="2027-W11").state == "uncertain"


def test_a_server_that_is_away_is_tried_again(desk, measure, monkeypatch):
    send_digests()
    pass_time(hours=1)
    happens(measure)
    with monkeypatch.context() as patch:

        def away(self):
            raise ConnectionRefusedError

        patch.setattr("django.core.mail.backends.locmem.EmailBackend.open", away, raising=False)
        pass_time(days=6)
        assert Digest.objects.get(period="2027-W11").state == "queued"
    pass_time(minutes=10)
    assert len(mail.outbox) == 1


def test_what_i_follow_is_on_my_page(desk, measure):
    assert "HB 7" in desk.read("following") and "Stop following" in desk.read("measure", measure.pk)
    assert desk.post("following", rhythm="hourly").status_code == 422


def test_another_organisations_measure_can_not_be_followed(desk):
    other = make.MeasureFactory()
    assert desk.post("follow-move", other.pk, do="follow").status_code == 404


def test_days_of_stopped_sending_end_in_one_mail_about_all_of_them(desk, measure):
    desk.post("following", rhythm="daily")
    switch.stop(reason="the wrong letter", actor=None)
    for day in ("Monday", "Tuesday", "Wednesday"):
        happens(measure, note=f"Many came on {day}")
        pass_time(days=1)
    assert mail.outbox == []
    switch.start(actor=None)
    pass_time(minutes=10)
    [found] = mail.outbox
    assert found.body.count("Many came on") == 3


@pytest.mark.parametrize("name", ["Water, Now", "Org: Northmere", "Clinic @ Home", "“Open” Doors"])
def test_an_organisation_of_any_name_can_send_mail(desk, measure, name):
    desk.organization.name = name
    desk.organization.save()
    happens(measure)
    pass_time(days=6)
    [found] = mail.outbox
    shown, address = parseaddr(str(make_header(decode_header(sanitize_address(found.from_email, "utf-8")))))
    assert (shown, "@" in address) == (name, True)
