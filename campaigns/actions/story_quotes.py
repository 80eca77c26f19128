"""Passages of stories that staff choose for briefs, and briefs that are taken back when a story is."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaigns.errors import ActionRefused
from campaigns.models import Campaign, Story, StoryQuote
from campaigns.stories.content import opened
from campaigns.stories.quotes import PASSAGE_LENGTHS, find_passage, passage, quotable_stories
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import User


class PassageRefused(ActionRefused):
    message = _("These words do not stand in the story like this. Copy them from it.")


@transaction.atomic
def choose_passage(*, story: Story, campaign: Campaign, typed: str, actor: User) -> StoryQuote:
    """Let the campaign's briefs print a passage of a story, in place of one chosen before. Raises PassageRefused."""
    found = quotable_stories().filter(pk=story.pk, organization=campaign.organization_id)
    held = found.select_for_update(of=("self",), no_key=True).first()
    if held is None:
        raise PassageRefused(_("This story may not be quoted any more."))
    words = opened(held)
    span = find_passage(words, typed)
    if span is None:  # or it is blacked out: to say which would tell what stands there
        raise PassageRefused
    if len(passage(words, *span)) not in PASSAGE_LENGTHS:
        raise PassageRefused(_("Choose a passage of 30 to 340 characters."))
    quote, _is_new = StoryQuote.objects.update_or_create(
        story=held,
        campaign=campaign,
        defaults={
            "start": span[0],
            "end": span[1],
            "revision": held.revision,
            "chosen_by": actor,
            "chosen_at": now(),
        },
    )
    record(
        organization=held.organization, actor=actor, verb="quote story", obj=held, campaign=str(campaign.pk)
    )
    return quote


@transaction.atomic
def drop_passage(*, quote: StoryQuote, actor: User) -> None:
    """Print a passage in no brief that is made from now on."""
    story = quote.story
    quote.delete()
    record(organization=story.organization, actor=actor, verb="unquote story", obj=story)
