"""An organisation that says it supports a campaign; it counts, and is shown, once a person approved it."""

import unicodedata
import uuid
from typing import ClassVar, Self
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.models.moves import StateChange
from contacts.models import User


class EndorsementState(models.TextChoices):
    """`asked` waits for the click in a mail, `confirmed` for a person who looks at it."""

    ASKED = "asked", _("Mail not confirmed")
    CONFIRMED = "confirmed", _("To be looked at")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


_S = EndorsementState


def name_key(name: str) -> str:
    """A name as it is compared: letters and digits alone, in one case."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    # One character may fold into eighteen: so much as there is room for.
    return "".join(c for c in folded if c.isalnum())[:240]


def host_of(website: str) -> str:
    """The host of a website as it is compared: in small letters, without www; empty for none."""
    try:
        host = urlsplit(website).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.").removesuffix(".")


def may_be_one(host: str, other: str) -> bool:
    """Whether two of one name may be one organisation: on one website, or of one of them it is not known."""
    return host == other or not host or not other


class EndorsementQuerySet(models.QuerySet["Endorsement"]):
    def standing(self) -> Self:
        """Those that count and are shown, by name. Their logos are not read along."""
        return self.filter(state=_S.APPROVED).defer("logo").order_by("name_key", "pk")

    def like(self, endorsement: "Endorsement") -> Self:
        """Others of the campaign that may be the same organisation: by its name, or by its website."""
        same = Q(name_key=endorsement.name_key)
        if endorsement.host:
            same |= Q(host=endorsement.host)
        others = self.filter(same, campaign=endorsement.campaign_id).exclude(pk=endorsement.pk)
        return others.exclude(state__in=[_S.ASKED, _S.WITHDRAWN]).defer("logo").order_by("name_key", "pk")


class Endorsement(models.Model):
    """What an organisation lets be shown of its support, and the person who asked for it, who never is.

    Whoever works here enters one without a contact; it is approved from the start.
    """

    MOVES: ClassVar[dict[str, set[str]]] = {
        _S.ASKED: {_S.CONFIRMED, _S.WITHDRAWN},
        _S.CONFIRMED: {_S.APPROVED, _S.DECLINED, _S.WITHDRAWN},
        # What its own person changes is looked at once more.
        _S.APPROVED: {_S.CONFIRMED, _S.WITHDRAWN},
        _S.DECLINED: {_S.CONFIRMED, _S.APPROVED, _S.WITHDRAWN},
        _S.WITHDRAWN: set(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="endorsements")
    state = models.CharField(max_length=9, choices=EndorsementState, default=_S.ASKED)
    name = models.CharField(_("name of the organisation"), max_length=120)
    # What it is compared by, made from name and website.
    name_key = models.CharField(max_length=240)
    host = models.CharField(max_length=253, blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    statement = models.CharField(_("a sentence of theirs"), max_length=280, blank=True)
    logo = models.BinaryField(null=True, editable=False, help_text=_("Drawn anew from what was uploaded."))
    logo_hash = models.CharField(max_length=64, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=80, blank=True)
    contact_email = models.EmailField(_("mail address"), max_length=254, blank=True)
    canonical_email = models.CharField(max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    # Every reissue moves it on, and older links stop working.
    link_counter = models.PositiveIntegerField(default=0)
    # Why it was declined or taken down, as its person was told.
    reason = models.CharField(_("why"), max_length=300, blank=True)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = EndorsementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=EndorsementState.values), name="endorsement_state_known"
            ),
            models.UniqueConstraint(
                fields=["campaign", "name_key", "host"],
                condition=Q(state="approved"),
                name="endorsement_stands_once",
            ),
            models.UniqueConstraint(
                fields=["campaign", "canonical_email", "name_key"],
                condition=Q(state="asked"),
                name="endorsement_asked_once",
            ),
            models.CheckConstraint(condition=~Q(name_key=""), name="endorsement_has_name"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "declined"]) | Q(decided_at__isnull=False),
                name="endorsement_decided_has_time",
            ),
            models.CheckConstraint(
                condition=Q(logo__isnull=True, logo_hash="") | Q(logo__isnull=False) & ~Q(logo_hash=""),
                name="endorsement_logo_has_hash",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "state", "name_key"], name="endorsement_by_state"),
            models.Index(fields=["state", "asked_at"], name="endorsement_by_age"),
        ]

    def __str__(self) -> str:
        return f"endorsement {self.pk}"  # it may be a person's own business: this text reaches logs

    def set_keys(self) -> None:
        self.name_key, self.host = name_key(self.name), host_of(self.website)

    @property
    def is_shown(self) -> bool:
        return self.state == EndorsementState.APPROVED


class EndorsementChange(StateChange):
    endorsement = models.ForeignKey(Endorsement, on_delete=models.CASCADE, related_name="history")
