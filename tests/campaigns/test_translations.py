"""A campaign in the languages of its readers: pages, mails, feeds and pictures; and how organizers write it."""

import json
import re
from html import unescape

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from campaigns.actions.copies import copy_campaign
from campaigns.checklist import advice
from campaigns.delivery import outbox
from campaigns.delivery.owed import owe_update
from campaigns.models import CampaignTranslation, Outcome, UpdateTranslation
from campaigns.reach import reach_of
from campaigns.review import fingerprint_of
from contacts import clock
from contacts.actions.members import make_token
from contacts.models import Consent
from policy.words import digest
from tests import factories as make
from tests.campaigns.console import Desk
from tests.campaigns.visitor import sign, token_of, url

pytestmark = pytest.mark.django_db
SPANISH = {"accept-language": "es"}


def text(response):
    return unescape(" ".join(response.content.decode().split()))


def read(client, campaign, languages="en", tail=""):
    caches["pages"].clear()
    return text(client.get(url(campaign, tail), headers={"accept-language": languages}))


@pytest.fixture
def campaign():
    campaign = make.campaign_with_targets(
        posts=1, title="Care in time", ask="Vote yes", why="Waiting **harms**."
    )
    make.CampaignTranslationFactory(
        campaign=campaign, title="Atención a tiempo", ask="Vote que sí", why="Esperar **daña**."
    )
    return campaign


# Readers ------------------------------------------------------------------------------------------


def test_a_reader_gets_the_campaign_in_their_language_and_others_the_original(client, campaign):
    spanish, english = read(client, campaign, "es"), read(client, campaign, "en")
    assert '<h1 class="headline" itemprop="name">Atención a tiempo</h1>' in spanish
    assert "Vote que sí" in spanish and "<strong>daña</strong>" in spanish
    assert "Care in time" not in spanish and "Waiting" not in spanish
    assert "Care in time" in english and "Atención" not in english.replace("Español", "")
    for page in (spanish, english):
        assert "no translation" not in page and "only in" not in page


def test_without_a_translation_the_page_says_once_in_which_language_it_is(client, campaign):
    page = read(client, campaign, "fr")
    assert '<h1 class="headline" itemprop="name" lang="en" dir="ltr">Care in time</h1>' in page
    assert page.count("anglais") == 1
    assert '<div lang="en" dir="ltr"><p>Waiting' in page


def test_somebody_gets_another_language_they_read_before_one_they_do_not(client, campaign):
    assert 'lang="es" dir="ltr">Atención a tiempo' in read(client, campaign, "fr, es;q=0.8, en;q=0.5")
    assert 'lang="en" dir="ltr">Care in time' in read(client, campaign, "fr, en;q=0.8, es;q=0.5")
    assert 'lang="en" dir="ltr">Care in time' in read(client, campaign, "fr, xx;q=0.9, *;q=0.1")


def test_a_part_that_is_not_translated_stays_in_the_original_and_is_marked(client, campaign):
    CampaignTranslation.objects.update(why="")
    page = read(client, campaign, "es")
    assert 'itemprop="name">Atención a tiempo' in page
    assert '<div lang="en" dir="ltr"><p>Waiting <strong>harms' in page
    assert page.count("inglés") == 1


def test_what_the_original_does_not_say_no_translation_says(client, campaign):
    CampaignTranslation.objects.update(outcome_text="Ganamos")
    assert "Ganamos" not in read(client, campaign, "es")


def test_what_was_corrected_is_read_in_the_original_until_it_is_translated_anew(client, campaign):
    outcome = make.OutcomeFactory(campaign=campaign, changed="Five million")
    claim = digest("Five million")
    CampaignTranslation.objects.update(outcome_text="Cinco millones", made_from={"outcome_text": claim})
    where = f"{url(campaign)}outcome/"
    spoken = {"headers": {"accept-language": "es"}}
    assert "Cinco millones" in client.get(where, **spoken).content.decode()
    Outcome.objects.filter(pk=outcome.pk).update(changed="Three million")
    page = client.get(where, **spoken).content.decode()
    assert "Three million" in page and "Cinco millones" not in page


