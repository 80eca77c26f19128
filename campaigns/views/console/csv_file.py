"""Tables as files for spreadsheets."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.text import slugify

from campaigns.spreadsheet import csv_bytes


def csv_file(name: str, head: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A download in UTF-8 with the mark spreadsheets look for. Texts can't become formulas; numbers stay numbers."""
    file_name = f"{slugify(name)[:80] or 'table'}.csv"
    return HttpResponse(
        csv_bytes([head, *rows], is_first=True),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file_name}"', "X-Robots-Tag": "noindex"},
    )
