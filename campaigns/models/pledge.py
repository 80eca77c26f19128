import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models.campaign import Campaign
from campaigns.models.moves import StateChange
from contacts.models import Supporter


class PledgeKind(models.TextChoices):
    SIGN = "sign", _("Sign")
    WRITE = "write", _("Write")
    CALL = "call", _("Call")
    MEET = "meet", _("Meet")
    HOST = "host", _("Host")
    SHARE = "share", _("Share")


class PledgeState(models.TextChoices):
    PENDING = "pending", _("Waiting for confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")
    HELD = "held", _("Held for review")
    INVALIDATED = "invalidated", _("Not counted")


class HeldFor(models.TextChoices):
    """Why a signature waits for a person before its mail is sent."""

    PLACE = "place", _("Many signatures from one place")
    ROBOT = "robot", _("A field was filled that people don’t see")
    DISPOSABLE = "disposable", _("A throw-away mail address")
    UNPROVEN = "unproven", _("Signed in a rush, without the proof that browsers work out")


class PledgeQuerySet(models.QuerySet["Pledge"]):
    def counted(self) -> Self:
        """Pledges that public numbers count: confirmed, and no tests."""
        return self.filter(state=PledgeState.CONFIRMED, is_test=False)


class Pledge(models.Model):
    """A supporter's promise in a campaign, as they made it; the supporter is linked once it is confirmed."""

    MOVES: ClassVar[dict[str, set[str]]] = {
        PledgeState.PENDING: {
            PledgeState.CONFIRMED,
            PledgeState.WITHDRAWN,
            PledgeState.EXPIRED,
            PledgeState.HELD,
            PledgeState.INVALIDATED,
        },
        PledgeState.CONFIRMED: {PledgeState.WITHDRAWN, PledgeState.HELD, PledgeState.INVALIDATED},
        PledgeState.HELD: {
            PledgeState.PENDING,
            PledgeState.CONFIRMED,
            PledgeState.EXPIRED,
            PledgeState.INVALIDATED,
            PledgeState.WITHDRAWN,
        },
        # Somebody who signs again after their link ran out or after withdrawing starts over with the same row.
        PledgeState.EXPIRED: {PledgeState.PENDING, PledgeState.HELD},
        PledgeState.WITHDRAWN: {PledgeState.PENDING, PledgeState.HELD},
        PledgeState.INVALIDATED: {PledgeState.CONFIRMED, PledgeState.PENDING},
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="pledges")
    supporter = models.ForeignKey(
        Supporter, null=True, blank=True, on_delete=models.PROTECT, related_name="pledges"
    )
    kind = models.CharField(max_length=6, choices=PledgeKind, default=PledgeKind.WRITE)
    state = models.CharField(max_length=12, choices=PledgeState, default=PledgeState.PENDING)
    # Why it was held for review; kept when a person has decided.
    held_for = models.CharField(max_length=10, choices=HeldFor, blank=True)
    is_test = models.BooleanField(default=False)

    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("mail address"), max_length=254)
    canonical_email = models.CharField(max_length=254)
    name_key = models.CharField(max_length=80, blank=True, default="")
    prefix = models.CharField(pgettext_lazy("before a person's name", "title"), max_length=20, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    street = models.CharField(_("street and number"), max_length=160, blank=True)
    city = models.CharField(_("town or city"), max_length=80, blank=True)
    region = models.CharField(_("state or region"), max_length=40, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=12)
    country = models.CharField(_("country"), max_length=2, default="us")
    language = models.CharField(_("language"), max_length=10, default="en")
    comment = models.TextField(_("in your own words"), blank=True, max_length=1000)
    # Divisions as matched on signing: [{"division": id, "method": str, "confidence": float}]
    matched = models.JSONField(default=list, blank=True)
    # What was shown and ticked: [{"purpose", "given", "text", "version", "language"}]; becomes Consent rows. With a
    # "partnership" it is for that partner, and becomes a PartnerConsent.
    consents = models.JSONField(default=list, blank=True)
    send_untouched = models.BooleanField(
        default=False, help_text=_("Send the suggested letter if I don't change it.")
    )
    source = models.CharField(max_length=80, blank=True)
    signer_hash = models.CharField(
        max_length=64, blank=True, help_text=_("Salted hash of the network address.")
    )

    confirm_counter = models.PositiveIntegerField(
        default=0, help_text=_("Every use or reissue of the link moves it on.")
    )
    manage_counter = models.PositiveIntegerField(default=0)
    signed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = PledgeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "canonical_email", "name_key", "is_test"], name="pledge_once_per_person"
            ),
            models.CheckConstraint(condition=Q(state__in=PledgeState.values), name="pledge_state_known"),
            models.CheckConstraint(condition=Q(kind__in=PledgeKind.values), name="pledge_kind_known"),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False, supporter__isnull=False),
                name="pledge_confirmed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(name="", email="", street="", postal_code="", comment="") & ~Q(state="confirmed"),
                name="pledge_erased_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(held_for__in=["", *HeldFor.values]), name="pledge_held_for_known"
            ),
            models.CheckConstraint(condition=~Q(state="held") | ~Q(held_for=""), name="pledge_held_says_why"),
        ]
        indexes = [
            models.Index(fields=["campaign", "state", "is_test"], name="pledge_counted"),
            models.Index(fields=["campaign"], condition=Q(is_test=True), name="pledge_tests"),
            models.Index(
                fields=["expires_at"], condition=Q(state__in=["pending", "held"]), name="pledge_expiring"
            ),
            models.Index(fields=["campaign", "confirmed_at"], name="pledge_by_day"),
            models.Index(fields=["campaign", "signed_at"], condition=~Q(held_for=""), name="pledge_reviewed"),
            models.Index(fields=["campaign", "signed_at"], name="pledge_by_signing"),
            # Few, and each tick asks whether letters of theirs still wait.
            models.Index(
                fields=["state"],
                condition=Q(state__in=["withdrawn", "invalidated"]),
                name="pledge_taken_back",
            ),
            # Few too: letters of theirs that were leaving at that moment lose their words when they have left.
            models.Index(fields=["erased_at"], condition=Q(erased_at__isnull=False), name="pledge_erased"),
        ]

    def __str__(self) -> str:
        return f"pledge {self.id}"  # never the name: this text reaches logs


class PledgeChange(StateChange):
    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="history")
