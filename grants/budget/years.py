"""The year of money: when it may be promised, used and paid (会計年度独立の原則, 地方自治法 208条, 235条の5).

A promise (支出負担行為) is made from 1 April to 31 March, money leaves until 31 May.
"""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from portal import fiscal
from portal.days import dated, day_said

# kind of entry that carries money over → how many years after its own that money may be used
CARRIES = {"carry_over": 1, "accident": 1, "carry_again": 2}


def carried_longest(kinds: Iterable[str]) -> int:
    """By the kinds of entries of a case: how many years longer than its own its money may be used."""
    return max((CARRIES.get(kind, 0) for kind in kinds), default=0)


def settles_on(year: int) -> date:
    """出納閉鎖: the last day on which money of a fiscal year is paid."""
    return date(year + 1, 5, 31)


def is_closed(year: int, day: date) -> bool:
    """Are the accounts of a fiscal year closed on a day?"""
    return years_over(year, day) > 0


def years_over(year: int, day: date) -> int:
    """In whose accounts money of a fiscal year moves on a day: 0 in its own, 1 in those of the next."""
    newest_closed = day.year - 1 if day > settles_on(day.year - 1) else day.year - 2
    return max(newest_closed - year + 1, 0)


def open_year(day: date) -> int:
    """The fiscal year whose accounts are closed next."""
    return day.year - 1 if day <= settles_on(day.year - 1) else day.year


def promise_refusals(year: int, day: date) -> list[str]:
    """Why money of a fiscal year cannot be promised on a day; empty within the year."""
    first, last = date(year, 4, 1), fiscal.fiscal_year_end(year)
    if first <= day <= last:
        return []
    text = (
        _(
            "%(year)s年度の予算は、%(day)sまでしか決定に使えません。結果をお知らせして、新しい年度の公募をご案内ください。"
        )
        if day > last
        else _("%(year)s年度の予算は、%(day)sから決定に使えます。")
    )
    return [text % {"year": year, "day": day_said(last if day > last else first)}]


def more_refusals(year: int, day: date) -> list[str]:
    """Why it can no longer be proposed on a day that the money of a fiscal year is changed
    (地方自治法施行令 148条).
    """
    last = fiscal.fiscal_year_end(year)
    if day <= last:
        return []
    text = _("%(year)s年度の予算の増減と流用は、%(day)sまでに提案する必要があります。")
    return [text % {"year": year, "day": dated(last)}]


def carry_refusals(year: int, day: date) -> list[str]:
    """Why it cannot be proposed on a day that money is carried over out of a fiscal year."""
    first, last = date(year, 4, 1), fiscal.fiscal_year_end(year)
    if day > last:
        text = _("%(year)s年度からの繰越は、%(day)sまでに提案する必要があります。")
        return [text % {"year": year, "day": dated(last)}]
    if day < first:
        text = _("%(year)s年度からの繰越は、%(day)sから提案できます。")
        return [text % {"year": year, "day": dated(first)}]
    return []


def call_refusals(year: int, ends_on: date) -> list[str]:
    """Why the projects of a call of a fiscal year cannot run until a day: its money is of one year."""
    last = fiscal.fiscal_year_end(year)
    if ends_on <= last:
        return []
    text = _(
        "事業の終わりの日は、公募回の年度の終わり（%(day)s）までの日にしてください。越えるときは、先に、その日の年度に支払う債務負担行為を登録してください。"
    )
    return [text % {"day": day_said(last)}]


def latest_end(year: int) -> date:
    """The last day of a project whose money was carried over, and again by accident."""
    return fiscal.fiscal_year_end(year + 2)


def project_refusals(year: int, ends_on: date, *, carried: int) -> list[str]:
    """Why the project of an award cannot run until a day: past the year only with money that is
    carried over, and then as many years longer (`carried`: 0, 1 or 2).
    """
    last = fiscal.fiscal_year_end(year + carried)
    if ends_on <= last:
        return []
    text = {
        0: _(
            "事業の期間が年度の終わり（%(day)s）を越えます。先に、この案件の額を繰り越してください（予算のページで提案し、別の職員が確認します）。"
        ),
        1: _(
            "事業の期間は、繰り越した年度の終わり（%(day)s）までです。避けられない事故のため終わらないときは、繰越明許費で繰り越した額だけを、事故繰越しでもう一度繰り越せます。"
        ),
        2: _("事業の期間は、事故繰越しをした年度の終わり（%(day)s）までです。"),
    }[carried]
    return [text % {"day": day_said(last)}]
