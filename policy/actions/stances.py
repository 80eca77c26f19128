from django.db import IntegrityError, transaction

from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import Chamber, User
from policy.errors import CorrectedAlready
from policy.models import Majority, Measure, Stance, VoteRule


@transaction.atomic
def record_stance(*, stance: Stance, actor: User | None) -> Stance:
    """Write down where a legislator stands; earlier words stay below it."""
    stance.recorded_at = now()
    stance.recorded_by = actor
    stance.save(force_insert=True)
    record(
        organization=stance.organization, actor=actor, verb="record stance", obj=stance, level=stance.level
    )
    return stance


@transaction.atomic
def correct_stance(*, wrong: Stance, stance: Stance, actor: User | None) -> Stance:
    """Put another row in the place of one that was wrong, which stays readable.

    A `stance` without a level takes the wrong one back. Raises CorrectedAlready when somebody was faster.
    """
    stance.organization, stance.legislator = wrong.organization, wrong.legislator
    stance.measure, stance.corrects = wrong.measure, wrong
    try:
        with transaction.atomic():
            return record_stance(stance=stance, actor=actor)
    except IntegrityError:
        raise CorrectedAlready from None


@transaction.atomic
def set_majority(*, measure: Measure, chamber: Chamber, majority: str, actor: User | None) -> None:
    """How many votes a measure needs in a chamber, from now on."""
    VoteRule.objects.update_or_create(
        measure=measure, chamber=chamber, defaults={"majority": Majority(majority)}
    )
    record(
        organization=measure.organization, actor=actor, verb="set majority", obj=measure, majority=majority
    )
