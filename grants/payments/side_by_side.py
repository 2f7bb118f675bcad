"""What stands beside an order in its batch: another account of the same name, and of which year each is paid."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from grants.budget.carrying import paying_lines
from grants.budget.standing import year_said
from grants.budget.years import years_over
from grants.payments.accounts import BankAccount
from grants.payments.models import Payment
from grants.payments.states import UNANSWERED
from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.visibility import MONEY


def beside(user: User, payments: Sequence[Payment]) -> dict[int, list[Payment]]:
    """Of orders by primary key: those that wait with them, in their batch or for one, and go to another
    account of a firm of the same name.
    """
    names = {payment.case.organisation.name_key for payment in payments}
    waiting = Payment.objects.filter(
        case__in=Case.objects.visible_to(user, by=MONEY),
        case__organisation__name_key__in=names,
        state__in=UNANSWERED,
    ).select_related("account", "case__organisation", "batch")
    by_name: dict[str, list[Payment]] = {}
    for row in waiting.order_by("pk"):
        by_name.setdefault(row.case.organisation.name_key, []).append(row)
    BankAccount.name_all([row.account for rows in by_name.values() for row in rows])

    def differs(one: Payment, other: Payment) -> bool:
        return one.batch_id == other.batch_id and _place(one.account) != _place(other.account)

    return {
        payment.pk: [
            row
            for row in by_name.get(payment.case.organisation.name_key, [])
            if differs(payment, row)
        ]
        for payment in payments
    }


def _place(account: BankAccount) -> tuple[str, str, str, str]:
    return account.bank_code, account.branch_code, account.kind, account.number


def elsewhere(other: Payment) -> str:
    """Said of an order to another account of the same name."""
    firm = other.case.organisation
    return _(
        "同じ名称の事業者への、別の口座の支払いがあります：%(case)s　%(firm)s　%(account)s　%(yen)s円"
    ) % {
        "case": other.case.number,
        "firm": f"{firm.name}（{firm.corporate_number}）" if firm.corporate_number else firm.name,
        "account": other.account.masked,
        "yen": f"{other.amount:,}",
    }


# -- batches -------------------------------------------------------------------------------------
def years_of(payments: Iterable[Payment], day: date) -> dict[int, str]:
    """Of orders by primary key: of which year's budget each is paid on a day."""
    rows = list(payments)
    frames = {row.case: (row.award.application.call_id, row.award.frame) for row in rows}
    lines = paying_lines(frames)
    return {
        row.pk: year_said((line.fiscal_year, years_over(line.fiscal_year, day)))
        for row in rows
        if (line := lines.get(row.case)) is not None
    }


def by_year(payments: Iterable[Payment], years: Mapping[int, str]) -> list[tuple[str, int, int]]:
    """(year, how many, yen) of orders, the earliest first."""
    sums: dict[str, list[int]] = {}
    for payment in payments:
        sums.setdefault(years.get(payment.pk, ""), []).append(payment.amount)
    return [(year, len(yen), sum(yen)) for year, yen in sorted(sums.items())]
