"""In production owners and operators need a second factor; elsewhere the demo stays easy."""

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings

from tests.factories import RoleFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def production(settings):
    settings.PRODUCTION = True


def signed_in(client, role):
    user = RoleFactory(name=role).user
    client.force_login(user)
    return user


def test_an_owner_sets_one_up_before_the_console_opens(client, production):
    user = signed_in(client, "owner")
    page = client.get("/console/")
    assert page.status_code == 302 and page.url == "/accounts/2fa/"
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert client.get("/console/", follow=True).redirect_chain[-1:] != [("/accounts/2fa/", 302)]


def test_organizers_may_go_without(client, production):
    signed_in(client, "organizer")
    assert client.get("/console/", follow=True).request["PATH_INFO"] != "/accounts/2fa/"


def test_an_operator_sets_one_up_before_the_admin_opens(client, production):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert client.get(f"/{django_settings.ADMIN_PATH}").url == "/accounts/2fa/"


def test_the_embedded_size_asks_nobody(client):
    signed_in(client, "owner")
    assert client.get("/console/", follow=True).request["PATH_INFO"] != "/accounts/2fa/"


def test_the_admin_is_for_operators_and_has_no_sign_in_of_its_own(client):
    asked = client.get(f"/{django_settings.ADMIN_PATH}login/")
    assert asked.status_code == 302 and asked.url.startswith("/accounts/login/")
    signed_in(client, "owner")
    assert client.get(f"/{django_settings.ADMIN_PATH}").status_code in {302, 403}


def test_nobody_signs_up_by_themselves(client):
    page = client.post("/accounts/signup/", {"email": "x@example.org", "password1": "long enough words"})
    assert page.status_code in {200, 403}
    from contacts.models import User

    assert not User.objects.filter(email="x@example.org").exists()
