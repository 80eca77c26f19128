"""What the audit log keeps beside each deed, in words that people read: a name for each of its keys."""

from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

# Key as stored -> what the log calls it.
KEYS: Final = {
    "added": _("Rows added"),
    "after": _("Now"),
    "agreed_to": _("Agreements"),
    "before": _("Before"),
    "begun": _("Comparison that begins"),
    "blacked": _("Passages blacked out"),
    "briefs": _("Briefs"),
    "by": _("By"),
    "bytes": _("Size of the file"),
    "campaign": _("Campaign"),
    "changed": _("Rows changed"),
    "columns": _("Columns"),
    "corrected": _("Corrected"),
    "created": _("Rows added"),
    "domain": _("Mail domain"),
    "done": _("Done before"),
    "ended": _("Comparison that ends"),
    "ends_at": _("Last moment"),
    "fields": _("What was changed"),
    "filter": _("Searched by"),
    "fixed_before": _("On their way already"),
    "format": _("Kind of file"),
    "gone": _("Other record"),
    "held": _("Letters held"),
    "kind": _("Kind"),
    "known": _("Known already"),
    "language": _("Language"),
    "leaving": _("Leaving already"),
    "left": _("Left office"),
    "letters": _("Letters"),
    "level": _("Stance"),
    "majority": _("Majority"),
    "of": _("Copy of"),
    "on": _("As of"),
    "opens_at": _("Opens"),
    "outcome": _("Outcome"),
    "partner": _("Partner"),
    "partnership": _("Partner in"),
    "people": _("People"),
    "pledges": _("Pledges"),
    "post": _("Office"),
    "published_at": _("Published"),
    "reason": _("Reason"),
    "rerouted": _("Letters sent another way"),
    "result": _("Outcome"),
    "revision": _("Version"),
    "role": _("Role"),
    "rows": _("Rows"),
    "share": _("Second subject, percent"),
    "signatures": _("Signatures"),
    "tag": _("Tag"),
    "told": _("People told by mail"),
    "uncounted": _("Pledges no longer counted"),
    "updated": _("Rows changed"),
    "with_own_words": _("With their writers’ own words"),
}
# Where one key says something else of another deed: (verb, key) -> what the log calls it.
_OF_A_DEED: Final = {
    ("correct letters", "left"): _("Left as they were"),
    ("start invalidate", "by"): _("Chosen by"),
}


def key_in_words(verb: str, key: str) -> str:
    """What a detail is called in the reader's language; a key that nobody has given words as it is stored."""
    words = _OF_A_DEED.get((verb, key)) or KEYS.get(key)
    return gettext(words) if words else key
