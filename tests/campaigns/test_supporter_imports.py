"""Lists of people: guessed, mapped, looked at, imported, reported, resumed and taken back."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.actions.confirmations import confirm_pledge
from campaigns.actions.pledges import Signing, sign_pledge
from campaigns.actions.supporter_imports import MOST_BYTES
from campaigns.actions.supporters import never_write_again
from campaigns.jobs import engine, import_rows, import_undo, parts, steps, supporter_import
from campaigns.jobs.import_report import OUTCOMES
from campaigns.links import confirm_token
from contacts import clock
from contacts.importers.supporters_csv import guess
from contacts.models import AuditEntry, Consent, Job, JobPart, Purpose, Residence, Supporter, Tag
from tests import factories as make
from tests.campaigns.console import Desk, words

pytestmark = pytest.mark.django_db

AGREED = {
    "purposes": ["contact"], "source": "Summer fair, Larkhaven", "on": "2026-01-05", "text": "Write to me about care.",
}  # fmt: skip


@pytest.fixture
def desk(client):
    return Desk(client)


def sent_in(desk, text, name="fair.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    answer = desk.post("supporter-import", file=SimpleUploadedFile(name, data))
    assert answer.status_code == 302, words(answer)
    return Job.objects.latest("created_at")


def planned(desk, job, **data):
    """Send the plan as it is guessed, with `data`."""
    form = {f"column{n}": meant for n, meant in enumerate(job.params["columns"])}
    answer = desk.post("supporter-import-plan", job.pk, **{**form, **data})
    job.refresh_from_db()
    return answer


def imported(desk, rows, /, **data):
    job = sent_in(desk, rows)
    assert planned(desk, job, **data).status_code == 302
    assert job.state == "waiting", (job.state, job.error)
    desk.post("supporter-import-apply", job.pk)
    job.refresh_from_db()
    assert job.state == "done", (job.state, job.error)
    return job


def counts(job):
    return {name: job.result[name] for name in OUTCOMES if job.result[name]}


def report(desk, job):
    answer = desk.get("supporter-import-report", job.pk)
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


LIST = """Full name,E-mail,ZIP code,Notes
Ada Lovelace,Ada@people.example,10101,likes cake
Béa Smith,bea@people.example,10102,
"""


def test_a_list_is_looked_at_before_anything_is_imported(desk):
    job = sent_in(desk, LIST)
    assert job.params["columns"] == ["name", "email", "postal_code", ""]
    page = desk.read("supporter-import-plan", job.pk)
    assert "The list has about 2 rows." in page and "Ada Lovelace · Béa Smith" in page
    planned(desk, job)
    page = desk.read("job", job.pk)
    assert "New people 2" in page and "none of them gets any" in page
    assert not Supporter.objects.exists()
    desk.post("supporter-import-apply", job.pk)
    assert sorted(Supporter.objects.values_list("name", "email", "postal_code")) == [
        ("Ada Lovelace", "Ada@people.example", "10101"), ("Béa Smith", "bea@people.example", "10102"),
    ]  # fmt: skip
    assert not Consent.objects.exists() and not JobPart.objects.filter(role="source").exists()
    assert AuditEntry.objects.get().verb == "import supporters"
    desk.post("supporter-import-apply", job.pk)  # pressed twice
    assert Supporter.objects.count() == 2 and AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    "data",
    [
        LIST.replace(",", ";").encode("cp1252"), LIST.replace("\n", "\r\n").encode("utf-8-sig"),
        LIST.replace(",", "\t").encode("utf-16"), LIST.replace("\n", "\r").encode(), LIST.rstrip().encode(),
    ],
)  # fmt: skip
def test_lists_of_every_spreadsheet_are_read(desk, data):
    job = imported(desk, data)
    assert counts(job) == {"created": 2}
    assert Supporter.objects.filter(name="Béa Smith").exists()


def test_headings_are_guessed_as_other_programs_write_them():
    assert guess(["First Name", "Last Name", "Email Address", "Zip/Postal Code", "Prénom"]) == [
        "given_name", "family_name", "email", "postal_code", "",
    ]  # fmt: skip
    assert guess(["Correo electrónico", "Nombre", "Código postal"]) == ["email", "name", "postal_code"]
    assert guess(["name", "first_name", "last_name"]) == ["", "given_name", "family_name"]


def test_what_columns_mean_is_remembered(desk):
    job = sent_in(desk, LIST)
    planned(desk, job, column3="city")
    assert sent_in(desk, LIST).params["columns"] == ["name", "email", "postal_code", "city"]
    assert sent_in(desk, LIST.replace("Notes", "Else")).params["columns"][3] == ""


def test_a_plan_can_be_changed_after_it_was_looked_at(desk):
    job = sent_in(desk, LIST)
    planned(desk, job, tags="fair", column2="", **AGREED)
    page = desk.get("supporter-import-plan", job.pk).content.decode()
    assert (
        'value="fair"' in page
        and "Write to me about care.</textarea>" in page
        and 'value="2026-01-05"' in page
    )
    planned(desk, job, **AGREED)
    desk.post("supporter-import-apply", job.pk)
    assert not Supporter.objects.exclude(taggings=None).exists()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"column1": ""}, "Say which column has the mail address"),
        ({"column0": ""}, "Say which column has the name"),
        ({"column3": "email"}, "Two columns can’t mean the same."),
        ({"column3": "agreed"}, "A column says who agreed. Say to what."),
        ({**AGREED, "source": ""}, "Without this nobody could show that they agreed."),
        ({**AGREED, "on": ""}, "Without this nobody could show that they agreed."),
        ({**AGREED, "text": " "}, "Without this nobody could show that they agreed."),
        ({**AGREED, "on": "2999-01-01"}, "This day is yet to come."),
        ({"column0": "shoe size"}, "Select a valid choice"),
    ],
)
def test_a_plan_that_can_not_work_is_an_error_at_its_field(desk, change, why):
    job = sent_in(desk, LIST)
    answer = planned(desk, job, **change)
    assert answer.status_code == 422 and why in words(answer) and job.state == "draft"


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"PK\x03\x04 a workbook", ("x," * 200).encode(), b'"never closed\n' * 3]
)
def test_what_is_no_list_is_refused_and_nothing_is_kept(desk, data):
    answer = desk.post("supporter-import", file=SimpleUploadedFile("x.csv", data))
    if answer.status_code == 422:
        assert not Job.objects.exists() and not JobPart.objects.exists()
    else:
        assert data.startswith(b'"')  # one cell of three lines is a heading, too


def test_a_list_has_a_size(desk, monkeypatch):
    assert MOST_BYTES == 100_000_000
    monkeypatch.setattr("campaigns.actions.supporter_imports.MOST_BYTES", 50)
    answer = desk.post("supporter-import", file=SimpleUploadedFile("x.csv", LIST.encode() * 9000))
    assert answer.status_code == 422 and "larger than" in words(answer)


def test_each_bad_row_is_named_with_its_reason_and_the_others_go_on(desk):
    job = imported(
        desk,
        "name,email,postal code,country,tags\n"
        "Ada,ada@people.example,10101,,\n"
        ",nobody@people.example,,,\n"
        "Bea,not an address,,,\n"
        "Cy,,,,\n"
        "\n"
        "http://spam.example,x@people.example,,,\n"
        f"{'n' * 81},y@people.example,,,\n"
        "Di,di@people.example,?,,\n"
        "Ed,ed@people.example,,Utopia,\n"
        f"Flo,flo@people.example,,,{'t' * 41}\n"
        "Gus\x07,gus@people.example,,,\n"
        '"Hal\nof two lines",hal@people.example,10103,,\n'
        "Ada again,ADA+fair@people.example,,,\n",
    )
    assert counts(job) == {"created": 2, "duplicate": 1, "refused": 9}
    by_row = {row[0]: row[1:] for row in report(desk, job)[1:]}
    assert by_row["2"] == ["new", ""] and by_row["3"] == ["refused", "The name is missing."]
    assert (
        by_row["4"][1] == "This is not a mail address, such as name@example.org."
        and by_row["5"][1] == "The mail address is missing."
    )
    assert by_row["14"] == ["twice in the list", "The same person as row 2."]
    assert "people.example" not in str(by_row)
    assert "Row 3: The name is missing." in desk.read("job", job.pk)
    assert Supporter.objects.get(canonical_email="hal@people.example").name == "Hal of two lines"


def test_people_who_are_here_are_found_by_their_mailbox_and_only_gaps_are_filled(desk):
    here = make.SupporterFactory(
        organization=desk.organization,
        name="Ada L.",
        email="ada@gmail.com",
        canonical_email="ada@gmail.com",
        city="",
    )
    other = make.SupporterFactory(
        name="Ada Elsewhere", email="ada@gmail.com", canonical_email="ada@gmail.com"
    )
    text = "name,email,city\nAda Lovelace,A.D.A+x@googlemail.com,Larkhaven\n"
    job = imported(desk, text)
    here.refresh_from_db()
    assert counts(job) == {"updated": 1} and (here.name, here.city) == ("Ada L.", "Larkhaven")
    assert counts(imported(desk, text)) == {"unchanged": 1}
    assert counts(imported(desk, text, replaces="on")) == {"updated": 1}
    here.refresh_from_db()
    other.refresh_from_db()
    assert here.name == "Ada Lovelace" and other.name == "Ada Elsewhere"


def test_what_people_agreed_to_is_kept_word_for_word(desk):
    imported(desk, LIST, **AGREED)
    consent = Consent.objects.filter(supporter__name="Ada Lovelace").get()
    assert (consent.purpose, consent.given, consent.text) == ("contact", True, "Write to me about care.")
    assert consent.source.startswith("Summer fair, Larkhaven") and f"{consent.at:%Y-%m-%d}" == "2026-01-05"
    imported(desk, LIST, **AGREED)  # a second time says nothing new
    assert Consent.objects.count() == 2


def test_a_column_says_who_agreed(desk):
    text = "name,email,opt-in\nAda,ada@people.example,yes\nBea,bea@people.example,no\nCy,cy@people.example,maybe\n"
    job = imported(desk, text, **AGREED)
    assert counts(job) == {"created": 2, "refused": 1}
    assert [c.supporter.name for c in Consent.objects.all()] == ["Ada"]


def test_a_no_and_a_stop_hold_against_every_list(desk):
    ada = make.SupporterFactory(
        organization=desk.organization, email="ada@people.example", canonical_email="ada@people.example"
    )
    Consent.objects.create(
        supporter=ada, purpose="contact", given=False, text="No more", text_version="1", language="en",
        source="page", at=clock.now() - timedelta(days=400),
    )  # fmt: skip
    never_write_again(canonical="bea@people.example")
    job = imported(desk, LIST, **AGREED)
    assert not Consent.objects.in_force(ada, Purpose.CONTACT)
    assert not Consent.objects.filter(supporter__email="bea@people.example").exists()
    said = str(report(desk, job))
    assert "They said no before, and that holds." in said and "never to be written to, and that holds" in said


def test_an_erased_person_does_not_come_back(desk):
    ada = make.SupporterFactory(
        organization=desk.organization, name="", email="ada@people.example", canonical_email="ada@people.example",
        erased_at=clock.now(),
    )  # fmt: skip
    job = imported(desk, LIST, replaces="on", tags="fair", **AGREED)
    ada.refresh_from_db()
    assert counts(job) == {"created": 1, "refused": 1} and ada.name == ""
    assert not ada.consents.exists() and not ada.taggings.exists()
    assert "This person had their data erased." in str(report(desk, job))


def test_tags_for_all_and_tags_of_a_row(desk):
    make.TagFactory(organization=desk.organization, name="Harbour")
    text = 'name,email,tags\nAda,ada@people.example,"harbour, nurse"\nBea,bea@people.example,\n'
    imported(desk, text, tags="Fair 2026, harbour")
    tagged = {p.name: sorted(t.tag.name for t in p.taggings.all()) for p in Supporter.objects.all()}
    assert tagged == {"Ada": ["Fair 2026", "Harbour", "nurse"], "Bea": ["Fair 2026", "Harbour"]}
    assert Tag.objects.count() == 3


def test_a_postal_code_that_leaves_no_doubt_says_where_people_live(desk):
    sure = make.PostalAreaFactory(code="10101")
    for division in (make.DivisionFactory(), make.DivisionFactory()):
        make.PostalAreaFactory(code="10102", division=division)
    imported(desk, LIST)
    assert [r.division for r in Residence.objects.all()] == [sure.division]


@pytest.fixture
def many(desk, monkeypatch):
    monkeypatch.setattr(import_rows, "PORTION", 3)
    monkeypatch.setattr(import_undo, "_PORTION", 3)
    rows = [f"Person {n},p{n}@people.example,10101" for n in range(8)]
    return "name,email,postal code\n" + "\n".join([*rows, rows[0], rows[7]]) + "\n"


def test_portions_together_say_what_one_would(desk, many):
    job = imported(desk, many, tags="fair", **AGREED)
    assert counts(job) == {"created": 8, "duplicate": 2} and job.done == 10
    assert [int(row[0]) for row in report(desk, job)[1:]] == list(range(2, 12))
    assert Supporter.objects.count() == Consent.objects.count() == 8


def test_an_import_goes_on_in_the_row_where_a_killed_worker_stopped(desk, many, monkeypatch):
    monkeypatch.setattr(parts, "PIECE", 40)  # pieces that end inside rows
    job = sent_in(desk, many)
    planned(desk, job, **AGREED)
    real, seen = supporter_import.agree, []

    def dies(*args):
        seen.append(1)
        if len(seen) == 2:
            raise KeyboardInterrupt
        real(*args)

    monkeypatch.setattr(supporter_import, "agree", dies)
    with pytest.raises(KeyboardInterrupt):
        desk.post("supporter-import-apply", job.pk)
    # The portion it was at is gone as a whole, with the people it had made.
    assert Supporter.objects.count() == Consent.objects.count() == 3
    clock.move(engine.LEASE + timedelta(seconds=1))
    assert engine.waiting_jobs() == [job.pk]
    steps.work(job.pk, seconds=9)
    job.refresh_from_db()
    assert counts(job) == {"created": 8, "duplicate": 2} and Consent.objects.count() == 8
    assert [int(row[0]) for row in report(desk, job)[1:]] == list(range(2, 12))


def test_a_cancelled_import_keeps_what_it_did_and_can_be_taken_back(desk, many):
    job = sent_in(desk, many)
    planned(desk, job)
    Job.objects.filter(pk=job.pk).update(
        state="running", params={**job.params, "is_approved": True}, cursor={}, result={}, done=0
    )
    assert steps.work(job.pk, seconds=0)
    desk.post("job-move", job.pk, "cancel")
    assert "What was done before stays done." in desk.read("job", job.pk)
    assert Supporter.objects.count() == 3
    desk.post("supporter-import-undo", job.pk)
    assert not Supporter.objects.exists()


# Taking back --------------------------------------------------------------------------------------


def test_taking_an_import_back_leaves_those_who_did_something_since(desk):
    text = LIST + "Cy Young,cy@people.example,10103,\nDee Day,dee@people.example,10104,\n"
    here = make.SupporterFactory(
        organization=desk.organization, email="dee@people.example", canonical_email="dee@people.example"
    )
    job = imported(desk, text, **AGREED)
    make.PledgeFactory(
        campaign__organization=desk.organization, supporter=Supporter.objects.get(name="Béa Smith")
    )
    Consent.objects.create(
        supporter=Supporter.objects.get(name="Cy Young"), purpose="contact", given=False, text="No", text_version="1",
        language="en", source="page", at=clock.now(),
    )  # fmt: skip
    page = desk.read("supporter-import-undo", job.pk)
    assert "1 person whom this import made" in page and "2 people stay" in page
    answer = desk.post("supporter-import-undo", job.pk)
    assert "1 person was taken out." in words(desk.client.get(answer.url))
    left = set(Supporter.objects.values_list("email", flat=True))
    assert left == {"bea@people.example", "cy@people.example", here.email}


def test_there_is_nothing_to_take_back_of_a_plan(desk):
    job = sent_in(desk, LIST)
    assert "Nobody is left" in desk.read("supporter-import-undo", job.pk)
    desk.post("supporter-import-undo", job.pk)
    assert Job.objects.count() == 1


def test_somebody_imported_signs_and_is_one_person(desk):
    imported(desk, "name,email,postal code\nAda,ada@gmail.com,20000\n")
    campaign = make.campaign_with_targets(posts=1, organization=desk.organization)
    signing = Signing(name="Ada Lovelace", email="a.da@gmail.com", postal_code="20000", country="zz")
    pledge = sign_pledge(campaign=campaign, signing=signing)
    confirm_pledge(token=confirm_token(pledge))
    assert Supporter.objects.get().name == "Ada Lovelace"


# Rights -------------------------------------------------------------------------------------------


def test_a_list_is_for_owners_and_organizers_of_its_organisation(client, desk):
    job = imported(desk, LIST)
    names = ["supporter-import-plan", "supporter-import-report", "supporter-import-undo"]
    for role in ("staff", "reviewer"):
        other = Desk(client, desk.organization, role)
        assert all(other.get(name, job.pk).status_code == 403 for name in names)
        assert other.post("supporter-import").status_code == 403
    stranger = Desk(client, role="owner")
    assert all(stranger.get(name, job.pk).status_code == 404 for name in names)
    assert stranger.post("supporter-import-apply", job.pk).status_code == 404
    export = make.JobFactory(organization=stranger.organization)
    assert stranger.get("supporter-import-plan", export.pk).status_code == 404


# What went wrong once -----------------------------------------------------------------------------


def test_believing_the_list_leaves_what_it_does_not_say(desk):
    here = make.SupporterFactory(
        organization=desk.organization, email="ada@people.example", canonical_email="ada@people.example",
        country="ca", language="fr",
    )  # fmt: skip
    imported(desk, LIST, replaces="on")
    here.refresh_from_db()
    assert (here.country, here.language) == ("ca", "fr")
    bea = Supporter.objects.get(email="bea@people.example")
    assert (bea.country, bea.language) == (desk.organization.country, desk.organization.language)


def test_two_lists_are_looked_at_by_turns_and_end_with_their_doubles_told(desk, many):
    jobs = [sent_in(desk, many), sent_in(desk, many)]
    for job in jobs:
        columns = {**job.params, "replaces": False, "tags": [], "consent": None}
        Job.objects.filter(pk=job.pk).update(params=columns, state="running")
    for _ in range(4):
        for job in jobs:
            steps.work(job.pk, seconds=0)
    for job in jobs:
        job.refresh_from_db()
        assert job.state == "waiting" and counts(job) == {"created": 8, "duplicate": 2}


def test_a_look_that_broke_off_in_a_portion_tells_nobody_as_double(desk, many, monkeypatch):
    job = sent_in(desk, many)
    real, seen = supporter_import.note, []

    def dies(*args):
        seen.append(1)
        if len(seen) == 2:
            raise KeyboardInterrupt
        real(*args)

    monkeypatch.setattr(supporter_import, "note", dies)
    with pytest.raises(KeyboardInterrupt):
        planned(desk, job)
    clock.move(engine.LEASE + timedelta(seconds=1))
    steps.work(job.pk, seconds=9)
    job.refresh_from_db()
    assert counts(job) == {"created": 8, "duplicate": 2} and job.done == 10


def test_a_quote_that_is_never_closed_is_said_and_no_error(desk):
    job = sent_in(desk, 'name,email\n"Ada,ada@people.example\n' + "x" * 140_000)
    assert desk.get("supporter-import-plan", job.pk).status_code == 200
    planned(desk, job)
    assert job.state == "failed" and "can’t be read to its end" in job.error


def test_signs_that_no_database_keeps_are_taken_out_or_refused(desk):
    job = sent_in(desk, "na\0me,email,tags\nAda,ada@people.example,fa\0ir\nBea,bea@people.example,fair\n")
    assert job.params["headings"] == ["name", "email", "tags"]
    planned(desk, job)
    assert counts(job) == {"created": 1, "refused": 1}


# Signs that mean something to a table, to an array or to a statement: what a row says, and what is kept of it.
ODD = [
    ('D"Arcy \\ Søn', 'D"Arcy \\ Søn'),
    ("{Ada},{Bea}", "{Ada},{Bea}"),
    ("NULL", "NULL"),
    ("N \\N \\. \\x41", "N \\N \\. \\x41"),
    ("Robert'); DROP TABLE--", "Robert'); DROP TABLE--"),
    ("Ada %s %(x)s 100%", "Ada %s %(x)s 100%"),
    ("Ada\tof\nLarkhaven", "Ada of Larkhaven"),
    ("Zoë 🌊 日本", "Zoë 🌊 日本"),
]


def odd_list():
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["name", "email", "street", "postal code"])
    for n, (written, _kept) in enumerate(ODD):
        rows.writerow([written, f"o'{{{n}}}%s@people.example", written, "10101"])
    rows.writerow(["Ada", "ada@people.example", "1 Quay\0Street", "10101"])
    rows.writerow(["Ada", "a\0da@people.example", "1 Quay Street", "10101"])
    return out.getvalue()


def test_signs_that_mean_something_to_a_database_are_kept_as_they_were_written(desk):
    job = imported(desk, odd_list())
    assert counts(job) == {"created": len(ODD), "refused": 2}
    assert [row for row, _why in job.result["bad"]] == [len(ODD) + 2, len(ODD) + 3]
    assert "Street and number: there is an invisible character in it." in job.result["bad"][0][1]
    assert "This is not a mail address" in job.result["bad"][1][1]
    people = Supporter.objects.order_by("canonical_email")
    kept = [kept for _written, kept in ODD]
    assert [person.name for person in people] == [person.street for person in people] == kept
    assert [person.email for person in people] == [f"o'{{{n}}}%s@people.example" for n in range(len(ODD))]
    # They are found by what they are known by.
    assert counts(imported(desk, odd_list())) == {"unchanged": len(ODD), "refused": 2}


def test_a_tag_that_was_deleted_after_the_plan_is_said_and_nothing_is_imported(desk):
    job = sent_in(desk, LIST)
    planned(desk, job, tags="fair")
    desk.post("tag-delete", Tag.objects.get().pk)
    desk.post("supporter-import-apply", job.pk)
    job.refresh_from_db()
    assert job.state == "waiting" and not Supporter.objects.exists()
    assert desk.get("supporter-import-plan", job.pk).status_code == 200
    planned(desk, job, tags="fair")
    desk.post("supporter-import-apply", job.pk)
    job.refresh_from_db()
    assert job.state == "done"
