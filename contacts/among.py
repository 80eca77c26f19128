"""Long lists of ids or texts in a statement: one value, not a place for each.

Django prepares each value of `…__in=[…]` by itself, and the driver each value of an array; either costs more than the
database needs to look them all up.
"""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Lookup, UUIDField
from django.db.models.sql.compiler import SQLCompiler


class Among(Lookup):
    """`pk__among=[…]`: what `pk__in` finds, for many ids, or many texts."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        found, params = self.process_lhs(compiler, connection)
        # Where an id is stored as text, a list of them is one, too.
        keys = [key.hex if isinstance(key, UUID) else key for key in self.rhs]
        rows = "(SELECT value FROM json_each(%s))"
        return f"{found} IN {rows}", (*params, json.dumps(keys))

    def as_postgresql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        found, params = self.process_lhs(compiler, connection)
        kind = "uuid" if isinstance(self.lhs.output_field, UUIDField) else "text"
        return f"{found} = ANY(CAST(%s AS {kind}[]))", (*params, array(list(self.rhs)))


def array(values: Sequence[Any]) -> object:
    """Values as the driver may send them to a place for an array. Ids and texts are written as PostgreSQL reads them,
    in a tenth of the driver's time.
    """
    kinds = set(map(type, values))
    if kinds == {UUID}:
        return f"{{{','.join([key.hex for key in values])}}}"
    return _array_of_texts(values) if kinds == {str} else list(values)


def _array_of_texts(texts: Sequence[str]) -> object:
    # Put between texts, since PostgreSQL keeps it in none; the driver refuses a text that has it.
    joined = "\0".join(texts)
    if joined.count("\0") >= len(texts):
        return list(texts)
    escaped = joined.replace("\\", "\\\\").replace('"', '\\"')
    return '{"' + escaped.replace("\0", '","') + '"}'
