"""The directory of help as files: taken in, again and again, hostile ones refused by line, and given out."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts import clock
from contacts.models import AuditEntry
from policy.actions.resources import set_hours
from policy.models import Resource
from policy.opening import hours_in_words, read_hours
from tests import factories as make
from tests.campaigns.console import Desk, told, words

pytestmark = pytest.mark.django_db

HEAD = "kind,name,phone"
SERVICE = {
    "id": "ac148810-d857-441c-9679-408f346de14b",
    "name": "Quay Counselling",
    "description": "A first talk.",
    "url": "https://quay.example.org/",
    "status": "active",
    "fees_description": "Free of charge.",
    "eligibility_description": "From 12 years.",
    "phones": [
        {"id": "1", "number": "000 555 0180", "type": "voice", "extension": 7},
        {"id": "2", "number": "000180", "type": "text"},
    ],
    "schedules": [
        {"id": "3", "freq": "WEEKLY", "byday": "MO,TU", "opens_at": "10:00:00", "closes_at": "18:00-05:00"}
    ],
    "languages": [{"id": "4", "name": "English", "code": "en"}, {"id": "5", "code": "es"}],
    "service_at_locations": [
        {
            "id": "6",
            "location": {
                "id": "7",
                "location_type": "physical",
                "addresses": [
                    {"id": "8", "address_1": "3 Quay Row", "city": "Saltmouth", "address_type": "physical"}
                ],
            },
        }
    ],
}


@pytest.fixture
def desk(client):
    return Desk(client)


def send(desk, content, source="csv", name="", **fields):
    data = content if isinstance(content, bytes) else content.encode()
    file = SimpleUploadedFile(name or {"csv": "help.csv", "hsds": "help.json"}[source], data)
    return desk.client.post(desk.url("resource-import"), {"file": file, "source": source, **fields})


def services(*changes):
    return json.dumps({"contents": [{**SERVICE, **change} for change in changes or [{}]]})


def full(organization, **fields):
    place = make.DivisionFactory(name="Vermont", country=organization.country)
    values = {
        "kind": "group",
        "name": "Monday Table",
        "description": "-- come as you are",
        "division": place,
        "phone": "+1 555 010 0199",
        "text_number": "555010",
        "text_words": "HELLO",
        "chat": "https://chat.example.org/",
        "website": "https://table.example.org/",
        "address": "3 Quay Row, Saltmouth",
        "time_zone": "America/New_York",
        "hours": "Not on holidays",
        "languages": "English, Spanish, Hmong",
        "audience": "young people, families",
        "eligibility": "From 13 years",
        "cost": "scale",
        "cost_note": "From 0 to 20",
        "is_emergency": True,
        "is_example": True,
        **fields,
    }
    row = make.ResourceFactory(organization=organization, **values)
    set_hours(row, read_hours("Mon-Fri 18:00-08:00; Sat 08:00-24:00")[0])
    return row


# Taking in


def test_a_file_is_looked_at_then_imported_and_the_second_time_changes_nothing(desk):
    table = f"{HEAD},opening,verified_on\nhelpline,Night Line,000 111,Mon-Fri 18:00-08:00,2026-01-02\n"
    look = words(send(desk, table, **{"try": "1"}))
    assert "Nothing is changed yet" in look and "+ Night Line (everywhere)" in look and "1 new" in look
    assert not Resource.objects.exists() and not AuditEntry.objects.filter(verb="import resources").exists()
    assert "1 new, 0 changed, 0 the same" in told(send(desk, table))
    row = Resource.objects.get()
    assert hours_in_words(row.spans) == "Mon–Fri 18:00–08:00" and str(row.verified_on) == "2026-01-02"
    assert "0 new, 0 changed, 1 the same" in told(send(desk, table))
    assert Resource.objects.count() == 1
    assert AuditEntry.objects.filter(verb="import resources").count() == 1


def test_what_a_file_does_not_name_stays(desk):
    row = full(desk.organization, name="Night Line", division=None)
    send(desk, f"{HEAD}\nhelpline,night line,000 222\n")
    row.refresh_from_db()
    assert (row.phone, row.kind, row.cost_note) == ("000 222", "helpline", "From 0 to 20")
    assert row.opening.count() == 6


def test_a_verification_made_here_is_never_taken_back(desk):
    row = make.ResourceFactory(organization=desk.organization, name="Night Line", phone="000 111")
    for written in ("2020-01-01", ""):
        send(desk, f"{HEAD},verified_on\nhelpline,Night Line,000 111,{written}\n")
        row.refresh_from_db()
        assert row.verified_on == clock.today()


def test_one_bad_row_stops_the_file_unless_it_may_be_left_out(desk):
    table = f"{HEAD}\nhelpline,Night Line,000 111\nhelpline,,000 222\n"
    page = send(desk, table)
    assert page.status_code == 422 and "help.csv:3" in words(page) and "name is missing" in words(page)
    assert not Resource.objects.exists()
    assert "1 row was left out" in words(send(desk, table, skip_bad="on"))
    assert Resource.objects.get().name == "Night Line"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("helpline,=cmd|'/c calc'!A1,000 111", "help.csv:2 name begins like a formula"),
        ("helpline,@SUM(A1),000 111", "help.csv:2 name begins like a formula"),
        ("helpline,<script>alert(1)</script>,000 111", "help.csv:2 name has HTML in it"),
        ("helpline,Night Line,call us", "help.csv:2 phone: 'call us' is not one number"),
        ("helpline,Night Line,", "help.csv:2 there is no way to reach it"),
        ("hotline,Night Line,000", "help.csv:2 kind: 'hotline' is none of"),
        ("helpline,Night Line,000,more", "help.csv:2 4 cells instead of 3"),
        (f"helpline,{'x' * 20_000},000 111", "help.csv:2 name has 20,000 characters"),
        ("helpline,Night\x00Line,000 111", "help.csv:2 name has a control character"),
    ],
)
def test_hostile_cells_are_refused_by_line(desk, line, problem):
    page = send(desk, f"{HEAD}\n{line}\n")
    assert page.status_code == 422 and problem in words(page)
    assert not Resource.objects.exists()


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [
        ("website", "javascript:alert(1)", "no web address"),
        ("chat", "ftp://x.example.org/", "does not begin with https://"),
        ("opening", "Mon 9-17; Mon 16-18", "opening: Two of these hours overlap"),
        ("time_zone", "Mars/Olympus", "no time zone"),
        ("verified_on", "2999-01-01", "has not come yet"),
        ("verified_on", "yesterday", "is not a date"),
        ("place", "Nowhere", "there is none called"),
        ("emergency", "maybe", "neither yes nor no"),
        ("text_words", "HELLO", "no text_number"),
    ],
)
def test_cells_that_cannot_be_are_refused_with_their_column(desk, column, cell, problem):
    page = send(desk, f'{HEAD},{column}\nhelpline,Night Line,000 111,"{cell}"\n')
    assert page.status_code == 422 and problem in words(page)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (f"{HEAD}\nhelpline,{'x' * 10_000_000},000 111\n", "help.csv:2: not a table: field larger"),
        (f"{HEAD}\nhelpline,Línea,000\n".encode("latin-1"), "help.csv:2: not text in UTF-8"),
        (f"{HEAD}\nhelpline,Line,000\n".encode("utf-16"), "help.csv:1: not text in UTF-8"),
        (f'{HEAD}\nhelpline,"Line,000\n', "not a table"),
        (f"{HEAD},colour\nhelpline,Line,000,red\n", "help.csv:1: 'colour' is no column"),
        ("name\nLine\n", "help.csv:1: the columns kind are missing"),
        (HEAD, "has no rows"),
        ("x" * 20_000_001, "larger than 20 MB"),
    ],
)
def test_files_that_are_no_table_are_refused_whole(desk, content, problem):
    page = send(desk, content)
    assert page.status_code == 422 and problem in words(page)
    assert not Resource.objects.exists()


def test_the_same_twice_in_a_file_and_a_name_that_two_have_are_asked_about(desk):
    table = f"{HEAD}\nhelpline,Night Line,000 111\nhelpline,NIGHT LINE,000 222\n"
    assert "help.csv:3 the same as in help.csv:2" in words(send(desk, table))
    for _n in range(2):
        make.ResourceFactory(organization=desk.organization, name="Night Line")
    assert "2 are called 'Night Line' there" in words(send(desk, f"{HEAD}\nhelpline,Night Line,000 111\n"))


@pytest.mark.parametrize("second", ["helpline,Night Line,000 222", "helpline,Night Line,"])
def test_a_row_that_is_left_out_leaves_nothing_behind(desk, second):
    row = make.ResourceFactory(organization=desk.organization, name="Night Line", phone="000 111")
    rows = ["helpline,Evening Line,000 333", second]
    table = "\n".join([f"id,{HEAD}", *(f"{row.pk},{cells}" for cells in rows)])
    assert "the same as in help.csv:2" in words(send(desk, table, skip_bad="on"))
    row.refresh_from_db()
    assert (row.name, row.phone) == ("Evening Line", "000 333")


def test_a_file_writes_only_what_it_changes(desk):
    row = make.ResourceFactory(organization=desk.organization, name="Night Line", phone="000 111")
    with CaptureQueriesContext(connection) as asked:
        send(desk, f"{HEAD}\nhelpline,Night Line,000 222\n")
    written = next(q["sql"] for q in asked if q["sql"].startswith('UPDATE "policy_resource"'))
    assert "phone" in written and "recorded_on" in written
    assert not [name for name in ("is_listed", "verified_on", "cost") if f'"{name}" =' in written]
    row.refresh_from_db()
    assert row.phone == "000 222"


def test_another_organisations_entry_is_never_touched(desk):
    foreign = make.ResourceFactory(organization=make.OrganizationFactory(), name="Theirs")
    send(desk, f"id,{HEAD}\n{foreign.pk},helpline,Ours,000 222\n")
    foreign.refresh_from_db()
    assert foreign.name == "Theirs" and Resource.objects.get(organization=desk.organization).name == "Ours"


# Open Referral


def test_open_referral_services_are_taken_in(desk):
    assert "1 new" in told(send(desk, services(), "hsds"))
    row = Resource.objects.get()
    assert (row.kind, row.external_id, row.phone, row.text_number) == (
        "service",
        SERVICE["id"],
        "000 555 0180 ext 7",
        "000180",
    )
    assert (row.cost, row.cost_note, row.eligibility) == ("free", "", "From 12 years.")
    assert row.address == "3 Quay Row, Saltmouth" and row.languages == "English, es"
    assert hours_in_words(row.spans) == "Mon–Tue 10:00–18:00"
    assert row.verified_on is None  # nobody said when it was checked, so it is not shown
    assert "0 changed, 1 the same" in told(send(desk, services(), "hsds"))
    send(desk, services({"name": "Quay House", "status": "defunct", "assured_date": "2026-02-03"}), "hsds")
    row.refresh_from_db()
    assert (row.name, row.is_listed, str(row.verified_on)) == ("Quay House", False, "2026-02-03")


def test_what_was_added_by_hand_survives_the_next_file(desk):
    send(desk, services(), "hsds")
    Resource.objects.update(is_emergency=True, audience="families", kind="helpline")
    send(desk, services({"name": "Quay House"}), "hsds")
    row = Resource.objects.get()
    assert (row.name, row.is_emergency, row.audience, row.kind) == (
        "Quay House",
        True,
        "families",
        "helpline",
    )


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([SERVICE]),
        json.dumps(SERVICE),
        json.dumps({"id": "o", "name": "Quay", "services": [SERVICE]}),
        json.dumps(SERVICE) + "\n" + json.dumps({**SERVICE, "id": "9", "name": "Another"}),
    ],
)
def test_a_list_a_service_an_organization_and_lines_are_all_taken(desk, content):
    send(desk, content, "hsds")
    assert Resource.objects.filter(name="Quay Counselling").exists()


@pytest.mark.parametrize(
    "schedule",
    [
        {"freq": "MONTHLY", "byday": "2MO", "opens_at": "10:00", "closes_at": "12:00"},
        {"freq": "WEEKLY", "interval": 2, "byday": "MO", "opens_at": "10:00", "closes_at": "12:00"},
        {"freq": "WEEKLY", "byday": "MO", "opens_at": "10:00Z", "closes_at": "12:00Z"},
        {
            "freq": "WEEKLY",
            "byday": "MO",
            "opens_at": "10:00",
            "closes_at": "12:00",
            "valid_to": "2027-01-01",
        },
        *(
            {"byday": "MO", "opens_at": "10:00", "closes_at": "12:00", name: begins}
            for name in ("valid_from", "dtstart")
            for begins in ("2999-01-01", "next spring")
        ),
    ],
)
def test_hours_that_are_not_every_weeks_stay_words_and_nothing_is_said_to_be_open(desk, schedule):
    schedules = [{"id": "1", "description": "See our calendar.", **schedule}]
    send(desk, services({"schedules": schedules}), "hsds")
    row = Resource.objects.get()
    assert not row.spans and row.hours == "See our calendar"


def test_hours_that_begin_later_are_said_with_their_day_and_those_that_have_begun_count(desk):
    week = {"freq": "WEEKLY", "byday": "MO", "opens_at": "10:00", "closes_at": "12:00"}
    send(desk, services({"schedules": [{**week, "valid_from": "2999-01-01"}]}), "hsds")
    row = Resource.objects.get()
    assert not row.spans and row.hours == "2999-01-01 MO 10:00–12:00"
    send(desk, services({"schedules": [{**week, "valid_from": str(clock.today())}]}), "hsds")
    assert hours_in_words(Resource.objects.get().spans) == "Mon 10:00–12:00"


def test_a_service_that_was_taken_off_the_pages_here_is_not_put_back_by_its_file(desk):
    send(desk, services(), "hsds")
    assert Resource.objects.get().is_listed
    Resource.objects.update(is_listed=False)
    send(desk, services({"name": "Quay House"}), "hsds")
    row = Resource.objects.get()
    assert (row.name, row.is_listed) == ("Quay House", False)


def test_an_area_that_is_not_known_is_asked_about_and_may_be_given(desk):
    state = make.DivisionFactory(name="Vermont", country=desk.organization.country)
    content = services({"service_areas": [{"id": "1", "name": "All who live near the quay"}]})
    page = send(desk, content, "hsds")
    assert page.status_code == 422 and "service 1" in words(page) and "there is none called" in words(page)
    send(desk, content, "hsds", otherwise="Vermont")
    assert Resource.objects.get().division == state


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "not valid JSON"),
        ("[" * 100_000, "not valid JSON|nested too deeply|ends in the middle"),
        (services({"name": "<b>Bold</b>"}), "service 1 name has HTML"),
        (services({"phones": [{"number": "ask"}]}), "phones: 'ask' is not one number"),
        (services({"phones": "000"}), "phones must be a list"),
        (services({"id": None}), "id is missing"),
        (services({"url": "javascript:alert(1)"}), "url is no web address"),
        (json.dumps([1]), "a service must be a mapping"),
        (services().encode("utf-16"), "not text in UTF-8"),
    ],
)
def test_json_that_cannot_be_used_says_where_and_why(desk, content, problem):
    page = send(desk, content, "hsds")
    assert page.status_code == 422
    assert any(part in words(page) for part in problem.split("|")), words(page)[-900:]


# Giving out


@pytest.mark.parametrize(("name", "source"), [("resource-csv", "csv"), ("resource-hsds", "hsds")])
def test_what_is_given_out_is_taken_back_unchanged_here_and_whole_elsewhere(client, name, source):
    desk = Desk(client)
    full(desk.organization)
    always = make.ResourceFactory(organization=desk.organization, name="Crisis Line", is_always_open=True)
    exported = desk.get(name).content
    assert exported == desk.get(name).content
    assert "0 new, 0 changed, 2 the same" in told(send(desk, exported, source))
    other = Desk(client, make.OrganizationFactory(country=desk.organization.country))
    assert "2 new" in told(send(other, exported, source))
    for row in (Resource.objects.get(name="Monday Table", organization=desk.organization), always):
        copy = Resource.objects.get(name=row.name, organization=other.organization)
        left_out = {"id", "organization", "external_id", "recorded_on"}
        for field in Resource._meta.concrete_fields:
            if field.name not in left_out:
                assert getattr(copy, field.attname) == getattr(row, field.attname), field.name
        assert copy.spans == row.spans


def test_a_table_that_is_given_out_holds_no_formula(desk):
    full(desk.organization)
    rows = list(csv.reader(io.StringIO(desk.get("resource-csv").content.decode("utf-8-sig"))))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert "'-- come as you are" in rows[1]


def test_services_given_out_have_what_the_standard_asks_for(desk):
    full(desk.organization, verified_on=clock.today() - timedelta(days=3))
    page = desk.get("resource-hsds").json()
    assert page["total_items"] == 1 and page["last_page"] is True
    service = page["contents"][0]
    assert service["status"] == "active" and service["assured_date"] == str(clock.today() - timedelta(days=3))
    assert {phone["type"] for phone in service["phones"]} == {"voice", "text"}
    assert {"MO,TU,WE,TH,FR", "SA"} == {schedule["byday"] for schedule in service["schedules"]}
    assert [language.get("code") for language in service["languages"]] == ["en", "es", None]


def test_exports_hold_nothing_of_another_organisation(desk):
    make.ResourceFactory(organization=make.OrganizationFactory(), name="Theirs")
    for name in ("resource-csv", "resource-hsds"):
        assert "Theirs" not in desk.get(name).content.decode("utf-8-sig")


def test_the_command_takes_the_same_files(tmp_path):
    organization = make.OrganizationFactory()
    path = tmp_path / "help.json"
    path.write_text(services())
    options = {"organization": organization.slug, "stdout": io.StringIO(), "stderr": io.StringIO()}
    call_command("import_resources", "hsds", path, dry_run=True, **options)
    assert not Resource.objects.exists() and "+ Quay Counselling" in options["stdout"].getvalue()
    call_command("import_resources", "hsds", path, **options)
    assert Resource.objects.get().organization == organization
    path.write_text(services({"name": ""}))
    with pytest.raises(CommandError, match="1 bad row"):
        call_command("import_resources", "hsds", path, **options)
