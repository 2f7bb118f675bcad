"""交付の条件: what an award is bound to; the standard ones unless a programme states its own."""

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from portal.slots import fill

if TYPE_CHECKING:
    from grants.programmes.parameters import Programme

STANDARD = Path(__file__).parent / "conditions.toml"


class Condition(BaseModel):
    """One condition of the notice's annex, the duties that it announces (names of `announcing.DUTIES`),
    and the article that it rests on.

    Its text names values of the programme by their name in braces, such as {report_days}.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    announces: tuple[str, ...] = ()
    text: str
    source: str


@cache
def standard() -> tuple[Condition, ...]:
    """The conditions of every programme that states none."""
    stated = tomllib.loads(STANDARD.read_text(encoding="utf-8"))
    return tuple(Condition.model_validate(row) for row in stated["conditions"])


def fields(stated: "Programme") -> dict[str, str]:
    """What may stand in braces, as it is printed."""
    periods = stated.periods
    return {
        "report_days": str(periods.report_days),
        "withdrawal_days": str(periods.withdrawal_days),
        "follow_up_years": str(periods.follow_up_years),
        "progress_after_days": _listed(periods.progress_after_days),
        "use_check_months": _listed(periods.use_check_months),
        "asset_limit": f"{stated.asset_limit:,}",
        "two_quotes_above": f"{stated.two_quotes_above:,}",
    }


def _listed(numbers: tuple[int, ...]) -> str:
    return "、".join(map(str, numbers))


def filled(condition: Condition, stated: "Programme") -> str:
    """Its text with the values of the programme. Raises slots.Misfit for another name."""
    return fill(condition.text, fields(stated))
