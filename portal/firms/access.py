"""Who of the office opens the desk of firms, which shows those that the person keeps."""

from functools import wraps

from django.http import Http404
from django.http.response import HttpResponseBase

from portal.accounts.keeping import keeps_firms
from portal.accounts.permissions import COUNTER
from portal.types import SignedIn
from portal.workflow.access import P, Personal, Public, staff


def keepers(view: Personal[P]) -> Public[P]:
    """For officers of the counter; who keeps no firm at all gets 404."""

    @staff(*COUNTER.roles)
    @wraps(view)
    def wrapped(request: SignedIn, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not keeps_firms(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped
