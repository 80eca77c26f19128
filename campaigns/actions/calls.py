from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.calls import offices_to_call
from campaigns.errors import ActionRefused
from campaigns.models import Call, CallOutcome, Pledge
from contacts.clock import now


@transaction.atomic
def log_call(*, pledge: Pledge, post_id: UUID, outcome: str) -> None:
    """Write down what a supporter says of their call to an office of theirs; the last word holds."""
    if outcome not in CallOutcome.values:
        raise ActionRefused(_("Choose one of the answers."))
    if post_id not in {office.post.pk for office in offices_to_call(pledge)}:
        raise ActionRefused(_("This office is not one of those you are asked to call."))
    Call.objects.update_or_create(pledge=pledge, post_id=post_id, defaults={"outcome": outcome, "at": now()})
