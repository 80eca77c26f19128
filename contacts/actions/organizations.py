from typing import Any

from django.db import models, transaction
from django.utils.text import slugify

from contacts.clock import now
from contacts.models import AuditEntry, Organization, Role, RoleName, User


def record(
    *, organization: Organization, actor: User | None, verb: str, obj: models.Model, **detail: Any
) -> None:
    """Write down who did what. `detail` holds ids and counts, never personal data."""
    AuditEntry.objects.create(
        organization=organization,
        actor=actor,
        verb=verb,
        object_kind=obj._meta.model_name or "",
        object_id=str(obj.pk),
        detail=detail,
        at=now(),
    )


@transaction.atomic
def create_organization(
    *, name: str, owner_email: str, owner_name: str = "", **fields: Any
) -> tuple[Organization, User]:
    """Start an organisation with its owner; an existing account keeps its password, a new one has none yet."""
    slug = fields.pop("slug", "") or free_slug(name)
    domain = fields.pop("mail_domain", "") or owner_email.rpartition("@")[2].lower()
    fields.setdefault("email", owner_email)
    organization = Organization(name=name, slug=slug, mail_domain=domain, created_at=now(), **fields)
    organization.full_clean(exclude=["created_at"])
    organization.save(force_insert=True)
    owner = User.objects.filter(email__iexact=owner_email).first()
    if owner is None:
        owner = User.objects.create_user(owner_email, name=owner_name)
    give_role(organization=organization, user=owner, role=RoleName.OWNER, actor=None)
    return organization, owner


@transaction.atomic
def update_organization(*, organization: Organization, actor: User, **fields: Any) -> Organization:
    """Change what an organisation says of itself and how it works."""
    for name, value in fields.items():
        setattr(organization, name, value)
    organization.save(update_fields=list(fields))
    record(
        organization=organization,
        actor=actor,
        verb="edit organisation",
        obj=organization,
        fields=sorted(fields),
    )
    return organization


def free_slug(name: str) -> str:
    """A page address for a name that no organisation has yet."""
    stem = slugify(name)[:50] or "organisation"
    taken = set(Organization.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(
        slug for n in range(1, len(taken) + 2) if (slug := stem if n == 1 else f"{stem}-{n}") not in taken
    )


@transaction.atomic
def give_role(*, organization: Organization, user: User, role: str, actor: User | None) -> Role:
    """Let a person act in an organisation; giving a role twice changes nothing."""
    given, is_new = Role.objects.get_or_create(
        organization=organization, user=user, name=role, defaults={"created_at": now()}
    )
    if is_new:
        record(organization=organization, actor=actor, verb="give role", obj=user, role=role)
    return given
