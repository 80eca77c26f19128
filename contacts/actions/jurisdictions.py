import re
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from contacts.actions.organizations import record
from contacts.models import Division, Jurisdiction, Level, Organization, User

# The published form of an Open Civic Data id: types and ids in small letters (OCDEP 2).
_OCD = re.compile(r"ocd-division/country:[a-z]{2}(/[a-z_]+:[\w.~-]+)*")

_LONGEST_ID = 200


class JurisdictionRefused(Exception):
    """A government can't be added; `message` says why, `field` which value was wrong."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


@transaction.atomic
def add_jurisdiction(
    *, name: str, level: str, division: str, time_zone: str, organization: Organization, actor: User | None
) -> Jurisdiction:
    """Add a government that no import brought. Governments belong to nobody: everybody on the installation sees it.

    `division` is the Open Civic Data id of its place; an international body has none. Raises JurisdictionRefused.
    """
    if time_zone not in available_timezones():
        raise JurisdictionRefused(_("There is no time zone of this name."), "time_zone")
    ocd_id = division.strip()
    if level == Level.INTERNATIONAL and not ocd_id:
        # No registry gives ids to bodies of several countries.
        ocd_id = f"outspoken-division/international:{slugify(name, allow_unicode=True)}"
    elif not _OCD.fullmatch(ocd_id):
        raise JurisdictionRefused(
            _("Write an id such as ocd-division/country:us/state:vt/place:burlington."), "division"
        )
    kind, _slash, path = ocd_id.partition("/")
    ours = f"{kind.replace('division', 'jurisdiction')}/{path}/government"
    if len(ours) > _LONGEST_ID:
        raise JurisdictionRefused(_("This id is too long."), "division")
    if Jurisdiction.objects.filter(ocd_id=ours).exists():
        raise JurisdictionRefused(_("This jurisdiction is there already."), "division")
    place = Division.objects.filter(ocd_id=ocd_id).first()
    if place is None:
        country = path.removeprefix("country:")[:2] if path.startswith("country:") else ""
        parent = Division.objects.filter(ocd_id=ocd_id.rpartition("/")[0]).first()
        place = Division.objects.create(
            ocd_id=ocd_id, name=name, level=level, country=country, parent=parent, time_zone=time_zone
        )
    added = Jurisdiction.objects.create(
        ocd_id=ours, name=name, division=place, level=level, time_zone=time_zone
    )
    record(organization=organization, actor=actor, verb="add jurisdiction", obj=added)
    return added
