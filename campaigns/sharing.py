"""Passing a campaign on: its address with where readers came from, and links that open other programs with a text.

Plain links and no scripts of others: nobody learns anything before somebody presses.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from campaigns.delivery.hours import zone_or_utc
from campaigns.models import Campaign, Event, Outcome, Partnership
from campaigns.partners_now import partner_called
from campaigns.reading import ASKS
from contacts.models import Organization
from policy.models import Issue, ShareText

SHARED = "shared"


@dataclass(frozen=True)
class Way:
    """A program that a text can be handed to, with the link that does it."""

    label: str
    url: str


@dataclass(frozen=True)
class Share:
    """What is passed on: the address, a text to copy with it, an invitation, and the links."""

    url: str
    title: str
    text: str
    invitation: str
    ways: list[Way]


def page_url(campaign: Campaign, source: str = "", language: str = "") -> str:
    """The campaign's own address; with a source who signs there is counted as come from it.

    A language that the campaign is translated to is asked for; its own has the address without one.
    """
    path = reverse("campaigns:campaign", args=[campaign.organization.slug, campaign.slug])
    return f"{settings.SITE_URL.rstrip('/')}{path}{_asking(campaign, language, source=source)}"


def partner_url(campaign: Campaign, partner: Partnership, language: str = "") -> str:
    """The address of a partner's own page of a campaign; who signs there is counted as come by it."""
    organization = campaign.organization
    path = reverse("campaigns:campaign-with", args=[organization.slug, campaign.slug, partner.source_code])
    return f"{settings.SITE_URL.rstrip('/')}{path}{_asking(campaign, language)}"


def outcome_url(outcome: Outcome) -> str:
    """The address of the page that says what came of a campaign."""
    campaign = outcome.campaign
    path = reverse("campaigns:outcome", args=[campaign.organization.slug, campaign.slug])
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def feed_url(campaign: Campaign, language: str = "") -> str:
    """Where the news of a campaign is read by programs, without the site."""
    path = reverse("campaigns:feed", args=[campaign.organization.slug, campaign.slug])
    return f"{path}{_asking(campaign, language)}"


def written_in(campaign: Campaign) -> list[tuple[str, str]]:
    """Each language of a translated campaign with its address; nothing for one in a single language."""
    languages = campaign.languages
    return [(one, page_url(campaign, language=one)) for one in languages] if len(languages) > 1 else []


def _asking(campaign: Campaign, language: str, **values: str) -> str:
    # Of several languages each has an address, its own too: the bare one is read in the reader's.
    asked = language if language != campaign.language or len(campaign.languages) > 1 else ""
    query = urlencode({name: value for name, value in {**values, ASKS: asked}.items() if value})
    return f"?{query}" if query else ""


def picture_words(campaign: Campaign, language: str) -> dict[str, str]:
    """All that the picture of a campaign is made of, for people who read a language."""
    headline = campaign.words_in([language]).title
    organization = campaign.organization
    with override(headline.language):
        line = (
            _("This campaign is in test mode")
            if campaign.is_test
            else _("Sign and write to your representatives")
        )
        if campaign.opens_at is not None:
            day = localtime(campaign.opens_at, zone_or_utc(organization.time_zone))
            line = _("Opens on %(day)s") % {"day": date_format(day, "DATE_FORMAT")}
    return {
        "headline": headline,
        "organization": organization.name,
        "line": line,
        "accent": organization.accent,
    }


def outcome_picture_words(outcome: Outcome) -> dict[str, str]:
    """All that the picture of an outcome is made of."""
    campaign = outcome.campaign
    with override(campaign.language):
        line = f"{outcome.get_result_display()}, {date_format(outcome.on)}"
    return {
        **picture_words(campaign, campaign.language),
        "headline": outcome.title_in(campaign.language),
        "line": line,
    }


def outcome_picture_url(outcome: Outcome) -> str:
    """The picture's whole address; another one when its words change."""
    version = picture_version(outcome_picture_words(outcome))
    return f"{outcome_url(outcome)}picture.png?v={version}"


def picture_version(words: dict[str, str]) -> str:
    return hashlib.sha256("\0".join(words.values()).encode()).hexdigest()[:12]


