"""Supporters found, tagged and taken out of the console: what people see, file by file and page by page."""

import csv
import io
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from campaigns.delivery import outbox, upkeep
from campaigns.jobs import engine, steps, supporter_export, tagging
from campaigns.links import manage_token
from contacts import clock
from contacts.models import AuditEntry, Consent, Job, JobPart, Organization, Supporter, Tag, Tagging
from tests import factories as make
from tests.campaigns.console import Desk, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    return Desk(client)


def person(desk, name, **fields):
    email = fields.pop("email", f"{name.split()[0].lower()}@people.example")
    return make.SupporterFactory(
        organization=desk.organization, name=name, email=email, canonical_email=email, **fields
    )


def agreed(supporter, purpose="contact", given=True):
    return Consent.objects.create(
        supporter=supporter, purpose=purpose, given=given, text="Write to me", text_version="1", language="en",
        source="a form", at=clock.now(),
    )  # fmt: skip


def found(desk, **query):
    """Who is in the list that a filter gives."""
    page = desk.get("supporter-list", **query)
    assert page.status_code == 200
    return {row.name.split()[0] for row in page.context["page"]}


def rows(answer):
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


# Finding ------------------------------------------------------------------------------------------


@pytest.fixture
def people(desk):
    ada = person(desk, "Ada Lovelace", postal_code="20001", city="Larkhaven", email="ada.l@people.example")
    bea = person(desk, "Béa O'Hara-Smith", postal_code="20002", city="Millbeck", email="bea@other.example")
    cy = person(desk, "Cy Young", postal_code="90210", city="Larkhaven", email="cy@people.example")
    person(desk, "Dee Erased", erased_at=clock.now())
    make.SupporterFactory(name="Eve Elsewhere")
    return ada, bea, cy


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("lovelace", {"Ada"}), ("ADA LOVE", {"Ada"}), ("lace", set()), ("smith o'hara", {"Béa"}),
        ("ada.l@people.example", {"Ada"}), ("ADA.L+news@people.example", {"Ada"}), ("bea@", {"Béa"}),
        ("larkhaven", {"Ada", "Cy"}), ("2000", {"Ada", "Béa"}), ("%", set()), ("_da", set()),
    ],
)  # fmt: skip
def test_people_are_found_by_name_mail_town_and_postal_code(desk, people, typed, who):
    assert found(desk, q=typed) == who


def test_filters_hold_together(desk, people):
    ada, bea, cy = people
    campaign = make.CampaignFactory(organization=desk.organization)
    for one, state in ((ada, "confirmed"), (bea, "withdrawn"), (cy, "confirmed")):
        make.PledgeFactory(campaign=campaign, supporter=one, state=state)
    make.PledgeFactory(campaign=campaign, supporter=bea, state="confirmed", is_test=True)
    assert found(desk, campaign=campaign.pk) == {"Ada", "Cy"}
    assert found(desk, campaign=campaign.pk, state="withdrawn") == {"Béa"}
    assert found(desk, state="confirmed", postal_code="200") == {"Ada"}
    assert found(desk, campaign=campaign.pk, q="larkhaven", postal_code="902") == {"Cy"}


def test_the_last_word_on_a_purpose_counts(desk, people):
    ada, bea, _cy = people
    agreed(ada)
    agreed(bea)
    agreed(bea, given=False)
    assert found(desk, consent="contact") == {"Ada"}
    assert found(desk, consent="-contact") == {"Béa", "Cy"}


def test_a_district_is_found_with_everything_in_it(desk, people):
    ada, _bea, cy = people
    state = make.DivisionFactory(name="State of Lakeland")
    district = make.DivisionFactory(name="Lower 7", parent=state)
    ward = make.DivisionFactory(name="Ward 3", parent=district)
    make.ResidenceFactory(supporter=ada, division=ward)
    make.ResidenceFactory(supporter=cy, division=state)
    assert found(desk, division="lakeland") == {"Ada", "Cy"}
    assert found(desk, division=district.ocd_id) == {"Ada"}
    assert found(desk, division="nowhere") == set()


def test_joined_between_and_never_confirmed(desk, people):
    ada, bea, _cy = people
    Supporter.objects.filter(pk=ada.pk).update(created_at=clock.now() - timedelta(days=10))
    make.PledgeFactory(campaign__organization=desk.organization, supporter=bea, state="withdrawn")
    today = clock.today().isoformat()
    assert found(desk, joined_from=today) == {"Béa", "Cy"}
    assert found(desk, joined_to=(clock.today() - timedelta(days=10)).isoformat()) == {"Ada"}
    assert found(desk, never_confirmed="on") == {"Ada", "Cy"}


