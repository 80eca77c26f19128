"""Partnerships that run out: owners of both sides hear of it a week before, and once it is over."""

from datetime import date, timedelta

from campaigns.delivery.owed import owe_partner_news
from campaigns.models import MailKind, Partnership
from contacts.clock import day_in, now

BEFORE = timedelta(days=7)
# A part that ran out longer ago, when nothing ran here, is no news any more.
AFTER = timedelta(days=7)
# Which news of a partnership such a mail has: it is owed once for each.
SOON, OVER = "soon", "over"
_A_DAY = timedelta(days=1)


def tell_of_last_days() -> int:
    """Owe both sides of each partnership that runs out, or has, the news of it; gives how many partnerships."""
    at = now()
    found = 0
    # Around the world it is another day by one.
    days = at.date() - AFTER - _A_DAY, at.date() + BEFORE + _A_DAY
    ending = Partnership.objects.filter(left_at__isnull=True, until__range=days)
    for one in ending.select_related("campaign__organization", "organization"):
        if which := _news_of(one, day_in(one.campaign.organization.time_zone, at)):
            found += 1
            for side in (one.campaign.organization, one.organization):
                owe_partner_news(side, one, MailKind.PARTNER_LEFT, at, which)
    return found


def _news_of(one: Partnership, on: date) -> str:
    """Which news there is of a partnership on a day of its lead; empty for none."""
    if one.until is None or one.until < on - AFTER:
        return ""
    if one.until < on:
        return OVER
    # Whoever signed for a few days alone knows when they end.
    joined = day_in(one.campaign.organization.time_zone, one.joined_at)
    is_near = one.until - on <= BEFORE
    return SOON if is_near and one.until - joined > BEFORE else ""
