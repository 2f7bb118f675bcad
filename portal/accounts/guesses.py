"""Guessing at passwords, and asking for mails: whoever guesses is slowed, and locks nobody out.

A browser that has opened an account before is known to it and counted alone (OWASP's device
cookies), so that guesses from elsewhere do not reach whoever works there. From a place that the
account does not know, a mail opens the door meanwhile: the code that it brings is no password, and
whoever came by it tries the codes of a second factor by a count of its own. Where the mails are used up as well,
by whoever asks for them, the first refusal of an hour sends the owner a link by which the browser that
opens it is known from then on (decision 0116).
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import clock, visitor
from portal.accounts import outgoing
from portal.accounts.models import User
from portal.accounts.ports import send_mail
from portal.ui import limits

COOKIE = f"{settings.COOKIE_PREFIX}known_to"
_SALT, _DAYS, _MOST = "portal.accounts.known", 180, 8  # people of one browser
_OF = "-"  # between the mark and the link
_LINK, _LINK_HOLDS = "portal.accounts.way_in", timedelta(hours=24)


def _mark(email: str, key: str = "") -> str:
    told = hmac.new((key or settings.SECRET_KEY).encode(), email.lower().encode(), hashlib.sha256)
    return told.hexdigest()[:24]


def _known(request: HttpRequest) -> list[str]:
    """The browser's own number, and the marks of the accounts that it has opened; behind one that a
    link has opened, the number of that link.
    """
    text = request.get_signed_cookie(COOKIE, "", salt=_SALT, max_age=_DAYS * limits.DAY)
    return str(text).split(".") if text else []


def remember(request: HttpRequest, response: HttpResponseBase, email: str) -> None:
    """From now on this browser is known to the account."""
    _remember(request, response, _mark(email))


def _remember(request: HttpRequest, response: HttpResponseBase, mark: str, link: str = "") -> None:
    number, *marks = _known(request) or [secrets.token_hex(8)]
    others = [known for known in marks if known.partition(_OF)[0] != mark]
    response.set_signed_cookie(
        COOKIE,
        ".".join([number, *others[1 - _MOST :], f"{mark}{_OF}{link}" if link else mark]),
        salt=_SALT,
        max_age=_DAYS * limits.DAY,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _place(request: HttpRequest, email: str) -> tuple[str, bool]:
    """Whence somebody asks: the browser where the account knows it, or the link that made it known,
    else the address.
    """
    number, *marks = _known(request) or [""]
    links = dict(mark.partition(_OF)[::2] for mark in marks)
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if (mark := _mark(email, key)) in links:
            return links[mark] or number, True
    return visitor.network(request), False


def count_mail(request: HttpRequest, email: str) -> None:
    """Count a key or code that is asked for by mail: whoever asks for somebody else's uses up their
    own, and not that of the browsers that the account knows.

    Raises limits.TooOften.
    """
    place, is_known = _place(request, email)
    with _way_in(request, "" if is_known else email):
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
    with _way_in(request, "" if is_known else email):
        for limit, named in asked:
            if amount > 0:
                limits.spend(request, limit, amount, named=named)
            else:
                limits.used(request, limit, amount, named=named)


# -- a way in for the owner -------------------------------------------------------------------------
@contextmanager
def _way_in(request: HttpRequest, email: str) -> Iterator[None]:
    """What is refused here, and asked of an account from a place unknown to it, sends its owner the
    link, once an hour; "" sends none.
    """
    try:
        yield
    except limits.TooOften as refused:
        if email:
            refused.mails_a_way_in = True
            _send_way_in(request, email)
        raise


def _send_way_in(request: HttpRequest, email: str) -> None:
    left, _seconds = limits.used(request, limits.WAYS_IN, named=_mark(email))
    owner = User.objects.filter(email=email.lower(), is_active=True).first()
    until = int((clock.now() + _LINK_HOLDS).timestamp())
    secret = signing.dumps([_mark(email), secrets.token_hex(8), until], salt=_LINK)
    link = reverse("sign_in_open", args=[secret])
    # done and undone where nobody has the address, so that the answer takes as long
    with transaction.atomic(), override(owner.language if owner else "ja"):
        words = outgoing.WAY_IN
        send_mail.value(
            address=owner.email if owner else "",
            subject=_("【さっぽろ事業支援ポータル】%(said)s") % {"said": words.subject},
            body=f"{words.says}\n\n{settings.SITE_URL}{link}",
            holds_key=True,
        )
        transaction.set_rollback(owner is None or left < 0)


def opened(request: HttpRequest, response: HttpResponseBase, secret: str) -> bool:
    """Whether the link was good; the browser is known then. All that one link opens are one place,
    whatever they opened before: guesses behind it are counted together. A browser that the account
    knows already stays what it is.
    """
    try:
        mark, number, until = signing.loads(secret, salt=_LINK)
    except (signing.BadSignature, ValueError):
        return False
    if until < clock.now().timestamp():
        return False
    if mark not in _known(request):
        _remember(request, response, mark, number)
    return True
