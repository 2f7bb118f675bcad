"""What is looked at in a completion report,
shown to the applicant before filing and to the officer after it.

Each check is one small pure function from one item and the frame around it to findings; each
finding cites its rule; none blocks. Sources: 適化法 14条・15条 and the pattern of municipal 規則; the
evidence chain 見積・発注・納品・請求・支払 of the schemes' own 手引き.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from grants.programmes.parameters import Programme
from portal import jptext
from portal.days import day_said
from portal.money import tax_exclusive
from portal.types import Given

CHAIN = ("quoted_on", "ordered_on", "delivered_on", "invoiced_on", "paid_on")


@dataclass(frozen=True)
class Finding:
    """One thing to look at: tone care or stop,
    the item's number (0 = the whole report), what, its rule, and why.
    """

    tone: str
    item: int
    what: str
    cite: str
    why: str


@dataclass(frozen=True)
class Item:
    """One cost item of the report: days as dates or None, amounts in yen.

    `n`: where it stands now; `key`: what it keeps while rows are moved, added and emptied, and what
    hangs on it therefore hangs on.
    """

    n: int
    key: str
    what: str
    category: str
    vendor: str
    payee: str
    amount: int
    amount_with_tax: int
    second_vendor: str = ""
    invoice_number: str = ""
    own_account: bool = True
    days: Mapping[str, date | None] = field(default_factory=dict)
    files: int = 0

    @classmethod
    def of(cls, n: int, row: Given) -> "Item":
        """From a row as the report froze it (days as ISO text)."""
        days = {
            name: date.fromisoformat(str(row[name])) if row.get(name) else None for name in CHAIN
        }
        plain = {
            name: row.get(name) or ""
            for name in (
                "key",
                "what",
                "category",
                "vendor",
                "payee",
                "second_vendor",
                "invoice_number",
            )
        }
        return cls(
            n=n,
            amount=int(row["amount"]),
            amount_with_tax=int(row["amount_with_tax"]),
            own_account=row.get("own_account") == "yes",
            days=days,
            files=int(row.get("files") or 0),
            **plain,
        )


@dataclass(frozen=True)
class Frame:
    """What the award says around the items. `plan`: (what, category, yen) as applied for."""

    stated: Programme
    applicant: str
    awarded_on: date
    ends_on: date
    plan: Sequence[tuple[str, str, int]]


def _names(text: str) -> str:
    return jptext.search_key(text)


def order_of_dates(item: Item, _frame: Frame) -> list[Finding]:
    """Quote, order, delivery, payment in this order, and the invoice before the payment."""
    labels = {
        "quoted_on": _("見積"),
        "ordered_on": _("発注"),
        "delivered_on": _("納品"),
        "invoiced_on": _("請求"),
        "paid_on": _("支払"),
    }
    pairs = (
        ("quoted_on", "ordered_on"),
        ("ordered_on", "delivered_on"),
        ("delivered_on", "paid_on"),
        ("invoiced_on", "paid_on"),
    )
    found = []
    for first, second in pairs:
        one, two = item.days.get(first), item.days.get(second)
        if one and two and one > two:
            why = _("%(first)sの日（%(one)s）が、%(second)sの日（%(two)s）より後になっています。")
            said = why % {
                "first": labels[first],
                "one": day_said(one),
                "second": labels[second],
                "two": day_said(two),
            }
            found.append(Finding("care", item.n, _("日付の順序"), _("証拠書類の順序"), said))
    return found


def after_the_award(item: Item, frame: Frame) -> list[Finding]:
    ordered = item.days.get("ordered_on")
    if ordered is None or ordered >= frame.awarded_on or frame.stated.early_start:
        return []
    why = _("発注の日が交付決定（%(day)s）より前です。決定より前に注文した費用は対象になりません。")
    return [
        Finding(
            "stop",
            item.n,
            _("交付決定の前の発注"),
            _("交付の条件 1"),
            why % {"day": day_said(frame.awarded_on)},
        )
    ]


def within_the_period(item: Item, frame: Frame) -> list[Finding]:
    late = [
        day
        for name in ("delivered_on", "paid_on")
        if (day := item.days.get(name)) and day > frame.ends_on
    ]
    if not late:
        return []
    why = _("事業の期間（%(day)sまで）より後の納品か支払いです。")
    return [
        Finding(
            "stop",
            item.n,
            _("事業の期間"),
            _("交付決定通知書「事業の期間」"),
            why % {"day": day_said(frame.ends_on)},
        )
    ]


def two_quotes(item: Item, frame: Frame) -> list[Finding]:
    """Two quotes above the limit, and not from one and the same vendor or the applicant."""
    limit = frame.stated.two_quotes_above
    if not limit or item.amount_with_tax <= limit:
        return []
    if not item.second_vendor:
        why = _("税込%(limit)s円を超える注文には、2社の見積書が要ります。") % {
            "limit": f"{limit:,}"
        }
        return [Finding("care", item.n, _("見積書が1社分"), _("2社見積りの定め"), why)]
    same = _names(item.second_vendor) in (_names(item.vendor), _names(frame.applicant))
    why = _(
        "2社目の見積りの相手が、発注先か申請者と同じ名前です。取引関係のない2社からとってください。"
    )
    return [Finding("stop", item.n, _("2社目の見積"), _("2社見積りの定め"), why)] if same else []


def one_order(items: Sequence[Item], frame: Frame) -> list[Finding]:
    """Several items ordered of one vendor on one day: as one order they may come above the limit."""
    limit = frame.stated.two_quotes_above
    orders: dict[tuple[str, date], list[Item]] = {}
    for item in items:
        ordered_on = item.days.get("ordered_on")
        if limit and item.vendor and ordered_on and item.amount_with_tax <= limit:
            orders.setdefault((_names(item.vendor), ordered_on), []).append(item)
    found = []
    for rows in orders.values():
        whole = sum(item.amount_with_tax for item in rows)
        one = [item for item in rows if not item.second_vendor]
        if one and whole > limit:
            said = {
                "rows": "・".join(str(item.n) for item in rows),
                "sum": f"{whole:,}",
                "limit": f"{limit:,}",
            }
            why = _(
                "経費%(rows)sは、同じ日に同じ会社へ注文していて、合わせて税込%(sum)s円です。1つの注文なら、税込%(limit)s円を超えるので、2社の見積書が要ります。"
            )
            about = (_("分けて書いた注文"), _("2社見積りの定め"), why % said)
            found.append(Finding("care", one[0].n, *about))
    return found


def own_vendor(item: Item, frame: Frame) -> list[Finding]:
    if _names(item.vendor) != _names(frame.applicant):
        return []
    why = _("発注先が申請者自身です。自社への支払いは対象になりません。")
    return [Finding("stop", item.n, _("自社への発注"), _("対象経費の定め"), why)]


def payee_is_vendor(item: Item, _frame: Frame) -> list[Finding]:
    if not item.payee or _names(item.payee) == _names(item.vendor):
        return []
    why = _("支払先（%(payee)s）が発注先（%(vendor)s）と違います。理由をお書きください。")
    return [
        Finding(
            "care",
            item.n,
            _("支払先"),
            _("証拠書類の一致"),
            why % {"payee": item.payee, "vendor": item.vendor},
        )
    ]


def own_account(item: Item, _frame: Frame) -> list[Finding]:
    if item.own_account:
        return []
    why = _("申請者名義でない口座やカードからの支払いは、対象にならないことがあります。")
    return [Finding("care", item.n, _("支払いの口座"), _("本人名義の支払い"), why)]


def invoice_number(item: Item, _frame: Frame) -> list[Finding]:
    text = jptext.digits(item.invoice_number).upper().replace("-", "")
    if not text or re.fullmatch(r"T\d{13}", text):
        return []
    why = _("適格請求書の登録番号は、Tと13桁の数字です（%(text)s）。")
    return [
        Finding(
            "care",
            item.n,
            _("登録番号の形"),
            _("消費税法57条の4"),
            why % {"text": item.invoice_number},
        )
    ]


def tax_adds_up(item: Item, _frame: Frame) -> list[Finding]:
    """The amount without tax agrees with the amount with it,
    at 10 % or 8 %, to a yen of rounding, or is free of tax.
    """
    wanted = {
        tax_exclusive(item.amount_with_tax),
        tax_exclusive(item.amount_with_tax, 8),
        item.amount_with_tax,
    }
    if any(abs(item.amount - yen) <= 1 for yen in wanted):
        return []
    why = _("税込%(with)s円と税抜%(without)s円が合いません。")
    given = {"with": f"{item.amount_with_tax:,}", "without": f"{item.amount:,}"}
    return [Finding("care", item.n, _("税抜の金額"), _("対象経費は税抜"), why % given)]


def in_the_plan(item: Item, frame: Frame) -> list[Finding]:
    """What was not in the plan, was worded differently, or cost more than planned."""
    same = [row for row in frame.plan if row[1] == item.category]
    if not same:
        why = _("交付決定のときの計画にない経費区分です。変更の承認を受けていますか。")
        return [Finding("stop", item.n, _("計画にない経費"), _("変更の承認"), why)]
    named = [row for row in same if _names(row[0]) == _names(item.what)]
    if not named:
        why = _("計画の書き方（%(plan)s）と違います。同じ物であることが分かるようにしてください。")
        given = {"plan": "・".join(row[0] for row in same)}
        return [Finding("care", item.n, _("内容の書き方"), _("証拠書類の一致"), why % given)]
    if item.amount > named[0][2]:
        why = _("計画の金額（%(plan)s円）を超えています。補助額は交付決定額を超えません。")
        return [
            Finding(
                "care",
                item.n,
                _("計画を超える金額"),
                _("交付決定額"),
                why % {"plan": f"{named[0][2]:,}"},
            )
        ]
    return []


def evidence(item: Item, _frame: Frame) -> list[Finding]:
    if item.files:
        return []
    why = _("この経費の見積書・注文書・納品書・請求書・支払いの記録を付けてください。")
    return [Finding("stop", item.n, _("証拠書類がありません"), _("実績報告の添付書類"), why)]


CHECKS = (
    evidence,
    order_of_dates,
    after_the_award,
    within_the_period,
    two_quotes,
    own_vendor,
    payee_is_vendor,
    own_account,
    invoice_number,
    tax_adds_up,
    in_the_plan,
)


def findings(items: Sequence[Item], frame: Frame) -> list[Finding]:
    """All findings of a report, item by item in the order of CHECKS; then those of several items."""
    each = [found for item in items for check in CHECKS for found in check(item, frame)]
    return each + one_order(items, frame)


def by_category(items: Sequence[Item], cuts: Mapping[int, int]) -> dict[str, int]:
    """Yen without tax per category, each item less what stands as cut from it: never more than the item."""
    found: dict[str, int] = {}
    for item in items:
        found[item.category] = found.get(item.category, 0) + item.amount - cuts.get(item.n, 0)
    return found
