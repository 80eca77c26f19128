"""Help on pages: what an organisation shows at this moment, and links that call and text."""

from django import template

from contacts.models import Division, Organization
from policy import numbers
from policy.help import Entry, Wanted, find_help, shown_resources
from policy.models import Resource

register = template.Library()
BESIDE = 3


@register.filter
def tel(number: str) -> str:
    """`tel:` and the digits; empty where it is no single number."""
    return numbers.tel_link(number)


@register.filter
def sms(resource: Resource) -> str:
    """`sms:` and the number with the words to text; empty where it is no single number."""
    return numbers.sms_link(resource.text_number, resource.text_words)


@register.simple_tag
def help_beside(organization: Organization, place: Division | None = None) -> list[Entry]:
    """The few resources that stand beside something else, of a place if given: emergencies first, then what is open."""
    wanted = Wanted(places=frozenset([place.pk]) if place else frozenset())
    found = find_help(shown_resources(organization), wanted)
    return [*found.emergencies, *found.entries][:BESIDE]
