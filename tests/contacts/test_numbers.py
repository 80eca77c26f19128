"""Large numbers as each language writes them."""

import pytest
from django.utils import translation

from contacts.numbers import grouped


@pytest.mark.parametrize(("language", "said"), [("en", "12,345"), ("fr", "12\xa0345"), ("es", "12\xa0345")])
def test_thousands_stand_apart_as_the_reader_writes_them(language, said):
    with translation.override(language):
        assert grouped(12345) == said


def test_nothing_is_rounded_away():
    with translation.override("fr"):
        assert (grouped(7), grouped(1234.5)) == ("7", "1\xa0234,5")
