"""News of a campaign: written, published, changed, taken down, and mailed once to those who want news."""

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from campaigns.delivery.outbox import owe_update
from campaigns.errors import ActionRefused
from campaigns.models import Campaign, CampaignUpdate, Pledge
from contacts.actions.organizations import record
from contacts.addresses import address_hash
from contacts.clock import now
from contacts.models import Consent, Purpose, Suppression, User


@transaction.atomic
def write_update(*, campaign: Campaign, actor: User, title: str, text: str) -> CampaignUpdate:
    """Keep news as a draft."""
    update = CampaignUpdate.objects.create(
        campaign=campaign, title=title, text=text, created_by=actor, created_at=now()
    )
    _record(update, actor, "write update")
    return update


@transaction.atomic
def edit_update(*, update: CampaignUpdate, actor: User, title: str, text: str) -> None:
    """Change news. Readers of what is published are told that it was changed, unless its words are the same."""
    if (update.title, update.text) == (title, text):
        return
    edited = now() if update.published_at else None
    CampaignUpdate.objects.filter(pk=update.pk).update(title=title, text=text, edited_at=edited)
    _record(update, actor, "edit update")


@transaction.atomic
def publish_update(*, update: CampaignUpdate, actor: User) -> None:
    """Put news on the campaign's page and in its feed."""
    fresh = CampaignUpdate.objects.filter(pk=update.pk, published_at__isnull=True)
    if not fresh.update(published_at=now(), edited_at=None):
        raise ActionRefused(_("It is published already."))
    _record(update, actor, "publish update")


@transaction.atomic
def take_down_update(*, update: CampaignUpdate, actor: User) -> None:
    """Make news a draft again. Refused once it was mailed: people would follow its link to nothing."""
    shown = CampaignUpdate.objects.filter(pk=update.pk, published_at__isnull=False, mailed_at__isnull=True)
    if not shown.update(published_at=None, edited_at=None):
        raise ActionRefused(_("It is a draft, or it was mailed: change its words instead."))
    _record(update, actor, "take update down")


@transaction.atomic
def delete_update(*, update: CampaignUpdate, actor: User) -> None:
    """Delete a draft."""
    _record(update, actor, "delete update")
    if not CampaignUpdate.objects.filter(pk=update.pk, published_at__isnull=True).delete()[0]:
        raise ActionRefused(_("It is published. Take it down first."))


def audience(campaign: Campaign) -> list[tuple[Pledge, str]]:
    """Who would get news of a campaign by mail, each once, with the keyed hash of their address.

    People who confirmed, whose last word on being written to is yes, and whose address nobody stopped since.
    """
    last = Consent.objects.filter(supporter=OuterRef("supporter"), purpose=Purpose.CONTACT).order_by("-id")
    pledges = (
        Pledge.objects.counted()
        .filter(campaign=campaign, supporter__erased_at__isnull=True)
        .annotate(wants=Subquery(last.values("given")[:1]), since=Subquery(last.values("at")[:1]))
        .filter(wants=True)
        .only("pk", "campaign_id", "canonical_email")
        .order_by("confirmed_at", "pk")
    )
    everywhere: set[str] = set()
    here = {}
    stops = Suppression.objects.exclude(address_hash="").values_list(
        "organization", "address_hash", "created_at"
    )
    for organization, hashed, at in stops:
        if organization is None:
            everywhere.add(hashed)
        elif organization == campaign.organization_id:
            here[hashed] = at
    found: dict[str, tuple[Pledge, str]] = {}
    for pledge in pledges.iterator(2000):
        hashed = address_hash(pledge.canonical_email)
        is_stopped = hashed in everywhere or (hashed in here and here[hashed] > pledge.since)  # type: ignore[attr-defined]
        if not is_stopped:
            found.setdefault(hashed, (pledge, hashed))  # a household gets it once
    return list(found.values())


@transaction.atomic
def mail_update(*, update: CampaignUpdate, actor: User) -> int:
    """Owe published news to everybody who wants it, once; gives to how many. Raises ActionRefused the second time."""
    at = now()
    published = CampaignUpdate.objects.filter(
        pk=update.pk, published_at__isnull=False, mailed_at__isnull=True
    )
    if not published.update(mailed_at=at):
        raise ActionRefused(_("Publish it first; what was mailed once is not mailed again."))
    people = audience(update.campaign)
    owe_update(update, people, at)
    CampaignUpdate.objects.filter(pk=update.pk).update(mail_count=len(people))
    _record(update, actor, "mail update", people=len(people))
    return len(people)


def _record(update: CampaignUpdate, actor: User, verb: str, **detail: int) -> None:
    record(organization=update.campaign.organization, actor=actor, verb=verb, obj=update, **detail)
