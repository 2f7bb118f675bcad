"""The bank's result of a batch: a CSV whose columns are named in settings,
imported as a job with progress.

There is no common standard for it; ours has batch, line, bank, branch, account, amount, result code
and reason.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from grants.payments import paying
from grants.payments.models import Payment, PaymentBatch
from grants.payments.states import PaymentState
from portal import parsing
from portal.accounts.models import User
from portal.workflow.door import apart, door, perform_all
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
    """(rows, faults): each fault with its place in the file.

    Raises Unreadable when columns are missing.
    """
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
                Row(
                    place,
                    cells["batch"],
                    int(cells["line"]),
                    cells["bank"].zfill(4),
                    cells["branch"].zfill(3),
                    cells["account"].zfill(7),
                    parsing.yen(cells["amount"]),
                    cells["code"],
                    cells["reason"],
                )
            )
        except ValueError:
            faults.append(
                (place, _("読めない行です（途中で切れているか、数字でないところがあります）。"))
            )
    return rows, faults


def apply(rows: Sequence[Row], *, batch: PaymentBatch, by: User) -> list[tuple[str, str]]:
    """Take in rows of a result in one transaction: (outcome, sentence) of each.

    Never pays twice, never guesses.

    Outcomes: paid, bounced, already (said before), or wrong. All are stored at once; where one is
    refused, each apart.
    """
    lines = {row.line for row in rows}
    with door(by, paying.locks_of(batch, lines)):
        payments = paying.of_batch(batch, lines)
        answers: list[tuple[str, str]] = []
        todo: dict[int, Row] = {}  # place in `answers` → the row to store
        said: dict[int, str] = {}  # line → what an earlier row of these said
        for row in rows:
            answer = _read(row, payments.get(row.line), batch)
            if answer[0] in ("paid", "bounced"):
                if row.line in said:
                    answer = (
                        ("already", _("すでに取り込んだ結果です。"))
                        if said[row.line] == answer[0]
                        else ("wrong", _("同じ振込に、違う結果がすでにあります。"))
                    )
                else:
                    said[row.line] = answer[0]
                    todo[len(answers)] = row
            answers.append(answer)
        try:
            with apart():
                _store(list(todo.values()), payments, batch=batch, by=by)
        except Refused:
            for place, row in todo.items():
                answers[place] = _store_one(row, answers[place], batch=batch, by=by)
        return answers


def _read(row: Row, payment: Payment | None, batch: PaymentBatch) -> tuple[str, str]:
    """What a row says of its payment: paid or bounced; or already or wrong, with a sentence."""
    if row.batch != batch.number:
        return "wrong", _("別の振込データ（%(number)s）の結果です。") % {"number": row.batch}
    if payment is None:
        return "wrong", _("この振込データに%(line)s行目はありません。") % {"line": row.line}
    account = payment.account
    sent = (account.bank_code, account.branch_code, account.number, payment.amount)
    if (row.bank, row.branch, row.account, row.amount) != sent:
        return "wrong", _("口座か金額が、送った振込と違います。")
    wanted = "paid" if row.code in PAID_CODES else "bounced"
    if payment.state == wanted:
        return "already", _("すでに取り込んだ結果です。")
    if payment.state == PaymentState.PAID:
        return "wrong", _(
            "支払済みの振込です。あとから戻ってきたときは、案件のページの「振込が戻ったことを記録する」で記録してください。"
        )
    return wanted, ""


def _store(
    rows: Sequence[Row], payments: dict[int, Payment], *, batch: PaymentBatch, by: User
) -> None:
    paid = [payments[row.line] for row in rows if row.code in PAID_CODES]
    failed = [
        (payments[row.line], {"code": row.code, "why": row.reason})
        for row in rows
        if row.code not in PAID_CODES
    ]
    paying.settle(paid, by=by, paid_on=batch.pay_on)
    perform_all(failed, "fail", by=by)


def _store_one(
    row: Row, answer: tuple[str, str], *, batch: PaymentBatch, by: User
) -> tuple[str, str]:
    try:
        with apart():
            _store([row], paying.of_batch(batch, {row.line}), batch=batch, by=by)
    except Refused as refused:
        return "wrong", "".join(refused.reasons)
    return answer


def summary(report: list[list[str]]) -> dict[str, int]:
    """How many rows had each outcome."""
    counts = dict.fromkeys(("paid", "bounced", "already", "wrong"), 0)
    for _place, outcome, _text in report:
        counts[outcome] += 1
    return counts
