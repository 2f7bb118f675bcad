"""Tables for spreadsheets: cells that no program takes for a formula, and a CSV that Excel opens in Japanese."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse


def safe_cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def csv_response(name: str, rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """A small CSV as a download, UTF-8 with a mark. Texts are made safe; numbers, negative ones too, stay numbers."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([safe_cell(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