def test_a_consent_is_kept_in_the_words_that_were_read_whatever_was_chosen_since(client, campaign):
    shown = re.search(r'name="language" value="([^"]+)"', read(client, campaign, "en"))[1]
    client.post(
        url(campaign, "sign/"),
        {
            "name": "Ada Lovelace",
            "email": "ada@people.example",
            "postal_code": "20000",
            "token": token_of(client, campaign),
            "language": shown,
        },
        headers=SPANISH,
    )
    (pledge,) = campaign.pledges.all()
    assert pledge.language == "en"
    assert {(one["language"], one["text"][:7]) for one in pledge.consents if one["purpose"] == "deliver"} == {
        ("en", "Deliver")
    }


def test_each_language_has_an_address_that_programs_find(client, campaign):
    own = f"{settings.SITE_URL}{url(campaign)}"
    page = read(client, campaign, "en", "?lang=es")
    assert '<html lang="es"' in page and "Atención a tiempo" in page
    assert f'rel="canonical" href="{own}?lang=es"' in page
    assert 'og:locale" content="es"' in page and 'og:locale:alternate" content="en"' in page
    for code, address in (("en", f"{own}?lang=en"), ("es", f"{own}?lang=es"), ("x-default", own)):
        assert f'hreflang="{code}" href="{address}"' in page
    picture = re.search(r'og:image" content="([^"]+)"', page)[1]
    assert "lang=es" in picture
    other = re.search(r'og:image" content="([^"]+)"', read(client, campaign))[1]
    drawn = [client.get(one.removeprefix(settings.SITE_URL)).content for one in (picture, other)]
    assert drawn[0] != drawn[1]
    alone = read(client, make.campaign_with_targets(posts=1))
    assert "hreflang" not in alone


def test_an_address_that_asks_for_an_unknown_language_is_read_as_without(client, campaign):
    assert "Care in time" in read(client, campaign, "en", "?lang=tlh")
    assert '<html lang="en"' in read(client, campaign, "en", "?lang=")


def test_choosing_a_language_at_the_foot_holds_against_the_address(client, campaign):
    answer = client.post("/language/", {"language": "en", "next": url(campaign, "?lang=es&source=poster")})
    assert answer["Location"] == url(campaign, "?source=poster")


def test_who_follows_a_link_in_a_language_signs_in_it(client, campaign):
    page = client.get(url(campaign, "?lang=es")).content.decode()
    assert f'action="{url(campaign, "sign/?lang=es")}"' in page
    answer = client.post(
        url(campaign, "sign/?lang=es"),
        {
            "name": "Ada",
            "email": "ada@people.example",
            "postal_code": "20000",
            "token": token_of(client, campaign),
        },
    )
    assert answer["Location"] == url(campaign, "check-mail/?lang=es")
    assert campaign.pledges.get().language == "es"
    assert {one["language"] for one in campaign.pledges.get().consents} == {"es"}


