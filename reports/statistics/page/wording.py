"""How figures are said to a reader, in either language. Nothing here computes a statistic."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal.fiscal import era_fiscal_year
from portal.registry.models import in_english
from portal.types import Text
from reports.statistics.models import Difference, Row

MONTHS = (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)  # of a fiscal year
OUTCOMES = {
    "productivity_growth": _lazy("従業員1人あたりの付加価値の伸び"),
    "sales": _lazy("売上高（平均）"),
    "hours_saved": _lazy("1か月に減った作業時間（平均）"),
    "telework_rate": _lazy("テレワークをしている人の割合"),
    "in_use": _lazy("いまも使っている割合"),
    "cost_per_hour": _lazy("月1時間を減らすのにかかった補助金"),
}
STAGES = {
    "decision": _lazy("申込みから決定まで"),
    "check": _lazy("申込みから受理まで"),
    "review": _lazy("受理から決定まで"),
    "fixing": _lazy("実績報告から額の確定まで"),
    "payment": _lazy("請求から支払いまで"),
}
EFFECTS = {
    "productivity": _lazy("従業員1人あたりの付加価値"),
    "employees": _lazy("従業員数"),
    "sales": _lazy("売上高"),
}
METHODS = {
    "discontinuity": _lazy("点の近い申請どうしの比較"),
    "difference": _lazy("前後の変化の比較"),
}
VERDICTS = {
    "more": _lazy("増えたといえます"),
    "less": _lazy("減ったといえます"),
    "none": _lazy("差があるとはいえません"),
    "refused": _lazy("出していません"),
}
REFUSED = {
    "few": _lazy("比べられる事業者が、まだ少なすぎます"),
    "line": _lazy("点数の順と決定が食い違うため、比べられません"),
    "moved": _lazy("前の公表から動いた事業者が少なく、引き算でその事業者のことが分かるため"),
}
TABLES = {  # those with hidden rows
    "ledger": _lazy("予算の台帳"),
    "people": _lazy("個人事業主への交付決定"),
    "applicants": _lazy("申請者の形態別の件数"),
    "applications_by": _lazy("制度・場所・業種などの別の申請"),
    "outcomes": _lazy("成果の報告"),
    "flow": _lazy("申請から支払いまでの途中のこと"),
    "courses": _lazy("講座"),
    "innovation": _lazy("実証までの歩み"),
    "days": _lazy("かかった日数"),
    "effects": _lazy("補助の効果"),
}
MEASURES = {
    "awards": _lazy("交付を決めた件数（件）"),
    "awarded_yen": _lazy("交付を決めた額（円）"),
    "fixed_yen": _lazy("確定した額（円）"),
    "paid_yen": _lazy("支払った額（円）"),
    "returned_yen": _lazy("返ってきた額（円）"),
}
CAUSES = {
    "new": _lazy("新しく決めた分"),
    "gone": _lazy("取り下げられた分"),
    "more": _lazy("前からある分で増えたもの"),
    "less": _lazy("前からある分で減ったもの"),
}
CHECKS = {
    "awarded": _lazy("交付決定額と、支出負担行為の記帳"),
    "paid": _lazy("支払額と、支出の記帳"),
    "returned": _lazy("返還された額と、戻入の記帳"),
    "revenue": _lazy("歳入になった返還の額と、返還された額から戻入を引いた額"),
    "held": _lazy("いま必要な額と、負担行為の残り"),
    "slots": _lazy("枠で管理する件数と、記帳"),
    "line_appropriated": _lazy("予算科目の現額と、その内訳"),
    "line_committed": _lazy("予算科目の負担行為と、その内訳"),
    "line_disbursed": _lazy("予算科目の支出と、その内訳"),
    "line_carried": _lazy("予算科目の繰越と、その内訳"),
    "list_awarded_yen": _lazy("公表する一覧の決定額と、集計表"),
    "list_paid_yen": _lazy("公表する一覧の支払額と、集計表"),
    "list_returned_yen": _lazy("公表する一覧の返還額と、集計表"),
    "all_awarded": _lazy("法人と個人事業主の合計と、すべての交付決定"),
}
FLOW = {
    "enquiries": _lazy("相談（件）"),
    "corrections": _lazy("補正のやり取り（回）"),
    "changes": _lazy("計画の変更（件）"),
}
FIRMS = {
    "industry": _lazy("業種"),
    "size": _lazy("従業員の数"),
    "age": _lazy("設立からの年数"),
    "history": _lazy("補助を受けたことがあるか"),
    "adviser": _lazy("代理人による提出"),
}
KEYS = {
    "unknown": _lazy("不明"),
    "first": _lazy("はじめて"),
    "repeat": _lazy("2回目から"),
    "yes": _lazy("代理人が提出"),
    "no": _lazy("本人が提出"),
}
ROAD = {
    "challenges": _lazy("公表した行政課題"),
    "proposals": _lazy("寄せられた提案"),
    "matches": _lazy("市町村の検討に進んだ提案"),
    "pilots": _lazy("実証"),
    "adopted": _lazy("本格導入を検討するとした実証"),
    "contracts": _lazy("契約"),
    "in_use": _lazy("いま使っている市町村"),
}
COURSES = {
    "applications": _lazy("申込み（件）"),
    "seats": _lazy("受講を決めた席"),
    "completed": _lazy("修了した席"),
}
STATUS = {
    "in_progress": _lazy("実施中"),
    "amount_fixed": _lazy("額の確定"),
    "closed": _lazy("完了"),
    "ended": _lazy("廃止など"),
    "revoked": _lazy("取消し"),
}


def key(dimension: str, name: str) -> str:
    """What a class is called: 6～20人, 3年以上10年未満, or its word."""
    if name in KEYS:
        return str(KEYS[name])
    low, _sign, high = name.partition("-")
    if dimension == "age" and low == "0":
        return _("%(b)s年未満") % {"b": high}
    words = {
        "size": (_("%(a)s～%(b)s人"), _("%(a)s人以上")),
        "age": (_("%(a)s年以上%(b)s年未満"), _("%(a)s年以上")),
    }[dimension]
    return words[0 if high else 1] % {"a": low, "b": high}


def listed(names: list[str]) -> str:
    return (", " if in_english() else "、").join(names)


def hidden() -> str:
    return _("秘匿")


def count(value: int | None) -> str:
    return hidden() if value is None else f"{value:,}"


def cases(value: int | None) -> str:
    """Cases behind an effect; None: fewer than may be counted out."""
    return _("少数") if value is None else _("%(n)s件") % {"n": f"{value:,}"}


def big_yen(amount: int) -> tuple[str, str]:
    """A sum as a big figure and its unit: 4.83 億円, 4,805 万円; 48.05 million yen."""
    if in_english():
        return (f"{amount / 1e6:,.2f}", "M yen") if amount >= 10**6 else (f"{amount:,}", "yen")
    if amount >= 10**8:
        return f"{amount / 1e8:,.2f}", "億円"
    return (f"{amount // 10**4:,}", "万円") if amount >= 10**4 else (f"{amount:,}", "円")


def short_yen(amount: float) -> str:
    """A sum for a tile: in 万円, or in thousands of yen for a reader of English."""
    return f"{amount / 1000:,.0f}" if in_english() else f"{amount / 10000:,.0f}"


def short_yen_unit() -> str:
    return "thousand yen" if in_english() else "万円"


def pieces() -> str:
    """The counter of cases, which English has none of."""
    return "" if in_english() else "件"


def days() -> str:
    return "days" if in_english() else "日"


def percent(part: float, digits: int = 0) -> str:
    return f"{part * 100:,.{digits}f}{'%' if in_english() else '％'}"


def short_year(year: int) -> str:
    """8年度 beside a line, FY26 for a reader of English."""
    return (
        f"FY{year % 100}"
        if in_english()
        else era_fiscal_year(year).removeprefix("令和").removeprefix("平成")
    )


def month_names() -> list[str]:
    """The months of a fiscal year as a chart names them."""
    return (
        ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
        if in_english()
        else [f"{month}月" for month in MONTHS]
    )


def signed(n: int) -> str:
    return f"{'+' if n > 0 else '−' if n < 0 else '±'}{abs(n):,}"


def signed_percent(part: float) -> str:
    sign = "+" if part > 0 else "−" if part < 0 else "±"
    return f"{sign}{abs(part) * 100:.1f}{'%' if in_english() else '％'}"


def outcome(row: Row) -> str:
    """The mean of an outcome as it is read."""
    value, measure = row["value"], row["measure"]
    if value is None:
        return hidden()
    if measure == "productivity_growth":
        return signed_percent(value)
    if measure in ("telework_rate", "in_use"):
        return percent(value)
    if measure == "hours_saved":
        return _("%(n)s時間") % {"n": f"{value:,.0f}"}
    return _("%(n)s円") % {"n": f"{value:,.0f}"}


@dataclass(frozen=True)
class CauseInWords:
    """One reason of a change: how many awards, and by how much."""

    name: Text
    awards: int
    amount: str


@dataclass(frozen=True)
class ChangeInWords:
    """A figure in the last release and in this one."""

    name: Text
    before: str
    after: str
    change: str
    causes: list[CauseInWords]


def difference(row: Difference) -> ChangeInWords:
    """One line of what changed since the last release, in words."""
    causes = [
        CauseInWords(CAUSES[cause["cause"]], cause["awards"], signed(cause["amount"]))
        for cause in row["causes"]
    ]
    return ChangeInWords(
        MEASURES[row["measure"]],
        f"{row['before']:,}",
        f"{row['after']:,}",
        signed(row["after"] - row["before"]),
        causes,
    )
