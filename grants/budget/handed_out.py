"""The lines of the budget and their book as tables for spreadsheets."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from grants.budget import monthly
from grants.budget.classification import COLUMNS, LEVELS
from grants.budget.drawing import UNITS
from grants.budget.models import BudgetLine
from grants.programmes.models import said


def table(lines: Iterable[BudgetLine]) -> Iterator[list[object]]:
    yield [
        _("年度"),
        _("公募回"),
        _("枠"),
        _("単位"),
        *_levels(),
        _("予算現額"),
        _("配当"),
        _("支出負担行為"),
        _("支出"),
        _("翌年度へ繰越"),
        _("残り"),
    ]
    for line in lines:
        yield [
            line.fiscal_year,
            line.call.code,
            said(line.call.stated.frame(line.frame).name),
            UNITS[line.unit],
            *(getattr(line, name) for name in COLUMNS),
            line.appropriated,
            line.allotted,
            line.committed,
            line.disbursed,
            line.carried,
            line.available,
        ]


def book(lines: Sequence[BudgetLine]) -> Iterator[list[object]]:
    """A row for each month of each line."""
    yield [
        _("年度"),
        _("公募回"),
        _("枠"),
        *_levels(),
        _("月"),
        _("予算現額"),
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


def _levels() -> Iterator[str]:
    for label in LEVELS.values():
        yield _("%(level)sの番号") % {"level": label}
        yield _("%(level)sの名前") % {"level": label}
