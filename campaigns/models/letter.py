import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models.batch import PrintBatch
from campaigns.models.channel import ChannelName
from campaigns.models.drive import Drive, DriveState
from campaigns.models.moves import StateChange
from campaigns.models.pledge import Pledge, PledgeState
from campaigns.models.target import LetterVersion
from contacts.models import ContactPoint, Legislator, Post


class LetterState(models.TextChoices):
    DRAFT = "draft", _("Being written")
    READY = "ready", pgettext_lazy("a letter", "Ready")
    QUEUED = "queued", _("In the queue")
    CLAIMED = "claimed", _("About to leave")
    COMMITTING = "committing", _("Leaving now")
    SENT = "sent", _("Accepted by a mail server")
    SETTLED = "settled", _("Accepted, no bounce for two days")
    CLOSED = "closed", _("Closed")
    BOUNCED = "bounced", pgettext_lazy("a letter", "Came back")
    DEFERRED = "deferred", _("Put off, will be tried again")
    UNCERTAIN = "uncertain", _("Uncertain")
    HELD = "held", _("Held for a person")
    FAILED = "failed", _("Could not be delivered")
    ABANDONED = "abandoned", _("Given up after an uncertain try")
    WITHDRAWN = "withdrawn", _("Withdrawn by the supporter")
    CANCELLED = "cancelled", _("Cancelled with its drive")
    EXPIRED = "expired", _("Too late")


class SubjectArm(models.IntegerChoices):
    """Under which of its version's subjects a letter goes, where two are tried."""

    FIRST = 1, _("First subject")
    SECOND = 2, _("Second subject")


_S = LetterState
_C = ChannelName
# "Sent" means something else on each way, and never "delivered" (PRODUCT: letter states).
_WORDS_BY_CHANNEL: dict[tuple[str, str], object] = {
    (_C.CWC, _S.SENT): _("Accepted by the office's system"),
    (_C.CWC, _S.SETTLED): _("Accepted by the office's system"),
    (_C.PRINT, _S.QUEUED): _("Waits to be printed and posted"),
    (_C.PRINT, _S.SENT): pgettext_lazy("a letter", "Posted"),
    (_C.PRINT, _S.SETTLED): pgettext_lazy("a letter", "Posted"),
    (_C.LINK, _S.QUEUED): _("Waits for the supporter to send it"),
    (_C.LINK, _S.SENT): _("Sent by the supporter, as they say"),
    (_C.LINK, _S.SETTLED): _("Sent by the supporter, as they say"),
}
_WAITING = [_S.DRAFT, _S.READY, _S.QUEUED, _S.DEFERRED, _S.HELD]
_STOPPED = {_S.WITHDRAWN, _S.CANCELLED, _S.EXPIRED}


class LetterQuerySet(models.QuerySet["Letter"]):
    def counted(self) -> Self:
        return self.filter(is_test=False)

    def unplanned(self) -> Self:
        """Ready letters that have no moment yet."""
        return self.filter(state=_S.READY, send_after__isnull=True)

    def stuck(self) -> Self:
        """Ready letters that can't leave, for the reason in their note."""
        return self.filter(state=_S.READY).exclude(note="")

    def sendable(self, at: datetime) -> Self:
        """Letters in the queue that may leave by mail at `at`, as far as they themselves are concerned."""
        return self.filter(
            state=_S.QUEUED,
            channel=_C.EMAIL,
            drive__state=DriveState.RUNNING,
            pledge__state=PledgeState.CONFIRMED,
            deadline__gt=at,
            window_closes__gt=at,
        )

    def due(self, at: datetime) -> Self:
        """Letters whose moment has come: ready to be frozen, or put off and due again."""
        return self.filter(state__in=[_S.READY, _S.DEFERRED], send_after__lte=at)

    def scrub(self, at: datetime) -> int:
        """Remove the words of letters; state, times and hash stay, and whether the subject was their writer's own."""
        had_own = Case(When(~Q(subject=""), then=Value(True)), default=F("had_own_subject"))
        return self.update(
            had_own_subject=had_own, subject="", body="", raw=None, recipient="", scrubbed_at=at
        )


