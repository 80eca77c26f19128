"""A supporter's own data, behind their link: correct it, choose mails, take it along, have it erased."""

import csv
import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models

from campaigns import tallies
from campaigns.actions import details as correcting
from campaigns.actions.erasing import erase_supporter
from campaigns.actions.wishes import set_wishes
from campaigns.delivery import forgetting, outbox
from campaigns.links import manage_token
from campaigns.models import Letter, OutboxMail, Pledge, PrintBatch
from contacts import clock
from contacts.addresses import address_hash
from contacts.models import Consent, Legislator, Supporter, Suppression
from policy.models import Brief
from tests.campaigns.visitor import confirmed, link_in, sign, url, written
from tests.factories import (
    DivisionFactory,
    DriveFactory,
    InboundMailFactory,
    LegislatorFactory,
    LetterFactory,
    OrganizationFactory,
    PledgeFactory,
    PostalAreaFactory,
    PrintBatchFactory,
    ResidenceFactory,
    SupporterFactory,
    campaign_with_targets,
)

pytestmark = pytest.mark.django_db


def text(response):
    return " ".join(response.content.decode().split())


def typed(**changes):
    return {
        "name": "Ada King",
        "postal_code": "20000",
        "city": "Quayside",
        "street": "",
        "title": "",
        "region": "",
        "phone": "",
        "language": "en",
        **changes,
    }


# Name and address ---------------------------------------------------------------------------------


def test_who_asked_never_to_be_written_to_is_still_known_under_another_secret_key(settings):
    before = address_hash("ada@people.example")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one"
    assert address_hash("ada@people.example") == before


def test_a_corrected_name_is_in_every_letter_that_is_not_fixed_and_nothing_is_stored_before_the_button(
    client, mailoutbox, settings
):
    _campaign, mine = confirmed(client, mailoutbox, settings, posts=1)
    page = text(client.post(f"{mine}details/", typed()))
    holder = Legislator.objects.get().name
    assert f"This letter gets the new name and address:</p> <ul><li>Representative {holder}</li>" in page
    assert Pledge.objects.get().name == "Ada Lovelace"
    assert "are corrected" in text(client.post(f"{mine}details/", typed(sure="1"), follow=True))
    pledge, letter = Pledge.objects.get(), Letter.objects.get()
    assert (pledge.name, pledge.city, pledge.supporter.name) == ("Ada King", "Quayside", "Ada King")
    assert letter.body.startswith("I live in Quayside")
    page = text(client.get(mine))
    assert "Ada King Quayside 20000" in page and "Your name and address were corrected by you" in page
    outbox.send_due()
    assert "corrected" in mailoutbox[-1].subject


def test_who_is_erased_at_the_moment_they_correct_their_name_stays_erased(
    client, mailoutbox, settings, monkeypatch
):
    _campaign, mine = confirmed(client, mailoutbox, settings, posts=1)
    real = correcting.correct_details

    def late(**fields):
        erase_supporter(pledge=Pledge.objects.get())
        return real(**fields)

    monkeypatch.setattr(correcting, "correct_details", late)
    assert client.post(f"{mine}details/", typed(sure="1")).status_code == 302
    assert Pledge.objects.get().name == ""
    before = Consent.objects.count()
    set_wishes(pledge=Pledge.objects.get(), wishes={"contact": True}, words={"contact": "Yes"}, language="en")
    assert Consent.objects.count() == before


def test_own_words_stay_as_they_are_and_the_page_says_so(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings, posts=1)
    client.post(f"{mine}letter/", written("I waited a year in Larkhaven."))
    assert "has words of your own and stays" in text(client.post(f"{mine}details/", typed()))
    client.post(f"{mine}details/", typed(sure="1"))
    assert Letter.objects.get().body == "I waited a year in Larkhaven."


