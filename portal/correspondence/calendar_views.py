"""The page of one's own calendar, and the calendar itself at its secret address."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.correspondence import own_calendar
from portal.types import SignedIn
from portal.ui.limits import READS, limited
from portal.workflow.access import anyone, only_reads, signed_in
from portal.workflow.writing import press


@signed_in
def own_calendar_page(request: SignedIn) -> HttpResponse:
    context = {
        "address": own_calendar.address_of(request.user),
        "may_write": not only_reads(request.user),
    }
    return render(request, "portal/correspondence/calendar.html", context)


@require_POST
@signed_in
def own_calendar_renew(request: SignedIn) -> HttpResponse:
    return press(
        request,
        lambda: own_calendar.renew(request.user),
        back="own_calendar",
        done=_("カレンダーのアドレスを作りました。前のアドレスがあったときは、もう使えません。"),
    )


@require_POST
@signed_in
def own_calendar_stop(request: SignedIn) -> HttpResponse:
    return press(
        request,
        lambda: own_calendar.stop(request.user),
        back="own_calendar",
        done=_("カレンダーのアドレスを消しました。"),
    )


@anyone
@limited(READS)
def own_calendar_file(request: HttpRequest, secret: str) -> HttpResponse:
    """Calendar programmes do not sign in: who knows the address reads the deadlines of its person."""
    person = own_calendar.person_by(secret)
    if person is None:
        raise Http404
    response = HttpResponse(
        own_calendar.calendar(person), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    response["Cache-Control"] = "private, no-store"
    return response
