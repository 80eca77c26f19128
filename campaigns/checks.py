"""What `manage.py check` says of settings that only show when a letter leaves."""

from typing import Any

from django.core import checks

from campaigns.delivery.dkim import bad_keys


def keys_can_be_read(**_options: Any) -> list[checks.CheckMessage]:
    """An error for each DKIM key that can't be used."""
    return [checks.Error(wrong, id="campaigns.E001") for wrong in bad_keys()]
