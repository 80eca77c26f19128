from django.db import transaction
from django.utils.translation import gettext_lazy as _

from contacts.actions.organizations import give_role, record
from contacts.clock import now
from contacts.models import ApiToken, Organization, Role, RoleName, User


class LastOwner(Exception):
    """An organisation keeps at least one owner."""

    message = _("An organisation needs an owner. Make somebody else owner first.")


@transaction.atomic
def add_member(
    *, organization: Organization, email: str, name: str, role: str, actor: User
) -> tuple[User, bool]:
    """Give a person a role; somebody new gets an account without a password. Gives whether it is new."""
    user = User.objects.filter(email__iexact=email).first()
    is_new = user is None
    if user is None:
        user = User.objects.create_user(email, name=name)
    give_role(organization=organization, user=user, role=role, actor=actor)
    return user, is_new


@transaction.atomic
def take_role(*, role: Role, actor: User) -> None:
    """Take a role from a person. Raises LastOwner for the only owner there is."""
    owners = Role.objects.select_for_update(no_key=True).filter(
        organization=role.organization, name=RoleName.OWNER
    )
    # Read, not counted: a count locks nothing.
    if role.name == RoleName.OWNER and len(list(owners.order_by("pk"))) == 1:
        raise LastOwner
    record(organization=role.organization, actor=actor, verb="take role", obj=role.user, role=role.name)
    role.delete()


@transaction.atomic
def make_token(*, organization: Organization, name: str, actor: User) -> tuple[ApiToken, str]:
    """A new API token and its secret, which is shown this once and kept as a hash only."""
    secret = ApiToken.new_secret()
    token = ApiToken.objects.create(
        organization=organization,
        name=name,
        token_hash=ApiToken.hash_of(secret),
        created_by=actor,
        created_at=now(),
    )
    record(organization=organization, actor=actor, verb="make API token", obj=token)
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, actor: User) -> None:
    """The token opens nothing any more; its row stays for the record."""
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now())
    record(organization=token.organization, actor=actor, verb="revoke API token", obj=token)
