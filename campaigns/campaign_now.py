"""A campaign as its own pages show it: some seconds old where very many ask, each with a fresh object of their own."""

from uuid import UUID

from django.conf import settings
from django.core.cache import caches

from campaigns.models import Campaign


def campaign_now(pk: UUID) -> Campaign:
    """A campaign with its organisation and measure. What has to be exact is asked anew by whoever decides on it."""
    key = f"campaign:{pk.hex}"
    found: Campaign | None = caches["lookups"].get(key)
    if found is None:
        found = Campaign.objects.select_related("organization", "measure").get(pk=pk)
        caches["lookups"].set(key, found, settings.KEPT_SECONDS)
    return found
