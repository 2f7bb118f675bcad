"""When a session ends by itself: after a while without a page, by role, and at the latest after
SESSION_COOKIE_AGE. What was typed in a draft meanwhile is kept (portal/ui/kept.py).
"""

import time

from django.conf import settings
from django.http import HttpRequest

from portal.accounts.models import User

_NOTED = 60  # seconds between two notes of a person at work
_SEEN, _BEGAN = "seen", "began"  # seconds since 1970, of the real clock


def minutes(person: User) -> int:
    """How long a person may be away."""
    if person.has_role("administrator"):
        return 15
    return 30 if person.is_office else 120


def begin(request: HttpRequest) -> None:
    request.session[_SEEN] = request.session[_BEGAN] = time.time()


def is_over(request: HttpRequest, person: User) -> bool:
    """Whether this session has ended; one that goes on is noted."""
    now = time.time()
    seen, began = request.session.get(_SEEN), request.session.get(_BEGAN)
    if seen is None or began is None:
        begin(request)
        return False
    if now - seen > minutes(person) * 60 or now - began > settings.SESSION_COOKIE_AGE:
        return True
    if now - seen > _NOTED:
        request.session[_SEEN] = now
    return False
