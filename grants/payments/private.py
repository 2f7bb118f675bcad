"""What of the accounts that a case was, or might have been, paid to is not for everybody."""

from collections.abc import Iterable, Iterator

from django.db.models import Q

from grants.payments.accounts import BankAccount
from grants.payments.holders import is_of
from grants.payments.models import Payment
from portal.cases.models import Case
from portal.cases.ports import Private


def of_accounts(case: Case) -> Iterable[Private]:
    """Of each account that its firm ever declared, and of each that it was paid to: where it is, its
    number, and in whose name where that is not a corporation's own.
    """
    paid_to = Payment.objects.filter(case=case).values("account")
    of_case = Q(organisation=case.organisation_id) | Q(pk__in=paid_to)
    accounts = list(BankAccount.objects.filter(of_case).select_related("organisation"))
    BankAccount.name_all(accounts)
    for account in accounts:
        yield Private(text=account.masked, kind="account")
        yield Private(text=account.number, kind="account")
        yield from _of_holder(account)


def _of_holder(account: BankAccount) -> Iterator[Private]:
    firm = account.organisation
    if not firm.is_sole_proprietor and is_of(firm, account.holder, account.holder_kana):
        return  # a corporation's name is no secret, and a representative's is known to its room
    for text in (account.holder, account.holder_kana):
        yield Private(text=text, kind="person")
    if account.explanation:
        yield Private(text=account.explanation, kind="secret")
