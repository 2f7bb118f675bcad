"""The road to a contract in words and as it is drawn."""

from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.types import Context
from startups.rollouts import calendar

STEPS = {
    "use": (_lazy("使い始める"), _lazy("担当課")),
    "contract": (_lazy("契約を結ぶ"), _lazy("契約の担当")),
    "review": (_lazy("提案・入札を審査する"), _lazy("審査会")),
    "quotes": (_lazy("見積りを比べる"), _lazy("担当課")),
    "notice": (_lazy("業者を公募する"), _lazy("だれでも応募できます")),
    "council": (_lazy("議会の議決"), _lazy("定例会")),
    "request": (_lazy("予算を要求する"), _lazy("担当課")),
    "decide": (_lazy("導入するか決める"), _lazy("評価の結果を見て")),
    "report": (_lazy("結果を報告する"), _lazy("提案者と市町村")),
    "gate": (_lazy("中間の判定"), _lazy("続けるかを決める")),
    "pilot": (_lazy("実証"), ""),
}


def drawn(road: calendar.Road | None) -> Context:
    """What the template of the road needs."""
    if road is None:
        return {"road": None}
    found = calendar.drawing(road, clock.today())
    rows = [
        {
            "name": STEPS[step.key][0],
            "who": STEPS[step.key][1],
            "step": step,
            "x": x,
            "width": width,
            "weeks": weeks,
        }
        for step, x, width, weeks in found.rows
    ]
    return {
        "road": road,
        "road_rows": rows,
        "road_heads": found.heads,
        "road_marks": found.marks,
        "road_today": found.today,
        "today": clock.today(),
    }
