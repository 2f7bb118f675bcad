"""What is written on the pages of a PDF, and where each sign stands on the picture of its page."""

import ctypes
import json
import time
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from portal.documents.inside.drawing import MAX_PICTURES
from portal.documents.inside.found import Answer

MAX_SIGNS = 20_000  # of a page; what is beyond is looked at by people alone
PATIENCE = 40.0  # seconds at work; pages not begun by then are looked at by people alone
WHOLE = 1_000  # a page is so many wide and so many high


def read(data: bytes, _kind: str) -> Answer:
    """`0.json`, `1.json` … for each page: [text, [left, top, right, bottom] of each sign], in
    thousandths of the page as it is drawn, rounded outwards.
    """
    until = time.process_time() + PATIENCE
    pdf = pypdfium2.PdfDocument(data)
    for n in range(min(len(pdf), MAX_PICTURES)):
        if time.process_time() > until:
            break
        sheet = pdf[n]
        Path(f"{n}.json").write_text(json.dumps(_written(sheet)))
        sheet.close()
    return {"pages": len(pdf)}


def _written(sheet: pypdfium2.PdfPage) -> tuple[str, list[list[int]]]:
    text = sheet.get_textpage()
    signs, places = [], []
    for n in range(min(text.count_chars(), MAX_SIGNS)):
        code = raw.FPDFText_GetUnicode(text.raw, n)
        # one sign for one place: what has none of its own is a space
        signs.append(chr(code) if code and not 0xD800 <= code < 0xE000 else " ")
        places.append(_place(sheet, text.get_charbox(n, loose=True)))
    return "".join(signs), places


def _place(sheet: pypdfium2.PdfPage, box: tuple[float, float, float, float]) -> list[int]:
    """Turned and cut as the page is."""
    fine = WHOLE * 100
    corners = []
    for x, y in ((box[0], box[1]), (box[2], box[3])):
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(sheet.raw, 0, 0, fine, fine, 0, x, y, across, down)
        corners.append((across.value, down.value))
    (a, b), (c, d) = corners
    least = [min(a, c) // 100, min(b, d) // 100]
    most = [-(-max(a, c) // 100), -(-max(b, d) // 100)]
    return [min(max(each, 0), WHOLE) for each in (*least, *most)]
