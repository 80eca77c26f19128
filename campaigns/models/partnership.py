"""An organisation's part in another's campaign: the invitation, the terms it signed off, and who it may write to."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Self

from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.models.pledge import Pledge
from contacts.clock import day_in, zones_off_the_day
from contacts.models import Organization, Supporter, User

# What a pledge says of a consent that is for a partner; of those a box that was not ticked is not kept.
FOR_A_PARTNER = "partner"
# Where a supporter chose a partner, or took it back, if not with a signature.
OWN_PAGE = "their own page"


class Terms(models.Model):
    """What an organisation that joins a campaign takes over, sees and gets; what it agrees to."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="%(class)ss")
    role = models.CharField(_("role"), max_length=120, help_text=_("What it does in the campaign."))
    sees_supporters = models.BooleanField(
        _("sees the supporters who chose it"),
        default=False,
        help_text=_(
            "Those who agreed that this partner may write to them, with name, mail address and postal code. "
            "Without it, the partner sees numbers only and supporters are not asked."
        ),
    )
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day. Empty: until one of both ends it.")
    )
    terms = models.TextField(
        _("terms"), validators=[MinLengthValidator(20)], help_text=_("The whole text that is signed off.")
    )

    class Meta:
        abstract = True

    def is_past(self, day: date | None, at: datetime) -> bool:
        """Whether a last day is over at a moment, on the clock of the organisation whose campaign it is."""
        return day is not None and day < day_in(self.campaign.organization.time_zone, at)


class InvitationState(models.TextChoices):
    SENT = "sent", _("Invited")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PartnerInvitation(Terms):
    """An offer to join a campaign, to whoever opens the link in its mail. It lapses at `expires_at`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization_name = models.CharField(_("organisation"), max_length=120)
    email = models.EmailField(_("mail address"))
    language = models.CharField(_("language"), max_length=10, default="en")
    state = models.CharField(max_length=10, choices=InvitationState, default=InvitationState.SENT)
    # Every reissue of the link moves it on; a link of before opens nothing.
    counter = models.PositiveIntegerField(default=0)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=InvitationState.values), name="partner_invitation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", answered_at__isnull=True)
                | ~Q(state="sent") & Q(answered_at__isnull=False),
                name="partner_invitation_answered_has_time",
            ),
            models.UniqueConstraint(
                fields=["campaign", "email"], condition=Q(state="sent"), name="partner_invited_once"
            ),
        ]
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"invitation {self.pk}"  # never the address: this text reaches logs


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    def in_force(self, at: datetime) -> Self:
        """Those that joined and neither left nor ran out; access hangs on this and nothing else.

        The last day ends on the clock of the organisation whose campaign it is.
        """
        on, ahead, behind = at.astimezone(UTC).date(), *zones_off_the_day(at)
        in_time = (
            Q(until__isnull=True)
            | Q(until__gt=on)
            | Q(until=on) & ~Q(campaign__organization__time_zone__in=ahead)
            | Q(until=on - timedelta(days=1), campaign__organization__time_zone__in=behind)
        )
        return self.filter(in_time, left_at__isnull=True)

    def asking(self, at: datetime) -> Self:
        """Those whose right to write to them supporters are asked for."""
        return self.in_force(at).filter(sees_supporters=True)


class Partnership(Terms):
    """An organisation's part in another's campaign, from signing the terms off to leaving. Coming back is a new row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="partnerships")
    invitation = models.OneToOneField(
        PartnerInvitation, null=True, on_delete=models.PROTECT, related_name="partnership"
    )
    source_code = models.SlugField(
        _("source code"),
        max_length=40,
        help_text=_("Stands in its page's address, and beside whom it brought."),
    )
    welcome = models.TextField(
        _("words of the partner"),
        max_length=600,
        blank=True,
        help_text=_("Shown on its own page of the campaign."),
    )
    signed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    signed_name = models.CharField(_("signed off by"), max_length=120)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    left_reason = models.CharField(max_length=200, blank=True)

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organization"],
                condition=Q(left_at__isnull=True),
                name="partner_once_per_campaign",
            ),
            models.UniqueConstraint(fields=["campaign", "source_code"], name="partner_source_code_once"),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("joined_at")),
                name="partner_leaves_after_joining",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} in {self.campaign_id}"

    def is_in_force(self, at: datetime) -> bool:
        """What `in_force` finds, of a row at hand with its campaign's organisation."""
        return self.left_at is None and not self.is_past(self.until, at)

    @property
    def ran_out(self) -> bool:
        """Of a part that is over: whether its last day came before anybody ended it, or it was signed anew."""
        return self.left_at is None or self.is_past(self.until, self.left_at)


class PartnerConsentQuerySet(models.QuerySet["PartnerConsent"]):
    def last_words(self) -> Self:
        """Of each partnership and supporter the row that was written last."""
        last = self.model._default_manager.filter(
            partnership=OuterRef("partnership"), supporter=OuterRef("supporter")
        ).order_by("-id")
        return self.filter(pk=Subquery(last.values("pk")[:1]))


class PartnerConsent(models.Model):
    """What a supporter said of one partner's writing to them, in the words they saw. Append-only, as Consent is."""

    id = models.BigAutoField(primary_key=True)
    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="consents")
    supporter = models.ForeignKey(Supporter, on_delete=models.CASCADE, related_name="partner_consents")
    given = models.BooleanField()
    text = models.TextField(help_text=_("The words that were shown."))
    text_version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    source = models.CharField(max_length=120, help_text=_("The page it came by."))
    at = models.DateTimeField()

    objects = PartnerConsentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["partnership", "supporter", "-id"], name="partner_consent_last_word"),
        ]

    def __str__(self) -> str:
        return f"partner consent {'given' if self.given else 'withdrawn'}"


def chosen_by(partnerships: QuerySet[Partnership]) -> QuerySet[PartnerConsent]:
    """The supporters who say now that these partners may write to them, nobody erased among them.

    They said it with a pledge: where none of theirs counts in the campaign, it says nothing any more.
    """
    stands = Pledge.objects.counted().filter(
        campaign=OuterRef("partnership__campaign"), supporter=OuterRef("supporter"), erased_at__isnull=True
    )
    return (
        PartnerConsent.objects.filter(partnership__in=partnerships)
        .last_words()
        .filter(Exists(stands), given=True, supporter__erased_at__isnull=True)
    )
