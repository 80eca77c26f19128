"""Finding help: for anybody, with nothing of the search kept anywhere."""

import http.client
import os
import subprocess
import sys
from datetime import UTC, datetime, time, timedelta
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings as site
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.delivery.hours import zone_or_utc
from contacts import clock
from contacts.models import AuditEntry
from policy.actions.resources import save_resource, set_hours
from policy.briefs.gather import issue_facts
from policy.models import OpeningHours, Resource
from policy.opening import Span, read_hours
from tests import factories as make
from tests.campaigns.console import Desk, told, words
from tests.campaigns.test_api_organization import Caller
from tests.campaigns.visitor import confirmed
from tests.config.processes import free_port, until

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    return make.OrganizationFactory()


@pytest.fixture
def desk(client):
    return Desk(client)


def page(client, organization, method="get", **wanted):
    return getattr(client, method)(reverse("campaigns:help", args=[organization.slug]), wanted)


def resource(organization, hours="", **fields):
    spans, always = read_hours(hours)
    row = make.ResourceFactory(organization=organization, is_always_open=always, **fields)
    set_hours(row, spans)
    return row


def clock_at(*moment):
    clock.move(datetime(*moment, tzinfo=UTC) - clock.now())


def days_ago(n):
    return clock.today() - timedelta(days=n)


# The search


def test_everything_is_there_without_a_search_and_emergencies_come_first(client, organization):
    resource(organization, name="Aardvark Group", kind="group")
    resource(organization, name="Zebra Crisis Line", is_emergency=True)
    text = words(page(client, organization))
    assert text.index("Zebra Crisis Line") < text.index("Aardvark Group")
    assert "Call the emergency number of where you are" in text


def test_emergencies_stay_whatever_is_looked_for(client, organization):
    resource(organization, name="Crisis Line", is_emergency=True, languages="English")
    resource(organization, name="Kinline", languages="English")
    resource(organization, name="Línea", languages="Spanish")
    text = words(page(client, organization, "post", language="es"))
    assert "Crisis Line" in text and "Línea" in text and "Kinline" not in text
    nothing = words(page(client, organization, "post", language="es", is_free="on"))
    assert "Nothing fits all of it" in nothing and "Crisis Line" in nothing


def test_a_place_finds_what_is_in_it_around_it_and_everywhere_the_nearest_first(client, organization):
    state = make.DivisionFactory(name="Vermont")
    town = make.DivisionFactory(name="Burlington", parent=state)
    elsewhere = make.DivisionFactory(name="Maine")
    for name, place in [
        ("Anywhere", None),
        ("Of the state", state),
        ("Of the town", town),
        ("Far", elsewhere),
    ]:
        resource(organization, name=name, division=place)
    text = words(page(client, organization, "post", place=str(town.pk)))
    found = text[text.index("3 places to turn to") :]
    assert found.index("Of the town") < found.index("Of the state") < found.index("Anywhere")
    assert "Far " not in found
    # Who chooses the state sees what is in its towns, too.
    assert "Of the town" in words(page(client, organization, "post", place=str(state.pk)))


def test_a_postal_code_in_two_places_finds_help_of_both(client, organization):
    one, two, three = (make.DivisionFactory(name=name) for name in ("One", "Two", "Three"))
    for place in (one, two):
        make.PostalAreaFactory(country=organization.country, code="05401", division=place)
    for place in (one, two, three):
        resource(organization, name=f"Help of {place.name}", division=place)
    text = words(page(client, organization, "post", postal_code="05401"))
    assert "Help of One" in text and "Help of Two" in text and "Help of Three" not in text
    unknown = page(client, organization, "post", postal_code="99999")
    assert unknown.status_code == 422 and "We do not know this postal code" in words(unknown)


def test_a_county_beside_the_district_of_a_postal_code_is_shown_last(client, organization):
    def place(name, parent=None):
        above = parent.ocd_id if parent else "ocd-division/country:us"
        return make.DivisionFactory(name=name, ocd_id=f"{above}/{name}", parent=parent)

    country = place("country:xx")
    here, there = place("state:aa", country), place("state:bb", country)
    district, other = place("cd:1", here), place("cd:2", here)
    county, far = place("county:hill", here), place("county:far", there)
    make.PostalAreaFactory(country=organization.country, code="05401", division=district)
    for name, division in [
        ("Hill", county),
        ("Next district", other),
        ("Far county", far),
        ("Our district", district),
        ("All over", None),
    ]:
        resource(organization, name=name, division=division)
    text = words(page(client, organization, "post", postal_code="05401"))
    found = text[text.index("3 places to turn to") :]
    assert found.index("Our district") < found.index("All over") < found.index("Hill")
    assert "Next district" not in found and "Far county" not in found


