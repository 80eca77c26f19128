from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaigns import tasks
from campaigns.actions.drives import resume_drive
from campaigns.delivery import domains
from campaigns.errors import ActionRefused
from campaigns.models import Breaker, BreakerKind, Drive, DriveState
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import Organization, User

_NOTHING = _("Nothing is stopped there, or a letter is being tried already.")


@transaction.atomic
def let_domain_go_on(
    *, domain: str, actor: User | None, organization: Organization | None = None
) -> list[Drive]:
    """Let one letter go to a mail domain that refused us, and the rest when it is taken; gives the drives resumed.

    Resumes what it had paused: of the organisation, or everyone's when an operator asks. Raises ActionRefused when
    there is nothing to let go on, or nothing of the organisation's.
    """
    if (
        organization is not None
        and not Breaker.objects.domains_for(organization).filter(name=domain).exists()
    ):
        raise ActionRefused(_NOTHING)
    is_tried = domains.let_try(domain, now())
    paused = Drive.objects.filter(state=DriveState.PAUSED, paused_by__name=domain)
    if organization is not None:
        paused = paused.filter(campaign__organization=organization)
    resumed = list(paused.select_related("campaign__organization").order_by("pk"))
    if not is_tried and not resumed:
        raise ActionRefused(_NOTHING)
    for drive in resumed:
        resume_drive(drive=drive, actor=actor)
    if organization is not None:
        breaker = Breaker.objects.get(kind=BreakerKind.DOMAIN, name=domain)
        record(organization=organization, actor=actor, verb="resume domain", obj=breaker, domain=domain)
    tasks.tick.delay_on_commit()
    return resumed
