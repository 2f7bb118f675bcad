"""The bank's result of a batch: a CSV imported as a job with progress.

There is no common standard for it. We ask for the eight columns of `FIELDS`; what a bank calls them
is said in settings, or by a person on screen, and kept with the import for the next one.
"""

import csv
import io
import itertools
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.payments import paying
from grants.payments.models import Payment, PaymentBatch, ResultImport
from grants.payments.states import PaymentState
from portal import clock, parsing, sentences
from portal.accounts.models import User
from portal.sheets import Unreadable
from portal.workflow.door import apart, defer, door, perform_all
from portal.workflow.errors import Refused

# what a code says by itself; any other says nothing unless the bank adds a reason
PAID_CODES = ("", "0", "00")
FAILED_CODES = tuple("123456789")
BY_HAND = "手入力"  # the code of a transfer that a person says came back
# our name of a column → what it holds
FIELDS = {
    "batch": _lazy("振込データの番号"),
    "line": _lazy("振込データの行"),
    "bank": _lazy("金融機関コード"),
    "branch": _lazy("支店コード"),
    "account": _lazy("口座番号"),
    "amount": _lazy("金額"),
    "code": _lazy("結果コード（0か空欄は振込済み）"),
    "reason": _lazy("振込不能の理由"),
}
SPARE = ("batch", "reason")  # a bank may have no such column


@dataclass(frozen=True)
class Row:
    """One line of the result (1-based `place` in the file), amounts in yen."""

    place: int
    batch: str | None  # None: the file has no such column
    line: int
    bank: str
    branch: str
    account: str
    amount: int
    code: str
    reason: str


def heads(text: str) -> list[str]:
    """What the columns of a CSV are called."""
    return [name.strip() for name in next(csv.reader(io.StringIO(text)), []) if name.strip()]


def sample(text: str, count: int) -> list[list[str]]:
    """The first rows of a CSV below its names."""
    rows = csv.reader(io.StringIO(text))
    next(rows, None)
    return list(itertools.islice(rows, count))


def standard() -> dict[str, str]:
    """Our name of a column → the bank's, as the settings say."""
    return dict(settings.TRANSFER_RESULT_COLUMNS)


def known(text: str) -> dict[str, str] | None:
    """The columns of a CSV where all that the settings name are there; None: a person is asked."""
    usual = standard()
    return usual if _has(text, usual) else None


def said_before(text: str) -> dict[str, str]:
    """What a person last said of a file with such columns, to be looked at again; nothing where nobody did.

    It is offered and never taken by itself: a column named wrongly once would tell firms of money that
    never came, file after file, under the name of whoever takes the next one in.
    """
    said = (
        ResultImport.objects.exclude(columns={}).order_by("-pk").values_list("columns", flat=True)
    )
    return next((way for way in said[:20] if _has(text, way)), {})


def _has(text: str, columns: Mapping[str, str]) -> bool:
    return set(heads(text)).issuperset(filter(None, columns.values()))


def read(
    text: str, columns: Mapping[str, str] | None = None
) -> tuple[list[Row], list[tuple[int, str]]]:
    """(rows, faults): each fault with its place in the file; `columns` as in `standard`, "" where
    the file has none.

    Raises Unreadable when columns are missing.
    """
    names = columns or standard()
    reader = csv.DictReader(io.StringIO(text))
    reader.fieldnames = [name.strip() for name in reader.fieldnames or []]
    missing = [name for name in names.values() if name and name not in reader.fieldnames]
    if missing:
        raise Unreadable(_("結果のCSVに列がありません：%(names)s") % {"names": "、".join(missing)})
    rows: list[Row] = []
    faults: list[tuple[int, str]] = []
    for place, raw in enumerate(reader, 2):
        cells = {key: (raw.get(column) or "").strip() for key, column in names.items()}
        try:
            if any(raw.get(names[key]) is None for key in FIELDS if key not in SPARE):
                raise ValueError("the row is cut off")  # an empty code would say that it was paid
            rows.append(
                Row(
                    place,
                    cells["batch"] if names["batch"] else None,
                    int(cells["line"]),
                    cells["bank"].zfill(4),
                    cells["branch"].zfill(3),
                    cells["account"].zfill(7),
                    parsing.yen(cells["amount"]),
                    unicodedata.normalize("NFKC", cells["code"]),
                    cells["reason"],
                )
            )
        except ValueError:
            faults.append(
                (place, _("読めない行です（途中で切れているか、数字でないところがあります）。"))
            )
    return rows, faults


