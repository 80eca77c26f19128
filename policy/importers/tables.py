"""Tables of our own, read line by line, and what every reader of one asks of it before its first row."""

import csv
import io
from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

from contacts.importers.rows import BadRow, FilesMissing
from contacts.importers.values import BadValue, shown

_Row = TypeVar("_Row")


def read_table(
    data: bytes,
    name: str,
    row_of: Callable[[str, dict[str, str]], _Row],
    *,
    needed: Collection[str],
    known: Collection[str],
    most_rows: int,
) -> tuple[list[_Row], list[BadRow]]:
    """The rows of a table, and the lines that can't be used; more than `most_rows` lines are not read.

    `row_of` gets where a line stands and its cells by column, and raises BadValue. Raises FilesMissing for no table,
    for other columns than the known and needed, and for one without a row.
    """
    rows, bad = list[_Row](), list[BadRow]()
    reader = csv.reader(io.StringIO(decoded(data, name), newline=""), strict=True)
    try:
        columns = [cell.strip().lower() for cell in next(reader, [])]
        check_columns(name, columns, needed, known)
        for number, line in enumerate(reader, start=1):
            where = f"{name}:{reader.line_num}"
            if not any(cell.strip() for cell in line):
                continue
            if number > most_rows:
                bad.append(BadRow(where, f"more than {most_rows:,} lines; the rest was not read"))
                break
            try:
                if len(line) != len(columns):
                    raise BadValue(f"{len(line)} cells instead of {len(columns)}")
                rows.append(row_of(where, dict(zip(columns, line, strict=True))))
            except BadValue as fault:
                bad.append(BadRow(where, str(fault)))
    except csv.Error as fault:
        raise FilesMissing(f"{name}:{reader.line_num}: not a table: {fault}.") from fault
    if not rows and not bad:
        raise FilesMissing(f"{name} has no rows.")
    return rows, bad


def decoded(data: bytes, name: str) -> str:
    """The text of a file, without the mark that spreadsheets put first. Raises FilesMissing, with the line."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise FilesMissing(f"{name}:{line}: not text in UTF-8.") from fault


def check_columns(name: str, columns: Sequence[str], needed: Collection[str], known: Collection[str]) -> None:
    """Raises FilesMissing where a column is missing, not known or stands twice."""
    missing = [column for column in needed if column not in columns]
    unknown = [column for column in columns if column not in known]
    if missing:
        raise FilesMissing(f"{name}:1: the columns {', '.join(missing)} are missing.")
    if unknown:
        raise FilesMissing(f"{name}:1: {shown(unknown[0])} is no column we know.")
    if len(set(columns)) < len(columns):
        raise FilesMissing(f"{name}:1: a column stands twice.")
