"""The dashboard of a release for what a reader asked.

Its areas, what was chosen, what stands side by side.
"""

from portal.registry.models import Area
from portal.types import Context, Sent
from reports.statistics.models import Boundary, Release
from reports.statistics.page import comparisons, wording
from reports.statistics.page.board import Board
from reports.statistics.page.choice import Choice
from reports.statistics.page.forms import FilterForm
from reports.statistics.pipeline.names import ALL
from reports.statistics.releasing.figures import Figures


def all_areas() -> list[Area]:
    return list(Area.objects.select_related("municipality"))


def chosen(form: FilterForm, figures: Figures) -> Choice:
    """What a valid filter asks for; the newest year with awards where none is asked for."""
    data = form.cleaned_data if form.is_valid() else {}
    with_awards = [year for year in figures.years if figures.awards(year)["awards"]]
    year = data.get("year") or next(iter(with_awards or figures.years), figures.release.fiscal_year)
    return Choice(
        year, data.get("programme") or ALL, data.get("area") or ALL, data.get("show") or "awards"
    )


def board_of(release: Release, data: Sent) -> tuple[Board, FilterForm]:
    """The dashboard of a release for a query.

    An impossible filter leaves it unfiltered, with the form saying so.
    """
    figures, areas = Figures(release), all_areas()
    form = FilterForm(data or None, figures=figures, areas=areas)
    return Board(release, figures, areas, chosen(form, figures)), form


def compared(board: Board) -> Context:
    """Programmes side by side unless one was chosen, and kinds of firms where nothing was chosen.

    Those are published of all together.
    """
    choice = board.choice
    found: Context = {}
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
