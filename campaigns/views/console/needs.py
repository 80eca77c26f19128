"""What needs somebody now, for the console's home: each line with its deadline and where to act."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import (
    Breaker,
    Campaign,
    CampaignChange,
    CampaignState,
    Drive,
    DriveState,
    Endorsement,
    EndorsementState,
    InboundMail,
    LetterVersion,
    MeetingReport,
    Story,
    StoryState,
)
from campaigns.permissions import may
from campaigns.reports import held_signatures, needs_person
from campaigns.views.console.addresses import failed_for
from campaigns.views.console.departures import departures_of
from campaigns.views.console.paper_needs import paper_needs
from campaigns.views.console.words import Need
from contacts.clock import now
from contacts.models import Health, Organization, User

SOON = timedelta(days=3)
# An address that failed is no news for longer; the list of them keeps it.
LATELY = timedelta(days=14)


def needs_of(
    organization: Organization,
    roles: frozenset[str],
    user: User,
    drives: Sequence[Drive],
    letters: dict[UUID, dict[str, int]],
    at: datetime,
) -> list[Need]:
    """What people in these roles can do something about, the nearest deadline first.

    `drives` are those under way, `letters` their numbers by group.
    """
    # Stopped domains come first: they have no deadline, and each hour counts.
    first = _stopped(organization) if may(roles, "campaigns") else []
    needs: list[Need] = []
    if may(roles, "people"):
        needs += _letters(organization)
        needs += _signatures(organization)
    if may(roles, "stories"):
        needs += _stories(organization)
    if may(roles, "replies"):
        needs += _answers(organization)
    if may(roles, "stances"):
        needs += _meetings(organization)
    if may(roles, "campaigns"):
        needs += paper_needs(organization, drives)
        needs += _drives(organization, drives, letters, at) + _drafts(organization) + _addresses(organization)
        needs += _unopened(organization) + _reviews(organization, user)
        needs += _endorsements(organization)
    return first + sorted(needs, key=lambda need: (need.until is None, need.until or at))


def _letters(organization: Organization) -> list[Need]:
    """Letters that only a person can move on."""
    found = needs_person(organization)
    url = reverse("campaigns:letter-list", args=[organization.slug])
    needs = []
    if found.uncertain:
        text = ngettext(
            "%(n)s letter may or may not have arrived",
            "%(n)s letters may or may not have arrived",
            found.uncertain,
        )
        needs.append(
            _need(text, found.uncertain, found.uncertain_until, f"{url}?state=uncertain", _("Decide"), "warn")
        )
    left = departures_of(organization)
    departed = sum(one.letters for one in left)
    if left:
        text = ngettext(
            "%(n)s letter waits: its representative has left office",
            "%(n)s letters wait: their representatives have left office",
            departed,
        )
        seats = reverse("campaigns:departures", args=[organization.slug])
        needs.append(_need(text, departed, left[0].until, seats, _("Decide"), "warn"))
    if held := found.held - departed:
        text = ngettext("%(n)s letter is held for a person", "%(n)s letters are held for a person", held)
        needs.append(_need(text, held, found.held_until, f"{url}?state=held", _("Look at them"), "warn"))
    if found.stuck:
        text = ngettext(
            "%(n)s letter can't leave: its office has no working address, or nobody in it",
            "%(n)s letters can't leave: their offices have no working address, or nobody in them",
            found.stuck,
        )
        needs.append(_need(text, found.stuck, found.stuck_until, f"{url}?stuck=1", _("See which"), "warn"))
    return needs


def _meetings(organization: Organization) -> list[Need]:
    """What participants of events say their legislators said, and nobody has judged."""
    reports = MeetingReport.objects.open().filter(event__organization=organization)
    n, first = reports.count(), reports.order_by("at").first()
    if first is None:
        return []
    text = ngettext("%(n)s report of a meeting waits", "%(n)s reports of meetings wait", n)
    url = reverse("campaigns:meetings", args=[organization.slug, first.event_id])
    return [_need(text, n, None, url, _("Read them"), "info")]


def _signatures(organization: Organization) -> list[Need]:
    """Signatures that nobody has looked at."""
    n = held_signatures(organization)
    if not n:
        return []
    text = ngettext("%(n)s signature waits to be reviewed", "%(n)s signatures wait to be reviewed", n)
    url = reverse("campaigns:review", args=[organization.slug])
    return [_need(text, n, None, url, _("Look at them"), "info")]


def _stories(organization: Organization) -> list[Need]:
    """Stories that no reviewer has decided about."""
    n = Story.objects.filter(organization=organization, state=StoryState.WAITING).count()
    if not n:
        return []
    text = ngettext("%(n)s story waits to be reviewed", "%(n)s stories wait to be reviewed", n)
    url = reverse("campaigns:story-list", args=[organization.slug])
    return [_need(text, n, None, url, _("Read them"), "info")]


def _endorsements(organization: Organization) -> list[Need]:
    """Organisations that say they support a campaign, and that nobody has looked at; one line for each campaign."""
    waiting = Endorsement.objects.filter(
        campaign__organization=organization, state=EndorsementState.CONFIRMED
    )
    counted = waiting.values_list("campaign", "campaign__title").annotate(Count("pk")).order_by("campaign")
    needs = []
    for campaign_id, title, n in counted:
        text = ngettext(
            "%(n)s organisation that supports “%(title)s” waits to be looked at",
            "%(n)s organisations that support “%(title)s” wait to be looked at",
            n,
        )
        url = reverse("campaigns:endorsement-list", args=[organization.slug, campaign_id])
        needs.append(Need(text % {"n": intcomma(n), "title": title}, None, url, _("Look at them"), "info"))
    return needs


def _addresses(organization: Organization) -> list[Need]:
    """Addresses that failed lately, at offices that letters go to."""
    n = failed_for(organization).filter(health=Health.FAILING, health_changed_at__gte=now() - LATELY).count()
    if not n:
        return []
    text = ngettext("%(n)s address of an office failed", "%(n)s addresses of offices failed", n)
    url = reverse("campaigns:address-list", args=[organization.slug])
    return [_need(text, n, None, url, _("See which"), "info")]


def _answers(organization: Organization) -> list[Need]:
    """Answers of offices that nobody has judged."""
    n = InboundMail.objects.uncoded().filter(organization=organization).count()
    if not n:
        return []
    text = ngettext("%(n)s answer waits to be read", "%(n)s answers wait to be read", n)
    url = reverse("campaigns:reply-list", args=[organization.slug])
    return [_need(text, n, None, f"{url}?coding=none", _("Read them"), "info")]


def _need(text: str, n: int, until: datetime | None, url: str, action: str, tone: str) -> Need:
    return Need(text % {"n": intcomma(n)}, until, url, action, tone)


def _stopped(organization: Organization) -> list[Need]:
    """Mail domains that take nothing of ours until somebody says so."""
    url = reverse("campaigns:sending", args=[organization.slug])
    waiting = Breaker.objects.domains_for(organization).filter(probe_at__isnull=True)
    return [
        Need(
            _("%(domain)s refuses our letters") % {"domain": breaker.name}, None, url, _("What to do"), "warn"
        )
        for breaker in waiting
    ]


def _drives(
    organization: Organization, drives: Sequence[Drive], letters: dict[UUID, dict[str, int]], at: datetime
) -> list[Need]:
    """Drives that are paused, or that end soon, with letters that have not left."""
    needs = []
    for drive in drives:
        url = reverse("campaigns:drive", args=[organization.slug, drive.pk])
        if drive.state == DriveState.PAUSED:
            fact = _("“%(drive)s” is paused") % {"drive": drive.name}
        elif drive.ends_at < at + SOON:
            fact = _("“%(drive)s” ends soon") % {"drive": drive.name}
        else:
            continue
        left = _not_left(letters[drive.pk])
        if left:
            text = ", ".join([fact, *left])
            needs.append(Need(text, drive.ends_at, url, _("Open the drive"), "warn"))
    return needs


def _not_left(found: dict[str, int]) -> list[str]:
    """The drive's letters that wait and those still with their supporters, where there are any."""
    waiting, written = found["waiting"], found["with_supporters"]
    lines = []
    if waiting:
        text = ngettext("%(n)s letter waits", "%(n)s letters wait", waiting)
        lines.append(text % {"n": intcomma(waiting)})
    if written:
        text = ngettext(
            "%(n)s letter is still with its supporter",
            "%(n)s letters are still with their supporters",
            written,
        )
        lines.append(text % {"n": intcomma(written)})
    return lines


