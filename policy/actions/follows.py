from django.db import transaction

from contacts.clock import now
from contacts.models import Organization, User
from policy.models import DigestWish, Follow, Measure, Rhythm


@transaction.atomic
def follow(*, measure: Measure, user: User) -> None:
    """From now on somebody gets what changes of a measure in their digest. Asked twice, it is so once."""
    Follow.objects.get_or_create(measure=measure, user=user, defaults={"created_at": now()})


@transaction.atomic
def unfollow(*, measure: Measure, user: User) -> None:
    Follow.objects.filter(measure=measure, user=user).delete()


@transaction.atomic
def set_rhythm(*, organization: Organization, user: User, rhythm: str) -> None:
    """How often somebody gets an organisation's digest, or that they never do."""
    DigestWish.objects.update_or_create(
        organization=organization, user=user, defaults={"rhythm": Rhythm(rhythm)}
    )
