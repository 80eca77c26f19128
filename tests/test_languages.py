"""Everything on the pages, in the mails and in the briefs can be read in every language that is offered."""

import gettext
import importlib
import inspect
import pkgutil
import re
import shutil
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.forms import BaseForm
from django.utils import translation
from django.utils.formats import date_format

import campaigns.forms
from policy.words import short_day

ROOT = Path(__file__).parents[1]
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
# What is the same in every language, or meant for programs.
SAME = {"Outspoken", "UTC", "· Outspoken", "Outspoken,", "&#123;&#123;evidence:"}
READ_ALOUD = re.compile(r'\b(?:alt|title|placeholder|aria-label|aria-description|label)="([^"]*)"')
NOT_WORDS = [
    r"{#.*?#}",
    r"{%\s*comment\b.*?endcomment\s*%}",
    r"{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}",
    r"<(script|style|svg|pre|code)\b.*?</\1>",
    r"<!--.*?-->|<![^>]*>",
]


def untranslatable(template):
    """The words of a template that stand there as they are, in whichever language it is shown."""
    for pattern in NOT_WORDS:
        template = re.sub(pattern, "", template, flags=re.DOTALL)
    template = re.sub(r"{%.*?%}|{{.*?}}", "\n", template, flags=re.DOTALL)
    pieces = [*READ_ALOUD.findall(template), *re.sub(r"<[^>]*>", "\n", template).splitlines()]
    return [
        words.strip()
        for words in pieces
        if re.search(r"[^\W\d_]{2,}", re.sub(r"&#?\w+;", "", words)) and words.strip() not in SAME
    ]


def test_what_translates_is_called_as_the_collector_of_messages_knows_it():
    files = [
        path for app in ("campaigns", "policy", "contacts", "config") for path in (ROOT / app).rglob("*.py")
    ]
    names = {name for path in files for name in re.findall(r"gettext\w* as (\w+)", path.read_text())}
    assert names <= {"_", "_t"}
    # Nor does it look into what is put into an f-string.
    said = re.compile(r"""\bf(["']).*\{[^}]*\b(?:_t?|n?p?gettext\w*)\(.*\1""")
    assert [
        f"{path}: {line}" for path in files for line in path.read_text().splitlines() if said.search(line)
    ] == []


def test_the_check_finds_words_that_nobody_can_translate():
    page = '<p title="Sign">{% translate "Letter" %} and {{ name }}</p>{# not this #}<img alt="A map">'
    assert untranslatable(page) == ["Sign", "A map", "and"]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "templates").rglob("*.*")), ids=lambda p: str(p.relative_to(ROOT))
)
def test_a_template_holds_no_words_that_nobody_can_translate(path):
    if path.suffix in {".html", ".txt"}:
        assert untranslatable(path.read_text()) == []


def forms_of(package):
    for found in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        for _name, form in inspect.getmembers(module, inspect.isclass):
            if issubclass(form, BaseForm) and form.__module__ == module.__name__:
                yield form


