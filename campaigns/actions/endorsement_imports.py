"""Organisations that support a campaign, taken over from a table: all of it, or with a list of what can't be used."""

from dataclasses import dataclass, field

from django.db import transaction

from campaigns.actions.endorsements import Shown, edit_endorsement, enter_endorsement
from campaigns.endorsement_rows import EndorsementRow, Found
from campaigns.errors import EndorsedAlready
from campaigns.models import Campaign, Endorsement
from contacts.importers.difference import Difference
from contacts.importers.rows import BadRow
from contacts.models import User


@dataclass
class Imported:
    """What a file changed or would change, and all in it that can't be used."""

    difference: Difference = field(default_factory=Difference)
    same: int = 0
    bad: list[BadRow] = field(default_factory=list)


class _OnlyATrial(Exception):
    pass


def import_endorsements(
    *, campaign: Campaign, found: Found, actor: User, skip_bad: bool, is_trial: bool
) -> Imported:
    """Enter every row that does not stand yet, and change those that do where the file says otherwise.

    One bad row stops all of it unless bad rows are left out; a trial changes nothing and says what would be done.
    """
    imported = Imported(bad=list(found.bad))
    try:
        with transaction.atomic():
            Campaign.objects.select_for_update(of=("self",), no_key=True).get(pk=campaign.pk)
            standing = {(one.name_key, one.host): one for one in campaign.endorsements.standing()}
            for row in found.rows:
                try:
                    _take(campaign, row, standing.get(row.key), actor, imported)
                except EndorsedAlready as fact:
                    imported.bad.append(BadRow(row.where, str(fact.message)))
            if is_trial or (imported.bad and not skip_bad):
                raise _OnlyATrial
    except _OnlyATrial:
        pass
    return imported


def _take(
    campaign: Campaign, row: EndorsementRow, known: Endorsement | None, actor: User, imported: Imported
) -> None:
    if known is None:
        enter_endorsement(campaign=campaign, shown=_shown({"name": row.name, **row.values}), actor=actor)
        imported.difference.create(row.name)
        return
    values = {"name": row.name, **row.values}
    changed = [name for name, value in values.items() if getattr(known, name) != value]
    if not changed:
        imported.same += 1
        return
    before = {name: getattr(known, name) for name in ("name", "website", "place", "statement")}
    edit_endorsement(endorsement=known, shown=_shown({**before, **values}), actor=actor)
    imported.difference.update(f"{row.name}: {', '.join(changed)}")


def _shown(values: dict[str, str]) -> Shown:
    """The words of a row; a table has no logos."""
    website, place, statement = (values.get(name, "") for name in ("website", "place", "statement"))
    return Shown(values["name"], website, place, statement)
