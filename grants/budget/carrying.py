"""繰越: what a case could not use within the year is carried over for that case, to be paid within one
more year (地方自治法 213条, 220条3項); what was carried over by permission, once more where an accident
hindered it. And whether sums can be paid on a day at all.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.budget import years
from grants.budget.adding_up import Totals
from grants.budget.models import CHANGERS, BudgetChange, BudgetEntry, BudgetLine
from grants.budget.planning import changed
from grants.budget.years import settles_on
from grants.programmes.models import Call
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import demand
from portal.cases.models import Case
from portal.days import dated
from portal.workflow.errors import NotReady

# kind of entry → what it is called
WAYS = {
    "carry_over": _lazy("繰越明許費"),
    "accident": _lazy("事故繰越し"),
    "carry_again": _lazy("事故繰越し（繰越明許費で繰り越したもの）"),
}


def year_left(line: BudgetLine, kind: str) -> int:
    """The fiscal year out of which a way of carrying takes the money of a line."""
    return line.fiscal_year + years.CARRIES[kind] - 1


def ways_on(line: BudgetLine, day: date) -> list[str]:
    """How money of a line can be carried over on a day, as far as its totals tell."""
    there = {
        "carry_over": line.may_carry,
        "accident": line.may_carry,
        "carry_again": min(line.carried - line.carried_again, line.committed - line.disbursed),
    }
    return [
        kind
        for kind, yen in there.items()
        if line.unit == "yen" and yen > 0 and not years.carry_refusals(year_left(line, kind), day)
    ]


def totals_of(line: BudgetLine, case: Case) -> Totals:
    """What the book of a line says of one case."""
    found = Totals()
    for entry in line.entries.filter(case=case).order_by("pk"):
        found.add(entry.kind, entry.amount)
    return found


def may_carry(line: BudgetLine, case: Case, kind: str = "carry_over") -> int:
    """Yen of a case that are promised and not paid, and can be carried over: of those that were
    carried over before, what an accident hindered and was carried by permission.
    """
    found = totals_of(line, case)
    unpaid = found.committed - found.disbursed
    if kind != "carry_again":
        return max(unpaid - found.carried, 0)
    by_accident = BudgetEntry.objects.filter(line=line, case=case, kind="accident")
    permitted = found.carried - sum(entry.amount for entry in by_accident)
    return max(min(unpaid, permitted) - found.carried_again, 0)


def open_carries(cases: Iterable[int]) -> Counter[int]:
    """Of cases, by primary key, the yen whose carry-over is proposed and waits for another person."""
    rows = BudgetChange.objects.filter(case__in=list(cases), kind__in=WAYS, closed_at=None)
    found = Counter[int]()
    for case, yen in rows.values_list("case", "amount"):
        found[case] += yen
    return found


def years_carried(case: Case) -> int:
    """How many years longer than its own the money of a case may be used."""
    entries = BudgetEntry.objects.filter(case=case, kind__in=WAYS)
    return years.carried_longest(entries.values_list("kind", flat=True))


@transaction.atomic
def carry_over(
    line: BudgetLine,
    amount: int,
    *,
    by: User,
    note: str,
    case: Case | None,
    kind: str = "carry_over",
) -> BudgetEntry:
    """繰越: let `amount` yen of what is promised to a case be paid in the next year; what one person
    proposed and `by` confirms (`grants.budget.changes`).

    Raises NotReady beyond what the case has open, Forbidden outside the scope or with an interest.
    """
    fresh = BudgetLine.objects.select_for_update(no_key=True).get(pk=line.pk)
    demand(by, fresh, *CHANGERS)
    if reasons := carry_refusals(fresh, amount, case, kind):
        raise NotReady(*reasons)
    return changed(fresh, kind, amount, by=by, note=note, case=case)


def carry_refusals(line: BudgetLine, amount: int, case: Case | None, kind: str) -> list[str]:
    if case is None or line.unit != "yen":
        return [_("繰越は、円の予算で、案件ごとに行います。")]
    most = may_carry(line, case, kind)
    if amount <= most:
        return []
    text = (
        _(
            "%(case)sについて、もう一度繰り越せるのは、繰越明許費で繰り越し、支出していない%(most)s円までです。"
        )
        if kind == "carry_again"
        else _("%(case)sについて繰り越せるのは、支出していない負担行為の%(most)s円までです。")
    )
    return [text % {"case": case, "most": f"{most:,}"}]


def year_of(call: Call, frame: str) -> int:
    """The fiscal year whose money a frame of a call spends."""
    line = BudgetLine.objects.filter(call=call, frame=frame, unit="yen").first()
    return line.fiscal_year if line is not None else call.fiscal_year


def payment_refusals(
    frames: Mapping[Case, tuple[int, str]], yen: Mapping[Case, int], day: date
) -> list[str]:
    """Why sums cannot be paid on a day. `frames`: of each case the call and the key of its frame;
    `yen`: of each case what is to be paid. Three queries, however many.
    """
    text = _(
        "%(case)s：%(year)s年度の予算から支払えるのは%(day)sまでです。"
        "そのあとは、年度のうちに繰り越した額だけを%(later)sまで、もう一度の事故繰越しをした額はその1年後まで支払えます"
        "（この案件でいま支払える繰越の額は%(there)s円、支払う額は%(yen)s円）。"
    )
    late = [
        text
        % {
            "case": case,
            "year": year,
            "day": dated(settles_on(year)),
            "later": dated(settles_on(year + 1)),
            "there": f"{there:,}",
            "yen": f"{yen[case]:,}",
        }
        for case, (year, there) in too_late(frames, yen, day).items()
    ]
    needs: dict[BudgetLine, int] = {}
    for case, line in paying_lines(frames).items():
        needs[line] = needs.get(line, 0) + yen[case]
    unvoted = (_not_voted(line, need, day) for line, need in needs.items())
    return late + [reason for reason in unvoted if reason]


def too_late(
    frames: Mapping[Case, tuple[int, str]], yen: Mapping[Case, int], day: date
) -> dict[Case, tuple[int, int]]:
    """Of each case whose sum cannot be paid on a day: the fiscal year of its money, and the yen carried
    over for it that can be paid. As in `payment_refusals`.
    """
    late = {
        case: line.fiscal_year
        for case, line in paying_lines(frames).items()
        if day > line.settles_on
    }
    found = left(late, day) if late else {}
    return {
        case: (year, found.get(case.pk, 0))
        for case, year in late.items()
        if found.get(case.pk, 0) < yen[case]
    }


def paying_lines(frames: Mapping[Case, tuple[int, str]]) -> dict[Case, BudgetLine]:
    """Of each case the line that pays it."""
    calls = {call for call, _frame in frames.values()}
    lines = {
        (line.call_id, line.frame): line
        for line in BudgetLine.objects.filter(call__in=calls, unit="yen").select_related("call")
    }
    return {case: line for case, key in frames.items() if (line := lines.get(key)) is not None}


def _not_voted(line: BudgetLine, need: int, day: date) -> str:
    """Why money of a later year that was promised before it cannot be paid: its year has not begun,
    or its budget does not hold it. Empty where it can.
    """
    if line.debt_id is None:
        return ""
    if day < (first := date(line.fiscal_year, 4, 1)):
        text = _("債務負担行為による%(year)s年度の予算は、%(day)sから支払えます。")
        return text % {"year": line.fiscal_year, "day": dated(first)}
    if need <= (left := line.voted - line.disbursed):
        return ""
    text = _(
        "債務負担行為による%(year)s年度の予算は、予算化した額（残り%(left)s円）までしか支払えません。先に予算化を記録してください。"
    )
    return text % {"year": line.fiscal_year, "left": f"{left:,}"}


def left(late: Mapping[Case, int], day: date) -> dict[int, int]:
    """Primary key of each case whose year is over → yen that may be paid of it on the day: what was
    carried over so far, less what was paid of that (what comes back is of that only where it was).
    """
    totals: dict[int, Totals] = {}
    paid: dict[int, int] = {}
    since = {
        case.pk: settles_on(year + years.years_over(year, day) - 1) for case, year in late.items()
    }
    rows = BudgetEntry.objects.filter(case__in=late, line__unit="yen").order_by("pk")
    for case, kind, amount, at in rows.values_list("case", "kind", "amount", "booked_at"):
        found = totals.setdefault(case, Totals())
        before = found.disbursed
        found.add(kind, amount)
        if clock.day_of(at) > since[case]:
            paid[case] = max(paid.get(case, 0) + found.disbursed - before, 0)
    over = {case.pk: years.years_over(year, day) for case, year in late.items()}
    return {case: found.usable(over[case]) - paid.get(case, 0) for case, found in totals.items()}
