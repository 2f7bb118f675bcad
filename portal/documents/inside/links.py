"""Which addresses a document may lead to when somebody presses on them."""

import re

_WEB = re.compile(r"(https?|mailto|tel):", re.I)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def is_plain(address: str) -> bool:
    """The web, mail or a telephone, or a place within; never a file, a share of a network or a
    script.
    """
    plain = "".join(sign for sign in address if sign > " ")
    if _WEB.match(plain):
        return True
    return not _SCHEME.match(plain) and not plain.startswith(("//", "\\", "/\\"))
