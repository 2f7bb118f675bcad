"""The year's execution on screen, and the settlement of a year as a table for spreadsheets."""

from typing import TypeAlias

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import render

from grants.budget import handed_out, settling
from grants.budget.models import CHANGERS
from grants.budget.years import carry_refusals, is_closed, settles_on
from grants.payments import execution as yearly
from grants.payments import foreseen
from grants.payments.batches import PaymentBatch
from grants.programmes.models import Call
from portal import clock
from portal.accounts.models import User
from portal.cases.models import Case
from portal.sheets import csv_response, xlsx_response
from portal.types import SignedIn
from portal.ui.limits import EXPORTS, limited
from portal.workflow.access import staff

Late: TypeAlias = list[tuple[foreseen.Expected, int]]
OVERSEERS = ("programme_officer", "approver", *PaymentBatch.READERS)


@staff(*OVERSEERS)
def execution(request: SignedIn) -> HttpResponse:
    """Execution and forecast of a fiscal year, over the programmes in the person's scope; the settlement
    of one whose accounts are closed.
    """
    years, year = _asked(request)
    calls = _calls(request.user)
    rows = yearly.rows(year, calls)
    expected = foreseen.expected(year, calls)
    months = foreseen.months(expected, year)
    settled = settling.settled(year, calls)
    account = settling.total(settled)
    late = foreseen.late(expected)
    most = max((month.yen for month in months), default=0)
    context = {
        "years": years,
        "year": year,
        "rows": rows,
        "total": yearly.total(rows),
        "settled": settling.with_sums(settled),
        "account": account,
        "is_closed": is_closed(year, clock.today()),
        "months": [(m, m.yen * 200 // most) for m in months],
        "late": _named(request.user, late),
        "late_yen": sum(yen for _one, yen in late),
        "expected": sum(m.yen for m in months),
        "brought": sum(m.brought for m in months),
        "settles_on": settles_on(year),
        "may_propose": request.user.has_role(*CHANGERS),
        "may_carry": not carry_refusals(year, clock.today()),
    }
    return render(request, "grants/payments/execution.html", context)


@staff(*OVERSEERS)
@limited(EXPORTS)
def settlement_csv(request: SignedIn) -> HttpResponse:
    """The accounts of the year by 予算科目 and programme, as CSV."""
    year, rows = _settled(request)
    return csv_response(f"settlement-{year}.csv", handed_out.settlement(year, rows))


@staff(*OVERSEERS)
@limited(EXPORTS)
def settlement_workbook(request: SignedIn) -> FileResponse:
    """The same as a workbook."""
    year, rows = _settled(request)
    return xlsx_response(f"settlement-{year}.xlsx", handed_out.settlement(year, rows))


def _settled(request: SignedIn) -> tuple[int, list[settling.Settled]]:
    _years, year = _asked(request)
    return year, settling.settled(year, _calls(request.user))


def _asked(request: SignedIn) -> tuple[list[int], int]:
    years = yearly.years()
    return years, yearly.this_year(years, request.GET.get("year", ""))


def _named(user: User, late: Late) -> Late:
    """Those of cases that the person sees; in the sum are all, as in every sum of the budget."""
    cases = Case.objects.visible_to(user).filter(pk__in=[one.award.case_id for one, _yen in late])
    seen = set(cases.values_list("pk", flat=True))
    return [(one, yen) for one, yen in late if one.award.case_id in seen]


def _calls(user: User) -> QuerySet[Call]:
    return Call.objects.within(user, *OVERSEERS)
