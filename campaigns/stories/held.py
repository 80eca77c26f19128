"""A story as its writer takes it along."""

from contextlib import suppress
from typing import Any

from campaigns.models import GONE, Story
from campaigns.stories.content import opened
from campaigns.stories.vault import Unreadable


def story_data(story: Story) -> dict[str, Any]:
    """All that is kept of a story, with what was agreed to and when. Moments are aware."""
    words = None
    if story.state not in GONE:
        with suppress(Unreadable):  # what is left of it is told all the same
            words = opened(story)
    return {
        "told_at": story.told_at,
        "state": story.get_state_display(),
        "text": words.text if words else "",
        "name": words.name if words else "",
        "shown_as": words.shown_as if words else "",
        "mail_address": words.email if words else "",
        "postal_code": words.postal_code if words else "",
        "place": story.division.name if story.division else "",
        "speaks_of": words.notes if words else [],
        "picture_shows": words.picture_alt if words else "",
        "what_the_reviewer_wrote": words.answer if words else "",
        "agreed": [
            {"at": row.at, "words": row.text, "given": row.given, "until": row.until, "where": row.source}
            for row in story.consents.order_by("id")
        ],
    }