def picture_url(campaign: Campaign, language: str) -> str:
    """The picture's whole address; another one when its words change, so that sites fetch it anew."""
    path = reverse("campaigns:share-picture", args=[campaign.organization.slug, campaign.slug])
    version = picture_version(picture_words(campaign, language))
    return f"{settings.SITE_URL.rstrip('/')}{path}{_asking(campaign, language, v=version)}"


def event_picture_words(event: Event) -> dict[str, str]:
    """All that the picture of an event is made of: its title, and its day on its own clock."""
    with override(event.language):
        begins = event.starts_at.astimezone(event.zone)
        line = f"{event.get_kind_display()} · {date_format(begins, 'DATE_FORMAT')}"
    organization = event.organization
    return {
        "headline": event.title,
        "organization": organization.name,
        "line": line,
        "accent": organization.accent,
    }


def event_picture_url(event: Event) -> str:
    """The picture's whole address; another one when its words change."""
    path = reverse("campaigns:event-picture", args=[event.organization.slug, event.slug])
    return f"{settings.SITE_URL.rstrip('/')}{path}?v={picture_version(event_picture_words(event))}"


@dataclass(frozen=True)
class ShareKit:
    """What readers may pass on of an issue in one language: a picture with the words that describe it, and a text."""

    language: str
    headline: str
    text: str
    picture_url: str
    alt: str


def issue_url(issue: Issue) -> str:
    """The whole address of an issue's page."""
    path = reverse("campaigns:public-issue", args=[issue.organization.slug, issue.slug])
    return settings.SITE_URL.rstrip("/") + path


def issue_picture_words(organization: Organization, headline: str, issue: Issue) -> dict[str, str]:
    """All that a picture of an issue is made of."""
    return {
        "headline": headline,
        "organization": organization.name,
        "line": issue_url(issue).partition("//")[2].rstrip("/"),
        "accent": organization.accent,
    }


def issue_picture_url(issue: Issue, language: str, headline: str) -> str:
    """The whole address of the picture in a language; another one when its words change."""
    organization = issue.organization
    path = reverse("campaigns:issue-picture", args=[organization.slug, issue.slug, language])
    version = picture_version(issue_picture_words(organization, headline, issue))
    return f"{settings.SITE_URL.rstrip('/')}{path}?v={version}"


def share_kit(issue: Issue, texts: Iterable[ShareText]) -> list[ShareKit]:
    """What there is to pass on of an issue, language by language."""
    return [
        ShareKit(
            language=one.language,
            headline=one.headline,
            text=f"{one.text} {issue_url(issue)}",
            picture_url=issue_picture_url(issue, one.language, one.headline),
            alt=f"{one.headline}. {issue.organization.name}",
        )
        for one in texts
    ]


def share_of(campaign: Campaign, source: str = "") -> Share:
    """How to pass a campaign on. `source` is the code the sharer came by, so that a partner keeps its credit."""
    title = campaign.words.title
    partner = partner_called(campaign, source) if source else None
    if partner is not None:
        url = partner_url(campaign, partner, title.language)
    else:
        url = page_url(campaign, source or SHARED, title.language)
    text = f"{title} {url}"
    soon = _(
        "Hello,\n\n“%(title)s” opens soon: one signs and writes to one’s representatives. Will you, too?\n\n%(url)s"
    )
    signed = _(
        "Hello,\n\nI have signed “%(title)s” and wrote to my representatives. It took a few minutes. Will you, too?\n\n"
        "%(url)s"
    )
    invitation = (soon if campaign.opens_at else signed) % {"title": title, "url": url}
    ways = [
        Way(_("Mail"), f"mailto:?{_query(subject=title, body=invitation)}"),
        Way("WhatsApp", f"https://wa.me/?{_query(text=text)}"),
        Way("Telegram", f"https://t.me/share/url?{_query(url=url, text=title)}"),
        # "?&": one kind of phone reads what follows the first sign, the other what follows the second.
        Way(_("Text message"), f"sms:?&{_query(body=text)}"),
    ]
    return Share(url, title, text, invitation, ways)


def _query(**values: str) -> str:
    # Spaces as %20: mail programs show a plus as a plus.
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in values.items())
