"""A campaign as its own pages show it: some seconds old where very many ask, each with a fresh object of their own."""

from copy import copy
from uuid import UUID

from campaigns.models import Campaign
from contacts.lookups import looked_up


def campaign_now(pk: UUID) -> Campaign:
    """A campaign with its organisation and measure. What has to be exact is asked anew by whoever decides on it."""
    rows = Campaign.objects.select_related("organization", "measure")
    return copy(looked_up(("campaign", pk), lambda: rows.get(pk=pk)))
