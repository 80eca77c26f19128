"""Search over issues, measures, legislators and evidence: one way to ask, PostgreSQL or SQLite FTS5 below it.

Words match from their beginning, without accents and capitals. "Words in quotes" stand beside each other, a minus
leaves out, `or` means either. PostgreSQL looks in expression indexes (migration `search`), SQLite in an FTS5 table
that triggers keep; `policy.search_sqlite` makes both.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import Prefetch

from contacts.clock import today
from contacts.models import Legislator, Membership, Organization
from policy.models import Evidence, Issue, Measure

MOST_WORDS = 12
# Marks that stand on or under letters and that many leave out when they type: accents, Hebrew points, Arabic vowels and
# the stroke that only stretches a word. PostgreSQL's function (migration 0012) takes the same away.
MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
)
_MARK = re.compile(f"[{MARKS}]")
_PIECE = re.compile(r'(-?)(?:"([^"]*)"|([^\s"]+))')
_TOKEN = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Kind:
    """One kind of thing that is searched: its table, and in SQL what its title and its other words are."""

    name: str
    model: type[models.Model]
    title: tuple[str, ...]
    body: tuple[str, ...]
    is_shared: bool = False

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def words(self, columns: Sequence[str], row: str = "") -> str:
        """Columns as one text in SQL."""
        return " || ' ' || ".join(f"{row}{column}" for column in columns) or "''"


KINDS = (
    Kind("issues", Issue, ("title",), ("summary", "body")),
    Kind("measures", Measure, ("identifier", "title"), ("summary", "reasons")),
    Kind("legislators", Legislator, ("name",), (), is_shared=True),
    Kind("evidence", Evidence, ("claim",), ("key", "figure", "unit", "source_title")),
)


@dataclass(frozen=True)
class Term:
    """Words that stand beside each other; the last one may go on unless it was quoted."""

    tokens: tuple[str, ...]
    is_prefix: bool
    is_left_out: bool


@dataclass(frozen=True)
class Found:
    """What was found of one kind, the best first."""

    kind: str
    items: list[Any]
    has_more: bool


def fold(text: str) -> str:
    """Without capitals, accents and other marks; what is searched and what is typed both pass through it."""
    plain = _MARK.sub("", unicodedata.normalize("NFKD", text.lower()))
    # Together again: Korean syllables come apart into letters that no database takes for a word.
    return unicodedata.normalize("NFC", plain)


def tokens_of(words: str) -> list[str]:
    """The words of what was typed, folded: letters and digits only."""
    return _TOKEN.findall(fold(words))[:MOST_WORDS]


def parse(words: str) -> list[list[Term]]:
    """What was typed as alternatives, each a list of terms that must all hold; none when nothing can be looked for."""
    alternatives: list[list[Term]] = [[]]
    count = 0
    for minus, quoted, plain in _PIECE.findall(words):
        if plain.lower() == "or" and not minus:
            alternatives.append([])
            continue
        tokens = tuple(_TOKEN.findall(fold(quoted or plain)))
        if not tokens or count + len(tokens) > MOST_WORDS:
            continue
        count += len(tokens)
        alternatives[-1].append(Term(tokens, is_prefix=not quoted, is_left_out=bool(minus)))
    # Without a word that must be there everything would be found.
    return [terms for terms in alternatives if any(not term.is_left_out for term in terms)]


def search(organization: Organization, words: str, limit: int = 10) -> list[Found]:
    """What an organisation has that fits, grouped, at most `limit` of a kind; legislators belong to nobody.

    The number of queries does not depend on how much there is. An empty list when there is nothing to look for.
    """
    query = parse(words)
    if not query:
        return []
    look = _in_postgresql if connection.vendor == "postgresql" else _in_sqlite
    found = []
    for kind in KINDS:
        ids = look(kind, organization, query, limit + 1)
        rows = _rows(kind).in_bulk(ids[:limit])
        found.append(Found(kind.name, [rows[pk] for pk in ids[:limit] if pk in rows], len(ids) > limit))
    return found


def _rows(kind: Kind) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = kind.model._default_manager.all()
    if kind.name == "measures":
        return rows.select_related("jurisdiction")
    if kind.name == "evidence":
        return rows.select_related("issue")
    if kind.name == "legislators":
        seats = Membership.objects.current(today()).filter(post__isnull=False).select_related("post")
        return rows.prefetch_related(Prefetch("memberships", seats, to_attr="seats"))
    return rows


def _in_postgresql(kind: Kind, organization: Organization, query: list[list[Term]], limit: int) -> list[UUID]:
    """The index's own expression must stand here word for word."""
    title = f"policy_words({kind.words(kind.title)})"
    everything = f"policy_words({kind.words((*kind.title, *kind.body))})"
    scope = "" if kind.is_shared else "organization_id = %(organization)s AND"
    sql = (  # only names of tables and columns, from the list above
        f"SELECT id FROM {kind.table}, to_tsquery('simple', %(query)s) AS query "  # noqa: S608
        f"WHERE {scope} {everything} @@ query "
        f"ORDER BY {title} @@ query DESC, ts_rank({everything}, query) DESC, {kind.title[-1]}, id LIMIT %(limit)s"
    )
    values: dict[str, Any] = {"organization": organization.pk, "query": as_tsquery(query), "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


def _in_sqlite(kind: Kind, organization: Organization, query: list[list[Term]], limit: int) -> list[UUID]:
    scope = "" if kind.is_shared else "AND organization = %s"
    sql = (
        "SELECT object FROM policy_search WHERE policy_search MATCH %s AND kind = %s "  # noqa: S608
        f"{scope} ORDER BY bm25(policy_search, 10.0, 1.0), title, object LIMIT %s"
    )
    values: list[Any] = [as_fts5(query), kind.name, *([] if kind.is_shared else [organization.pk.hex]), limit]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [UUID(row[0]) for row in cursor.fetchall()]


def as_tsquery(query: list[list[Term]]) -> str:
    """For PostgreSQL's to_tsquery; tokens are letters and digits only, so that nothing needs escaping."""

    def one(term: Term) -> str:
        words = " <-> ".join(term.tokens) + (":*" if term.is_prefix else "")
        return f"!({words})" if term.is_left_out else f"({words})"

    return " | ".join(f"({' & '.join(map(one, terms))})" for terms in query)


def as_fts5(query: list[list[Term]]) -> str:
    """For SQLite's MATCH (https://www.sqlite.org/fts5.html, section 3)."""

    def one(term: Term) -> str:
        return f'"{" ".join(term.tokens)}"' + (" *" if term.is_prefix else "")

    def all_of(terms: list[Term]) -> str:
        wanted = " AND ".join(one(term) for term in terms if not term.is_left_out)
        return f"({wanted})" + "".join(f" NOT {one(term)}" for term in terms if term.is_left_out)

    return " OR ".join(f"({all_of(terms)})" for terms in query)