def test_who_moves_gets_letters_to_the_new_representative_with_their_own_words_and_none_twice(
    client, mailoutbox, settings
):
    _campaign, mine = confirmed(client, mailoutbox, settings, posts=2)
    client.post(f"{mine}letter/", written("I waited a year."))
    old = Letter.objects.get()
    page = text(client.post(f"{mine}details/", typed(postal_code="20001")))
    assert "does not represent you any more" in page and "Your new representative gets a letter" in page
    for _ in range(2):
        client.post(f"{mine}details/", typed(postal_code="20001", sure="1"))
    old.refresh_from_db()
    new = Letter.objects.exclude(pk=old.pk).get()
    assert old.state == "withdrawn" and new.state == "draft"
    assert new.body == "I waited a year." and new.post_id != old.post_id
    page = text(client.get(mine))
    assert "you moved to where somebody else is in office" in page


def test_who_moves_and_moves_back_has_one_letter_at_the_right_office_with_their_last_words(
    client, mailoutbox, settings
):
    _campaign, mine = confirmed(client, mailoutbox, settings, posts=2)
    first = Letter.objects.get()
    client.post(f"{mine}letter/", written("I waited a year."))
    client.post(f"{mine}details/", typed(postal_code="20001", sure="1"))
    client.post(f"{mine}letter/", written("I waited two years."))
    page = text(client.post(f"{mine}details/", typed(postal_code="20000")))
    assert "Your new representative gets a letter" in page
    for _ in range(2):
        client.post(f"{mine}details/", typed(postal_code="20000", sure="1"))
    back, other = Letter.objects.get(state="draft"), Letter.objects.get(state="withdrawn")
    assert (back.pk, back.post_id) == (first.pk, first.post_id) and other.post_id != first.post_id
    assert back.body == "I waited two years." and back.note == ""
    assert "you moved back to where this representative is in office" in text(client.get(mine))
    client.post(f"{mine}details/", typed(postal_code="20001", sure="1"))
    assert Letter.objects.get(state="draft").pk == other.pk and Letter.objects.count() == 2


def test_a_slip_in_the_postal_code_loses_no_letter_and_one_taken_back_stays_so(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings, posts=2)
    client.post(f"{mine}letter/", written("I waited a year."))
    client.post(f"{mine}letter/send/")
    client.post(f"{mine}details/", typed(postal_code="99999", sign_anyway="on", sure="1"))
    assert Letter.objects.get().state == "withdrawn"
    client.post(f"{mine}details/", typed(sure="1"))
    letter = Letter.objects.get()
    assert (letter.state, letter.body) == ("ready", "I waited a year.")
    client.post(f"{mine}letters/{letter.pk}/withdraw/")
    letter.refresh_from_db()
    assert letter.state == "withdrawn"
    client.post(f"{mine}details/", typed(postal_code="20001", sure="1"))
    client.post(f"{mine}details/", typed(sure="1"))
    letter.refresh_from_db()
    assert letter.state == "withdrawn"


def test_a_letter_that_is_fixed_leaves_as_it_is_and_keeps_a_second_one_to_its_chamber_away(client):
    campaign = campaign_with_targets(posts=2)
    drive = DriveFactory(campaign=campaign)
    pledge = PledgeFactory(campaign=campaign, postal_code="20000")
    first, second = campaign.target_groups.get().rules.get().chamber.posts.order_by("label")
    ResidenceFactory(supporter=pledge.supporter, division=first.division)
    fixed = LetterFactory(
        drive=drive,
        pledge=pledge,
        post=first,
        state="queued",
        message_id="<x@harbour.example>",
        legislator=first.memberships.get().legislator,
    )
    mine = f"/p/{manage_token(pledge)}/"
    page = text(client.post(f"{mine}details/", typed(postal_code="20001")))
    assert "The text of this letter is fixed" in page and "gets a letter" not in page
    holder = second.memberships.get().legislator.name
    assert f"chamber leaves or has left:</p> <ul><li>{second.role} {holder}</li>" in page
    assert f"{first.role} {fixed.legislator.name}" in page
    client.post(f"{mine}details/", typed(postal_code="20001", sure="1"))
    assert list(Letter.objects.values_list("pk", "state")) == [(fixed.pk, "queued")]


