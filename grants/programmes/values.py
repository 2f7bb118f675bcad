"""The values that a programme states, each with its name; and which of them have no source yet.

A value without a source is a planning value (計画値): the public reads it as such, and a call with
one is announced nowhere but in a demonstration.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes.interest import percent_said
from grants.programmes.texts import said
from portal.types import Text
from portal.ui.templatetags.ui import in_man_yen

if TYPE_CHECKING:
    from grants.programmes.parameters import Frame, Programme
    from grants.programmes.parts import Source

ALL = "all"  # the source of everything, once the rules are made

# value of the programme → what it is called
WHOLE: dict[str, Text] = {
    "guideline": _lazy("要綱・要領の名称"),
    "remedy": _lazy("不服申立ての教示、またはできない理由"),
    "articles": _lazy("条項の番号"),
    "phone": _lazy("担当の電話番号"),
    "selection": _lazy("選び方"),
    "pass_mark": _lazy("合格に要る点"),
    "tie": _lazy("同じ点のときの順番"),
    "payment": _lazy("支払いの方法"),
    "rounding_unit": _lazy("端数の切捨て（円）"),
    "floor_at_fixing": _lazy("額の確定のときにも下限額を当てはめること"),
    "begun_month_counts": _lazy("財産を使った期間の、1か月に満たない分を1か月と数えること"),
    "two_quotes_above": _lazy("見積書が2社分要る額（円）"),
    "asset_limit": _lazy("処分を制限する財産の単価（円）"),
    "tax_return": _lazy("消費税の報告"),
    "excludes": _lazy("一緒に受けられない制度"),
    "conditions": _lazy("交付の条件"),
    "blind": _lazy("審査で名前を伏せること"),
    "course": _lazy("講座の時間数と修了の条件"),
}
ALWAYS = ("articles", "remedy")  # open also where the programme states none
OF_PAYING = ("fixing_days", "payment_days")  # no days of a programme that pays nothing
PERIODS: dict[str, Text] = {
    "standard_days": _lazy("審査にかかる日数（営業日）"),
    "correction_days": _lazy("補正の期限（日）"),
    "withdrawal_days": _lazy("取下げの期限（日）"),
    "report_days": _lazy("実績報告の期限（日）"),
    "fixing_days": _lazy("実績報告から額の確定までの日数（営業日）"),
    "payment_days": _lazy("請求から振込までの日数（営業日）"),
    "follow_up_years": _lazy("効果を報告する年数"),
    "progress_after_days": _lazy("状況報告の時期（交付決定からの日）"),
    "use_check_months": _lazy("利用状況を報告する時期（か月後）"),
}
INTEREST: dict[str, Text] = {
    "surcharge_rate": _lazy("加算金の割合（年、％）"),
    "surcharge_cite": _lazy("加算金の根拠"),
    "arrears_rate": _lazy("延滞金の割合（年、％）"),
    "arrears_cite": _lazy("延滞金の根拠"),
    "arrears_base": _lazy("延滞金を計算する額"),
    "arrears_unit": _lazy("延滞金を計算する額の端数の切捨て（円）"),
    "least_arrears": _lazy("延滞金がかかる最少の額（円）"),
    "late_use_rate": _lazy("使用が遅れたときの違約金の割合（年、％）"),
    "late_use_cite": _lazy("使用が遅れたときの違約金の根拠"),
}
BASES: dict[str, Text] = {
    "principal": _lazy("返還額"),
    "with_surcharge": _lazy("返還額と、納期限までの加算金"),
}
FRAMES: dict[str, Text] = {
    "rate": _lazy("補助率"),
    "cap": _lazy("上限"),
    "floor": _lazy("下限額"),
    "budget": _lazy("予算額"),
    "slots": _lazy("件数"),
    "seats": _lazy("席数"),
    "yearly": _lazy("年ごとの上限額"),
    "before": _lazy("申し込む前に要ること"),
    "purpose": _lazy("何のための枠か"),
}

# block of a public page → which values it shows: that some are open is said once for all of them
BLOCKS: dict[str, tuple[str, ...]] = {
    "rules": ("rules",),
    "costs": ("categories", "examples", "uncounted"),
    "amount": ("frames", "groups"),
    "money": (
        "payment",
        "periods.report_days",
        "periods.fixing_days",
        "periods.payment_days",
        "tax_return",
    ),
    "forecast": ("groups", "periods.fixing_days", "periods.payment_days"),
}


def values(stated: "Programme") -> Iterator[tuple[str, str]]:
    """Path → name, of every value; a value that the programme leaves out is not there."""
    for part in (_of_whole, _of_money_back, _of_frames, _of_costs, _of_papers):
        yield from part(stated)


def _of_whole(stated: "Programme") -> Iterator[tuple[str, str]]:
    for name, label in WHOLE.items():
        if name in ALWAYS or getattr(stated, name) not in (None, False, ()):
            yield name, _with(label, getattr(stated, name, None))
    for name, label in PERIODS.items():
        if name in OF_PAYING and not stated.pays:
            continue
        if (found := getattr(stated.periods, name)) not in (0, ()):
            yield f"periods.{name}", _with(label, found)


def _of_money_back(stated: "Programme") -> Iterator[tuple[str, str]]:
    """Only where money may come back."""
    for ground in stated.unheard if stated.pays else ():
        yield (
            f"unheard.{ground.key}",
            _("弁明の機会を要しない根拠：%(text)s") % {"text": ground.said},
        )
    for name, label in INTEREST.items() if stated.pays else ():
        found = getattr(stated.interest, name)
        if name.endswith("_cite") and found:
            yield f"interest.{name}", str(label)
        elif found:
            said_so = percent_said(found) if name.endswith("_rate") else BASES.get(found, found)
            yield f"interest.{name}", _with(label, said_so)


def _of_frames(stated: "Programme") -> Iterator[tuple[str, str]]:
    for frame in stated.frames:
        yield from _of_frame(frame, stated.unit)


def _of_costs(stated: "Programme") -> Iterator[tuple[str, str]]:
    for category in stated.categories:
        name = said(category.name)
        yield f"categories.{category.key}", _("経費：%(name)s") % {"name": name}
        if category.life_years:
            years = {"name": name, "n": category.life_years}
            yield f"lives.{category.key}", _("%(name)sの耐用年数：%(n)s年") % years
        if category.examples:
            yield f"examples.{category.key}", _("%(name)sの例") % {"name": name}
    for row in stated.uncounted:
        yield f"uncounted.{row.key}", _("対象にならない費用：%(name)s") % {"name": said(row.name)}
    for group in stated.groups:
        share = f"{group.share.numerator}/{group.share.denominator}"
        names = "、".join(said(c.name) for c in stated.categories if c.key in group.categories)
        words = {"names": names, "share": share}
        yield f"groups.{group.key}", _("%(names)sの割合の上限：%(share)s") % words


def _of_papers(stated: "Programme") -> Iterator[tuple[str, str]]:
    for rule in stated.rules:
        yield f"rules.{rule.rule}", _("条件：%(text)s") % {"text": said(rule.text)}
    for document in stated.documents:
        yield f"documents.{document.key}", _("書類：%(name)s") % {"name": said(document.name)}
    for row in stated.criteria:
        name = said(row.name)
        yield f"criteria.{row.key}", _("審査の項目：%(name)s") % {"name": name}
        yield f"weights.{row.key}", _("%(name)sの重み：%(n)s") % {"name": name, "n": row.weight}


def _of_frame(frame: "Frame", unit: str) -> Iterator[tuple[str, str]]:
    for name, label in FRAMES.items():
        found = getattr(frame, name)
        if found in (None, 0, ()):
            continue
        is_yen = name in ("floor", "budget") or (name == "cap" and unit == "yen")
        words = in_man_yen(found) if is_yen else found
        if name == "rate":
            words = f"{found.numerator}/{found.denominator}"
        yield f"frames.{frame.key}.{name}", f"{said(frame.name)} {_with(label, words)}"


def _with(label: Text, value: object) -> str:
    """A figure is said; of words, their name alone."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{value:,}"
    if isinstance(value, tuple) and all(isinstance(part, int) for part in value):
        value = "、".join(map(str, value))
    is_figure = isinstance(value, str) and any(sign.isdecimal() for sign in value)
    return f"{label}：{value}" if is_figure else str(label)


def covers(source: str, path: str) -> bool:
    return source in (ALL, path) or path.startswith(f"{source}.")


def planned(stated: "Programme") -> dict[str, str]:
    """Path → name of each value without a source (計画値)."""
    known = [named for source in stated.sources for named in source.values]
    return {
        path: name
        for path, name in values(stated)
        if not any(covers(source, path) for source in known)
    }


def open_blocks(stated: "Programme") -> dict[str, str]:
    """Block of a public page → whether "all" or "some" of the values it shows are planning values; a
    block without any is not there.
    """
    paths, open_ones = [path for path, _name in values(stated)], planned(stated)
    found: dict[str, str] = {}
    for block, shown in BLOCKS.items():
        inside = [path for path in paths if any(covers(one, path) for one in shown)]
        among = [path for path in inside if path in open_ones]
        if among:
            found[block] = "all" if among == inside else "some"
    return found


def unknown(stated: "Programme", source: "Source") -> list[str]:
    """What a source names and the programme does not state."""
    paths = [path for path, _name in values(stated)]
    return [one for one in source.values if not any(covers(one, path) for path in paths)]