def test_by_audience_way_and_cost(client, organization):
    resource(
        organization, name="Chatline", chat="https://chat.example.org/", audience="young people", cost="paid"
    )
    resource(organization, name="House", address="3 Quay Row", audience="Families", cost="free")
    resource(organization, name="For all", phone="000 111")
    young = words(page(client, organization, "post", audience="young people"))
    assert "Chatline" in young and "For all" in young and "3 Quay Row" not in young
    assert "Chatline" in words(page(client, organization, "post", channel="chat"))
    assert "Chatline" not in words(page(client, organization, "post", channel="visit"))
    assert "3 Quay Row" in words(page(client, organization, "post", is_free="on"))


def test_open_now_is_told_on_the_clock_of_the_resource(client, organization):
    clock_at(2026, 11, 25, 14, 30)  # Wednesday: 9:30 in New York, 8:30 in Chicago
    for city in ("New_York", "Chicago"):
        resource(organization, "Mon-Fri 09:00-17:00", name=f"In {city}", time_zone=f"America/{city}")
    text = words(page(client, organization))
    assert text.index("In New_York Open now, until 17:00") < text.index(
        "In Chicago Closed, opens today at 09:00"
    )
    assert "opens today at 09:00 (Chicago time)" in text
    only_open = words(page(client, organization, "post", is_open="on"))
    assert "In New_York" in only_open and "In Chicago" not in only_open


def test_open_now_over_midnight_and_on_the_day_the_clocks_change(client, organization):
    resource(organization, "Sat 22:00-06:00", name="Nights", time_zone="America/New_York")
    clock_at(2026, 3, 8, 9, 30)  # Sunday, 5:30 by the new clock
    assert "Nights Open now, until 06:00" in words(page(client, organization))
    clock.move(timedelta(minutes=45))
    assert "Nights Closed, opens Saturday at 22:00" in words(page(client, organization))


def test_an_end_on_another_day_is_said_with_its_day_and_no_end_as_day_and_night(client, organization):
    resource(organization, "Fri 18:00-24:00; Sat, Sun 00:00-24:00; Mon 00:00-08:00", name="Weekend")
    always = resource(organization, name="Always")
    set_hours(always, [Span(day, time(8), time(20)) for day in range(7)])
    OpeningHours.objects.bulk_create(
        OpeningHours(resource=always, weekday=day, opens=time(20), closes=time(8)) for day in range(7)
    )
    clock_at(2026, 3, 7, 12)  # Saturday
    text = words(page(client, organization))
    assert "Weekend Open now, until Monday at 08:00" in text and "Always Open day and night" in text


def test_numbers_can_be_dialled_and_texted_at_a_touch(client, organization):
    resource(organization, phone="+1 (555) 010-0199 ext 7", text_number="555 0100", text_words='Hi & "bye"')
    html = page(client, organization).content.decode()
    assert 'href="tel:+15550100199;ext=7"' in html
    assert 'href="sms:5550100?body=Hi%20%26%20%22bye%22"' in html


def test_one_organisation_shows_nothing_of_another(client, organization):
    resource(make.OrganizationFactory(), name="Somebody else's")
    assert "Somebody else" not in words(page(client, organization))


def test_few_and_many_ask_as_much(client, organization):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page(client, organization, "post", is_open="on")
        return len(asked)

    state = make.DivisionFactory()
    resource(organization, "Mon-Fri 09:00-17:00", division=state)
    few = queries()
    for _n in range(19):
        resource(organization, "Mon-Fri 09:00-17:00", division=state)
    assert queries() == few


def test_the_start_leads_to_the_only_organisation_and_asks_between_several(client, organization):
    start = reverse("campaigns:help-start")
    assert "No organisation lists" in words(client.get(start))
    resource(organization)
    assert client.get(start).url == reverse("campaigns:help", args=[organization.slug])
    other = make.OrganizationFactory()
    resource(other)
    text = words(client.get(start))
    assert organization.name in text and other.name in text
    Resource.objects.filter(organization=other).update(verified_on=clock.today() - timedelta(days=999))
    assert client.get(start).url == reverse("campaigns:help", args=[organization.slug])


# No trace


def test_no_cookie_no_cache_no_referrer_and_no_session(client, organization):
    resource(organization)
    for answer in (page(client, organization), page(client, organization, "post", is_open="on")):
        assert not answer.cookies
        assert answer["Cache-Control"] == "no-store" and answer["Referrer-Policy"] == "no-referrer"
        assert "Cookie" not in answer.get("Vary", "")
    assert "csrfmiddlewaretoken" not in answer.content.decode()


def test_a_search_stores_nothing(client, organization):
    resource(organization)
    with CaptureQueriesContext(connection) as asked:
        page(client, organization, "post", is_open="on", channel="phone")
    assert not [q for q in asked.captured_queries if not q["sql"].lstrip("(").startswith("SELECT")]


def test_what_stands_in_the_address_is_not_looked_at(client, organization):
    resource(organization, name="Kinline", languages="English")
    resource(organization, name="Línea", languages="Spanish")
    assert "Kinline" in words(page(client, organization, language="es"))


@pytest.mark.django_db(transaction=True)
def test_the_searcher_leaves_no_trace_in_the_logs(tmp_path):
    """A real server with production's logging, a real search, and the log read afterwards."""
    resource(make.OrganizationFactory(slug="harbour"), name="Night Line", languages="Quechua")
    port = free_port()
    # Production's settings; only its collected static files, which a test has none of, are served as they are.
    plain = 'STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}'
    (tmp_path / "production.py").write_text(f"from config.settings import *\n{plain}\n")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "production",
        "PYTHONPATH": str(tmp_path),
        "OUTSPOKEN_ENV": "production",
        "OUTSPOKEN_DATA_DIR": str(tmp_path),
        "SECRET_KEY": "s" * 60,
        "DATABASE_URL": address_of_the_database(),
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "CACHE_URL": "locmem://",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DEFAULT_FROM_EMAIL": "no-reply@outspoken.example",
        "EMAIL_URL": "smtp://127.0.0.1:1",
        "TRUSTED_PROXY_COUNT": "1",
        "LOG_LEVEL": "DEBUG",
    }
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "config.wsgi:application"], env=environment, stdout=log, stderr=log, cwd=site.BASE_DIR
        )
        try:
            search = {"language": "quechua", "postal_code": "05401", "channel": "phone"}
            answer = until(lambda: ask(port, search), 60, (OSError, http.client.HTTPException))
            wrong = ask(port, {"language": "zapotec", "place": "nowhere-at-all"})
        finally:
            server.terminate()
            server.wait(20)
    status, headers, body = answer
    assert status == 200 and "Night Line" in body and "Set-Cookie" not in headers
    assert wrong[0] == 422
    written = (tmp_path / "log").read_text().lower()
    assert written  # the server did say something of itself
    for trace in (
        "quechua",
        "05401",
        "zapotec",
        "nowhere-at-all",
        "203.0.113.77",
        "curious browser",
        "/help/harbour",
    ):
        assert trace not in written


def address_of_the_database():
    chosen = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{chosen['NAME']}"
    who = f"{quote(chosen['USER'])}:{quote(chosen['PASSWORD'])}"
    return f"postgres://{who}@{chosen['HOST']}:{chosen['PORT']}/{chosen['NAME']}"


def ask(port, fields):
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": "203.0.113.77",
        "X-Forwarded-Proto": "https",
        "User-Agent": "Curious Browser",
    }
    server.request("POST", "/help/harbour/", urlencode(fields), headers)
    answer = server.getresponse()
    return answer.status, str(answer.headers), answer.read().decode()


# How old it is


def test_what_nobody_verified_for_too_long_is_hidden_emergencies_excepted(client, organization):
    resource(organization, name="Young", verified_on=days_ago(180))
    resource(organization, name="Stale", verified_on=days_ago(181))
    resource(organization, name="Untried", verified_on=None)
    resource(organization, name="Struck", is_listed=False)
    resource(organization, name="Old crisis line", verified_on=days_ago(900), is_emergency=True)
    text = words(page(client, organization))
    assert "Young" in text and "Old crisis line" in text
    assert not [name for name in ("Stale", "Untried", "Struck") if name in text]


def test_the_age_is_the_organisations_own(client, organization):
    organization.resource_days = 400
    organization.save()
    resource(organization, name="Old enough", verified_on=days_ago(300))
    assert "Old enough" in words(page(client, organization))


def test_the_console_tells_what_is_due_and_one_click_verifies_anew(desk):
    due = resource(desk.organization, name="Nearly", verified_on=days_ago(160))
    resource(desk.organization, name="Fine")
    resource(desk.organization, name="Gone", verified_on=days_ago(200))
    text = desk.read("resource-list")
    assert "Due soon 1" in text and "Too old 1" in text and "not shown" in text
    only = desk.read("resource-list", age="due")
    assert "Nearly" in only and "Fine" not in only
    answer = desk.post("resource-verify", due.pk, age="due")
    assert "“Nearly” is verified as of today." in told(answer) and answer.url.endswith("?age=due")
    due.refresh_from_db()
    assert due.verified_on == clock.today()
    entry = AuditEntry.objects.get(verb="verify resource")
    assert entry.actor == desk.user and entry.detail == {"before": str(days_ago(160)), "on": str(days_ago(0))}


def test_an_owner_sets_the_age(client):
    desk = Desk(client, role="owner")
    form = desk.get("settings").context["form"]
    data = {name: form[name].value() for name in form.fields}
    assert desk.post("settings", **{**data, "resource_days": 3}).status_code == 422
    desk.post("settings", **{**data, "resource_days": 90})
    desk.organization.refresh_from_db()
    assert desk.organization.resource_days == 90


def test_verifying_is_for_those_who_keep_the_directory_and_only_for_their_own(client, desk):
    foreign = resource(make.OrganizationFactory())
    assert desk.post("resource-verify", foreign.pk).status_code == 404
    own = resource(desk.organization)
    assert desk.get("resource-verify", own.pk).status_code == 405
    staff = Desk(client, desk.organization, role="staff")
    assert staff.post("resource-verify", own.pk).status_code == 403


# Writing it down


def form_data(**fields):
    return {
        "kind": "helpline",
        "name": "Night Line",
        "phone": "000 111",
        "time_zone": "America/Chicago",
        "verified_on": str(days_ago(1)),
        "is_listed": "on",
        **fields,
    }


def test_a_helpline_is_stored_with_its_hours_and_edited_again(desk):
    place = make.DivisionFactory(name="Cook County", country=desk.organization.country)
    desk.post(
        "resource-new",
        **form_data(
            place="Cook County", opening="Mon-Fri 18:00-08:00\nSat 10-14", languages="english,  Spanish"
        ),
    )
    row = Resource.objects.get()
    assert row.division == place and row.opening.count() == 6 and row.languages == "english, Spanish"
    form = desk.get("resource-edit", row.pk).context["form"]
    assert form["place"].value() == "Cook County"
    assert form["opening"].value() == "Mon–Fri 18:00–08:00\nSat 10:00–14:00"
    desk.post("resource-edit", row.pk, **form_data(opening="24/7"))
    row.refresh_from_db()
    assert row.is_always_open and not row.opening.exists() and row.division is None


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"phone": ""}, "Give a phone number"),
        ({"phone": "call us"}, "in digits"),
        ({"phone": "111 or 112 or 113 or 114 or 115"}, "in digits"),
        ({"phone": "", "website": "https://x.example.org/", "is_emergency": "on"}, "need a number"),
        ({"text_words": "HELLO"}, "which number"),
        ({"opening": "Mon 9-17\nMonday 16-18"}, "overlap"),
        ({"time_zone": "Mars/Olympus"}, "no time zone"),
        ({"place": "Nowhere"}, "no place"),
        ({"verified_on": "2999-01-01"}, "not come yet"),
    ],
)
def test_mistakes_are_said_at_their_field(desk, fields, problem):
    answer = desk.post("resource-new", **form_data(**fields))
    assert answer.status_code == 422 and problem in words(answer)
    assert not Resource.objects.exists()


