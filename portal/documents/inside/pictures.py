"""Pictures: what is taken as it is, what is turned into an upright JPEG without camera data, and
several photographs in one PDF.
"""

import io
import re
import time

import pi_heif
from PIL import Image, ImageFile, ImageOps, IptcImagePlugin

from portal.documents import packs
from portal.documents.inside.found import Found
from portal.documents.kinds import JPEG, PDF, PNG, Unfit

MAX_PIXELS = 100_000_000
MAX_SIDE = 4_096  # pixels of what is turned into a JPEG
PAGE_SIDE = 2_000  # pixels of a photograph in a PDF
FORMATS = ("JPEG", "PNG", "HEIF")
ORIENTATION, GPS = 0x0112, 0x8825  # tags of Exif
# of IPTC: codes and names of a place, city, part of it, province, country
PLACES = {(2, number) for number in (26, 27, 90, 92, 95, 100, 101)}
RAW = "Raw profile type "
MARKER, END_OF_JPEG = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]"), b"\xff\xd9"
_NO_TIME = time.gmtime(0)  # the same photographs make the same PDF

Image.MAX_IMAGE_PIXELS = None  # asked below, with words of its own
pi_heif.register_heif_opener(decode_threads=1, thumbnails=False)


def examine(data: bytes) -> Found:
    """Raises Unfit."""
    image = opened(data)
    try:
        image.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise Unfit("broken_image") from error
    if _is_kept(image, data):
        return Found(JPEG if image.format == "JPEG" else PNG, 1)
    out = io.BytesIO()
    upright(image, MAX_SIDE).save(out, "JPEG", quality=90)
    return Found(JPEG, 1, out.getvalue())


def opened(data: bytes) -> ImageFile.ImageFile:
    """Its head is read, its pixels are not. Raises Unfit."""
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except (OSError, SyntaxError, ValueError) as error:
        raise Unfit("broken_image") from error
    if image.width * image.height > MAX_PIXELS:
        raise Unfit("large_image")
    return image


def _is_kept(image: ImageFile.ImageFile, data: bytes) -> bool:
    """A JPEG or PNG that stands upright, does not say where it was taken, and ends where it ends."""
    exif = image.getexif()
    place = exif.get_ifd(GPS) or b"GPSL" in _xmp(image) or _is_placed(image)
    stands = image.format in ("JPEG", "PNG") and exif.get(ORIENTATION, 1) == 1
    return stands and not place and not data[_end(data, str(image.format)) :].strip(b"\0")


def _is_placed(image: ImageFile.ImageFile) -> bool:
    """Does IPTC name the place, or lie in a PNG's raw profile, which nobody reads here?"""
    try:
        said = IptcImagePlugin.getiptcinfo(image) or {}
    except (OSError, SyntaxError, ValueError):
        return True
    return bool(said.keys() & PLACES) or any(str(key).startswith(RAW) for key in image.info)


def _end(data: bytes, kind: str) -> int:
    """Where the picture ends: behind it a second one may lie, with a place of its own."""
    at = 8 if kind == "PNG" else 2
    while at + 4 <= len(data):
        if kind == "PNG":
            at += 12 + int.from_bytes(data[at : at + 4])
            if data[at - 8 : at - 4] == b"IEND":
                return at
        elif found := MARKER.search(data, at):
            if found.group() == END_OF_JPEG:
                return found.end()
            at = found.end() + int.from_bytes(data[found.end() : found.end() + 2])
        else:
            break
    return len(data)


def _xmp(image: Image.Image) -> bytes:
    found = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return found.encode() if isinstance(found, str) else bytes(found)


def upright(image: Image.Image, side: int) -> Image.Image:
    """Turned as it was held, at most `side` pixels a side, on white, without camera data."""
    image.thumbnail((side, side))  # before anything copies it
    turned = ImageOps.exif_transpose(image)
    if turned.has_transparency_data:
        turned = turned.convert("RGBA")
        white = Image.new("RGBA", turned.size, "white")
        turned = Image.alpha_composite(white, turned)
    plain = turned.convert("RGB")
    plain.info.clear()
    return plain


def bound(pack: bytes) -> Found:
    """The photographs of a pack as one PDF. Raises Unfit."""
    pages = [_page(data) for data in packs.unpacked(pack)]
    out = io.BytesIO()
    pages[0].save(
        out,
        "PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=150,
        creationDate=_NO_TIME,
        modDate=_NO_TIME,
    )
    return Found(PDF, len(pages), out.getvalue())


def _page(data: bytes) -> Image.Image:
    image = opened(data)
    image.draft("RGB", (PAGE_SIDE, PAGE_SIDE))
    try:
        return upright(image, PAGE_SIDE)
    except (OSError, SyntaxError, ValueError) as error:
        raise Unfit("broken_image") from error
