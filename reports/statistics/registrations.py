"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.programmes.ports import home_cards, last_year
from portal.cases import visibility
from portal.cases.ports import Panel, case_panels, loaders, page_names
from portal.notices.ports import office_papers
from portal.ui.ports import Menu, menus
from portal.workflow.ports import papers
from reports.statistics.models import Release
from reports.statistics.page import access, panels
from reports.statistics.paper import annual

NAMED = [
    ("statistics_live_csv", _lazy("いまの数字（CSV）")),
    ("statistics_live_xlsx", _lazy("いまの数字（Excel）")),
    ("release_draft_report", _lazy("公表前の統計の報告書")),
]


def register() -> None:
    for page, label in NAMED:
        page_names.add(page, label)
    loaders.add("release", access.release_for)
    case_panels.add(
        "outside",
        Panel(
            template="reports/statistics/panel.html",
            context=panels.of_case,
            side="office",
            anchor="outside",
            label=_lazy("ほかの補助"),
            kinds=(),
            readers=visibility.WATCHERS,
            reads=(panels.outside_of,),
        ),
    )
    last_year.fill(panels.year_before)
    home_cards.add("statistics", panels.home_card)
    papers.add("annual_report", lambda pk: annual.pdf(Release.objects.get(pk=pk)))
    office_papers.add("annual_report", access.kept_by)
    menus.add(
        "statistics",
        Menu(
            label=_lazy("統計"),
            url_name="statistics_live",
            may_see=lambda user: user.has_role(*Release.READERS),
        ),
    )
