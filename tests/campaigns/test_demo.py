"""The demonstration: complete, marked as invented, its story in the past."""

import os
import re
import stat
from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from campaigns.delivery.rehearsal import rehearse
from campaigns.models import (
    Campaign,
    Drive,
    Event,
    Letter,
    OutboxMail,
    Partnership,
    Pledge,
    Registration,
    chosen_by,
)
from campaigns.quotes import quotes
from contacts import clock
from contacts.matching import match_postal_code
from contacts.models import AuditEntry, Clock, Legislator, Organization, User
from policy.models import Evidence, Issue, Resource, Stance
from tests.campaigns.console import words

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def data_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, data_folder):
    """The moment after it was loaded: once for all who only look at it, since it takes half a minute."""
    with django_db_blocker.unblock(), override_settings(DATA_DIR=data_folder), transaction.atomic():
        call_command("load_demo", verbosity=0)
        yield clock.now()
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db, settings, data_folder):
    settings.DATA_DIR = data_folder
    return Campaign.objects.get(state="open")


def test_the_demonstration_shows_everything_and_says_what_is_invented(demo):
    assert Legislator.objects.count() == 30
    assert not demo.is_test
    partners = Partnership.objects.asking(clock.now()).filter(campaign=demo)
    assert partners.count() == 2 and all(one.terms and one.welcome and one.signed_by for one in partners)
    assert all(5 < chosen_by(partners.filter(pk=one.pk)).count() < 30 for one in partners)
    assert Pledge.objects.filter(campaign=demo, state="confirmed").count() >= 55
    assert Evidence.objects.exists()
    assert not Evidence.objects.filter(is_example=False).exists()
    assert not Evidence.objects.exclude(source_url__contains=".example.org/").exists()
    assert Resource.objects.count() == 7 and not Resource.objects.filter(is_example=False).exists()
    assert Event.objects.count() == 4 and not Event.objects.filter(is_example=False).exists()
    assert Registration.objects.filter(state="waiting").count() == 1
    assert Issue.objects.get(is_public=True).myths.count() == 3
    assert Stance.objects.count() > 5
    assert demo.endorsements.standing().count() == 7
    assert demo.endorsements.filter(state="confirmed").count() == 1
    assert len(quotes(demo.pledges.counted())) == 5
    assert {v.language for g in demo.target_groups.all() for v in g.versions.all()} == {"en", "es"}
    second = Campaign.objects.get(state="draft")
    assert second.is_test


def test_one_campaign_is_over_and_its_people_were_thanked(demo, client):
    over = Campaign.objects.get(state="closed")
    outcome = over.outcome
    assert (outcome.result, outcome.people_count) == ("partly_won", 12)
    assert outcome.events.count() == 2 and outcome.legislators.count() == 2
    assert OutboxMail.objects.filter(kind="thanks", pledge__campaign=over).count() > 5
    assert outcome.thanks_job.state == "done"
    assert outcome.published_at < clock.now() - timedelta(days=80)
    wins = client.get(f"/wins/{demo.organization.slug}/")
    assert "The three clinics stay open" in wins.content.decode()
    # Its letters were printed and posted; none of them waits for the worker.
    assert set(over.drives.get().letters.values_list("state", flat=True)) == {"settled"}
    assert over.drives.get().state == "finished"
    told = client.get(f"/c/{demo.organization.slug}/{over.slug}/outcome/").content.decode()
    assert re.search(r'figure-number">12</p>\s*<p class="figure-label">letters posted', told)


def test_its_drive_starts_by_itself_in_a_minute_and_keeps_moving(demo, loaded):
    drive = Drive.objects.get(campaign=demo)
    assert drive.state == "scheduled"
    assert timedelta(0) < drive.starts_at - loaded <= timedelta(seconds=60)
    plan = rehearse(drive)
    assert plan.planned > 120
    assert plan.last_at - drive.starts_at > timedelta(minutes=30)
    assert plan.vacant and plan.without_contact and plan.being_written
    assert plan.too_late == 0


def test_its_story_lies_in_the_past_and_the_clock_is_put_back(demo):
    # By days and weeks it was moved; a test alone begins up to half a minute later than it is.
    assert abs(Clock.objects.get().offset) < timedelta(minutes=1)
    days = {pledge.confirmed_at.date() for pledge in Pledge.objects.counted()}
    assert len(days) > 8
    assert not AuditEntry.objects.filter(at__gt=clock.now()).exists()
    assert all(p.history.count() >= 2 for p in Pledge.objects.counted()[:5])


def test_a_split_postal_code_asks_and_a_vacant_seat_is_vacant(demo):
    split = match_postal_code("zz", "10130", clock.today())
    assert [len(c.candidates) for c in split.chambers if c.chamber.code == "lower"] == [2]
    vacant = match_postal_code("zz", "10118", clock.today())
    assert [
        s.is_vacant for c in vacant.chambers if c.chamber.code == "lower" for s in c.candidates[0].seats
    ] == [True]


def test_loading_again_changes_nothing(demo, data_folder):
    before = Counter(
        {model: model.objects.count() for model in (Organization, User, Campaign, Pledge, Letter, Legislator)}
    )
    password = (data_folder / "demo-password").read_text()
    call_command("load_demo", verbosity=0)
    assert before == Counter({model: model.objects.count() for model in before})
    assert (data_folder / "demo-password").read_text() == password


def test_the_accounts_share_one_password_that_only_its_owner_reads(demo, data_folder, client):
    file = data_folder / "demo-password"
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    for name in ("owner", "organizer", "staff"):
        user = User.objects.get(email=f"{name}@demo.example")
        assert user.check_password(file.read_text().strip())
        assert user.roles.filter(name=name, organization=demo.organization).exists()
    for name in ("harbour", "lantern"):
        user = User.objects.get(email=f"{name}@demo.example")
        assert user.check_password(file.read_text().strip())
        assert user.roles.get().organization.partnerships.get().source_code == name


def test_production_refuses_the_demonstration(settings):
    settings.PRODUCTION = True
    before = Organization.objects.count()
    with pytest.raises(CommandError, match="production"):
        call_command("load_demo")
    assert Organization.objects.count() == before


def test_it_lists_help_that_is_marked_as_invented(demo, client):
    text = words(client.get("/help/northmere-coalition/"))
    assert text.count("invented example") == 6 and "Northmere Crisis Line" in text
    assert "Lakes Bus Counselling" not in text
