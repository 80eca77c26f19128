"""What an owner sets: the organisation's data, members, API tokens; and the log of who did what."""

import re
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts import clock
from contacts.models import ApiToken, AuditEntry, Organization, Purpose, Role, User
from tests import factories as make
from tests.campaigns.console import Desk, told, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    return Desk(client, role="owner")


def organization_data(**changes):
    return {
        "name": "Harbour Coalition",
        "about": "",
        "website": "https://harbour.example.org/",
        "postal_address": "1 Quay Street",
        "privacy_url": "",
        "email": "hello@harbour.example",
        "mail_domain": "harbour.example",
        "country": "US",
        "time_zone": "America/Chicago",
        "retention_days": 365,
        "evidence_days": 400,
        "resource_days": 90,
        **changes,
    }


def test_the_organisations_data_are_changed_and_logged(desk):
    assert "Saved." in told(desk.post("settings", **organization_data()))
    organization = Organization.objects.get()
    assert (organization.name, organization.country) == ("Harbour Coalition", "us")
    assert organization.slug == desk.organization.slug
    assert AuditEntry.objects.get().verb == "edit organisation"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("time_zone", "Mars/Olympus", "There is no time zone of this name."),
        ("time_zone", "../../etc/passwd", "There is no time zone of this name."),
        ("country", "u1", "Enter the two letters of a country."),
        ("mail_domain", "harbour.example\nBcc: all@x.example", "Enter a domain name."),
        ("email", "hello", "Enter a valid email address."),
        ("name", "", "This field is required."),
    ],
)
def test_data_that_can_not_be_are_refused_at_their_field(desk, field, value, says):
    page = desk.post("settings", **organization_data(**{field: value}))
    assert page.status_code == 422
    assert says in words(page) and f"id_{field}_error" in page.content.decode()
    assert desk.organization.name in page.content.decode()  # the rail keeps the name that holds
    assert not AuditEntry.objects.exists()