def test_a_postal_code_in_several_places_is_asked_about_and_an_unknown_one_is_not_believed(
    client, mailoutbox, settings
):
    campaign, mine = confirmed(client, mailoutbox, settings, posts=2)
    for post in campaign.target_groups.get().rules.get().chamber.posts.all():
        PostalAreaFactory(code="30000", division=post.division)
    page = client.post(f"{mine}details/", typed(postal_code="30000"))
    name = re.search(r'name="(place-[^"]+)"', page.content.decode()).group(1)
    assert "Which of these is you?" in text(page)
    assert client.post(f"{mine}details/", typed(postal_code="30000", asked="1")).status_code == 422
    other = Letter.objects.get().post.division_id
    place = campaign.target_groups.get().rules.get().chamber.posts.exclude(division=other).get().division_id
    client.post(f"{mine}details/", typed(postal_code="30000", sure="1", **{name: str(place)}))
    assert Letter.objects.exclude(state="withdrawn").get().post.division_id == place
    page = client.post(f"{mine}details/", typed(postal_code="99999"))
    assert page.status_code == 422 and "We don&#x27;t know this postal code" in text(page)


def test_all_pledges_with_one_organisation_are_corrected_and_others_are_not(client):
    person = SupporterFactory(postal_code="20000")
    first = PledgeFactory(campaign=campaign_with_targets(organization=person.organization), supporter=person)
    second = PledgeFactory(campaign=campaign_with_targets(organization=person.organization), supporter=person)
    elsewhere = PledgeFactory(email=person.email, name="Ada Before")
    code = first.postal_code
    page = text(client.post(f"/p/{manage_token(first)}/details/", typed(postal_code=code)))
    assert "for all your 2 pledges" in page
    client.post(f"/p/{manage_token(first)}/details/", typed(postal_code=code, sure="1"))
    second.refresh_from_db()
    elsewhere.refresh_from_db()
    assert second.name == "Ada King" and elsewhere.name == "Ada Before"


def test_mails_come_in_the_language_that_was_chosen(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings, posts=1)
    client.post(f"{mine}details/", typed(language="es", sure="1"))
    assert (Pledge.objects.get().language, Supporter.objects.get().language) == ("es", "es")
    outbox.send_due()
    assert 'lang="es"' in mailoutbox[-1].alternatives[0][0]


def test_where_an_office_demands_a_title_it_gets_first_and_last_name_after_a_correction_too(
    client, mailoutbox, settings, monkeypatch
):
    _campaign, mine = confirmed(client, mailoutbox, settings, posts=1)
    monkeypatch.setattr("campaigns.views.my_data.demanded", lambda campaign: {"prefix"})
    page = client.post(f"{mine}details/", typed(title="Ms.", name="Ada", sure="1"))
    assert page.status_code == 422 and "first and last name" in text(page)
    assert Pledge.objects.get().name == "Ada Lovelace"
    assert client.post(f"{mine}details/", typed(title="Ms.", sure="1")).status_code == 302


# Mails and consents -------------------------------------------------------------------------------


def test_choices_are_kept_in_the_words_that_were_shown_and_only_what_changed(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings, posts=1)
    rows = Consent.objects.count()
    page = client.get(f"{mine}mails/").content.decode()
    assert re.search(r'name="ask"[^>]* checked', page) and not re.search(r'name="story"[^>]* checked', page)
    client.post(f"{mine}mails/", {"ask": "on", "story": "on"})
    assert Consent.objects.count() == rows + 1
    last = Consent.objects.order_by("-id").first()
    assert (last.purpose, last.given, last.source) == ("story", True, "their own page")
    assert "You may quote my words" in last.text
    assert "Nothing was changed" in text(
        client.post(f"{mine}mails/", {"ask": "on", "story": "on"}, follow=True)
    )
    outbox.send_due()
    assert "choices" in mailoutbox[-1].subject


