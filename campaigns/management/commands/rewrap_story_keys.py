"""After STORY_KEYS got a new first key: wrap every story's key with it, so that the older ones can be put away."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaigns.stories import vault
from campaigns.stories.rotation import wrap_anew


class Command(BaseCommand):
    help = "Wrap the keys of all stories with the first of STORY_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        if not vault.is_ready():
            raise CommandError("STORY_KEYS is not set.")
        done, lost = wrap_anew()
        self.stdout.write(f"{done} keys were wrapped anew.")
        if lost:
            named = ", ".join(map(str, lost[:20]))
            raise CommandError(f"{len(lost)} stories can't be opened with any of STORY_KEYS: {named}")
