"""Where somebody came from, as a link to a campaign says it: a code of the organisation, nothing of the person."""

import re
from collections.abc import Mapping

_CODE = re.compile(r"[-A-Za-z0-9_]{1,40}")
# What marketing tools add to links, in the order in which it is joined: newsletter-november.
_UTM = ("utm_source", "utm_campaign")


def clean_code(said: str) -> str:
    """A source code as it is kept; empty for what is none."""
    return said if _CODE.fullmatch(said) else ""


def source_of(query: Mapping[str, str]) -> str:
    """The source a page's address names: `source`, else `utm_source` and `utm_campaign` joined; empty without any."""
    own = clean_code(query.get("source", "")[:40])
    if own:
        return own
    said = "-".join(filter(None, (query.get(name, "").strip() for name in _UTM)))
    return clean_code(re.sub(r"[^-A-Za-z0-9_]+", "-", said).strip("-")[:40])
