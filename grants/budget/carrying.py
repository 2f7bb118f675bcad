"""繰越: what a case could not use within the year is carried over for that case, to be paid within one
more year (地方自治法 213条, 220条3項); and whether sums can be paid on a day at all.
"""

from collections.abc import Collection, Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.budget.adding_up import Totals
from grants.budget.models import CHANGERS, BudgetEntry, BudgetLine
from grants.budget.planning import changed
from grants.budget.years import settles_on
from portal.accounts.models import User
from portal.accounts.permissions import demand
from portal.cases.models import Case
from portal.days import dated
from portal.workflow.errors import NotReady

# why money is carried over: the words of the book
WAYS = {
    "permit": _lazy("繰越明許費"),
    "accident": _lazy("事故繰越し"),
}


def totals_of(line: BudgetLine, case: Case) -> Totals:
    """What the book of a line says of one case."""
    found = Totals()
    for entry in line.entries.filter(case=case).order_by("pk"):
        found.add(entry.kind, entry.amount)
    return found


def may_carry(line: BudgetLine, case: Case) -> int:
    """Yen of a case that are promised, not paid, and not yet carried over."""
    found = totals_of(line, case)
    return max(found.committed - found.disbursed - found.carried, 0)


def is_carried(case: Case) -> bool:
    return BudgetEntry.objects.filter(case=case, kind="carry_over").exists()


@transaction.atomic
def carry_over(
    line: BudgetLine, amount: int, *, by: User, note: str, case: Case | None
) -> BudgetEntry:
    """繰越: let `amount` yen of what is promised to a case be paid in the next year; what one person
    proposed and `by` confirms (`grants.budget.changes`).

    Raises NotReady beyond what the case has open, Forbidden outside the scope or with an interest.
    """
    fresh = BudgetLine.objects.select_for_update(no_key=True).get(pk=line.pk)
    demand(by, fresh, *CHANGERS)
    if reasons := carry_refusals(fresh, amount, case):
        raise NotReady(*reasons)
    return changed(fresh, "carry_over", amount, by=by, note=note, case=case)


def carry_refusals(line: BudgetLine, amount: int, case: Case | None) -> list[str]:
    if case is None or line.unit != "yen":
        return [_("繰越は、円の予算で、案件ごとに行います。")]
    most = may_carry(line, case)
    if amount <= most:
        return []
    text = _("%(case)sについて繰り越せるのは、支出していない負担行為の%(most)s円までです。")
    return [text % {"case": case, "most": f"{most:,}"}]


def payment_refusals(
    frames: Mapping[Case, tuple[int, str]], yen: Mapping[Case, int], day: date
) -> list[str]:
    """Why sums cannot be paid on a day. `frames`: of each case the call and the key of its frame;
    `yen`: of each case what is to be paid. Two queries, however many.
    """
    text = _(
        "%(case)s：%(year)s年度の予算から支払えるのは%(day)sまでです。"
        "そのあとは、年度のうちに繰り越した額だけを%(later)sまで支払えます"
        "（この案件で繰り越した額は%(there)s円、支払う額は%(yen)s円）。"
    )
    return [
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


def too_late(
    frames: Mapping[Case, tuple[int, str]], yen: Mapping[Case, int], day: date
) -> dict[Case, tuple[int, int]]:
    """Of each case whose sum cannot be paid on a day: the fiscal year of its money, and the yen that
    were carried over for it. As in `payment_refusals`.
    """
    calls = {call for call, _frame in frames.values()}
    years = {
        (line.call_id, line.frame): line.fiscal_year
        for line in BudgetLine.objects.filter(call__in=calls, unit="yen")
    }
    late = {
        case: year
        for case, frame in frames.items()
        if (year := years.get(frame)) is not None and day > settles_on(year)
    }
    carried = _carried(late) if late else {}
    return {
        case: (year, carried.get(case.pk, 0))
        for case, year in late.items()
        if day > settles_on(year + 1) or carried.get(case.pk, 0) < yen[case]
    }


def _carried(cases: Collection[Case]) -> dict[int, int]:
    """Primary key of the case → yen carried over and not given up since."""
    totals: dict[int, Totals] = {}
    rows = BudgetEntry.objects.filter(case__in=cases, line__unit="yen").order_by("pk")
    for case, kind, amount in rows.values_list("case", "kind", "amount"):
        totals.setdefault(case, Totals()).add(kind, amount)
    return {case: found.carried for case, found in totals.items()}
