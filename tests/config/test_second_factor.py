"""In production owners and operators need a second factor; elsewhere the demo stays easy."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings as django_settings
from django.test import Client

from tests.factories import PASSWORD, RoleFactory, UserFactory

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


def test_recovery_codes_alone_are_no_second_factor(client, production):
    user = signed_in(client, "owner")
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"})
    assert client.get("/console/").url == "/accounts/2fa/"


def test_a_session_is_listed_without_an_address_and_others_can_be_ended(client):
    user = RoleFactory(name="organizer").user
    other = Client(
        headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    )
    for one in (client, other):
        one.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    page = client.get("/accounts/sessions/").content.decode()
    assert "Firefox, Linux" in page and "A program" in page and "this one" in page
    assert set(UserSession.objects.values_list("ip", flat=True)) == {"::"}
    assert other.get("/console/").status_code == 302 and "/login/" not in other.get("/console/").url
    client.post("/accounts/sessions/")
    assert "/accounts/login/" in other.get("/console/").url
    assert UserSession.objects.count() == 1
    words = {"oldpassword": PASSWORD, "password1": "four new calm words", "password2": "four new calm words"}
    assert client.post("/accounts/password/change/", words).status_code == 302
    assert set(UserSession.objects.values_list("ip", flat=True)) == {"::"}


def test_the_limit_on_trying_still_goes_by_address(client):
    user = RoleFactory(name="organizer").user
    for _ in range(40):
        page = client.post("/accounts/login/", {"login": user.email, "password": "wrong words here"})
    assert page.status_code == 429 or b"Too many" in page.content
    elsewhere = Client(REMOTE_ADDR="192.0.2.77")
    assert elsewhere.get("/accounts/login/").status_code == 200


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
