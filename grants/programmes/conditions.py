"""交付の条件: what an award is bound to; the standard ones unless a programme states its own."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

STANDARD = Path(__file__).parent / "conditions.toml"


class Condition(BaseModel):
    """One condition of the notice's annex, and the article that it rests on.

    Its text names days of the programme by their name in braces, such as {report_days}.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    source: str


@cache
def standard() -> tuple[Condition, ...]:
    """The conditions of every programme that states none."""
    stated = tomllib.loads(STANDARD.read_text(encoding="utf-8"))
    return tuple(Condition.model_validate(row) for row in stated["conditions"])
