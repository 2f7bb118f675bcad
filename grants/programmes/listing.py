"""What lists of calls show and filter by.

It is read once from the parameters when a call is frozen, so that a list of thousands reads
columns and never the parameters themselves.
"""

from typing import TypedDict

from grants.programmes.parameters import Programme
from grants.programmes.parts import Bilingual
from grants.programmes.selecting import Selection


class Card(TypedDict):
    """What a row of the public list says.

    Texts by language; `cap` in yen or seats; `rate` as a fraction "2/3".
    """

    name: dict[str, str]
    summary: dict[str, str]
    lead: dict[str, str]
    family: dict[str, str]
    office: dict[str, str]
    cap: int
    unit: str
    rate: str
    selection: Selection


class Listed(TypedDict):
    """The columns of a call that its lists filter by. None: the rule is not asked."""

    card: Card
    kind: str
    listed: bool
    head_office_in: list[str] | None
    office_in_sapporo: bool
    employees_at_most: int | None
    sme_only: bool
    industries_in: list[str] | None
    industries_out: list[str] | None


def listed(stated: Programme) -> Listed:
    rules = {rule.rule: rule for rule in stated.rules}
    home, most = rules.get("head_office"), rules.get("employees_at_most")
    inside, outside = rules.get("industry_in"), rules.get("industry_not_in")
    return {
        "card": _card(stated),
        "kind": stated.kind,
        "listed": stated.listed,
        "head_office_in": list(home.areas) if home else None,
        "office_in_sapporo": "office" in rules,
        "employees_at_most": (most.limit or None) if most else None,
        "sme_only": bool({"sme", "sme_or_at_most"} & rules.keys()),
        "industries_in": list(inside.industries) if inside else None,
        "industries_out": list(outside.industries) if outside else None,
    }


def _card(stated: Programme) -> Card:
    rate = max(frame.rate for frame in stated.frames)
    return {
        "name": _texts(stated.name),
        "summary": _texts(stated.summary),
        "lead": _texts(stated.lead),
        "family": _texts(stated.family),
        "office": _texts(stated.office),
        "cap": max(frame.cap for frame in stated.frames),
        "unit": stated.unit,
        "rate": f"{rate.numerator}/{rate.denominator}",
        "selection": stated.selection,
    }


def _texts(text: Bilingual) -> dict[str, str]:
    return {"ja": text.ja, "en": text.en}
