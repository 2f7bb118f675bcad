"""Tables for spreadsheets: the one writer of CSV, and of a list as a workbook; and CSV of others, read.

No cell is taken for a formula, moments are Sapporo's, and Excel opens it in Japanese.
"""

import codecs
import csv
import io
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain, islice, zip_longest
from typing import TypeVar

import xlsxwriter
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name

from portal import clock

_BEGINS_A_FORMULA = tuple("=+-@＝＋－＠")  # spreadsheets in Japanese take the full-width signs, too
_SKIPPED = " \t\r\n\u3000\u00a0"  # what programs leave out before they look
R = TypeVar("R", HttpResponse, StreamingHttpResponse)
_AT_ONCE = 500  # rows sent together
_LOOKED_AT, _WIDEST = (
    200,
    48,
)  # rows whose texts say how wide a column is; in halves of a Japanese sign
_LOOKS: dict[str, dict[str, object]] = {
    "head": {"bold": True, "bottom": 1},
    "day": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
    "sum": {"num_format": "#,##0"},
}
_FORM_ROWS = 100  # of a workbook to be filled in
MOST_LINES, MOST_HEADS = 200_000, 500  # of a CSV that is read: blank lines cost as much as others
# how every workbook is made: its texts stay texts, and it is written row by row
AS_TYPED = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "constant_memory": True,
}


def safe_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula: behind an apostrophe where it would be."""
    begins = text.lstrip(_SKIPPED)[:1] in _BEGINS_A_FORMULA and text.strip(_SKIPPED) != ""
    return f"'{text}" if begins or text[:1] in ("\t", "\r", "\n") else text


def cell(value: object) -> str | int | float:
    """What is written for a value: numbers stay numbers, negative ones too; moments as the clock in
    Sapporo showed them.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return value.astimezone(clock.JST).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return safe_text(str(value))


class _Echo:
    def write(self, value: str) -> str:
        return value


def lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The lines of a CSV."""
    writer = csv.writer(_Echo())
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def csv_bytes(
    rows: Iterable[Iterable[object]], encoding: str = "utf-8-sig", errors: str = "strict"
) -> bytes:
    """A whole CSV, with the mark by which Excel knows UTF-8 unless another encoding is asked for."""
    return "".join(lines(rows)).encode(encoding, errors)


def csv_response(name: str, rows: Iterable[Iterable[object]]) -> HttpResponse:
    """A small CSV as a download."""
    return _download(HttpResponse(csv_bytes(rows), content_type="text/csv; charset=utf-8"), name)


def csv_stream(name: str, rows: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    """A CSV of any length as a download, sent as its rows are read."""
    return _download(
        StreamingHttpResponse(_batches(rows), content_type="text/csv; charset=utf-8"), name
    )


def xlsx_response(name: str, rows: Iterable[Iterable[object]]) -> FileResponse:
    """A list of any length as a workbook, written row by row to a file. Texts stay texts, whatever
    they begin with.
    """
    out = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    book = xlsxwriter.Workbook(out, AS_TYPED)
    sheet = book.add_worksheet(_("一覧"))
    sheet.freeze_panes(1, 0)
    looks = {name: book.add_format(look) for name, look in _LOOKS.items()}
    rows = iter(rows)
    first = [list(row) for row in islice(rows, _LOOKED_AT)]  # widths are written before the rows
    for place, column in enumerate(zip_longest(*first, fillvalue="")):
        sheet.set_column(place, place, min(max(map(_width, column)) + 2, _WIDEST))
    for n, row in enumerate(chain(first, rows)):
        for place, value in enumerate(row):
            sheet.write(n, place, *_in_workbook(value, looks, is_head=n == 0))
    book.close()
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=name)


def _in_workbook(
    value: object, looks: Mapping[str, Format], *, is_head: bool
) -> tuple[str | int | float | date, Format | None]:
    """A day as a day and a sum with commas; a year or a count is no sum."""
    if isinstance(value, datetime):
        shown = value.astimezone(clock.JST).replace(second=0, microsecond=0, tzinfo=None)
        return shown, looks["moment"]
    if isinstance(value, date):
        return value, looks["day"]
    if isinstance(value, int) and abs(value) >= 10_000:
        return value, looks["sum"]
    return cell(value), looks["head"] if is_head else None


def _width(value: object) -> int:
    """In halves of a Japanese sign."""
    return sum(1 if sign.isascii() else 2 for sign in str(cell(value)))


def form_response(
    name: str,
    headings: Sequence[str],
    rows: Iterable[Iterable[object]],
    choices: Mapping[str, Sequence[str]],
) -> FileResponse:
    """A workbook to be filled in, with the rows that are there already: below a heading of `choices`,
    Excel offers these (they stand in a second sheet).
    """
    out = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    book = xlsxwriter.Workbook(out, AS_TYPED)
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(headings) - 1, 22)
    for n, row in enumerate([headings, *rows]):
        sheet.write_row(n, 0, [cell(value) for value in row])
    offered = book.add_worksheet(_("選べるもの"))
    longest = max(map(len, choices.values()), default=0)
    for n in range(longest):
        offered.write_row(n, 0, [named[n] if n < len(named) else "" for named in choices.values()])
    for place, (heading, named) in enumerate(choices.items()):
        at, letter = headings.index(heading), xl_col_to_name(place, col_abs=True)
        source = f"='{offered.get_name()}'!{letter}$1:{letter}${len(named)}"
        sheet.data_validation(1, at, _FORM_ROWS, at, {"validate": "list", "source": source})
    book.close()
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=name)


def csv_download(name: str, data: bytes) -> HttpResponse:
    """A CSV that is written already, in whatever encoding, as a download."""
    return _download(HttpResponse(data, content_type="text/csv"), name)


def typed_table(cells: Iterable[Sequence[str]]) -> str:
    """Cells apart by tabs, for a form of our own that reads them again: since they leave for no
    spreadsheet, they stay as they were brought.
    """
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(cells)
    return out.getvalue()


class Unreadable(ValueError):
    """A file is no CSV that could be read: a sentence for the person."""


def decoded(data: bytes) -> str:
    """The text of a CSV in UTF-8 (with or without BOM), CP932 or UTF-16, its lines ended by LF. Raises
    Unreadable.
    """
    text = text_of(data)
    _demand_plain(text)
    return text


def text_of(data: bytes) -> str:
    """The same, whatever is written in it. UTF-16 is the "Unicode text" of Excel."""
    marked = data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("文字コードが分かりません。UTF-8かShift_JISで保存したCSVを選んでください。"))


def _demand_plain(text: str) -> None:
    """A row a line, a column a name, a cell for each: a quotation mark that is never closed would swallow
    the rows after it without a word, and of a row that was cut the cells that are missing would be
    taken for empty ones. Raises Unreadable.
    """
    if text.count("\n") > MOST_LINES:
        raise Unreadable(_("1つのファイルは%(n)s行までです。") % {"n": f"{MOST_LINES:,}"})
    broken = _("CSVとして読めません。届いたままのファイルを選んでください。")
    if "\0" in text:
        raise Unreadable(broken)
    rows = csv.reader(io.StringIO(text), strict=True)
    try:
        heading = next(rows, [])
        if len(heading) > MOST_HEADS:
            raise Unreadable(_("1つのファイルは%(n)s列までです。") % {"n": MOST_HEADS})
        names = [name.strip() for name in heading if name.strip()]
        several = sorted(name for name, times in Counter(names).items() if times > 1)
        if several:
            said = "、".join(several)
            raise Unreadable(_("同じ名前の列が2つ以上あります：%(names)s") % {"names": said})
        for row in rows:
            if any("\n" in value for value in row):
                raise Unreadable(
                    _("%(n)s行目の引用符が閉じていないか、1つの欄が2行にわたっています。")
                    % {"n": rows.line_num - sum(value.count("\n") for value in row)}
                )
            if row and len(row) != len(heading):
                raise Unreadable(
                    _(
                        "%(n)s行目の欄の数（%(found)s）が、見出し（%(wanted)s）と合いません。途中で切れていないか確かめ、届いたままのファイルを選んでください。"
                    )
                    % {"n": rows.line_num, "found": len(row), "wanted": len(heading)}
                )
    except csv.Error as error:
        raise Unreadable(broken) from error


def _batches(rows: Iterable[Iterable[object]]) -> Iterator[bytes]:
    batch = ["\ufeff"]  # the mark by which Excel knows UTF-8
    for line in lines(rows):
        batch.append(line)
        if len(batch) == _AT_ONCE:
            yield "".join(batch).encode()
            batch = []
    yield "".join(batch).encode()


def _download(response: R, name: str) -> R:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
