"""What anyone may see.

The dashboard, how it was worked out, and every release that was ever published.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.ui.answered_again import answered_again
from portal.ui.limits import SEARCHES, limited
from portal.ui.paging import page_of
from portal.workflow.access import anyone
from reports.statistics.models import Release
from reports.statistics.page.board import Board
from reports.statistics.page.choice import Choice
from reports.statistics.page.dashboard import board_of, compared, credit
from reports.statistics.page.releases import newest, published, told
from reports.statistics.releasing.figures import Figures


@anyone
@limited(SEARCHES)
@answered_again
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
            "counted": _(
                "この窓口で受け付けた申請、交付決定、検査、支払いの記録から数えています。"
                "年度は公募の年度、区・市町村は本社の所在地です。取り下げられた交付決定は数えません。"
                "取り消されたものは、決めた件数と額に含め、返ってきた額を別に示します。"
            ),
            "by_subtraction": _(
                "合計との引き算で、上の2つが分かってしまうとき。ほかの欄も一緒に秘匿し、"
                "すべての欄と合計を知る人でも値の幅を狭められないことを、計算で確かめます。"
                "制度の上限額と下限額、名前のある一覧、支出の台帳も、知られているものとして計算します。"
            ),
            "near_scores": _(
                "点の近い申請どうしの比較：審査で点を付ける公募では、採択の境界（基準点）のすぐ上とすぐ下の事業者は、"
                "たまたま分かれたと考えられます。線から10点以内の事業者について、線のところでの差を測ります"
                "（回帰不連続）。言えるのは、線の近くの事業者についてだけです。"
            ),
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