def test_a_new_member_is_mailed_a_link_to_choose_a_password(desk, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    answer = desk.post("members", email="New.Person@staff.example", name="New Person", role="staff")
    assert "A mail to choose a password is on its way." in told(answer)
    user = User.objects.get(email="new.person@staff.example")
    assert not user.has_usable_password()
    assert Role.objects.get(user=user).name == "staff"
    (invitation,) = mail.outbox
    assert invitation.to == [user.email]
    assert (
        f"{desk.user} made you an account at {desk.organization.name}, with the role “Staff”."
        in invitation.body
    )
    link = re.search(r"https?://[^/\s]+(/accounts/password/reset/key/\S+)", invitation.body).group(1)
    desk.client.logout()
    form = desk.client.get(link, follow=True)
    password = "a long enough sentence 42"
    done = desk.client.post(form.request["PATH_INFO"], {"password1": password, "password2": password})
    assert done.status_code == 302
    user.refresh_from_db()
    assert user.check_password(password)


def test_who_is_new_is_invited_in_the_organisations_language(desk, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Organization.objects.filter(pk=desk.organization.pk).update(language="fr")
    desk.post("members", email="new@staff.example", name="", role="staff")
    assert "Choisissez votre mot de passe" in mail.outbox[0].subject and "“" not in mail.outbox[0].body


def test_somebody_with_an_account_is_added_without_a_mail(desk):
    user = make.UserFactory()
    desk.post("members", email=user.email.upper(), name="", role="organizer")
    assert Role.objects.get(user=user, organization=desk.organization).name == "organizer"
    assert mail.outbox == []


def test_an_invitation_survives_a_mail_server_that_is_down(desk, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    answer = desk.post("members", email="new@staff.example", name="", role="staff")
    assert answer.status_code == 302 and "could not be sent" in told(answer)
    assert Role.objects.filter(user__email="new@staff.example").exists()


def test_a_role_is_taken_away_and_opens_nothing_any_more(desk, client):
    role = make.RoleFactory(organization=desk.organization, name="staff")
    desk.post("member-remove", role.pk)
    client.force_login(role.user)
    assert client.get(desk.url("console-home")).status_code == 404
    assert AuditEntry.objects.get().verb == "take role"


def test_the_last_owner_stays(desk):
    answer = desk.post("member-remove", Role.objects.get(user=desk.user).pk)
    assert "An organisation needs an owner." in told(answer)
    assert Role.objects.filter(user=desk.user).exists()


def test_an_owner_who_steps_down_is_led_out(desk):
    make.RoleFactory(organization=desk.organization, name="owner")
    answer = desk.post("member-remove", Role.objects.get(user=desk.user).pk)
    assert answer.url == "/console/"


def test_a_token_is_shown_once_and_opens_the_api_until_it_is_revoked(desk):
    page = desk.post("tokens", name="Our website")
    secret = re.search(r"osp_[\w-]+", page.content.decode()).group(0)
    token = ApiToken.objects.get()
    assert secret not in token.token_hash and token.created_by == desk.user
    again = desk.get("tokens").content.decode()
    assert "Our website" in again and "osp_" not in again
    api, key = reverse("campaigns:api-own-campaigns"), {"Authorization": f"Bearer {secret}"}
    assert desk.client.get(api, headers=key).status_code == 200
    assert "Whatever program uses it is refused" in desk.read("token-revoke", token.pk)
    assert desk.client.get(api, headers=key).status_code == 200
    desk.post("token-revoke", token.pk)
    assert desk.client.get(api, headers=key).status_code == 401
    token.refresh_from_db()
    assert token.revoked_at
    assert "revoked" in desk.read("tokens")


def test_a_token_without_a_purpose_is_not_made(desk):
    page = desk.post("tokens", name="")
    assert page.status_code == 422 and "This field is required." in words(page)
    assert not ApiToken.objects.exists()


def test_the_log_says_who_did_what_newest_first_and_links_there(desk):
    campaign = make.CampaignFactory(organization=desk.organization)
    desk.post("campaign-move", campaign.pk, "pause")
    desk.post("campaign-move", campaign.pk, "close", outcome="lost")
    page = desk.get("audit").content.decode()
    assert page.index("Campaign closed") < page.index("Campaign paused")
    assert desk.user.name in page and desk.url("campaign-detail", campaign.pk) in page
    assert "Outcome: Lost" in page
    assert "Campaign paused" not in desk.read("audit", q="Campaign closed")
    assert "Campaign closed" in desk.read("audit", q="close camp")  # as it is stored, and as programs know it
    assert "Nothing fits." in desk.read("audit", q="zebra")


def test_the_log_is_read_and_searched_in_the_readers_language(desk):
    campaign = make.CampaignFactory(organization=desk.organization)
    desk.post("campaign-move", campaign.pk, "pause")
    desk.post("campaign-move", campaign.pk, "close", outcome="lost")
    for code in ("posted 12 letters", "a deed of long ago"):
        AuditEntry.objects.create(
            organization=desk.organization, verb=code, object_kind="x", object_id="1", at=campaign.created_at
        )
    spanish = {"accept-language": "es"}
    page = words(desk.client.get(desk.url("audit"), headers=spanish))
    assert "Campaña cerrada" in page and "close campaign" not in page and "a deed of long ago" in page
    assert "Cartas marcadas como enviadas por correo: 12" in page
    found = words(desk.client.get(desk.url("audit"), {"q": "campaña en pausa"}, headers=spanish))
    assert "Campaña en pausa" in found and "Campaña cerrada" not in found
    assert {"pause campaign", "close campaign"} <= set(AuditEntry.objects.values_list("verb", flat=True))


def note(desk, verb, kind="x", **detail):
    AuditEntry.objects.create(
        organization=desk.organization,
        verb=verb,
        object_kind=kind,
        object_id=str(uuid4()),
        at=clock.now(),
        detail=detail,
    )


def test_details_name_what_ids_and_codes_stand_for_and_moments_are_on_the_organisations_clock(desk):
    desk.organization.time_zone = "America/Chicago"
    desk.organization.save()
    campaign = make.CampaignFactory(organization=desk.organization, title="Care within four weeks")
    gone = make.SupporterFactory(organization=desk.organization, name="Ada Lovelace")
    stranger = make.SupporterFactory(name="Bea Stranger")
    left, post = make.LegislatorFactory(name="Sam Chen"), make.PostFactory()
    note(desk, "copy campaign", of=str(campaign.pk))
    note(desk, "merge supporters", gone=str(gone.pk), pledges=1204)
    note(desk, "part supporters", gone=str(stranger.pk))
    note(desk, "cancel letters to somebody who left office", left=str(left.pk), post=str(post.pk), letters=2)
    note(desk, "change opening", opens_at="2027-03-10T15:00:00+00:00")
    note(desk, "verify resource", before="", on="2027-03-10")
    note(desk, "end partnership", by=desk.organization.slug)
    note(desk, "edit campaign", "campaign", fields=["minimum_age", "title"])
    note(desk, "import supporters", agreed_to=["contact"])
    note(desk, "start export", columns=["postal_code"], filter=["never_confirmed"], format="csv")
    note(desk, "correct letters", left=3)
    note(desk, "a deed of long ago", old_key=True)
    page = desk.read("audit")
    for said in (
        "Copy of: Care within four weeks",
        "Other record: Ada Lovelace; Pledges: 1,204",
        f"Left office: Sam Chen; Letters: 2; Office: {post.label}",
        "Opens: 10 Mar 2027, 09:00",
        "As of: 10 Mar 2027",
        f"By: {desk.organization.name}",
        "What was changed: least age of signers, headline",
        f"Agreements: {Purpose.CONTACT.label}",
        "Columns: Postal code; Searched by: Never confirmed a pledge; Kind of file: CSV",
        "Left as they were: 3",
        "old_key: yes",
        "Other record: no longer there",
    ):
        assert said in page, (said, page)
    assert "Bea Stranger" not in page and "Before:" not in page


def test_details_are_read_in_the_readers_language(desk):
    note(desk, "close campaign", outcome="partly_won")
    note(desk, "merge supporters", pledges=1204)
    page = words(desk.client.get(desk.url("audit"), headers={"accept-language": "fr"}))
    assert "Résultat : Gagnée en partie" in page
    # 1,204 is one and a decimal in French.
    assert "1 204" in page and "1,204" not in page


def test_a_page_of_the_log_asks_as_much_for_twenty_details_as_for_one(desk):
    def ask():
        with CaptureQueriesContext(connection) as asked:
            desk.get("audit")
        return len(asked)

    def copy():
        note(desk, "copy campaign", of=str(make.CampaignFactory(organization=desk.organization).pk))

    copy()
    few = ask()
    for _ in range(19):
        copy()
    assert ask() == few


def test_other_organisations_deeds_are_not_in_the_log(desk):
    other = make.CampaignFactory()
    AuditEntry.objects.create(
        organization=other.organization,
        verb="secret deed",
        object_kind="campaign",
        object_id=str(other.pk),
        at=other.created_at,
    )
    assert "secret deed" not in desk.read("audit")
