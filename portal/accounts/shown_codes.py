"""A code that went out by mail, shown on the page that asks for it as well: in the demonstration alone,
whose mails reach nobody.
"""

from django.conf import settings
from django.http import HttpRequest

KEPT = "demo_code"  # in the session; templates/components/demo_code.html shows it


def keep(request: HttpRequest | None, code: str) -> None:
    """`code`: of the last mail, "" where it had none."""
    if settings.DEMO and request is not None:
        request.session[KEPT] = code
