"""Order, settle, bounce: the writes around a payment that touch more than its own row."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from grants.awards.models import Award
from grants.awards.states import AwardState
from grants.budget.carrying import too_late
from grants.budget.models import BudgetLine
from grants.budget.years import settles_on
from grants.payments import ordering
from grants.payments.accounts import BankAccount, confirmed_account
from grants.payments.claims import live_yen
from grants.payments.models import Claim, Payment, PaymentBatch
from grants.payments.settling import close_settled, settled_sum
from grants.payments.states import BOUNCES, UNCERTAIN, BatchState, PaymentState
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import any_of, holders, interests, prefixed, staff_scope
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.cases.visibility import of_interest
from portal.closures import calendars
from portal.days import dated
from portal.registry.codes import SAPPORO
from portal.workflow import shown
from portal.workflow.door import begin, door, perform, perform_all
from portal.workflow.duties import barred

# large, and nothing here asks for them
UNREAD = ("award__parameters", "award__plan", "award__fixed_trace")


def seen_with(account: BankAccount | None) -> str:
    """What a page of an order showed besides its claim, which does not change."""
    return shown.mark(account and account.pk)


def order(claim: Claim, *, by: User, key: str = "", seen: str | None = None) -> Payment:
    """支出命令 on a checked claim; again after a bounce,
    and on the new account where the old one was replaced since. `seen`: the mark of the page, where
    one was shown; raises Stale where another account is confirmed since.
    """
    award = claim.award
    lines = BudgetLine.objects.filter(call=award.application.call_id, frame=award.frame)
    with door(by, [*lines, claim.case, award, claim, *claim.payments.all()]):
        if seen is not None:
            account = confirmed_account(claim.case.organisation)
            shown.demand_unchanged(seen, account and account.pk)
        last = claim.payments.select_related("account", "case").order_by("-pk").first()
        if last is not None and ordering.is_stale(last):
            perform(last, "cancel", by=by, reason=_("振込先の口座が変わったため"))
        return begin(Payment, by=by, claim=claim, key=key)


def of_batch(batch: PaymentBatch, lines: Collection[int]) -> dict[int, Payment]:
    """Line → payment, with all that settling it and its notice ask for, in a constant number of queries."""
    rows = Payment.objects.filter(batch=batch, line__in=lines)
    rows = rows.select_related(
        "account", "claim", "case", "award__application__case__organisation"
    ).defer(*UNREAD)
    reads = ("batch", "award__application__call__budget_lines", "award__application__versions")
    found = {row.line: row for row in rows.prefetch_related(*reads) if row.line is not None}
    BankAccount.name_all([row.account for row in found.values()])
    return found


def locks_of(batch: PaymentBatch, lines: Collection[int]) -> list[Model]:
    """What settling payments of a batch touches."""
    rows = Payment.objects.filter(batch=batch, line__in=lines)
    frames = rows.order_by().values_list("award__application__call", "award__frame").distinct()
    return [
        batch,
        *rows.only("pk"),
        *Case.objects.filter(payments__in=rows).only("pk"),
        *Award.objects.filter(payments__in=rows).only("pk"),
        *[
            line
            for call, frame in frames
            for line in BudgetLine.objects.filter(call=call, frame=frame)
        ],
    ]


def settle(payments: Sequence[Payment], *, by: User, paid_on: date) -> None:
    """The bank paid, inside a door that locked the payments:
    budgets are spent, notices go out, and awards paid in full close.
    """
    perform_all([(payment, {"paid_on": paid_on}) for payment in payments], "settle", by=by)
    awards = Award.objects.filter(
        pk__in=[payment.award_id for payment in payments], state=AwardState.AMOUNT_FIXED
    )
    awards = (
        awards.select_related("case")
        .defer("parameters", "plan", "fixed_trace")
        .prefetch_related("payments", "recoveries__receipts")
    )
    close_settled(awards, by=by)


awards_with_money = OfCase(
    lambda: Award.objects.select_related(
        "application__call", "case__organisation"
    ).prefetch_related("payments", "recoveries__receipts")
)


def award_with_money(case: Case) -> Award | None:
    """The award of a case with all that was paid and came back: several parts of a page reckon it."""
    return awards_with_money.first(case)


def transferred(case: Case) -> int:
    """Yen that banks brought to the firm, whatever is asked back of it."""
    award = award_with_money(case)
    rows = award.payments.all() if award is not None else []
    return sum(row.amount for row in rows if row.state == PaymentState.PAID)


def fixed(awards: list[Award], by: User) -> None:
    """Amounts were fixed: an award closes at once where nothing is to be paid, or an advance was
    exactly as much.
    """
    close_settled(
        [award for award in awards if not award.payable or "advance" in award.stated.payment],
        by=by,
    )


def under_way(award: Award) -> list[str]:
    """Why the award cannot end now: a payment is on its way to the bank."""
    n = sum(payment.state in UNCERTAIN for payment in award.payments.all())
    return (
        [_("手続き中の支払いが%(n)s件あります。先に取り消すか、結果を待ってください。") % {"n": n}]
        if n
        else []
    )


def surplus(award: Award) -> int:
    """Yen that the recipient has above what it may have, still to come back; derived, never stored."""
    return max(settled_sum(award) - award.payable, 0)


def ready(user: User) -> QuerySet[Payment]:
    """Ordered payments that wait for a batch, in the scope of a role of the person that reads batches,
    but of cases in which they have an interest.
    """
    return _seen(user, Payment.objects.filter(state=PaymentState.ORDERED, batch=None))


def _seen(user: User, payments: QuerySet[Payment]) -> QuerySet[Payment]:
    scope = any_of(
        [
            prefixed(staff_scope(role), "case")
            for role in user.roles()
            if role.role in PaymentBatch.READERS
        ]
    )
    found = payments.filter(scope).exclude(case__in=of_interest(user, Case.objects.all()))
    return found.select_related(
        "case__organisation", "account", "claim", "award__application"
    ).order_by("pk")


def past_their_year(payments: Iterable[Payment]) -> dict[Case, str]:
    """Why what is ordered can no longer be paid: the accounts of its year were closed meanwhile."""
    frames = {p.case: (p.award.application.call_id, p.award.frame) for p in payments}
    late = too_late(frames, {p.case: p.amount for p in payments}, clock.today())
    text = _("%(day)sに出納を閉鎖しました。この案件で繰り越した額は%(yen)s円です。")
    return {
        case: text % {"day": dated(settles_on(year)), "yen": f"{carried:,}"}
        for case, (year, carried) in late.items()
    }


def held(user: User) -> QuerySet[Payment]:
    """What is ordered and held back, of the cases that `ready` would show."""
    return _seen(user, Payment.objects.filter(state=PaymentState.HELD)).select_related("held_by")


def next_pay_day(today: date | None = None) -> date:
    """The 10th, 20th or last day of the month at least five working days of the office ahead,
    or the day of the banks before it.
    """
    banks, office = calendars.banks(), calendars.office(SAPPORO)
    start = office.add(today or clock.today(), 5)
    day = start
    while True:
        last = (day + timedelta(days=1)).month != day.month
        if day.day in (10, 20) or last:
            found = banks.last_open(day)
            if found >= start:
                return found
        day += timedelta(days=1)


def expected_month(award: Award) -> date | None:
    """When the applicant may expect the money:
    the next pay day once the amount is fixed; None while it is open.
    """
    return (
        next_pay_day()
        if award.state == AwardState.AMOUNT_FIXED and live_yen(award.payments.all()) < award.payable
        else None
    )


def make_batch(user: User, *, pay_on: date, payments: list[Payment]) -> PaymentBatch:
    return begin(PaymentBatch, by=user, pay_on=pay_on, payments=payments)


def waiting_voids() -> Counter[User]:
    """How many batches said not to be executed each person may decide about."""
    return Counter(
        person
        for batch in PaymentBatch.objects.filter(state=BatchState.VOID_ASKED)
        for person in holders("finance_officer", batch)
        if person.pk not in barred("confirm_void", batch.duty_subjects())
        and not interests(person, batch)
    )


def came_back(account: BankAccount) -> bool:
    """Did the last transfer to it come back? Then it stays confirmed in name only: nothing more is
    paid to it.
    """
    ended = Payment.objects.filter(account=account, state__in=(PaymentState.PAID, *BOUNCES))
    return ended.order_by("-pk").values_list("state", flat=True).first() in BOUNCES
