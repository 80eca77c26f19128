"""How a story ends: its key is destroyed, and with it every copy of its words, in backups too."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from campaigns.models import Story, StoryKey, StoryState
from campaigns.models.moves import move
from contacts.clock import now, today

CONFIRM_WITHIN = timedelta(days=7)
# Somebody whose story was declined may read once more what they wrote, and why it was.
DECLINED_KEPT = timedelta(days=30)


@transaction.atomic
def forget(story: Story, to_state: str, reason: str, actor: Any = None) -> None:
    """End a story. Raises BadMove when it has ended already."""
    move(story, to_state, at=now(), reason=reason, actor=actor, sealed=None, picture=None)
    destroy_key(story)


def destroy_key(story: Story) -> None:
    """Destroy a story's key; its place in the file is overwritten first."""
    keys = StoryKey.objects.filter(story=story)
    keys.update(wrapped=bytes(60), wrapped_by="")
    keys.delete()


def end_due() -> int:
    """Stories whose time is over, that nobody confirmed, or that were declined a month ago; gives how many."""
    at, on = now(), today()
    due = Story.objects.light().filter(
        Q(state=StoryState.PENDING, told_at__lte=at - CONFIRM_WITHIN)
        | Q(state=StoryState.DECLINED, decided_at__lte=at - DECLINED_KEPT)
        | Q(state__in=[StoryState.WAITING, StoryState.CHANGES, StoryState.APPROVED], until__lt=on)
    )
    stories = list(due.order_by("pk")[:500])
    for story in stories:
        if story.state == StoryState.PENDING:
            forget(story, StoryState.EXPIRED, "nobody confirmed it")
        else:
            forget(story, StoryState.ENDED, "its time was over")
    return len(stories)
