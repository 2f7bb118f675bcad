"""The bank's result of a batch: a CSV whose columns are named in settings, imported row by row as a job with progress.

There is no common standard for it; ours has batch, line, bank, branch, account, amount, result code and reason.
"""

import csv
import io
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from grants.payments import paying
from grants.payments.models import Payment, PaymentBatch
from portal import jptext
from portal.accounts.models import User
from portal.workflow.door import perform
from portal.workflow.errors import Refused

PAID_CODES = ("", "0", "00")


@dataclass(frozen=True)
class Row:
    """One line of the result (1-based `place` in the file), amounts in yen."""

    place: int
    batch: str
    line: int
    bank: str
    branch: str
    account: str
    amount: int
    code: str
    reason: str


class Unreadable(ValueError):
    """The file is no result file: a sentence for the person."""


def decoded(data: bytes) -> str:
    """The text of a CSV in UTF-8 (with or without BOM) or CP932. Raises Unreadable."""
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("文字コードがわかりません。UTF-8かShift_JISで保存したCSVを選んでください。"))


def read(text: str) -> tuple[list[Row], list[tuple[int, str]]]:
    """(rows, faults): each fault with its place in the file. Raises Unreadable when columns are missing."""
    names = settings.TRANSFER_RESULT_COLUMNS
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in names.values() if name not in (reader.fieldnames or [])]
    if missing:
        raise Unreadable(_("結果のCSVに列がありません：%(names)s") % {"names": "、".join(missing)})
    rows: list[Row] = []
    faults: list[tuple[int, str]] = []
    for place, raw in enumerate(reader, 2):
        cells = {key: (raw.get(column) or "").strip() for key, column in names.items()}
        try:
            rows.append(
                Row(place, cells["batch"], int(cells["line"]), cells["bank"].zfill(4), cells["branch"].zfill(3),
                    cells["account"].zfill(7), jptext.yen(cells["amount"]), cells["code"], cells["reason"])
            )  # fmt: skip
        except ValueError:
            faults.append((place, _("読めない行です（途中で切れているか、数字でないところがあります）。")))
    return rows, faults


def apply(row: Row, *, batch: PaymentBatch, by: User) -> tuple[str, str]:
    """(outcome, sentence) of one row: paid, bounced, already (said before), or wrong. Never pays twice, never guesses."""
    if row.batch != batch.number:
        return "wrong", _("別の振込データ（%(number)s）の結果です。") % {"number": row.batch}
    payment = Payment.objects.filter(batch=batch, line=row.line).select_related("account", "award__application__call", "case", "batch").first()  # fmt: skip
    if payment is None:
        return "wrong", _("この振込データに%(line)s行目はありません。") % {"line": row.line}
    account = payment.account
    if (row.bank, row.branch, row.account, row.amount) != (
        account.bank_code,
        account.branch_code,
        account.number,
        payment.amount,
    ):
        return "wrong", _("口座か金額が、送った振込と違います。")
    wanted = "paid" if row.code in PAID_CODES else "bounced"
    if payment.state == wanted:
        return "already", _("すでに取り込んだ結果です。")
    try:
        if wanted == "paid":
            paying.settle(payment, by=by, paid_on=batch.pay_on)
        else:
            perform(payment, "fail", by=by, code=row.code, why=row.reason)
    except Refused as refused:
        return "wrong", "".join(refused.reasons)
    return wanted, ""


def summary(report: list[list[Any]]) -> dict[str, int]:
    """How many rows had each outcome."""
    counts = dict.fromkeys(("paid", "bounced", "already", "wrong"), 0)
    for _place, outcome, _text in report:
        counts[outcome] += 1
    return counts
