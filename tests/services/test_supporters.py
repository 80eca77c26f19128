"""Supporters on PostgreSQL: lists that race, people who sign while their list is taken back, and a million to look through."""

import io
from functools import partial

import pytest
from django.db import connection

from campaigns import people
from campaigns.actions.confirmations import confirm_pledge
from campaigns.actions.jobs import begin
from campaigns.actions.merges import merge_supporters
from campaigns.actions.pledges import Signing, sign_pledge
from campaigns.actions.supporter_imports import approve_import, plan_import, start_undo, take_list
from campaigns.errors import ActionRefused
from campaigns.jobs import import_rows, steps
from campaigns.links import confirm_token
from campaigns.people import Wanted
from campaigns.permissions import zone_of
from contacts.models import Job, JobState, Supporter, Tagging
from tests import factories as make
from tests.campaigns.test_supporter_imports import ODD, odd_list
from tests.services.test_races import all_at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def looked_at(role, rows):
    """A list that was read and waits for somebody to say yes."""
    data = "name,email,postal code,tags\n" + "".join(f"{row}\n" for row in rows)
    return sent_in(role, data, ["name", "email", "postal_code", "tags"])


def sent_in(role, data, columns):
    job = take_list(
        organization=role.organization, name="list.csv", file=io.BytesIO(data.encode()), actor=role.user
    )
    plan_import(job=job, columns=columns, replaces=False, tags=["fair"], agreement=None, actor=role.user)
    return begin(job)


def imported(role, job):
    approve_import(job=job, actor=role.user)
    while steps.work(job.pk, seconds=60):
        pass
    return Job.objects.get(pk=job.pk)


def test_two_imports_of_one_list_at_once_make_everybody_once(monkeypatch):
    monkeypatch.setattr(import_rows, "PORTION", 100)
    role = make.RoleFactory(name="owner")
    rows = [f"Person {n},p{n}@people.example,10101,nurse" for n in range(1000)]
    jobs = [looked_at(role, rows), looked_at(role, list(reversed(rows)))]
    done = all_at_once(2, lambda n: imported(role, jobs[n]))
    assert [job.state for job in done] == [JobState.DONE] * 2
    assert sum(job.result["created"] for job in done) == 1000 == Supporter.objects.count()
    assert sum(job.result["unchanged"] for job in done) == 1000
    assert Tagging.objects.count() == 2000


def test_signs_that_mean_something_to_the_database_come_through_two_imports_at_once_as_written():
    role = make.RoleFactory(name="owner")
    jobs = [sent_in(role, odd_list(), ["name", "email", "street", "postal_code"]) for _ in range(2)]
    done = all_at_once(2, lambda n: imported(role, jobs[n]))
    assert (
        sum(job.result["created"] for job in done) == sum(job.result["unchanged"] for job in done) == len(ODD)
    )
    assert all([row for row, _why in job.result["bad"]] == [len(ODD) + 2, len(ODD) + 3] for job in done)
    people = Supporter.objects.order_by("canonical_email")
    kept = [kept for _written, kept in ODD]
    assert [person.name for person in people] == [person.street for person in people] == kept


def test_one_import_that_ten_workers_take_up_at_once_is_done_once():
    role = make.RoleFactory(name="owner")
    job = looked_at(role, [f"Person {n},p{n}@people.example,10101," for n in range(500)])
    approve_import(job=job, actor=role.user)
    all_at_once(10, lambda n: steps.work(job.pk, seconds=60))
    job.refresh_from_db()
    assert (job.state, job.result["created"], Supporter.objects.count()) == ("done", 500, 500)


def test_somebody_who_confirms_while_their_list_is_taken_back_keeps_their_pledge():
    role = make.RoleFactory(name="owner")
    campaign = make.campaign_with_targets(posts=1, organization=role.organization)
    for turn in range(5):
        rows = [f"Person {n},p{turn}-{n}@people.example,20000," for n in range(20)]
        job = imported(role, looked_at(role, rows))
        signing = Signing(name="Ada", email=f"p{turn}-7@people.example", postal_code="20000", country="zz")
        token = confirm_token(sign_pledge(campaign=campaign, signing=signing))
        both = [
            lambda token=token: confirm_pledge(token=token),
            lambda job=job: begin(start_undo(job=job, actor=role.user)),
        ]
        all_at_once(2, lambda n, both=both: both[n]())
        pledge = campaign.pledges.select_related("supporter").get(email=signing.email)
        assert pledge.state == "confirmed" and pledge.supporter.email == signing.email
        assert Supporter.objects.filter(import_job=job).exclude(pk=pledge.supporter_id).count() == 0


def test_names_are_found_without_accents_and_signs():
    role = make.RoleFactory(name="owner")
    for n, name in enumerate(["Béa O'Hara-Smith", "Ada Lovelace"]):
        make.SupporterFactory(organization=role.organization, name=name, email=f"{n}@people.example")

    def found(words):
        return {
            p.name for p in people.find(role.organization, Wanted(words=words), zone_of(role.organization))
        }

    assert (
        found("bea smith") == {"Béa O'Hara-Smith"}
        and found("LOVE ad") == {"Ada Lovelace"}
        and found("lace") == set()
    )


def test_what_is_looked_for_is_found_by_indexes():
    role = make.RoleFactory(name="owner")
    organization = role.organization
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contacts_supporter (id, organization_id, name, email, canonical_email, name_key, prefix, phone,"
            " street, city, region, postal_code, country, language, created_at)"
            " SELECT gen_random_uuid(), %s, 'Person ' || md5(n::text), md5(n::text) || '@people.example',"
            " md5(n::text) || '@people.example', '', '', '', '', 'Town ' || md5(n::text), '', (10000 + n)::text, 'zz', 'en',"
            " now() - n * interval '1 second' FROM generate_series(1, 30000) AS n",
            [organization.pk],
        )
        cursor.execute("ANALYZE contacts_supporter")
    zone = zone_of(organization)
    for wanted in (
        Wanted(words="person c4ca4238"),
        Wanted(words="c4ca4238@"),
        Wanted(postal_code="12345"),
        Wanted(),
    ):
        page = people.find(organization, wanted, zone).order_by("-created_at", "pk")[:20]
        plan = page.explain()
        assert "Seq Scan on contacts_supporter" not in plan, (wanted, plan)


def test_somebody_who_confirms_while_they_are_merged_is_one_person():
    role = make.RoleFactory(name="owner")
    campaign = make.campaign_with_targets(posts=1, organization=role.organization)
    for turn in range(5):
        kept, gone = (
            make.SupporterFactory(organization=role.organization, email=f"{name}{turn}@people.example")
            for name in ("kept", "gone")
        )
        signing = Signing(name="Ada", email=gone.email, postal_code="20000", country="zz")
        token = confirm_token(sign_pledge(campaign=campaign, signing=signing))
        both = [
            partial(confirm_pledge, token=token),
            partial(merge_supporters, kept=kept, gone=gone, actor=role.user),
        ]
        all_at_once(2, lambda n, both=both: both[n]())
        assert campaign.pledges.get(email=gone.email).supporter_id == kept.pk


def test_two_people_merge_two_records_both_ways_at_once_and_one_wins():
    role = make.RoleFactory(name="owner")
    one, other = (make.SupporterFactory(organization=role.organization) for _ in range(2))
    pairs = [(one, other), (other, one)]
    done = all_at_once(2, lambda n: merge_supporters(kept=pairs[n][0], gone=pairs[n][1], actor=role.user))
    assert sum(isinstance(result, ActionRefused) for result in done) == 1
    assert Supporter.objects.filter(merged_into=None).count() == 1
