"""What people enter of themselves, as it is kept: words of one line, names, postal codes, titles."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from contacts.matching import normal_code

_ADDRESS_IN_NAME = re.compile(r"://|www\.|@|\w\.(com|net|org|info|ru|xyz|top)\b", re.IGNORECASE)
# Persian and several Indian languages spell names with these two; other invisible characters are refused.
_JOINERS = {"\N{ZERO WIDTH NON-JOINER}", "\N{ZERO WIDTH JOINER}"}
# What congressional forms accept (CWC), and none.
TITLES = [
    ("", _("No title")),
    ("Ms.", _("Ms.")),
    ("Mr.", _("Mr.")),
    ("Mrs.", _("Mrs.")),
    ("Miss", _("Miss")),
    ("Dr.", _("Dr.")),
]


def clean_words(text: str, most: int) -> str:
    """One line of text as a letter or mail may carry it. Raises ValidationError."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and c not in _JOINERS for c in text):
        raise ValidationError(_("Please write letters only; there is an invisible character in it."))
    if len(text) > most:  # composing characters can make a text longer
        raise ValidationError(_("Please shorten it: at most %(most)s characters.") % {"most": most})
    return text


def clean_name(name: str) -> str:
    """A name as a mail may carry it. Raises ValidationError."""
    name = clean_words(name, 80)
    if _ADDRESS_IN_NAME.search(name):
        raise ValidationError(_("Please write a name, not an address."))
    if not any(c.isalpha() for c in name):
        raise ValidationError(_("Please write your name with letters."))
    return name


def full_name(name: str, *, both: bool) -> str:
    """A name; where an office demands first and last, `both`. Raises ValidationError."""
    name = clean_name(name)
    if both and len(name.split()) < 2:
        raise ValidationError(_("Please write first and last name: the office asks for both."))
    return name


def clean_postal_code(country: str, code: str) -> str:
    """A postal code as it is looked up. Raises ValidationError."""
    code = normal_code(country, code)
    if not re.fullmatch(r"[0-9A-Z]{2,10}", code):
        raise ValidationError(_("This is not a postal code."))
    return code
