"""What anyone may see: the dashboard, how it was reckoned, and every release that was ever published."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from portal.registry.models import Area
from portal.ui.paging import page_of
from portal.workflow.access import anyone
from reports.statistics import comparisons, wording
from reports.statistics.board import Board, Choice
from reports.statistics.dimensions import ALL
from reports.statistics.forms import FilterForm
from reports.statistics.models import Boundary, Release
from reports.statistics.reading import Figures
from reports.statistics.reconciling import OPEN


def all_areas() -> list[Area]:
    return list(Area.objects.select_related("municipality"))


def newest() -> Release | None:
    """The release that stands: of the latest fiscal year that has one."""
    return Release.objects.current().first()


def published(number: str) -> Release:
    """A release that is or was public; 404 for a draft."""
    return get_object_or_404(Release.objects.public(), number=number)


def chosen(form: FilterForm, figures: Figures) -> Choice:
    """What a valid filter asks for; the newest year with awards where none is asked for."""
    data = form.cleaned_data if form.is_valid() else {}
    with_awards = [year for year in figures.years if figures.awards(year)["awards"]]
    year = data.get("year") or next(iter(with_awards or figures.years), figures.release.fiscal_year)
    return Choice(
        year, data.get("programme") or ALL, data.get("area") or ALL, data.get("show") or "awards"
    )


def board_of(release: Release, data: Any) -> tuple[Board, FilterForm]:
    """The dashboard of a release for a query; an impossible filter leaves it unfiltered, with the form saying so."""
    figures, areas = Figures(release), all_areas()
    form = FilterForm(data or None, figures=figures, areas=areas)
    return Board(release, figures, areas, chosen(form, figures)), form


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


def compared(board: Board) -> dict[str, Any]:
    """Programmes side by side unless one was chosen; kinds of firms where nothing was chosen, since they are published of all together."""
    choice, found = board.choice, {}
    if choice.programme == ALL:
        links = {code: choice.link(programme=code) for code in board.programme_names}
        found["programmes"] = comparisons.programmes(
            board.figures, choice.year, choice.area, board.programme_names, links
        )
        if choice.area == ALL:
            found["firms"], unshown = comparisons.firms(board.figures, choice.year)
            found["unshown"] = wording.listed(unshown)
    return found


def credit(board: Board) -> str:
    """The source of the map's shapes, where it has any."""
    found = Boundary.objects.first()
    return found.source if found else ""


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


def told(release: Release, *, to_office: bool = False) -> dict[str, Any]:
    """What is said of a release: its checks (their sums where they may be read), what changed since the last, its tables."""
    return {
        "release": release,
        "checks": [
            (wording.CHECKS[what], f"{ours:,}", f"{book:,}", to_office or what in OPEN)
            for what, ours, book in release.checks
        ],
        "faults": [
            (wording.CHECKS[what], f"{cases:,}", f"{yen:,}") for what, cases, yen in release.faults
        ],
        "differences": [wording.difference(row) for row in release.differences],
        "tables": sorted(release.row_counts.items()),
        "before": release.before,
        "endings": ("csv", "xlsx", "parquet", "json"),
        "later": Release.objects.filter(fiscal_year=release.fiscal_year, state="approved")
        .exclude(pk=release.pk)
        .first(),
    }


def table_of(release: Release, name: str) -> tuple[list[list[str]], list[list[Any]]]:
    """Columns and rows of a table of a release. Raises Http404."""
    found = release.tables.filter(name=name).values_list("columns", "rows").first()
    if found is None:
        raise Http404
    return found