def _reviews(organization: Organization, user: User) -> list[Need]:
    """Campaigns that somebody else handed in, and waits for a second person."""
    waiting = Campaign.objects.of(organization).filter(state=CampaignState.IN_REVIEW)
    asked = CampaignChange.objects.filter(campaign=OuterRef("pk"), to_state=CampaignState.IN_REVIEW)
    mine = waiting.annotate(asked_by=Subquery(asked.order_by("-pk").values("actor")[:1])).filter(
        asked_by=user.pk
    )
    return [
        Need(
            _("“%(campaign)s” waits for your review") % {"campaign": campaign.title},
            None,
            reverse("campaigns:campaign-review", args=[organization.slug, campaign.pk]),
            _("Look at it"),
            "info",
        )
        for campaign in waiting.exclude(pk__in=mine.values("pk")).order_by("-created_at")[:5]
    ]


def _unopened(organization: Organization) -> list[Need]:
    """Campaigns that were to open by themselves and could not."""
    waiting = Campaign.objects.of(organization).filter(
        state=CampaignState.SCHEDULED, opening_failed_at__isnull=False
    )
    return [
        Need(
            _("“%(campaign)s” did not open at its hour") % {"campaign": campaign.title},
            None,
            reverse("campaigns:campaign-review", args=[organization.slug, campaign.pk]),
            _("See what is missing"),
            "warn",
        )
        for campaign in waiting.order_by("opens_at")[:5]
    ]


def _drafts(organization: Organization) -> list[Need]:
    """Drafts without a letter, and campaigns that are open but still in test mode."""
    versions = LetterVersion.objects.filter(group__campaign=OuterRef("pk"))
    unfinished = Campaign.objects.of(organization).filter(
        Q(state=CampaignState.DRAFT) & ~Exists(versions) | Q(state=CampaignState.OPEN, is_test=True)
    )
    needs = []
    for campaign in unfinished.order_by("-created_at")[:5]:
        url = reverse("campaigns:campaign-detail", args=[organization.slug, campaign.pk])
        if campaign.state == CampaignState.OPEN:
            text = _("“%(campaign)s” is open in test mode: its letters reach no office")
        else:
            text = _("“%(campaign)s” has no letter yet")
            url = reverse("campaigns:campaign-review", args=[organization.slug, campaign.pk])
        needs.append(Need(text % {"campaign": campaign.title}, None, url, _("Go on with it"), "info"))
    return needs
