"""A form sent after the session ended: what was typed waits in the new session until its sender has
signed in again.
"""

from collections.abc import Callable
from functools import update_wrapper
from typing import ParamSpec

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render

from portal.ui import limits
from portal.workflow.access import Public

P = ParamSpec("P")

NAME = "typed_after_the_end"
MOST = 200_000  # letters; what is longer is not shown again
MOST_WAITING = 40_000  # of what nobody has signed in for yet
# nor a form with a secret or with the officers' personal data
NEVER = (
    "password",
    "p-TOTAL_FORMS",
)


def keeps_typed(stands: Callable[..., bool]) -> Callable[[Public[P]], Public[P]]:
    """Keep a draft's text (a form with a `version`) whose POST meets a closed door; shown to be
    sent again where the same page lets its reader in. `stands`: is there a row at this address? Of
    others nothing is kept, and the answer is the same.
    """

    def decorate(view: Public[P]) -> Public[P]:
        def wrapped(request: HttpRequest, /, *args: P.args, **given: P.kwargs) -> HttpResponseBase:
            if request.user.is_authenticated:
                return _offered(request, view(request, *args, **given))
            is_data = "application/json" in request.headers.get("Accept", "")
            if request.method == "POST" and not is_data:
                _keep(request, is_there=stands(*args, **given))
            return view(request, *args, **given)

        update_wrapper(wrapped, view)
        return wrapped

    return decorate


def typed(sent: QueryDict) -> dict[str, str]:
    """What was typed, by name."""
    return {name: str(sent[name]) for name in sent if name != "csrfmiddlewaretoken"}


def is_secret(typed: dict[str, str]) -> bool:
    """Whether it holds what is kept nowhere, or too much of it."""
    return _signs(typed) > MOST or any(never in name for name in typed for never in NEVER)


def _signs(typed: dict[str, str]) -> int:
    return sum(len(name) + len(text) for name, text in typed.items())


def _keep(request: HttpRequest, *, is_there: bool) -> None:
    found = typed(request.POST)
    if "version" not in found or is_secret(found) or _signs(found) > MOST_WAITING:
        return
    if limits.used(request, limits.WAITING)[0] >= 0:
        request.session[NAME] = {"path": request.path, "typed": found if is_there else {}}


def _offered(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The kept form instead of the page, once, for whoever may see the page; it was kept under this
    very address.
    """
    kept = request.session.get(NAME)
    if (
        request.method != "GET"
        or not kept
        or kept["path"] != request.path
        or response.status_code != 200
    ):
        return response
    del request.session[NAME]
    return render(request, "portal/ui/kept.html", {"typed": kept["typed"], "path": request.path})


def moved(request: HttpRequest, to: str) -> None:
    """The page that what was typed waits for stands at another address from now on."""
    kept = request.session.get(NAME)
    if kept and kept["path"] == request.path:
        request.session[NAME] = kept | {"path": to}