def test_a_name_that_several_places_have_is_asked_about(desk):
    for _n in range(2):
        make.DivisionFactory(name="Springfield", country=desk.organization.country)
    answer = desk.post("resource-new", **form_data(place="Springfield"))
    assert answer.status_code == 422 and "2 places are called so" in words(answer)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"phone": ""}, "resource_can_be_reached"),
        (
            {"phone": "", "website": "https://x.example.org/", "is_emergency": True},
            "resource_emergency_has_a_number",
        ),
        ({"text_words": "HELLO"}, "resource_words_have_a_number"),
        ({"time_zone": ""}, "resource_has_a_clock"),
        ({"cost": "gold"}, "resource_cost_known"),
        ({"verified_on": "2999-01-01", "recorded_on": "2026-01-01"}, "resource_not_verified_in_future"),
    ],
)
def test_the_database_refuses_what_must_never_be_true(organization, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make.ResourceFactory(organization=organization, **fields)


@pytest.mark.parametrize(
    ("weekday", "opens", "closes", "constraint"),
    [
        (7, "09:00", "17:00", "opening_weekday_known"),
        (1, "09:00", "09:00", "opening_has_a_length"),
        (0, "09:00", "12:00", "resource_id|opening_once_per_beginning"),
    ],
)
def test_the_database_refuses_hours_that_cannot_be(organization, weekday, opens, closes, constraint):
    row = resource(organization, "Mon 09:00-17:00")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        OpeningHours.objects.create(resource=row, weekday=weekday, opens=opens, closes=closes)


def test_a_day_ahead_in_auckland_is_no_day_in_the_future(organization):
    organization.time_zone = "Pacific/Auckland"
    organization.save()
    clock_at(2026, 11, 25, 20)
    row = Resource(organization=organization, kind="helpline", name="x", phone="111")
    row.verified_on = clock.now().astimezone(zone_or_utc("Pacific/Auckland")).date()
    assert save_resource(resource=row, actor=None).recorded_on == row.verified_on > clock.today()


# Beside other things


def test_a_campaign_shows_three_at_most_and_leads_to_the_page_for_help(client):
    campaign = make.CampaignFactory()
    for n in range(5):
        resource(campaign.organization, name=f"Line {n}")
    resource(campaign.organization, name="Stale", verified_on=days_ago(999))
    resource(campaign.organization, name="Crisis Line", is_emergency=True)
    html = client.get(reverse("campaigns:campaign", args=[campaign.organization.slug, campaign.slug]))
    text = words(html)
    assert "Crisis Line" in text and "Line 1" in text and "Line 2" not in text and "Stale" not in text
    assert reverse("campaigns:help", args=[campaign.organization.slug]) in html.content.decode()


def test_help_stands_beside_the_letter_and_on_the_pages_after_signing(client, mailoutbox, settings):
    campaign, mine = confirmed(client, mailoutbox, settings)
    row = resource(campaign.organization, name="Crisis Line", phone="000 100", is_emergency=True)
    for name in ("letter", "thanks"):
        page = client.get(f"{mine}{name}/")
        assert "Crisis Line" in words(page) and 'href="tel:000100"' in page.content.decode(), name
    checked = reverse("campaigns:check-mail", args=[campaign.organization.slug, campaign.slug])
    assert "Crisis Line" in words(client.get(checked))
    Resource.objects.filter(pk=row.pk).update(is_listed=False)
    assert "Crisis Line" not in words(client.get(checked))


def test_a_brief_prints_help_that_is_still_right():
    campaign = make.CampaignFactory()
    resource(campaign.organization, "Mon-Fri 18:00-08:00", name="Night Line", languages="en, es")
    resource(campaign.organization, name="Stale", verified_on=days_ago(999))
    [fact] = issue_facts(campaign.issue, None, clock.today()).help
    assert (fact.help.name, fact.help.hours) == ("Night Line", "Mon–Fri 18:00–08:00")
    assert fact.help.languages == "English, Spanish"


# Over the API


def test_programs_read_the_directory_of_their_organisation(client, organization):
    call = Caller(client, organization, make.RoleFactory(organization=organization).user)
    resource(organization, "Mon 18:00-08:00", name="Night Line", languages="English, Spanish")
    resource(organization, name="Old", verified_on=days_ago(300))
    resource(make.OrganizationFactory(), name="Theirs")
    night, old = call("get", "/resources/").json()["results"]
    assert night["opening"] == [{"weekday": 0, "opens": "18:00:00", "closes": "08:00:00"}]
    assert (night["languages"], night["age"], old["age"]) == (["English", "Spanish"], "fresh", "old")
    assert night["division"] is None and night["place"] is None
    assert [row["name"] for row in call("get", "/resources/?shown=true").json()["results"]] == ["Night Line"]


def test_few_and_many_resources_ask_as_much_over_the_api(client, organization):
    call = Caller(client, organization, make.RoleFactory(organization=organization).user)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            call("get", "/resources/")
        return len(asked)

    resource(organization, "Mon 18:00-08:00", division=make.DivisionFactory())
    queries()  # the first call of a token is written down
    few = queries()
    for _n in range(9):
        resource(organization, "Mon 18:00-08:00", division=make.DivisionFactory())
    assert queries() == few
