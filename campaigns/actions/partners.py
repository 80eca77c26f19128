"""Partners of a campaign while they take part: their words, what they take out, ended by either side.

What concerns two organisations stands in the audit log of both; neither reads there who acted on the other side.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from campaigns.delivery.owed import owe_partner_news
from campaigns.errors import BadMove
from campaigns.models import MailKind, Partnership
from campaigns.partners import NEW_NAME, exports_of
from contacts.actions.organizations import record, update_organization
from contacts.clock import now
from contacts.models import JobPart, JobState, Organization, User


@transaction.atomic
def end_partnership(*, partnership: Partnership, reason: str, actor: User) -> None:
    """The lead ends a partner's part: it sees nothing from now on. Raises BadMove when it is over already."""
    _end(partnership, partnership.campaign.organization, actor, reason)


@transaction.atomic
def leave(*, partnership: Partnership, actor: User) -> None:
    """The partner leaves: it sees nothing from now on. Raises BadMove when it is over already."""
    _end(partnership, partnership.organization, actor, "")


def _end(partnership: Partnership, side: Organization, actor: User, reason: str) -> None:
    at = now()
    found = Partnership.objects.select_for_update(of=("self",), no_key=True).filter(
        pk=partnership.pk, left_at__isnull=True
    )
    stored = found.select_related("campaign__organization", "organization").first()
    if stored is None or not stored.is_in_force(at):
        raise BadMove
    partnership = stored
    close(partnership, at, reason)
    record_both(partnership, side, actor, "end partnership")
    sides = {partnership.organization, partnership.campaign.organization}
    for other in sides - {side}:
        owe_partner_news(other, partnership, MailKind.PARTNER_LEFT, at)


def close(partnership: Partnership, at: datetime, reason: str) -> None:
    """From now on it sees nothing; called within the transaction that says so to both sides."""
    partnership.left_at, partnership.left_reason = at, reason[:200]
    partnership.save(update_fields=["left_at", "left_reason"])
    # An export under way stops, and files that wait to be downloaded are gone. The jobs first: a portion that is
    # being written now either waits for this and is rolled back, or is stored and deleted with the rest.
    exports = exports_of(partnership)
    exports.filter(state__in=[JobState.DRAFT, JobState.RUNNING, JobState.WAITING]).update(
        state=JobState.CANCELLED, finished_at=at, lease_until=None
    )
    JobPart.objects.filter(job__in=exports).delete()


@transaction.atomic
def change_welcome(*, partnership: Partnership, welcome: str, actor: User) -> None:
    """The partner's own words on its page of the campaign. Raises BadMove when its part is over."""
    found = Partnership.objects.in_force(now()).filter(pk=partnership.pk)
    if not found.update(welcome=welcome):
        raise BadMove
    record_both(partnership, partnership.organization, actor, "change words of partner")


@transaction.atomic
def change_organization(*, organization: Organization, actor: User, **fields: Any) -> None:
    """Change what an organisation says of itself; whoever it is a partner of reads its new name beside the old one."""
    before = Organization.objects.values_list("name", flat=True).get(pk=organization.pk)
    update_organization(organization=organization, actor=actor, **fields)
    if organization.name == before:
        return
    for one in Partnership.objects.in_force(now()).filter(organization=organization):
        record(
            organization=one.campaign.organization,
            actor=None,
            verb=NEW_NAME,
            obj=one,
            before=before,
            after=organization.name,
        )


def note_export(partnership: Partnership, verb: str, people: int) -> None:
    """Write down on the lead's side, too, that a partner took supporters' data out, and how many people's."""
    record(
        organization=partnership.campaign.organization,
        actor=None,
        verb=verb,
        obj=partnership,
        by=partnership.organization.slug,
        people=people,
    )


def note_reading(partnership: Partnership, actor: User | None, people: int) -> None:
    """Write down on both sides that a program of a partner's read supporters, and how many."""
    record(
        organization=partnership.organization,
        actor=actor,
        verb="read supporters by API",
        obj=partnership,
        people=people,
    )
    note_export(partnership, "partner reads supporters by API", people)


def record_both(
    partnership: Partnership, side: Organization, actor: User | None, verb: str, **detail: object
) -> None:
    lead = partnership.campaign.organization
    for organization in (lead, partnership.organization):
        is_own = organization.pk == side.pk
        record(
            organization=organization,
            actor=actor if is_own else None,
            verb=verb,
            obj=partnership,
            campaign=str(partnership.campaign_id),
            partner=partnership.organization.slug,
            by=side.slug,
            **detail,
        )
