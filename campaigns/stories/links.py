"""The links in mails about a story: one to confirm it, one to its writer's own page."""

from campaigns.errors import LinkSpent
from campaigns.links import is_proof, parts, token_for
from campaigns.models import Story


def confirm_token(story: Story) -> str:
    """The token that confirms a story, once."""
    return token_for(story.pk, "story.confirm", story.confirm_counter)


def manage_token(story: Story) -> str:
    """The token of the writer's own page."""
    return token_for(story.pk, "story.manage", story.manage_counter)


def read_confirm(token: str) -> Story:
    """The story a link confirms. Raises BadLink or LinkSpent."""
    return _read(token, "confirm")


def read_manage(token: str) -> Story:
    """The story whose page a link opens. Raises BadLink or LinkSpent."""
    return _read(token, "manage")


def _read(token: str, purpose: str) -> Story:
    story_id, given = parts(token)
    found = Story.objects.select_related("organization", "campaign", "issue", "division", "key")
    story = found.filter(pk=story_id).first()
    # The same work without a story, so that timing tells nothing.
    is_good = is_proof(given, story_id, f"story.{purpose}", getattr(story, f"{purpose}_counter", 0))
    if story is None or not is_good:
        raise LinkSpent
    return story
