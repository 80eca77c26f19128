"""Whether stories can be told here, for pages that lead to it."""

from django import template

from campaigns.stories import vault

register = template.Library()


@register.simple_tag
def stories_open() -> bool:
    """Whether this installation has a key to keep stories with."""
    return vault.is_ready()
