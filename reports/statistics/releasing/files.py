"""A table of a release as a file: CSV, XLSX, Parquet, JSON.

Made anew from the snapshot, the same bytes each time.
"""

import io
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import xlsxwriter

from portal import clock
from portal.late import Late
from portal.sheets import AS_TYPED, csv_bytes
from reports.statistics.models import Release

if TYPE_CHECKING:
    from reports.statistics.releasing import columnar
else:
    columnar = Late("reports.statistics.releasing.columnar")

LICENCE = "CC BY 4.0"
SOURCE = "札幌市（さっぽろ事業支援ポータル）"
_WIDTHS = {"int": 14, "float": 12, "bool": 11, "day": 12, "text": 24}


def about(release: Release) -> dict[str, str]:
    """What every file of a release says about itself."""
    return {
        "release": release.number,
        "as_of": clock.stamp(release.as_of) if release.as_of else "",
        "sha256": release.sha256,
        "code": release.code_version,
        "licence": LICENCE,
        "source": SOURCE,
    }


class Table:
    """Columns [name, kind] and rows of plain values, with what a file says about itself.

    Number, moment, hash of the release.
    """

    def __init__(
        self,
        name: str,
        columns: list[list[str]],
        rows: list[list[object]],
        about: Mapping[str, str],
    ) -> None:
        self.name, self.columns, self.rows, self.about = name, columns, rows, about

    @property
    def head(self) -> list[str]:
        return [name for name, _kind in self.columns]

    def only(self, wanted: Mapping[str, str]) -> "Table":
        """The rows in which these columns have these values.

        Raises KeyError for a column it lacks, ValueError for a value that no row has.
        """
        rows = self.rows
        for name, value in wanted.items():
            n = self.head.index(name) if name in self.head else -1
            if n < 0:
                raise KeyError(name)
            if value not in {_text(row[n]) for row in self.rows}:
                raise ValueError(name)
            rows = [row for row in rows if _text(row[n]) == value]
        return Table(self.name, self.columns, rows, self.about)


def _text(value: object) -> str:
    return (
        ""
        if value is None
        else {True: "true", False: "false"}[value]
        if isinstance(value, bool)
        else str(value)
    )


def as_csv(table: Table) -> bytes:
    """UTF-8 with a mark; empty cells where a value is hidden or missing, `suppressed` says which.

    No text is taken for a formula.
    """
    return csv_bytes([table.head, *table.rows])


def as_json(table: Table) -> bytes:
    content = {
        **table.about,
        "table": table.name,
        "columns": [{"name": name, "kind": kind} for name, kind in table.columns],
        "rows": table.rows,
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def as_parquet(table: Table) -> bytes:
    return columnar.parquet_bytes(table.columns, table.rows, table.about)


def as_xlsx(table: Table) -> bytes:
    """Two sheets: the table, and what it is. Texts stay texts, whatever they begin with."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, AS_TYPED)
    made = datetime.fromisoformat(table.about["as_of"]).replace(tzinfo=None)
    book.set_properties(
        {"title": f"{table.name} {table.about['release']}", "author": SOURCE, "created": made}
    )
    head, whole, part = (
        book.add_format({"bold": True, "bottom": 1}),
        book.add_format({"num_format": "#,##0"}),
        book.add_format({"num_format": "#,##0.00"}),
    )
    years = {
        n
        for n, (name, _kind) in enumerate(table.columns)
        if name in ("fiscal_year", "adoption_year")
    }
    sheet = book.add_worksheet("data")
    sheet.freeze_panes(1, 0)
    for n, (name, kind) in enumerate(table.columns):
        sheet.set_column(n, n, max(_WIDTHS[kind], len(name) + 2))
        sheet.write_string(0, n, name, head)
    for at, row in enumerate(table.rows, 1):
        for n, value in enumerate(row):
            if isinstance(value, bool):
                sheet.write_boolean(at, n, value)
            elif isinstance(value, int | float):
                sheet.write_number(
                    at,
                    n,
                    value,
                    None if n in years else part if isinstance(value, float) else whole,
                )
            elif value is not None:
                sheet.write_string(at, n, value)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    notes = book.add_worksheet("about")
    notes.set_column(0, 0, 18)
    notes.set_column(1, 1, 80)
    for at, (key, value) in enumerate(table.about.items()):
        notes.write_string(at, 0, key, head)
        notes.write_string(at, 1, value)
    book.close()
    return out.getvalue()


FORMATS: dict[str, tuple[str, Callable[[Table], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "json": ("application/json", as_json),
    "parquet": ("application/vnd.apache.parquet", as_parquet),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
