"""Pages that belong to no room: errors, the frame's own."""

import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext_noop, override
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import events, outage
from portal.events import Event
from portal.types import Text, Visitor, is_signed_in
from portal.ui import kept, limits
from portal.ui.alone import Taken
from portal.ui.context import in_both_languages
from portal.ui.limits import TooOften
from portal.workflow.access import role_ended

AWAY_TEXT = gettext_noop(
    "こちらの都合で、ページを開けませんでした。保存した内容は残っています。1分ほどたってから、もう一度お試しください。"
)
# what of one request was more than is read at once, and what to do instead
TOO_MUCH: dict[type[Exception], Text] = {
    TooManyFilesSent: _lazy(
        "一度に送れるファイルは%(files)s個までです。前の画面に戻り、何回かに分けて送ってください。"
    ),
    TooManyFieldsSent: _lazy(
        "一度に送れる入力欄は%(fields)s個までです。前の画面に戻り、行を減らすか、何回かに分けて送ってください。"
    ),
    RequestDataTooBig: _lazy(
        "一度に送れる文章は%(megabytes)sMBまでです。前の画面に戻り、短くするか、何回かに分けて送ってください。"
    ),
}
MOST = {
    "files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
    "fields": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
    "megabytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2,
}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if said := next((text for kind, text in TOO_MUCH.items() if isinstance(exception, kind)), ""):
        return render(request, "413.html", {"said": said % MOST}, status=413)
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    reasons = getattr(exception, "reasons", None) or [
        str(arg) for arg in getattr(exception, "args", [])
    ]
    return render(request, "403.html", {"reasons": reasons}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing is there, or nothing for this person: which, is not said. Whose role of the office has
    ended hears that on every such page; whoever signed in for a firm, on a page of cases, drafts and
    papers, what may be the reason and what to do.
    """
    user: Visitor | None = getattr(request, "user", None)
    ended = role_ended(user) if user is not None and user.is_authenticated else ""
    who = getattr(getattr(request.resolver_match, "func", None), "access", "")
    if who == "signed_in" and is_signed_in(request) and not request.user.is_office and not ended:
        firms = request.user.firms()
        return render(request, "not_yours.html", {"firms": firms}, status=404)
    return render(request, "404.html", {"ended": ended}, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Whatever nobody caught.

    Where database or storage are away it says so, and asks neither of them anything.
    """
    if isinstance(sys.exc_info()[1], outage.AWAY):
        return away(request)
    try:
        return render(request, "500.html", status=500)
    except outage.AWAY:
        return away(request)


def away(request: HttpRequest) -> HttpResponse:
    """The page of an outage, in both languages, with the anonymous frame: who is signed in is not
    asked.
    """
    with override("ja" if get_language() == "en" else "en"):
        other = {
            "code": get_language(),
            "title": _("いま一時的につながりません"),
            "text": _(AWAY_TEXT),
        }
    path = request.get_full_path()
    context = {
        "text": _(AWAY_TEXT),
        "other": other,
        "again": path if request.method in ("GET", "HEAD") else "/",
        "demo": settings.DEMO,
        **in_both_languages(request),
    }
    response = HttpResponse(render_to_string("503.html", context), status=503)
    response["Retry-After"] = str(outage.RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def too_often(request: HttpRequest, refused: TooOften) -> HttpResponse:
    """When it can go on, and what was typed."""
    asks = {"signs_in": refused.limit in limits.OF_GUESSES}
    asks["mails_a_way_in"] = refused.mails_a_way_in
    return _come_again(request, refused, 429, asks)


def taken(request: HttpRequest, refused: Taken) -> HttpResponse:
    """The same, a moment later. A form that is being done keeps the token of its page, by which it
    is known again.
    """
    token = request.POST.get("csrfmiddlewaretoken", "") if refused.is_being_done else ""
    result = _("結果を確かめる") if refused.is_being_done else ""
    response = _come_again(request, refused, 503, {"same_form": token, "result": result})
    response.event = Event.WORK_TAKEN  # type: ignore[attr-defined]  # for portal/ui/middleware.py
    return response


def _come_again(
    request: HttpRequest, refused: TooOften | Taken, status: int, asks: Mapping[str, bool | str]
) -> HttpResponse:
    """What was typed, to be sent again; passwords and files are not kept."""
    if "application/json" in request.headers.get("Accept", ""):
        response: HttpResponse = JsonResponse({"message": refused.sentence}, status=status)
    else:
        is_kept = not request.FILES and not kept.is_secret(kept.typed(request.POST))
        context = {
            "sentence": refused.sentence,
            "typed": request.POST.lists() if is_kept else [],
            "path": request.get_full_path(),
            "page": _came_from(request),
            **asks,
        }
        response = render(request, "429.html", context, status=status)
    response["Retry-After"] = str(refused.seconds)
    response["Cache-Control"] = "no-store"
    return response


def _came_from(request: HttpRequest) -> str:
    """The page of ours that the form stood on, since its own address may be for sending alone."""
    said = urlsplit(request.headers.get("Referer", ""))
    if said.netloc != request.get_host():
        return request.get_full_path()
    return said._replace(scheme="", netloc="", fragment="").geturl()


def too_many(request: HttpRequest) -> HttpResponse:
    """Where a limit of the sign-in library is reached."""
    events.log(Event.RATE_LIMITED, code=limits.OF_LIBRARY.name)
    return too_often(request, TooOften(limits.OF_LIBRARY, limits.MINUTE))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    response = render(request, "403_csrf.html", status=403)
    response.event = Event.CSRF_REFUSED  # type: ignore[attr-defined]  # for portal/ui/middleware.py
    return response
