"""What every reader of a table asks of it before its first row."""

from collections.abc import Collection, Sequence

from contacts.importers.rows import FilesMissing
from contacts.importers.values import shown


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
