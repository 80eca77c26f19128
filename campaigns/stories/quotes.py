"""Passages of stories in briefs: only of approved ones whose writers agree to it, as the text is now."""

from collections.abc import Collection
from uuid import UUID

from campaigns.models import Campaign, Story, StoryQuote
from campaigns.models.story import StoryQuerySet
from campaigns.stories import vault
from campaigns.stories.content import Words, opened
from contacts.clock import today
from policy.briefs.sections import Mention, Quote

PASSAGE_LENGTHS = range(30, 341)


def mention_of(story_id: UUID) -> str:
    """How a brief notes whose story it quotes."""
    return f"story:{story_id}"


def story_quotes(campaign: Campaign) -> list[Quote]:
    """The passages that were chosen for a campaign's briefs, as far as they may be printed today."""
    chosen = StoryQuote.objects.filter(campaign=campaign, story__in=quotable_stories())
    found = []
    for row in chosen.select_related("story__key", "story__division", "story__organization").defer(
        "story__picture"
    ):
        try:
            words = opened(row.story)
        except vault.Unreadable:
            continue
        text = passage(words, row.start, row.end) if row.revision == row.story.revision else ""
        if text:
            found.append(_quote(row.story, words, text))
    return found


def quotable_stories() -> StoryQuerySet:
    """Approved stories whose writers agree to be quoted in briefs today."""
    return Story.objects.in_force(today()).filter(in_briefs=True)


def passage(words: Words, start: int, end: int) -> str:
    """A passage on one line; empty where a place in it is blacked out."""
    if any(left < end and start < right for left, right in words.blacked):
        return ""
    return " ".join(words.text[start:end].split())


def find_passage(words: Words, typed: str) -> tuple[int, int] | None:
    """Where typed words stand in a story, whatever their line breaks and spaces; None where they don't."""
    plain, places = "", []
    for at, character in enumerate(words.text):
        if not character.isspace():
            plain += character
            places.append(at)
    wanted = "".join(typed.split())
    found = plain.find(wanted) if wanted else -1
    return None if found < 0 else (places[found], places[found + len(wanted) - 1] + 1)


def hold_stories(ids: Collection[UUID]) -> bool:
    """Whether all these stories may be quoted, locked until the transaction ends so that it stays true."""
    list(Story.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    return quotable_stories().filter(pk__in=ids).count() == len(ids)


def _quote(story: Story, words: Words, text: str) -> Quote:
    by = words.signature if story.with_name else ""
    place = story.division.name if story.division else ""
    proof = f"story {story.pk}, revision {story.revision}, until {story.until}"
    return Quote(text, by, place, proof, story.language, Mention(mention_of(story.pk)))
