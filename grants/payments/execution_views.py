"""The year's execution on screen, and the settlement of a year as a table for spreadsheets."""

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import render

from grants.awards.models import Award
from grants.budget import handed_out, settling
from grants.budget.carrying import open_carries
from grants.budget.models import CHANGERS
from grants.budget.years import carry_refusals, is_closed, settles_on
from grants.payments import execution as yearly
from grants.payments import foreseen
from grants.payments.batches import PaymentBatch
from grants.payments.foreseen import Expected
from grants.programmes.models import Call
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import prefixed
from portal.cases import visibility
from portal.cases.listing import Sorted
from portal.cases.models import Case
from portal.sheets import csv_response, xlsx_response
from portal.together import together
from portal.types import Context, SignedIn
from portal.ui.limits import EXPORTS, limited
from portal.ui.paging import MOST, counted, page_of
from portal.workflow.access import staff

OVERSEERS = ("programme_officer", "approver", *PaymentBatch.READERS)


@staff(*OVERSEERS)
def execution(request: SignedIn) -> HttpResponse:
    """Execution and forecast of a fiscal year, over the programmes in the person's scope; the settlement
    of one whose accounts are closed.
    """
    years, year = _asked(request)
    calls = _calls(request.user)
    with together() as ask:
        of_year = yearly.asked(ask, year, calls)
        awaited = foreseen.asked(ask, year, calls)
    rows, expected = of_year(), awaited()
    months = foreseen.months(expected, year)
    settled = settling.settled(year, calls)
    account = settling.total(settled)
    may_carry = not carry_refusals(year, clock.today())
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
        # in the sum are all, as in every sum of the budget
        "late_yen": sum(one.late_yen for one in expected),
        **(_named(request, expected, foreseen.unpaid(calls)) if may_carry else {}),
        "expected": sum(m.yen for m in months),
        "brought": sum(m.brought for m in months),
        "settles_on": settles_on(year),
        "may_propose": request.user.has_role(*CHANGERS),
        "may_carry": may_carry,
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


def _named(request: SignedIn, expected: list[foreseen.Alike], unpaid: QuerySet[Award]) -> Context:
    """A page of those that are paid too late, of cases that the person sees."""
    visibility.look_for_closed(request.user, Case.objects.all())
    seen = unpaid.filter(prefixed(visibility.seen(request.user), "case"))
    rows = foreseen.late(expected, seen)
    count = counted({"rows": rows})["rows"]
    page = page_of(request, Sorted(rows, foreseen.named), count=count)
    late, waiting = [], open_carries(award.case_id for award in page)
    for award in page:
        of = foreseen.expected_of(award, expected)
        rest = award.payable - award.paid
        there = foreseen.payable(rest, of.over, award.left_over, award.left_again)
        late.append(Expected(award, rest - there, of.day, of.line, waiting.get(award.case_id, 0)))
    return {"page": page, "too_many": MOST if count > MOST else 0, "late": late}


def _calls(user: User) -> QuerySet[Call]:
    return Call.objects.within(user, *OVERSEERS)