class Letter(models.Model):
    """One supporter's letter to one post in one drive. Text is the supporter's until it is queued, then frozen."""

    # The whole life of a letter: state -> states it may move to (PRODUCT: nothing vanishes).
    MOVES: ClassVar[dict[str, set[str]]] = {
        _S.DRAFT: {_S.READY, *_STOPPED},
        _S.READY: {_S.QUEUED, _S.HELD, *_STOPPED},
        # Straight to sent where people carry it: a batch marked posted, a supporter who says done.
        _S.QUEUED: {_S.CLAIMED, _S.SENT, _S.HELD, *_STOPPED},
        _S.CLAIMED: {_S.QUEUED, _S.COMMITTING, _S.DEFERRED, _S.FAILED, _S.HELD},
        _S.COMMITTING: {_S.SENT, _S.DEFERRED, _S.QUEUED, _S.FAILED, _S.UNCERTAIN},
        _S.UNCERTAIN: {_S.SENT, _S.QUEUED, _S.ABANDONED},
        _S.DEFERRED: {_S.QUEUED, _S.FAILED, _S.HELD, *_STOPPED},
        _S.HELD: {_S.READY, _S.QUEUED, _S.FAILED, *_STOPPED},
        # Back to queued when somebody marked as posted what was not.
        _S.SENT: {_S.SETTLED, _S.BOUNCED, _S.CLOSED, _S.QUEUED},
        _S.SETTLED: {_S.BOUNCED, _S.CLOSED, _S.QUEUED},
        # Put off when a mailbox was full.
        _S.BOUNCED: {_S.QUEUED, _S.DEFERRED, _S.FAILED},
        # Only where a person has it go to another address of its office (actions/many_letters.py).
        _S.FAILED: {_S.READY},
        _S.ABANDONED: set(),
        _S.CLOSED: set(),
        # Back where its writer moved back, signed again or wants it sent after all (actions/returning.py).
        _S.WITHDRAWN: {_S.DRAFT},
        _S.CANCELLED: set(),
        _S.EXPIRED: set(),
    }
    # Not left yet, so that they can still be stopped.
    WAITING: ClassVar[list[str]] = list(_WAITING)
    # Of these, the ones that their supporters are done with and that nobody holds: all that a page calls waiting.
    OUTGOING: ClassVar[list[str]] = [_S.READY, _S.QUEUED, _S.DEFERRED]
    LEAVING: ClassVar[list[str]] = [_S.CLAIMED, _S.COMMITTING]
    ACCEPTED: ClassVar[list[str]] = [_S.SENT, _S.SETTLED, _S.CLOSED]
    FAILED: ClassVar[list[str]] = [_S.FAILED, _S.BOUNCED, _S.ABANDONED]
    STOPPED: ClassVar[list[str]] = sorted(_STOPPED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Each state a letter passes through is a new entry in every index, so there is none that another one covers.
    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="letters", db_index=False)
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="letters")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(LetterVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    is_test = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=LetterState, default=LetterState.DRAFT)
    # Why it waits or stopped, for people: no contact point, vacant seat, worker died five times…
    note = models.CharField(max_length=200, blank=True)

    subject = models.CharField(
        max_length=200, blank=True, help_text=_("The supporter's own; the version's when empty.")
    )
    # What results still have to know when the words are gone.
    had_own_subject = models.BooleanField(default=False, db_default=False)
    # Empty where its version had one subject when it was written.
    subject_arm = models.PositiveSmallIntegerField(null=True, blank=True, choices=SubjectArm)
    body = models.TextField(help_text=_("Without salutation and signature, which are added per office."))
    similarity = models.FloatField(default=1, help_text=_("To the suggested text: 1 is unchanged."))
    created_at = models.DateTimeField()
    # Not before: time to edit. Send after: the moment planned inside the office's window.
    not_before = models.DateTimeField()
    send_after = models.DateTimeField(null=True, blank=True)
    deadline = models.DateTimeField()

    # How it goes: chosen when it is planned, fixed when it is queued, chosen anew when that way is closed.
    channel = models.CharField(max_length=5, choices=ChannelName, default=ChannelName.EMAIL)
    # Frozen when it is queued, so that every try carries the same bytes.
    legislator = models.ForeignKey(
        Legislator, null=True, blank=True, on_delete=models.PROTECT, related_name="letters"
    )
    contact_point = models.ForeignKey(
        ContactPoint, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    recipient = models.CharField(max_length=254, blank=True)
    domain = models.CharField(max_length=254, blank=True)
    message_id = models.CharField(max_length=200, null=True, blank=True)
    raw = models.BinaryField(null=True, blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    queued_at = models.DateTimeField(null=True, blank=True)
    # When the office's hours it was queued in end: nothing of it leaves after that.
    window_closes = models.DateTimeField(null=True, blank=True)

    batch = models.ForeignKey(
        PrintBatch, null=True, blank=True, on_delete=models.SET_NULL, related_name="letters", db_index=False
    )

    lease_owner = models.CharField(max_length=80, blank=True)
    lease_token = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    drive_epoch = models.PositiveIntegerField(default=0)
    crash_count = models.PositiveSmallIntegerField(default=0)
    attempt_count = models.PositiveSmallIntegerField(default=0)

    sent_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.CharField(max_length=254, blank=True)
    accepted_reply = models.CharField(max_length=500, blank=True)
    # When the first answer of the office came in by us.
    replied_at = models.DateTimeField(null=True, blank=True)
    scrubbed_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["drive", "pledge", "post", "is_test"], name="letter_once_per_post"
            ),
            models.UniqueConstraint(
                fields=["message_id"], condition=Q(message_id__isnull=False), name="letter_message_id_once"
            ),
            models.CheckConstraint(condition=Q(state__in=LetterState.values), name="letter_state_known"),
            models.CheckConstraint(condition=Q(channel__in=ChannelName.values), name="letter_channel_known"),
            # The dispatcher of mail claims what has a window: what goes another way must never have one.
            models.CheckConstraint(
                condition=~Q(state="queued") | Q(channel="email") | Q(window_closes__isnull=True),
                name="letter_window_is_for_mail",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "settled", "closed", "bounced"]) | Q(sent_at__isnull=False),
                name="letter_sent_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["queued", "claimed", "committing", "uncertain", "sent", "deferred"])
                | Q(message_id__isnull=False, legislator__isnull=False),
                name="letter_queued_is_frozen",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["claimed", "committing"]) | Q(lease_until__isnull=False),
                name="letter_claimed_has_lease",
            ),
        ]
        indexes = [
            # Also for those that need a moment, in the order in which they are given one.
            models.Index(
                fields=["send_after", "not_before", "id"],
                condition=Q(state__in=["ready", "deferred"]),
                name="letter_due",
            ),
            models.Index(fields=["deadline"], condition=Q(state__in=_WAITING), name="letter_expiring"),
            models.Index(fields=["queued_at", "id"], condition=Q(state="queued"), name="letter_queued"),
            # Few, and each tick asks whether some of them can go on.
            models.Index(fields=["drive"], condition=Q(state="held"), name="letter_held"),
            models.Index(
                fields=["lease_until"], condition=Q(state__in=["claimed", "committing"]), name="letter_leased"
            ),
            models.Index(fields=["drive", "state"], name="letter_by_state"),
            # Few of each, beside a million others of their drive.
            models.Index(fields=["drive"], condition=Q(is_test=True), name="letter_tests"),
            models.Index(fields=["drive"], condition=Q(state="uncertain"), name="letter_uncertain"),
            models.Index(fields=["drive"], condition=Q(state="ready") & ~Q(note=""), name="letter_stuck"),
            models.Index(fields=["sent_at"], condition=Q(sent_at__isnull=False), name="letter_sent"),
            models.Index(
                fields=["channel", "state"], condition=~Q(channel="email"), name="letter_by_channel"
            ),
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="letter_by_batch"),
            models.Index(
                fields=["contact_point"],
                condition=Q(contact_point__isnull=False),
                name="letter_by_contact_point",
            ),
        ]

    def __str__(self) -> str:
        return f"letter {self.id}"

    @property
    def addressee(self) -> str:
        """Whom it is to, as its writer knows them: who it was fixed for, else the seat."""
        return self.post.called(self.legislator)

    @property
    def is_stuck(self) -> bool:
        """Whether it is ready and can't leave, for the reason in its note."""
        return self.state == LetterState.READY and bool(self.note)

    def get_state_display(self) -> str:  # type: ignore[no-redef]  # Django leaves a method of ours alone
        """The state in words, said of the way the letter goes; one that can't leave is not called ready."""
        return str(_("Can’t leave yet")) if self.is_stuck else self.said_of(self.state)

    def said_of(self, state: str) -> str:
        """What a state means for a letter that goes this one's way."""
        return str(_WORDS_BY_CHANNEL.get((self.channel, state)) or LetterState(state).label)


class LetterChange(StateChange):
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="history")