def test_mails_name_the_campaign_in_the_supporters_language(client, campaign, mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client.get("/", headers=SPANISH)
    client.post("/language/", {"language": "es", "next": "/"})
    sign(client, campaign)
    outbox.send_due()
    (mail,) = mailoutbox
    assert "Atención a tiempo" in mail.subject and "Atención a tiempo" in mail.body
    assert "Care in time" not in mail.body


def test_news_is_read_mailed_and_fed_in_the_readers_language(client, campaign, mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    update = make.CampaignUpdateFactory(
        campaign=campaign, title="The vote is won", text="By *one* vote.", published_at=clock.now()
    )
    UpdateTranslation.objects.create(
        update=update, language="es", title="Ganamos el voto", text="Por *un* voto.", changed_at=clock.now()
    )
    assert "Ganamos el voto" in read(client, campaign, "es") and "The vote is won" in read(client, campaign)
    feed = client.get(url(campaign, "news.atom?lang=es")).content.decode()
    assert "Ganamos el voto" in feed and "Atención a tiempo" in feed and 'xml:lang="es"' in feed
    # A reader of feeds names no language in its address: it gets the campaign's own, whatever its program says.
    feed = client.get(url(campaign, "news.atom"), headers=SPANISH).content.decode()
    assert "The vote is won" in feed and "Ganamos" not in feed and 'xml:lang="en"' in feed
    pledge = make.PledgeFactory(campaign=campaign, language="es")
    Consent.objects.create(
        supporter=pledge.supporter, purpose="contact", given=True, text_version="1", at=clock.now()
    )
    owe_update(update, [(pledge, "x")], clock.now())
    outbox.send_due()
    (mail,) = mailoutbox
    assert mail.subject == "Ganamos el voto" and "Por *un* voto." in mail.body
    assert "?lang=es" in mail.body and "<em>un</em>" in mail.alternatives[0][0]


def test_news_that_is_not_translated_is_marked_and_said_once(client, campaign):
    for n in range(2):
        make.CampaignUpdateFactory(campaign=campaign, title=f"Vote {n}", published_at=clock.now())
    page = read(client, campaign, "es")
    assert page.count('<h3 class="news-title" lang="en" dir="ltr">') == 2 and page.count("inglés") == 1
    assert read(client, campaign, "fr").count("anglais") == 1  # the top of the page says it


def test_readers_of_different_languages_do_not_get_each_others_news(client, campaign):
    CampaignTranslation.objects.all().delete()
    update = make.CampaignUpdateFactory(campaign=campaign, title="Won", published_at=clock.now())
    UpdateTranslation.objects.create(
        update=update, language="es", title="Ganamos", text="Texto", changed_at=clock.now()
    )
    for languages, title in (("fr, es", "Ganamos"), ("fr, en", "Won"), ("fr, es", "Ganamos")):
        assert title in text(client.get(url(campaign), headers={"accept-language": languages}))


def test_sharing_passes_on_what_was_read(client, campaign):
    page = read(client, campaign, "es", "share/")
    assert "lang=es" in page and "Atención a tiempo" in page
    assert "lang=en" in re.search(r"Care in time (\S+)", read(client, campaign, "en", "share/"))[1]


def test_frames_and_oembed_speak_the_language_they_are_asked_for(client, campaign):
    campaign.organization.embed_origins = ["https://partner.example.org"]
    campaign.organization.save()
    found = client.get("/oembed", {"url": f"{settings.SITE_URL}{url(campaign)}?lang=es"}).json()
    assert found["title"] == "Atención a tiempo" and "lang=es" in found["html"]
    assert "lang=es" in found["thumbnail_url"]
    plain = client.get("/oembed", {"url": f"{settings.SITE_URL}{url(campaign)}"}).json()
    assert plain["title"] == "Care in time" and "lang=" not in plain["html"]
    frame = text(client.get(f"/embed/{campaign.organization.slug}/{campaign.slug}/?lang=es"))
    assert "Vote que sí" in frame and '<html lang="es"' in frame and "&lang=es" in frame


def test_words_to_say_on_the_phone_are_in_the_callers_language(client, campaign):
    campaign.call_script = "Hello, I am {{name}}"
    assert campaign.words_in(["es"]).call_script.language == "en"
    CampaignTranslation.objects.update(call_script="Hola, soy {{name}}")
    del campaign.translated
    assert campaign.words_in(["es"]).call_script == "Hola, soy {{name}}"


def test_lists_ask_the_database_no_more_for_many_translated_campaigns(client, campaign):
    def asked(address):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    before = [asked(address) for address in ("/", "/api/v1/campaigns/")]
    for _ in range(19):
        make.CampaignTranslationFactory(campaign=make.CampaignFactory(organization=campaign.organization))
    assert [asked(address) for address in ("/", "/api/v1/campaigns/")] == before


def test_a_page_asks_no_more_for_twenty_translated_news(client, campaign):
    def add():
        update = make.CampaignUpdateFactory(campaign=campaign, published_at=clock.now())
        UpdateTranslation.objects.create(
            update=update, language="es", title="Nuevo", text="Texto", changed_at=clock.now()
        )

    def asked(tail):
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as queries:
            client.get(url(campaign, tail), headers=SPANISH)
        return len(queries)

    add()
    few = [asked(""), asked("news.atom")]
    for _ in range(19):
        add()
    assert [asked(""), asked("news.atom")] == few


def test_a_kept_page_is_kept_for_each_set_of_languages(client, campaign, settings):
    settings.KEPT_SECONDS = 60
    for languages, headline in (
        ("es", "Atención"),
        ("fr, es", "Atención"),
        ("fr, en", "Care"),
        ("en", "Care"),
    ):
        for _ in range(2):
            page = client.get(url(campaign), headers={"accept-language": languages}).content.decode()
            assert re.search(r'headline" itemprop="name"[^>]*>(\w+)', page)[1] == headline


def test_one_language_has_one_translation(campaign):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.CampaignTranslationFactory(campaign=campaign)


# Organizers ---------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, campaign):
    return Desk(client, campaign.organization)


def seen(page):
    return re.search(r'name="seen" value="(\w+)"', page.content.decode())[1]


def test_an_organizer_translates_a_campaign_beside_its_original(desk, campaign):
    assert "not translated" in desk.read("campaign-languages", campaign.pk)
    page = desk.get("campaign-language", campaign.pk, "fr")
    assert "Care in time" in text(page)
    answer = desk.post(
        "campaign-language",
        campaign.pk,
        "fr",
        seen=seen(page),
        title="Des soins\r\nà temps",
        ask="Votez oui",
        why="Attendre *nuit*.",
    )
    assert answer.status_code == 302
    assert "Des soins à temps" in read(desk.client, campaign, "fr")
    listed = desk.read("campaign-languages", campaign.pk)
    assert "Des soins à temps" in listed and listed.count("Complete") == 2
    assert campaign.organization.audit_entries.filter(verb="translate campaign").exists()


def test_what_is_older_than_the_original_is_marked_until_somebody_says_it_is_right(desk, campaign):
    campaign.why = "Waiting harms everybody."
    campaign.save()
    assert "The original was changed after this why it matters" in desk.read(
        "campaign-languages", campaign.pk
    )
    page = desk.get("campaign-language", campaign.pk, "es")
    assert text(page).count("The original was changed after this") == 1
    said = {"seen": seen(page), "title": "Atención ya", "ask": "Vote que sí", "why": "Esperar **daña**."}
    desk.post("campaign-language", campaign.pk, "es", **said)
    # Only the headline was changed: the rest is as old as before.
    assert "The original was changed after this" in desk.read("campaign-languages", campaign.pk)
    said["seen"] = seen(desk.get("campaign-language", campaign.pk, "es"))
    desk.post("campaign-language", campaign.pk, "es", **said, still_right="on")
    assert "The original was changed after this" not in desk.read("campaign-languages", campaign.pk)


def test_two_people_do_not_write_over_each_other(desk, campaign):
    page = desk.get("campaign-language", campaign.pk, "es")
    campaign.title = "Care at last"
    campaign.save()
    said = {"title": "Atención", "ask": "Vote", "why": ""}
    answer = desk.post("campaign-language", campaign.pk, "es", seen=seen(page), **said)
    assert answer.status_code == 422 and "Somebody changed the original" in text(answer)
    assert "Care at last" in text(answer) and "Atención" in text(answer)  # what was typed stays
    assert desk.post("campaign-language", campaign.pk, "es", seen=seen(answer), **said).status_code == 302


def test_a_mistake_is_said_at_its_field(desk, campaign):
    campaign.call_script = "Hello"
    campaign.save()
    page = desk.get("campaign-language", campaign.pk, "es")
    answer = desk.post(
        "campaign-language",
        campaign.pk,
        "es",
        seen=seen(page),
        title="",
        ask="Vote",
        call_script="Hola {{nombre}}",
    )
    assert answer.status_code == 422
    assert "id_title_error" in text(answer) and "There is no field {{nombre}}" in text(answer)


def test_a_translation_is_taken_away_after_a_page_that_says_what_happens(desk, campaign):
    assert "Who reads this language" in desk.read("campaign-language-remove", campaign.pk, "es")
    desk.post("campaign-language-remove", campaign.pk, "es")
    assert "Care in time" in read(desk.client, campaign, "es")


def test_only_offered_languages_and_own_campaigns_can_be_translated(desk, campaign):
    for code in ("en", "tlh"):
        assert desk.get("campaign-language", campaign.pk, code).status_code == 404
    foreign = make.CampaignFactory()
    for name, more in (("campaign-languages", ()), ("campaign-language", ("es",))):
        assert desk.get(name, foreign.pk, *more).status_code == 404


def test_staff_may_look_but_not_translate(client, campaign):
    desk = Desk(client, campaign.organization, role="staff")
    assert "Atención a tiempo" in desk.read("campaign-languages", campaign.pk)
    assert desk.get("campaign-language", campaign.pk, "es").status_code in {403, 404}


def test_a_campaign_does_not_become_of_a_language_it_is_translated_to(desk, campaign):
    page = text(desk.get("campaign-signing", campaign.pk))
    assert f'href="{desk.url("campaign-languages", campaign.pk)}"' in page
    data = {"language": "es", "channel_choice": ["email"], "editing_minutes": 60}
    answer = desk.post("campaign-signing", campaign.pk, **data)
    assert answer.status_code == 422 and "take that translation away first" in text(answer)


def test_the_review_advises_on_languages_and_opens_without(desk, campaign):
    make.LetterVersionFactory(group=campaign.target_groups.get(), language="fr")
    CampaignTranslation.objects.update(why="")
    said = " ".join(lack.text for lack in advice(campaign, reach_of(campaign)))
    assert "Not all is translated: Spanish." in said
    assert "a language that the page is not translated to: French." in said


def test_a_second_person_looks_at_translations_too(campaign):
    before = fingerprint_of(campaign)
    CampaignTranslation.objects.update(ask="Otra cosa")
    assert fingerprint_of(campaign) != before


def test_a_copy_takes_translations_along_and_marks_its_new_headline(campaign):
    copy = copy_campaign(campaign=campaign, actor=None, title="Care, again", slug="again")
    translation = copy.translations.get()
    assert (translation.ask, translation.language) == ("Vote que sí", "es")
    assert translation.older == ["title"]


def test_news_is_translated_in_the_console(desk, campaign):
    update = make.CampaignUpdateFactory(campaign=campaign, title="Won", text="By one vote.")
    assert "French: not translated" in desk.read("update-list", campaign.pk)
    page = desk.get("update-language", campaign.pk, update.pk, "fr")
    said = {"seen": seen(page), "title": "Gagné", "text": "Par une voix."}
    assert desk.post("update-language", campaign.pk, update.pk, "fr", **said).status_code == 302
    assert "French: translated" in desk.read("update-list", campaign.pk)
    update.text = "By two votes."
    update.save()
    assert "French: The original was changed after this" in desk.read("update-list", campaign.pk)


def test_the_list_of_news_asks_no_more_for_twenty(desk, campaign):
    make.CampaignUpdateFactory(campaign=campaign)
    with CaptureQueriesContext(connection) as few:
        desk.get("update-list", campaign.pk)
    make.CampaignUpdateFactory.create_batch(18, campaign=campaign)
    with CaptureQueriesContext(connection) as many:
        desk.get("update-list", campaign.pk)
    assert len(few) == len(many)


def test_the_code_for_other_sites_is_there_in_each_language(desk, campaign):
    page = text(desk.get("campaign-embed", campaign.pk))
    assert 'data-lang="es"' in page and page.count("data-campaign") == 2


# Programs -----------------------------------------------------------------------------------------


def test_programs_read_and_write_translations(client, campaign):
    organizer = make.RoleFactory(organization=campaign.organization).user
    _token, secret = make_token(organization=campaign.organization, name="a program", actor=organizer)
    own = f"/api/v1/organization/campaigns/{campaign.pk}/translations/"
    asked = {"content_type": "application/json", "headers": {"authorization": f"Bearer {secret}"}}
    said = json.dumps({"title": "Des soins\nà temps", "ask": "Votez oui"})
    saved = client.put(f"{own}fr/", said, **asked).json()
    assert saved["title"] == "Des soins à temps" and saved["missing"] == ["why"] and saved["older"] == []
    assert [one["language"] for one in client.get(own, headers=asked["headers"]).json()] == ["es", "fr"]
    public = client.get(f"/api/v1/campaigns/{campaign.pk}/").json()
    assert public["languages"] == ["en", "es", "fr"] and public["title"] == "Care in time"
    assert {one["title"] for one in public["translations"]} == {"Atención a tiempo", "Des soins à temps"}
    assert client.put(f"{own}en/", said, **asked).status_code == 409
    assert client.put(f"{own}fr/", json.dumps({"title": "Des soins"}), **asked).status_code == 400
    wrong = json.dumps({"title": "a", "ask": "b", "call_script": "{{nobody}}"})
    assert client.put(f"{own}fr/", wrong, **asked).json()["errors"]
    assert client.delete(f"{own}fr/", headers=asked["headers"]).status_code == 204
    assert client.delete(f"{own}fr/", headers=asked["headers"]).status_code == 404
    foreign = f"/api/v1/organization/campaigns/{make.CampaignFactory().pk}/translations/"
    assert client.get(foreign, headers=asked["headers"]).status_code == 404
