"""Organisations that support a campaign, taken over from a table: all of it, or with a list of what can't be used."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions.endorsements import Shown, edit_endorsement, enter_endorsement, fingerprint
from campaigns.endorsement_rows import EndorsementRow, Found
from campaigns.errors import ActionRefused
from campaigns.models import Campaign, Endorsement, EndorsementState
from campaigns.models.endorsement import may_be_one
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

    A table decides nothing: a row of one that waits, was declined or taken back is a bad one.
    One bad row stops all of it unless bad rows are left out; a trial changes nothing and says what would be done.
    """
    imported = Imported(bad=list(found.bad))
    try:
        with transaction.atomic():
            Campaign.objects.select_for_update(of=("self",), no_key=True).get(pk=campaign.pk)
            named: dict[str, list[Endorsement]] = defaultdict(list)
            # What nobody confirmed is nobody's word yet.
            for one in campaign.endorsements.exclude(state=EndorsementState.ASKED).defer("logo"):
                named[one.name_key].append(one)
            for row in found.rows:
                try:
                    _take(campaign, row, _known(row, named[row.name_key]), actor, imported)
                except ActionRefused as fact:
                    imported.bad.append(BadRow(row.where, str(fact.message)))
            if is_trial or (imported.bad and not skip_bad):
                raise _OnlyATrial
    except _OnlyATrial:
        pass
    return imported


def _known(row: EndorsementRow, named: list[Endorsement]) -> Endorsement | None:
    """The one of its name that a row is about; None for a new one. Raises ActionRefused where a person has to say."""
    alike = [one for one in named if may_be_one(one.host, row.host)]
    standing = [one for one in alike if one.is_shown]
    if "website" in row.values:
        standing = [one for one in standing if one.host == row.host] or standing
    if len(standing) > 1:
        raise ActionRefused(_("Several of this name stand already: give the website of one of them."))
    if alike and not standing:
        state = alike[-1].get_state_display()
        raise ActionRefused(
            _("It is here as “%(state)s”, and a table does not change that.") % {"state": state}
        )
    return standing[0] if standing else None


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
    edit_endorsement(
        endorsement=known, shown=_shown({**before, **values}), actor=actor, seen=fingerprint(known)
    )
    for name, value in values.items():
        setattr(known, name, value)
    known.set_keys()
    imported.difference.update(f"{row.name}: {', '.join(changed)}")


def _shown(values: dict[str, str]) -> Shown:
    """The words of a row; a table has no logos."""
    website, place, statement = (values.get(name, "") for name in ("website", "place", "statement"))
    return Shown(values["name"], website, place, statement)