def whole(text: str, columns: Mapping[str, str]) -> list[Row]:
    """The rows of a file of which every one can be read. Raises Unreadable."""
    rows, faults = read(text, columns)
    if faults:
        places = "、".join(str(place) for place, _text in faults[:10])
        raise Unreadable(
            _(
                "読めない行があります（%(places)s行目）。途中で切れたファイルではないか確かめてください。1件も取り込んでいません。"
            )
            % {"places": places}
        )
    if not rows:
        raise Unreadable(_("結果が1件も入っていません。"))
    return rows


def received(
    batch: PaymentBatch, *, name: str, text: str, columns: dict[str, str], by: User
) -> ResultImport:
    """A file that came in; it is taken in at once where its columns are known."""
    with transaction.atomic():
        running = ResultImport.objects.create(
            batch=batch, name=name, text=text, total=0, started_by=by, started_at=clock.now()
        )
        if columns:
            start(running, columns)
    return running


def start(running: ResultImport, columns: dict[str, str]) -> None:
    """Take a file in by these columns, which are kept for the next; once."""
    with transaction.atomic():
        held = ResultImport.objects.select_for_update().get(pk=running.pk)
        if held.columns:
            return
        held.columns, held.total = columns, len(whole(held.text, columns))
        held.save(update_fields=["columns", "total"])
        defer("import_result", import_id=held.pk)


def by_hand(payment: Payment, batch: PaymentBatch, line: int, *, came_back: str) -> Row:
    """One result as a person enters it; `came_back`: why, "" where the money arrived."""
    account = payment.account
    return Row(
        line,
        batch.number,
        line,
        account.bank_code,
        account.branch_code,
        account.number,
        payment.amount,
        BY_HAND if came_back else "",
        came_back,
    )


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
    if row.batch not in (None, batch.number):
        return "wrong", _("別の振込データ（%(number)s）の結果です。") % {"number": row.batch}
    if payment is None:
        return "wrong", _("この振込データに%(line)s行目はありません。") % {"line": row.line}
    account = payment.account
    sent = (account.bank_code, account.branch_code, account.number, payment.amount)
    if (row.bank, row.branch, row.account, row.amount) != sent:
        return "wrong", _("口座か金額が、送った振込と違います。")
    wanted = said(row)
    if not wanted:
        return "wrong", _unclear(row)
    if payment.state == wanted:
        return "already", _("すでに取り込んだ結果です。")
    if payment.state == PaymentState.BOUNCED:
        return "wrong", _(
            "振込不能と記録した振込です。実際には振り込まれていたときは、案件のページの「実際には振り込まれていたと申し出る」で申し出てください。"
        )
    if payment.state == PaymentState.PAID:
        return "wrong", _(
            "支払済みの振込です。あとから戻ってきたときは、案件のページの「振込が戻ったことを記録する」で記録してください。"
        )
    return wanted, ""


def said(row: Row) -> str:
    """What a row says became of its transfer: paid or bounced; "" where that would be a guess, since
    a transfer taken for bounced is paid again.
    """
    if row.code in PAID_CODES:
        return "" if row.reason else "paid"
    return "bounced" if row.reason or row.code in FAILED_CODES else ""


def _unclear(row: Row) -> str:
    text = (
        _(
            "結果コードは振込済みですが、振込不能の理由「%(reason)s」があります。銀行に確かめて、この行の結果を手で記録してください。"
        )
        if row.reason
        else _(
            "結果コード「%(code)s」は、振込済みか振込不能か分かりません。銀行に確かめて、この行の結果を手で記録してください。"
        )
    )
    return text % {"code": row.code, "reason": row.reason}


def _store(
    rows: Sequence[Row], payments: dict[int, Payment], *, batch: PaymentBatch, by: User
) -> None:
    paid = [payments[row.line] for row in rows if said(row) == "paid"]
    failed = [
        (payments[row.line], {"code": row.code, "why": row.reason})
        for row in rows
        if said(row) == "bounced"
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
        return "wrong", sentences.joined(refused.reasons)
    return answer


def summary(report: list[list[str]]) -> dict[str, int]:
    """How many rows had each outcome."""
    counts = dict.fromkeys(("paid", "bounced", "already", "wrong"), 0)
    for _place, outcome, _text in report:
        counts[outcome] += 1
    return counts