def test_a_filter_that_can_not_be_read_finds_nobody_and_says_why(desk, people):
    page = desk.get("supporter-list", joined_from="yesterday")
    assert not page.context["page"].object_list and "Enter a valid date" in words(page)
    for query in ({"tag": "x"}, {"state": "x"}, {"consent": "x"}, {"campaign": make.CampaignFactory().pk}):
        assert desk.get("supporter-list", **query).status_code == 404, query
    assert desk.get("supporter-list", tag=make.TagFactory().pk).status_code == 404


def test_every_filter_at_once_asks_as_much_for_twenty_as_for_one(desk):
    campaign = make.CampaignFactory(organization=desk.organization)
    tag = make.TagFactory(organization=desk.organization)
    home = make.DivisionFactory(name="Lower 7")

    def grow(n):
        for _ in range(n):
            one = make.SupporterFactory(organization=desk.organization, postal_code="20001", name="Ada A")
            make.PledgeFactory(campaign=campaign, supporter=one)
            make.ResidenceFactory(supporter=one, division=home)
            make.TaggingFactory(tag=tag, supporter=one)
            agreed(one)

    query = {
        "q": "ada", "campaign": campaign.pk, "state": "confirmed", "tag": tag.pk, "consent": "contact",
        "postal_code": "200", "division": "lower", "joined_from": "2020-01-01",
    }  # fmt: skip
    grow(1)
    desk.get("supporter-list", **query)
    with CaptureQueriesContext(connection) as one:
        assert found(desk, **query) == {"Ada"}
    grow(19)
    with CaptureQueriesContext(connection) as twenty:
        assert len(desk.get("supporter-list", **query).context["page"].object_list) == 20
    assert len(twenty) == len(one)


# Tags ---------------------------------------------------------------------------------------------


def test_a_person_is_tagged_and_untagged_on_their_page(desk, people):
    ada, _bea, _cy = people
    desk.post("supporter-tag", ada.pk, tag="  Volunteer ")
    desk.post("supporter-tag", ada.pk, tag="VOLUNTEER")
    tag = Tag.objects.get()
    assert tag.name == "Volunteer" and found(desk, tag=tag.pk) == {"Ada"}
    desk.post("supporter-untag", ada.pk, tag.pk)
    assert found(desk, tag=tag.pk) == set()
    assert [e.verb for e in AuditEntry.objects.order_by("pk")] == [
        "add tag",
        "tag supporter",
        "untag supporter",
    ]


def test_everybody_found_is_tagged_after_a_page_that_says_how_many(desk, people):
    assert "Your search finds 2 people." in desk.read("tag-all", "tag", q="larkhaven")
    answer = desk.client.post(desk.url("tag-all", "tag") + "?q=larkhaven", {"tag": "harbour"})
    assert "2 people have the tag now" in words(desk.client.get(answer.url))
    tag = Tag.objects.get()
    assert found(desk, tag=tag.pk) == {"Ada", "Cy"}
    answer = desk.client.post(desk.url("tag-all", "untag") + f"?tag={tag.pk}&q=ada", {"tag": "Harbour"})
    assert "taken off 1 person" in words(desk.client.get(answer.url))
    assert found(desk, tag=tag.pk) == {"Cy"}


def test_taking_off_a_tag_that_there_is_not_is_an_error(desk, people):
    answer = desk.client.post(desk.url("tag-all", "untag"), {"tag": "harbour"})
    assert answer.status_code == 422 and "There is no tag of this name." in words(answer)
    assert not Job.objects.exists()


def test_a_tag_is_deleted_after_a_page_that_says_off_how_many(desk, people):
    tag = make.TaggingFactory(supporter=people[0], tag__organization=desk.organization).tag
    assert "It comes off 1 person." in desk.read("tag-delete", tag.pk)
    desk.post("tag-delete", tag.pk)
    assert not Tag.objects.exists() and Supporter.objects.filter(pk=people[0].pk).exists()


def test_tagging_many_goes_on_where_a_killed_worker_stopped(desk, monkeypatch):
    for n in range(5):
        person(desk, f"Person{n} Example")
    tag = make.TagFactory(organization=desk.organization)
    job = make.JobFactory(
        organization=desk.organization, kind="tag", params={"wanted": {}, "tag": str(tag.pk)}, total=5,
        requested_by=desk.user,
    )  # fmt: skip
    monkeypatch.setattr(tagging, "_PORTION", 2)
    assert steps.work(job.pk, seconds=0)  # one portion, then its worker was killed with the lease
    Job.objects.update(lease_until=clock.now() + engine.LEASE)
    assert engine.waiting_jobs() == [] and not steps.work(job.pk, seconds=9)
    assert Tagging.objects.count() == 2
    clock.move(engine.LEASE + timedelta(seconds=1))
    assert engine.waiting_jobs() == [job.pk] and not steps.work(job.pk, seconds=9)
    job.refresh_from_db()
    assert (job.state, job.done, job.result["changed"], Tagging.objects.count()) == ("done", 5, 5, 5)
    # Nobody watched: whoever asked gets one mail, and sees it at home until it is put away.
    outbox.send_due()
    assert [m.to for m in mail.outbox] == [[desk.user.email]] and "Tag added: Done" in mail.outbox[0].subject
    assert f"Tag added: {job.title}" in desk.read("console-home")
    desk.post("job-move", job.pk, "put-away")
    assert f"Tag added: {job.title}" not in desk.read("console-home")


def test_mails_to_who_works_here_come_in_the_language_they_chose_else_in_the_organisations(desk):
    Organization.objects.filter(pk=desk.organization.pk).update(language="fr")
    for _ in range(2):
        job = make.JobFactory(organization=desk.organization, kind="tag", requested_by=desk.user, params={})
        job.params = {"wanted": {}, "tag": str(make.TagFactory(organization=desk.organization).pk)}
        job.save()
        steps.work(job.pk, seconds=9)
        outbox.send_due()
        desk.client.post("/language/", {"language": "es", "next": "/"})
    assert ["ce que vous avez demandé" in m.body for m in mail.outbox] == [True, False]
    assert "Lo que pediste" in mail.outbox[1].body


def test_a_portion_whose_lease_was_lost_changes_nothing(desk, monkeypatch):
    person(desk, "Ada Lovelace")
    tag = make.TagFactory(organization=desk.organization)
    job = make.JobFactory(
        organization=desk.organization, kind="tag", params={"wanted": {}, "tag": str(tag.pk)}, total=1
    )

    def slow(job):
        Job.objects.filter(pk=job.pk).update(lease_until=clock.now() + timedelta(hours=1))  # somebody else's
        return tagging.add_portion(job)

    assert not engine.work(job.pk, {"tag": slow}, seconds=9)
    assert not Tagging.objects.exists()


def test_a_job_is_cancelled_and_one_that_is_over_is_not(desk):
    job = make.JobFactory(organization=desk.organization)
    desk.post("job-move", job.pk, "cancel")
    assert "It was cancelled." in desk.read("job", job.pk)
    assert not steps.work(job.pk, seconds=9)
    desk.post("job-move", job.pk, "cancel")
    assert AuditEntry.objects.count() == 1


def test_a_job_that_breaks_three_times_ends_with_a_sentence_and_a_mail(desk):
    job = make.JobFactory(organization=desk.organization, requested_by=desk.user)

    def broken(job):
        raise ZeroDivisionError

    for _ in range(3):
        outbox.send_due()
        assert not mail.outbox
        with pytest.raises(ZeroDivisionError):
            engine.work(job.pk, {"export": broken}, seconds=9)
    assert "It broke off. The log names the reason." in desk.read("job", job.pk)
    outbox.send_due()
    assert [m.to for m in mail.outbox] == [[desk.user.email]] and "could not be done" in mail.outbox[0].body


def test_a_portion_that_breaks_when_it_is_kept_counts_as_broken(desk, monkeypatch):
    job = make.JobFactory(organization=desk.organization, requested_by=desk.user)
    real, seen = engine.owe_job_news, []

    def dies(job, at):
        seen.append(1)
        if len(seen) <= 3:
            raise ZeroDivisionError
        real(job, at)

    monkeypatch.setattr(engine, "owe_job_news", dies)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            engine.work(job.pk, {"export": lambda job: "done"}, seconds=9)
    job.refresh_from_db()
    assert job.state == "failed" and not engine.waiting_jobs()


