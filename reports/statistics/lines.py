"""A row of a release as a line of a page: an award in the list, an effect with its range."""

from typing import Any

from django.utils.translation import gettext as _

from portal.registry.models import in_english
from reports.statistics import wording
from reports.statistics.reading import Row


def named(row: Row, areas: dict[str, str]) -> dict[str, Any]:
    """An award as a line of the list."""
    return {
        "on": row["awarded_on"],
        "name": row["name"],
        "programme": row["programme_name_en" if in_english() else "programme_name"],
        "area": areas.get(row["area"], ""),
        "awarded": f"{row['awarded_yen']:,}",
        "fixed": "―" if row["fixed_yen"] is None else f"{row['fixed_yen']:,}",
        "paid": f"{row['paid_yen']:,}",
        "status": wording.STATUS[row["status"]],
    }


SPAN = 0.30  # the axis of effects reaches 30 % to either side


def effect(row: Row) -> dict[str, Any]:
    """An effect as a line: name, method, range as geometry in a box of 352 × 28, verdict, numbers, and why where there is none."""
    found = {
        "name": wording.EFFECTS[row["outcome"]],
        "method": wording.METHODS[row["method"]],
        "verdict": wording.VERDICTS[row["verdict"]],
        "clear": row["verdict"] in ("more", "less"),
        "treated": wording.cases(row["treated"]),
        "compared": wording.cases(row["compared"]),
        "why": wording.REFUSED.get(row["refused"], ""),
        "text": "―",
    }
    if row["estimate"] is None:
        return found

    def at(value: float) -> float:
        return round(176 + max(min(value / SPAN, 1), -1) * 170, 1)

    said = {name: wording.signed_percent(row[name]) for name in ("estimate", "low", "high")}
    label = _("差 %(estimate)s、幅 %(low)sから%(high)s") % said
    return found | {
        "text": said["estimate"],
        "low": said["low"],
        "high": said["high"],
        "point": at(row["estimate"]),
        "from": at(row["low"]),
        "to": at(row["high"]),
        "label": label,
    }
