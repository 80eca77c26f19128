"""How a story ends: its key is destroyed, and with it every copy of its words, in backups too."""

from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from campaigns.errors import BadMove
from campaigns.models import Story, StoryKey, StoryState
from campaigns.models.moves import move
from campaigns.stories.quotes import mention_of
from contacts.clock import now, today
from policy.actions.recalls import recall_briefs
from policy.models import MentionKind, RecallReason

CONFIRM_WITHIN = timedelta(days=7)
# Somebody whose story was declined may read once more what they wrote, and why it was.
DECLINED_KEPT = timedelta(days=30)


@transaction.atomic
def forget(story: Story, to_state: str, reason: str, actor: Any = None) -> None:
    """End a story. Raises BadMove when it has ended already."""
    move(story, to_state, at=now(), reason=reason, actor=actor, sealed=None, picture=None)
    destroy_key(story)


def destroy_key(story: Story) -> None:
    """Destroy a story's key. Its old place on the disk is free to be written over once the database is vacuumed."""
    StoryKey.objects.filter(story=story).delete()


def end_due() -> list[UUID]:
    """End stories whose time is over, that nobody confirmed, or that were declined a month ago.

    Briefs that quote one of them are taken back; gives those, to be made anew.
    """
    at, on = now(), today()
    due = (
        Story.objects.light()
        .select_related("organization")
        .filter(
            Q(state=StoryState.PENDING, told_at__lte=at - CONFIRM_WITHIN)
            | Q(state=StoryState.DECLINED, decided_at__lte=at - DECLINED_KEPT)
            | Q(state__in=[StoryState.WAITING, StoryState.CHANGES, StoryState.APPROVED], until__lt=on)
        )
    )
    stories = list(due.order_by("pk")[:500])
    briefs: list[UUID] = []
    for story in stories:
        with suppress(BadMove):  # its writer did something with it at this moment
            briefs += _end(story)
    return briefs


@transaction.atomic
def _end(story: Story) -> list[UUID]:
    held = (
        Story.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organization")
        .get(pk=story.pk)
    )
    if (held.state, held.until) != (story.state, story.until):
        raise BadMove
    if story.state == StoryState.PENDING:
        forget(story, StoryState.EXPIRED, "nobody confirmed it")
        return []
    forget(story, StoryState.ENDED, "its time was over")
    return recall_briefs(
        organization=story.organization,
        of=[mention_of(story.pk)],
        kinds=[MentionKind.WORDS],
        reason=RecallReason.WORDS,
    )