def test_a_page_that_does_not_show_all_letters_of_somebody_says_so(desk, people, monkeypatch):
    monkeypatch.setattr("campaigns.views.console.supporters._LETTERS", 1)
    assert "Pledges None yet. Letters None yet." in desk.read("supporter", people[0].pk)
    pledge = make.PledgeFactory(campaign__organization=desk.organization, supporter=people[0])
    make.LetterFactory(pledge=pledge)
    assert "These are the newest" not in desk.read("supporter", people[0].pk)
    make.LetterFactory(pledge=pledge)
    assert "These are the newest" in desk.read("supporter", people[0].pk)


# Exports ------------------------------------------------------------------------------------------


def exported(desk, query="", **data):
    data = {"format": "csv", "columns": ["name", "email", "tags", "campaigns", "consent_contact"], **data}
    answer = desk.client.post(desk.url("supporter-export") + query, data)
    assert answer.status_code == 302, words(answer)
    return Job.objects.latest("created_at")


def test_those_who_were_found_come_as_a_table_with_consent_and_its_wording(desk, people):
    ada, bea, _cy = people
    agreed(ada)
    make.TaggingFactory(supporter=ada, tag__organization=desk.organization, tag__name="harbour")
    make.PledgeFactory(campaign__organization=desk.organization, campaign__title="Lunch", supporter=ada)
    job = exported(desk, "?postal_code=200")
    table = rows(desk.post("job-file", job.pk))
    assert table[0][:4] == ["Name", "Mail address", "Tags", "Campaigns with a confirmed pledge"]
    by_name = {row[0]: row[1:] for row in table[1:]}
    assert set(by_name) == {"Ada Lovelace", "Béa O'Hara-Smith"}
    assert by_name["Ada Lovelace"][:4] == ["ada.l@people.example", "harbour", "Lunch", "yes"]
    assert by_name["Ada Lovelace"][5:] == ["1", "a form"]
    assert by_name["Béa O'Hara-Smith"][3] == "not asked"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_cell_is_a_formula(desk, kind):
    for sign in ("=", "+", "-", "@", "\t", "\r", "＝"):
        person(desk, "Ada", city=f"{sign}1+1", email=f"{ord(sign)}@people.example")
    job = exported(desk, format=kind, columns=["city"])
    answer = desk.post("job-file", job.pk)
    if kind == "csv":
        cells = [row[0] for row in rows(answer)[1:]]
    else:
        sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        assert all(row[0].data_type == "s" for row in sheet.rows)
        cells = [row[0].value for row in list(sheet.rows)[1:]]
    assert len(cells) == 7 and all(cell.startswith("'") for cell in cells)


def test_an_export_goes_on_where_it_stopped_and_has_everybody_once(desk, monkeypatch):
    monkeypatch.setattr("campaigns.jobs.supporter_export._PORTION", 2)
    for n in range(7):
        person(desk, f"Person{n} Example")
    for kind in ("csv", "xlsx"):
        job = make.JobFactory(
            organization=desk.organization,
            params={"wanted": {}, "columns": ["name"], "format": kind},
            total=7,
        )
        while steps.work(job.pk, seconds=0):
            pass
        answer = desk.post("job-file", job.pk)
        if kind == "csv":
            names = [row[0] for row in rows(answer)]
        else:
            sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content)), read_only=True).active
            names = [row[0] for row in sheet.values]
        assert sorted(names) == ["Name"] + [f"Person{n} Example" for n in range(7)]


def test_the_audit_log_says_who_took_how_many_by_which_filter_and_names_nobody(desk, people):
    job = exported(desk, "?q=lovelace")
    desk.post("job-file", job.pk)
    asked, taken = AuditEntry.objects.order_by("pk")
    assert (asked.verb, asked.actor, asked.detail["people"]) == ("start export", desk.user, 1)
    assert asked.detail["filter"] == ["words"] and "lovelace" not in str(asked.detail)
    assert (taken.verb, taken.detail["people"]) == ("download export", 1)


def test_exports_are_for_owners_and_organizers_of_the_organisation(client, people, desk):
    job = exported(desk)
    for role in ("staff", "reviewer"):
        other = Desk(client, desk.organization, role)
        assert other.get("supporter-export").status_code == 403
        assert other.post("job-file", job.pk).status_code == 403
    stranger = Desk(client, role="owner")
    assert stranger.get("job", job.pk).status_code == stranger.post("job-file", job.pk).status_code == 404


