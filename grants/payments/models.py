"""請求・支払・振込データ: the tables of this room. Each life cycle stands on a page of its own."""

from grants.payments.accounts import BankAccount
from grants.payments.awaited import Awaited
from grants.payments.bank_words import BankWord
from grants.payments.batches import PaymentBatch
from grants.payments.checks import OrderCheck
from grants.payments.claims import Claim
from grants.payments.imports import ResultImport
from grants.payments.transfers import Payment

__all__ = [
    "Awaited",
    "BankAccount",
    "BankWord",
    "Claim",
    "OrderCheck",
    "Payment",
    "PaymentBatch",
    "ResultImport",
]
