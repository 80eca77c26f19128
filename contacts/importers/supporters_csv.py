"""Lists of people that an organisation brings along: columns by their headings, rows checked one by one.

Pure: cells in, people or a sentence about what is wrong with them out.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from contacts.addresses import BadAddress, canonical_email
from contacts.importers.values import BadValue
from contacts.matching import normal_code

# What a column may hold: field -> label.
FIELDS: dict[str, object] = {
    "name": gettext_lazy("Name"),
    "given_name": gettext_lazy("First name"),
    "family_name": gettext_lazy("Last name"),
    "email": gettext_lazy("Mail address"),
    "prefix": pgettext_lazy("before a person's name", "Title"),
    "phone": gettext_lazy("Phone"),
    "street": gettext_lazy("Street and number"),
    "city": gettext_lazy("Town or city"),
    "region": gettext_lazy("State or region"),
    "postal_code": gettext_lazy("Postal code"),
    "country": gettext_lazy("Country (two letters)"),
    "language": gettext_lazy("Language (two letters)"),
    "tags": gettext_lazy("Tags, with commas between them"),
    "agreed": gettext_lazy("Agreed (yes or no)"),
}
# Headings as other programs write them, without signs and capitals.
_HEADINGS: dict[str, str] = {
    "name": "name", "fullname": "name", "nombre": "name", "nom": "name", "displayname": "name",
    "firstname": "given_name", "givenname": "given_name", "first": "given_name", "prenom": "given_name",
    "lastname": "family_name", "familyname": "family_name", "surname": "family_name", "last": "family_name",
    "apellido": "family_name", "apellidos": "family_name",
    "email": "email", "emailaddress": "email", "mail": "email", "mailaddress": "email", "correo": "email",
    "correoelectronico": "email", "courriel": "email", "adressemail": "email", "emailprimary": "email",
    "title": "prefix", "prefix": "prefix", "honorificprefix": "prefix",
    "phone": "phone", "telephone": "phone", "mobile": "phone", "phonenumber": "phone", "telefono": "phone",
    "street": "street", "address": "street", "address1": "street", "addressline1": "street",
    "streetaddress": "street", "streetandnumber": "street", "direccion": "street", "adresse": "street",
    "city": "city", "town": "city", "locality": "city", "townorcity": "city", "ciudad": "city", "ville": "city",
    "state": "region", "region": "region", "province": "region", "stateorregion": "region", "estado": "region",
    "zip": "postal_code", "zipcode": "postal_code", "postcode": "postal_code", "postalcode": "postal_code",
    "codigopostal": "postal_code", "codepostal": "postal_code", "zippostalcode": "postal_code",
    "country": "country", "countrycode": "country", "pais": "country", "pays": "country",
    "language": "language", "lang": "language", "locale": "language", "idioma": "language", "langue": "language",
    "tags": "tags", "tag": "tags", "etiquetas": "tags",
    "agreed": "agreed", "optin": "agreed", "consent": "agreed", "subscribed": "agreed", "newsletter": "agreed",
}  # fmt: skip
_MOST: dict[str, int] = {
    "prefix": 20, "phone": 30, "street": 160, "city": 80, "region": 40, "postal_code": 12,
}  # fmt: skip
MOST_TAGS = 10
_ADDRESS_IN_NAME = re.compile(r"://|www\.|@", re.IGNORECASE)
_CODE = re.compile(r"[0-9A-Z]{2,10}")
_YES = {"yes", "y", "true", "1", "x", "si", "sí", "oui", "ja", "subscribed"}
_NO = {"", "no", "n", "false", "0", "non", "nein", "unsubscribed"}
_JOINERS = {"\N{ZERO WIDTH NON-JOINER}", "\N{ZERO WIDTH JOINER}"}
# The columns of a supporter that a row may fill, in the order of `Person.values`; the last two may be meant unsaid.
COLUMNS = (
    "name",
    "email",
    "prefix",
    "phone",
    "street",
    "city",
    "region",
    "postal_code",
    "country",
    "language",
)
_LANGUAGES = {code for code, _name in settings.LANGUAGES}


@dataclass(slots=True)
class Person:
    """Somebody in a list: their place in it, the mailbox they are known by, and the values of COLUMNS.

    What the list does not say is empty.
    """

    row: int
    canonical: str
    values: list[str]
    tags: list[str] = field(default_factory=list)
    agreed: bool = True


@dataclass(frozen=True)
class Plan:
    """How the cells of a list are read: the field of each column (empty: not used), and what is meant unsaid."""

    columns: tuple[str, ...]
    country: str
    language: str

    def filled(self, values: Sequence[str]) -> list[str]:
        """The values of somebody new: with what is meant where the list does not say."""
        *rest, country, language = values
        return [*rest, country or self.country, language or self.language]


def guess(headings: Sequence[str]) -> list[str]:
    """The field of each heading, as far as it can be told; none twice."""
    taken: set[str] = set()
    found = []
    for heading in headings:
        name = _HEADINGS.get(plain_heading(heading), "")
        found.append("" if name in taken else name)
        taken.add(name)
    if "given_name" in taken and "family_name" in taken and "name" in taken:
        # Two of three are enough, and the parts are surer.
        found = ["" if name == "name" else name for name in found]
    return found


def plain_heading(heading: str) -> str:
    """A heading without accents, signs and capitals."""
    text = unicodedata.normalize("NFKD", heading).lower()
    return "".join(c for c in text if c.isalnum())


def read(cells: Sequence[str], row: int, plan: Plan) -> Person:
    """The person in a row. Raises BadValue with what is wrong."""
    said = {name: cell.strip() for name, cell in zip(plan.columns, cells, strict=False) if name and cell}
    email = said.get("email", "")
    if not email:
        raise BadValue(_("The mail address is missing."))
    try:
        canonical = canonical_email(email)
    except BadAddress:  # what is wrong the library says in English only
        raise BadValue(_("This is not a mail address, such as name@example.org.")) from None
    if len(email) > 254:
        raise BadValue(_("The mail address is too long."))
    name = said.get("name") or f"{said.get('given_name', '')} {said.get('family_name', '')}"
    values = [_name(name), email]
    values += [_line(said.get(field, ""), field) for field in ("prefix", "phone", "street", "city", "region")]
    country = _country(said.get("country", ""))
    values += [_postal_code(said.get("postal_code", ""), country or plan.country), country]
    language = said.get("language", "").lower()[:2]
    values.append(language if language in _LANGUAGES else "")
    tags = [_line(tag, "tags") for tag in re.split("[,;|]", said.get("tags", ""))] if "tags" in said else []
    tags = [tag for tag in tags if tag]
    if len(tags) > MOST_TAGS or any(len(tag) > 40 for tag in tags):
        raise BadValue(_("At most ten tags of forty characters."))
    return Person(row, canonical, values, tags, _agreed(said.get("agreed", ""), plan))


def _line(text: str, field: str) -> str:
    """One line as a letter may carry it."""
    if not text:
        return ""
    text = " ".join(text.split())
    if not text.isascii() or not text.isprintable():
        text = unicodedata.normalize("NFC", text)
        if any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c not in _JOINERS for c in text):
            raise BadValue(_("%(field)s: there is an invisible character in it.") % {"field": FIELDS[field]})
    most = _MOST.get(field, 80)
    if len(text) > most:
        values = {"field": FIELDS[field], "most": most}
        raise BadValue(_("%(field)s: more than %(most)s characters.") % values)
    return text


def _name(text: str) -> str:
    name = _line(text.strip(), "name")
    if not name:
        raise BadValue(_("The name is missing."))
    if _ADDRESS_IN_NAME.search(name) or not any(c.isalpha() for c in name):
        raise BadValue(_("This is not a name."))
    return name


def _country(text: str) -> str:
    if not text:
        return ""
    if len(text) != 2 or not text.isascii() or not text.isalpha():
        raise BadValue(_("The country must be two letters, such as us."))
    return text.lower()


def _postal_code(text: str, country: str) -> str:
    if not text:
        return ""
    code = normal_code(country, text)
    # A spreadsheet takes the leading zero off a ZIP code of the north-east.
    if country == "us" and code.isdecimal() and 3 <= len(code) < 5:
        code = code.zfill(5)
    if not _CODE.fullmatch(code):
        raise BadValue(_("This is not a postal code."))
    return code


def _agreed(text: str, plan: Plan) -> bool:
    if "agreed" not in plan.columns:
        return True
    said = text.casefold()
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise BadValue(_("Agreed must be yes or no."))
