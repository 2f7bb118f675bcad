"""Effects as lines of a page: what was compared, how far it lies apart, what may be said."""

from typing import TypedDict

from django.utils.translation import gettext as _

from portal.types import Text
from reports.statistics.models import Row
from reports.statistics.page import wording

SPAN = 0.30  # the axis of effects reaches 30 % to either side
# `why`: the reason where nothing is said; all after it stand only where something is
EffectLine = TypedDict(
    "EffectLine",
    {
        "name": Text,
        "method": Text,
        "verdict": Text,
        "clear": bool,
        "treated": str,
        "compared": str,
        "text": str,
        "why": Text,
        "low": str,
        "high": str,
        "label": str,
        "point": float,
        "from": float,
        "to": float,
    },
    total=False,
)


def effect_line(row: Row) -> EffectLine:
    """An effect in words, with its range as geometry in a box of 352 × 28."""
    found: EffectLine = {
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
