"""Measures, figures, issues and myths in the languages of their readers: pages, letters, briefs; and how they are written."""

import json
import re
from html import unescape

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from campaigns.actions.details import FIELDS, correct_details
from campaigns.checklist import advice
from campaigns.delivery import outbox
from campaigns.documents import document_of
from campaigns.letters.compose import suggested_body, writer_values
from campaigns.models import CampaignTranslation, Letter, LetterVersion, Pledge
from campaigns.reach import reach_of
from campaigns.review import fingerprint_of
from contacts import clock
from contacts.actions.members import make_token
from policy.actions.translations import save_all, save_texts
from policy.briefs.evidence import argument
from policy.briefs.gather import issue_facts
from policy.briefs.html import body as brief_text
from policy.models import BriefKind, Evidence, Measure, Myth
from tests import factories as make
from tests.campaigns.console import Desk
from tests.campaigns.visitor import confirm_as_shown, link_in, sign, url
from tests.policy.facts import version_of

pytestmark = pytest.mark.django_db
SPANISH = {"accept-language": "es"}
TITLE = "Atención en cuatro semanas"


def text(response):
    return unescape(" ".join(response.content.decode().split()))


def read(client, campaign, languages="es", tail=""):
    caches["pages"].clear()
    return text(client.get(url(campaign, tail), headers={"accept-language": languages}))


def in_spanish(row, **texts):
    return save_texts(row=row, language="es", actor=None, texts=texts)


@pytest.fixture
def campaign():
    """With a measure and a figure; its own texts are in Spanish already."""
    issue = make.IssueFactory(
        title="Waiting", summary="People wait.", body="Waiting *harms*.", is_public=True
    )
    measure = make.MeasureFactory(issue=issue, identifier="HB 2217", summary="It sets a limit.")
    campaign = make.campaign_with_targets(
        posts=1, organization=issue.organization, issue=issue, measure=measure
    )
    make.EvidenceFactory(issue=issue, key="wait", claim="Adults wait for care", figure="41", unit="days")
    make.CampaignTranslationFactory(campaign=campaign, title="Atención a tiempo", ask="Vote", why="Por qué")
    return campaign


@pytest.fixture
def figure(campaign):
    return campaign.issue.evidence.get()


@pytest.fixture
def desk(client, campaign):
    return Desk(client, campaign.organization)


# Readers ------------------------------------------------------------------------------------------


def test_a_spanish_page_shows_the_measure_and_the_figures_in_spanish(client, campaign, figure):
    in_spanish(campaign.measure, title=TITLE, summary="Fija un *límite*.")
    in_spanish(figure, claim="Los adultos esperan atención", unit="días")
    page = read(client, campaign)
    assert f"HB 2217: <span>{TITLE}</span>" in page and "<em>límite</em>" in page
    assert "Los adultos esperan atención" in page and "41 días" in page
    assert "Care within four weeks" not in page and "Adults wait" not in page and "41 days" not in page
    assert "inglés" not in page
    english = read(client, campaign, "en")
    assert "HB 2217: <span>Care within four weeks</span>" in english and "41 days" in english
    assert TITLE not in english and "español" not in english


def test_what_is_not_translated_is_marked_and_said_once(client, campaign, figure):
    page = read(client, campaign)
    assert 'HB 2217: <span lang="en" dir="ltr">Care within four weeks</span>' in page
    assert '<span lang="en" dir="ltr">Adults wait for care</span>' in page
    assert '<span lang="en" dir="ltr">41 days</span>' in page
    assert page.count("inglés") == 1
    in_spanish(figure, claim="Esperan", unit="días")
    page = read(client, campaign)
    assert "41 días" in page and page.count("inglés") == 1  # now of the measure


def test_where_the_whole_page_is_in_another_language_it_is_said_at_the_top_alone(client, campaign):
    CampaignTranslation.objects.all().delete()
    assert read(client, campaign).count("inglés") == 1


def test_a_number_of_a_measure_is_the_published_one_unless_somebody_says_otherwise(client, campaign):
    in_spanish(campaign.measure, title=TITLE)
    assert "HB 2217: <span>" in read(client, campaign)
    in_spanish(campaign.measure, identifier="PL 2217")
    page = read(client, campaign)
    assert "PL 2217: <span>" in page and "HB 2217" not in page


