"""Who asked for an organisation: asked again, changed by link, taken along, erased, and forgotten in time."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.actions.endorsements import confirm_endorsement
from campaigns.delivery import outbox, upkeep
from campaigns.endorsement_links import endorsement_token, read_endorsement
from campaigns.errors import LinkSpent
from campaigns.models import Endorsement, OutboxMail
from contacts import clock
from tests.campaigns.console import words
from tests.campaigns.partners import confirm, joint
from tests.campaigns.test_endorsements import approve, ask, link, number, picture
from tests.campaigns.visitor import sign
from tests.factories import CampaignFactory, EndorsementFactory

pytestmark = pytest.mark.django_db
SHOWN = {
    "name": "Harbour Clinic",
    "website": "https://www.harbour-clinic.example.org/about",
    "place": "Saltmouth",
    "statement": "We see every day what waiting does.",
}


@pytest.fixture
def own(desk, campaign, client, mailoutbox):
    """The link to one that stands."""
    ask(client, campaign)
    own = link(mailoutbox)
    client.post(f"{own}do/confirm/")
    approve(desk, Endorsement.objects.get())
    return own


# Asked for -----------------------------------------------------------------------------------------


def test_a_name_of_any_letters_fits_what_it_is_compared_by(campaign, client):
    assert ask(client, campaign, name="\ufdfa" * 30).status_code == 302
    assert len(Endorsement.objects.get().name_key) == 240


@pytest.mark.parametrize(
    "name",
    [
        "You won! Collect at https://prize.example.com/x now",
        "See WWW.prize.example.com",
        "prize@example.com",
        "prize\uff20example.com",
    ],
)
def test_nobody_sends_strangers_an_address_in_the_name_of_an_organisation(campaign, client, mailoutbox, name):
    answer = ask(client, campaign, name=name)
    outbox.send_due()
    assert answer.status_code == 422 and "not an address" in words(answer)
    assert not mailoutbox


def test_a_name_with_a_dot_in_it_is_a_name(campaign, client):
    assert ask(client, campaign, name="Lantern.org e.V.").status_code == 302


def test_asked_again_nothing_of_the_first_time_stays_and_two_weeks_begin_anew(campaign, client, mailoutbox):
    ask(client, campaign, logo=SimpleUploadedFile("logo.png", picture()))
    old = link(mailoutbox)
    clock.move(timedelta(days=13, hours=23))
    ask(client, campaign, statement="In our own words.")
    own = link(mailoutbox)
    clock.move(timedelta(hours=2))
    upkeep.forget_endorsers()
    asked = Endorsement.objects.get()
    assert (asked.statement, asked.logo, asked.logo_hash) == ("In our own words.", None, "")
    assert client.post(f"{old}do/confirm/").status_code == 410
    assert client.post(f"{own}do/confirm/").status_code == 302


def test_what_was_read_by_an_older_link_is_not_confirmed_once_it_was_asked_for_again(campaign, client):
    ask(client, campaign)
    read = read_endorsement(endorsement_token(Endorsement.objects.get()))
    clock.move(timedelta(hours=1))
    ask(client, campaign, statement="A stranger's words.")
    with pytest.raises(LinkSpent):
        confirm_endorsement(endorsement=read)
    assert Endorsement.objects.get().state == "asked"


# Changed -------------------------------------------------------------------------------------------


def test_saved_without_a_change_it_goes_on_standing_and_one_declined_is_looked_at_again(
    desk, campaign, client, own
):
    assert client.post(f"{own}change/", SHOWN).status_code == 302
    assert number(client, campaign) == 1
    client.post(f"{own}change/", {**SHOWN, "place": "Newtown"})
    assert number(client, campaign) == 0
    desk.post("endorsement-move", Endorsement.objects.get().pk, "decline", reason="Where is that?")
    client.post(f"{own}change/", {**SHOWN, "place": "Newtown"})
    assert Endorsement.objects.get().state == "confirmed"


def test_who_mends_the_spelling_does_not_undo_what_the_organisation_changed_meanwhile(
    desk, campaign, client, own
):
    endorsement = Endorsement.objects.get()
    opened = desk.get("endorsement-edit", endorsement.pk).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', opened).group(1)
    client.post(f"{own}change/", {**SHOWN, "statement": "Our corrected words."})
    mended = {**SHOWN, "name": "Harbour Clinic e.V."}
    answer = desk.post("endorsement-edit", endorsement.pk, **mended, seen=seen)
    page = words(answer)
    assert answer.status_code == 422 and "Somebody changed it meanwhile" in page
    endorsement.refresh_from_db()
    assert (endorsement.name, endorsement.statement) == ("Harbour Clinic", "Our corrected words.")
    # What was typed is not lost, what stands now is beside it, and saving again puts one in the other's place.
    kept = answer.content.decode()
    assert 'value="Harbour Clinic e.V."' in kept and "It says now: Our corrected words." in page
    seen = re.search(r'name="seen" value="(\w+)"', kept).group(1)
    desk.post("endorsement-edit", endorsement.pk, **mended, seen=seen)
    endorsement.refresh_from_db()
    assert endorsement.name == "Harbour Clinic e.V."


# Forgotten -----------------------------------------------------------------------------------------


def test_of_one_that_was_taken_down_its_person_deletes_who_they_are(desk, campaign, client, own):
    endorsement = Endorsement.objects.get()
    desk.post("endorsement-move", endorsement.pk, "withdraw", reason="It no longer fits here.")
    assert "Delete my name and address" in words(client.get(own))
    assert client.post(f"{own}do/take-back/").status_code == 200
    endorsement.refresh_from_db()
    assert (endorsement.state, endorsement.contact_name, endorsement.contact_email) == ("withdrawn", "", "")
    assert client.get(own).status_code == 410


def test_what_nobody_decided_on_ends_after_90_days_and_what_was_changed_lately_does_not(
    desk, campaign, client, own
):
    waits = EndorsementFactory(campaign=campaign, name="Hill School", state="confirmed", png=picture())
    clock.move(timedelta(days=89))
    client.post(f"{own}change/", {**SHOWN, "place": "Newtown"})
    upkeep.forget_endorsers()
    waits.refresh_from_db()
    assert waits.state == "confirmed" and waits.contact_email
    clock.move(timedelta(days=2))
    upkeep.forget_endorsers()
    waits.refresh_from_db()
    assert (waits.state, waits.contact_name, waits.contact_email, waits.logo) == ("withdrawn", "", "", None)
    assert waits.history.get().reason == "nobody decided"
    changed = Endorsement.objects.get(name="Harbour Clinic")
    assert changed.state == "confirmed" and changed.contact_email


def of_ada(campaign, state):
    return EndorsementFactory(
        campaign=campaign,
        state=state,
        name=f"Hill School {state}",
        contact_name="Ada Lovelace",
        contact_email="ada@people.example",
        png=picture(),
    )


def test_who_asked_takes_it_along_with_all_else_kept_of_them(client, mailoutbox):
    campaign = joint()
    sign(client, campaign)
    mine = confirm(client, mailoutbox)
    of_ada(campaign, "approved")
    EndorsementFactory(campaign=campaign, name="Somebody else's")
    of_ada(CampaignFactory(), "approved")  # of another organisation
    taken = client.post(f"{mine}data/")
    rows = json.loads(zipfile.ZipFile(io.BytesIO(taken.content)).read("everything.json"))
    (row,) = rows["organizations_you_spoke_for"]
    assert (row["name"], row["contact_email"]) == ("Hill School approved", "ada@people.example")


def test_erasing_a_person_forgets_that_they_asked_and_what_was_approved_goes_on_standing(client, mailoutbox):
    campaign = joint()
    ask(client, campaign, contact_name="Ada Lovelace", email="ada@people.example")
    clock.move(timedelta(hours=1))
    sign(client, campaign)
    mine = confirm(client, mailoutbox)
    states = ["approved", "confirmed", "declined", "withdrawn"]
    kept = {state: of_ada(campaign, state) for state in states}
    other = EndorsementFactory(campaign=campaign, state="confirmed")
    elsewhere = EndorsementFactory(campaign=CampaignFactory(), contact_email="ada@people.example")
    assert "The organisation that you asked to be shown" in words(client.get(f"{mine}erase/"))
    client.post(f"{mine}erase/", {"sure": "1"})
    assert not Endorsement.objects.filter(state="asked").exists()
    for one in (*kept.values(), other, elsewhere):
        one.refresh_from_db()
    assert [kept[state].state for state in states] == ["approved", "withdrawn", "declined", "withdrawn"]
    assert all(one.contact_name + one.contact_email + one.canonical_email == "" for one in kept.values())
    assert kept["approved"].logo and not kept["confirmed"].logo
    assert number(client, campaign) == 1
    assert other.contact_email and elsewhere.contact_email
    assert not OutboxMail.objects.filter(endorsement__in=kept.values(), state="queued").exists()
