"""Organisations that support a campaign: confirmed by mail, looked at by a person, counted once, gone when taken back."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from campaigns.delivery import outbox, upkeep
from campaigns.models import Endorsement
from config.log import mask
from contacts import clock
from tests.campaigns.console import Desk, told, twice, words
from tests.factories import CampaignFactory, EndorsementFactory

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="token" value="([^"]+)"')


def page(campaign, tail=""):
    return f"/c/{campaign.organization.slug}/{campaign.slug}/organizations/{tail}"


def picture(kind="PNG", size=(400, 200)):
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


def ask(client, campaign, **changes):
    token = TOKEN.search(client.get(page(campaign, "join/")).content.decode())
    clock.move(timedelta(seconds=3))
    typed = {
        "name": "Harbour Clinic",
        "website": "https://www.harbour-clinic.example.org/about",
        "place": "Saltmouth",
        "statement": "We see every day what waiting does.",
        "contact_name": "Ines Calder",
        "email": "ines@harbour-clinic.example",
        "may_speak": "on",
        "token": token.group(1),
        **changes,
    }
    return client.post(page(campaign, "join/"), typed)


def link(mailoutbox):
    outbox.send_due()
    mail = mailoutbox[-1]
    assert (
        "button" not in mail.body and ",\n\nyou (or somebody" in mail.body
    )  # one sentence with the greeting
    return re.search(r"https?://[^/]+(/e/[^\s/]+/)", mail.body).group(1)


def approve(desk, endorsement):
    seen = re.search(r'name="seen" value="(\w+)"', desk.get("endorsement", endorsement.pk).content.decode())
    return desk.post("endorsement-approve", endorsement.pk, seen=seen.group(1))


def number(client, campaign):
    found = re.search(r"(\d+) organisations? supports? this", words(client.get(page(campaign))))
    return int(found.group(1))


def test_an_organisation_is_shown_and_counted_once_it_confirmed_and_was_approved(
    desk, campaign, client, mailoutbox
):
    answer = ask(client, campaign, logo=SimpleUploadedFile("logo.png", picture()))
    assert answer.status_code == 302
    own = link(mailoutbox)
    assert "Harbour Clinic" in mailoutbox[-1].subject
    assert number(client, campaign) == 0
    client.get(own)  # a scanner opens links: nothing is confirmed by it
    assert Endorsement.objects.get().state == "asked"
    client.post(f"{own}do/confirm/")
    endorsement = Endorsement.objects.get()
    assert (endorsement.state, number(client, campaign)) == ("confirmed", 0)
    assert "1 organisation that supports" in desk.read("console-home")
    assert "Harbour Clinic" in desk.read("endorsement-list", campaign.pk)
    assert "Ines Calder" in desk.read("endorsement", endorsement.pk)
    approve(desk, endorsement)
    assert "It is shown and counted already." in told(
        desk.post("endorsement-approve", endorsement.pk, seen="x")
    )
    assert number(client, campaign) == 1
    public = client.get(page(campaign)).content.decode()
    assert "Saltmouth" in public and "We see every day" in public
    assert "Ines" not in public and "ines@" not in public
    client.logout()
    shown = client.get(f"/c/{campaign.organization.slug}/{campaign.slug}/").content.decode()
    assert "1 organisation supports this" in words(client.get(page(campaign)))
    logo = re.search(r'src="(/c/[^"]+\.png)" alt="Logo of Harbour Clinic"', shown).group(1)
    assert Endorsement.objects.get().logo_hash in logo
    served = client.get(logo)
    assert served["X-Content-Type-Options"] == "nosniff" and served["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(served.content)).format == "PNG"
    outbox.send_due()
    assert "is shown" in mailoutbox[-1].subject
    rows = client.get(f"/api/v1/campaigns/{campaign.pk}/organizations/").json()
    assert rows["count"] == 1 and rows["results"][0]["name"] == "Harbour Clinic"
    assert "ines" not in str(rows).lower()


def test_nothing_of_a_declined_or_withdrawn_one_is_served(desk, campaign, client, mailoutbox):
    shown = EndorsementFactory(campaign=campaign, name="River Trust", png=picture())
    logo = page(campaign, f"{shown.pk}/{shown.logo_hash}.png")
    assert client.get(logo).status_code == 200
    desk.post("endorsement-move", shown.pk, "withdraw", reason="They asked us by phone.")
    assert client.get(logo).status_code == 404
    assert "River Trust" not in client.get(page(campaign)).content.decode()
    assert "River Trust" not in str(client.get(f"/api/v1/campaigns/{campaign.pk}/organizations/").json())
    outbox.send_due()
    assert "They asked us by phone." in mailoutbox[-1].body
    twice(desk, "endorsement-move", shown.pk, "withdraw", says="It is taken down already.", reason="Again.")
    waiting = EndorsementFactory(campaign=campaign, name="Hill School", state="confirmed", png=picture())
    assert client.get(page(campaign, f"{waiting.pk}/{waiting.logo_hash}.png")).status_code == 404
    desk.post("endorsement-move", waiting.pk, "decline", reason="We don't know you yet.")
    outbox.send_due()
    assert "We don't know you yet." in mailoutbox[-1].body
    twice(desk, "endorsement-move", waiting.pk, "decline", says="It is declined already.", reason="Again.")
    assert number(client, campaign) == 0


def test_who_asked_takes_it_back_at_any_time_and_is_forgotten(desk, campaign, client, mailoutbox):
    ask(client, campaign)
    own = link(mailoutbox)
    client.post(f"{own}do/confirm/")
    approve(desk, Endorsement.objects.get())
    assert number(client, campaign) == 1
    done = client.post(f"{own}do/take-back/")
    page = done.content.decode()  # nothing leads back to one that is gone, or offers it in another language
    assert done.status_code == 200 and f'href="{own}' not in page and 'name="language"' not in page
    gone = Endorsement.objects.get()
    assert (gone.state, gone.contact_email, gone.contact_name) == ("withdrawn", "", "")
    assert number(client, campaign) == 0
    for again in (client.get(own), client.post(f"{own}do/take-back/")):
        assert again.status_code == 410 and "It is taken back or taken down already" in words(again)
        assert "does not work" not in words(again)
    assert [change.to_state for change in gone.history.all()] == [
        "asked",
        "confirmed",
        "approved",
        "withdrawn",
    ]


def test_what_its_person_changes_is_looked_at_again_and_what_was_changed_meanwhile_is_not_approved(
    desk, campaign, client, mailoutbox
):
    ask(client, campaign)
    own = link(mailoutbox)
    client.post(f"{own}do/confirm/")
    endorsement = Endorsement.objects.get()
    opened = desk.get("endorsement", endorsement.pk).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', opened).group(1)
    client.post(f"{own}change/", {"name": "Harbour Clinic and Friends", "website": ""})
    answer = desk.post("endorsement-approve", endorsement.pk, seen=seen)
    assert "changed meanwhile" in told(answer)
    approve(desk, endorsement)
    assert number(client, campaign) == 1
    client.post(f"{own}change/", {"name": "Harbour Clinic"})
    endorsement.refresh_from_db()
    assert (endorsement.state, number(client, campaign)) == ("confirmed", 0)


def test_one_organisation_stands_once_and_likely_doubles_are_said(desk, campaign, client):
    EndorsementFactory(campaign=campaign, name="Harbour Clinic", website="https://harbour.example.org/")
    double = EndorsementFactory(
        campaign=campaign,
        name="HARBOUR - clinic",
        website="http://www.harbour.example.org/en",
        state="confirmed",
    )
    assert "It may be here already" in desk.read("endorsement", double.pk)
    assert "already" in told(approve(desk, double))
    assert number(client, campaign) == 1
    entered = desk.post(
        "endorsement-new", campaign.pk, name="Harbour Clinic!", website="https://harbour.example.org/"
    )
    assert "already" in words(entered)


def test_programs_and_hasty_senders_leave_nothing_and_learn_nothing(campaign, client, mailoutbox):
    assert ask(client, campaign, fax="1234").status_code == 302
    assert ask(client, campaign, token="made up").status_code == 422
    assert ask(client, campaign, may_speak="").status_code == 422
    assert ask(client, campaign, website="javascript:alert(1)").status_code == 422
    assert not Endorsement.objects.exists()
    elsewhere = client.post(page(campaign, "join/"), {}, headers={"sec-fetch-site": "cross-site"})
    assert elsewhere.status_code == 403
    first, again = ask(client, campaign), ask(client, campaign)
    assert first.url == again.url
    assert Endorsement.objects.count() == 1


def test_one_opened_page_can_not_be_sent_for_ever(campaign, client):
    token = TOKEN.search(client.get(page(campaign, "join/")).content.decode()).group(1)
    answers = [ask(client, campaign, token=token, email=f"a{n}@ngo.example").status_code for n in range(7)]
    assert answers[:5] == [302] * 5 and answers[5:] == [429, 429]


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
        b"GIF89a",
        picture()[:200],
        b"x" * 1_000_001,
    ],
)
def test_a_logo_that_is_no_picture_is_refused_in_words(campaign, client, content):
    answer = ask(client, campaign, logo=SimpleUploadedFile("logo.svg", content))
    assert answer.status_code == 422
    assert not Endorsement.objects.exists()


def test_a_logo_is_drawn_anew_and_bounded(desk, campaign):
    big = Image.new("RGB", (1900, 1900), "navy")
    out = io.BytesIO()
    big.save(out, "JPEG", exif=b"Exif\0\0secret place")
    desk.post(
        "endorsement-new", campaign.pk, name="Valley Press", logo=SimpleUploadedFile("a.jpg", out.getvalue())
    )
    png = bytes(Endorsement.objects.get().logo)
    drawn = Image.open(io.BytesIO(png))
    assert drawn.format == "PNG" and drawn.width <= 960 and drawn.height <= 224
    assert b"secret place" not in png


def test_a_campaign_in_test_mode_or_over_takes_none(desk, client):
    for fields in ({"state": "closed", "is_test": False}, {"state": "open", "is_test": True}):
        campaign = CampaignFactory(organization=desk.organization, **fields)
        assert "takes no organisations now" in words(client.get(page(campaign, "join/")))


def test_a_table_is_tried_first_names_its_bad_rows_and_is_taken_in_twice_without_doubles(
    desk, campaign, client
):
    def send(text, **more):
        file = SimpleUploadedFile("organisations.csv", text.encode())
        return desk.post("endorsement-import", campaign.pk, file=file, **more)

    table = "name,website,place\nHill School,https://hill.example.org/,Upper Dale\nRiver Trust,,\n"
    bad = table + "Hill school,https://www.hill.example.org/x,\nBad,javascript:1,\n"
    tried = words(send(bad, **{"try": "1"}))
    assert "organisations.csv:4" in tried and "organisations.csv:5" in tried and "Hill School" in tried
    assert send(bad).status_code == 422
    assert not Endorsement.objects.exists()
    assert send(table).status_code == 302
    assert number(client, campaign) == 2
    send(table.replace("Upper Dale", "Lower Dale"))
    assert number(client, campaign) == 2
    assert Endorsement.objects.get(name="Hill School").place == "Lower Dale"
    assert send(b"name,phone\nA,1\n".decode()).status_code == 422


def test_somebody_elses_campaign_is_not_found(desk, client):
    other = EndorsementFactory()
    assert desk.get("endorsement-list", other.campaign.pk).status_code == 404
    for name in ("endorsement", "endorsement-edit"):
        assert desk.get(name, other.pk).status_code == 404
    assert desk.post("endorsement-approve", other.pk, seen="").status_code == 404
    assert desk.get("endorsement-move", other.pk, "withdraw").status_code == 404


def test_only_who_runs_campaigns_decides(client, campaign):
    endorsement = EndorsementFactory(campaign=campaign, state="confirmed")
    staff = Desk(client, campaign.organization, role="staff")
    assert staff.post("endorsement-approve", endorsement.pk, seen="").status_code == 403
    assert staff.get("endorsement-move", endorsement.pk, "decline").status_code == 403
    assert "ines@" not in staff.get("endorsement", endorsement.pk).content.decode()


def test_who_asked_is_forgotten_in_time(campaign, client, mailoutbox):
    asked = EndorsementFactory(campaign=campaign, name="Never Confirmed", state="asked")
    declined = EndorsementFactory(campaign=campaign, name="Declined", state="declined", png=picture())
    standing = EndorsementFactory(campaign=campaign, name="Standing")
    clock.move(timedelta(days=15))
    upkeep.forget_endorsers()
    assert not Endorsement.objects.filter(pk=asked.pk).exists()
    declined.refresh_from_db()
    assert declined.contact_email
    clock.move(timedelta(days=76))
    upkeep.forget_endorsers()
    declined.refresh_from_db()
    standing.refresh_from_db()
    assert (declined.contact_email, declined.contact_name, declined.logo) == ("", "", None)
    assert standing.contact_email


def test_a_list_asks_the_database_the_same_for_one_and_for_twenty(campaign, client):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(page(campaign))
        return len(queries)

    EndorsementFactory(campaign=campaign, name="First")
    one = asked()
    for n in range(20):
        EndorsementFactory(campaign=campaign, name=f"Organisation {n}", png=picture())
    assert asked() == one


def test_links_stay_out_of_logs():
    path = reverse("campaigns:endorsement-own", args=["abc~1~def"])
    assert "abc" not in mask(f"GET {path}")


def test_two_that_one_person_asked_for_can_not_become_the_same(desk, campaign, client, mailoutbox):
    ask(client, campaign)
    clock.move(timedelta(minutes=11))  # the caps on mail to one address
    ask(client, campaign, name="Harbour Choir")
    own = link(mailoutbox)
    answer = client.post(f"{own}change/", {"name": "Harbour Clinic"})
    assert answer.status_code == 409 and "already" in words(answer)
