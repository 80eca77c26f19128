from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from campaigns import tasks
from campaigns.models import Pledge, Story
from campaigns.quotes import lock_supporters, mention
from campaigns.stories.quotes import mention_of
from contacts.models import Purpose, Supporter
from policy.actions.recalls import recall_briefs
from policy.models import MentionKind, RecallReason

# What somebody no longer agrees to, and what of theirs briefs may then not print.
NO_LONGER: dict[str, tuple[MentionKind, RecallReason]] = {
    Purpose.STORY: (MentionKind.WORDS, RecallReason.WORDS),
    Purpose.NAME: (MentionKind.NAME, RecallReason.NAME),
}


@transaction.atomic
def recall_for_pledge(pledge: Pledge, reason: RecallReason = RecallReason.PLEDGE) -> None:
    """Take back the briefs that quote or name somebody for a pledge that no longer stands."""
    if pledge.supporter_id is not None:
        _recall(pledge.supporter_id, [pledge], MentionKind.values, reason)


@transaction.atomic
def recall_for_consent(supporter: Supporter, purpose: str) -> None:
    """Take back the briefs that print what a supporter no longer agrees to, in every campaign."""
    kind, reason = NO_LONGER[purpose]
    _recall(supporter.pk, Pledge.objects.filter(supporter=supporter), [kind], reason)


@transaction.atomic
def recall_for_story(story: Story, reason: RecallReason = RecallReason.WORDS) -> None:
    """Take back the briefs that quote a story which may not be quoted so any more; the caller holds its row."""
    ids = recall_briefs(
        organization=story.organization, of=[mention_of(story.pk)], kinds=[MentionKind.WORDS], reason=reason
    )
    for brief_id in ids:
        tasks.renew_brief.delay_on_commit(str(brief_id))


def _recall(
    supporter_id: UUID, pledges: Collection[Pledge], kinds: Collection[str], reason: RecallReason
) -> None:
    lock_supporters(Supporter.objects.filter(pk=supporter_id))
    organization = Supporter.objects.select_related("organization").get(pk=supporter_id).organization
    ids = recall_briefs(
        organization=organization,
        of=[mention(pledge.pk).of for pledge in pledges],
        kinds=kinds,
        reason=reason,
    )
    for brief_id in ids:
        tasks.renew_brief.delay_on_commit(str(brief_id))
