"""Where the money of cases stands: the line that pays each, of which year, and what is left there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from grants.budget.adding_up import Totals
from grants.budget.carrying import paying_lines
from grants.budget.models import BudgetEntry, BudgetLine
from grants.budget.years import years_over
from portal.cases.models import Case


@dataclass(frozen=True)
class Standing:
    """`case`: what the book of the line says of the case alone; `over`: by how many years that of
    the line is over on the day on which is paid.
    """

    line: BudgetLine
    over: int
    case: Totals = field(default_factory=Totals)

    @property
    def year(self) -> tuple[int, int]:
        """By which orders of one year are told from those of another."""
        return self.line.fiscal_year, self.over

    @property
    def left(self) -> int:
        """Yen of the line that are promised and not paid yet, to all its cases."""
        return self.line.committed - self.line.disbursed

    @property
    def left_of_case(self) -> int:
        return self.case.committed - self.case.disbursed

    @property
    def classified(self) -> str:
        """款07 商工費　項01 …."""
        return "　".join(level.with_label for level in self.line.named_levels)


def year_said(year: tuple[int, int]) -> str:
    """Of which year's budget is paid, and whether it was carried over."""
    own, over = year
    text = _("%(year)s年度の予算（繰り越した額）") if over else _("%(year)s年度の予算")
    return text % {"year": own}


def standings(frames: Mapping[Case, tuple[int, str]], day: date) -> dict[int, Standing]:
    """Of each case by primary key, where a line in yen pays it on a day. `frames`: of each case the
    call and the key of its frame. Two queries, however many.
    """
    found = {
        case.pk: Standing(line, years_over(line.fiscal_year, day))
        for case, line in paying_lines(frames).items()
    }
    entries = BudgetEntry.objects.filter(case__in=found, line__unit="yen").order_by("pk")
    for case, kind, amount in entries.values_list("case", "kind", "amount"):
        found[case].case.add(kind, amount)
    return found
