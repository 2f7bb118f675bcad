"""The lines of the budget and their book as tables for spreadsheets."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from grants.budget import monthly, settling
from grants.budget.classification import COLUMNS, LEVELS
from grants.budget.drawing import UNITS
from grants.budget.models import BudgetLine
from grants.budget.settling import Settled
from grants.budget.years import is_closed
from grants.programmes.models import said
from portal import clock


def table(lines: Iterable[BudgetLine]) -> Iterator[list[object]]:
    yield [
        _("年度"),
        _("公募回"),
        _("枠"),
        _("単位"),
        *_levels(),
        _("予算額"),
        _("配当"),
        _("支出負担行為"),
        _("支出済額"),
        _("翌年度へ繰越"),
        _("残り"),
        _("不用額"),
        _("繰越のうち、その後に不用となった額"),
    ]
    listed = list(lines)
    closed = settling.closed(listed)
    for line in listed:
        over = closed.get(line.pk)
        yield [
            line.fiscal_year,
            line.call.code,
            said(line.call.stated.frame(line.frame).name),
            UNITS[line.unit],
            *(getattr(line, name) for name in COLUMNS),
            over.account.planned if over else line.appropriated,
            line.allotted,
            over.committed if over else line.committed,
            over.account.paid if over else line.disbursed,
            over.account.carried if over else line.carried,
            "" if over else line.available,
            over.account.unused if over else "",
            over.unneeded if over else "",
        ]


def book(lines: Sequence[BudgetLine]) -> Iterator[list[object]]:
    """A row for each month of each line."""
    yield [
        _("年度"),
        _("公募回"),
        _("枠"),
        *_levels(),
        _("月"),
        _("予算額"),
        _("配当"),
        _("支出負担行為"),
        _("額の確定"),
        _("支出"),
        _("戻入"),
        _("月の終わりの残り"),
    ]
    books = monthly.books(lines)
    for line in lines:
        for month in books[line.pk].months:
            yield [
                line.fiscal_year,
                line.call.code,
                said(line.call.stated.frame(line.frame).name),
                *(getattr(line, name) for name in COLUMNS),
                month.label,
                month.sums.planned,
                month.sums.allotted,
                month.sums.committed,
                month.sums.fixed,
                month.sums.paid,
                month.sums.returned,
                month.left,
            ]


def settlement(year: int, rows: Sequence[Settled]) -> Iterator[list[object]]:
    """決算: a row for each programme under each 予算科目, before them those of each 款 and 項 together."""
    yield [
        _("年度"),
        _("区分"),
        *_levels(),
        _("制度"),
        _("当初予算額"),
        _("補正予算額"),
        _("流用増減額"),
        _("前年度からの繰越額"),
        _("予算現額"),
        _("支出済額"),
        _("翌年度繰越額"),
        _("不用額") if is_closed(year, clock.today()) else _("支出も繰越もしていない額"),
    ]
    for row in settling.with_sums(rows):
        known = [text for level in row.levels for text in (level.code, level.title)]
        yield [
            year,
            _("%(level)sの計") % {"level": LEVELS[row.of]} if row.of else _("制度"),
            *known,
            *[""] * (len(COLUMNS) - len(known)),
            row.programme,
            row.account.first,
            row.account.supplemented,
            row.account.transferred,
            row.account.brought,
            row.account.budget,
            row.account.paid,
            row.account.carried,
            row.account.unused,
        ]


def _levels() -> Iterator[str]:
    for label in LEVELS.values():
        yield _("%(level)sの番号") % {"level": label}
        yield _("%(level)sの名前") % {"level": label}
