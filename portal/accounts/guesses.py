"""Guessing at passwords, and asking for mails: whoever guesses is slowed, and locks nobody out.

A browser that has opened an account before is known to it and counted alone (OWASP's device
cookies), so that guesses from elsewhere do not reach whoever works there. From a place that the
account does not know, a mail opens the door meanwhile: the code that it brings is no password, and
whoever came by it tries the codes of a second factor by a count of its own.
"""

import hashlib
import hmac
import secrets

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portal import visitor
from portal.ui import limits

COOKIE = f"{settings.COOKIE_PREFIX}known_to"
_SALT, _DAYS, _MOST = "portal.accounts.known", 180, 8  # people of one browser


def _mark(email: str, key: str = "") -> str:
    told = hmac.new((key or settings.SECRET_KEY).encode(), email.lower().encode(), hashlib.sha256)
    return told.hexdigest()[:24]


def _known(request: HttpRequest) -> list[str]:
    """The browser's own number, and the marks of the accounts that it has opened."""
    text = request.get_signed_cookie(COOKIE, "", salt=_SALT, max_age=_DAYS * limits.DAY)
    return str(text).split(".") if text else []


def remember(request: HttpRequest, response: HttpResponseBase, email: str) -> None:
    """From now on this browser is known to the account."""
    number, *marks = _known(request) or [secrets.token_hex(8)]
    others = [mark for mark in marks if mark != _mark(email)]
    response.set_signed_cookie(
        COOKIE,
        ".".join([number, *others[1 - _MOST :], _mark(email)]),
        salt=_SALT,
        max_age=_DAYS * limits.DAY,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _place(request: HttpRequest, email: str) -> tuple[str, bool]:
    """Whence somebody asks: the browser where the account knows it, else the address."""
    number, *marks = _known(request) or [""]
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    is_known = any(_mark(email, key) in marks for key in keys)
    return (number, True) if is_known else (visitor.network(request), False)


def count_mail(request: HttpRequest, email: str) -> None:
    """Count a key or code that is asked for by mail: whoever asks for somebody else's uses up their
    own, and not that of the browsers that the account knows.

    Raises limits.TooOften.
    """
    place, is_known = _place(request, email)
    limits.spend(request, limits.MAILS_HERE, named=f"{_mark(email)}:{place}")
    if not is_known:
        limits.spend(request, limits.MAILS, named=_mark(email))


def may_warn(request: HttpRequest, email: str) -> bool:
    """Whether the owner hears that somebody who knows the password fails at the second factor: once a
    day, whoever tries.
    """
    left, _seconds = limits.used(request, limits.WARNINGS, named=_mark(email))
    return left >= 0


def may_tell_a_stranger(request: HttpRequest, email: str) -> bool:
    """Whether an address that nobody registered hears so: once a day, whoever asks."""
    left, _seconds = limits.used(request, limits.MAILS_TO_STRANGERS, named=_mark(email))
    return left >= 0


def count(
    request: HttpRequest, email: str, amount: int = 1, *, of: str = "", by_mail: bool = False
) -> None:
    """Count a password that is tried, or a code (`of`): neither uses up what is left of the other. A
    right one is given back (a negative `amount`). `by_mail`: whoever asks has opened the account's
    mail just now, and is counted beside all who have not, wherever that is.

    Raises limits.TooOften.
    """
    place, is_known = ("mail", True) if by_mail else _place(request, email)
    mark = f"{_mark(email)}{of}"
    asked = [(limits.GUESSES_HERE, f"{mark}:{place}")]
    if not is_known:
        asked += [(limits.GUESSES, mark), (limits.GUESSES_OF_ADDRESS, "")]
    for limit, named in asked:
        if amount > 0:
            limits.spend(request, limit, amount, named=named)
        else:
            limits.used(request, limit, amount, named=named)
