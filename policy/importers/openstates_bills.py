"""Bills as Open States publishes them → measures.

Two forms: API v3 (docs.openstates.org/api-v3) and the JSON of its bulk downloads, which names some fields otherwise
(`legislative_session`, `jurisdiction_name`, `sponsors`, `organization__name`).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

from contacts.importers.rows import BadRow
from contacts.importers.values import KEY, LINE, NAME, SHORT, BadValue, items, link, mapping, shown, text
from policy.importers.json_items import items_of_file
from policy.importers.rows import NOTE, EventRow, Found, MeasureRow, RelatedRow, SponsorRow
from policy.models import EventKind, MeasureKind, RelationKind, SponsorKind

# Kinds of actions (openstates.org's data.common) → milestones. Readings, receipts and deferrals are none.
MILESTONES: dict[str, str] = {
    "filing": EventKind.INTRODUCED,
    "introduction": EventKind.INTRODUCED,
    "referral": EventKind.REFERRED,
    "referral-committee": EventKind.REFERRED,
    "amendment-passage": EventKind.AMENDED,
    "substitution": EventKind.AMENDED,
    "passage": EventKind.PASSED_CHAMBER,
    "enrolled": EventKind.PASSED,
    "executive-signature": EventKind.ADOPTED,
    "became-law": EventKind.ADOPTED,
    "veto-override-passage": EventKind.PASSED_CHAMBER,
    "executive-veto": EventKind.VETOED,
    "failure": EventKind.FAILED,
    "withdrawal": EventKind.WITHDRAWN,
}
# Relations as published → ours, and whether it is the other bill that stands so to this one.
RELATIONS: dict[str, tuple[str, bool]] = {
    "companion": (RelationKind.COMPANION, False),
    "replaces": (RelationKind.SUPERSEDES, False),
    "replaced-by": (RelationKind.SUPERSEDES, True),
}
_KINDS = {"resolution", "joint resolution", "concurrent resolution", "memorial", "motion", "proclamation"}
_TITLE, _TEXT = 2_000, 20_000


def read_openstates(stream: BinaryIO, name: str, most_bytes: int, most_rows: int) -> Found:
    """The bills of a file. Raises FilesMissing when it can't be read at all."""
    found = Found()
    seen: dict[tuple[str, str, str], str] = {}
    for where, item in items_of_file(stream, name, most_bytes):
        if len(found.rows) + len(found.bad) >= most_rows:
            found.bad.append(BadRow(where, f"more than {most_rows:,} bills; the rest was not read"))
            break
        try:
            row = _bill(where, mapping(item, "a bill"))
            if row.key in seen:
                raise BadValue(f"identifier: {row.identifier} stands in {seen[row.key]} already")
        except BadValue as fault:
            found.bad.append(BadRow(where, str(fault)))
            continue
        seen[row.key] = where
        found.rows.append(row)
    return found


def _bill(where: str, item: dict[str, Any]) -> MeasureRow:
    session = text(item, "session", 40) or text(item, "legislative_session", 40, needed=True)
    if "jurisdiction" in item:
        jurisdiction = text(mapping(item["jurisdiction"], "jurisdiction"), "id", LINE, needed=True)
    else:
        jurisdiction = text(item, "jurisdiction_name", LINE, needed=True)
    sources = [mapping(source, "sources") for source in items(item, "sources")]
    url = link(sources[0], "url") if sources else link(item, "openstates_url")
    title = text(item, "title", _TITLE, needed=True)
    abstracts = [mapping(abstract, "abstracts") for abstract in items(item, "abstracts")]
    classes = {c for c in items(item, "classification") if isinstance(c, str)}
    fills = {
        "kind": MeasureKind.MOTION if classes & _KINDS else MeasureKind.BILL,
        "summary": text(abstracts[0], "abstract", _TEXT) if abstracts else "",
        "position": "watch",
    }
    row = MeasureRow(
        where,
        jurisdiction,
        session,
        text(item, "identifier", 40, needed=True),
        # A link that the source does not have takes none away that somebody typed.
        sets={"title": _cut(title, 240)} | ({"url": short} if (short := _short_link(url)) else {}),
        fills=fills,
        related=list(_related(item)),
    )
    row.sponsors = _sponsors(item)
    row.events = _events(item, url)
    return row


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _short_link(url: str) -> str:
    return url if len(url) <= 200 else ""


def _events(item: dict[str, Any], url: str) -> list[EventRow]:
    rows: dict[tuple[str, date, str], EventRow] = {}
    for number, entry in enumerate(items(item, "actions")):
        action = mapping(entry, "an action")
        try:
            # The order of kinds within an action says nothing; that of ours does.
            kinds = {MILESTONES[c] for c in items(action, "classification") if c in MILESTONES}
            if not kinds:
                continue
            on = _day(action)
            note = _cut(text(action, "description", _TEXT), NOTE)
            chamber = _chamber(action)
        except (BadValue, TypeError) as fault:
            raise BadValue(f"actions[{number}].{fault}") from None
        if not url:
            raise BadValue("sources: without one its actions have no source")
        for kind in sorted(kinds, key=list(EventKind.values).index):
            rows.setdefault((kind, on, note), EventRow(kind, on, url, note, chamber))
    return sorted(rows.values(), key=lambda row: row.on)


def _day(action: dict[str, Any]) -> date:
    """The day of an action, which may come with the hour."""
    value = text(action, "date", 40, needed=True)
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        raise BadValue(f"date: {shown(value)} is not a date like 2025-01-03") from None


def _chamber(action: dict[str, Any]) -> str:
    """The committee an action names, or the chamber where it happened."""
    for entry in items(action, "related_entities"):
        entity = mapping(entry, "related_entities")
        if entity.get("entity_type") == "organization":
            return text(entity, "name", LINE)
    if isinstance(action.get("organization"), dict):
        organization = action["organization"]
        return text(organization, "classification", SHORT) or text(organization, "name", LINE)
    return text(action, "organization__name", LINE)


def _sponsors(item: dict[str, Any]) -> list[SponsorRow]:
    rows: dict[str, SponsorRow] = {}
    field = "sponsorships" if "sponsorships" in item else "sponsors"
    for entry in items(item, field):
        sponsor = mapping(entry, field)
        name = text(sponsor, "name", NAME, needed=True)
        is_first = sponsor.get("primary") is True or sponsor.get("classification") == "primary"
        person = sponsor.get("person")
        key = text(person, "id", KEY) if isinstance(person, dict) else ""
        kind = SponsorKind.PRIMARY if is_first else SponsorKind.COSPONSOR
        rows.setdefault(key or name, SponsorRow(name, kind, key))
    return list(rows.values())


def _related(item: dict[str, Any]) -> Iterator[RelatedRow]:
    for entry in items(item, "related_bills"):
        related = mapping(entry, "related_bills")
        kind, turned = RELATIONS.get(str(related.get("relation_type")), ("", False))
        if kind and related.get("identifier"):
            session = text(related, "legislative_session", 40)
            yield RelatedRow(text(related, "identifier", 40), session, kind, turned)
