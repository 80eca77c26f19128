"""What the machine stores in its own words is shown in those of its readers: no code is left without any."""

import pytest
from django.utils import translation

from campaigns.detail_words import KEYS, key_in_words
from campaigns.models import Coding
from campaigns.reason_words import REASONS, reason_in_words
from campaigns.verb_words import VERBS
from contacts.models import JobKind
from policy.models import Evidence, Issue, Measure, Myth
from tests.stored_texts import Source

SAMPLES = {
    "kind.value": JobKind.values,
    "job.kind": JobKind.values,
    "coding": Coding.values,
    "verdict": ["sent", "resend", "abandon"],
    "row._meta.model_name": [model._meta.model_name for model in (Evidence, Issue, Measure, Myth)],
}


def test_everything_the_audit_log_is_told_has_words():
    stored = Source(["contacts", "policy", "campaigns"], SAMPLES).given_as("verb")
    assert {
        "cancel letter",
        "check in",
        "start import",
        "partner changed its name",
    } <= stored  # it finds them
    assert {verb for verb in stored if VERBS.find(verb) is None} == set()


def test_every_detail_the_audit_log_keeps_has_words():
    source = Source(["contacts", "policy", "campaigns"], SAMPLES)
    stored = source.keys_for("record") | source.given_as("counted") | {"people"}
    # What is given at once, by way of another function, from a dict, and in the mail's own histories not at all.
    assert {"fields", "role", "filter", "published_at", "ended", "letters"} <= stored
    assert not {"obj", "verb", "last_reply", "total"} & stored
    assert {key for key in stored if key_in_words("", key) == key} == set()
    assert set(KEYS) - stored == set(), "words for what nobody stores"


def test_every_reason_and_note_of_a_move_has_words():
    stored = Source(["campaigns"], {}).given_as("reason", "note", "problem", first_of="Unfit")
    stored |= Source(["contacts"], {}).given_as("reason", "note")
    assert {"no working contact point", "another try", "its worker died 7 times"} <= stored
    assert {reason for reason in stored if REASONS.find(reason) is None} == set()


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("cancelled by the organisation", "cancelada por la organización"),
        ("its worker died 5 times", "el proceso que la enviaba se interrumpió 5 veces"),
        ("550 5.1.1 gone; on to the next address", "550 5.1.1 gone; sigue a la dirección siguiente"),
        ("They wrote\nthis themselves", "They wrote\nthis themselves"),
    ],
)
def test_a_reason_is_read_in_the_readers_language_and_what_somebody_wrote_stays(stored, said):
    with translation.override("es"):
        assert reason_in_words(stored) == said
    with translation.override("en"):
        assert reason_in_words(stored) == stored


def test_a_verb_with_a_part_that_varies_says_it_by_its_label():
    assert VERBS.find("start import") == "Started: Import of supporters"
    assert VERBS.find("posted 12 letters") == "Letters marked as posted: 12"
    assert VERBS.find("a deed nobody named") is None
