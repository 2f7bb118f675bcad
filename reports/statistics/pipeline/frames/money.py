"""Money of the city: awards, payments, what came back, and the book of the budget."""

import pandas as pd
from django.db.models import Case as If
from django.db.models import F, Q, Sum, When
from django.db.models.functions import Coalesce, TruncDate

from grants.awards.models import Award
from grants.budget.models import BudgetEntry, BudgetLine, is_reversed
from grants.payments.models import Payment
from grants.payments.states import MADE, PaymentState
from grants.programmes.models import Call
from grants.recovery.models import MoneyIn, Recovery
from grants.recovery.states import RecoveryState
from portal import clock
from reports.statistics.models import Row
from reports.statistics.pipeline.columns import (
    BOOL,
    CATEGORY,
    DAY,
    INT,
    TEXT,
    frame,
)

NOT_ARRIVED = (PaymentState.BOUNCED, PaymentState.BOUNCE_DOUBTED)


def awards() -> pd.DataFrame:
    """A row per award, with what is public of the corporation that has it."""
    firm = "case__organisation__"
    return frame(
        Award.objects.all(),
        id=INT,
        application=("application_id", INT),
        case=("case_id", INT),
        call=("application__call_id", INT),
        frame=("frame", CATEGORY),
        state=("state", CATEGORY),
        awarded=("awarded_amount", INT),
        fixed=("fixed_amount", INT),
        payable=INT,
        awarded_on=DAY,
        fixed_on=DAY,
        ends_on=("project_ends_on", DAY),
        number=("case__receipt_number", TEXT),
        name=(f"{firm}name", TEXT),
        corporate_number=(f"{firm}corporate_number", TEXT),
        address=(f"{firm}address", TEXT),
    )


def payments() -> pd.DataFrame:
    """Money that reached a recipient, or was set against what it owed."""
    return frame(
        Payment.objects.filter(state__in=MADE),
        award=("award_id", INT),
        case=("case_id", INT),
        amount=INT,
        paid_on=DAY,
    )


def came_back_late() -> pd.DataFrame:
    """Transfers that the bank sent back once the accounts of their year were closed: they stand in the
    book as paid, and are revenue.
    """
    rows = Payment.objects.filter(state__in=NOT_ARRIVED, came_back_on__isnull=False)
    late = [row.pk for row in rows.select_related("award__application__call") if _is_late(row)]
    return frame(Payment.objects.filter(pk__in=late or [0]), case=("case_id", INT), amount=INT)


def _is_late(payment: Payment) -> bool:
    award, on = payment.award, payment.came_back_on
    call, case = award.application.call, payment.case
    return on is not None and not is_reversed(call, award.frame, on=on, case=case)


def recoveries() -> pd.DataFrame:
    """Principal that was called back, what came, and how much of it went back to a line of the
    budget.
    """
    rows = Recovery.objects.exclude(state=RecoveryState.CANCELLED).annotate(
        came=Coalesce(Sum("receipts__amount", filter=Q(receipts__taken_back_at__isnull=True)), 0)
    )
    return frame(
        rows,
        id=INT,
        award=("award_id", INT),
        case=("case_id", INT),
        ground=("ground", CATEGORY),
        principal=INT,
        came=INT,
        ordered_on=DAY,
    )


def received() -> pd.DataFrame:
    """Sums that came back and were owed, in the order in which they were booked: so they pay the
    principal of a recovery.
    """
    by_decision = [
        When(taken_up_at__isnull=False, then=TruncDate("taken_up_at", tzinfo=clock.JST)),
        When(set_off__isnull=False, then=TruncDate("booked_at", tzinfo=clock.JST)),
    ]
    rows = MoneyIn.objects.standing().filter(recovery__isnull=False)
    rows = rows.annotate(
        owed=F("amount") - F("over"),
        moved=If(*by_decision, default=F("paid_on")),
        is_revenue=Q(recovery__ground__in=Recovery.REVENUE),
    )
    found = frame(
        rows,
        id=INT,
        recovery=("recovery_id", INT),
        amount=("owed", INT),
        moved_on=("moved", DAY),
        for_no_line=("is_revenue", BOOL),
        to_line=BOOL,
    )
    return found.sort_values("id", ignore_index=True)


def caps() -> pd.DataFrame:
    """What one award of each call may be, yen: the least floor and the largest cap of its frames."""
    rows = Call.objects.values_list("code", "programme__code", "fiscal_year", "parameters__frames")
    found = [
        (code, programme, year, min(int(f.get("floor") or 0) for f in of), max(_cap(f) for f in of))
        for code, programme, year, of in rows
        if of
    ]
    table = pd.DataFrame(found, columns=["call", "programme", "fiscal_year", "floor", "cap"])
    return table.astype({"fiscal_year": "Int64", "floor": "Int64", "cap": "Int64"})


def _cap(frame: Row) -> int:
    """The largest cap of a frame, in any year of support."""
    return max(int(part["cap"]) for part in (frame, *frame.get("yearly", ())))


def lines() -> pd.DataFrame:
    """Budget lines with the totals that the database keeps."""
    return frame(
        BudgetLine.objects.all(),
        id=INT,
        call=("call_id", INT),
        programme=("call__programme__code", CATEGORY),
        fiscal_year=INT,
        frame=("frame", CATEGORY),
        unit=("unit", CATEGORY),
        appropriated=INT,
        committed=INT,
        disbursed=INT,
        carried=INT,
    )


def entries() -> pd.DataFrame:
    """The book, summed by line, case and kind; a transfer is "received" by its other line."""
    rows = BudgetEntry.objects.values("line_id", "case_id", "kind").annotate(sum=Sum("amount"))
    booked = frame(
        rows,
        line=("line_id", INT),
        case=("case_id", INT),
        kind=("kind", CATEGORY),
        amount=("sum", INT),
    )
    legs = BudgetEntry.objects.exclude(to=None).values("to_id", "case_id")
    received = frame(
        legs.annotate(sum=Sum("amount")),
        line=("to_id", INT),
        case=("case_id", INT),
        amount=("sum", INT),
    )
    if not received.empty:
        both = [booked.astype({"kind": str}), received.assign(kind="received")]
        booked = pd.concat(both, ignore_index=True).astype({"kind": "category"})
    return _without_undone(booked)


def _without_undone(book: pd.DataFrame) -> pd.DataFrame:
    """A return that was undone takes its two entries, the return and the decommitment, off again."""
    is_undone = book["kind"].astype(str) == "return_undone"
    undone = book.loc[is_undone]
    if undone.empty:
        return book
    off = [
        undone.assign(kind=kind, amount=-undone["amount"]) for kind in ("return", "decommitment")
    ]
    found = pd.concat([book.loc[~is_undone].astype({"kind": str}), *off], ignore_index=True)
    return found.astype({"kind": "category"})


def carries() -> pd.DataFrame:
    """The entries of the cases that carry something over."""
    carried = BudgetEntry.objects.filter(kind__in=["carry_over", "accident"]).values("case")
    rows = BudgetEntry.objects.filter(case__in=carried, line__unit="yen")
    return frame(
        rows,
        line=("line_id", INT),
        case=("case_id", INT),
        kind=("kind", CATEGORY),
        amount=INT,
    )
