"""What anyone may see: the dashboard, how it was reckoned, and every release that was ever published."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.ui.paging import page_of
from portal.workflow.access import anyone
from reports.statistics.models import Release
from reports.statistics.page.board import Board
from reports.statistics.page.choice import Choice
from reports.statistics.page.dashboard import board_of, compared, credit
from reports.statistics.page.releases import newest, published, told
from reports.statistics.releasing.reading import Figures


@anyone
def dashboard(request: HttpRequest) -> HttpResponse:
    release = newest()
    if release is None:
        return render(request, "reports/statistics/none.html")
    return shown(request, release)


def shown(request: HttpRequest, release: Release, *, is_preview: bool = False) -> HttpResponse:
    """The dashboard of a release; a preview has no files, since nobody outside may have them yet."""
    board, form = board_of(release, request.GET)
    context = {
        "board": board,
        "form": form,
        "release": release,
        "map": board.map(),
        "credit": credit(board),
        "query": request.GET.urlencode(),
        "is_preview": is_preview,
    } | compared(board)
    return render(
        request, "reports/statistics/page.html", context, status=422 if form.errors else 200
    )


@anyone
def method(request: HttpRequest) -> HttpResponse:
    """How figures are made, protected and compared, and what may not be concluded."""
    release = newest()
    return render(
        request,
        "reports/statistics/method.html",
        {
            "release": release,
            "effects": Board(release, Figures(release), [], Choice(release.fiscal_year)).effects()
            if release
            else [],
        },
    )


@anyone
def releases(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "reports/statistics/releases.html",
        {"page": page_of(request, Release.objects.public(), 30)},
    )


@anyone
def release_page(request: HttpRequest, number: str) -> HttpResponse:
    return render(request, "reports/statistics/release.html", told(published(number)))
