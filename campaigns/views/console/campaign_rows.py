"""Campaigns as lists show them: state, people, and the trend of the last days as a small line with its words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import Campaign
from campaigns.reports import people_of, signed_by_day_of
from campaigns.views.console.words import CAMPAIGN_TONES
from policy.charts.trend import trend_line
from policy.words import labelled, short_day

DAYS = 30
WEEK = 7


@dataclass(frozen=True)
class CampaignRow:
    campaign: Campaign
    tone: str
    people: int
    # Both empty for a campaign that never opened.
    trend: str
    trend_words: str


def rows_of(campaigns: Sequence[Campaign], at: datetime) -> list[CampaignRow]:
    """The rows of a list, in two queries however many there are; days are those of the time zone in force."""
    spans = {one.pk: span for one in campaigns if (span := _span(one, at)) is not None}
    people = people_of(campaigns)
    signed = signed_by_day_of(spans, since=min((first for first, _last in spans.values()), default=None))
    rows = []
    for one in campaigns:
        trend = words = ""
        if one.pk in spans:
            first, last = spans[one.pk]
            found = dict(signed.get(one.pk, []))
            days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
            counts = [found.get(day, 0) for day in days]
            words = _words(counts, is_over=one.is_over)
            # A day that has just begun would look like the end of everything.
            whole = len(days) if one.is_over else max(len(days) - 1, 1)
            described = _described(days[:whole], counts[:whole])
            trend = trend_line(title=words, values=counts[:whole], description=described)
        rows.append(CampaignRow(one, CAMPAIGN_TONES[one.state], people.get(one.pk, 0), trend, words))
    return rows


def _span(campaign: Campaign, at: datetime) -> tuple[date, date] | None:
    """The first and last day that are counted: thirty days with today, or until it closed; none before it opened."""
    if campaign.opened_at is None:
        return None
    ended = campaign.closed_at if campaign.is_over and campaign.closed_at else at
    last = timezone.localtime(ended).date()
    opened = timezone.localtime(campaign.opened_at).date()
    return min(max(last - timedelta(days=DAYS - 1), opened), last), last


def _words(counts: Sequence[int], *, is_over: bool) -> str:
    week, before = sum(counts[-WEEK:]), sum(counts[-2 * WEEK : -WEEK])
    if is_over:
        text = ngettext("%(n)s person in its last 7 days", "%(n)s people in its last 7 days", week)
    else:
        text = ngettext("%(n)s person in the last 7 days", "%(n)s people in the last 7 days", week)
    said = text % {"n": intcomma(week)}
    if len(counts) < 2 * WEEK:  # there was no whole week to compare with
        return said
    return _("%(people)s, %(before)s the week before") % {"people": said, "before": intcomma(before)}


def _described(days: Sequence[date], counts: Sequence[int]) -> str:
    """Days on which somebody confirmed; a row of zeros would be read out day by day."""
    return "; ".join(labelled(short_day(day), intcomma(n)) for day, n in zip(days, counts, strict=True) if n)
