"""What people are on a committee, in the reader's language: sources name the usual roles in English."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

_KNOWN = {
    "member": _("member"),
    "chair": _("chair"),
    "chairman": _("chair"),
    "chairwoman": _("chair"),
    "chairperson": _("chair"),
    "co-chair": _("co-chair"),
    "vice chair": _("vice chair"),
    "vice-chair": _("vice chair"),
    "vice chairman": _("vice chair"),
    "vice chairwoman": _("vice chair"),
    "ranking member": _("ranking member"),
    "secretary": _("secretary"),
}


def role_in_words(role: str) -> str:
    """A usual role in the reader's language; any other as it was imported. English keeps the source's capitals."""
    known = _KNOWN.get(" ".join(role.lower().split()))
    said = gettext(known) if known else role
    return role if said == known else said
