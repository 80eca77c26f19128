"""Who stopped all sending, and how far it reaches, in words for one of the organisations that it touches."""

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.delivery import switch
from contacts.models import Organization, Role


def stopped_by(organization: Organization) -> str:
    """Who it was: by name in the organisations the person works for, as everywhere; elsewhere where to ask."""
    actor = switch.who_stopped()
    if actor is None:
        return _("whoever runs this installation")
    if Role.objects.filter(organization=organization, user=actor).exists():
        return str(actor)
    return _("somebody outside your organisation")


def whom_it_stops(organization: Organization) -> str:
    """That it stops everybody here, with how many, before it is pressed."""
    reach = switch.reach(organization)
    if reach.organizations == 1:
        text = ngettext(
            "It stops the whole installation: no other organisation sends from here, and %(n)s drive is under way.",
            "It stops the whole installation: no other organisation sends from here, and %(n)s drives are under way.",
            reach.drives,
        )
        return text % {"n": intcomma(reach.drives)}
    text = ngettext(
        "It stops the whole installation, not your organisation alone: %(all)s organisations with %(n)s drive under "
        "way. Of your own: %(ours)s.",
        "It stops the whole installation, not your organisation alone: %(all)s organisations with %(n)s drives under "
        "way. Of your own: %(ours)s.",
        reach.drives,
    )
    return text % {
        "all": intcomma(reach.organizations),
        "n": intcomma(reach.drives),
        "ours": intcomma(reach.ours),
    }
