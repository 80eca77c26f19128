"""A table of organisations that support a campaign: each is one, whatever the file knows of it, and a table decides nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.endorsement_rows import read
from campaigns.models import Endorsement
from tests.campaigns.console import words
from tests.campaigns.test_endorsements import number
from tests.factories import EndorsementFactory

pytestmark = pytest.mark.django_db
WITH = "name,website\nHill School,https://hill.example.org/\n"


def send(desk, campaign, text, **more):
    file = SimpleUploadedFile("organisations.csv", text.encode())
    return desk.post("endorsement-import", campaign.pk, file=file, **more)


@pytest.mark.parametrize(
    ("state", "says"),
    [("withdrawn", "Withdrawn"), ("declined", "Declined"), ("confirmed", "To be looked at")],
)
def test_a_table_brings_back_nothing_that_was_taken_back_and_approves_nothing(
    desk, campaign, client, state, says
):
    EndorsementFactory(
        campaign=campaign, name="Hill School", website="https://hill.example.org/", state=state
    )
    refused = send(desk, campaign, WITH)
    assert refused.status_code == 422
    assert "organisations.csv:2" in words(refused) and f"It is here as “{says}”" in words(refused)
    send(desk, campaign, WITH + "River Trust,\n", skip_bad="on")
    assert number(client, campaign) == 1
    assert Endorsement.objects.get(name="Hill School").state == state


def test_what_nobody_confirmed_stops_no_table_and_what_asked_anew_and_stands_is_found(desk, campaign, client):
    EndorsementFactory(campaign=campaign, name="Hill School", state="asked")
    EndorsementFactory(campaign=campaign, name="River Trust", state="withdrawn")
    EndorsementFactory(campaign=campaign, name="River Trust")
    assert (
        send(desk, campaign, "name,place\nHill School,Upper Dale\nRiver Trust,Saltmouth\n").status_code == 302
    )
    assert number(client, campaign) == 2
    assert Endorsement.objects.get(name="River Trust", state="approved").place == "Saltmouth"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (WITH, "name,place\nHill School,Upper Dale\n"),
        ("name\nHill School\n", WITH),
        (WITH, "name,website\nHILL school,https://www.hill.example.org./about\n"),
    ],
)
def test_an_organisation_counts_once_whether_or_not_a_table_has_its_website(
    desk, campaign, client, first, second
):
    assert send(desk, campaign, first).status_code == 302
    assert send(desk, campaign, second).status_code == 302
    assert number(client, campaign) == 1
    assert Endorsement.objects.get().host == "hill.example.org"


def test_two_of_one_name_are_two_by_their_websites_and_without_one_a_person_has_to_say(
    desk, campaign, client
):
    two = WITH + "Hill School,https://hill-school.example.net/\n"
    assert send(desk, campaign, "name\nHill School\n").status_code == 302
    assert send(desk, campaign, two).status_code == 302
    assert send(desk, campaign, two).status_code == 302
    assert number(client, campaign) == 2
    refused = send(desk, campaign, "name,place\nHill School,Upper Dale\n")
    assert refused.status_code == 422 and "Several of this name stand already" in words(refused)
    within = send(desk, campaign, "name,website\nValley Press,https://valley.example.org/\nValley Press,\n")
    assert within.status_code == 422 and "the same organisation stands in organisations.csv:2" in words(
        within
    )


def test_a_name_longer_than_there_is_room_for_when_compared_is_no_fault(desk, campaign):
    assert send(desk, campaign, "name\n" + "\ufdfa" * 30 + "\n").status_code == 302
    assert len(Endorsement.objects.get().name_key) == 240


def test_a_table_takes_a_website_as_long_as_a_person_can_enter_and_no_longer(desk, campaign):
    website = "https://hill.example.org/".ljust(300, "x")
    assert send(desk, campaign, f"name,website\nHill School,{website}\n").status_code == 302
    assert Endorsement.objects.get().website == website
    refused = send(desk, campaign, f"name,website\nRiver Trust,{website}x\n")
    assert refused.status_code == 422 and "website has more than 300 characters" in words(refused)


def test_of_a_longer_table_the_rest_is_not_read():
    found = read(b"name\nHill School\n\nRiver Trust\n", "organisations.csv", 2)
    assert [row.name for row in found.rows] == ["Hill School"]
    assert [str(bad) for bad in found.bad] == [
        "organisations.csv:4: more than 2 lines; the rest was not read"
    ]
