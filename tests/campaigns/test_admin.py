"""The operators' admin: it opens, changes almost nothing, and shows no supporter."""

import pytest
from django.contrib import admin
from django.urls import reverse

from contacts.models import ContactPoint
from tests import factories as make

pytestmark = pytest.mark.django_db

EDITABLE = {"office", "user"}


@pytest.fixture
def operator(client):
    user = make.UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return client


def ours():
    return [
        model
        for model in admin.site._registry
        if model._meta.app_label in {"contacts", "policy", "campaigns"}
    ]


def test_every_list_opens_and_only_offices_and_accounts_can_be_changed(operator):
    letter = make.LetterFactory(body="My own words")
    make.reachable()
    for model in ours():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert operator.get(reverse(f"{name}_changelist"), {"q": "a"}).status_code == 200, name
        may_add = operator.get(reverse(f"{name}_add")).status_code == 200
        assert may_add == (model._meta.model_name == "office"), name
    page = operator.get(reverse("admin:campaigns_letter_change", args=[letter.pk])).content.decode()
    assert "My own words" not in page and letter.pledge.name not in page


def test_an_operator_enters_an_offices_address(operator):
    office = make.OfficeFactory()
    operator.post(
        reverse("admin:contacts_office_change", args=[office.pk]),
        {
            "legislator": office.legislator_id,
            "kind": office.kind,
            "key": office.key,
            "contact_points-TOTAL_FORMS": 1,
            "contact_points-INITIAL_FORMS": 0,
            "contact_points-0-kind": "email",
            "contact_points-0-value": "office@congress.example",
            "contact_points-0-health": "ok",
        },
    )
    assert ContactPoint.objects.get().value == "office@congress.example"


@pytest.mark.parametrize(
    ("zone", "kept"), [("America/Denver", "America/Denver"), ("Mars/Olympus", ""), ("", "")]
)
def test_an_operator_corrects_an_offices_time_zone(operator, zone, kept):
    office = make.OfficeFactory()
    answer = operator.post(
        reverse("admin:contacts_office_change", args=[office.pk]),
        {
            "legislator": office.legislator_id,
            "kind": office.kind,
            "key": office.key,
            "time_zone": zone,
            "contact_points-TOTAL_FORMS": 0,
            "contact_points-INITIAL_FORMS": 0,
        },
    )
    office.refresh_from_db()
    assert office.time_zone == kept
    assert ("There is no time zone of this name." in answer.content.decode()) == (zone != kept)


def test_an_owner_is_no_operator(client):
    client.force_login(make.RoleFactory(name="owner").user)
    answer = client.get(reverse("admin:index"))
    assert answer.status_code in {302, 403, 404}