@pytest.mark.parametrize("form", list(forms_of(campaigns.forms)), ids=lambda form: form.__name__)
def test_no_label_of_a_form_is_the_name_of_a_column(form):
    """Django makes a label of the column's name where nobody gave one, and nobody can translate it."""
    columns = (
        {column.name: column for column in form._meta.model._meta.fields} if hasattr(form, "_meta") else {}
    )
    unnamed = [
        name
        for name, field in form.base_fields.items()
        if name in columns and isinstance(columns[name].verbose_name, str) and isinstance(field.label, str)
    ]
    assert unnamed == []


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The catalogues with every message of today's sources, as `scripts/messages.sh` makes them."""
    if not shutil.which("xgettext"):
        pytest.skip("needs GNU gettext: apt-get install gettext")
    copy = tmp_path_factory.mktemp("messages")
    for name in ("campaigns", "policy", "contacts", "config", "templates", "locale", "scripts", "static"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "migrations"))
    for name in ("manage.py", "pyproject.toml"):
        shutil.copy(ROOT / name, copy / name)
    subprocess.run(["sh", "scripts/messages.sh", sys.executable], cwd=copy, check=True, capture_output=True)
    return copy / "locale"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(collected, language):
    catalogue = (collected / language / "LC_MESSAGES" / "django.po").read_text()
    said = subprocess.run(
        ["msgfmt", "--check", "--statistics", "--output-file=/dev/null", "-"],
        input=catalogue,
        capture_output=True,
        text=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin:/usr/local/bin"},
    ).stderr
    assert re.fullmatch(r"\d+ translated messages\.", said.splitlines()[-1]), (
        f"run scripts/messages.sh: {said}"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_shown_is_what_was_translated(collected, language):
    kept, made = (folder / language / "LC_MESSAGES" / "django.mo" for folder in (ROOT / "locale", collected))
    with kept.open("rb") as ours, made.open("rb") as theirs:
        assert gettext.GNUTranslations(ours)._catalog == gettext.GNUTranslations(theirs)._catalog


def french():
    """Every text of the French catalogue."""
    with (ROOT / "locale" / "fr" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return list(gettext.GNUTranslations(file)._catalog.values())


def test_a_line_never_ends_before_a_french_colon_nor_within_french_quotes():
    breaks = re.compile(r" [:;?!»](?:\W|$)|« ")
    assert [text for text in french() if breaks.search(text)] == []


def test_french_has_one_word_for_one_thing():
    others = re.compile(
        r"courriel|adresse mail|mode test|engagement|\bsuspend|[Ee]xpédition|organisateur", re.IGNORECASE
    )
    assert [text for text in french() if others.search(text)] == []


def test_no_template_or_label_sets_a_colon_that_french_can_not_space():
    """`{% translate ":" %}` in templates and `labelled` in Python say it as the reader's language writes it."""
    in_words = re.compile(
        r"{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}|{#.*?#}|<style\b.*?</style>", re.DOTALL
    )
    plain = re.compile(r"(?:\}\}|%\}|>):(?:[ <]|$)", re.MULTILINE)
    pages = [path for path in (ROOT / "templates").rglob("*.*") if path.suffix in {".html", ".txt"}]
    found = {path.name: plain.findall(in_words.sub("%}", path.read_text())) for path in pages}
    assert {name: colons for name, colons in found.items() if colons} == {}


@pytest.mark.parametrize(
    ("language", "day", "moment", "short"),
    [
        ("en", "1 July 2026", "1 July 2026, 02:00", ["1 Jun", "1 Jul"]),
        ("es", "1 de julio de 2026", "1 de julio de 2026 a las 02:00", ["1 jun", "1 jul"]),
        ("fr", "1er juillet 2026", "1er juillet 2026 à 02:00", ["1er juin", "1er juil."]),
    ],
)
def test_days_and_moments_are_written_as_the_language_writes_them(language, day, moment, short):
    at = datetime(2026, 7, 1, 2)
    with translation.override(language):
        assert date_format(at, "DATE_FORMAT") == day
        assert date_format(at, "DATETIME_FORMAT") == moment
        assert [short_day(date(2026, month, 1)) for month in (6, 7)] == short
    with translation.override("fr"):
        assert date_format(datetime(2026, 7, 2), "DATE_FORMAT") == "2 juillet 2026"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_loses_a_number_or_a_link(language):
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog
    # The one form of a plural may spell its number, so those are left to msgfmt.
    single = {key: text for key, text in catalogue.items() if isinstance(key, str) and key}
    marks = re.compile(r"%\(\w+\)[sd]|{\w*}|</?[a-z]+[^>]*>")
    del single["Dear {{title}} {{representative}},"]  # a greeting may name nobody
    wrong = [key for key, text in single.items() if sorted(marks.findall(key)) != sorted(marks.findall(text))]
    assert wrong == []
