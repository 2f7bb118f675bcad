"""What stands in the first sheet of a workbook, as text: the values that its program reckoned last."""

import io
import json
from datetime import date, datetime
from pathlib import Path

import openpyxl

from portal.documents.inside import office
from portal.documents.inside.found import Answer
from portal.documents.kinds import XLSX, Unfit

MOST_ROWS, MOST_COLUMNS = 300, 40  # what lies beyond is of no table that people fill in here
# of all parts, unpacked: somebody waits for it before a page, and it is read twice
MOST_BYTES, MOST_ELEMENTS = 20 * 1024 * 1024, 100_000


def read(data: bytes, _kind: str) -> Answer:
    """`made`: rows of texts, as JSON, days as YYYY-MM-DD. Raises Unfit, also for a file that is no
    workbook.
    """
    found = office.examine(data, most_bytes=MOST_BYTES, most_elements=MOST_ELEMENTS)
    if found.content_type != XLSX:
        raise Unfit("kind")
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise Unfit("kind")
    # one column more, by which whoever reads them knows that there are more
    cells = sheets[0].iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS + 1, values_only=True)
    Path("made").write_text(json.dumps([[_text(value) for value in row] for row in cells]))
    return {"sheets": len(sheets)}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat().removesuffix("T00:00:00")  # days are kept with an hour, too
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)
