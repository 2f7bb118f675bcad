"""Addresses of files.

Tables of a release in four formats, charts as SVG and PNG, the report for the council.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import resvg_py
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import etag

from portal.audit.chain import sha256
from portal.types import Context, Text
from portal.ui.alone import PUBLIC, alone
from portal.ui.limits import READS, limited
from portal.workflow.access import anyone
from portal.workflow.papers import answer
from reports.papers import fonts
from reports.statistics.models import Release
from reports.statistics.page import dashboard, releases
from reports.statistics.page.board import Board
from reports.statistics.page.charts import Bar
from reports.statistics.paper import annual
from reports.statistics.releasing import files

TYPEFACE = Path(fonts.__file__).parent / "typeface" / "NotoSerifJP_400Regular.ttf"
BARS: dict[str, tuple[Callable[[Board], tuple[Bar, ...]], Text]] = {  # chart → its bars, its title
    "programmes": (Board.programmes, _lazy("制度ごとの交付決定額（円）、%(y)s")),
    "funnel": (Board.funnel, _lazy("申請から支払いまでの件数、%(y)s")),
    "road": (Board.road, _lazy("行政課題から本格導入までの件数、%(y)s")),
}
CHARTS = ("map", "days", "trend", "effects", *BARS)


def mark(request: HttpRequest, number: str, name: str, ending: str) -> str | None:
    """The entity tag of a file of a release.

    It never changes, so its release's hash and its address say all.
    """
    found = Release.objects.public().filter(number=number).values_list("sha256", flat=True).first()
    return f'"{sha256(f"{found}{request.get_full_path()}")[:24]}"' if found else None


def refused(text: str, status: int = 422) -> HttpResponse:
    return HttpResponse(
        text,
        content_type="text/plain; charset=utf-8",
        status=status,
        headers={"Cache-Control": "no-store"},
    )


@anyone
@etag(mark)
@limited(READS)
def table(request: HttpRequest, number: str, name: str, ending: str) -> HttpResponse:
    """A whole table, or the rows that the query names by column=value.

    422 with a sentence where no row can match.
    """
    release = releases.published(number)
    if ending not in files.FORMATS:
        raise Http404
    content_type, write = files.FORMATS[ending]
    found = files.Table(name, *releases.table_of(release, name), files.about(release))
    try:
        rows = found.only({name: str(value) for name, value in request.GET.items() if value})
        with alone(PUBLIC):
            data = write(rows)
    except KeyError as error:
        return refused(_("この表に「%(name)s」という列はありません。") % {"name": error.args[0]})
    except ValueError as error:
        return refused(_("列「%(name)s」に、その値の行はありません。") % {"name": error.args[0]})
    return attachment(data, content_type, f"{release.number}-{name}.{ending}")


def attachment(data: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "public, max-age=3600"
    return response


@anyone
@etag(mark)
@limited(READS)
def chart(request: HttpRequest, number: str, name: str, ending: str) -> HttpResponse:
    """A chart of the dashboard for the same query, as a file that stands alone."""
    if name not in CHARTS or ending not in ("svg", "png"):
        raise Http404
    board, form = dashboard.board_of(releases.published(number), request.GET)
    if form.errors:
        return refused(_("その条件のグラフはありません。"))
    svg = drawn(board, name)
    if ending == "svg":
        return attachment(svg.encode(), "image/svg+xml", f"{number}-{name}.svg")
    with alone(PUBLIC):
        data = picture(svg)
    return attachment(data, "image/png", f"{number}-{name}.png")


def drawn(board: Board, name: str) -> str:
    """A chart as SVG with its own colours and its source below it."""
    context: Context = {"board": board, "alone": True, "name": name, "source": files.SOURCE}
    if name in BARS:
        bars, title = BARS[name]
        rows = bars(board)
        context |= {
            "title": title % {"y": board.year},
            "bars": list(zip(rows, range(0, len(rows) * 28, 28), strict=True)),
            "height": len(rows) * 28 + 70,
            "foot": len(rows) * 28 + 22,
        }
        return render_to_string("reports/statistics/charts/bars.svg", context)
    if name == "map":
        context |= {"map": board.map(), "credit": dashboard.credit(board)}
    elif name == "effects":
        found = board.effects()
        context |= {
            "title": _("補助を受けた事業者と受けなかった事業者の差"),
            "rows": list(zip(found, range(26, 26 + len(found) * 44, 44), strict=True)),
            "height": len(found) * 44 + 96,
            "foot": len(found) * 44 + 48,
        }
    else:
        context |= {"chart": board.days() if name == "days" else board.trend()}
    return render_to_string(f"reports/statistics/charts/{name}.svg", context)


@lru_cache(maxsize=64)
def picture(svg: str) -> bytes:
    """A chart as PNG, twice its own size, in the portal's typeface."""
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=2,
        background="#ffffff",
        skip_system_fonts=True,
        font_files=[str(TYPEFACE)],
        font_family="Noto Serif JP",
        serif_family="Noto Serif JP",
        sans_serif_family="Noto Serif JP",
    )


@anyone
@etag(lambda request, number: mark(request, number, "report", "pdf"))
@limited(READS)
def report(request: HttpRequest, number: str) -> HttpResponse:
    """The annual report as PDF, in Japanese, drawn from the snapshot alone."""
    release = releases.published(number)
    name = f"{release.number}-report.pdf"
    response = answer(
        request, "annual_report", release, lambda: annual.pdf(release), name=name, line=PUBLIC
    )
    response.setdefault("Cache-Control", "public, max-age=3600")
    return response
