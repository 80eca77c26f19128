import uuid
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models.endorsement import Endorsement
from campaigns.models.partnership import PartnerInvitation
from campaigns.models.pledge import Pledge
from campaigns.models.registration import Registration
from campaigns.models.story import Story
from contacts.models import Organization, User


class MailKind(models.TextChoices):
    CONFIRM = "confirm", _("Please confirm your pledge")
    REMINDER = "reminder", _("Reminder to confirm")
    LINK = "link", _("Your link")
    LETTER_FAILED = "letter_failed", _("Your letter could not be delivered")
    LETTER_BY_HAND = "letter_by_hand", _("Your letter waits for you to send it")
    WITHDRAWN = "withdrawn", _("Your pledge was withdrawn")
    REPLY = "reply", _("An office answered you")
    SEAT_CHANGED = "seat_changed", _("Your letter was not sent: its representative left office")
    OFFICE_STOPPED = "office_stopped", _("The office asked us not to write")
    QUESTION = "question", _("Did they answer?")
    QUESTION_AGAIN = "question_again", _("Did they answer? Asked again")
    UPDATE = "update", _("News of a campaign")
    THANKS = "thanks", _("What came of your part")
    ALARM = "alarm", _("Letters have stopped")
    DETAILS = "details", _("Your name or address was changed")
    CHOICES = "choices", _("Which mails you want")
    EXPORTED = "exported", _("Your data was handed out")
    ERASED = "erased", _("Your data was erased")
    JOB = "job", _("What you asked for is done")
    STORY_CONFIRM = "story_confirm", _("Please confirm your story")
    STORY_KEPT = "story_kept", _("Your story waits to be read")
    STORY_LINK = "story_link", _("The link of your story")
    STORY_CHANGES = "story_changes", _("Please change your story")
    STORY_APPROVED = "story_approved", _("Your story was approved")
    STORY_DECLINED = "story_declined", _("Your story was declined")
    STORY_GONE = "story_gone", _("Your story was taken back")
    NOT_OPENED = "not_opened", _("A campaign did not open")
    EVENT_CONFIRM = "event_confirm", _("Please confirm that you come")
    EVENT_LINK = "event_link", _("Your link to an event")
    EVENT_PLACE = "event_place", _("You have a place")
    EVENT_WAITING = "event_waiting", _("You are on the waiting list")
    EVENT_OFFER = "event_offer", _("A place has become free for you")
    EVENT_DAY = "event_day", _("An event is near")
    EVENT_HOUR = "event_hour", _("An event begins within the hour")
    EVENT_CHANGED = "event_changed", _("An event has changed")
    EVENT_OFF = "event_off", _("An event does not take place")
    EVENT_REPORT = "event_report", _("Whom did you meet?")
    ENDORSE_ASK = "endorse_ask", _("Please confirm your organisation’s support")
    ENDORSE_SHOWN = "endorse_shown", _("Your organisation is shown")
    ENDORSE_NO = "endorse_no", _("Your organisation is not shown")
    ENDORSE_OFF = "endorse_off", _("Your organisation is no longer shown")
    PARTNER_INVITE = "partner_invite", _("Take part in a campaign")
    PARTNER_JOINED = "partner_joined", _("A partner has joined")
    PARTNER_LEFT = "partner_left", _("A partnership has ended")


class MailState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", pgettext_lazy("a mail", "Handed over")
    FAILED = "failed", pgettext_lazy("a mail", "Failed")
    DROPPED = "dropped", _("No longer needed")
    UNCERTAIN = "uncertain", pgettext_lazy("a mail", "Uncertain")


# Mails that may wait in thousands: they stand apart, so that what somebody waits for is found at once.
BULK = [MailKind.UPDATE.value, MailKind.THANKS.value]


# Whom a mail is to: exactly one of these.
_TO = ("pledge", "user", "story", "registration", "endorsement", "invitation")
_TO_ONE_PERSON = reduce(or_, (Q(**{f"{name}__isnull": name != one for name in _TO}) for one in _TO))


class OutboxMail(models.Model):
    """A mail we owe a supporter, somebody who comes to an event, somebody who works here, or whom we invite.

    It is written in the same transaction as what it tells of. Holds no text or link, and no address but one: those are
    made from the pledge, the registration, the account or the invitation when it is sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="outbox")
    pledge = models.ForeignKey(Pledge, null=True, blank=True, on_delete=models.CASCADE, related_name="mails")
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    # Whose writer it is to; who that is stands in the sealed story alone.
    story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.CASCADE, related_name="mails")
    registration = models.ForeignKey(
        Registration, null=True, blank=True, on_delete=models.CASCADE, related_name="mails", db_index=False
    )
    endorsement = models.ForeignKey(
        Endorsement, null=True, blank=True, on_delete=models.CASCADE, related_name="mails", db_index=False
    )
    invitation = models.ForeignKey(
        PartnerInvitation,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="mails",
        db_index=False,
    )
    kind = models.CharField(max_length=14, choices=MailKind)
    # What the mail is about when somebody can have several of a kind: a letter's id, the moment of an alarm.
    about = models.CharField(max_length=40, blank=True)
    # Of the one mail whose pledge or story has forgotten it, until that mail has left.
    address = models.EmailField(max_length=254, blank=True)
    address_hash = models.CharField(
        max_length=64, help_text=_("Keyed hash, for the caps on mail to one address.")
    )
    state = models.CharField(max_length=9, choices=MailState, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    last_reply = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=MailKind.values), name="outbox_kind_known"),
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="outbox_state_known"),
            models.CheckConstraint(
                condition=_TO_ONE_PERSON,
                name="outbox_to_one_person",
            ),
            models.CheckConstraint(
                condition=Q(address="")
                | Q(kind__in=["erased", "story_gone"], state__in=["queued", "sending"]),
                name="outbox_address_while_owed",
            ),
            models.UniqueConstraint(
                fields=["user", "organization", "kind", "about"],
                condition=Q(user__isnull=False),
                name="outbox_alarm_once",
            ),
            models.UniqueConstraint(
                fields=["pledge", "about"], condition=Q(kind="update"), name="outbox_update_once"
            ),
            # A campaign comes to one end, and each of its people is thanked for it once.
            models.UniqueConstraint(fields=["pledge"], condition=Q(kind="thanks"), name="outbox_thanks_once"),
            models.UniqueConstraint(
                fields=["registration", "kind", "about"],
                condition=Q(registration__isnull=False),
                name="outbox_event_once",
            ),
            # `about` is the link's counter.
            models.UniqueConstraint(
                fields=["invitation", "about"],
                condition=Q(invitation__isnull=False),
                name="outbox_invitation_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=Q(state__in=["queued", "sending"]) & ~Q(kind__in=BULK),
                name="outbox_due",
            ),
            models.Index(
                fields=["not_before"],
                condition=Q(state__in=["queued", "sending"], kind__in=BULK),
                name="outbox_due_news",
            ),
            models.Index(fields=["address_hash", "created_at"], name="outbox_caps"),
            models.Index(
                fields=["endorsement"], condition=Q(endorsement__isnull=False), name="outbox_endorsement"
            ),
            models.Index(fields=["about", "state"], condition=Q(kind="thanks"), name="outbox_thanks"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} mail {self.id}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]  # Django leaves a method of ours alone
        """What it is, in words; one about a letter that was taken back does not speak of the pledge."""
        if self.kind == MailKind.WITHDRAWN and self.about:
            return _t("A letter of yours was taken back")
        return str(MailKind(self.kind).label)
