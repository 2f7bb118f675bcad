"""Where a contact without an account stops the mails about a case."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from portal.correspondence import stopping
from portal.workflow.access import anyone


@anyone
def mails_stop(request: HttpRequest, said: str) -> HttpResponse:
    """By the link of the mail: opening it does nothing, since mail programs open links by themselves."""
    mails = stopping.opened_by(said)
    if not mails:
        raise Http404
    if request.method == "POST":
        stopping.stop(mails)
    is_stopped = request.method == "POST" or any(mail.stopped_at for mail in mails)
    return render(request, "portal/correspondence/stop.html", {"is_stopped": is_stopped})
