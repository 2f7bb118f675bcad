"""Pictures of the pages of a checked file, as PNG."""

import io
import time
from collections.abc import Iterator

import pypdfium2
from PIL import Image

from portal.documents.inside.pictures import opened, upright
from portal.documents.kinds import PDF, Unfit

WIDTH = 1_100  # pixels
MAX_HEIGHT = 10_000  # pixels
MAX_PICTURES = 50  # pages beyond are read in the original
PATIENCE = 40.0  # seconds at work; pages not begun by then are read in the original too


def pictures(data: bytes, content_type: str) -> Iterator[bytes]:
    """One PNG after the other."""
    if content_type != PDF:
        yield _png(upright(opened(data), 2 * WIDTH))
        return
    until = time.process_time() + PATIENCE
    pdf = pypdfium2.PdfDocument(data)
    for n in range(min(len(pdf), MAX_PICTURES)):
        if time.process_time() > until:
            return
        sheet = pdf[n]
        yield _png(sheet.render(scale=scale(*sheet.get_size())).to_pil())
        sheet.close()


def demand_first(data: bytes, content_type: str) -> None:
    """Draw the first page, for nobody. Raises Unfit where it cannot be drawn; it may also take more
    than the child has.
    """
    try:
        next(pictures(data, content_type))
    except (pypdfium2.PdfiumError, OSError, SyntaxError, ValueError) as error:
        raise Unfit("undrawn") from error


def scale(points_wide: float, points_high: float) -> float:
    """Pixels a point: WIDTH pixels wide, or MAX_HEIGHT high where the page is long and thin."""
    return min(WIDTH / max(points_wide, 1), MAX_HEIGHT / max(points_high, 1))


def _png(image: Image.Image) -> bytes:
    if image.width > WIDTH:
        image.thumbnail((WIDTH, 2 * WIDTH))
    out = io.BytesIO()
    image.save(out, "PNG", optimize=False)
    return out.getvalue()
