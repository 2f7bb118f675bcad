"""The administrators' page of maintenance, and the page that everybody reads while the portal is closed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.days import moment_said
from portal.events import Event
from portal.maintenance import announcing
from portal.maintenance.announcing import KEEPERS, Wanted
from portal.maintenance.forms import MaintenanceForm
from portal.maintenance.gate import Closed
from portal.maintenance.models import Maintenance
from portal.types import Context, SignedIn
from portal.ui.context import in_both_languages
from portal.ui.paging import page_of
from portal.workflow.access import staff
from portal.workflow.writing import Tried, press, trying


@staff(*KEEPERS, "auditor")
def maintenance_list(request: SignedIn) -> HttpResponse:
    rows = Maintenance.objects.select_related("announced_by", "called_off_by")
    context = {"page": page_of(request, rows, 60), "may_announce": request.user.has_role(*KEEPERS)}
    return render(request, "portal/maintenance/list.html", context)


@staff(*KEEPERS)
def maintenance_new(request: SignedIn) -> HttpResponse:
    """Whose time runs out meanwhile is said first; sent again with the same seen, it is announced."""
    form = MaintenanceForm(request.POST or None)
    context: Context = {"form": form}
    tried = Tried(status=422 if form.errors else 200)
    if form.is_bound and form.is_valid():
        context |= _looked_at(form.wanted)
        if request.POST.get("seen_endings") == context["seen"]:
            with trying() as tried:
                announcing.announce(form.wanted, by=request.user)
            if tried.is_done:
                messages.success(
                    request, _("お知らせしました。始まる2週間前から、すべてのページに出ます。")
                )
                return redirect("maintenance_list")
    context["reasons"] = tried.reasons
    return render(request, "portal/maintenance/new.html", context, status=tried.status)


def _looked_at(wanted: Wanted) -> Context:
    found = announcing.ending_in(wanted)
    hours = f"{wanted.starts_at:%m%d%H%M}-{wanted.ends_at:%m%d%H%M}"
    return {
        "endings": found,
        "seen": f"{hours}-{len(found)}-{sum(row.cases or 0 for row in found)}",
        "span": Maintenance(starts_at=wanted.starts_at, ends_at=wanted.ends_at).span_said,
    }


@require_POST
@staff(*KEEPERS)
def maintenance_call_off(request: SignedIn, pk: int) -> HttpResponse:
    row = get_object_or_404(Maintenance, pk=pk)
    return press(
        request,
        lambda: announcing.call_off(row, by=request.user),
        back="maintenance_list",
        done=_("取りやめました。お知らせは、1分ほどで消えます。"),
    )


def closed_page(request: HttpRequest, closed: Closed) -> HttpResponse:
    """In both languages, with the anonymous frame: who is signed in is not asked, nor anything else of
    the database.
    """
    if "application/json" in request.headers.get("Accept", ""):
        response: HttpResponse = JsonResponse({"message": _title()}, status=503)
    else:
        with override("ja" if get_language() == "en" else "en"):
            other = {"code": get_language(), "title": _title(), "text": _when(closed)}
        path = request.get_full_path()
        context = {
            "title": _title(),
            "text": _when(closed),
            "was_sent": request.method == "POST",
            "other": other,
            "again": path if request.method in ("GET", "HEAD") else "",
            **in_both_languages(request),
        }
        text = render_to_string("portal/maintenance/closed.html", context)
        response = HttpResponse(text, status=503)
    response["Retry-After"] = str(closed.retry_after)
    response["Cache-Control"] = "no-store"
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would write an ERROR
    response.event = Event.CLOSED_FOR_WORK  # type: ignore[attr-defined]  # for portal/ui/middleware.py
    return response


def _title() -> str:
    return _("ただいま保守のため閉じています")


def _when(closed: Closed) -> str:
    if closed.until is None or closed.is_late:
        return _("作業が終わりしだい開きます。保存した内容は残っています。")
    return _("%(at)sに開く予定です。保存した内容は残っています。") % {
        "at": moment_said(closed.until)
    }