# Taking it along ----------------------------------------------------------------------------------


def test_everything_held_can_be_taken_along_and_a_mail_says_that_it_was(client, mailoutbox, settings):
    campaign, mine = confirmed(client, mailoutbox, settings, posts=1, typed={"comment": "=HYPERLINK(1)"})
    client.post(f"{mine}letter/", written("I waited a year."))
    InboundMailFactory(letter=Letter.objects.get(), text="We will see.")
    assert client.get(f"{mine}data/").status_code == 200
    answer = client.post(f"{mine}data/")
    assert answer["Content-Type"] == "application/zip" and answer["Cache-Control"] == "no-store"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    whole = json.loads(archive.read("everything.json"))
    assert whole["person"][0]["email"] == "ada@people.example"
    assert whole["pledges"][0]["campaign"] == campaign.title
    assert "I waited a year." in whole["letters"][0]["text"]
    assert whole["answers_of_offices"][0]["text"] == "We will see."
    assert {row["purpose"] for row in whole["consents"]} >= {"Deliver my letter", "Contact me"}
    assert whole["places"] and whole["mails_to_you"] and whole["what_happened_to_letters"]
    rows = list(csv.DictReader(io.StringIO(archive.read("pledges.csv").decode("utf-8-sig"))))
    assert rows[0]["comment"] == "'=HYPERLINK(1)"
    outbox.send_due()
    assert "downloaded" in mailoutbox[-1].subject
    for _ in range(9):
        client.post(f"{mine}data/")
        outbox.send_due()
    assert OutboxMail.objects.filter(kind="exported").count() == 3


def test_what_can_be_taken_along_names_no_stop_of_another_organisation(client):
    pledge = PledgeFactory()
    hashed = address_hash(pledge.canonical_email)
    for organization, why in (
        (pledge.campaign.organization, "ours"),
        (None, "all"),
        (OrganizationFactory(), "theirs"),
    ):
        Suppression.objects.create(
            organization=organization, address_hash=hashed, reason=why, created_at=clock.now()
        )
    content = client.post(f"/p/{manage_token(pledge)}/data/").content
    stops = json.loads(zipfile.ZipFile(io.BytesIO(content)).read("everything.json"))["stops"]
    assert sorted(stop["why"] for stop in stops) == ["all", "ours"]


# Erasing ------------------------------------------------------------------------------------------


NEEDLES = ["ada@people.example", "Ada Lovelace", "Larkhaven", "Tower Street", "I waited a year", "555 0100"]


def where_it_stands(*needles):
    """Every column of every table that holds one of the words, in text, JSON or bytes."""
    found = []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField | models.BinaryField):
                for value in model._base_manager.values_list(field.attname, flat=True):
                    plain = (
                        bytes(value).decode("latin-1")
                        if isinstance(value, bytes | memoryview)
                        else str(value)
                    )
                    found += [
                        f"{model.__name__}.{field.name}: {needle}"
                        for needle in needles
                        if needle.casefold() in plain.casefold()
                    ]
    return found


