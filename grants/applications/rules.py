"""Pure rules of an application: the aid for cost items, what is missing, what changed between versions."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from grants.programmes.parameters import Programme
from portal.money import Aid, aid

MAX_ITEMS = 20


def by_category(items: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Yen (without tax) by category of the cost items [{"what", "category", "order_on", "amount"}]."""
    totals: Counter[str] = Counter()
    for item in items:
        totals[str(item["category"])] += int(item.get("amount") or 0)
    return dict(totals)


def amount(
    programme: Programme, frame: str, items: Iterable[Mapping[str, Any]], *, year: int = 1, months: int = 12
) -> Aid:
    """The aid for a frame and cost items; `year` of support and `months` of it left where the scheme says so."""
    return aid(by_category(items), programme.terms(frame, year=year, months=months))


def needs_two_quotes(programme: Programme, item: Mapping[str, Any]) -> bool:
    """True above the limit, yen with tax: an order of more needs a second, unrelated vendor."""
    return int(item.get("amount") or 0) * 110 // 100 > programme.two_quotes_above


def early_items(items: Iterable[Mapping[str, Any]], decision_on: date) -> list[int]:
    """Rows (1-based) whose planned order lies not after the expected decision: their cost would not count."""
    return [
        n
        for n, item in enumerate(items, 1)
        if item.get("order_on") and date.fromisoformat(item["order_on"]) <= decision_on
    ]


def flatten(content: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Frozen content as dotted path → text, for comparing two versions."""
    flat: dict[str, str] = {}
    for key, value in content.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{path}.")
        elif isinstance(value, list):
            for n, entry in enumerate(value, 1):
                flat |= flatten(entry, f"{path}.{n}.") if isinstance(entry, Mapping) else {f"{path}.{n}": str(entry)}
        else:
            flat[path] = "" if value is None else str(value)
    return flat


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Paths whose text differs: path → (before, after)."""
    old, new = flatten(before), flatten(after)
    return {
        path: (old.get(path, ""), new.get(path, ""))
        for path in sorted({*old, *new})
        if old.get(path, "") != new.get(path, "")
    }


def part_changed(before: Mapping[str, Any], after: Mapping[str, Any], part: str) -> bool:
    """True when anything under `part` ("answers.plan", "costs", "documents.quote") differs between two versions."""
    return any(path == part or path.startswith(f"{part}.") for path in changed(before, after))
