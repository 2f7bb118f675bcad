"""How the tree reads, in figures: `make check` fails when one is worse than its ceiling.

Counted is what people read: the product's code, tests and templates, without migrations. Lines are measured in
characters, because the formatter counts Japanese letters double; empty lines are left out. A ceiling above the figure
that is wanted is where the tree stands today: lower it whenever the tree is better.
"""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("portal", "grants", "startups", "reports")
LONGEST_MODULE = 400  # lines
UNFORMATTED = re.compile(r"# fmt: ?(skip|off)")
UNFORMATTED_TABLE = re.compile(
    r"# fmt: ?(skip|off)\s+#? ?\w+"
)  # in tests a true table may say why it is one


@dataclass(frozen=True)
class Measure:
    """One figure of the tree: what it is now, what it may be today, and what is wanted."""

    name: str
    now: int
    ceiling: int
    wanted: int


def python(*folders: str) -> list[Path]:
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if "migrations" not in path.parts)


def lines(paths: Iterable[Path]) -> list[str]:
    return [
        line
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def length_at(rows: list[str], part: float) -> int:
    """The length in characters that the given part of the lines (0 to 1) does not exceed."""
    lengths = sorted(len(row) for row in rows)
    return lengths[min(int(len(lengths) * part), len(lengths) - 1)]


def unformatted(paths: Iterable[Path], reasoned: re.Pattern[str] | None = None) -> int:
    rows = (row for row in lines(paths) if UNFORMATTED.search(row))
    return sum(not (reasoned and reasoned.search(row)) for row in rows)


def long_modules(paths: Iterable[Path]) -> int:
    return sum(
        len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_MODULE for path in paths
    )


def said(word: str, paths: Iterable[Path]) -> int:
    return sum(len(re.findall(rf"\b{word}\b", row)) for row in lines(paths))


def measures() -> list[Measure]:
    product, tests = python(*PRODUCT), python("tests")
    code, templates = lines(product), lines(sorted((ROOT / "templates").rglob("*.html")))
    return [
        Measure("product: places left unformatted", unformatted(product), 0, 0),
        Measure(
            "tests: places left unformatted without a reason",
            unformatted(tests, UNFORMATTED_TABLE),
            0,
            0,
        ),
        Measure("product: length of line, nine in ten", length_at(code, 0.90), 88, 88),
        Measure("product: length of line, 99 in 100", length_at(code, 0.99), 110, 110),
        Measure("product: longest line", length_at(code, 1.0), 120, 120),
        Measure(f"product: modules over {LONGEST_MODULE} lines", long_modules(product), 0, 0),
        Measure("product and tests: the word Any", said("Any", product + tests), 68, 68),
        Measure("templates: length of line, half of them", length_at(templates, 0.50), 45, 45),
        Measure("templates: length of line, nine in ten", length_at(templates, 0.90), 100, 100),
        Measure("templates: longest line", length_at(templates, 1.0), 120, 120),
    ]


def main() -> int:
    found = measures()
    print(f"{'':52}{'now':>6}{'ceiling':>9}{'wanted':>8}")
    for row in found:
        worse = "  worse than its ceiling" if row.now > row.ceiling else ""
        print(f"{row.name:52}{row.now:6}{row.ceiling:9}{row.wanted:8}{worse}")
    return any(row.now > row.ceiling for row in found)


if __name__ == "__main__":
    sys.exit(main())
