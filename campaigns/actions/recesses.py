"""The calendar an organisation keeps of a chamber's recesses."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.errors import ActionRefused
from campaigns.models import Drive, Letter, LetterState
from contacts.actions.organizations import record
from contacts.importers.recess_ical import RecessRow
from contacts.models import Chamber, Organization, Recess, User


@dataclass(frozen=True)
class Imported:
    """What an import did to the calendar."""

    added: int
    changed: int
    known: int


@transaction.atomic
def add_recess(*, recess: Recess, actor: User | None) -> Recess:
    """Write down days on which a chamber does not work; the same days with the same name are refused."""
    try:
        with transaction.atomic():
            recess.save(force_insert=True)
    except IntegrityError:
        raise ActionRefused(_("These days are in the calendar already.")) from None
    record(organization=recess.organization, actor=actor, verb="add recess", obj=recess)
    _plan_anew(recess.organization)
    return recess


@transaction.atomic
def remove_recess(*, recess: Recess, actor: User | None) -> None:
    """Take days out of the calendar; letters may leave on them again."""
    record(organization=recess.organization, actor=actor, verb="remove recess", obj=recess)
    recess.delete()
    _plan_anew(recess.organization)


@transaction.atomic
def import_recesses(
    *, organization: Organization, chamber: Chamber, rows: list[RecessRow], source: str, actor: User | None
) -> Imported:
    """Take over a calendar's entries: one that was moved is moved here too, one that is here already stays."""
    added = changed = known = 0
    kept = Recess.objects.filter(organization=organization, chamber=chamber)
    by_uid = {recess.uid: recess for recess in kept if recess.uid}
    days = {(recess.starts_on, recess.ends_on, recess.name) for recess in kept}
    for row in rows:
        recess = by_uid.get(row.uid) if row.uid else None
        wanted = (row.starts_on, row.ends_on, row.name)
        if wanted in days:
            known += 1
            continue
        if recess:
            days.discard((recess.starts_on, recess.ends_on, recess.name))
            changed += 1
        else:
            recess = Recess(organization=organization, chamber=chamber, uid=row.uid)
            added += 1
        recess.starts_on, recess.ends_on, recess.name = wanted
        recess.source = source[:200]
        recess.save()
        days.add(wanted)
        if row.uid:
            by_uid[row.uid] = recess
    record(
        organization=organization,
        actor=actor,
        verb="import recesses",
        obj=chamber,
        added=added,
        changed=changed,
        known=known,
    )
    if added or changed:
        _plan_anew(organization)
    return Imported(added, changed, known)


def _plan_anew(organization: Organization) -> None:
    """Letters of drives that heed recesses get new moments with the next tick."""
    heeding = Drive.objects.filter(
        campaign__organization=organization, skips_recess=True, state__in=Drive.TAKES_LETTERS
    )
    Letter.objects.filter(drive__in=heeding, state=LetterState.READY).update(send_after=None)
