"""Passages of stories in briefs: only of approved ones whose writers agree to it, as the text is now."""

from collections.abc import Collection, Mapping
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
    """Where typed words can be read in a story, whatever their line breaks and spaces; None where they can't."""
    plain, places = "", []
    for at, character in enumerate(words.text):
        if not character.isspace():
            plain += character
            places.append(at)
    wanted = "".join(typed.split())
    found = plain.find(wanted) if wanted else -1
    while found >= 0:
        start, end = places[found], places[found + len(wanted) - 1] + 1
        if passage(words, start, end):
            return start, end
        found = plain.find(wanted, found + 1)
    return None


def hold_stories(quotes: Mapping[UUID, Collection[Quote]]) -> bool:
    """Whether all that is quoted of these stories may be printed just so, locked until the transaction ends."""
    list(Story.objects.filter(pk__in=quotes).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    held = quotable_stories().filter(pk__in=quotes).select_related("key", "organization")
    stories = {story.pk: story for story in held}
    return stories.keys() == quotes.keys() and all(_stands(stories[pk], quotes[pk]) for pk in stories)


def _stands(story: Story, quotes: Collection[Quote]) -> bool:
    """Whether quotes are of the text as it is now, with the name it may be shown with now."""
    try:
        words = opened(story)
    except vault.Unreadable:
        return False
    shown = " ".join(words.shown().split())
    return all(
        quote.attribution == _by(story, words) and quote.consent == _proof(story) and quote.text in shown
        for quote in quotes
    )


def _quote(story: Story, words: Words, text: str) -> Quote:
    place = story.division.name if story.division else ""
    of = Mention(mention_of(story.pk))
    return Quote(text, _by(story, words), place, _proof(story), story.language, of)


def _by(story: Story, words: Words) -> str:
    # Of stories that are nowhere in public, no name was ever agreed to.
    return words.signature if story.with_name and story.is_public else ""


def _proof(story: Story) -> str:
    return f"story {story.pk}, revision {story.revision}, until {story.until}"
