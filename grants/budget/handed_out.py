"""The lines of the budget as a table for spreadsheets."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

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
            line.committed,
            line.disbursed,
            line.carried,
            line.available,
        ]


def _levels() -> Iterator[str]:
    for label in LEVELS.values():
        yield _("%(level)sの番号") % {"level": label}
        yield _("%(level)sの名前") % {"level": label}