def a_full_life(client, mailoutbox, settings):
    """Somebody with a letter in every situation, an answer, a file for the printer and a quote in a brief."""
    details = {"comment": "I waited a year", "city": "Larkhaven", "street": "1 Tower Street", "quote": "on"}
    campaign, mine = confirmed(client, mailoutbox, settings, posts=1, ask_street=True, typed=details)
    client.post(f"{mine}letter/", written("I waited a year."))
    pledge = Pledge.objects.get()
    Pledge.objects.update(phone="555 0100")
    Supporter.objects.update(phone="555 0100")
    drive = campaign.drives.get()
    raw = b"From: Ada Lovelace\n\nI waited a year."
    for n, state in enumerate(["sent", "queued", "committing", "uncertain", "failed"]):
        letter = LetterFactory(
            drive=drive,
            pledge=pledge,
            state=state,
            body="I waited a year.",
            raw=raw,
            message_id=f"<{n}@harbour.example>",
            legislator=LegislatorFactory(name="Kim"),
            sent_at=clock.now(),
            lease_until=clock.now(),
            accepted_reply="250 queued for ada@people.example",
        )
        letter.attempts.create(
            number=1,
            lease_token=1,
            reply_text="ada@people.example",
            started_at=clock.now(),
            outcome="accepted",
        )
    sent, queued = Letter.objects.get(state="sent"), Letter.objects.get(state="queued")
    batch = PrintBatchFactory(drive=drive, pdf=b"%PDF Ada Lovelace", manifest="1,Ada Lovelace,Larkhaven")
    Letter.objects.filter(pk=queued.pk).update(batch=batch, channel="print")
    InboundMailFactory(
        letter=sent, text="Dear Ada Lovelace,", raw=b"To: ada@people.example", subject="Ada Lovelace"
    )
    InboundMailFactory(
        letter=None, state="unmatched", sender="ada@people.example", organization=campaign.organization
    )
    quote = {"text": "I waited a year", "attribution": "Ada", "place": "Larkhaven"}
    brief = Brief.objects.create(
        organization=campaign.organization,
        kind="issue",
        issue=campaign.issue,
        subject=f"campaign:{campaign.pk}",
        title="Care",
        content={"sections": [{"kind": "quotes", "quotes": [quote]}]},
        content_hash="0" * 64,
        state="ready",
        pdf=b"%PDF I waited a year",
        created_at=clock.now(),
        built_at=clock.now(),
    )
    brief.mentions.create(of=f"pledge:{pledge.pk}", kind="words")
    return campaign, mine


def test_after_erasing_no_table_keeps_the_address_the_name_or_a_word(client, mailoutbox, settings):
    campaign, mine = a_full_life(client, mailoutbox, settings)
    assert len(where_it_stands(*NEEDLES)) > 20
    page = client.post(f"{mine}erase/", {"sure": "1"})
    assert page.status_code == 200 and "Your data is erased" in text(page)
    # Nothing leads back to a page that is gone, nor offers it in another language.
    assert f'href="{mine}' not in text(page) and 'name="language"' not in text(page)
    sent_before = len(mailoutbox)
    outbox.send_due()
    last = mailoutbox[-1]
    assert len(mailoutbox) == sent_before + 1 and last.to == ["ada@people.example"]
    assert "erased" in last.subject
    # What was leaving at that moment leaves, and then loses its words.
    leaving = Letter.objects.get(state="committing")
    assert leaving.raw
    Letter.objects.filter(pk=leaving.pk).update(state="sent")
    tallies.fold_all()
    forgetting.forget_erased()
    Session.objects.all().delete()
    assert where_it_stands(*NEEDLES) == [] and tallies.differences() == []
    outcome = sorted(Letter.objects.values_list("state", flat=True))
    assert outcome == ["failed", "sent", "sent", "uncertain", "withdrawn", "withdrawn"]
    assert Pledge.objects.get().state == "withdrawn" and not Consent.objects.exists()
    assert PrintBatch.objects.get().state == "discarded"
    assert 'progress-number">0 ' in text(client.get(url(campaign)))


def test_erasing_asks_first_and_says_what_goes_what_stays_and_what_cannot_be_called_back(
    client, mailoutbox, settings
):
    _campaign, mine = a_full_life(client, mailoutbox, settings)
    page = text(client.get(f"{mine}erase/"))
    assert "2 letters that have not left. They are stopped." in page
    assert "3 letters that have left or are leaving now" in page
    assert "scrambled form of your mail address" in page
    refused = client.post(f"{mine}erase/")
    assert refused.status_code == 422 and "Say that you are sure" in text(refused)
    assert Pledge.objects.get().name == "Ada Lovelace"


