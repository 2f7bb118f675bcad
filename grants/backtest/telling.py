"""What a back-test says: sums, groups of firms, reasons in words, and what nobody can tell."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.models import Application
from grants.backtest.cases import Past
from grants.backtest.comparing import Change, Outcome, Result
from grants.backtest.reckoning import Filed, frame_of, score
from grants.programmes.forms import SIZES
from grants.programmes.models import said
from grants.programmes.parameters import Programme
from grants.programmes.parts import Bilingual
from portal.registry.models import Area, Industry
from portal.types import Text
from portal.ui.templatetags.ui import in_yen

RESULTS: Mapping[Result, Text] = {
    "in": _lazy("交付"),
    "beyond": _lazy("予算の範囲外"),
    "below": _lazy("基準点に届かない"),
    "barred": _lazy("条件に合わない"),
    "nothing": _lazy("補助額が出ない"),
    "judged": _lazy("不採択"),
    "tied": _lazy("同点（審査会で決める）"),
    "unknown": _lazy("分からない"),
}
# change → (tone, words), the first one first on the page
CHANGES: Mapping[Change, tuple[str, Text]] = {
    "out": ("care", _lazy("交付から外れる")),
    "in": ("good", _lazy("新しく交付")),
    "less": ("care", _lazy("額が減る")),
    "more": ("good", _lazy("額が増える")),
    "unknown": ("rest", _lazy("分からない")),
    "same": ("rest", _lazy("当時と同じ")),
    "open": ("rest", _lazy("まだ決定がない")),
}
CUTS: Mapping[str, Text] = {
    "group_cap": _lazy("経費区分の割合の上限"),
    "cap": _lazy("補助上限額"),
    "floor": _lazy("補助下限額に満たない"),
}
COUNTED: tuple[Result, ...] = (
    "in",
    "beyond",
    "tied",
    "unknown",
)  # to whom aid would go, had it no end


@dataclass(frozen=True)
class Sums:
    """Cases that were decided: how many were granted and how much, then and by the revision (`most`: with
    what is not known), and how many fall out, come in, or nobody can tell of.
    """

    name: str
    n: int
    granted: int
    yen: int
    granted_now: int
    yen_now: int
    most: int
    out: int
    into: int
    untold: int

    @property
    def difference(self) -> int:
        return self.yen_now - self.yen

    @property
    def largest_difference(self) -> int:
        return self.most - self.yen


@dataclass(frozen=True)
class OfFrame:
    """The money of one frame of a call: what it had and has, and what all would take whom no line stops."""

    past: Past
    name: str
    had: int | None
    has: int | None
    sums: Sums
    wanted: int


def summed(name: str, outcomes: Iterable[Outcome]) -> Sums:
    rows = [one for one in outcomes if one.change != "open"]
    of = Counter(one.change for one in rows)
    return Sums(
        name=name,
        n=len(rows),
        granted=sum(one.case.decided == "in" for one in rows),
        yen=sum(one.case.awarded for one in rows),
        granted_now=sum(one.is_in for one in rows),
        yen_now=sum(one.amount for one in rows),
        most=sum(one.most for one in rows),
        out=of["out"],
        into=of["in"],
        untold=of["unknown"],
    )


def of_frames(pasts: Iterable[Past]) -> list[OfFrame]:
    found = []
    for past in pasts:
        frames: dict[str, list[Outcome]] = {}
        for _application, one in past.rows:
            frames.setdefault(one.case.frame, []).append(one)
        for frame in past.call.stated.frames:
            if frame.key not in frames:
                continue
            outcomes, had = frames[frame.key], past.then.get(frame.key)
            has = past.now.get(frame.key)
            wanted = [
                one.now.amount or 0
                for one in outcomes
                if one.change != "open" and one.now.result in COUNTED
            ]
            found.append(
                OfFrame(
                    past,
                    said(frame.name),
                    had.amount if had else None,
                    has.amount if has else None,
                    summed("", outcomes),
                    sum(wanted),
                )
            )
    return found


class Groups:
    """By where a firm is, what it does, and how many it employs, as it said when it applied."""

    def __init__(self, areas: Iterable[Area], industries: Iterable[Industry]) -> None:
        self.areas = {area.code: str(area) for area in areas}
        self.trades = {row.code: row.major_said for row in industries}

    def area(self, case: Filed) -> str:
        return self.areas.get(case.facts.area or "") or _("札幌圏の外・不明")

    def trade(self, case: Filed) -> str:
        return self.trades.get(case.facts.industry or "") or _("不明")

    def size(self, case: Filed) -> str:
        people, first = case.facts.employees, 0
        if people is None:
            return _("不明")
        for last in (int(key) for key, _words in SIZES[:-1]):
            if people <= last:
                words = _("%(first)s～%(last)s人") if first else _("%(last)s人以下")
                return words % {"first": first, "last": last}
            first = last + 1
        return _("%(first)s人以上") % {"first": first}

    def tables(self, outcomes: Sequence[Outcome]) -> list[tuple[Text, list[Sums]]]:
        def by(name_of: Callable[[Filed], str], order: Sequence[str]) -> list[Sums]:
            found: dict[str, list[Outcome]] = {}
            for one in outcomes:
                found.setdefault(name_of(one.case), []).append(one)
            names = [*(name for name in dict.fromkeys(order) if name in found), *found]
            return [summed(name, found[name]) for name in dict.fromkeys(names)]

        smallest = sorted(outcomes, key=lambda one: one.case.facts.employees or 0)
        return [
            (_("本社の場所"), by(self.area, list(self.areas.values()))),
            (_("業種"), by(self.trade, list(self.trades.values()))),
            (_("従業員数"), by(self.size, [self.size(one.case) for one in smallest])),
        ]


def result(one: Outcome) -> Text:
    """What becomes of a case by the revision."""
    if one.change == "unknown":
        return RESULTS["tied" if one.now.result == "tied" else "unknown"]
    if one.is_in:
        return RESULTS["in"]
    return _("当時の決定のまま") if one.now.result == "in" else RESULTS[one.now.result]


def reasons(one: Outcome, then: Programme, now: Programme) -> list[str]:
    """Why, a sentence each: of what the revision makes otherwise, and of what was decided otherwise."""
    found = list(_of_result(one, now))
    if one.change in ("more", "less"):
        found += _of_amount(one, then, now)
    if one.now.told.gone:
        names = {category.key: said(category.name) for category in then.categories}
        gone = "、".join(names.get(key, key) for key in one.now.told.gone)
        found.append(_("この版にない経費の区分を除きました：%(names)s。") % {"names": gone})
    if one.is_otherwise:
        found.append(_of_officer(one))
    return found


def _of_result(one: Outcome, now: Programme) -> Iterable[str]:
    told, came = one.now.told, one.now.result
    if came == "barred":
        yield from (told.unmet[name].why for name in one.now.barred_by)
    if came == "unknown":
        yield from _untold(one, now)
    if one.change not in ("out", "unknown"):
        return
    if came == "below" and (points := score(one.case, now)) is not None:
        words = _("%(points)s点で、基準点の%(mark)s点に届きません。")
        yield words % {"points": f"{float(points):.1f}", "mark": now.pass_mark}
    if came == "beyond":
        yield _("順位が予算の範囲に入りません。")
    if came == "nothing":
        yield _("補助額が出ません。")
        yield from (
            f"{CUTS[step.rule]}。"
            for step in (told.aid.trace if told.aid else ())
            if step.rule in CUTS
        )
    if came == "tied":
        yield _("同じ点の申請が、予算の境目にあります。")


def _untold(one: Outcome, now: Programme) -> Iterable[str]:
    told = one.now.told
    if told.missing == "frame":
        yield _("申し込んだ枠が、この版にありません。")
    if told.missing == "year":
        yield _("支援を受ける年と月数を、当時は聞いていません。")
    if one.now.unsaid_of:
        names = "、".join(told.unsaid[name].what for name in one.now.unsaid_of)
        yield _("当時の答えでは分かりません：%(names)s。") % {"names": names}
    if told.missing or one.now.unsaid_of:
        return
    if now.selection == "competitive" and score(one.case, now) is None:
        yield _("この版の審査の項目と配点では、採点されていません。")
    elif now.selection == "lottery":
        yield _("抽選をしていないので、当落は分かりません。")
    else:
        yield _("分からない申請の結果で、順位が変わります。")


def _of_amount(one: Outcome, then: Programme, now: Programme) -> Iterable[str]:
    old, new = frame_of(then, one.case.frame), frame_of(now, one.case.frame)
    if old is not None and new is not None and old.rate != new.rate:
        yield _("補助率が%(old)sから%(new)sになります。") % {"old": old.rate, "new": new.rate}
    cut_by = {step.rule for step in one.now.told.aid.trace} if one.now.told.aid else set()
    for rule, words in CUTS.items():
        if rule in cut_by:
            yield _("%(what)sによる額です。") % {"what": words}


def _of_officer(one: Outcome) -> str:
    if one.case.decided != "in":
        return _("当時は、計算では交付の対象でしたが、職員の判断で交付していません。")
    if one.then.result != "in":
        return _("当時は、計算では交付の対象でありませんでしたが、職員の判断で交付しました。")
    if one.then.amount != one.case.awarded:
        words = _("当時は、職員が計算より%(cut)s減らして決めました。")
        return words % {"cut": in_yen((one.then.amount or 0) - one.case.awarded)}
    return _("当時は、条件の一部を職員が個別に確かめて交付しました。")


@dataclass(frozen=True)
class NotAsked:
    """What the revision asks and `n` cases were not asked."""

    what: str
    names: list[tuple[str, int]]


def not_asked(pasts: Iterable[Past], now: Programme) -> list[NotAsked]:
    """Questions, documents and criteria that did not exist then; and conditions that no answer tells."""
    cases = [(application.stated, one) for past in pasts for application, one in past.rows]
    held = Counter(id(stated) for stated, _one in cases)
    programmes = {id(stated): stated for stated, _one in cases}
    found = []
    for words, name, label in (
        (_("質問"), "questions", "label"),
        (_("書類"), "documents", "name"),
        (_("審査の項目"), "criteria", "name"),
    ):
        known = {
            key: {row.key for row in getattr(stated, name)} for key, stated in programmes.items()
        }
        rows = [
            (
                _text(getattr(row, label)),
                sum(n for key, n in held.items() if row.key not in known[key]),
            )
            for row in getattr(now, name)
        ]
        found.append(NotAsked(words, [row for row in rows if row[1]]))
    untold = Counter(
        one.now.told.unsaid[name].what for _stated, one in cases for name in one.now.unsaid_of
    )
    found.append(NotAsked(_("条件の答え"), list(untold.items())))
    return [row for row in found if row.names]


def _text(words: Bilingual) -> str:
    return said(words)


def ordered(pasts: Iterable[Past]) -> list[tuple[Past, Application, Outcome]]:
    """What differs from what was decided, and what was decided otherwise than reckoned; the order of
    CHANGES.
    """
    place = {name: n for n, name in enumerate(CHANGES)}
    rows = [
        (past, application, one)
        for past in pasts
        for application, one in past.rows
        if one.change not in ("same", "open") or one.is_otherwise
    ]
    return sorted(rows, key=lambda row: place[row[2].change])
