"""What is still to be reported after an award, and by when:
pure functions over the frozen periods and the working days of the office.

Sources: 交付規程's duty of status reports (適化法 12条), of effect reports by agreed years, and of use for
at least a year; the days by which each is due are parameters of the programme.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from grants.programmes.parameters import Programme
from portal import fiscal
from portal.workdays import Workdays

USE_DAYS = 30  # days given to answer whether the tool is still in use
EFFECT_DAY = (6, 30)  # month and day by which the report on a fiscal year is due


@dataclass(frozen=True)
class Wanted:
    """One report: its kind, the period it is about (days, months or years after the start;
    0 = none), and its due date.
    """

    kind: str
    period: int
    due_on: date


def add_months(day: date, months: int) -> date:
    """The same day `months` later; the last of the month where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(
        date(year, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1)
    )


def during(stated: Programme, awarded_on: date, ends_on: date, workdays: Workdays) -> list[Wanted]:
    """状況報告 while the project runs: those whose day lies before its end."""
    days = ((n, awarded_on + timedelta(days=n)) for n in stated.periods.progress_after_days)
    return [Wanted("progress", n, workdays.next_open(day)) for n, day in days if day < ends_on]


def after(stated: Programme, fixed_on: date, workdays: Workdays) -> list[Wanted]:
    """What follows the fixing of the amount, in the order of due dates."""
    found = [
        Wanted(
            "use",
            months,
            workdays.next_open(add_months(fixed_on, months) + timedelta(days=USE_DAYS)),
        )
        for months in stated.periods.use_check_months
    ]
    year = fiscal.fiscal_year(fixed_on)
    found += [
        Wanted("effect", n, workdays.next_open(date(year + n, *EFFECT_DAY)))
        for n in range(1, stated.periods.follow_up_years + 1)
    ]
    if stated.tax_return:
        found.append(Wanted("vat", 0, workdays.next_open(date(year + 2, *EFFECT_DAY))))
    return sorted(found, key=lambda wanted: (wanted.due_on, wanted.kind))
