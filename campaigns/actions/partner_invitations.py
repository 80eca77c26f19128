"""Invitations to be a partner of a campaign: offered, sent again, withdrawn, declined, signed off."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from campaigns.actions.partners import close, record_both
from campaigns.delivery.owed import owe_invitation, owe_partner_news
from campaigns.errors import ActionRefused, BadMove, LinkSpent
from campaigns.models import (
    Campaign,
    InvitationState,
    MailKind,
    PartnerInvitation,
    Partnership,
)
from campaigns.partners import free_code
from contacts.actions.organizations import create_organization, record
from contacts.addresses import canonical_email
from contacts.clock import now
from contacts.models import Organization, Role, RoleName, User

# So long a link may be answered.
ANSWER_WITHIN = timedelta(days=30)


class AlreadyPartner(ActionRefused):
    message = _("This organisation takes part already.")


class CampaignOver(ActionRefused):
    message = _("This campaign is over: nobody can join it any more.")


@dataclass(frozen=True)
class Offer:
    """What somebody is invited to: their part, what they see, until when, and the text that is signed off."""

    role: str
    terms: str
    sees_supporters: bool = False
    until: date | None = None


@dataclass(frozen=True)
class NewOrganization:
    """What a partner says of itself when it is made by accepting. Its owner is the address that was invited."""

    name: str
    email: str
    website: str
    privacy_url: str
    owner_name: str


@transaction.atomic
def invite(
    *, campaign: Campaign, organization_name: str, email: str, language: str, offer: Offer, actor: User
) -> PartnerInvitation:
    """Offer an organisation a part in a campaign and owe it the link. Raises ActionRefused."""
    at = now()
    _refuse_if_over(campaign)
    invitation = PartnerInvitation(
        campaign=campaign,
        organization_name=organization_name,
        email=email,
        language=language,
        invited_by=actor,
        created_at=at,
        expires_at=at + ANSWER_WITHIN,
        **vars(offer),
    )
    _refuse_the_past(invitation, at)
    try:
        with transaction.atomic():
            invitation.save(force_insert=True)
    except IntegrityError:
        raise ActionRefused(
            _("This address is invited already. Send that invitation again, or withdraw it first."), "email"
        ) from None
    _mail(invitation, at)
    record(organization=campaign.organization, actor=actor, verb="invite partner", obj=invitation)
    return invitation


@transaction.atomic
def reissue(*, invitation: PartnerInvitation, offer: Offer, actor: User) -> None:
    """Mail a new link, to these terms; the one of before opens nothing any more. Raises ActionRefused."""
    at = now()
    invitation = _waiting(invitation)
    _refuse_if_over(invitation.campaign)
    for name, value in vars(offer).items():
        setattr(invitation, name, value)
    _refuse_the_past(invitation, at)
    invitation.counter += 1
    invitation.expires_at = at + ANSWER_WITHIN
    invitation.save(update_fields=[*vars(offer), "counter", "expires_at"])
    _mail(invitation, at)
    record(
        organization=invitation.campaign.organization,
        actor=actor,
        verb="invite partner again",
        obj=invitation,
    )


@transaction.atomic
def withdraw_invitation(*, invitation: PartnerInvitation, actor: User) -> None:
    """The link opens nothing any more. Raises BadMove when it was answered meanwhile."""
    invitation = _waiting(invitation)
    _answer(invitation, InvitationState.WITHDRAWN)
    record(
        organization=invitation.campaign.organization,
        actor=actor,
        verb="withdraw invitation of partner",
        obj=invitation,
    )


@transaction.atomic
def decline(*, invitation: PartnerInvitation) -> None:
    """Say no. Raises ActionRefused when the link no longer waits for an answer."""
    invitation = _to_answer(invitation)
    _answer(invitation, InvitationState.DECLINED)
    record(
        organization=invitation.campaign.organization,
        actor=None,
        verb="partner declined",
        obj=invitation,
    )


@transaction.atomic
def accept(*, invitation: PartnerInvitation, organization: Organization, user: User) -> Partnership:
    """Sign the terms off for an organisation that `user` owns. Raises ActionRefused, AlreadyPartner, CampaignOver."""
    invitation = _to_answer(invitation)
    is_owner = Role.objects.filter(organization=organization, user=user, name=RoleName.OWNER).exists()
    if not is_owner:
        raise ActionRefused(_("An owner signs terms off for an organisation."))
    return _join(invitation, organization, user)


@transaction.atomic
def accept_as_new(
    *, invitation: PartnerInvitation, new: NewOrganization, user: User | None = None
) -> tuple[Partnership, User]:
    """Make the partner's organisation, owned by the address that was invited, and sign the terms off for it.

    Where that address has an account, only `user`, who is signed in to it, signs in its name: links are passed on.
    Raises ActionRefused, CampaignOver.
    """
    invitation = _to_answer(invitation)
    account = User.objects.filter(email__iexact=invitation.email).first()
    if account is not None and not account.is_active:
        raise ActionRefused(
            _("The account of this address is switched off. Ask for an invitation to another.")
        )
    if account is not None and account != user:
        raise ActionRefused(
            _("This address has an account here. Sign in with it first, so that nobody signs in your name.")
        )
    try:
        with transaction.atomic():
            organization, owner = _make_organization(invitation, new)
    except (ValidationError, IntegrityError):
        raise ActionRefused(
            _(
                "This organisation could not be made with this name and address. Please change them, or ask us."
            )
        ) from None
    return _join(invitation, organization, owner, signed_name=new.owner_name), owner


def _make_organization(invitation: PartnerInvitation, new: NewOrganization) -> tuple[Organization, User]:
    lead = invitation.campaign.organization
    return create_organization(
        name=new.name,
        owner_email=invitation.email,
        owner_name=new.owner_name,
        email=new.email,
        website=new.website,
        privacy_url=new.privacy_url,
        language=invitation.language,
        mail_domain=canonical_email(invitation.email).rpartition("@")[2],
        country=lead.country,
        time_zone=lead.time_zone,
        is_partner_only=True,
    )


def _join(
    invitation: PartnerInvitation, organization: Organization, user: User, signed_name: str = ""
) -> Partnership:
    campaign = invitation.campaign
    if organization.pk == campaign.organization_id:
        raise ActionRefused(_("An organisation can't be a partner in its own campaign."))
    if invitation.sees_supporters and not organization.privacy_url:
        raise ActionRefused(
            _(
                "Supporters are shown your privacy notice before they choose you. Enter its address in your "
                "organisation’s settings first, then open this link again."
            )
        )
    at = now()
    old = Partnership.objects.select_for_update(no_key=True).filter(
        campaign=campaign, organization=organization, left_at__isnull=True
    )
    for one in old:
        if not invitation.is_past(one.until, at):
            raise AlreadyPartner
        # It ran out; coming back is a new part with new terms.
        close(one, at, "")
    partnership = Partnership(
        campaign=campaign,
        organization=organization,
        invitation=invitation,
        role=invitation.role,
        terms=invitation.terms,
        sees_supporters=invitation.sees_supporters,
        until=invitation.until,
        source_code=free_code(campaign, organization.slug),
        signed_by=user,
        signed_name=(signed_name or user.name or user.email)[:120],
        joined_at=at,
    )
    try:
        with transaction.atomic():
            partnership.save(force_insert=True)
    except IntegrityError:  # by another invitation, at this moment
        raise AlreadyPartner from None
    _answer(invitation, InvitationState.ACCEPTED)
    record_both(partnership, organization, user, "join campaign", role=partnership.role)
    owe_partner_news(campaign.organization, partnership, MailKind.PARTNER_JOINED, at)
    return partnership


def _mail(invitation: PartnerInvitation, at: datetime) -> None:
    if not owe_invitation(invitation, at):
        raise ActionRefused(
            _(
                "This address can’t be written to now: it had as many mails from here as one may get, or wants none."
            ),
            "email",
        )


def _answer(invitation: PartnerInvitation, state: InvitationState) -> None:
    invitation.state, invitation.answered_at = state, now()
    invitation.save(update_fields=["state", "answered_at"])


def _waiting(invitation: PartnerInvitation) -> PartnerInvitation:
    """The invitation, locked, while it waits for an answer. Raises BadMove."""
    found = PartnerInvitation.objects.select_for_update(of=("self",), no_key=True).filter(
        pk=invitation.pk, state=InvitationState.SENT
    )
    locked = found.select_related("campaign__organization").first()
    if locked is None:
        raise BadMove
    return locked


def _to_answer(invitation: PartnerInvitation) -> PartnerInvitation:
    """The invitation, locked, while the terms that were read can still be answered. Raises ActionRefused."""
    locked = _waiting(invitation)
    if locked.counter != invitation.counter:
        raise LinkSpent  # the terms may be others now
    if locked.expires_at <= now():
        raise ActionRefused(_("The time to answer is over. Ask for a new invitation."))
    _refuse_if_over(locked.campaign)
    _refuse_the_past(locked, now())
    return locked


def _refuse_if_over(campaign: Campaign) -> None:
    if campaign.is_over:
        raise CampaignOver


def _refuse_the_past(invitation: PartnerInvitation, at: datetime) -> None:
    if invitation.is_past(invitation.until, at):
        raise ActionRefused(_("The last day is over already."), "until")
