"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from portal import ports
from portal.cases import visibility
from reports.statistics.models import Release
from reports.statistics.page import cards, releases


def register() -> None:
    ports.loaders.add("release", releases.open_to)
    ports.home_cards.add("statistics", cards.home_card)
    ports.case_panels.add(
        "outside",
        ports.Panel(
            "reports/statistics/panel.html",
            cards.panel,
            side="office",
            anchor="outside",
            label=_lazy("ほかの補助"),
            kinds=(),
            readers=visibility.WATCHERS,
        ),
    )
    ports.menus.add(
        "statistics",
        ports.Menu(_lazy("統計"), "statistics_live", lambda user: user.has_role(*Release.READERS)),
    )
