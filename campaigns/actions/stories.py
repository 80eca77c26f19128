"""Stories, as their writers tell them, change them and take them back."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from campaigns.actions.recalls import recall_for_story
from campaigns.delivery.caps import CAPS, may_mail
from campaigns.delivery.owed import owe_story
from campaigns.errors import ActionRefused, BadMove, LinkSpent
from campaigns.models import GONE, Campaign, MailKind, MailState, OutboxMail, Story, StoryConsent, StoryState
from campaigns.models.moves import move
from campaigns.stories import content, vault
from campaigns.stories.consents import TEXTS, VERSION, Agreed
from campaigns.stories.content import Words
from campaigns.stories.ending import CONFIRM_WITHIN, forget
from campaigns.stories.links import read_confirm
from contacts.addresses import address_hash, canonical_email
from contacts.clock import now, today
from contacts.models import Division, Organization
from policy.models import Issue, RecallReason

# States in which its writer may change it.
CHANGEABLE = {StoryState.WAITING, StoryState.CHANGES, StoryState.APPROVED}
# The mails with a story's link: of one that is confirmed, and of one that is not.
_LINKS = (MailKind.STORY_LINK, MailKind.STORY_CONFIRM)
ERASED = "erased"


class NoStoriesNow(ActionRefused):
    """This installation has no key to keep stories with."""


@transaction.atomic
def tell_story(
    *,
    organization: Organization,
    words: Words,
    agreed: Agreed,
    campaign: Campaign | None = None,
    issue: Issue | None = None,
    division: Division | None = None,
    picture: bytes | None = None,
    is_example: bool = False,
) -> Story:
    """Keep a story, sealed, and mail its writer a link to confirm it. `picture` is a JPEG drawn anew.

    Raises NoStoriesNow, and BadAddress for an address that is none.
    """
    if not vault.is_ready():
        raise NoStoriesNow
    at = now()
    story = Story(
        organization=organization,
        campaign=campaign,
        issue=issue or (campaign.issue if campaign else None),
        division=division,
        language=agreed.language,
        address_hash=address_hash(canonical_email(words.email)),
        told_at=at,
        is_example=is_example,
        **agreed.columns(),
    )
    content.give_key(story)
    content.close(story, words)
    if picture:
        content.close_picture(story, picture)
    story.save(force_insert=True)
    story.history.create(to_state=story.state, at=at)
    _write_down(story, agreed, agreed.scopes())
    owe_story(story, MailKind.STORY_CONFIRM, at)
    return story


@transaction.atomic
def confirm_story(*, token: str) -> Story:
    """Put the story a link is for before a reviewer. A link works once. Raises LinkSpent or BadLink."""
    Story.objects.select_for_update(of=("self",), no_key=True).get(pk=read_confirm(token).pk)
    story = read_confirm(token)  # again, now that nobody else can use the link meanwhile
    at = now()
    if not is_confirmable(story):
        raise LinkSpent
    try:
        move(
            story,
            StoryState.WAITING,
            at=at,
            reason="confirmed by link",
            confirmed_at=at,
            confirm_counter=story.confirm_counter + 1,
        )
    except BadMove:
        raise LinkSpent from None
    owe_story(story, MailKind.STORY_KEPT, at)
    return story


def is_confirmable(story: Story) -> bool:
    """Whether a story still waits for its link to be followed."""
    return story.state == StoryState.PENDING and story.told_at > now() - CONFIRM_WITHIN


@transaction.atomic
def change_story(
    *, story: Story, words: Words, picture: bytes | None = None, drop_picture: bool = False
) -> None:
    """Write a story anew; it leaves the pages until a reviewer has read it again. Raises BadMove."""
    story = _locked(story)
    if story.state not in CHANGEABLE:
        raise BadMove
    at = now()
    story.revision += 1
    recall_for_story(story)
    # What was blacked out stood in the old text.
    content.close(story, replace(words, blacked=[], answer=""))
    if picture:
        content.close_picture(story, picture)
    elif drop_picture:
        story.picture = None
    if story.state != StoryState.WAITING:
        move(story, StoryState.WAITING, at=at, reason="changed by its writer")
    story.save(update_fields=["revision", "sealed", "picture"])


@transaction.atomic
def change_agreed(*, story: Story, agreed: Agreed) -> bool:
    """Write down what a writer agrees to now; gives whether anything changed.

    Less holds at once. More of a story that is approved is read again first. Raises BadMove when it has ended.
    """
    story = _locked(story)
    if story.state not in CHANGEABLE:
        raise BadMove
    wanted = agreed.columns()
    before = {name: getattr(story, name) for name in wanted}
    if before == wanted:
        return False
    held = {row.scope: row for row in story.consents.order_by("id")}
    changed = {
        scope: given
        for scope, given in agreed.scopes().items()
        if scope not in held or held[scope].given != given or held[scope].until != agreed.until
    }
    _write_down(story, agreed, changed)
    Story.objects.filter(pk=story.pk).update(**wanted)
    if (before["in_briefs"] and not agreed.in_briefs) or (before["with_name"] and not wanted["with_name"]):
        recall_for_story(story)
    more = any(wanted[name] and not before[name] for name in ("is_public", "with_name", "in_briefs"))
    if more and story.state == StoryState.APPROVED:
        # Briefs that quote it show what was approved; what a reviewer decides now may be less.
        recall_for_story(story)
        move(story, StoryState.WAITING, at=now(), reason="its writer allows more")
    return True


@transaction.atomic
def withdraw_story(*, story: Story, tell: bool = True, reason: str = "taken back by its writer") -> None:
    """Take a story back: its words go everywhere, and its key with them. Raises BadMove when it has ended.

    With `tell` one last mail says so; its address is kept until that has left.
    """
    story = _locked(story)
    address = ""
    if tell and story.state not in GONE:
        with suppress(vault.Unreadable):  # without its key it can be taken back, and nobody be told
            address = content.opened(story).email
    at = now()
    scopes = {row.scope for row in story.consents.all() if row.given}
    for scope in sorted(scopes):
        StoryConsent.objects.create(
            story=story,
            scope=scope,
            given=False,
            until=story.until,
            text="Take my story back",
            text_version=VERSION,
            language=story.language,
            source=reason,
            at=at,
        )
    forget(story, StoryState.WITHDRAWN, reason)
    recall_for_story(story, RecallReason.ERASED if reason == ERASED else RecallReason.WORDS)
    if address:
        owe_story(story, MailKind.STORY_GONE, at, address=address)


@transaction.atomic
def resend_story_links(*, organization: Organization, email: str) -> None:
    """Mail the link of each story told with an address, as the caps on mail to it allow; the caller learns nothing.

    Raises BadAddress for an address that is none.
    """
    at = now()
    hashed = address_hash(canonical_email(email))
    if not may_mail(hashed, at):
        return
    coming = OutboxMail.objects.filter(
        address_hash=hashed, kind__in=_LINKS, state__in=[MailState.QUEUED, MailState.SENDING]
    )
    found = stories_at(organization, [hashed]).exclude(state__in=GONE).exclude(pk__in=coming.values("story"))
    sent_at = Max("mails__not_before", filter=Q(mails__kind=MailKind.STORY_LINK))
    day = today()

    def turn(story: Story) -> tuple[object, ...]:
        # Who asks again gets the links that found no room, and nobody's unconfirmed story takes another's.
        last = story.link_sent_at  # type: ignore[attr-defined]  # annotated
        return (
            story.state == StoryState.PENDING,
            bool(last),
            last or at,
            not story.is_seen(day),
            story.told_at,
        )

    for story in sorted(found.annotate(link_sent_at=sent_at), key=turn)[: CAPS[-1][1]]:
        owe_story(story, _LINKS[story.state == StoryState.PENDING], at)


def stories_at(organization: Organization, hashes: Collection[str]) -> QuerySet[Story]:
    """The stories told to an organisation from addresses, by their keyed hashes; without their words."""
    return Story.objects.light().filter(organization=organization, address_hash__in=hashes)


def erase_stories(organization: Organization, hashes: Collection[str]) -> int:
    """Take back all that was told from these addresses, without a mail; in the caller's transaction."""
    stories = list(stories_at(organization, hashes).exclude(state__in=GONE).order_by("pk"))
    for story in stories:
        withdraw_story(story=story, tell=False, reason=ERASED)
    return len(stories)


def _locked(story: Story) -> Story:
    found = Story.objects.select_for_update(of=("self",), no_key=True).select_related("organization")
    return found.get(pk=story.pk)


def _write_down(story: Story, agreed: Agreed, scopes: dict[str, bool]) -> None:
    at = now()
    StoryConsent.objects.bulk_create(
        StoryConsent(
            story=story,
            scope=scope,
            given=given,
            until=agreed.until,
            text=str(TEXTS[scope]),  # type: ignore[index]  # a scope's own value
            text_version=VERSION,
            language=agreed.language,
            source=agreed.source,
            at=at,
        )
        for scope, given in scopes.items()
    )
