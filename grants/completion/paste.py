"""The items of a completion report out of a spreadsheet: their columns, how a row of text fills an item,
and the workbook to fill in.
"""

import uuid
from collections.abc import Mapping, Sequence

from django.http import FileResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.cost_paste import category_named
from grants.awards.models import Award
from grants.completion import reporting
from grants.completion.forms import MAX_ITEMS, ItemForm
from grants.completion.models import CompletionReport
from grants.programmes.models import said
from portal import pasting
from portal.documents import paste_page
from portal.documents.paste_page import Table
from portal.pasting import Column, Line
from portal.sheets import form_response

# in either language, whichever the page is read in
COLUMNS = (
    Column(
        "what",
        _lazy("内容"),
        ("品名", "品目", "件名", "名称", "項目", "摘要", "内訳", "Content", "Item", "Description"),
    ),
    Column("category", _lazy("経費区分"), ("区分", "費目", "Cost category", "Category")),
    Column(
        "vendor",
        _lazy("発注先"),
        ("業者", "業者名", "購入先", "仕入先", "取引先", "Supplier", "Vendor", "Ordered from"),
    ),
    Column("second_vendor", _lazy("2社目の見積りの相手"), ("2社目の見積先", "相見積先")),
    Column("second_amount", _lazy("2社目の見積りの額（税抜・円）"), ("2社目の見積額", "相見積額")),
    Column("quoted_on", _lazy("見積りの日"), ("見積日", "見積もりの日", "Quoted on", "Quote date")),
    Column("ordered_on", _lazy("発注の日"), ("発注日", "契約日", "Ordered on", "Order date")),
    Column(
        "delivered_on", _lazy("納品の日"), ("納品日", "検収日", "Delivered on", "Delivery date")
    ),
    Column("invoiced_on", _lazy("請求の日"), ("請求日", "Invoiced on", "Invoice date")),
    Column(
        "paid_on",
        _lazy("支払いの日"),
        ("支払日", "支払の日", "振込日", "Paid on", "Payment date"),
    ),
    Column("payee", _lazy("支払先"), ("振込先", "振込先名義", "Payee", "Paid to")),
    Column(
        "own_account",
        _lazy("申請者名義の口座から払いましたか"),
        ("申請者名義の口座", "自社口座", "Own account"),
    ),
    Column(
        "invoice_number",
        _lazy("請求書の登録番号（T番号）"),
        ("登録番号", "T番号", "インボイス番号", "Registration number", "Invoice number"),
    ),
    Column("quantity", _lazy("数量"), ("個数", "台数", "Quantity")),
    Column(
        "amount_with_tax",
        _lazy("支払った額（税込・円）"),
        ("支払った額", "支払額", "税込金額", "税込額", "金額（税込）", "Amount with tax"),
    ),
    Column(
        "amount",
        _lazy("対象の額（税抜・円）"),
        ("対象の額", "税抜金額", "税抜額", "金額（税抜）", "税別金額", "Amount without tax"),
    ),
)
DAYS = ("quoted_on", "ordered_on", "delivered_on", "invoiced_on", "paid_on")
YES_OR_NO = {
    "はい": "yes",
    "いいえ": "no",
    "yes": "yes",
    "no": "no",
    "○": "yes",
    "〇": "yes",
    "×": "no",
}


def table(report: CompletionReport) -> Table:
    """The items as something that rows are brought to. Taking them raises NotReady, Forbidden, Overtaken."""

    def take(lines: Sequence[Line], is_instead: bool, seen: int) -> None:
        _take(report, lines, is_instead, seen=seen)

    award = report.award
    return Table(
        COLUMNS,
        rows=len(_rows(report)),
        most=MAX_ITEMS,
        version=report.version,
        row_form=lambda line: ItemForm(
            award=award,
            data=paste_page.prefixed(0, {"key": "1", **_typed(award, line.cells)}),
            prefix="item-0",
        ),
        take=take,
        back=reverse("completion", args=[report.case.number]),
    )


def _rows(report: CompletionReport) -> list[dict[str, str]]:
    """What is typed in each row that says something: name of the control → text. Before anything is typed
    these are the planned items.
    """
    items = reporting.item_set(report)
    if not items.is_bound:
        return [
            {name: str(said) for name, said in row.items()}
            for row in reporting.starting_rows(report.award)
        ]
    return paste_page.filled(items)


def _take(report: CompletionReport, lines: Sequence[Line], is_instead: bool, *, seen: int) -> None:
    before = _rows(report)
    rows = [_typed(report.award, line.cells) for line in lines]
    keys = _keys(rows, before if is_instead else [])
    new = [{**row, "key": key} for row, key in zip(rows, keys, strict=True)]
    typed = {name: text for name, text in report.typed.items() if not name.startswith("item-")}
    typed |= paste_page.typed_rows(new if is_instead else before + new, most=MAX_ITEMS)
    reporting.keep_typed(report, typed, seen=seen)


def _keys(rows: Sequence[Mapping[str, str]], before: Sequence[Mapping[str, str]]) -> list[str]:
    """The key of each new row: that of the row of the same content which it replaces, so that its papers
    and cuts stay with it (the first of it for the first, where several have it); else one of its own.
    """
    free: dict[str, list[str]] = {}
    for row in reversed(before):
        free.setdefault(pasting.key(row.get("what", "")), []).append(row.get("key", ""))
    left = [free.get(pasting.key(row["what"]), []) for row in rows]
    return [(keys.pop() if keys else "") or uuid.uuid4().hex[:8] for keys in left]


def _typed(award: Award, cells: Mapping[str, str]) -> dict[str, str]:
    """A row as if it had been typed."""
    row = {column.name: cells.get(column.name, "") for column in COLUMNS}
    row["category"] = category_named(award.stated, row["category"])
    said_own = row["own_account"]
    row["own_account"] = YES_OR_NO.get(pasting.key(said_own), said_own)
    for name in DAYS:
        row |= pasting.day_parts(name, row.pop(name))
    return row


def workbook(report: CompletionReport) -> FileResponse:
    """The items to be filled in, with what stands in them by now, as far as it can be read."""
    stated = report.award.stated
    names = {category.key: said(category.name) for category in stated.categories}
    own = {"yes": _("はい"), "no": _("いいえ")}
    items = reporting.item_set(report)
    rows = [
        {
            **item,
            "category": names.get(str(item.get("category")), ""),
            "own_account": own.get(str(item.get("own_account")), ""),
        }
        for item in (items.items() if items.is_bound else reporting.starting_rows(report.award))
    ]
    headings = [str(column.heading) for column in COLUMNS]
    choices = {
        str(_("経費区分")): list(names.values()),
        str(_("申請者名義の口座から払いましたか")): list(own.values()),
    }
    cells = [[row.get(column.name) for column in COLUMNS] for row in rows]
    return form_response(f"{report.case.number}-report.xlsx", headings, cells, choices)
