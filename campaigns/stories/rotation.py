"""A new key of the installation: every story's key is wrapped with it, and older ones can be put away."""

from uuid import UUID

from django.db import transaction

from campaigns.models import StoryKey
from campaigns.stories import vault


def wrap_anew() -> tuple[int, list[UUID]]:
    """Wrap the keys of all stories with the first of STORY_KEYS; gives how many, and the stories no key here opens."""
    done, lost = 0, []
    for pk in StoryKey.objects.exclude(wrapped_by=vault.current_name()).values_list("pk", flat=True):
        try:
            done += _wrap_one(pk)
        except vault.Unreadable:
            lost.append(pk)
    return done, lost


@transaction.atomic
def _wrap_one(pk: UUID) -> bool:
    row = StoryKey.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if row is None:  # its story was taken back meanwhile
        return False
    key = vault.unwrap(bytes(row.wrapped), row.wrapped_by, pk)
    row.wrapped, row.wrapped_by = vault.wrap(key, pk)
    row.save(update_fields=["wrapped", "wrapped_by"])
    return True
