"""Tables as files for spreadsheets. Texts can't become formulas; numbers stay numbers."""

import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.text import slugify

from campaigns.spreadsheet import XLSX_TYPE, csv_bytes, safe, write_xlsx


def csv_file(name: str, head: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A download in UTF-8 with the mark spreadsheets look for."""
    return _file(name, "csv", csv_bytes([head, *rows], is_first=True), "text/csv; charset=utf-8")


def xlsx_file(name: str, head: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A download as a workbook with one sheet."""
    out = io.BytesIO()
    write_xlsx(([safe(cell) for cell in row] for row in [head, *rows]), out, slugify(name) or "table")
    return _file(name, "xlsx", out.getvalue(), XLSX_TYPE)


def _file(name: str, ending: str, content: bytes, content_type: str) -> HttpResponse:
    file_name = f"{slugify(name)[:80] or 'table'}.{ending}"
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{file_name}"', "X-Robots-Tag": "noindex"},
    )