def test_a_number_that_was_corrected_is_read_as_published_and_the_list_says_that_its_translation_is_older(
    client, campaign
):
    desk = Desk(client, campaign.organization)
    in_spanish(campaign.measure, identifier="PL 2217", title=TITLE, summary="Fija un límite.")
    Measure.objects.update(identifier="HB 21")
    page = read(client, campaign)
    assert "HB 21: <span>" in page and "PL 2217" not in page
    listed = desk.read("issue-languages", campaign.issue.pk)
    assert "2 of 7 texts" in listed and "The original was changed after this Measure HB 21" in listed
    Measure.objects.update(identifier="HB 2217")
    assert "PL 2217: <span>" in read(client, campaign)


def test_a_text_whose_original_has_no_words_any_more_is_the_original_everywhere(client, campaign):
    in_spanish(campaign.measure, identifier="Ley A-12", title=TITLE)
    Measure.objects.update(identifier="2026/31")
    page = read(client, campaign)
    assert "2026/31: <span>" in page and "Ley A-12" not in page
    in_spanish(Measure.objects.get(), title=TITLE)
    assert Measure.objects.get().texts_in("es").texts == {"title": TITLE}


def test_a_figure_that_was_corrected_is_read_in_the_original_until_it_is_translated_anew(
    client, campaign, figure
):
    in_spanish(figure, claim="Cuarenta de cada cien esperan", unit="días")
    Evidence.objects.update(claim="Fifty in a hundred wait")
    page = read(client, campaign)
    assert "Fifty in a hundred wait" in page and "Cuarenta" not in page


def test_a_figure_in_words_is_translated_and_a_bare_one_has_nothing_to_translate(client, campaign, figure):
    assert figure.to_translate == ("claim", "unit")
    Evidence.objects.update(figure="one in five", unit="")
    figure.refresh_from_db()
    in_spanish(figure, figure="una de cada cinco", claim="Personas esperan")
    page = read(client, campaign)
    assert "una de cada cinco" in page and "one in five" not in page


def test_a_page_asks_the_database_no_more_for_translations(client, campaign):
    make.EvidenceFactory.create_batch(4, issue=campaign.issue)

    def asked(address):
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as queries:
            client.get(address, headers=SPANISH)
        return len(queries)

    issue = f"/issues/{campaign.organization.slug}/{campaign.issue.slug}/"
    addresses = (url(campaign), url(campaign, "sign/"), issue)
    before = [asked(address) for address in addresses]
    in_spanish(campaign.measure, title=TITLE)
    for item in campaign.issue.evidence.all():
        in_spanish(item, claim="Esperan", unit="días")
    assert [asked(address) for address in addresses] == before


def test_an_issues_page_is_read_in_spanish_with_its_myths(client, campaign, figure):
    myth = make.MythFactory(issue=campaign.issue, evidence=figure, myth="Nobody waits", fact="Many wait.")
    where = f"/issues/{campaign.organization.slug}/{campaign.issue.slug}/"
    page = text(client.get(where, headers=SPANISH))
    assert '<h1 class="headline" lang="en" dir="ltr">Waiting</h1>' in page and page.count("inglés") == 1
    assert '<q lang="en" dir="ltr">Nobody waits</q>' in page
    in_spanish(campaign.issue, title="La espera", summary="La gente espera.", body="Esperar *daña*.")
    in_spanish(myth, myth="Nadie espera", fact="Muchos esperan.")
    in_spanish(figure, claim="Esperan", unit="días")
    page = text(client.get(where, headers=SPANISH))
    assert '<h1 class="headline">La espera</h1>' in page and "<em>daña</em>" in page
    assert "<q>Nadie espera</q>" in page and "Muchos esperan." in page and "inglés" not in page
    in_spanish(campaign.issue, title="")
    page = text(client.get(where, headers=SPANISH))
    assert "Una parte de este texto está solo en inglés" in page and "no hay traducción" not in page
    in_spanish(campaign.issue, title="La espera")
    listed = text(client.get(f"/issues/{campaign.organization.slug}/", headers=SPANISH))
    assert "La espera" in listed and "La gente espera." in listed


