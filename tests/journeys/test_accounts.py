"""Olive, an owner in production, sets a passkey up, signs in with it, and ends a session somewhere else."""

import pytest

from tests import factories as make
from tests.journeys.conftest import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def owner(settings):
    settings.PRODUCTION = True
    return make.RoleFactory(name="owner").user


@pytest.fixture
def device(visitor):
    """A device in the browser that holds passkeys and agrees to everything."""
    client = visitor.page.context.new_cdp_session(visitor.page)
    client.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = client.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return client, made["authenticatorId"]


def password(page, owner):
    page.get_by_label("Email").fill(owner.email)
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(visitor):
    visitor.page.locator(".menu-open").click()
    visitor.page.get_by_role("button", name="Sign out").click()
    visitor.page.wait_for_url(f"{visitor.server.url}/")
    visitor.open("/accounts/login/")


def test_an_owner_sets_up_a_passkey_and_signs_in_with_nothing_else(visitor, owner, device):
    page = visitor.page
    refused = []
    page.on("console", lambda line: refused.append(line.text) if "Content Security" in line.text else None)
    visitor.open("/accounts/login/")
    visitor.look("login")
    password(page, owner)
    page.wait_for_url("**/accounts/2fa/")  # the console stays shut until then
    visitor.look("second-factor")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    page.get_by_role("button", name="Continue").click()
    visitor.look("passkey-new")
    page.get_by_label("Name").fill("Blue key")
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url("**/recovery-codes/")
    visitor.look("recovery-codes")
    assert "codes are left" in visitor.text()
    page.get_by_role("link", name="Second factor").click()
    page.get_by_role("link", name="See them").click()
    assert "Blue key" in visitor.text() and "signs in without a password" in visitor.text()
    visitor.look("passkeys")
    page.get_by_role("link", name="Rename").click()
    page.get_by_label("Name").fill("Green key")
    visitor.look("passkey-name")
    page.get_by_role("button", name="Save the name").click()
    assert "Green key" in visitor.text()
    visitor.open("/console/")
    assert "/console/" in page.url
    sign_out(visitor)

    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/console/**")
    sign_out(visitor)

    password(page, owner)
    page.wait_for_url("**/2fa/authenticate/")
    visitor.look("second-factor-asked")
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**/console/**")
    assert refused == []


def test_a_passkey_that_is_refused_is_said_in_words(visitor, owner, device):
    client, authenticator = device
    client.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    visitor.open("/accounts/login/")
    visitor.page.get_by_role("button", name="Sign in with a passkey").click()
    visitor.page.get_by_text("The passkey was not used").wait_for()
    visitor.look("passkey-refused")


def test_somebody_ends_their_other_sessions(visitor, owner, chromium, settings):
    settings.PRODUCTION = False
    page = visitor.page
    visitor.open("/accounts/login/")
    password(page, owner)
    page.wait_for_url("**/console/**")
    elsewhere = chromium.new_context(viewport=SIZES["phone"]).new_page()
    elsewhere.goto(f"{visitor.server.url}/accounts/login/")
    password(elsewhere, owner)
    elsewhere.wait_for_url("**/console/**")
    page.locator(".menu-open").click()
    page.get_by_role("link", name="Where I am signed in").click()
    assert visitor.text().count("Chrome") == 2 and "this one" in visitor.text()
    visitor.look("sessions")
    page.get_by_role("button", name="Sign out everywhere else").click()
    assert "Signed out everywhere else." in visitor.text() and visitor.text().count("Chrome") == 1
    elsewhere.goto(f"{visitor.server.url}/console/")
    assert "/accounts/login/" in elsewhere.url
    elsewhere.context.close()
