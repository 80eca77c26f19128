from django import template
from django.utils.translation import gettext as _

register = template.Library()

# What a browser's line of words holds -> its name; the first that fits, since most of them name others as well.
_BROWSERS = [
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]
_SYSTEMS = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
]


@register.filter
def browser(user_agent: str) -> str:
    """The browser and system behind a User-Agent header, as far as it says."""
    name = next((name for sign, name in _BROWSERS if sign in user_agent), _("A program"))
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return f"{name}, {system}" if system else name