def test_old_links_are_worthless_after_erasing_and_the_address_is_kept_off_lists_only(
    client, mailoutbox, settings
):
    campaign, mine = confirmed(client, mailoutbox, settings)
    client.post(f"{mine}erase/", {"sure": "1"})
    for tail in ("", "details/", "data/", "erase/"):
        assert client.get(mine + tail).status_code == 410
    assert client.post(f"{mine}fresh/").status_code == 404
    assert Suppression.objects.get().organization == campaign.organization
    outbox.send_due()
    clock.move(timedelta(days=2))
    sign(client, campaign)
    outbox.send_due()
    client.post(link_in(mailoutbox[-1]))
    assert sorted(campaign.pledges.values_list("state", flat=True)) == ["confirmed", "withdrawn"]


def test_a_last_mail_that_never_leaves_does_not_keep_the_address(client, mailoutbox, settings, monkeypatch):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    client.post(f"{mine}erase/", {"sure": "1"})

    def broken(*_args, **_kwargs):
        raise OSError

    monkeypatch.setattr("campaigns.delivery.outbox.message", broken)
    for _ in range(12):
        outbox.send_due()
        clock.move(timedelta(hours=12))
    assert OutboxMail.objects.get(kind="erased").state == "failed"
    Session.objects.all().delete()
    assert where_it_stands("ada@people.example") == []


def test_another_organisation_keeps_what_one_gave_to_it(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    other = PledgeFactory(email="ada@people.example", name="Ada Elsewhere")
    client.post(f"{mine}erase/", {"sure": "1"})
    other.refresh_from_db()
    assert other.name == "Ada Elsewhere" and other.state == "confirmed"


def test_an_answer_that_comes_after_erasing_loses_its_words_and_is_passed_on_to_nobody(
    client, mailoutbox, settings
):
    _campaign, mine = a_full_life(client, mailoutbox, settings)
    client.post(f"{mine}erase/", {"sure": "1"})
    InboundMailFactory(letter=Letter.objects.get(state="sent"), text="Dear Ada Lovelace")
    forgetting.forget_erased()
    assert not [x for x in where_it_stands("Ada Lovelace") if "InboundMail" in x]


def test_looking_at_these_pages_changes_nothing(client, mailoutbox, settings):
    _campaign, mine = confirmed(client, mailoutbox, settings)
    before = [
        list(m.objects.order_by("pk").values()) for m in (Pledge, Letter, OutboxMail, Consent, Supporter)
    ]
    for tail in ("details/", "mails/", "data/", "erase/"):
        for ask in (client.get, client.head):
            assert ask(mine + tail).status_code == 200
    after = [
        list(m.objects.order_by("pk").values()) for m in (Pledge, Letter, OutboxMail, Consent, Supporter)
    ]
    assert before == after


def test_a_home_in_a_division_nobody_is_written_to_for_is_kept_as_such(client):
    """Whoever says that a strange postal code is right keeps their pledge, and nobody is written to by guessing."""
    campaign = campaign_with_targets(posts=1)
    DriveFactory(campaign=campaign)
    post = campaign.target_groups.get().rules.get().chamber.posts.get()
    pledge = PledgeFactory(campaign=campaign, postal_code="20000")
    ResidenceFactory(supporter=pledge.supporter, division=post.division)
    ResidenceFactory(supporter=pledge.supporter, division=DivisionFactory())
    LetterFactory(drive=campaign.drives.get(), pledge=pledge, post=post, state="ready")
    mine = f"/p/{manage_token(pledge)}/"
    client.post(f"{mine}details/", typed(postal_code="77777", sign_anyway="on", sure="1"))
    assert Letter.objects.get().state == "withdrawn" and not pledge.supporter.residences.exists()
    assert Pledge.objects.get().state == "confirmed"
