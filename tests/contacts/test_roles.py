"""What people are on a committee, in the reader's language."""

import pytest
from django.utils import translation

from tests import factories as make


@pytest.mark.parametrize(
    ("language", "imported", "said"),
    [
        ("fr", "Vice Chair", "vice-présidence"),
        ("es", "chair", "presidencia"),
        ("en", "Vice Chair", "Vice Chair"),
        ("en", "chairman", "chairman"),
        ("fr", "Whip of the Third Row", "Whip of the Third Row"),
    ],
)
def test_a_usual_role_is_said_in_the_readers_language_and_any_other_as_imported(language, imported, said):
    with translation.override(language):
        assert make.MembershipFactory.build(role=imported).said_role == said