def test_in_production_an_export_needs_a_second_factor(desk, people, settings):
    job = exported(desk)
    settings.PRODUCTION = True
    assert desk.get("supporter-export").url == "/accounts/2fa/"
    assert desk.post("job-file", job.pk).url == "/accounts/2fa/"
    assert not AuditEntry.objects.filter(verb="download export").exists()
    Authenticator.objects.create(user=desk.user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert desk.get("supporter-export").status_code == 200
    assert desk.post("job-file", job.pk).status_code == 200


def test_somebody_erased_while_the_file_is_made_is_not_in_it(desk, people, monkeypatch):
    job = make.JobFactory(organization=desk.organization, total=3)
    real = tagging.next_ids

    def late(job, n):
        ids = real(job, n)
        Supporter.objects.filter(pk=people[0].pk).update(erased_at=clock.now())
        return ids

    monkeypatch.setattr("campaigns.jobs.supporter_export.next_ids", late)
    steps.work(job.pk, seconds=9)
    assert "Ada Lovelace" not in str(rows(desk.post("job-file", job.pk)))


def test_a_file_is_gone_after_a_week(desk, people):
    job = exported(desk)
    clock.move(timedelta(days=8))
    upkeep.forget_job_files()
    assert not JobPart.objects.exists() and "it was kept for a week" in desk.read("job", job.pk)
    assert desk.post("job-file", job.pk).status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_that_is_under_way_begins_again_when_somebody_is_erased(
    client, desk, people, monkeypatch, kind
):
    monkeypatch.setattr("campaigns.jobs.supporter_export._PORTION", 1)
    pledge = make.PledgeFactory(
        campaign__organization=desk.organization, supporter=people[0], email=people[0].email
    )
    job = make.JobFactory(
        organization=desk.organization, params={"wanted": {}, "columns": ["name"], "format": kind}, total=3
    )
    for _ in range(3):
        assert steps.work(job.pk, seconds=0)
    client.post(f"/p/{manage_token(pledge)}/erase/", {"sure": "1"})
    assert not JobPart.objects.exists()
    while steps.work(job.pk, seconds=0):
        pass
    answer = desk.post("job-file", job.pk)
    if kind == "csv":
        names = [row[0] for row in rows(answer)]
    else:
        names = [
            row[0] for row in load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values
        ]
    assert sorted(names) == ["Béa O'Hara-Smith", "Cy Young", "Name"]
    job.refresh_from_db()
    assert job.result == {"rows": 2}


def test_a_portion_that_read_somebody_before_they_were_erased_is_not_kept(client, desk, people, monkeypatch):
    pledge = make.PledgeFactory(
        campaign__organization=desk.organization, supporter=people[0], email=people[0].email
    )
    job = make.JobFactory(organization=desk.organization, total=3)
    real, seen = supporter_export._rows, []

    def slow(ids, columns):
        found = real(ids, columns)
        if not seen:
            seen.append(client.post(f"/p/{manage_token(pledge)}/erase/", {"sure": "1"}))
        return found

    monkeypatch.setattr(supporter_export, "_rows", slow)
    assert not steps.work(job.pk, seconds=9) and not JobPart.objects.exists()


def test_a_search_for_a_name_is_forgotten_with_its_person(client, desk, people):
    pledge = make.PledgeFactory(
        campaign__organization=desk.organization, supporter=people[0], email=people[0].email
    )
    job, other = exported(desk, "?q=Lovelace&postal_code=200"), exported(desk, "?q=young")
    client.post(f"/p/{manage_token(pledge)}/erase/", {"sure": "1"})
    job.refresh_from_db()
    other.refresh_from_db()
    assert job.params["wanted"] == {"postal_code": "200"} and other.params["wanted"] == {"words": "young"}


def test_the_last_day_of_the_calendar_is_no_error(desk, people):
    assert found(desk, joined_to="9999-12-31", joined_from="0001-01-01") == {"Ada", "Béa", "Cy"}


def test_a_record_that_was_joined_with_another_is_not_counted_under_its_tag(desk, people):
    tag = make.TagFactory(organization=desk.organization)
    for one in people[:2]:
        make.TaggingFactory(supporter=one, tag=tag)
    desk.post("supporter-merge", people[0].pk, people[1].pk)
    assert [t.people for t in desk.get("tag-list").context["tags"]] == [1]
    assert "It comes off 1 person." in desk.read("tag-delete", tag.pk)
