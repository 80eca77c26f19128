# ruff: noqa: F811  # the campaign is the one of single briefs
"""A brief speaks one language: all that is not somebody's own words is in it, and in reading direction."""

import ast
import gettext
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from campaigns.documents import document_of
from campaigns.forms.brief import BRIEF_LANGUAGES
from policy.briefs.build import version_of_hash
from policy.briefs.html import body, print_page
from policy.briefs.plain import content_hash
from policy.models import BriefKind
from tests import factories as make
from tests.campaigns.test_briefs import WORDS, campaign, holder, post_of, signed  # noqa: F401
from tests.policy.facts import a_leave_behind, version_of

CATALOG = Path("locale/es/LC_MESSAGES")


@pytest.fixture
def asked_for(monkeypatch):
    """Every message that is looked up, as its catalogue names it."""
    found = set()
    real = translation._trans

    def single(message):
        found.add(message)
        return trans_real.gettext(message)

    def plural(one, many, number):
        found.add((one, 0))
        return trans_real.ngettext(one, many, number)

    def in_context(context, message):
        found.add(f"{context}\x04{message}")
        return trans_real.pgettext(context, message)

    for name, function in [("gettext", single), ("ngettext", plural), ("pgettext", in_context)]:
        monkeypatch.setattr(real, name, function, raising=False)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("language", [code for code, _name in BRIEF_LANGUAGES if code != "en"])
@pytest.mark.parametrize("kind", [kind for kind, _name in BriefKind.of_campaigns()])
def test_every_word_of_a_brief_is_translated_to_each_language_offered(campaign, asked_for, kind, language):
    for n in range(4):
        words = {
            "name": f"Person {n}",
            "comment": f"{WORDS} {n}",
            "consents": [("name", True), ("story", True)],
        }
        signed(campaign, "North Harbor 7", **words)
    make.LetterFactory(
        drive=make.DriveFactory(campaign=campaign),
        post=post_of(campaign, "North Harbor 7"),
        legislator=holder(campaign, "North Harbor 7"),
    )
    make.OutcomeFactory(campaign=campaign)
    with translation.override(language):
        asked_for.clear()
        legislator = holder(campaign, "North Harbor 7")
        document = document_of(campaign, BriefKind(kind), legislator, language=language, paper="letter")
        body(document, version_of_hash(content_hash(document)))
        known = trans_real.catalog()._catalog
        missing = [
            message for message in asked_for if message not in ("", "DATE_FORMAT") and message not in known
        ]
    assert missing == []
    assert len(asked_for) > 20


def test_the_built_catalogue_is_that_of_the_text_file():
    with (CATALOG / "django.mo").open("rb") as file:
        built = gettext.GNUTranslations(file)._catalog
    written, message, field = {}, {}, ""
    for line in [*(CATALOG / "django.po").read_text().splitlines(), ""]:
        if not line and message.get("msgid"):
            key = f"{message['msgctxt']}\x04{message['msgid']}" if "msgctxt" in message else message["msgid"]
            if "msgid_plural" in message:
                written[key, 0], written[key, 1] = message["msgstr[0]"], message["msgstr[1]"]
            else:
                written[key] = message["msgstr"]
        if not line:
            message = {}
        elif not line.startswith(("#", '"')):
            field, _space, text = line.partition(" ")
            message[field] = ast.literal_eval(text)
        elif line.startswith('"'):
            message[field] += ast.literal_eval(line)
    assert written
    assert {key: text for key, text in built.items() if key} == written


def test_arabic_runs_from_right_to_left():
    document = a_leave_behind(language="ar")
    page = print_page(document, version_of(document))
    assert '<html lang="ar" dir="rtl">' in page