# Letters and briefs -------------------------------------------------------------------------------


def spanish_letter(campaign, opening):
    group = campaign.target_groups.get()
    return make.LetterVersionFactory(
        group=group, language="es", subject="Por {{measure_title}}", opening=opening, closing="Gracias."
    )


@pytest.mark.parametrize("language, title", [("es", TITLE), ("en", "Care within four weeks")])
def test_a_letter_names_the_measure_in_its_own_language(
    client, campaign, mailoutbox, settings, language, title
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    make.DriveFactory(campaign=campaign, state="running")
    LetterVersion.objects.update(opening="About {{measure}}, {{measure_title}}.")
    spanish_letter(campaign, "Sobre {{measure}}, {{measure_title}}.")
    in_spanish(campaign.measure, title=TITLE)
    client.post("/language/", {"language": language, "next": "/"})
    sign(client, campaign)
    outbox.send_due()
    # Whatever the page that confirms is read in, the letter keeps the language it is written in.
    client.post("/language/", {"language": "fr", "next": "/"})
    confirm_as_shown(client, link_in(mailoutbox[0]))
    letter = Letter.objects.get()
    assert letter.version.language == language and f"HB 2217, {title}." in letter.body


def test_a_letter_that_waits_since_before_the_measure_was_translated_is_not_its_writers_own(campaign):
    version = spanish_letter(campaign, "Vivo en {{city}}. Sobre {{measure_title}}.")
    pledge = make.PledgeFactory(campaign=campaign, city="Larkhaven", state="confirmed")
    body = suggested_body(version, writer_values(pledge, campaign, "es"))
    letter = make.LetterFactory(
        drive=make.DriveFactory(campaign=campaign), version=version, pledge=pledge, body=body, similarity=1
    )
    assert "Care within four weeks" in body
    in_spanish(campaign.measure, title=TITLE)
    details = {name: getattr(pledge, name) for name in FIELDS} | {"city": "Quayside"}
    effect = correct_details(pledge=Pledge.objects.get(), details=details, places={})
    assert effect.own_words == []
    letter.refresh_from_db()
    assert letter.body.startswith(f"Vivo en Quayside. Sobre {TITLE}.")


def test_a_letter_cites_a_figure_in_its_own_language(desk, campaign, figure):
    in_spanish(figure, claim="Esperan", unit="días")
    version = spanish_letter(campaign, "Esperan.")
    where = ("version-edit", campaign.target_groups.get().pk, version.pk)
    said = {
        "language": "es",
        "subject": "Por favor",
        "salutation": "Hola",
        "opening": "Esperan {{evidence:wait}}.",
        "closing": "Gracias.",
    }
    seen = re.search(r'name="seen" value="(\w+)"', text(desk.get(*where)))[1]
    desk.post(*where, seen=seen, **said)
    version.refresh_from_db()
    assert version.cited["evidence:wait"] == "41 días (Example survey, 2026; ejemplo inventado)"


def test_a_brief_in_spanish_speaks_spanish_of_measure_figures_and_campaign(campaign, figure):
    in_spanish(campaign.measure, title=TITLE, summary="Fija un límite.")
    in_spanish(figure, claim="Los adultos esperan atención", unit="días")
    in_spanish(campaign.issue, title="La espera", summary="La gente espera.")

    def brief(language):
        with translation.override(language):
            made = document_of(campaign, BriefKind.ISSUE, None, language=language, paper="a4")
            return unescape(brief_text(made, version_of(made))).replace("\xa0", " ")

    spanish, english = brief("es"), brief("en")
    for said in (
        TITLE,
        "Fija un límite.",
        "Los adultos esperan",
        "días",
        "La gente espera",
        "Atención a tiempo",
    ):
        assert said in spanish and said not in english
    assert "Care within four weeks" in english and "Care within four weeks" not in spanish


def test_a_brief_compares_places_of_which_some_are_translated(campaign, figure):
    for place, days in (("Lakeland", "30"), ("Harborland", "50")):
        there = make.DivisionFactory(name=place)
        make.EvidenceFactory(
            issue=campaign.issue, claim="Adults wait for care", figure=days, unit="days", division=there
        )
    in_spanish(figure, claim="Los adultos esperan atención", unit="días")

    def compared(language):
        with translation.override(language):
            chart, _facts = argument(issue_facts(campaign.issue, None, clock.now().date()).evidence)
        return [row.value for row in chart.rows]

    assert compared("es") == compared("en") == [50, 41, 30]


# Organizers ---------------------------------------------------------------------------------------


def test_the_languages_of_a_campaign_say_what_it_draws_on_lacks(desk, campaign, figure):
    listed = desk.read("campaign-languages", campaign.pk)
    assert "Measure HB 2217" in listed and "Figure “41 days”" in listed
    assert "3 of 10 texts" in listed  # of the campaign itself; the rest is not written
    in_spanish(campaign.measure, title=TITLE, summary="Fija un límite.")
    assert "5 of 10 texts" in desk.read("campaign-languages", campaign.pk)


def test_an_organizer_writes_all_that_a_campaign_draws_on_on_one_page(desk, campaign, figure):
    page = desk.get("campaign-library", campaign.pk, "es")
    assert "0 of 7 texts are written" in text(page) and "Care within four weeks" in text(page)
    desk.post("campaign-library", campaign.pk, "es", **fields(page, {campaign.measure: {"title": TITLE}}))
    page = desk.get("campaign-library", campaign.pk, "es")
    assert TITLE in text(page) and "1 of 7 texts are written" in text(page)
    entries = campaign.organization.audit_entries
    assert [one.object_id for one in entries.filter(verb="translate measure")] == [str(campaign.measure.pk)]
    assert not entries.filter(verb="translate evidence").exists()  # nobody wrote of it
    assert TITLE in read(desk.client, campaign)


def fields(page, written):
    """What a browser sends of the page, with some of its fields filled."""
    sent = dict.fromkeys(
        re.findall(r'<(?:textarea|input type="text") name="([0-9a-f-]+-\w+)"', text(page)), ""
    )
    sent |= dict(re.findall(r'name="([0-9a-f-]+-seen)" value="(\w+)"', page.content.decode()))
    return sent | {f"{row.pk}-{name}": said for row, texts in written.items() for name, said in texts.items()}


def test_nothing_is_stored_when_somebody_changed_one_of_them_meanwhile(desk, campaign, figure):
    page = desk.get("campaign-library", campaign.pk, "es")
    Evidence.objects.update(claim="Fifty wait")
    written = {campaign.measure: {"title": TITLE}, figure: {"claim": "Cuarenta esperan"}}
    answer = desk.post("campaign-library", campaign.pk, "es", **fields(page, written))
    assert answer.status_code == 422
    assert "Figure “41 days”: Somebody changed the original" in text(answer) and "Cuarenta" in text(answer)
    assert Measure.objects.get().translations == {} == Evidence.objects.get().translations
    assert desk.post("campaign-library", campaign.pk, "es", **fields(answer, written)).status_code == 302


def test_after_a_refused_save_the_page_counts_what_is_stored(desk, campaign, figure):
    page = desk.get("campaign-library", campaign.pk, "es")
    Measure.objects.update(title="Care within three weeks")
    written = {campaign.measure: {"title": TITLE}, figure: {"claim": "Cuarenta esperan"}}
    answer = desk.post("campaign-library", campaign.pk, "es", **fields(page, written))
    assert answer.status_code == 422 and "0 of 7 texts are written" in text(answer)


def test_an_issue_with_many_measures_is_written_page_by_page(desk, campaign):
    for n in range(80):
        make.MeasureFactory(
            issue=campaign.issue, identifier=f"AB {n + 100}", summary="It helps.", reasons="It does."
        )
    where = ("issue-language", campaign.issue.pk, "es")
    page = desk.get(*where, page=2)
    assert "46 to 83 of 83" in text(page) and "Save this page before you go on" in text(page)
    assert max(len(fields(desk.get(*where, page=n), {})) for n in (1, 2)) < 300
    last = Measure.objects.get(identifier="AB 179")
    address = f"{desk.url(*where)}?page=2"
    too_long = desk.client.post(address, fields(page, {last: {"title": "a" * 241}}))
    assert too_long.status_code == 422 and "46 to 83 of 83" in text(too_long)
    saved = desk.client.post(address, fields(too_long, {last: {"title": "Ayuda"}}))
    assert saved.status_code == 302 and saved["location"] == address
    assert Measure.objects.get(pk=last.pk).texts_in("es").texts == {"title": "Ayuda"}


def test_a_row_that_was_removed_at_the_same_moment_is_said_by_its_name(desk, campaign, figure, monkeypatch):
    page = desk.get("campaign-library", campaign.pk, "es")

    def removed_meanwhile(*args, **kwargs):
        Evidence.objects.all().delete()
        return save_all(*args, **kwargs)

    monkeypatch.setattr("campaigns.views.console.library_languages.save_all", removed_meanwhile)
    answer = desk.post("campaign-library", campaign.pk, "es", **fields(page, {figure: {"claim": "Esperan"}}))
    assert answer.status_code == 422 and "Figure “41 days”: It was removed meanwhile." in text(answer)


def test_what_came_to_the_page_while_somebody_wrote_keeps_its_translation(desk, campaign, figure):
    page = desk.get("campaign-library", campaign.pk, "es")
    late = make.EvidenceFactory(issue=campaign.issue, claim="Children wait", figure="50", unit="days")
    in_spanish(late, claim="La infancia espera", unit="días")
    desk.post("campaign-library", campaign.pk, "es", **fields(page, {campaign.measure: {"title": TITLE}}))
    assert Measure.objects.get().texts_in("es").said("title") == TITLE
    late.refresh_from_db()
    assert late.texts_in("es").texts == {"claim": "La infancia espera", "unit": "días"}


def test_a_text_that_is_too_long_is_said_at_its_field(desk, campaign):
    page = desk.get("campaign-library", campaign.pk, "es")
    answer = desk.post(
        "campaign-library", campaign.pk, "es", **fields(page, {campaign.measure: {"title": "a" * 241}})
    )
    assert answer.status_code == 422 and "Measure HB 2217, Title:" in text(answer)


def test_what_is_older_than_its_original_counts_as_not_written_until_somebody_says_it_is_right(
    desk, campaign
):
    in_spanish(campaign.measure, title=TITLE)
    Measure.objects.update(title="Care within three weeks")
    page = desk.get("campaign-library", campaign.pk, "es")
    assert "0 of 7 texts are written" in text(page) and "The original was changed after this" in text(page)
    same = {campaign.measure: {"title": TITLE, "still_right": "on"}}
    desk.post("campaign-library", campaign.pk, "es", **fields(page, same))
    assert "1 of 7 texts are written" in text(desk.get("campaign-library", campaign.pk, "es"))


def test_editing_the_original_leaves_translations_where_they_are(desk, campaign):
    loaded = Measure.objects.get()
    in_spanish(campaign.measure, title=TITLE)
    loaded.title = "Care within three weeks"
    loaded.save_original()  # read before the translation was written
    assert Measure.objects.get().texts_in("es").said("title") == TITLE


def test_an_issue_without_a_campaign_is_translated_from_its_own_page(desk, campaign):
    assert desk.url("issue-languages", campaign.issue.pk) in text(desk.get("issue", campaign.issue.pk))
    assert "0 of 7 texts" in desk.read("issue-languages", campaign.issue.pk)
    page = desk.get("issue-language", campaign.issue.pk, "fr")
    desk.post(
        "issue-language", campaign.issue.pk, "fr", **fields(page, {campaign.issue: {"title": "L’attente"}})
    )
    assert "1 of 7 texts" in desk.read("issue-languages", campaign.issue.pk)


def test_strangers_and_staff_do_not_translate_and_own_languages_are_none(client, campaign):
    staff = Desk(client, campaign.organization, role="staff")
    assert staff.get("campaign-library", campaign.pk, "es").status_code in {403, 404}
    foreign = make.campaign_with_targets(posts=0)
    desk = Desk(client, campaign.organization)
    assert desk.get("campaign-library", foreign.pk, "es").status_code == 404
    assert desk.get("issue-languages", foreign.issue.pk).status_code == 404
    for code in ("en", "tlh"):
        assert desk.get("campaign-library", campaign.pk, code).status_code == 404


def test_the_review_advises_and_a_second_person_looks_at_them(campaign):
    said = "Its measure and figures are not all written in a language of the page: Spanish."
    assert said in [lack.text for lack in advice(campaign, reach_of(campaign))]
    before = fingerprint_of(campaign)
    in_spanish(campaign.measure, title=TITLE, summary="Fija un límite.")
    assert fingerprint_of(campaign) != before
    in_spanish(campaign.issue.evidence.get(), claim="Esperan", unit="días")
    assert said not in [lack.text for lack in advice(campaign, reach_of(campaign))]


# Programs -----------------------------------------------------------------------------------------


@pytest.fixture
def headers(campaign):
    """Of a program that speaks for the campaign's organisation."""
    organizer = make.RoleFactory(organization=campaign.organization).user
    _token, secret = make_token(organization=campaign.organization, name="a program", actor=organizer)
    return {"authorization": f"Bearer {secret}"}


def test_programs_do_not_read_a_claim_that_was_corrected_in_an_older_translation(
    client, campaign, figure, headers
):
    make.MythFactory(issue=campaign.issue, evidence=figure, myth="Nobody waits", fact="Many wait.")
    in_spanish(campaign.issue.myths.get(), myth="Nadie espera", fact="Muchos esperan.")
    in_spanish(figure, claim="Cuarenta de cada cien esperan")
    Evidence.objects.update(claim="Fifty in a hundred wait")
    Myth.objects.update(fact="Most wait.")
    [row] = client.get("/api/v1/organization/evidence/", headers=headers).json()["results"]
    assert row["translations"] == {}
    [issue] = client.get("/api/v1/organization/issues/", headers=headers).json()["results"]
    assert issue["myths"][0]["translations"] == {"es": {"myth": "Nadie espera"}}


def test_programs_take_a_translation_away_in_whatever_language(client, campaign, headers):
    in_spanish(campaign.measure, title=TITLE)
    type(campaign.organization).objects.update(language="es")
    address = f"/api/v1/organization/measures/{campaign.measure.pk}/translations/es/"
    assert client.delete(address, headers=headers).status_code == 204
    assert Measure.objects.get().translations == {}
    assert campaign.organization.audit_entries.filter(verb="remove translation").count() == 1


def test_programs_read_and_write_them(client, campaign, figure, headers):
    own = "/api/v1/organization/"

    def put(where, **texts):
        body = json.dumps({"texts": texts})
        return client.put(f"{own}{where}", body, content_type="application/json", headers=headers)

    one = f"measures/{campaign.measure.pk}/translations/"
    saved = put(f"{one}es/", title=f"{TITLE}\n").json()
    assert saved["texts"] == {"title": TITLE} and saved["missing"] == ["summary"] and saved["older"] == []
    assert [row["language"] for row in client.get(f"{own}{one}", headers=headers).json()] == ["es"]
    assert put(f"evidence/{figure.pk}/translations/es/", claim="Esperan", unit="días").status_code == 200
    [row] = client.get(f"{own}evidence/", headers=headers).json()["results"]
    assert row["translations"] == {"es": {"claim": "Esperan", "unit": "días"}}
    public = client.get(f"/api/v1/campaigns/{campaign.pk}/").json()
    assert public["measure"] == "HB 2217: Care within four weeks"
    assert [row["measure"] for row in public["translations"]] == [f"HB 2217: {TITLE}"]
    assert put(f"{one}en/", title="a").status_code == 409
    assert put(f"{one}es/", titel="a").status_code == 400
    assert put(f"{one}es/", title="a" * 241).status_code == 400
    assert put(f"evidence/{figure.pk}/translations/es/", figure="41").status_code == 400
    assert client.delete(f"{own}{one}es/", headers=headers).status_code == 204
    assert client.delete(f"{own}{one}es/", headers=headers).status_code == 404
    assert Measure.objects.get().translations == {}
    foreign = f"measures/{make.MeasureFactory().pk}/translations/"
    for where in (foreign, f"legislators/{campaign.measure.pk}/translations/"):
        assert client.get(f"{own}{where}", headers=headers).status_code == 404
