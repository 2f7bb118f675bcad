"""What every address of the public API shares:
read only, limited, cached with an entity tag, paged, errors as problem+json (RFC 9457).
"""

import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page

from portal import events
from portal.events import Event
from portal.types import Given
from portal.ui import limits
from portal.workflow.access import anyone

if TYPE_CHECKING:
    from django.core.paginator import _SupportsPagination

PER_PAGE, MOST = 20, 100
T = TypeVar("T")
P = ParamSpec("P")
View = Callable[..., HttpResponse]


class Problem(Exception):
    """An answer that is an error: status, title, a sentence,
    and the parameters at fault (name → sentences).
    """

    def __init__(
        self, status: int, title: str, detail: str = "", errors: dict[str, list[str]] | None = None
    ) -> None:
        super().__init__(title)
        self.status, self.title, self.detail, self.errors = status, title, detail, errors or {}

    def response(self) -> HttpResponse:
        body: dict[str, object] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "message": self.detail or self.title,
        }
        if self.errors:
            body["errors"] = self.errors
        return answer(body, status=self.status, content_type="application/problem+json")


def answer(
    body: object, *, status: int = 200, content_type: str = "application/json"
) -> HttpResponse:
    return HttpResponse(
        json.dumps(body, ensure_ascii=False), status=status, content_type=content_type
    )


def api(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> View:
    """Wrap a view that returns a response or raises Problem:
    over TLS, GET and HEAD only, rate limited, open to other sites' scripts, 304 where nothing changed.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if settings.HTTPS and not request.is_secure():
            refused = Problem(
                403, "HTTPS only", "https で始まるアドレスを使ってください。"
            ).response()
            refused["Cache-Control"] = "no-store"
            return refused
        left, seconds = limits.used(request, limits.READS)
        try:
            if request.method not in ("GET", "HEAD", "OPTIONS"):
                raise Problem(
                    405,
                    "Method not allowed",
                    "この窓口は読むためだけのものです。GET を使ってください。",
                )
            if left < 0:
                raise Problem(
                    429,
                    "Too many requests",
                    f"1分あたりの回数を超えました。{seconds}秒後にもう一度お試しください。",
                )
            response = view(request, *args, **kwargs)
        except Problem as problem:
            response = problem.response()
        except Http404:
            response = Problem(404, "Not found", "この番号のものはありません。").response()
        if response.status_code == 405:
            response["Allow"] = "GET, HEAD, OPTIONS"
        if response.status_code == 429:
            response["Retry-After"] = str(seconds)
            events.log(Event.RATE_LIMITED, code=limits.READS.name, seconds=seconds)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Allow-Headers"] = "If-None-Match"
        response["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After, X-RateLimit-Remaining"
        response["X-RateLimit-Remaining"] = str(max(left, 0))
        response.setdefault(
            "Cache-Control", "public, max-age=300" if response.status_code == 200 else "no-store"
        )
        return response

    found = anyone(
        csrf_exempt(conditional_page(wrapped))
    )  # nothing is written; a POST is told so as a problem
    found.answers_odd_input = True  # type: ignore[attr-defined]  # by a problem of its own
    return found


def asked(request: HttpRequest, form_class: type[forms.Form], also: Sequence[str] = ()) -> Given:
    """The cleaned query.

    Raises Problem 400 for a parameter that is unknown or makes no sense; `also`: names checked
    elsewhere.
    """
    form = form_class(request.GET)
    unknown = sorted(set(request.GET) - set(form.fields) - set(also))
    errors = {name: ["この名前の条件はありません。"] for name in unknown}
    if not form.is_valid():
        errors |= {name: [str(text) for text in texts] for name, texts in form.errors.items()}
    if errors:
        raise Problem(400, "Bad request", f"条件を確かめてください：{'、'.join(errors)}", errors)
    return form.cleaned_data


class PageForm(forms.Form):
    page = forms.IntegerField(min_value=1, max_value=1_000_000, required=False)
    per_page = forms.IntegerField(min_value=1, max_value=MOST, required=False)


def paged(
    request: HttpRequest, rows: "_SupportsPagination[T]", data: Given, shape: Callable[[T], object]
) -> HttpResponse:
    """{meta, data} of the page asked for, with links to its neighbours.

    Raises Problem 404 beyond the last page.
    """
    number, size = data.get("page") or 1, data.get("per_page") or PER_PAGE
    paginator = Paginator(rows, size)
    if number > paginator.num_pages:
        raise Problem(404, "No such page", f"{paginator.num_pages}ページまであります。")
    page = paginator.page(number)
    meta = {
        "total": paginator.count,
        "page": number,
        "per_page": size,
        "pages": paginator.num_pages,
        "licence": "CC BY 4.0",
        "source": "札幌市",
    }
    response = answer({"meta": meta, "data": [shape(row) for row in page]})
    links = []
    for relation, there, n in (
        ("prev", page.has_previous(), number - 1),
        ("next", page.has_next(), number + 1),
    ):
        if there:
            query = request.GET.copy()
            query["page"] = str(n)
            links.append(
                f'<{request.build_absolute_uri(f"{request.path}?{query.urlencode()}")}>; rel="{relation}"'
            )
    if links:
        response["Link"] = ", ".join(links)
    return response
