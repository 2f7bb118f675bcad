"""The conditions that a revocation says were broken, numbered as the annex of the award numbers them."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from grants.awards.models import Award
from portal.types import Given

ADDED = "交付の決定で付した条件"


class Condition(NamedTuple):
    number: str
    text: str
    source: str

    @property
    def said(self) -> str:
        return f"条件{self.number}　{self.text}（{self.source}）"


def announced(award: Award) -> list[Condition]:
    """What the award announced and its recipient may break: the programme's conditions as they were
    frozen, and what an officer added. Between them the annex has those about interest.
    """
    stated = award.stated
    added = [(line, ADDED) for line in award.conditions.splitlines() if line.strip()]
    first_added = len(stated.award_conditions) + 1
    rows = [*enumerate(stated.binding, 1), *enumerate(added, first_added)]
    return [Condition(str(n), text, source) for n, (text, source) in rows]


def choices(award: Award) -> dict[str, list[tuple[str, str]]]:
    return {"broken": [(row.number, row.said) for row in announced(award)]}


def chosen(award: Award, given: Given) -> list[Condition]:
    numbers = given.get("broken") or []
    return [row for row in announced(award) if row.number in numbers]


def misfits(award: Award, given: Given) -> list[str]:
    if len(chosen(award, given)) == len(given.get("broken") or []):
        return []
    return [_("反した条件は、この交付の決定で知らせた条件から選んでください。")]


def told(award: Award, given: Given) -> list[list[str]]:
    """As the paper names them, each as an item of its own."""
    return [["反した条件", f"交付決定通知書の別紙の{row.said}"] for row in chosen(award, given)]
