"""A case is called by another number once it is handed in: whatever leads to its draft (a mail, a list,
a page that was open) goes on to the address that it has now.
"""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from portal.cases.models import Case
from portal.types import is_signed_in
from portal.ui import kept


class FormerNumbers:
    """Asked only where nothing was found under the number of an address; whoever may not see the case
    hears of it what everybody hears of a number that no case ever had.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        match = request.resolver_match
        if not isinstance(exception, Http404) or match is None or "number" not in match.kwargs:
            return None
        number = _now(request, match.kwargs["number"])
        if number is None:
            return None
        now = reverse(match.view_name, kwargs=match.kwargs | {"number": number})
        kept.moved(request, now)
        query = request.META["QUERY_STRING"]
        answer = HttpResponseRedirect(f"{now}?{query}" if query else now)
        answer.status_code = 307  # a form goes on as it was sent, with its files
        return answer


def _now(request: HttpRequest, former: str) -> str | None:
    """The number of the case that had another one as a draft, for whoever may see it."""
    if not is_signed_in(request):
        return None
    cases = Case.objects.visible_to(request.user).filter(draft_number=former)
    return cases.values_list("number", flat=True).first()
