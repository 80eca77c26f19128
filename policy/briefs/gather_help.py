"""Rows → the helplines, groups and services that a brief names. Reads only."""

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from contacts.models import Organization
from policy.briefs.facts import HelpFact
from policy.briefs.sections import Help
from policy.help import shown_resources
from policy.languages import in_words
from policy.models import Resource, ResourceKind
from policy.opening import hours_in_words

# How much of a description fits into the box of a brief, in characters.
_HELP_TEXT = 240


def help_facts(organization: Organization) -> tuple[HelpFact, ...]:
    """What may be shown today: emergencies first, then helplines, groups and services."""
    order = list(ResourceKind.values)
    resources = sorted(
        shown_resources(organization), key=lambda row: (not row.is_emergency, order.index(row.kind), row.name)
    )
    return tuple(
        HelpFact(
            Help(
                name=row.name,
                description=Truncator(row.description).chars(_HELP_TEXT),
                phone=row.phone or _texting(row),
                website=row.website or row.chat,
                hours=_hours(row),
                languages=in_words(row.languages),
                verified_on=row.verified_on,
            ),
            division=str(row.division_id or ""),
        )
        for row in resources
    )


def _texting(resource: Resource) -> str:
    """How somebody without a phone line is reached: by text message, or at their address."""
    if not resource.text_number:
        return resource.address
    told = {"words": resource.text_words, "number": resource.text_number}
    return _("Text %(words)s to %(number)s") % told if resource.text_words else _("Text %(number)s") % told


def _hours(resource: Resource) -> str:
    hours = _("Day and night") if resource.is_always_open else hours_in_words(resource.spans)
    return ". ".join(part.rstrip(".") for part in (hours, resource.hours) if part)
