"""Statements that are put together once say the same as Django's own, each time anew."""

from uuid import uuid4

import pytest
from django.db.models import CharField, UUIDField

from contacts.clock import now
from contacts.models import Consent, Supporter
from contacts.statements import Given, Prepared, insert
from tests import factories as make

pytestmark = pytest.mark.django_db
IN_TOWN = Prepared(
    lambda: Supporter.objects.filter(
        organization=Given("organization", UUIDField()), city=Given("city", CharField())
    ).order_by("name")
)


def person(organization, name, **more):
    more = {"created_at": now(), "postal_code": "20000", **more}
    return Supporter(
        organization=organization, name=name, email=f"{name}@x.example", canonical_email=name, **more
    )


def test_a_prepared_query_finds_what_is_there_each_time_and_gives_whole_objects():
    organization = make.OrganizationFactory()
    ada = person(organization, "Ada", city="Harbour")
    asked = {"organization": organization.pk, "city": "Harbour"}
    assert IN_TOWN.objects(**asked) == []
    insert([ada])
    (found,) = IN_TOWN.objects(**asked)
    (stored,) = Supporter.objects.all()
    for field in Supporter._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(stored, field.attname) == getattr(ada, field.attname)
    found.name = "Ada Lovelace"
    found.save()
    assert [one.name for one in IN_TOWN.objects(**asked)] == ["Ada Lovelace"]
    assert IN_TOWN.objects(organization=uuid4(), city="Harbour") == []
    assert IN_TOWN.objects(organization=organization.pk, city="%s' OR 1=1 --") == []


def test_rows_that_a_constraint_knows_are_left_and_the_others_are_counted():
    organization = make.OrganizationFactory()
    assert insert([person(organization, "Ada")], or_leave=True) == 1
    both = [person(organization, "Ada", city="Elsewhere"), person(organization, "Grace")]
    assert insert(both, or_leave=True) == 1
    assert dict(Supporter.objects.values_list("name", "city")) == {"Ada": "", "Grace": ""}


def test_more_rows_than_a_statement_takes_are_all_stored():
    supporter = make.SupporterFactory()
    rows = [
        Consent(supporter=supporter, purpose="contact", given=True, text=str(n), text_version="1", at=now())
        for n in range(450)
    ]
    assert insert(rows) == 450 and insert([]) == 0
    assert set(Consent.objects.values_list("text", flat=True)) == {str(n) for n in range(450)}
