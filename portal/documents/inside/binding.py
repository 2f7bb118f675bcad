"""Papers of others bound into one file: first each is made flat, then its pages are set into the
empty frames of a volume that the portal drew.
"""

import io
import json
from pathlib import Path

import pikepdf

from portal.documents.inside.found import Answer
from portal.documents.inside.pictures import opened, upright
from portal.documents.kinds import JPEG, PDF, PNG, Unfit

PICTURES = (JPEG, PNG)
SIDE = 2_400  # pixels of a picture on its page: more than a printer shows on A4
PLAN = "plan.json"  # [[file, page of the file, page of the volume], …], all from 0
MARGINS = (40, 52, 555, 796)  # points of A4 between which a bound page stands, in its frame


def flatten(data: bytes, kind: str) -> Answer:
    """A PDF or picture as a plain PDF in `made`: what was typed into fields is part of the page,
    links, notes and actions are gone. Raises Unfit for what has no pages to bind.
    """
    if kind in PICTURES:
        upright(opened(data), SIDE).save("made", "PDF", resolution=150)
        return {"pages": 1}
    if kind != PDF:
        raise Unfit("unbound")
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            pdf.flatten_annotations("print")
            plain = pikepdf.new()
            plain.pages.extend(pdf.pages)
            plain.save("made")
            return {"pages": len(plain.pages)}
    except pikepdf.PdfError as error:
        raise Unfit("broken_pdf") from error


def fill(volume: bytes, _kind: str) -> Answer:
    """Set pages of the files `0.pdf`, `1.pdf` … into the volume by PLAN; the volume lies in `made`."""
    rows: list[list[int]] = json.loads(Path(PLAN).read_text())
    sources: dict[int, pikepdf.Pdf] = {}
    frame = pikepdf.Rectangle(*MARGINS)
    with pikepdf.open(io.BytesIO(volume)) as bound:
        for file, page, place in rows:
            if file not in sources:
                sources[file] = pikepdf.open(f"{file}.pdf", access_mode=pikepdf.AccessMode.stream)
            source = sources[file].pages[page]
            bound.pages[place].add_overlay(source, frame, expand=False)  # type: ignore[call-arg]  # no stub
        bound.save("made")
    return {"pages": len(rows)}
