from django.db import IntegrityError, transaction

from campaigns.actions.partner_consents import never_again
from contacts.actions.organizations import record
from contacts.addresses import address_hash
from contacts.clock import now
from contacts.models import Organization, Supporter, Suppression, Tag, Tagging, User


@transaction.atomic
def never_write_again(*, canonical: str) -> None:
    """No mail from this installation to an address any more. Only its keyed hash is kept; asking twice is fine."""
    hashed = address_hash(canonical)
    at = now()
    if not Suppression.objects.filter(address_hash=hashed, organization__isnull=True).exists():
        Suppression.objects.create(address_hash=hashed, reason="asked never to be written to", created_at=at)
    never_again(canonical, at)


def no_more_unasked(*, organization: Organization, canonical: str) -> None:
    """No more news and questions from an organisation to an address; what its owner does here is still confirmed.

    Asking twice is fine. It holds until they agree to its news again.
    """
    stop, is_new = Suppression.objects.get_or_create(
        organization=organization,
        address_hash=address_hash(canonical),
        defaults={"reason": "wants no more mails of this kind", "created_at": now()},
    )
    if not is_new:
        stop.created_at = now()
        stop.save(update_fields=["created_at"])


def tag_of(*, organization: Organization, name: str, actor: User | None) -> Tag:
    """The organisation's tag of that name, whatever its capitals; a new one when there is none."""
    found = Tag.objects.filter(organization=organization, name__iexact=name).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            tag = Tag.objects.create(organization=organization, name=name, created_at=now())
            record(organization=organization, actor=actor, verb="add tag", obj=tag)
            return tag
    except IntegrityError:  # somebody else was first at this moment
        return Tag.objects.get(organization=organization, name__iexact=name)


@transaction.atomic
def tag_supporter(*, supporter: Supporter, name: str, actor: User) -> None:
    """Put one person under a tag; twice is fine."""
    tag = tag_of(organization=supporter.organization, name=name, actor=actor)
    _tagging, is_new = Tagging.objects.get_or_create(supporter=supporter, tag=tag, defaults={"at": now()})
    if is_new:
        record(
            organization=supporter.organization,
            actor=actor,
            verb="tag supporter",
            obj=supporter,
            tag=str(tag.pk),
        )


@transaction.atomic
def untag_supporter(*, supporter: Supporter, tag: Tag, actor: User) -> None:
    """Take a tag off one person; off somebody without it is fine."""
    if Tagging.objects.filter(supporter=supporter, tag=tag).delete()[0]:
        record(
            organization=supporter.organization,
            actor=actor,
            verb="untag supporter",
            obj=supporter,
            tag=str(tag.pk),
        )


@transaction.atomic
def delete_tag(*, tag: Tag, actor: User) -> None:
    """Take a tag off everybody and forget it."""
    record(
        organization=tag.organization, actor=actor, verb="delete tag", obj=tag, people=tag.taggings.count()
    )
    tag.delete()
