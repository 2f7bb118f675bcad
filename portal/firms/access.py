"""Who of the office opens the desk of firms."""

from functools import wraps

from django.http import Http404
from django.http.response import HttpResponseBase

from portal.accounts.permissions import COUNTER, keeps_firms
from portal.types import SignedIn
from portal.workflow.access import P, Personal, Public, staff


def keepers(view: Personal[P]) -> Public[P]:
    """For officers of the counter; who sees assigned cases alone gets 404: a firm is nobody's case."""

    @staff(*COUNTER.roles)
    @wraps(view)
    def wrapped(request: SignedIn, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not keeps_firms(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped
