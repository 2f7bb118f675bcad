"""Several photographs as one object, in their order, until their check makes one PDF of them."""

import io
import zipfile
from collections.abc import Iterator


def packed(photographs: list[bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as pack:
        for n, data in enumerate(photographs):
            pack.writestr(zipfile.ZipInfo(f"{n:04}"), data)
    return out.getvalue()


def unpacked(pack: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as photographs:
        for name in photographs.namelist():
            yield photographs.read(name)
