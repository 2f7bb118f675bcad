"""The name under which a file is kept and handed out: it shows what was sent, its ending is that of
the checked kind, and it can be saved on any machine.
"""

import re
import unicodedata
from collections.abc import Callable

from portal import jptext
from portal.documents.kinds import ENDINGS

MAX_BYTES = 200  # in UTF-8; with what a ZIP puts before it, below the 255 of most file systems
_ENDING = re.compile(r"(.+)\.([A-Za-z][A-Za-z0-9]{0,7})")
_UNSEEN = {"Cc", "Cf", "Cn", "Cs", "Zl", "Zp"}  # controls, bidirectional signs, nothing at all
_FOR_WINDOWS = str.maketrans('<>:"|?*', "＜＞：”｜？＊")
_DEVICE = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])\s*(\.|$)", re.I)


def clean(name: str, cannot_draw: Callable[[str], str]) -> str:
    """No path, no sign that cannot be seen or saved, no name of a device; 〓 for what no paper can
    show (`cannot_draw`: the signs of a text); at most MAX_BYTES.
    """
    base = jptext.composed_kana(name).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(sign for sign in base if unicodedata.category(sign) not in _UNSEEN)
    drawn = seen.translate(dict.fromkeys(map(ord, cannot_draw(seen)), "〓"))
    plain = _bare(drawn.translate(_FOR_WINDOWS)) or "file"
    if _DEVICE.match(plain):
        plain = f"_{plain}"
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 8:
        return _shortened(plain, MAX_BYTES)
    room = MAX_BYTES - len(f".{ending}".encode())
    return f"{_shortened(stem, room)}.{ending}"


def named(name: str, content_type: str) -> str:
    """The name with an ending that says what the file was found to be: 見積書.hta of a PDF becomes
    見積書.pdf.
    """
    endings = ENDINGS[content_type]
    stem = name
    while found := _ENDING.fullmatch(stem):
        if found[2].lower() in endings:
            return stem
        stem = found[1]
    return f"{_bare(stem)}.{endings[0]}"


def _bare(text: str) -> str:
    """Without the dots and spaces at either end that hide a file or that Windows drops."""
    return text.strip(" .\u3000")


def _shortened(text: str, size: int) -> str:
    return _bare(text.encode()[:size].decode(errors="ignore"))
