"""Pure rules of an application: the aid for cost items, and what changed between versions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from grants.applications.content import Content, Sum
from grants.programmes import sizes
from grants.programmes.parameters import Programme
from portal.money import Aid, aid

MAX_ITEMS = 20
QUOTE = "quote"  # the key of a programme's document that brings quotations


def by_category(items: Iterable[Sum]) -> dict[str, int]:
    """Yen (without tax) by category of the cost items [{"what", "category", "order_on", "amount"}]."""
    totals: Counter[str] = Counter()
    for item in items:
        totals[str(item["category"])] += int(item.get("amount") or 0)
    return dict(totals)


def amount(
    programme: Programme,
    frame: str,
    items: Iterable[Sum],
    *,
    year: int = 1,
    months: int = 12,
) -> Aid:
    """The aid for a frame and cost items.

    `year` of support and `months` of it left, where the scheme says so.
    """
    return aid(by_category(items), programme.terms(frame, year=year, months=months))


def needs_two_quotes(programme: Programme, item: Sum) -> bool:
    """True above the limit, yen with tax: an order of more needs a second, unrelated vendor."""
    return _asks_two(programme, [item])


def may_be_one_order(programme: Programme, items: Sequence[Sum]) -> bool:
    """True where no item alone needs two quotations, and all of them as one order would."""
    alone = any(needs_two_quotes(programme, item) for item in items)
    return len(items) > 1 and not alone and _asks_two(programme, items)


def with_tax(items: Sequence[Sum]) -> int:
    return sum(int(item.get("amount") or 0) for item in items) * 110 // 100


def _asks_two(programme: Programme, items: Sequence[Sum]) -> bool:
    """A programme whose limit is 0 asks for none."""
    limit = programme.two_quotes_above
    return bool(limit) and with_tax(items) > limit


def flatten(content: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    """Frozen content as dotted path → text, for comparing two versions."""
    flat: dict[str, str] = {}
    for key, value in content.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{path}.")
        elif isinstance(value, list):
            for n, entry in enumerate(value, 1):
                flat |= (
                    flatten(entry, f"{path}.{n}.")
                    if isinstance(entry, Mapping)
                    else {f"{path}.{n}": str(entry)}
                )
        else:
            flat[path] = "" if value is None else str(value)
    return flat


def changed(before: Content, after: Content) -> dict[str, tuple[str, str]]:
    """Paths whose text differs: path → (before, after)."""
    old, new = flatten(before), flatten(after)
    return {
        path: (old.get(path, ""), new.get(path, ""))
        for path in sorted({*old, *new})
        if old.get(path, "") != new.get(path, "")
    }


# parts of which the officer's page shows more than the field they are named by
SHOWN_TOGETHER = {
    "organisation.name": ("name", "kana", "corporate_number"),
    "organisation.address": ("area", "postal_code", "address", "prefecture", "country", "seat"),
    "organisation.industry": ("industry", "capital", "employees"),
    "eligibility.large_income": tuple(sizes.LARGE_TESTS),
    "organisation.representative_name": ("representative_title", "representative_name"),
}


def section_of(part: str) -> str:
    """The section in which a part is written: the costs for the sum of the aid."""
    section = part.partition(".")[0]
    return "costs" if section == "aid" else section


def fields_of(part: str) -> tuple[str, ...]:
    """Names of the controls that a part is written in; none for files, cost items and sums."""
    section, _dot, name = part.partition(".")
    if section in ("documents", "aid") or not name or part.startswith("costs.items."):
        return ()
    return SHOWN_TOGETHER.get(part, (name,))


def cited(content: Content, part: str) -> list[dict[str, str]]:
    """What of a version stands in a part, to be compared: files by hash, a cost item by its cells."""
    section, _dot, name = part.partition(".")
    if section == "documents":
        day = content.get("issued", {}).get(name)
        return [
            {"name": d["name"], "sha256": d["sha256"]} | ({"issued": day} if day else {})
            for d in content.get("documents", [])
            if d["key"] == name
        ] + [flatten(row) for row in content.get("instead", []) if row["key"] == name]
    if part.startswith("costs.items."):
        items, n = content.get("costs", {}).get("items", []), int(name.removeprefix("items."))
        return [flatten(items[n - 1])] if n <= len(items) else []
    found = flatten(
        {"costs": content.get("costs", {})}
        if section == "aid"
        else {section: content.get(section, {})}
    )
    paths = (
        [f"{section}.{field}" for field in fields_of(part)]
        if fields_of(part)
        else [section_of(part)]
    )
    return [
        {
            path: text
            for path, text in found.items()
            if any(path == p or path.startswith(f"{p}.") for p in paths)
        }
    ]


def covers(part: str, path: str) -> bool:
    """True when a path of a version lies in what a remark on `part` cites."""
    section = part.partition(".")[0]
    own = [f"{section}.{name}" for name in fields_of(part)] or (
        [part, "costs"] if part == "aid" else [part]
    )
    return any(path == one or path.startswith(f"{one}.") for one in own)


def part_changed(before: Content, after: Content, part: str) -> bool:
    """True when what a defect in `part` cites is no longer as it was.

    A cost item that only moved has not changed.
    """
    if part.startswith("costs.items."):
        items = [flatten(item) for item in after.get("costs", {}).get("items", [])]
        return any(item not in items for item in cited(before, part))
    return cited(before, part) != cited(after, part)
