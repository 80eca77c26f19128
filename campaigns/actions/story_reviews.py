"""What a reviewer does with a story: read it, let it be shown, hand it back, decline it. Its words stay as they are."""

from collections.abc import Iterable
from dataclasses import replace

from django.db import transaction

from campaigns.actions.recalls import recall_for_story
from campaigns.delivery.owed import owe_story
from campaigns.errors import BadMove
from campaigns.models import MailKind, Story, StoryState
from campaigns.models.moves import move
from campaigns.stories import content
from campaigns.stories.content import Words
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import User


@transaction.atomic
def read_story(*, story: Story, actor: User) -> Words:
    """What a story says; that it was read is written down first, with who read it. Raises Unreadable."""
    record(
        organization=story.organization, actor=actor, verb="read story", obj=story, revision=story.revision
    )
    return content.opened(story)


@transaction.atomic
def approve_story(
    *, story: Story, actor: User, revision: int, terms: str = "", black: Iterable[tuple[int, int]] = ()
) -> None:
    """Let a story be used as its writer agreed, with spans of its text blacked out; a mail tells them.

    `revision` is what the reviewer read, `terms` what they saw it would be used for. Raises BadMove when either was
    changed since, or the story has ended.
    """
    story = _read(story, revision)
    if terms and terms != story.terms:
        raise BadMove
    words = content.opened(story)
    spans = _joined(span for span in black if 0 <= span[0] < span[1] <= len(words.text))
    _seal(story, replace(words, blacked=spans, answer=""))
    at = now()
    move(
        story,
        StoryState.APPROVED,
        at=at,
        actor=actor,
        reason=f"{len(spans)} places blacked out" if spans else "",
        decided_at=at,
        approved_at=at,
    )
    record(organization=story.organization, actor=actor, verb="approve story", obj=story, blacked=len(spans))
    owe_story(story, MailKind.STORY_APPROVED, at)


@transaction.atomic
def ask_for_changes(*, story: Story, actor: User, revision: int, answer: str) -> None:
    """Hand a story back to its writer with what to change. Raises BadMove."""
    _answer(story, actor, revision, answer, StoryState.CHANGES, "hand story back", MailKind.STORY_CHANGES)


@transaction.atomic
def decline_story(*, story: Story, actor: User, revision: int, answer: str) -> None:
    """Decline a story, or take an approved one off the pages, with the reason its writer is told. Raises BadMove."""
    _answer(story, actor, revision, answer, StoryState.DECLINED, "decline story", MailKind.STORY_DECLINED)


def _answer(story: Story, actor: User, revision: int, answer: str, state: str, verb: str, mail: str) -> None:
    story = _read(story, revision)
    # What is written to somebody about their story is as personal as the story.
    _seal(story, replace(content.opened(story), answer=answer))
    at = now()
    if story.state == StoryState.APPROVED:
        recall_for_story(story)
    move(story, state, at=at, actor=actor, decided_at=at)
    record(organization=story.organization, actor=actor, verb=verb, obj=story)
    owe_story(story, mail, at)


def _read(story: Story, revision: int) -> Story:
    """The story as it was read, locked. Raises BadMove."""
    found = (
        Story.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organization")
        .get(pk=story.pk)
    )
    if found.revision != revision or found.is_gone():
        raise BadMove
    return found


def _seal(story: Story, words: Words) -> None:
    content.close(story, words)
    story.save(update_fields=["sealed"])


def _joined(spans: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Spans in order, those that touch or overlap as one."""
    found: list[list[int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([start, end])
    return found
