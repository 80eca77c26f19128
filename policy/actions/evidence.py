from django.db import transaction
from django.utils.text import slugify

from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import User
from policy.models import Evidence, EvidenceVersion

_LONGEST = 40


@transaction.atomic
def save_evidence(*, evidence: Evidence, actor: User | None) -> Evidence:
    """Store a claim with its figure and source; the database refuses one without a source.

    What a changed claim said before is kept as a version of it.
    """
    if evidence._state.adding:
        evidence.position = evidence.issue.evidence.count()
        evidence.key = _free_key(evidence)
    else:
        _keep(Evidence.objects.select_for_update(no_key=True).get(pk=evidence.pk), evidence, actor)
    evidence.save_original()
    record(organization=evidence.organization, actor=actor, verb="save evidence", obj=evidence)
    return evidence


def _keep(before: Evidence, after: Evidence, actor: User | None) -> None:
    """Write down what a claim said, if it says something else now."""
    content = {name: getattr(before, name) for name in Evidence.CONTENT}
    if any(getattr(after, name) != value for name, value in content.items()):
        EvidenceVersion.objects.create(evidence=before, replaced_at=now(), replaced_by=actor, **content)


def _free_key(evidence: Evidence) -> str:
    """The name given, or one made of the claim, that no other claim of the organisation has."""
    words = slugify(evidence.key or evidence.claim)[:_LONGEST].strip("-") or "evidence"
    taken = set(
        Evidence.objects.filter(organization=evidence.organization, key__startswith=words).values_list(
            "key", flat=True
        )
    )
    return next(
        key for n in range(1, len(taken) + 2) if (key := words if n == 1 else f"{words}-{n}") not in taken
    )
