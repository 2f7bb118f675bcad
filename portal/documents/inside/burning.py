"""Pictures of pages with parts of them covered, as a PDF that holds these pictures and nothing else:
what is covered is black before the picture is written anew.
"""

import io
import json
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw

from portal.documents.inside.found import Answer
from portal.documents.inside.pictures import opened, upright
from portal.documents.inside.wording import WHOLE

QUALITY = 88  # of the JPEG on a page
ACROSS = 8.27  # inches of a page of A4: how wide a picture stands on its page


def burn(covers: bytes, _kind: str) -> Answer:
    """`covers`: for each page a list of [left, top, width, height], in thousandths of it. The pages
    lie as `0.png`, `1.png` …; the PDF is laid in `made`.
    """
    with pikepdf.new() as pdf:
        rows: list[list[list[int]]] = json.loads(covers)
        for n, boxes in enumerate(rows):
            with pikepdf.open(io.BytesIO(_page(Path(f"{n}.png").read_bytes(), boxes))) as page:
                pdf.pages.extend(page.pages)
        pdf.save("made", deterministic_id=True)
        return {"pages": len(pdf.pages)}


def _page(picture: bytes, boxes: list[list[int]]) -> bytes:
    image = opened(picture)
    plain = upright(image, max(image.size))
    cover(plain, boxes)
    out = io.BytesIO()
    plain.save(out, "PDF", resolution=plain.width / ACROSS, quality=QUALITY)
    return out.getvalue()


def cover(image: Image.Image, boxes: list[list[int]]) -> None:
    """Blacken the boxes, each grown to whole pixels."""
    pen = ImageDraw.Draw(image)
    for left, top, width, height in boxes:
        first = (left * image.width // WHOLE, top * image.height // WHOLE)
        right = -(-(left + width) * image.width // WHOLE)
        bottom = -(-(top + height) * image.height // WHOLE)
        pen.rectangle((*first, right - 1, bottom - 1), fill="black")
