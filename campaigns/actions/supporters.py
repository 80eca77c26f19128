from django.db import transaction

from contacts.addresses import address_hash
from contacts.clock import now
from contacts.models import Suppression


@transaction.atomic
def never_write_again(*, canonical: str) -> None:
    """No mail from this installation to an address any more. Only its keyed hash is kept; asking twice is fine."""
    hashed = address_hash(canonical)
    if not Suppression.objects.filter(address_hash=hashed, organization__isnull=True).exists():
        Suppression.objects.create(
            address_hash=hashed, reason="asked never to be written to", created_at=now()
        )
