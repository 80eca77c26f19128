"""What mail we owe to people: supporters, and those who work here. Each is owed once, within the caps on an address."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from campaigns.delivery.caps import CAPS, UNCAPPED, may_leave
from campaigns.letters.reasons import SENT_ELSEWHERE
from campaigns.models import (
    Campaign,
    CampaignUpdate,
    Letter,
    LetterChange,
    MailKind,
    MailState,
    OutboxMail,
    Outcome,
    PartnerInvitation,
    Partnership,
    Pledge,
    PledgeState,
    Story,
)
from contacts.addresses import address_hash, canonical_email
from contacts.models import Consent, Job, Organization, Purpose, RoleName, User
from contacts.statements import insert

# So long an invitation may wait for the caps.
INVITATION_WAITS = timedelta(hours=1)
# Somebody who signs two campaigns in a row, or again after taking a pledge back, gets the second link this much later
# at most. One more waits at a time, so nobody piles them up for a stranger.
LINK_WAITS = CAPS[0][0]
# So long the link of a story may wait for the caps.
STORY_WAITS = timedelta(days=1)
# A receipt of something that can be done again and again is owed so often a day.
MOST_RECEIPTS, A_DAY = 3, timedelta(days=1)


def owe(pledge: Pledge, kind: str, at: datetime) -> None:
    """Owe a supporter a mail, which leaves when the caps on mail to one address allow it; silently none otherwise."""
    hashed = address_hash(pledge.canonical_email)
    leaves = at if kind in UNCAPPED else may_leave(hashed, at, LINK_WAITS)
    if leaves is not None:
        insert([mail_to(pledge, kind, hashed, at, leaves=leaves)])


def owe_news(letter: Letter, kind: str, at: datetime) -> None:
    """Owe a supporter news of one letter; asked twice, it is owed once. Test letters are no news."""
    pledge = letter.pledge
    owed = OutboxMail.objects.filter(pledge=pledge, kind=kind, about=str(letter.pk))
    if kind == MailKind.LETTER_FAILED:
        # A letter that a person sent elsewhere after it failed may fail anew: that is news.
        again = LetterChange.objects.filter(
            letter=letter.pk, reason=SENT_ELSEWHERE, at__gt=OuterRef("created_at")
        )
        owed = owed.exclude(Exists(again))
    if not letter.is_test and not owed.exists():
        _add(pledge, kind, address_hash(pledge.canonical_email), at, about=str(letter.pk))


def owe_reply(letter: Letter, reply_id: UUID, at: datetime) -> None:
    """Owe a supporter an office's answer, once; those who took their pledge back or were erased get nothing."""
    pledge = letter.pledge
    owed = OutboxMail.objects.filter(pledge=pledge, kind=MailKind.REPLY, about=str(reply_id))
    if not letter.is_test and stands_by(pledge) and not owed.exists():
        _add(pledge, MailKind.REPLY, address_hash(pledge.canonical_email), at, about=str(reply_id))


def owe_question(pledge: Pledge, kind: str, about: str, at: datetime) -> None:
    """Owe a supporter the question whether offices answered; `about` is the drive, so it is owed once for each."""
    owed = OutboxMail.objects.filter(pledge=pledge, kind=kind, about=about)
    if stands_by(pledge) and may_be_asked(pledge) and not owed.exists():
        _add(pledge, kind, address_hash(pledge.canonical_email), at, about=about)


def owe_receipt(pledge: Pledge, kind: str, at: datetime, letter: Letter | None = None) -> None:
    """Owe a supporter the word that something was done on their page: it may not have been them.

    One about a letter tells of all that the same was done to since, as it is when it leaves. Beyond so many a day it
    leaves when the day has room again: no letter is left untold.
    """
    same = OutboxMail.objects.filter(pledge=pledge, kind=kind)
    same = same.exclude(about="") if letter else same.filter(about="")
    # What is being sent is written already, and can't tell of another letter.
    open_states = [MailState.QUEUED] if letter else [MailState.QUEUED, MailState.SENDING]
    if same.filter(state__in=open_states).exists():
        return
    lately = same.filter(not_before__gt=at - A_DAY).order_by("-not_before")
    told = list(lately.values_list("not_before", flat=True)[:MOST_RECEIPTS])
    is_full = len(told) == MOST_RECEIPTS
    if letter is not None or not is_full:
        about = str(letter.pk) if letter else ""
        leaves = told[-1] + A_DAY if is_full else at
        insert([mail_to(pledge, kind, address_hash(pledge.canonical_email), at, about, leaves=leaves)])


def owe_update(update: CampaignUpdate, people: Iterable[tuple[Pledge, str]], at: datetime) -> None:
    """Owe news to people, each with the hash of their address; asked twice, it is owed once."""
    _owe_many(update.campaign.organization_id, MailKind.UPDATE, update.pk, people, at)


def owe_thanks(outcome: Outcome, people: Iterable[tuple[Pledge, str]], at: datetime) -> None:
    """Owe people the word of what came of their part, each with the hash of their address; once in a campaign."""
    _owe_many(outcome.campaign.organization_id, MailKind.THANKS, outcome.pk, people, at)


def _owe_many(
    organization_id: UUID, kind: str, about: UUID, people: Iterable[tuple[Pledge, str]], at: datetime
) -> None:
    OutboxMail.objects.bulk_create(
        (
            OutboxMail(
                organization_id=organization_id,
                pledge_id=pledge.pk,
                kind=kind,
                about=str(about),
                address_hash=hashed,
                not_before=at,
                created_at=at,
            )
            for pledge, hashed in people
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )


def owe_last_word(pledge: Pledge, address: str, hashed: str, at: datetime) -> None:
    """Owe somebody whose data was just erased the word of it; nothing else that was owed to them is sent."""
    _add(pledge, MailKind.ERASED, hashed, at, address=address)


def owe_story(story: Story, kind: str, at: datetime, address: str = "") -> None:
    """Owe the writer of a story a mail; under the caps on mail to one address it leaves when they allow it.

    Somebody who has just signed, and tells their story a minute later, would otherwise never get its link.
    """
    leaves = at if kind in UNCAPPED else may_leave(story.address_hash, at, STORY_WAITS)
    if leaves is not None:
        OutboxMail.objects.create(
            organization_id=story.organization_id,
            story=story,
            kind=kind,
            address=address,
            address_hash=story.address_hash,
            not_before=leaves,
            created_at=at,
        )


def _add(pledge: Pledge, kind: str, hashed: str, at: datetime, about: str = "", address: str = "") -> None:
    insert([mail_to(pledge, kind, hashed, at, about, address)])


def mail_to(
    pledge: Pledge,
    kind: str,
    hashed: str,
    at: datetime,
    about: str = "",
    address: str = "",
    leaves: datetime | None = None,
) -> OutboxMail:
    """A mail that is owed to a supporter once it is stored; whoever stores it has asked the caps when it `leaves`."""
    return OutboxMail(
        organization_id=pledge.campaign.organization_id,
        pledge=pledge,
        kind=kind,
        about=about,
        address=address,
        address_hash=hashed,
        not_before=leaves or at,
        created_at=at,
    )


def stands_by(pledge: Pledge) -> bool:
    """Whether somebody neither took their pledge back nor had their data erased."""
    supporter = pledge.supporter
    return pledge.state == PledgeState.CONFIRMED and supporter is not None and supporter.erased_at is None


def may_be_asked(pledge: Pledge) -> bool:
    """Whether somebody did not say that they want no questions about their letters."""
    supporter = pledge.supporter
    return supporter is None or Consent.objects.last_word(supporter, Purpose.ASK) is not False


def owe_alarm(organization: Organization, at: datetime) -> None:
    """Owe owners and organizers the news that letters have stopped; for one moment it is owed once."""
    _tell(organization, _who_runs(organization), MailKind.ALARM, at.isoformat(), at)


def _who_runs(organization: Organization) -> Iterable[User]:
    return User.objects.filter(
        is_active=True,
        roles__organization=organization,
        roles__name__in=[RoleName.OWNER, RoleName.ORGANIZER],
    ).distinct()


def owe_not_opened(campaign: Campaign, at: datetime) -> None:
    """Owe owners and organizers the news that a campaign did not open at its hour; for one hour it is owed once."""
    about = f"{campaign.pk.hex}.{int(at.timestamp()) // 60:x}"
    _tell(campaign.organization, _who_runs(campaign.organization), MailKind.NOT_OPENED, about, at)


def owe_invitation(invitation: PartnerInvitation, at: datetime) -> bool:
    """Owe an organisation the link of its invitation; whether the caps on mail to its address allow that."""
    hashed = address_hash(canonical_email(invitation.email))
    leaves = may_leave(hashed, at, INVITATION_WAITS)
    if leaves is None:
        return False
    OutboxMail.objects.create(
        organization_id=invitation.campaign.organization_id,
        invitation=invitation,
        kind=MailKind.PARTNER_INVITE,
        about=str(invitation.counter),
        address_hash=hashed,
        not_before=leaves,
        created_at=at,
    )
    return True


def owe_partner_news(to: Organization, about: Partnership, kind: str, at: datetime, which: str = "") -> None:
    """Owe an organisation's owners the news of a partnership; once for each kind of it, and which of that."""
    owners = User.objects.filter(
        is_active=True, roles__organization=to, roles__name=RoleName.OWNER
    ).distinct()
    _tell(to, owners, kind, f"{about.pk.hex}.{which}".rstrip("."), at)


def owe_job_news(job: Job, at: datetime) -> None:
    """Owe whoever asked for a long job the news that it is over, or waits for them; once for each of the two.

    What began by itself is for owners and organizers.
    """
    user = job.requested_by
    people: Iterable[User] = [user] if user is not None and user.is_active else []
    if job.params.get("by_itself"):
        people = _who_runs(job.organization)
    _tell(job.organization, people, MailKind.JOB, f"{job.pk.hex}.{job.state}", at)


def _tell(organization: Organization, people: Iterable[User], kind: str, about: str, at: datetime) -> None:
    """Owe people who work here a mail; for one `about` it is owed once."""
    OutboxMail.objects.bulk_create(
        [
            OutboxMail(
                organization=organization,
                user=user,
                kind=kind,
                about=about,
                address_hash=address_hash(canonical_email(user.email)),
                not_before=at,
                created_at=at,
            )
            for user in people
        ],
        ignore_conflicts=True,
    )
