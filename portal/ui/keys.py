"""Whether single keys act on a page: a person may switch them off (WCAG 2.1.4), for their browser."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from portal.workflow.access import anyone, back_to

COOKIE = f"{settings.COOKIE_PREFIX}keys"


@require_POST
@anyone
def choose(request: HttpRequest) -> HttpResponse:
    """Writes nothing of ours: who only reads may choose, too."""
    answer = redirect(back_to(request, "home"))
    answer.set_cookie(
        COOKIE,
        "off" if request.POST.get("use") == "off" else "on",
        max_age=timedelta(days=365),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer
