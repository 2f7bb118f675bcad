"""A call as the next year's: what its form begins with, each day a year later and open."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from grants.budget import calls
from grants.programmes.models import Call, Programme
from portal import fiscal
from portal.closures import calendars
from portal.days import dated, fiscal_year_said
from portal.types import Given
from portal.workdays import Workdays


@dataclass(frozen=True)
class Copy:
    """`initial`: of the form; `notes`: field → what the earlier call said there, to be looked at."""

    initial: Given
    notes: dict[str, str]


def year_later(day: date, workdays: Workdays) -> date:
    """The same day of the next year, or the open day after it; one that would leave its fiscal year goes
    back to the open day before.
    """
    is_leap_day = (day.month, day.day) == (2, 29)
    same = date(day.year + 1, 2, 28) if is_leap_day else day.replace(year=day.year + 1)
    after = workdays.next_open(same)
    return after if same_year(after, same) else workdays.last_open(same)


def same_year(one: date, other: date) -> bool:
    return fiscal.fiscal_year(one) == fiscal.fiscal_year(other)


def of(call: Call) -> Copy:
    """Its number is that of the next year: the same round, or the first that is free."""
    kept = calls.as_it_is(call)
    kept.pop("seen")
    workdays = calendars.of_case(call)
    days = {name: day for name, day in kept.items() if isinstance(day, date)}
    moved = {name: year_later(day, workdays) for name, day in days.items()}
    year = call.fiscal_year + 1
    initial = kept | moved | {"fiscal_year": year}
    initial["round_no"] = _free(call.programme, year, call.round_no)
    before = {name: dated(day) for name, day in days.items()}
    before["fiscal_year"] = fiscal_year_said(call.fiscal_year)
    before["round_no"] = str(call.round_no)
    before |= {
        f"{line.unit}_{line.frame}": f"{line.appropriated:,}" for line in call.budget_lines.all()
    }
    for name in ("opens_at", "closes_at", "briefing_at", "briefing_place"):
        if kept.get(name):
            before[name] = str(kept[name])
    words = _("要確認：前の回は%(before)s。")
    return Copy(initial, {name: words % {"before": said} for name, said in before.items()})


def _free(programme: Programme, year: int, round_no: int) -> int:
    codes = {programme.code_of_call(year, n): n for n in range(round_no, round_no + 20)}
    taken = set(Call.objects.filter(code__in=codes).values_list("code", flat=True))
    return next(n for code, n in codes.items() if code not in taken)
